#!/usr/bin/env bash
# vectors.sh: oracle_vectors reads files of the published form, says what differs, and what is no such
# file. The cases are worked out from the manual's words (Kane, app. A and ch. 6).
# usage: vectors.sh ORACLE_VECTORS
set -euo pipefail
oracle=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "vectors.sh: $*" >&2
    exit 1
}

byte() { printf '%b' "\\x$(printf %02x $(($1 & 255)))"; }

# word VALUE...: little-endian.
word() {
    local value
    for value in "$@"; do
        byte "$value"
        byte $((value >> 8))
        byte $((value >> 16))
        byte $((value >> 24))
    done
}

zeros() { head -c "$1" /dev/zero; }

none=0xffffffff

# state R1 R2 R3 PC EPC CAUSE BRANCH LOAD VALUE: all else is 0. BRANCH: the target of the branch whose
# slot this is, or 0.
state() {
    word 0 "$1" "$2" "$3"
    zeros $((4 * 30))
    word "$5" 0 "$6" "$4" "$7" $(($7 != 0)) $(($7 != 0)) "$8" "$9"
}

# vector NAME WORD PC: two states and `accesses` follow.
vector() {
    byte ${#1}
    printf %s "$1"
    zeros $((50 - ${#1}))
    word "$2" "$3"
}

# accesses WORD PC [VALUE KIND ADDRESS SIZE]: the fetch, and one of data.
accesses() {
    word $((1 + ($# > 2))) "$1" 0 4 "$2" 0 4
    [ $# -eq 2 ] || word "$3" 0 "$4" "$5" 0 "$6"
}

addiu() { # addiu $2, $1, 5, of which the sum is said to be this
    vector ADDIU 0x24220005 0x80001000
    state 7 0 0 0x80001000 0 0 0 $none 0
    state 7 "$1" 0 0x80001004 0 0 0 $none 0
    accesses 0x24220005 0x80001000
}

syscall_in_slot() {
    vector SYSCALL 0x0000000c 0x00400004
    state 0 0 0 0x00400004 0 0 0x00400100 $none 0
    state 0 0 0 0x80000080 0x00400000 0x80000020 0 $none 0
    accesses 0x0000000c 0x00400004
}

load() { # lh $2, 2($1), which arrives behind the next; a load of $3 was on its way
    vector LH 0x84220002 0x80001000
    state 0x00500000 1 0 0x80001000 0 0 0 3 9
    state 0x00500000 1 9 0x80001004 0 0 0 2 0xffff8001
    accesses 0x84220002 0x80001000 0x12348001 1 0x00500002 2
}

store() { # swl $2, 1($1): the two upper bytes, to the lower half of the word
    vector SWL 0xa8220001 0x80001000
    state 0x00500000 "$1" 0 0x80001000 0 0 0 $none 0
    state 0x00500000 "$1" 0 0x80001004 0 0 0 $none 0
    accesses 0xa8220001 0x80001000 0x1122 2 0x00500000 2
}

reserved_condition() {
    vector BCondZ 0x04240001 0x80001000
    state 0 0 0 0x80001000 0 0 0 $none 0
    state 0 0 0 0x80001004 0 0 0x80001008 $none 0
    accesses 0x04240001 0x80001000
}

expect() { # STATUS TEXT FILE
    local status=0
    "$oracle" "$3" >"$scratch/out" 2>&1 || status=$?
    if [ $status -ne "$1" ] || ! grep -qF -- "$2" "$scratch/out"; then
        cat "$scratch/out" >&2
        fail "$(basename "$3"): status $status; expected $1 and '$2'"
    fi
}

{
    word 5
    addiu 12
    syscall_in_slot
    load
    store 0x11223344
    reserved_condition
} >"$scratch/good"
{
    word 3
    addiu 12
    addiu 13
    store 0x11233344
} >"$scratch/wrong"
head -c 500 "$scratch/good" >"$scratch/short"
cat "$scratch/good" - >"$scratch/long" <<<""
expect 0 "4 vectors of the R3000 compared, 0 differ" "$scratch/good"
expect 0 "not compared: 1 BcondZ with a reserved code" "$scratch/good"
expect 1 "ADDIU: word 24220005 at 80001000: \$2: theirs 0000000d, ours 0000000c" "$scratch/wrong"
expect 1 "SWL: word a8220001 at 80001000: memory" "$scratch/wrong"
expect 1 "3 vectors of the R3000 compared, 2 differ" "$scratch/wrong"
expect 1 "not a vector, or cut short" "$scratch/short"
expect 1 "more bytes than vectors" "$scratch/long"
expect 1 "cannot be read" "$scratch/missing"
