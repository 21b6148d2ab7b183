/*
 * Locks. A spinlock keeps other processors out, and interrupt handlers and the scheduler on its
 * own: interrupts are off while one is held. It also catches a path that takes a lock twice or
 * forgets to give it back.
 */
#include "kernel/lock.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

void lock_init(struct spinlock *lk, const char *name)
{
    *lk = (struct spinlock){.name = name};
}

/* Take the lock; interrupts are off until the last lock is released. */
void acquire(struct spinlock *lk)
{
    bool were_on = intr_save();
    struct cpu *cpu = mycpu();

    if (cpu->lock_depth++ == 0)
        cpu->intr_outside = were_on;
    if (lk->held && lk->cpu == cpu)
        panic("lock %s is taken twice", lk->name);
    while (exchange(&lk->held, 1))
        while (*(volatile uint32_t *)&lk->held)
            mmu_attend();
    lk->cpu = cpu;
}

void release(struct spinlock *lk)
{
    struct cpu *cpu = mycpu();

    if (!lk->held || lk->cpu != cpu)
        panic("lock %s is released but not held", lk->name);
    lk->cpu = NULL;
    exchange(&lk->held, 0);
    if (--cpu->lock_depth == 0 && cpu->intr_outside)
        intr_on();
}

/*
 * The interrupt state belongs to the path that took the outermost lock. sched() hands the
 * processor to another path while it holds exactly one lock, so it saves and restores it.
 */
bool lock_save_interrupts(void)
{
    if (mycpu()->lock_depth != 1)
        panic("%u locks held where a process gives up the processor", mycpu()->lock_depth);
    return mycpu()->intr_outside;
}

void lock_restore_interrupts(bool outside)
{
    mycpu()->intr_outside = outside;
}

void sleeplock_init(struct sleeplock *lk, const char *name)
{
    lock_init(&lk->guard, name);
    lk->held = false;
    lk->name = name;
}

void sleeplock_acquire(struct sleeplock *lk)
{
    acquire(&lk->guard);
    while (lk->held)
        sleep(lk, &lk->guard);
    lk->held = true;
    lk->pid = myproc()->pid;
    release(&lk->guard);
}

void sleeplock_release(struct sleeplock *lk)
{
    acquire(&lk->guard);
    lk->held = false;
    wakeup(lk);
    release(&lk->guard);
}
