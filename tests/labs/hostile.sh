#!/usr/bin/env bash
# hostile.sh TRAPSCOPE ROOT: submissions to `lab check` by somebody who wants to read the grader's files, stop the
# grader, or be graded better than is due. Each is told in words; none gets what it wants, and none takes long.
set -u
trapscope=$1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
failures=0
secret=xyzzy$$secret
echo "$secret" >"$work/secret"
echo "char stolen[] = \"$secret\";" >"$work/secret.c"

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# begin: a copy with all that the lab asks for.
"$trapscope" lab start xv6 solved >/dev/null || exit 2
lab=xv6 sheet=$2/docs/labs/xv6.md
block() { awk -v wanted="$1" '/^```c$/ { n++; inside = 1; next } /^```$/ { inside = 0 } inside && n == wanted' "$sheet"; }
put() { block "$3" >text && sed -i "$(($(grep -n -- "$2" "solved/$1" | tail -1 | cut -d: -f1) - ${4:-0}))r text" "solved/$1"; }
put sysfile.c '^#include' 1
put sysfile.c '^int sys_read(void)' 2 1
put sysfile.c 'argout(1, &p, n)' 3 1
put syscall.h '#define SYS_close' 4
put syscall.c '^extern int sys_close' 5
put syscall.c '\[SYS_close\]' 6
put user/user.h '^int close' 7
put user/usys.S '^SYSCALL(close)' 8
block 9 >solved/user/test_1.c
put Makefile '_zombie' 10

begin() {
    rm -rf copy
    cp -r solved copy
}

# check NAME STATUS: ends so, within a minute of processor time, and tells nobody the secret.
check() {
    (ulimit -t 400; exec timeout 580 "$trapscope" lab check copy --json) >json 2>err
    local status=$?
    [ $status = "$2" ] || { fail "$1: status $status, not $2"; cat json err; }
    ! grep -q "$secret" json err || fail "$1: the secret is out"
    ! grep -rq "$secret" copy/build 2>/dev/null || fail "$1: the secret is in what was built"
}

says() {
    grep -qF -- "$2" json err || { fail "$1: nothing says: $2"; cat json err; }
}

begin
check 'the solved copy' 0

# --- files that are none
begin && rm copy/sysfile.c && ln -s "$work/secret.c" copy/sysfile.c
check 'a symbolic link' 1 && says link 'sysfile.c is a symbolic link'
begin && rm -r copy/user && ln -s "$work" copy/user
check 'a linked folder' 1 && says folder 'user is a symbolic link'
begin && mkfifo copy/user/pipe.c && mkfifo copy/kernel/x.h
check 'pipes' 0 && says pipes 'user/pipe.c is a pipe'
begin && rm copy/Makefile && mkfifo copy/Makefile
check 'a pipe for the list' 1
begin && truncate -s 9G copy/kernel/huge.c
check 'a huge file' 0 && says huge 'kernel/huge.c is too large'
begin && mkdir -p copy/a/b/c/d/e/f/g/h/i/j && touch copy/a/b/c/d/e/f/g/h/i/j/x.c
check 'a deep folder' 0 && says deep 'is too deep'
begin && touch "copy/kernel/"$'\033[31m;\n$(id)'.h
check 'a name of control bytes' 0
begin && sed -i 's/^int sys_getreadcount/int sys_other/' copy/sysfile.c && sed 's/sys_other/sys_getreadcount/' copy/sysfile.c \
    >"copy/kernel/"$'\033[31mred.c' && rm copy/sysfile.c
"$trapscope" lab check copy >text 2>&1
! grep -q $'\033' text || fail "a name acts on the terminal: $(cat -v text)"
begin && rm copy/LAB && mkfifo copy/LAB
check 'a pipe for the name' 125
begin && printf '../../../etc\n' >copy/LAB
check 'a name with dots' 125 && says name 'there is no lab'

"$trapscope" lab check nowhere >json 2>err
[ $? = 125 ] && grep -q 'nowhere: No such file' err || fail "a folder that is not there: $(cat err)"

