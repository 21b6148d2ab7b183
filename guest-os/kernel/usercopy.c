/*
 * Moving bytes between the kernel and the current process's memory.
 *
 * Every user address passes through here or through vm_allows(): the page table of the process
 * decides, page by page, so a wild pointer costs the caller an error and nobody anything else.
 */
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"

/* How many of n bytes lie in the page of va. */
static uint32_t in_page(uint32_t va, uint32_t n)
{
    uint32_t left = PAGE_SIZE - va % PAGE_SIZE;

    return n < left ? n : left;
}

/* Read n bytes of the program's memory. Returns 0, or -1 with EFAULT. */
int copyin(void *dst, uint32_t usrc, uint32_t n)
{
    struct vm *vm = &myproc()->vm;
    char *d = dst;

    while (n > 0) {
        uint32_t part = in_page(usrc, n);
        const void *from = vm_page(vm, usrc, false);

        if (!from)
            return error(EFAULT);
        memcpy(d, from, part);
        d += part;
        usrc += part;
        n -= part;
    }
    return 0;
}

/* Write n bytes of the program's memory. Returns 0, or -1 with EFAULT. */
int copyout(uint32_t udst, const void *src, uint32_t n)
{
    struct vm *vm = &myproc()->vm;
    const char *s = src;

    while (n > 0) {
        uint32_t part = in_page(udst, n);
        void *to = vm_page(vm, udst, true);

        if (!to)
            return error(EFAULT);
        memcpy(to, s, part);
        s += part;
        udst += part;
        n -= part;
    }
    return 0;
}

/*
 * Read a string with its NUL into `size` bytes. Returns its length; -1 with EFAULT if it runs
 * into memory the program does not have, with E2BIG if it does not fit.
 */
int copyin_string(char *dst, uint32_t usrc, uint32_t size)
{
    struct vm *vm = &myproc()->vm;
    uint32_t length = 0;

    while (length < size) {
        uint32_t part = in_page(usrc, size - length);
        const char *from = vm_page(vm, usrc, false);

        if (!from)
            return error(EFAULT);
        for (uint32_t i = 0; i < part; i++, length++)
            if ((dst[length] = from[i]) == '\0')
                return (int)length;
        usrc += part;
    }
    return error(E2BIG);
}
