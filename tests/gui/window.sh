#!/bin/bash
# window.sh TRAPSCOPE KERNEL HERE: a real window on a display of its own, with a mouse and a keyboard:
# what the screen shows after each act must be window.frames, pixel by pixel; what is typed to the guest
# must reach it. With FRAMES_UPDATE=1 the hashes are written instead.
set -u
trapscope=$(realpath "$1") kernel=$(realpath "$2") here=$(realpath "$3")
for tool in Xvfb xdotool xwd convert openbox; do
    command -v $tool >/dev/null || { echo "window: $tool is not installed"; exit 1; }
done
work=$(mktemp -d)
pids=()
finish() {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT
fail() { echo "window: $*"; exit 1; }
cd "$work" || exit 1

mkfifo display
Xvfb -displayfd 9 -screen 0 1280x720x24 -nolisten tcp -noreset 9>display 2>/dev/null &
pids+=($!)
read -r number <display || fail "no display"
export DISPLAY=:$number
unset WAYLAND_DISPLAY SDL_VIDEODRIVER

begin() {
    "$trapscope" gui "$@" >said 2>&1 &
    gui=$!
    pids+=("$gui")
    see
}
see() {
    for _ in $(seq 100); do
        window=$(xdotool search --onlyvisible --name '^Trapscope$' 2>/dev/null | head -1)
        [ -n "$window" ] && break
        sleep 0.1
    done
    [ -n "$window" ] || fail "no window: $(cat said)"
    xdotool windowfocus "$window" 2>/dev/null
}
end() {
    xdotool key ctrl+q
    for _ in $(seq 100); do
        kill -0 "$gui" 2>/dev/null || break
        sleep 0.1
    done
    kill -0 "$gui" 2>/dev/null && fail "Ctrl+q does not leave"
    wait "$gui"
}
picture() { xwd -root -silent 2>/dev/null | convert xwd:- -depth 8 rgb:- | sha256sum | cut -d' ' -f1; }
# The screen, once it stands still.
shot() {
    local before='' now
    sleep 0.3
    for _ in $(seq 60); do
        sleep 0.3
        now=$(picture)
        [ "$now" = "$before" ] && break
        before=$now
    done
    echo "$now  $1" >>shots
    xwd -root -silent | convert xwd:- "$1.png"
}

begin --kernel "$kernel" --profile "$here/film.profile" -ex syscall -ex syscall \
    --layout 'h(37v(13code,11registers),69v(14steps,10t(console,command)))'
xdotool mousemove 1270 400
shot begin
for step in 1 2 3; do
    xdotool key Right
    shot step-$step
done
# In the pane of micro-steps, to the first.
xdotool mousemove 700 92 click 1
shot clicked-step
# Those that follow have happened, too: on to the third.
xdotool mousemove 700 140 click 1
shot clicked-forwards
xdotool mousemove 400 650 click 1
shot clicked
xdotool mousemove 300 650 mousedown 1
shot grabbed
xdotool mousemove 500 650
shot dragged
xdotool mousemove 700 655
shot dragged-on
xdotool mouseup 1
xdotool mousemove 1270 400 key alt+d
xdotool type --delay 40 'print current->pid'
xdotool key Return
shot typed
xdotool key Escape
xdotool key d
shot dark
xdotool key z
shot dark-zoomed
xdotool key z
shot dark-again
xdotool key d
xdotool windowsize "$window" 900 600
shot resized
# Full screen is what a window manager makes of it.
openbox 2>/dev/null &
pids+=($!)
sleep 1
xdotool windowactivate --sync "$window" 2>/dev/null
xdotool mousemove 600 30 click 1 key f
for _ in $(seq 20); do
    sleep 0.25
    xdotool getwindowgeometry "$window" | grep -q 1280x720 && break
done
xdotool getwindowgeometry "$window" | grep -q 1280x720 || fail "f is not full screen"
shot full-screen
xdotool key f
end || fail "exit status $?: $(cat said)"

# From the terminal's debugger: closing the window, either way, comes back to it, and its past is there.
debug() {
    "$trapscope" debug --kernel "$kernel" --profile "$here/film.profile" -ex syscall -ex syscall -ex gui \
        -ex 'print 40 + 2' <answers >said 2>&1 &
    gui=$!
    pids+=("$gui")
    see
    xdotool key Right Right Right
    sleep 1
}
over() {
    for _ in $(seq 100); do
        grep -q '= 42' said && break
        sleep 0.1
    done
    grep -q '= 42' said || fail "$1 does not come back to the debugger: $(cat said)"
    printf '%s\n' 'reverse-cycle 3' 'cycle 2' quit >&8
    wait "$gui" || fail "$1: exit status $?: $(cat said)"
    [ "$(grep -c '^read gate high ' said)" = 1 ] && ! grep -q '^read gate low ' said ||
        fail "$1: the debugger is not where the window was: $(cat said)"
}
mkfifo answers
exec 8<>answers
debug
xdotool key ctrl+q
over 'Ctrl+q'
debug
xdotool key alt+F4
over 'The window manager'

# Typed to the guest's shell: the record of the session has what came in.
begin --record record
xdotool key F5
sleep 4
xdotool mousemove 900 520 click 1
xdotool type --delay 40 'echo typed'
xdotool key Return
sleep 1.5
end || fail "exit status $? of the shell's session: $(cat said)"
typed=$(tail -n +2 record | od -An -v -tu4 -w16 | awk '$3 == 0 { printf "%c", $4 }')
[ "$typed" = "echo typed" ] || fail "the guest got: $typed"

if [ "${FRAMES_UPDATE:-}" = 1 ]; then
    cp shots "$here/window.frames"
    exit 0
fi
diff "$here/window.frames" shots && exit 0
mkdir -p "$OLDPWD/frames-differ"
cp ./*.png "$OLDPWD/frames-differ/"
fail "the screens above differ; they are in $OLDPWD/frames-differ"
