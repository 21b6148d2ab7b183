#!/bin/sh
# golden.sh TRAPSCOPE SESSION.gdb: does the session and compares what is said with SESSION.expected.
# With GOLDEN_UPDATE=1 the expected file is written instead.
set -u
trapscope=$1
session=$2
expected=${session%.gdb}.expected
# "# program: hello" on the first line; without one the machine is debugged from power-on.
program=$(sed -n '1s/^# program: //p' "$session")
case $program in
*.c) program=$(dirname "$session")/$program ;;
esac
said=$(mktemp)
trap 'rm -f "$said"' EXIT
# shellcheck disable=SC2086 # the words of a command line
NO_COLOR=1 timeout 100 "$trapscope" debug -batch -x "$session" $program </dev/null >"$said" 2>&1
echo "exit status $?" >>"$said"
if [ "${GOLDEN_UPDATE:-}" = 1 ]; then
    cp "$said" "$expected"
    exit 0
fi
diff -u "$expected" "$said"
