# The lab of the xv6 path: where each block of docs/labs/xv6.md goes.
edits='counter handler counting number declaration table prototype stub program listed'

edit_counter() { behind sysfile.c '^#include' 1; }
edit_handler() { in_front sysfile.c '^int sys_read(void)' 2; }
edit_counting() { in_front sysfile.c 'argout(1, &p, n)' 3; }
edit_number() { behind syscall.h '#define SYS_close' 4; }
edit_declaration() { behind syscall.c '^extern int sys_close' 5; }
edit_table() { behind syscall.c '\[SYS_close\]' 6; }
edit_prototype() { behind user/user.h '^int close' 7; }
edit_stub() { behind user/usys.S '^SYSCALL(close)' 8; }
edit_program() { block 9 >copy/user/test_1.c; }
edit_listed() { behind Makefile '_zombie' 10; }

built() { # `ls` and the program itself
    printf 'ls\ntest_1\nhalt\n' | "$trapscope" boot --turnstile copy/build --insn-limit 400000000 >out 2>&1
    grep -q 'XV6_TEST_OUTPUT 0 1 1000' out || { fail "booted: $(cat out)"; }
    [ "$("$trapscope" run --turnstile copy/build test_1)" = 'XV6_TEST_OUTPUT 0 1 1000' ] || fail run
    "$trapscope" debug --turnstile copy/build -batch -ex 'syscall getreadcount' -ex next -ex journey copy/build/test_1 >out 2>&1
    grep -q 'handler .*sys_getreadcount (sysfile.c:' out || fail "journey: $(cat out)"
}

left_out() {
    case $1 in
    counter) only handler wrong "$1"; seen "sysfile.c:" ;;
    handler) only handler missing "$1"; seen 'the table entry is empty' ;;
    counting) only handler wrong "$1"; seen 'answers wrongly' ;;
    number) only number missing "$1"; seen 'number 22 reached syscall()' ;;
    declaration) only declaration missing "$1" ;;
    table) only table missing "$1"; seen 'number 22 reached syscall(), the table entry is empty' ;;
    prototype) only prototype missing "$1" ;;
    stub) only stub missing "$1" ;;
    program) only 'user test' missing "$1"; seen 'there is no program test_1.c' ;;
    listed) only 'user test' missing "$1"; seen '"file":"Makefile"' ;;
    esac
}

# change FILE SED-PROGRAM, in a copy where all is done
change() {
    begin
    sed -i "$2" "copy/$1"
    check 1
}

wrong() {
    change syscall.h 's/SYS_getreadcount 22/SYS_getreadcount 24/'
    only number wrong 'number 24'
    seen 'SYS_getreadcount is 24, and has to be 22'
    change syscall.c 's/\[SYS_getreadcount\] = sys_getreadcount/[SYS_getreadcount] = sys_uptime/'
    only table wrong 'another function'
    seen 'syscalls[22] is sys_uptime'
    change syscall.c 's/\[SYS_getreadcount\] = /[25] = /'
    only table wrong 'another entry'
    change syscall.c 's/^extern int sys_getreadcount(void)/extern char *sys_getreadcount(int)/'
    only declaration wrong 'another type'
    change sysfile.c 's/^    count = readcount;/    count = 2 * readcount;/'
    only handler wrong 'twice as much'
    change user/user.h 's/^int getreadcount(void)/int getreadcount(int)/'
    grep -q '^prototype wrong' <<<"$answer" || fail "prototype: $answer"
    change user/usys.S 's/^SYSCALL(getreadcount)/.globl getreadcount\ngetreadcount: movl $9, %eax\n int $64\n ret/'
    grep -q '^stub wrong' <<<"$answer" || fail "stub: $answer"
    change user/usys.S 's/^SYSCALL(getreadcount)//; s/^SYSCALL(uptime)/& SYSCALL (getreadcount)/'
    grep -q '^stub wrong' <<<"$answer" || fail "stub on a line of another: $answer"
    change user/test_1.c 's/getreadcount()/0/'
    only 'user test' wrong 'a program that does not call'
    # Comments and blanks are no code.
    change syscall.c 's|^    \[SYS_getreadcount\].*|    /* & */|'
    only table missing 'a table entry in a comment'
    change Makefile 's/^ _test_1/# _test_1/'
    grep -q '^user test missing' <<<"$answer" || fail "a listed program in a comment: $answer"
    # A file that does not compile: said with its line, and the rest is judged.
    change sysfile.c 's/^    count = readcount;/    count = readcount/'
    only handler wrong 'a syntax error'
    seen 'sysfile.c:'
}
