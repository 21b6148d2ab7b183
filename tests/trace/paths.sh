#!/usr/bin/env bash
# paths.sh TRAPSCOPE: `trapscope paths`: one program by every path.
#
# Expected: the program's own calls and results; the vectors and tables of the paths; five words pushed
# by an i486 on a gate to an inner ring, none by a MIPS; two traps where Linux has brk() for sbrk(); and
# phase by phase what `trapscope trace` says of the same program, which it finds out by itself.
set -u
trapscope=$1
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2
failed=0

fail() {
    echo "paths: $*"
    failed=1
}

cat >prog.c <<'END'
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int fds[2], status;
    char buffer[8];
    write(1, "one\n", 4);
    read(0, buffer, 5);
    sbrk(4096);
    pipe(fds);
    if (fork() == 0) {
        write(fds[1], "x", 1);
        _exit(9);
    }
    read(fds[0], buffer, 1);
    wait(&status);
    return 3 + (status != 9 << 8);
}
END

# row FILE LABEL WORDS...: a line of FILE has this label, and each path's words.
two=(--path xv6 --path linux)
row() {
    local file=$1 label=$2 pattern
    shift 2
    pattern="^  $label *$(printf '%s  *' "$@" | sed 's/  \*$//') *\$"
    grep -qE "$pattern" "$file" || fail "$file has no row $pattern: $(cat "$file")"
}

printf 'abcde' | "$trapscope" paths "${two[@]}" prog.c >all 2>err
status=$?
[ $status -eq 3 ] || fail "exit status $status, not the program's 3: $(cat err)"
[ -s err ] && fail "said: $(cat err)"
[ "$(awk 'length > 106' all)" = "" ] || fail "a line is longer than 106: $(awk 'length > 106' all)"
for call in write read sbrk pipe fork wait exit; do
    grep -q "^$call(" all || fail "no call $call: $(grep '^[a-z]' all)"
done
row all path xv6 linux
row all write '1 x, 1 trap, [0-9,]+' '1 x, 1 trap, [0-9,]+'
row all sbrk '1 x, 1 trap, [0-9,]+' '1 x, 2 traps, [0-9,]+'
row all read '2 x, 2 traps, [0-9,]+' '2 x, 2 traps, [0-9,]+'
row all 'without a trap' '0 of 8' '0 of 8'

printf 'abcde' | "$trapscope" paths "${two[@]}" --syscall write prog.c >write 2>err
[ "$(head -1 write)" = 'write(1, "one\n", 4) = 4' ] || fail "the child's calls are not the program's: $(cat write)"
grep -c '^write(' write | grep -qx 1 || fail "one write, not $(grep '^write(' write)"
row write trap 'int 64' 'int 128'
row write 'mode switches' 2 2
row write 'words saved' '5 CPU, [0-9]+ code' '5 CPU, [0-9]+ code'
row write 'chosen by a' table table
row write 'which is' 'syscalls\[16\]' 'sys_call_table\[4\]'
row write handler sys_write sys_write
row write hardware 107 107

# The same ticks as trace has them, which goes another way.
for path in xv6 linux; do
    printf 'abcde' | "$trapscope" paths --path $path --syscall write --format json prog.c >one 2>err
    printf 'abcde' | "$trapscope" trace --path $path --format json -o traced prog.c >out 2>err
    for phase in gate save trap dispatch handler restore return; do
        ticks=$(head -1 traced | grep -oE "\"phase\":\"$phase\"[^}]*\"ticks\":[0-9]+" | grep -oE '[0-9]+$')
        [ -n "$ticks" ] && grep -q "\"$phase\":$ticks[,}]" one || fail "$path: $phase is not $ticks: $(cat one)"
    done
done
printf 'abcde' | "$trapscope" paths "${two[@]}" --format json prog.c >json 2>err
printf 'abcde' | "$trapscope" paths "${two[@]}" --format json prog.c >again 2>err
cmp -s json again || fail "a second run says something else"
tail -1 json | grep -q '^{"totals":{"xv6":{"status":3,"calls":8,"traps":8,"mode_switches":15,' || fail "totals: $(tail -1 json)"
tail -1 json | grep -q '"linux":{"status":3,"calls":8,"traps":9,' || fail "totals: $(tail -1 json)"

# Calls that are left on a page: written by the program, found and done by the kernel, given back. How
# many there are follows from the program's calls: fork and exit trap, the child has a page of its own.
printf 'abcde' | "$trapscope" paths --path flexsc prog.c >page 2>err
uses=$(grep -cE '^  entry [0-9]+ +[0-9,]+  ALLOC [0-9,]+ SUBMITTED [0-9,]+ BUSY [0-9,]+ (FSC_BLOCKED [0-9,]+ BUSY [0-9,]+ )*DONE [0-9,]+ FREE$' page)
[ "$uses" = 6 ] || fail "6 calls by the page, not $uses: $(cat page err)"
printf 'abcde' | "$trapscope" paths --path flexsc --format json prog.c >json 2>err
tail -1 json | grep -q '"entry":0,"state":"SUBMITTED","by":"program"},{"tick":[0-9]*,"entry":0,"state":"BUSY","by":"kernel"}' ||
    fail "the page as JSON: $(tail -1 json)"

# A trap of the program's own code is a call as well; what comes after exec() is another program's. A call
# that has to wait is tried again and again.
cat >own.c <<'END'
#include <asm/unistd.h>
#include <unistd.h>
_syscall0(long, foo)
int main(void)
{
    foo();
    usleep(30000);
    return execl("/bin/echo", "echo", "x", (char *)0);
}
END
"$trapscope" paths "${two[@]}" own.c </dev/null >own 2>err
row own foo '1 x, 1 trap, [0-9,]+' '1 x, 1 trap, [0-9,]+'
row own exec '1 x, 1 trap' '1 x, 1 trap'
row own traps 3 3
"$trapscope" paths --path flexsc own.c </dev/null >own 2>err
grep -qE ' FSC_BLOCKED [0-9,]+ \(tried [0-9]+ times more\) BUSY ' own || fail "nothing was tried again: $(tail -3 own)"
[ "$(awk 'length > 140' own)" = "" ] || fail "a line is too long: $(awk 'length > 140' own)"

# By the library OS its function of the call, and the trap of the PAL.
printf 'abcde' | "$trapscope" paths --path libos --syscall write prog.c >libos 2>err
row libos 'in the library' shim_do_write
row libos trap 'int 49'

printf 'abcde' | "$trapscope" paths --machine mips --syscall write prog.c >mips 2>err
grep -q '^  path  *os161  *linux *$' mips && grep -q '^  trap  *exception 8  *exception 8 *$' mips || fail "MIPS: $(cat mips err)"
grep -q '^  words saved  *0 CPU, ' mips || fail "MIPS: $(cat mips)"

"$trapscope" paths --syscall none prog.c </dev/null >out 2>err
[ $? -eq 125 ] && grep -q -- '--syscall none' err || fail "a call that is not made is no trouble"
"$trapscope" paths --path xyz prog.c </dev/null >out 2>err
[ $? -eq 125 ] && grep -q 'the paths of this machine are: xv6, linux, libos, flexsc' err || fail "an unknown path: $(cat err)"
"$trapscope" paths cat </dev/null >out 2>err
[ $? -eq 125 ] && grep -q 'cat is none' err || fail "a program that is compiled: $(cat err)"
"$trapscope" paths --insn-limit 1000000 prog.c </dev/null >out 2>err
[ $? -eq 124 ] && [ ! -s out ] || fail "a limit: $(cat out err)"
exit $failed
