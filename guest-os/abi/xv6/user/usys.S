/*
 * The user side of every system call: number in eax, arguments where the caller put them
 * (esp+4 up), int 64, result in eax. A result of -1 comes with an error number in edx.
 * Each stub has a second, hidden name __NAME for the library's own use, so that a program may
 * have a function `read` of its own and still call printf().
 */
#define T_SYSCALL 64

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
    name: __##name:                \
        movl $number, %eax;        \
        int $T_SYSCALL;            \
        cmpl $-1, %eax;            \
        je failed;                 \
        ret;                       \
    .size name, . - name;

.text
#include "syscalls.def"

failed:
    movl %edx, errno
    ret

.section .note.GNU-stack, "", @progbits
