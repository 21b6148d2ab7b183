#!/bin/bash
# hostile.sh TRAPSCOPE KERNEL HERE: windows of any size, no display, wrong words: a picture, or one line.
set -u
trapscope=$(realpath "$1") kernel=$(realpath "$2") here=$(realpath "$3")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset DISPLAY WAYLAND_DISPLAY SDL_VIDEODRIVER
failed=0
fail() { echo "hostile: $*"; failed=1; }
gui() { timeout 60 "$trapscope" gui --kernel "$kernel" --profile "$here/film.profile" "$@" </dev/null; }

for size in 1280x1 1x720 1x1 40x30 300x200 3840x2160; do
    for pane in code registers stage trapframe stack memory walk processes frames steps devices console command; do
        echo "pane $pane"
        [ "$size" != 300x200 ] || echo "zoom
look in
picture $pane.ppm
zoom"
    done >lines
    gui -batch --size $size -ex syscall -ex "cycle 20" -x lines -ex keys -ex "look out" -ex "picture w.ppm" ||
        fail "$size: exit status $?"
    [ "$(head -c 15 w.ppm | sed -n 2p)" = "${size/x/ }" ] || fail "$size: the picture is $(sed -n 2p w.ppm | head -1)"
    rm -f w.ppm
done

# One line, and 125 for what the user got wrong. WORDS a pattern of it; OPTION...
refused() {
    local words=$1
    shift
    gui "$@" >said 2>err
    local status=$?
    [ $status -eq 125 ] || fail "$*: exit status $status"
    [ "$(wc -l <err)" -eq 1 ] && grep -q '^trapscope gui: ' err && grep -qE -- "$words" err || fail "$*: said: $(cat err)"
}
refused 'there is no display: a window needs X11 or Wayland; -batch with `picture FILE` needs none'
"$trapscope" debug -batch --kernel "$kernel" --profile "$here/film.profile" -ex gui </dev/null >said 2>err
status=$?
[ $status -eq 1 ] && [ "$(wc -l <err)" -eq 1 ] && grep -q 'there is no display: a window needs X11' err ||
    fail "gui in the debugger, without a display: exit status $status, said: $(cat err)"
refused 'the layout wants' --layout 'h(3 code'
refused 'the layout wants' --layout 'v(1nothing)'
refused 'the layout wants' --layout 't(t(code),code)'
refused 'the layout wants' --layout "$(printf 'h(1%.0s' $(seq 50))"
refused 'from 0.3 to 6' --scale 99
refused 'WIDTHxHEIGHT' --size 0x7
refused 'WIDTHxHEIGHT' --size 99999x9
gui -batch -ex "pane nothing" 2>err
[ $? -eq 1 ] && grep -q 'failed' err || fail "a line that fails: $(cat err)"
gui -batch -ex "picture /nowhere/f.png" 2>err
[ $? -eq 1 ] || fail "a picture that cannot be written"

# Without the font: one line with the remedy. An empty folder stands where the fonts are, for this program alone.
fonts=/usr/share/fonts
mkdir empty
bare() { unshare -rm sh -c 'mount --bind empty "$0" && exec "$@"' "$fonts" "$@" </dev/null; }
if ! bare true 2>/dev/null; then
    echo "hostile: no mount namespaces here: a missing font is not tested"
else
    remedy='the font DejaVu Sans Mono is not there: install fonts-dejavu-core'
    bare "$trapscope" gui -batch --kernel "$kernel" --profile "$here/film.profile" -ex "picture f.png" >said 2>err
    status=$?
    [ $status -eq 125 ] && [ "$(cat err)" = "trapscope gui: $remedy" ] ||
        fail "no font: exit status $status, said: $(cat err)"
    echo 'int main(void) { return 0; }' >end.c
    bare "$trapscope" show journey -o f.png end.c >said 2>err
    status=$?
    [ $status -ne 0 ] && [ "$(wc -l <err)" -eq 1 ] && grep -q "$remedy" err && [ ! -e f.png ] ||
        fail "no font for show: exit status $status, said: $(cat err)"
fi

# What the guest says does not grow without bound, and its bytes act on nothing.
gui -batch --insn-limit 3000000 -ex continue -ex "pane console" -ex "picture f.ppm" || fail "a flood: $?"
exit $failed
