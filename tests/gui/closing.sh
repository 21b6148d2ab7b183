#!/bin/bash
# closing.sh TRAPSCOPE KERNEL: a window that is closed while events come in, on a display that is slow to
# look at its clients, ends with status 0. A second connection to the display, as SDL 2.26's waiting opens one,
# may then speak of a window that is no more. It did so in about one of thirty rounds.
set -u
trapscope=$(realpath "$1") kernel=$(realpath "$2")
work=$(mktemp -d)
cd "$work" || exit 1
pids=()
finish() {
    kill -CONT "${pids[@]}" 2>/dev/null
    kill "${pids[@]}" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT
fail() { echo "closing: $*"; exit 1; }

mkfifo display
Xvfb -displayfd 9 -screen 0 640x480x24 -nolisten tcp -noreset 9>display 2>/dev/null &
server=$!
pids+=($server)
read -r number <display || fail "no display"
export DISPLAY=:$number
unset WAYLAND_DISPLAY SDL_VIDEODRIVER

for round in $(seq 12); do
    "$trapscope" gui --kernel "$kernel" >said 2>&1 &
    gui=$!
    pids+=($gui)
    for _ in $(seq 200); do
        window=$(xdotool search --onlyvisible --name '^Trapscope$' 2>/dev/null | head -1)
        [ -n "$window" ] && break
        sleep 0.05
    done
    [ -n "$window" ] || fail "no window: $(cat said)"
    xdotool windowfocus "$window"
    sleep 0.2
    kill -STOP $gui
    xdotool key ctrl+q
    for x in 101 102 103 104 105; do xdotool mousemove $x 100; done
    kill -STOP $server
    kill -CONT $gui
    sleep 0.2
    kill -CONT $server
    wait $gui || fail "round $round: exit status $?: $(cat said)"
    unset 'pids[1]'
done
