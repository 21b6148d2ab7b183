/* Which processors run this process. */
#include "pal/pal.h"
#include "shim_table.h"

#include <errno.h>

enum { BITS = 8 * sizeof(unsigned long) };

/* What was asked for last; all of them at first. */
static unsigned long mask = ~0ul;

static int is_me(int pid)
{
    return pid == 0 || pid == shim_do_getpid();
}

int shim_do_sched_setaffinity(int pid, size_t len, unsigned long *user_mask_ptr)
{
    PAL_IDX indexes[BITS];
    PAL_NUM n = 0;

    if (!is_me(pid))
        return -ESRCH;
    if (len < sizeof mask)
        return -EINVAL;
    for (PAL_IDX i = 0; i < BITS; i++)
        if (*user_mask_ptr >> i & 1)
            indexes[n++] = i;
    if (n == 0 || !DkThreadSetCPUAffinity(n, indexes))
        return -EINVAL;
    mask = *user_mask_ptr;
    return 0;
}

int shim_do_sched_getaffinity(int pid, size_t len, unsigned long *user_mask_ptr)
{
    if (!is_me(pid))
        return -ESRCH;
    if (len < sizeof mask)
        return -EINVAL;
    *user_mask_ptr = mask;
    return sizeof mask;
}

int shim_do_getcpu(unsigned *cpu, unsigned *node, void *unused)
{
    (void)unused;
    if (cpu)
        *cpu = (unsigned)DkThreadGetCPU();
    if (node)
        *node = 0;
    return 0;
}

int shim_do_sched_yield(void)
{
    return DkThreadYieldExecution();
}
