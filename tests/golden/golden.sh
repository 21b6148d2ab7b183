#!/bin/sh
# golden.sh TRAPSCOPE SESSION.gdb: does the session and compares what is said with SESSION.expected.
# With GOLDEN_UPDATE=1 the expected file is written instead.
set -u
trapscope=$(realpath "$1")
cd "$(dirname "$2")" || exit 1
session=$(basename "$2")
expected=${session%.gdb}.expected
# "# program: hello" on the first line; without one the machine is debugged from power-on.
program=$(sed -n '1s/^# program: //p' "$session")
# "# kernel: faults-1": a kernel of tests/guests instead.
kernel=$(sed -n '1s/^# kernel: //p' "$session")
if [ -n "$kernel" ]; then
    program="--kernel $(dirname "$trapscope")/tests/guests/$kernel.elf"
fi
# "# machine: mips" on the second line: not the PC. "# cpus: 2": that many processors.
machine=$(sed -n '2s/^# machine: //p' "$session")
cpus=$(sed -n '2s/^# cpus: //p' "$session")
said=$(mktemp)
trap 'rm -f "$said"' EXIT
# shellcheck disable=SC2086 # the words of a command line
NO_COLOR=1 timeout 100 "$trapscope" debug -batch ${machine:+--machine $machine} ${cpus:+--cpus $cpus} -x "$session" $program </dev/null >"$said" 2>&1
echo "exit status $?" >>"$said"
if [ "${GOLDEN_UPDATE:-}" = 1 ]; then
    cp "$said" "$expected"
    exit 0
fi
diff -u "$expected" "$said"
