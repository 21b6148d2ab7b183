/* Argument words that are addresses: checked against the program's memory before any use. */
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

static int arg_memory(int n, uint32_t *address, int size, bool write)
{
    int value;

    if (argint(n, &value) < 0)
        return -1;
    if (size < 0)
        return error(EINVAL);
    *address = (uint32_t)value;
    return vm_allows(myproc()->vm, *address, (uint32_t)size, write) ? 0 : error(EFAULT);
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

/* The n-th argument as a path. Returns its length or -1. */
int argpath(int n, char path[MAXPATH])
{
    int length = argstr(n, path, MAXPATH);

    return length < 0 && myproc()->error == E2BIG ? error(ENAMETOOLONG) : length;
}
