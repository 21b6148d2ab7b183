#!/bin/bash
# patience.sh TRAPSCOPE FLOOD HERE: commands that take long do not freeze the window: it says how far they are, and Esc, a
# command behind which one waits, and closing it end them, each somewhere well-defined.
set -u
trapscope=$(realpath "$1") flood=$(realpath "$2") here=$(realpath "$3")
work=$(mktemp -d)
pids=()
finish() {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT
fail() { echo "patience: $*"; exit 1; }
cd "$work" || exit 1

mkfifo display
Xvfb -displayfd 9 -screen 0 1280x720x24 -nolisten tcp -noreset 9>display 2>/dev/null &
pids+=($!)
read -r number <display || fail "no display"
export DISPLAY=:$number
unset WAYLAND_DISPLAY SDL_VIDEODRIVER

cat >spin.c <<'END'
volatile int done, count;
int main(void)
{
    for (int i = 0; i < 2000000000; i++)
        count++;
    done = 1;
    return 0;
}
END

# The lines that say what is done, and the rest of the window.
header() { xwd -root -silent | convert xwd:- -crop 1280x54+0+0 -depth 8 rgb:- | sha256sum; }
# PATTERN comes up in what the debugger says.
says() {
    for _ in $(seq 300); do
        grep -q "$1" said && return
        sleep 0.1
    done
    fail "$2: $(cat said)"
}
see() {
    window=
    for _ in $(seq 600); do
        window=$(xdotool search --onlyvisible --name '^Trapscope$' 2>/dev/null | head -1)
        [ -n "$window" ] && break
        sleep 0.1
    done
    [ -n "$window" ] || fail "no window: $(cat said)"
    xdotool windowfocus "$window" 2>/dev/null
    sleep 0.5
}
# The command that was set off is still being done, and the window lives: it says how far.
lives() {
    local first
    sleep 1
    first=$(header)
    for _ in $(seq 60); do
        sleep 0.5
        [ "$first" = "$(header)" ] || return
    done
    fail "$1: the window stands still"
}
rests() {
    local before
    for _ in $(seq 30); do
        before=$(header)
        sleep 1
        [ "$before" != "$(header)" ] || return
    done
    fail "Esc does not end $1"
}
# The window has been left; the terminal's debugger tells the tick of the next instruction.
tick() { sed -n 's/.*"command":"stepi".*"tick":\([0-9]*\).*/\1/p' said | tail -1; }
over() {
    xdotool key "$1"
    says '= 42' "$1 does not leave"
    : >said
    printf '%s\n' 'stepi --json' reverse-stepi >&8
    says '"tick"' "stepi"
}

mkfifo answers
exec 8<>answers
"$trapscope" debug -ex 'stepi 40000000' -ex 'watch done' -ex gui -ex 'print 6 * 7' spin.c \
    <answers >>said 2>&1 &
debugger=$!
pids+=($debugger)
see
xdotool key ctrl+shift+F5
lives 'reverse-continue'
# Two more that wait; Esc is for all of them.
xdotool key Prior Prior Escape
rests reverse-continue
over ctrl+q
began=$(tick)

again() {
    : >said
    printf '%s\n' gui 'print 6 * 7' >&8
    see
}
again
xdotool key alt+d
xdotool type --delay 20 'who *(int *)main'
xdotool key Return
lives 'who'
over ctrl+q
[ "$(tick)" = "$began" ] || fail "a search that was interrupted began behind tick $began and ended behind $(tick)"

again
xdotool key alt+d
xdotool type --delay 20 'goto 99999999999'
xdotool key Return
lives 'goto'
xdotool key Escape
rests goto
over ctrl+q
[ "$(tick)" -gt "$began" ] || fail "a journey that was interrupted is at $(tick), and began at $began"
printf 'quit\n' >&8
wait $debugger || fail "exit status $?: $(cat said)"

# A guest that says more than anybody can read can be watched, paused, looked back at, and left.
: >said
"$trapscope" debug --kernel "$flood" --profile "$here/film.profile" -ex gui -ex 'print 6 * 7' <answers >>said 2>&1 &
debugger=$!
pids+=($debugger)
see
xdotool key F5
lives 'a flood'
xdotool key Escape
rests 'a flood'
before=$(header)
xdotool key Prior
for _ in $(seq 60); do
    sleep 0.5
    [ "$before" = "$(header)" ] || break
done
[ "$before" != "$(header)" ] || fail "no way back to the call before, in a flood"
over ctrl+q
printf 'quit\n' >&8
wait $debugger || fail "exit status $?: $(cat said)"
