/*
 * From the number in eax to a function, and from the words on the user stack to its arguments.
 *
 * A program puts the call's number into eax and executes int $T_SYSCALL inside a stub that was
 * called like any C function; so at the trap, esp points at the stub's return address and the
 * arguments lie above it. The result goes back in eax. When it is -1, edx says why (errno.h).
 */
#include "abi/xv6/syscall.h"
#include "arch/x86/x86.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"

/* Each function takes its arguments by the arg... functions below. */
int (*const syscalls[])(void) = {
#define SYSCALL(number, name, ...) [SYS_##name] = sys_##name,
#include "syscalls.def"
#undef SYSCALL
};

/* The n-th argument as a number. Returns 0; -1 if the stack pointer is wild. */
int argint(int n, int *value)
{
    return copyin(value, myproc()->tf->esp + 4 + 4 * (uint32_t)n, sizeof *value);
}

static int arg_memory(int n, uint32_t *address, int size, bool write)
{
    int value;

    if (argint(n, &value) < 0)
        return -1;
    if (size < 0)
        return error(EINVAL);
    *address = (uint32_t)value;
    return vm_allows(&myproc()->vm, *address, (uint32_t)size, write) ? 0 : error(EFAULT);
}

/*
 * The n-th argument as the address of `size` bytes that the program can read. Returns 0; -1 if
 * not all of them are its own. The bytes are to be fetched with copyin().
 */
int argptr(int n, uint32_t *address, int size)
{
    return arg_memory(n, address, size, false);
}

/* The same for bytes that the program can write: they are to be set with copyout(). */
int argout(int n, uint32_t *address, int size)
{
    return arg_memory(n, address, size, true);
}

/* The n-th argument as a string, copied into `size` bytes. Returns its length or -1. */
int argstr(int n, char *dst, int size)
{
    int address;

    if (argint(n, &address) < 0)
        return -1;
    return copyin_string(dst, (uint32_t)address, (uint32_t)size);
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
