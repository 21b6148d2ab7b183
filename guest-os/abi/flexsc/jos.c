/* The calls of JOS that are about a process and its console. An environment is a process; its
 * number is the pid. */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"

enum { STDOUT = 1, PERM_W = 2 };

/* cputs(s, length): to where the program's output goes, which to a program of JOS is the console.
 */
int sys_cputs(void)
{
    struct file *f = fd_file(STDOUT);
    int address, length;

    if (!f || argint(0, &address) < 0 || argint(1, &length) < 0)
        return -1;
    return file_write(f, (uint32_t)address, length) < 0 ? -1 : 0;
}

int sys_getenvid(void)
{
    return myproc()->leader->pid;
}

/* env_destroy(envid): ends a process; 0 is the caller. */
int sys_env_destroy(void)
{
    int pid;

    if (argint(0, &pid) < 0)
        return -1;
    return kill(pid ? pid : myproc()->leader->pid, SIGKILL);
}

/* Is this page number one that page_alloc() and page_unmap() may have of the caller's? */
static bool own_page(uint32_t *address)
{
    int pid, value;

    if (argint(0, &pid) < 0 || argint(1, &value) < 0)
        return false;
    *address = (uint32_t)value;
    if (pid != 0 && pid != myproc()->leader->pid)
        error(ESRCH);
    else if (*address % PAGE_SIZE != 0 || *address == 0 || *address >= USER_LIMIT)
        error(EINVAL);
    else
        return true;
    return false;
}

/* page_alloc(envid, va, perm): a page of zeroes there, in place of what was there. */
int sys_page_alloc(void)
{
    struct vm *vm = myproc()->vm;
    uint32_t address;
    int perm;

    if (argint(2, &perm) < 0 || !own_page(&address) ||
        vm_unmap(vm, address, address + PAGE_SIZE) < 0)
        return -1;
    return vm_map(vm, address, address + PAGE_SIZE, perm & PERM_W ? REGION_WRITE : 0);
}

int sys_page_unmap(void)
{
    uint32_t address;

    return own_page(&address) ? vm_unmap(myproc()->vm, address, address + PAGE_SIZE) : -1;
}

int sys_yield(void)
{
    yield();
    return 0;
}

int sys_time_msec(void)
{
    return clock_uptime() * (1000 / HZ);
}
