# The lab of the libos path: where each block of docs/labs/libos.md goes.
edits='interface table implementation header function symbols program'

edit_interface() {
    block 1 >text
    sed -i -e '/^SHIM_SYSCALL_RETURN_ENOSYS(sched_setaffinity/{N;r text
d}' copy/LibOS/shim/src/shim_syscalls.c
}
edit_table() { behind LibOS/shim/include/shim_table.h '^int shim_sched_setaffinity' 2; }
edit_implementation() { in_front LibOS/shim/src/sys/shim_sched.c '^int shim_do_sched_getaffinity' 3; }
edit_header() { behind Pal/include/pal/pal.h 'DkThreadDelayExecution' 4; }
edit_function() { behind Pal/src/thread.c '^}' 5; }
edit_symbols() { behind Pal/host/turnstile/pal-symbols '^DkThreadDelayExecution' 6; }
edit_program() { block 7 >copy/user/affinity.c; }

built() {
    [ "$("$trapscope" run --cpus 2 --turnstile copy/build copy/build/affinity)" = $'on processor 1\non processor 0' ] ||
        fail "run: $("$trapscope" run --cpus 2 --turnstile copy/build copy/build/affinity 2>&1)"
}

left_out() {
    case $1 in
    interface) only interface missing "$1" ;;
    table) only shim_table.h missing "$1" ;;
    implementation) only implementation missing "$1" ;;
    header) only pal.h missing "$1" ;;
    function) only 'PAL call' missing "$1" ;;
    symbols) only pal-symbols missing "$1" ;;
    program) only 'user test' missing "$1" ;;
    esac
}

change() { # FILE SED-PROGRAM, in a copy where all is done
    begin
    sed -i "$2" "copy/$1"
    check 1
}

wrong() {
    change LibOS/shim/src/shim_syscalls.c 's/3, shim_do_sched_setaffinity/3, shim_do_sched_getaffinity/'
    grep -q '^interface missing' <<<"$answer" || fail "another function: $answer"
    change LibOS/shim/src/sys/shim_sched.c 's/indexes\[n++\] = i/indexes[n++] = 0/'
    only implementation wrong 'always processor 0'
    change LibOS/shim/include/shim_table.h 's/shim_do_sched_setaffinity(int pid, size_t/shim_do_sched_setaffinity(int pid, char/'
    grep -q '^shim_table.h wrong' <<<"$answer" || fail "another type: $answer"
    change user/affinity.c 's/go_to(2)/go_to(1)/'
    only 'user test' wrong 'a program that stays'
}
