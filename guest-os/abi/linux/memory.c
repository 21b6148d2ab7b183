/* Linux's calls about memory: the heap and mappings. */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"

enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4, PROT_ALL = 7 };
enum { MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_FIXED = 0x10 };

/* Returns where the heap ends now: where it was asked to, or where it ended before. */
int sys_brk(void)
{
    struct vm *vm = myproc()->vm;
    uint32_t end = linux_argument(0), before;

    if (end != 0)
        vm_resize_heap(vm, (int)(end - vm->brk), &before);
    myproc()->error = 0;
    return (int)vm->brk;
}

static uint32_t pages_up(uint32_t length)
{
    return (length + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

/* The region flags for Linux's PROT_ bits. What can be read can be executed: the processor's way.
 */
static uint32_t region_flags(uint32_t protection)
{
    if (protection == 0)
        return REGION_HIDDEN;
    return protection & PROT_WRITE ? REGION_WRITE : 0;
}

/* Fill a new mapping with the file's bytes, as far as there are any. */
static int fill_from_file(struct file *f, uint32_t address, uint32_t length, uint32_t page)
{
    int result;

    if (f->kind != FILE_INODE)
        return error(ENODEV);
    if (!f->readable)
        return error(EACCES);
    if (page > UINT32_MAX / PAGE_SIZE)
        return error(EOVERFLOW);
    inode_lock(f->inode);
    result = f->inode->d.type == T_FILE
                 ? inode_read(f->inode, true, address, page * PAGE_SIZE, length)
                 : error(ENODEV);
    inode_unlock(f->inode);
    return result;
}

/* A new region, at the address if that is fixed. Returns where it is; 0 with the error set. */
static uint32_t place(struct vm *vm, uint32_t address, uint32_t length, uint32_t flags, bool fixed)
{
    if (!fixed)
        return vm_map_anywhere(vm, length, flags);
    if (address == 0 || address > USER_LIMIT || length > USER_LIMIT - address) {
        error(ENOMEM);
        return 0;
    }
    if (vm_unmap(vm, address, address + length) < 0)
        return 0;
    if (vm_map(vm, address, address + length, flags) < 0) {
        error(ENOMEM);
        return 0;
    }
    return address;
}

/*
 * A private mapping of a file is a copy of what the file holds now. Files and memory are not kept
 * one, so that nothing can be shared.
 */
int sys_mmap2(void)
{
    struct vm *vm = myproc()->vm;
    uint32_t address = linux_argument(0), length = pages_up(linux_argument(1));
    uint32_t protection = linux_argument(2), flags = linux_argument(3);
    struct file *f = NULL;

    if (length == 0 || protection & ~(uint32_t)PROT_ALL || address % PAGE_SIZE != 0 ||
        (flags & (MAP_SHARED | MAP_PRIVATE)) == 0)
        return error(linux_argument(1) > length ? ENOMEM : EINVAL);
    if (!(flags & MAP_ANONYMOUS) && linux_file(4, &f) < 0)
        return -1;
    if (flags & MAP_SHARED)
        return error(ENODEV);
    address =
        place(vm, address, length, f ? REGION_WRITE : region_flags(protection), flags & MAP_FIXED);
    if (address == 0)
        return -1;
    if (f && (fill_from_file(f, address, length, linux_argument(5)) < 0 ||
              vm_protect(vm, address, address + length, region_flags(protection)) < 0)) {
        int reason = myproc()->error;

        vm_unmap(vm, address, address + length);
        return error(reason);
    }
    return (int)address;
}

int sys_munmap(void)
{
    uint32_t address = linux_argument(0), length = pages_up(linux_argument(1));

    if (length == 0 || address % PAGE_SIZE != 0 || address + length < address ||
        address + length > KERNBASE)
        return error(EINVAL);
    return vm_unmap(myproc()->vm, address, address + length);
}

int sys_mprotect(void)
{
    uint32_t address = linux_argument(0), length = pages_up(linux_argument(1));
    uint32_t protection = linux_argument(2);

    if (address % PAGE_SIZE != 0 || protection & ~(uint32_t)PROT_ALL)
        return error(EINVAL);
    if (address + length < address || address + length > KERNBASE)
        return error(ENOMEM);
    return vm_protect(myproc()->vm, address, address + length, region_flags(protection));
}