# --- files of the grader's
begin && echo "#include \"$work/secret.c\"" >>copy/sysfile.c
check 'an include by its whole name' 1
begin && echo '#include "../../../../../../../../../../../../etc/shadow"' >>copy/user/test_1.c
check 'an include by dots' 1
begin && echo "__asm__(\".section .data; .incbin \\\"$work/secret\\\"\");" >>copy/sysfile.c
check 'incbin in C' 1
begin && printf '.macro x a b\n.\\a\\b "%s"\n.endm\nx inc bin\n' "$work/secret" >>copy/user/usys.S
check 'incbin by pieces' 1
begin && printf '.include "%s"\n' "$work/secret" >>copy/user/usys.S
check 'include in assembly' 1
begin && printf '#include "/proc/self/environ"\n' >>copy/syscall.h
check 'the environment' 1
begin && printf 'UPROGS=$(shell touch %s/pwned)\nx:=$(shell touch %s/pwned)\n' "$work" "$work" >>copy/Makefile
check 'a makefile that acts' 0
[ ! -e pwned ] || fail 'the makefile was run'

# --- a compiler that has no end
begin && { echo '#define A0 1,1,1,1,1,1,1,1,1,1'; for i in $(seq 1 12); do
    p=A$((i - 1)); echo "#define A$i $p,$p,$p,$p,$p,$p,$p,$p,$p,$p"; done; echo 'int bomb[] = {A12};'; } >>copy/sysproc.c
check 'a bomb of macros' 1 && says bomb 'sysproc.c: '
begin && echo '#include "sysproc.c"' >>copy/sysproc.c
check 'a file that includes itself' 1
begin && echo 'char large[1 << 30] = {1};' >>copy/sysproc.c
check 'a large object' 1
begin && printf '.rept 1000000000\n.long 0\n.endr\n' >>copy/user/usys.S
check 'a large assembly' 1

# --- a guest that lies
begin && sed -i 's/getreadcount()/0/; s/printf(1, .*/printf(1, "XV6_TEST_OUTPUT 0 1 1000\\nall done\\n");/' copy/user/test_1.c
check 'a test that only prints' 1 && says prints 'does not call getreadcount() 4 times'
begin && sed -i 's/^    count = readcount;/    count = 7;/' copy/sysfile.c &&
    sed -i 's/printf(1, .*/printf(1, "XV6_TEST_OUTPUT 0 1 1000\\n");/' copy/user/test_1.c
check 'a handler that answers nothing' 1 && says nothing 'answers wrongly'

# --- a guest that stops the grader
begin && sed -i 's/^    count = readcount;/    for (;;) count = readcount;/' copy/sysfile.c
check 'a handler without end' 1 && says endless 'million instructions'
begin && sed -i 's/^    count = readcount;/    panic("so there");/' copy/sysfile.c
check 'a panic' 1
begin && sed -i 's/^    count = readcount;/    for (;;) cprintf("all done\\n");/' copy/sysfile.c
check 'a kernel that prints for ever' 1
begin && sed -i 's/^    count = readcount;/    __asm__ volatile("outl %0, $0xf4" : : "a"(0)); count = 0;/' copy/sysfile.c
check 'the power switch' 1
begin && sed -i 's/^    count = readcount;/    __asm__ volatile("cli; 1: hlt; jmp 1b"); count = 0;/' copy/sysfile.c
check 'a machine that is halted' 1
begin && sed -i '/^void kernel_main\|^noreturn void kernel_main\|kernel_main(/,$ s/^{$/{ for (;;) ;/' copy/kernel/main.c
check 'a kernel that does not start' 1 && says start 'did not come to its first program'

# --- what is written goes nowhere else
begin && mkdir outside && ln -s "$work/outside" copy/build
"$trapscope" lab check copy >text 2>&1
[ -z "$(ls outside)" ] || fail 'it wrote through a link'
grep -q 'not kept' text || fail "nothing says that it was not kept"
begin && mkdir copy/build && ln -s "$work/outside/x" copy/build/turnstile.elf
"$trapscope" lab check copy >text 2>&1
[ -z "$(ls outside)" ] || fail 'it wrote through a link of a file'
[ -z "$(ls -d "${TMPDIR:-/tmp}"/trapscope-lab-* 2>/dev/null)" ] || echo "note: folders are left (of other tests, perhaps)"

[ $failures = 0 ] || exit 1
