/*
 * The user side of every system call, as OS/161 does it: number in v0, arguments where C puts them
 * (a0 to a3, then sp+16 up), syscall. Back comes a3 = 0 and the result in v0 (of 64 bits: in v0 and v1),
 * or a3 = 1 and in v0 an error number, which goes into errno.
 * Each stub has a second, hidden name __NAME for the library's own use, so that a program may
 * have a function `read` of its own and still call printf().
 */

/* What the C library calls otherwise, and calls whose C function does more than trap. */
#define execv exec
#define sleep sleep_call

/* OS/161's calls that adapters.c makes Turnstile's of, and those that the C library has no use for. */
#define dup2      os161_dup2
#define fstat     os161_fstat
#define fsync     os161_fsync
#define kill      os161_kill
#define lseek     os161_lseek
#define lstat     os161_lstat
#define nanosleep os161_nanosleep
#define open      os161_open
#define remove    os161_remove
#define rename    os161_rename
#define rmdir     os161_rmdir
#define stat      os161_stat
#define waitpid   os161_waitpid

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
#include "os161-calls.def"

.type __syscall, @function
.ent __syscall
__syscall:
    syscall
    beqz $a3, 1f
    nop
    lui $v1, %hi(errno)
    sw $v0, %lo(errno)($v1)
    li $v1, -1
    li $v0, -1
1:  jr $ra
    nop
.end __syscall
.size __syscall, . - __syscall

.section .note.GNU-stack, "", @progbits
