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
    struct vm *vm = myproc()->vm;
    char *d = dst;

    while (n > 0) {
        uint32_t part = in_page(usrc, n);
        const void *from;

        acquire(&vm->lock);
        from = vm_page(vm, usrc, false);
        if (from)
            memcpy(d, from, part);
        release(&vm->lock);
        if (!from)
            return error(EFAULT);
        d += part;
        usrc += part;
        n -= part;
    }
    return 0;
}

/* Write n bytes of the program's memory. Returns 0, or -1 with EFAULT. */
int copyout(uint32_t udst, const void *src, uint32_t n)
{
    struct vm *vm = myproc()->vm;
    const char *s = src;

    while (n > 0) {
        uint32_t part = in_page(udst, n);
        void *to;

        acquire(&vm->lock);
        to = vm_page(vm, udst, true);
        if (to)
            memcpy(to, s, part);
        release(&vm->lock);
        if (!to)
            return error(EFAULT);
        s += part;
        udst += part;
        n -= part;
    }
    return 0;
}

/* What of the string at usrc lies in its page, up to `part` bytes. Returns the copied bytes or -1.
 */
static int copyin_part(char *dst, uint32_t usrc, uint32_t part)
{
    struct vm *vm = myproc()->vm;
    const char *from;
    uint32_t n = 0;

    acquire(&vm->lock);
    from = vm_page(vm, usrc, false);
    while (from && n < part && (dst[n] = from[n]) != '\0')
        n++;
    release(&vm->lock);
    return from ? (int)n : error(EFAULT);
}

/*
 * Read a string with its NUL into `size` bytes. Returns its length; -1 with EFAULT if it runs
 * into memory the program does not have, with E2BIG if it does not fit.
 */
int copyin_string(char *dst, uint32_t usrc, uint32_t size)
{
    uint32_t length = 0;

    while (length < size) {
        uint32_t part = in_page(usrc, size - length);
        int n = copyin_part(dst + length, usrc, part);

        if (n < 0)
            return -1;
        length += (uint32_t)n;
        if ((uint32_t)n < part)
            return (int)length;
        usrc += part;
    }
    return error(E2BIG);
}
