/*
 * The PAL's calls: int $49, the only trap that a program over the library OS makes. The number is
 * in eax, the arguments are in ebx, ecx, edx, esi and edi; the result goes back in eax, an error as
 * its number made negative. Everything that is more than a line in pal_calls.def is here.
 */
#include "abi/libos/libos.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

#define PAL(number, name, function, ...) int sys_##function(void);
#include "abi/libos/pal_calls.def"
#undef PAL

int (*const pal_calls[])(void) = {
#define PAL(number, name, function, ...) [number] = sys_##function,
#include "abi/libos/pal_calls.def"
#undef PAL
};

/* Called by trap(): do what the library OS asks for. */
void pal_trap(struct trapframe *tf)
{
    struct proc *p = myproc();
    uint number = tf->eax;
    int result;

    p->error = 0;
    result = number < NELEM(pal_calls) ? pal_calls[number]() : error(ENOSYS);
    if (result == -1 && p->error)
        result = -p->error;
    tf->eax = (uint)result;
}

/* DkProcessWait(pid, status, no_hang) */
int sys_pal_wait(void)
{
    int pid, no_hang, status, ended;
    uint32_t address;

    if (argint(0, &pid) < 0 || argout(1, &address, sizeof status) < 0 || argint(2, &no_hang) < 0)
        return -1;
    ended = proc_wait(pid, no_hang, &status);
    if (ended > 0 && copyout(address, &status, sizeof status) < 0)
        return -1;
    return ended;
}

/* Two arguments that are whole pages below the stack. */
static int argpages(uint32_t *start, uint32_t *end)
{
    int address, size;

    if (argint(0, &address) < 0 || argint(1, &size) < 0)
        return -1;
    *start = (uint32_t)address;
    *end = *start + (uint32_t)size;
    if ((*start | *end) % PAGE_SIZE != 0 || *start == 0 || *end <= *start || *end > USER_LIMIT)
        return error(EINVAL);
    return 0;
}

int sys_pal_map(void)
{
    struct vm *vm = myproc()->vm;
    uint32_t start, end;

    if (argpages(&start, &end) < 0)
        return -1;
    return vm_map(vm, start, end, REGION_WRITE) < 0 ? error(ENOMEM) : 0;
}

int sys_pal_unmap(void)
{
    uint32_t start, end;

    return argpages(&start, &end) < 0 ? -1 : vm_unmap(myproc()->vm, start, end);
}

/* DkVirtualMemoryQuery(address, size, write) */
int sys_pal_query(void)
{
    uint32_t address;
    int size, write;

    if (argint(1, &size) < 0 || argint(2, &write) < 0)
        return -1;
    return write ? argout(0, &address, size) : argptr(0, &address, size);
}

int sys_pal_yield(void)
{
    yield();
    return 0;
}

/* DkThreadSetCPUAffinity(cpu_num, cpu_indexes): the numbers of the processors lie at cpu_indexes.
 */
int sys_pal_set_cpus(void)
{
    uint32_t address, cpus = 0;
    int n;

    if (argint(0, &n) < 0)
        return -1;
    if (n < 1 || n > 32)
        return error(EINVAL);
    if (argptr(1, &address, n * (int)sizeof(uint32_t)) < 0)
        return -1;
    for (int i = 0; i < n; i++) {
        uint32_t index;

        if (copyin(&index, address + (uint32_t)i * sizeof index, sizeof index) < 0)
            return -1;
        if (index >= 32)
            return error(EINVAL);
        cpus |= 1u << index;
    }
    return sched_set_cpus(0, cpus);
}

int sys_pal_cpu(void)
{
    int number;

    intr_off();
    number = (int)mycpu()->number;
    intr_on();
    return number;
}
