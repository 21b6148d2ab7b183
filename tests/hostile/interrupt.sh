#!/bin/bash
# interrupt.sh TRAPSCOPE: Ctrl-C ends long commands of the debugger at once, and leaves it somewhere well-defined: a
# search of the past where it began, a journey where it has come to, a file of commands with the line that it is at.
set -u
trapscope=$(realpath "$1")
work=$(mktemp -d)
debugger=
trap '[ -z "$debugger" ] || kill -KILL $debugger 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
fail() { echo "interrupt: $*"; exit 1; }

cat >spin.c <<'END'
#include <unistd.h>
volatile int done, count;
int main(void)
{
    for (int i = 0; i < 2000000000; i++)
        count++;
    done = 1;
    return 0;
}
END
printf '%s\n' 'goto 99999999999' 'print 6 * 7' >lines

mkfifo answers
exec 8<>answers
"$trapscope" debug spin.c <answers >>said 2>err &
debugger=$!
# LINE, and Ctrl-C a moment later: the answer, PATTERN, is there long before LINE would be done.
interrupted() {
    : >said
    printf '%s\n' "$1" >&8
    sleep 1.5
    grep -q '^Interrupted' said && fail "$1: over before Ctrl-C: $(cat said)"
    kill -INT $debugger
    for _ in $(seq 200); do
        sleep 0.1
        grep -q "$2" said err && return
    done
    fail "$1: not interrupted: $(cat said err)"
}
position() {
    : >said
    printf '%s\n' 'stepi --json' 'reverse-stepi' >&8
    for _ in $(seq 200); do
        sleep 0.1
        [ "$(grep -c '^[567]\|=>' said)" -gt 0 ] && break
    done
    sed -n 's/.*"tick":\([0-9]*\).*/\1/p' said
}
for _ in $(seq 600); do
    grep -q '^main ()' said && break
    sleep 0.1
done
interrupted continue '^Interrupted at tick'
here=$(position)
printf 'watch done\n' >&8
interrupted 'reverse-continue' '^Interrupted at tick'
[ "$(position)" = "$here" ] || fail "reverse-continue: it began after tick $here, and came back to $(position)"
interrupted 'who *(int *)main' 'nterrupted'
[ "$(position)" = "$here" ] || fail "who: it began after tick $here, and came back to $(position)"
interrupted 'next 1000000' '^Interrupted at tick'
interrupted 'source lines' 'lines:1: Interrupted; the lines behind it were not done'
grep -q '= 42' said && fail "the file went on: $(cat said)"
there=$(position)
[ "$there" -gt "$here" ] || fail "goto: at tick $there, began at $here"
printf 'quit\n' >&8
wait $debugger
status=$?
[ $status -eq 1 ] || fail "exit status $status, where commands have failed"
