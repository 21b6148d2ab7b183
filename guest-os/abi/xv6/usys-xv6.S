/*
 * The user side of every system call: number in eax, arguments where the caller put them
 * (esp+4 up), int 64, result in eax.
 */
#include <syscall.h>
#include <traps.h>

/* exit() and wait() take no argument in this world; their full forms get other names. */
#define exit exit_status
#define wait wait_status

#define SYSCALL(number, name, ...) STUB(number, name)
#define STUB(number, name)         \
    .globl name;                   \
    .type name, @function;         \
    name:                          \
        movl $number, %eax;        \
        int $T_SYSCALL;            \
        ret;                       \
    .size name, . - name;

.text
#include "syscalls.def"

#undef exit
#undef wait

/* The kernel finds arguments above a return address: push a 0, and a word in its place. */
.globl exit
.type exit, @function
exit:
    pushl $0
    pushl $0
    movl $SYS_exit, %eax
    int $T_SYSCALL
.size exit, . - exit

.globl wait
.type wait, @function
wait:
    pushl $0
    pushl $0
    movl $SYS_wait, %eax
    int $T_SYSCALL
    addl $8, %esp
    ret
.size wait, . - wait

.section .note.GNU-stack, "", @progbits
