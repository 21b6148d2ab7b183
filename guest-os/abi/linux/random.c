/* Numbers that look random. The machine has no source of chance: they differ, but are no secret. */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"

static struct spinlock random_lock = {.name = "random"};

/* Xorshift, 32 bits: G. Marsaglia, "Xorshift RNGs", 2003. */
uint32_t linux_random(void)
{
    static uint32_t state = 2463534242u;
    uint32_t number;

    acquire(&random_lock);
    state ^= (uint32_t)clock_uptime() << 8;
    if (state == 0)
        state = 1;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    number = state;
    release(&random_lock);
    return number;
}

int sys_getrandom(void)
{
    uint32_t address = linux_argument(0), n = linux_argument(1);

    if (linux_argument(2) & ~3u)
        return error(EINVAL);
    if (n > INT32_MAX)
        n = INT32_MAX;
    if (!vm_allows(myproc()->vm, address, n, true))
        return error(EFAULT);
    for (uint32_t done = 0; done < n;) {
        uint32_t word = linux_random();
        uint32_t part = n - done < sizeof word ? n - done : (uint32_t)sizeof word;

        if (copyout(address + done, &word, part) < 0)
            return -1;
        done += part;
    }
    return (int)n;
}
