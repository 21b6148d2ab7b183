/*
 * Turnstile's calls on the flexsc path: number in eax, arguments where the caller put them; flex_stub() does
 * the rest. Each stub has a second, hidden name __NAME for the library's own use, so that a program may
 * have a function `read` of its own and still call printf().
 */
#include <flexsc.h>

/* Calls whose C function does more than the call: their stub has another name. */
#define exit  _exit
#define fstat fstat_call
#define kill  kill_call
#define sleep sleep_call
#define wait  wait_call

/* A row's parameters stand behind number, name, type and summary. */
#define SYSCALL(number, name, type, ...)       STUB(number, name, PARAMETERS(__VA_ARGS__))
#define PARAMETERS(...)                        PARAMETERS_(__VA_ARGS__, 5, 4, 3, 2, 1, 0)
#define PARAMETERS_(summary, a, b, c, d, e, n, ...) n
#define STUB(number, name, num_args)           \
    .globl name;                               \
    .globl __##name;                           \
    .hidden __##name;                          \
    .type name, @function;                     \
    name: __##name:                            \
        movl $(FLEX_TURNSTILE + number), %eax; \
        movl $num_args, %ecx;                  \
        jmp enter;                             \
    .size name, . - name;

.text
#include "syscalls.def"

enter:
    leal 4(%esp), %edx
    pushl %edx
    pushl %ecx
    pushl %eax
    call flex_stub
    addl $12, %esp
    ret

.section .note.GNU-stack, "", @progbits
