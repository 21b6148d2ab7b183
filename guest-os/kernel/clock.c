/* Time as the kernel counts it: HZ ticks a second since the start. */
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/lock.h"
#include "kernel/proc.h"

static struct spinlock clock_lock = {.name = "clock"};
static uint32_t ticks;

/* The timer interrupt's work. */
void clock_tick(void)
{
    acquire(&clock_lock);
    ticks++;
    wakeup(&ticks);
    release(&clock_lock);
    clock_preempts();
}

/* Sleep for n ticks. Returns 0, or -1 if the process was killed meanwhile. */
int clock_sleep(int n)
{
    uint32_t start;

    acquire(&clock_lock);
    start = ticks;
    while (n > 0 && ticks - start < (uint32_t)n) {
        if (must_give_up()) {
            release(&clock_lock);
            return -1;
        }
        sleep(&ticks, &clock_lock);
    }
    release(&clock_lock);
    return 0;
}

/* Release lk, sleep until the next tick, and take it again. */
void clock_wait_tick(struct spinlock *lk)
{
    sleep(&ticks, lk);
}

int clock_uptime(void)
{
    return (int)ticks;
}
