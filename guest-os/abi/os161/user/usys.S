/*
 * The user side of every system call, as OS/161 does it: number in v0, arguments where C puts them
 * (a0 to a3, then sp+16 up), syscall. Back comes a3 = 0 and the result in v0, or a3 = 1 and in v0 an
 * error number, which goes into errno.
 * Each stub has a second, hidden name __NAME for the library's own use, so that a program may
 * have a function `read` of its own and still call printf().
 */

/* Calls whose C function does more than trap: their stub has another name. */
#define exit  _exit
#define fstat fstat_call
#define kill  kill_call
#define sleep sleep_call
#define wait  wait_call

#define SYSCALL(number, name, ...) STUB(number, name)
#define STUB(number, name)         \
    .globl name;                   \
    .globl __##name;               \
    .hidden __##name;              \
    .type name, @function;         \
    .ent name;                     \
    name: __##name:                \
        j __syscall;               \
        li $v0, number;            \
    .end name;                     \
    .size name, . - name;

.text
.set noreorder
#include "syscalls.def"

.type __syscall, @function
.ent __syscall
__syscall:
    syscall
    beqz $a3, 1f
    nop
    lui $v1, %hi(errno)
    sw $v0, %lo(errno)($v1)
    li $v0, -1
1:  jr $ra
    nop
.end __syscall
.size __syscall, . - __syscall

.section .note.GNU-stack, "", @progbits
