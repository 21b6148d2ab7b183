#!/bin/bash
# Boots the kernel smp with each number of processors, by several quanta, and compares what it says
# with what tests/guests/smp.S promises.
#
#     run.sh EMULATOR GUESTS N...
#
# EMULATOR is trapscope or qemu-system-i386.

emulator=$1
guests=$2
shift 2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT INT TERM
failures=0

promised() {
    printf 'processors %d\nsum %d\nping-pong %d\nnmi %d\nioapic 5 on %d\ntimer 5 on 0\n' \
        "$1" $(($1 * 10000)) $((($1 - 1) * 100)) $(($1 - 1)) $(($1 - 1))
}

# compare NAME N
compare() {
    promised "$2" | diff -u - "$work/said" && return
    echo "FAILED: $1"
    failures=$((failures + 1))
}

boot() {
    timeout 30 "$emulator" boot --kernel "$guests/smp.elf" "$@" >"$work/said" </dev/null
}

for n in "$@"; do
    case $emulator in
    *qemu-system-*)
        timeout 60 "$emulator" -smp "$n,sockets=$n" -display none -serial stdio \
            -kernel "$guests/smp.elf" >"$work/said" </dev/null
        compare "$n on QEMU" "$n"
        ;;
    *)
        for quantum in 1 7 1000 100000; do
            boot --cpus "$n" --quantum "$quantum" --record "$work/log"
            compare "$n, a quantum of $quantum" "$n"
            boot --cpus "$n" --quantum "$quantum" --replay "$work/log" || failures=$((failures + 1))
            compare "$n, a quantum of $quantum, replayed" "$n"
        done
        ;;
    esac
done
[ "$failures" = 0 ]
