#!/bin/bash
# Turnstile on several processors, by several quanta: its tests pass, a lock that is taken out is
# missed, and what was recorded happens again.
#
#     turnstile.sh TRAPSCOPE MACHINE GUEST_OS GROUP
#
# GUEST_OS is the folder with the kernels and images; MACHINE is x86 or mips.

trapscope=$1
machine=$2
guest=$3/$2
group=$4
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT INT TERM
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# passes "LAST LINE" OPTIONS... PROGRAM
passes() {
    local last=$1
    shift
    timeout 300 "$trapscope" run --machine "$machine" --insn-limit 30000000000 "$@" \
        >"$work/said" 2>&1 </dev/null || fail "$* ends with status $?: $(tail -n 3 "$work/said")"
    tail -n 1 "$work/said" | grep -q "$last" || fail "$* says: $(tail -n 3 "$work/said")"
}

usertests() {
    passes ' 0 failed$' --cpus 2 usertests
    passes ' 0 failed$' --cpus 4 --quantum 137 usertests
    for n in 2 4; do
        for quantum in 23 1000; do
            passes '^forktest: ok' --cpus "$n" --quantum "$quantum" forktest
            passes '^stressfs: ok' --cpus "$n" --quantum "$quantum" stressfs
        done
    done
    passes '^0 failed' --cpus 2 linuxtests
    passes '^0 failed' --cpus 4 --quantum 37 linuxtests
    passes '^reentry: ok' --cpus 1 reentry
    passes '^reentry: ok' --cpus 3 reentry
}

# The kernel in which the locks of one file lock nothing, on a disk or with a module. One run that
# goes wrong is enough; one that only takes too long says nothing.
without_lock() {
    local file=$1
    shift
    for quantum in 97 7 1000; do
        for n in 2 4; do
            printf 'racetests\nhalt\n' | timeout 60 "$trapscope" boot --machine "$machine" \
                --cpus "$n" --quantum "$quantum" --kernel "$guest/unlocked/$file.elf" \
                --timeout 20 "$@" >"$work/said" 2>&1
            grep -aE '^panic|FAIL |: killed' "$work/said" >"$work/wrong" || continue
            echo "without the locks of $file.c, $n processors: $(head -n 1 "$work/wrong")"
            return
        done
    done
    fail "nobody notices that the locks of $file.c are gone"
}

races() {
    for n in 1 2 4; do
        for quantum in 7 1000; do
            passes '^racetests: ok' --cpus "$n" --quantum "$quantum" racetests
        done
    done
    local disk=(--initrd "$guest/fs.img")
    if [ "$machine" = mips ]; then
        { printf 'System/161 Disk Image' && head -c 491 /dev/zero && cat "$guest/fs.img"; } >"$work/disk"
        disk=(--disk "$work/disk" --snapshot)
    fi
    for file in pipe inode page; do
        without_lock "$file" "${disk[@]}"
    done
}

replay() {
    passes '^racetests: ok' --cpus 2 --record "$work/log" racetests
    cp "$work/said" "$work/first"
    passes '^racetests: ok' --cpus 2 --replay "$work/log" racetests
    cmp "$work/first" "$work/said" || fail "a replay says something else"
}

case $group in
usertests | races | replay) $group ;;
*) fail "there is no group $group" ;;
esac
[ "$failures" = 0 ]
