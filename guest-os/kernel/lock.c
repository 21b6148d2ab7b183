/*
 * Locks. Turnstile runs on one processor, and the kernel gives the processor away only in
 * sleep() and on the way back to user mode; so a spinlock never spins. What it does is keep
 * interrupt handlers out, and catch a path that takes a lock twice or forgets to give it back.
 */
#include "kernel/lock.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

static int depth;         /* spinlocks held now */
static bool intr_outside; /* were interrupts on before the outermost acquire()? */

void lock_init(struct spinlock *lk, const char *name)
{
    lk->held = false;
    lk->name = name;
}

/* Take the lock; interrupts are off until the last lock is released. */
void acquire(struct spinlock *lk)
{
    bool were_on = intr_enabled();

    intr_off();
    if (depth++ == 0)
        intr_outside = were_on;
    if (lk->held)
        panic("lock %s is taken twice", lk->name);
    lk->held = true;
}

void release(struct spinlock *lk)
{
    if (!lk->held)
        panic("lock %s is released but not held", lk->name);
    lk->held = false;
    if (--depth == 0 && intr_outside)
        intr_on();
}

/*
 * The interrupt state belongs to the path that took the outermost lock. sched() hands the
 * processor to another path while it holds exactly one lock, so it saves and restores it.
 */
bool lock_save_interrupts(void)
{
    if (depth != 1)
        panic("%d locks held where a process gives up the processor", depth);
    return intr_outside;
}

void lock_restore_interrupts(bool outside)
{
    intr_outside = outside;
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
