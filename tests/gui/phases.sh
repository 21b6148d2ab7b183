#!/usr/bin/env bash
# phases.sh TRAPSCOPE KERNEL PROFILE [OPTION...]: standing on the first instruction of a phase of a system call,
# where nothing behind it is known yet, the story tells of this phase, not of the one before.
set -u
trapscope=$(realpath "$1") kernel=$(realpath "$2") profile=$(realpath "$3")
shift 3
failed=0

# at NUMBER FUNCTION PHASE: the NUMBERth phase behind the trap begins with FUNCTION.
at() {
    local said phases=()
    for _ in $(seq "$1"); do phases+=(-ex phase); done
    said=$(NO_COLOR=1 timeout 60 "$trapscope" debug -batch --kernel "$kernel" --profile "$profile" "${@:4}" \
        -ex syscall "${phases[@]}" -ex journey </dev/null 2>&1)
    grep -q "^ $3 .* $2 " <<<"$said" && return
    echo "phases: at $2 there is no line of the phase $3:"
    echo "$said"
    failed=1
}

at 2 trap trap "$@"
at 3 syscall dispatch "$@"
at 4 sys_write handler "$@"
exit $failed
