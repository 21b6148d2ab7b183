/*
 * The user side of every system call: number in eax, arguments where the caller put them
 * (esp+4 up), int 64, result in eax. A result of -1 comes with an error number in edx.
 * Each stub has a second, hidden name __NAME for the library's own use, so that a program may
 * have a function `read` of its own and still call printf().
 */
#define T_SYSCALL 64

/* Calls that the C library wraps: their stub has only the hidden name. */
#define exec  exec_raw
#define exit  exit_raw
#define fstat fstat_raw
#define kill  kill_raw
#define sleep sleep_raw
#define wait  wait_raw

#define SYSCALL(number, name, ...)   STUB(number, name)
#define STUB(number, name)           \
    .globl name;                     \
    .globl __##name;                 \
    .hidden __##name;                \
    .type name, @function;           \
    name: __##name:                  \
        movl $number, %eax;          \
        int $T_SYSCALL;              \
        cmpl $-1, %eax;              \
        je failed;                   \
        ret;                         \
    .size name, . - name;

.text
#include "syscalls.def"

failed:
    movl %edx, errno
    ret

.section .note.GNU-stack, "", @progbits
