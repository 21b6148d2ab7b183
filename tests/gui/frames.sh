#!/bin/bash
# frames.sh TRAPSCOPE KERNEL PROFILE FRAMES.gui: does the lines of FRAMES.gui in a window that nobody sees;
# each line "frame NAME" is a picture of which every pixel counts: FRAMES.frames has its hash. Their
# kernel is film.S or film_mips.S, so that no compiler and no change of Turnstile moves anything.
# With FRAMES_UPDATE=1 the hashes are written instead. Pictures that differ stay in ./frames-differ.
set -u
trapscope=$(realpath "$1") kernel=$(realpath "$2") profile=$(realpath "$3") script=$(realpath "$4")
expected=${script%.gui}.frames
font=/usr/share/fonts/truetype/dejavu
fonts="0f5db4f1749979d961019838b160bec74abdf7f9eca69553fe1aa856bbff49a4  $font/DejaVuSansMono.ttf
2964f6dac8e6e9d71613928340f17bf868e9ea51692cca333c79e74962f02233  $font/DejaVuSansMono-Bold.ttf"
if ! sha256sum --check --quiet --status <<<"$fonts" 2>/dev/null; then
    echo "frames: the pictures were made with DejaVu Sans Mono 2.37 as fonts-dejavu-core 2.37-6 has it;"
    echo "frames: the font here is another one: pixels cannot be compared"
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
options=$(sed -n '1s/^# options: //p' "$script")
sed 's/^frame \(.*\)$/picture \1.ppm/' "$script" >lines
# shellcheck disable=SC2086 # the words of a command line
timeout 200 "$trapscope" gui -batch --kernel "$kernel" --profile "$profile" $options \
    -x lines </dev/null || { echo "frames: exit status $?"; exit 1; }
sha256sum -- *.ppm | sed 's/\.ppm$//' >said
[ -s said ] || { echo "frames: no picture was made"; exit 1; }
if [ "${FRAMES_UPDATE:-}" = 1 ]; then
    cp said "$expected"
    exit 0
fi
diff "$expected" said && exit 0
mkdir -p "$OLDPWD/frames-differ"
diff "$expected" said | sed -n 's/^> .*  //p' | while read -r name; do
    cp "$name.ppm" "$OLDPWD/frames-differ/"
done
echo "frames: the pictures above differ; they are in $OLDPWD/frames-differ. FRAMES_UPDATE=1 accepts them."
exit 1
