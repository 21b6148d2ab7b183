# The lab of the Linux path: where each block of docs/labs/linux.md goes.
edits='table number handler program'

edit_table() { behind arch/i386/kernel/entry.S '^	\.long ' 1; }
edit_number() { behind include/asm/unistd.h '^#define __NR_' 2; }
edit_handler() { behind kernel/sys.c '^#include' 3; }
edit_program() { { block 4 && block 5 && block 6; } >copy/user/foo.c; }

built() { # the program itself
    printf 'foo\nhalt\n' | "$trapscope" boot --turnstile copy/build --insn-limit 400000000 >out 2>&1
    grep -q 'The kernel stack size is 8192' out || { fail "booted: $(cat out)"; }
}

left_out() {
    case $1 in
    table) only table missing "$1"; seen 'number 283 reached linux_syscall(), the table ends before' ;;
    number) only number missing "$1" ;;
    handler) only handler missing "$1" ;;
    program) grep -q '^stub missing' <<<"$answer" && grep -q '^user test missing' <<<"$answer" || fail "program: $answer" ;;
    esac
}

change() { # FILE SED-PROGRAM, in a copy where all is done
    begin
    sed -i "$2" "copy/$1"
    check 1
}

wrong() {
    change user/foo.c '/^_syscall0/d'
    only stub missing 'no stub'
    change user/foo.c 's/^_syscall0.*/long foo(void) { return 8192; }/'
    grep -q '^stub wrong' <<<"$answer" || fail "a stub that does not trap: $answer"
    change include/asm/unistd.h 's/__NR_foo 283/__NR_foo 284/'
    only number wrong 'number 284'
    change arch/i386/kernel/entry.S 's/^	\.long sys_foo/	.long sys_ni_syscall\n&/'
    only table wrong 'one entry too far'
    seen 'sys_foo is entry 284'
    change arch/i386/kernel/entry.S 's/^	\.long sys_foo/	.long sys_getpid/'
    only table wrong 'another function'
    seen 'called sys_getpid()'
    change kernel/sys.c 's/return THREAD_SIZE/return THREAD_SIZE \/ 2/'
    only handler wrong 'half'
    change kernel/sys.c 's/return THREAD_SIZE/*(volatile int *)0 = 1; &/'
    grep -q '^handler wrong' <<<"$answer" || fail "a handler that crashes: $answer"
    change user/foo.c 's/stack_size = foo()/stack_size = 8192/'
    only 'user test' wrong 'a program that only prints'
}
