/*
 * From the number in v0 to a function, and from registers to its arguments.
 *
 * A program puts the call's number into v0 and executes syscall inside a stub that was called like
 * any C function; so the first four arguments are in a0 to a3, and further ones lie at sp+16. Back
 * goes a3 = 0 and the result in v0 (of 64 bits: in v0 and v1), or a3 = 1 and in v0 an error number
 * of OS/161.
 */
#include "abi/os161/syscall.h"
#include "arch/mips/trapframe.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

enum { REGISTERS = 4 }; /* that carry arguments */

enum {
#define SYSCALL(number, name, ...) SYS_##name = number,
#include "os161-calls.def"
#undef SYSCALL
};

/* What OS/161 calls otherwise than Turnstile, */
#define sys__exit sys_exit
#define sys_execv sys_exec
#define sys_lstat sys_stat /* there are no symbolic links */
/* and what is not the same as Turnstile's or Linux's call of that name. */
#define sys_open      sys_os161_open
#define sys_dup2      sys_os161_dup2
#define sys_lseek     sys_os161_lseek
#define sys_ftruncate sys_os161_ftruncate
#define sys_fstat     sys_os161_fstat
#define sys_waitpid   sys_os161_waitpid
#define sys_kill      sys_os161_kill
#define sys_nanosleep sys_os161_nanosleep

/* OS/161's number for each of the kernel's. */
static const uint8_t errors[] = {
#define ERRNO(name, number, mips, os161, text) [name] = (os161),
#include "kernel/errno.def"
#undef ERRNO
};

/* The n-th argument as a number. Returns 0; -1 if the stack pointer is wild. */
int argint(int n, int *value)
{
    const struct trapframe *tf = myproc()->tf;

    if (n >= REGISTERS)
        return copyin(value, tf->tf_sp + 4 * (uint32_t)n, sizeof *value);
    *value = (int)(&tf->tf_a0)[n];
    return 0;
}

/* What a function of the kernel answered: its result, or the error that it noted. */
static int answer(int result, int32_t *retval)
{
    *retval = result;
    return result == -1 ? errors[myproc()->error] : 0;
}

/* Called by mips_trap(): do what the current process asks for. */
void syscall(struct trapframe *tf)
{
    struct proc *curproc = myproc();
    int callno = (int)tf->tf_v0;
    int32_t retval = 0;
    int err;

    curproc->error = 0;
    tf->tf_epc += 4; /* the program goes on behind its syscall instruction */

    switch (callno) {
#define SYSCALL(number, name, ...)                                                                 \
    case SYS_##name:                                                                               \
        err = answer(sys_##name(), &retval);                                                       \
        break;
#include "os161-calls.def"
#undef SYSCALL
    default:
        cprintf("pid %d %s: unknown system call %d\n", curproc->pid, curproc->name, callno);
        err = answer(error(ENOSYS), &retval);
        break;
    }

    tf->tf_v0 = (uint32_t)(err ? err : retval);
    tf->tf_a3 = err != 0;
}
