/*
 * From the number in eax to a function, and from the words on the user stack to its arguments.
 *
 * A program puts the call's number into eax and executes int $T_SYSCALL inside a stub that was
 * called like any C function; so at the trap, esp points at the stub's return address and the
 * arguments lie above it. The result goes back in eax. When it is -1, edx says why (errno.h).
 */
#include "abi/xv6/syscall.h"
#include "abi/flexsc/flexsc_kernel.h"
#include "abi/linux/linux.h"
#include "arch/x86/traps.h"
#include "arch/x86/x86.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

enum {
#define SYSCALL(number, name, ...) SYS_##name = number,
#include "syscalls.def"
#undef SYSCALL
};

/* Each function takes its arguments by the arg... functions of kernel/syscall.h. */
int (*const syscalls[])(void) = {
#define SYSCALL(number, name, ...) [SYS_##name] = sys_##name,
#include "syscalls.def"
#undef SYSCALL
};

/* The n-th argument as a number; on the other paths, a register. 0; -1: the stack is wild. */
int argint(int n, int *value)
{
    switch (myproc()->tf->trapno) {
    case T_LINUX:
    case T_PAL: *value = (int)linux_argument(n); return 0;
    case T_FLEXSC: *value = (int)flexsc_argument(n); return 0;
    default: return copyin(value, myproc()->tf->esp + 4 + 4 * (uint32_t)n, sizeof *value);
    }
}

/* Called by trap(): do what the current process asks for. */
void syscall(void)
{
    struct proc *curproc = myproc();
    uint num = curproc->tf->eax;

    curproc->error = 0;
    if (num > 0 && num < NELEM(syscalls) && syscalls[num]) {
        curproc->tf->eax = (uint)syscalls[num]();
    } else {
        cprintf("pid %d %s: unknown system call %d\n", curproc->pid, curproc->name, (int)num);
        curproc->tf->eax = (uint)error(ENOSYS);
    }
    if (curproc->tf->eax == (uint)-1)
        curproc->tf->edx = (uint)curproc->error;
}
