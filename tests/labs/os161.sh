# The lab of the OS/161 path: where each block of docs/labs/os161.md goes.
edits='case header include function listed program'

edit_case() { behind kern/arch/mips/syscall/syscall.c 'switch (callno)' 1; }
edit_header() { block 2 >copy/kern/include/kern/fork.h; }
edit_include() { behind kern/include/syscall.h '^#include' 3; }
edit_function() { block 4 >copy/kern/syscall/fork.c; }
edit_listed() { behind kern/conf/conf.kern '^file      syscall/' 5; }
edit_program() { block 6 >copy/user/forker.c; }

built() { # the program, and the shell, which needs fork() as well
    [ "$("$trapscope" run --machine mips --turnstile copy/build forker)" = $'I am the child\nthe child ended with 7' ] ||
        fail "run: $("$trapscope" run --machine mips --turnstile copy/build forker 2>&1)"
    printf 'forker\nhalt\n' | "$trapscope" boot --machine mips --turnstile copy/build --insn-limit 400000000 >out 2>&1
    grep -q 'the child ended with 7' out || { fail "booted: $(cat out)"; }
}

left_out() {
    case $1 in
    case) only case missing "$1"; seen 'number 0 reached syscall(), no case took it' ;;
    header) only header missing "$1" ;;
    include) only include missing "$1" ;;
    function) only function missing "$1" ;;
    listed) only conf.kern missing "$1" ;;
    program) only 'user test' missing "$1" ;;
    esac
}

change() { # FILE SED-PROGRAM, in a copy where all is done
    begin
    sed -i "$2" "copy/$1"
    check 1
}

wrong() {
    change kern/arch/mips/syscall/syscall.c 's/case SYS_fork:/case 99:/'
    only case wrong 'another number'
    change kern/arch/mips/syscall/syscall.c 's/answer(sys_fork()/answer(sys_getpid()/'
    only case missing 'another function'
    seen 'called sys_getpid()'
    change kern/include/kern/fork.h 's/int sys_fork(void)/void sys_fork(int)/'
    grep -q '^header wrong' <<<"$answer" || fail "another type: $answer"
    change kern/syscall/fork.c 's/return fork()/return 42/'
    only function wrong 'no child'
    change kern/syscall/fork.c 's/return fork()/fork(); return 42/'
    only function wrong 'another number than that of the child'
    change kern/conf/conf.kern 's|^file      syscall/fork.c|# &|'
    only conf.kern missing 'a remark'
    change user/forker.c 's/= fork()/= 5/'
    grep -q '^user test wrong' <<<"$answer" || fail "a program that does not fork: $answer"
}
