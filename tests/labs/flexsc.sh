# The lab of the flexsc path: where each block of docs/labs/flexsc.md goes.
edits='number handler declaration case prototype wrapper program'

edit_number() { behind inc/syscall.h '^#define FLEX_ipc_recv' 1; }
edit_handler() { in_front kern/jos.c '^int sys_yield(void)' 2; }
edit_declaration() { behind kern/flexsc.h '^int sys_' 3; }
edit_case() { behind kern/syscall.c 'switch (syscallno)' 4; }
edit_prototype() { behind inc/lib.h '^int flex_ipc_recv' 5; }
edit_wrapper() { behind lib/flex_syscall.c '^}' 6; }
edit_program() { block 7 >copy/user/clock.c; }

built() { # by the page: not one trap of that number
    [ "$("$trapscope" run --turnstile copy/build clock)" = '10 tenths of a second' ] || fail run
    seen 'sys_time_msec() was begun 2 times for clock, 0 of them by a trap'
}

left_out() {
    case $1 in
    number) only number missing "$1" ;;
    handler) only handler missing "$1" ;;
    declaration) only declaration missing "$1" ;;
    case) only case missing "$1"; seen 'number 14 reached flexsc_syscall(), no case took it' ;;
    prototype) only prototype missing "$1" ;;
    wrapper) only wrapper missing "$1" ;;
    program) only 'user test' missing "$1" ;;
    esac
}

change() { # FILE SED-PROGRAM, in a copy where all is done
    begin
    sed -i "$2" "copy/$1"
    check 1
}

wrong() {
    change inc/syscall.h 's/FLEX_time_msec 14/FLEX_time_msec 15/'
    only number wrong 'number 15'
    change kern/syscall.c 's/return sys_time_msec()/return sys_getenvid()/'
    only case missing 'another function'
    seen 'called sys_getenvid()'
    change kern/jos.c 's/clock_uptime() \* (1000/clock_uptime() * (500/'
    only handler wrong 'a slow clock'
    change lib/flex_syscall.c 's/return flex_call(FLEX_time_msec, 0, 0)/return flex_trap(FLEX_time_msec, 0, 0)/'
    only wrapper wrong 'a wrapper that traps'
    change user/clock.c 's/flex_time_msec()/0/'
    only 'user test' wrong 'a program that does not ask'
}
