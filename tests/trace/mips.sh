#!/usr/bin/env bash
# mips.sh TRAPSCOPE: what `trace`, `compare` and `debug` say of a program on the MIPS machine.
#
# Expected: the arguments in the program's text and its results; ExcCode 8 and the one cycle of RFE
# (Kane, MIPS RISC Architecture, chapter 6), two slots lost by an exception that is found in RD; no
# word pushed by the processor; on x86 what trace.sh expects.
set -u
trapscope=$1
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2
failed=0

fail() {
    echo "mips: $*"
    failed=1
}

cat >prog.c <<'END'
#include <fcntl.h>
#include <unistd.h>
int main(void)
{
    char buffer[8];
    write(1, "one\n", 4);
    open("/no such file", O_RDONLY);
    read(0, buffer, 5);
    return 3;
}
END

# has FILE N TEXT: line N of FILE contains TEXT.
has() {
    sed -n "$2p" "$1" | grep -qF -- "$3" || fail "$1, line $2, has no $3: $(sed -n "$2p" "$1" | head -c 200)"
}

printf 'abcde' | "$trapscope" trace --machine mips --format json --steps -o calls prog.c >out 2>err
status=$?
[ $status -eq 3 ] || fail "exit status $status, not the program's 3: $(cat err)"
[ "$(cat out)" = one ] || fail "with -o the program's output is '$(cat out)'"
has calls 1 '"name":"write"'
has calls 1 '"value":"one\n"'
has calls 1 '"result":4'
has calls 1 '"vector":8'
has calls 1 '"phase":"exception"'
has calls 1 '"tf_a2":4'
has calls 1 '"step":"SYSCALL"'
has calls 1 '"step":"RFE_STATUS"'
has calls 2 '"error":"ENOENT"'
has calls 3 '"value":"abcde"'
for phase in user exception save trap dispatch handler restore return; do
    has calls 1 "\"phase\":\"$phase\""
done

printf 'abcde' | "$trapscope" compare --format json prog.c >both 2>err
status=$?
[ $status -eq 3 ] || fail "compare: exit status $status: $(cat err)"
has both 1 '"name":"write","nth":1,"x86":{"call":"write(1, \"one\\n\", 4) = 4"'
has both 1 '"phase":"gate"'
has both 1 '"hardware_ticks":107'
has both 1 '"words_by_cpu":5'
has both 1 '"mips":{"call":"write(1, \"one\\n\", 4) = 4"'
has both 1 '"hardware_ticks":3'
has both 1 '"words_by_cpu":0,"words_by_code":35'
has both 3 '"call":"read(0, \"abcde\", 5) = 5"'
"$trapscope" compare --syscall open prog.c </dev/null >text 2>err
has text 1 'open("/no such file", 0) = -1 ENOENT'
grep -q '^  gate / exception  *71  open  *2  __syscall *$' text || fail "compare says: $(cat text)"
"$trapscope" compare --syscall nothing prog.c </dev/null >text 2>err
[ $? -eq 125 ] || fail "a call that is not made is no trouble"
has err 1 '--syscall nothing'

# A failed call that others follow; how its number becomes a function; what the TLB has not.
"$trapscope" debug --machine mips -batch -ex 'break prog.c:8' -ex continue -ex why -ex 'dispatch open' \
    -ex 'syscall' -ex 'x/s buffer' -ex journey -ex 'reverse-stepi' prog.c >said 2>&1 </dev/null
grep -q '^open("/no such file", 0, 511) = -1 ENOENT: refused by the kernel' said || fail "why says: $(cat said)"
grep -q 'compare .*is not taken' said || fail "dispatch shows no comparison: $(cat said)"
grep -q 'table .*entry at' said || fail "dispatch shows no table: $(cat said)"
grep -q 'function   sys_os161_open' said || fail "dispatch shows no function: $(cat said)"
grep -q 'SYSCALL: code 0' said || fail "journey shows no check: $(cat said)"

# Into the kernel and out again: frames on both sides, the frame's words and who stored them.
"$trapscope" debug --machine mips -batch -ex 'syscall open' -ex 'break sys_os161_open' -ex continue -ex backtrace -ex trapframe \
    -ex finish -ex reverse-finish prog.c >said 2>&1 </dev/null
for words in '#0 .* sys_os161_open ()' '#[0-9]* .* mips_trap (tf=' '#[0-9]* .* common_exception ()' \
    '^--- trap from the program prog' '#[0-9]* .* __syscall ()' '#[0-9]* .* main () at prog.c:7' \
    '^last trap of pid 2: write(1, ' ' tf_v0 *0000002d *00000037  system call open *common_exception' ' cause *00000020  ExcCode 8 Sys'; do
    grep -q "$words" said || fail "no $words in: $(cat said)"
done

# A program without lines: `next` is over the call, not to the first line of anything that comes.
"$(dirname "$trapscope")"/trapscope-cc --machine mips -o bare prog.c && mips-linux-gnu-strip bare || fail "no program without lines"
"$trapscope" debug --machine mips -batch -ex 'syscall write' -ex next -ex next ./bare >said 2>&1 </dev/null
call=$(sed -n 's/^=> 0x\([0-9a-f]*\):.*syscall$/\1/p' said)
grep -q "^=> 0x$(printf %08x $((0x$call + 4))):" said || fail "next in a program without lines: $(cat said)"
exit $failed
