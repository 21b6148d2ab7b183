/*
 * From the number in v0 to a function, and from registers to its arguments.
 *
 * A program puts the call's number into v0 and executes syscall inside a stub that was called like
 * any C function; so the first four arguments are in a0 to a3, and further ones lie at sp+16. Back
 * goes a3 = 0 and the result in v0, or a3 = 1 and in v0 an error number (errno.h).
 */
#include "abi/os161/syscall.h"
#include "arch/mips/trapframe.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

enum { REGISTERS = 4 }; /* that carry arguments */

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
    return result == -1 ? myproc()->error : 0;
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
#include "syscalls.def"
#undef SYSCALL
    default:
        cprintf("pid %d %s: unknown system call %d\n", curproc->pid, curproc->name, callno);
        err = answer(error(ENOSYS), &retval);
        break;
    }

    tf->tf_v0 = (uint32_t)(err ? err : retval);
    tf->tf_a3 = err != 0;
}
