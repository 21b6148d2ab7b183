/*
 * The user side of every system call in xv6's world: number in v0, arguments where C puts them,
 * syscall; a3 = 0 and the result in v0, or a3 = 1, which is all such a program learns of an error.
 */
#include <syscall.h>

/* exit() and wait() take no argument in this world; their full forms get other names. */
#define exit exit_status
#define wait wait_status

#define SYSCALL(number, name, ...) STUB(number, name)
#define STUB(number, name)         \
    .globl name;                   \
    .type name, @function;         \
    .ent name;                     \
    name:                          \
        j __syscall;               \
        li $v0, number;            \
    .end name;                     \
    .size name, . - name;

.text
.set noreorder
#include "syscalls.def"

#undef exit
#undef wait

.globl exit
.type exit, @function
.ent exit
exit:
    move $a0, $zero
    j __syscall
    li $v0, SYS_exit
.end exit
.size exit, . - exit

.globl wait
.type wait, @function
.ent wait
wait:
    move $a0, $zero
    j __syscall
    li $v0, SYS_wait
.end wait
.size wait, . - wait

.type __syscall, @function
.ent __syscall
__syscall:
    syscall
    beqz $a3, 1f
    nop
    li $v0, -1
1:  jr $ra
    nop
.end __syscall
.size __syscall, . - __syscall

.section .note.GNU-stack, "", @progbits
