/*
 * Who runs: round robin over the process table, and sleeping until something happens.
 *
 * Each thread has a kernel stack, and so has each processor's scheduler. Every
 * switch goes process -> scheduler -> process through swtch(), with proc_lock held across it:
 * whoever comes out of swtch() releases the lock that the other side took.
 */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

struct cpu cpus[NCPU];
static size_t last; /* slot that ran last */

/* The next runnable process after the last one, or 0. */
static struct proc *next_runnable(void)
{
    for (size_t i = 1; i <= NPROC; i++) {
        struct proc *p = &proc[(last + i) % NPROC];

        if (p->state == RUNNABLE)
            return p;
    }
    return NULL;
}

/* The kernel stack that begins at `bottom` is this processor's own, for its scheduler. */
void cpu_init(unsigned number, void *bottom)
{
    cpus[number].number = number;
    *(struct thread_info *)bottom =
        (struct thread_info){.magic = KSTACK_MAGIC, .cpu = &cpus[number]};
}

/* Run p on this processor until it comes back. */
static void run(struct cpu *cpu, struct proc *p)
{
    struct thread_info *info = (struct thread_info *)p->kstack;

    last = (size_t)(p - proc);
    cpu->proc = p;
    info->cpu = cpu;
    p->state = RUNNING;
    arch_switch(p);
    swtch(&cpu->scheduler_context, p->context);
    cpu->proc = NULL;
    if (info->magic != KSTACK_MAGIC)
        panic("the kernel stack of thread %d has overflowed", p->pid);
}

/* Runs for ever on each processor. Interrupts are off but for the moment of waiting. */
void scheduler(void)
{
    struct cpu *cpu = mycpu();

    acquire(&proc_lock);
    for (;;) {
        struct proc *p = next_runnable();

        if (p) {
            run(cpu, p);
            lock_restore_interrupts(false);
        } else {
            release(&proc_lock);
            arch_idle();
            acquire(&proc_lock);
        }
    }
}

/* Give up the processor. Pre: proc_lock and nothing else is held; the state is not RUNNING. */
void sched(void)
{
    bool outside = lock_save_interrupts();

    swtch(&myproc()->context, mycpu()->scheduler_context);
    lock_restore_interrupts(outside);
}

/* Let others run; go on when it is this process's turn again. */
void yield(void)
{
    acquire(&proc_lock);
    myproc()->state = RUNNABLE;
    sched();
    release(&proc_lock);
}

/*
 * Release lk and sleep until wakeup(channel), as one step; then take lk again. The caller
 * checks in a loop what it waits for: another process may have been faster, and kill() wakes
 * everybody.
 */
void sleep(const void *channel, struct spinlock *lk)
{
    struct proc *p = myproc();

    /* With proc_lock held no wakeup() can run, so lk may go without one being lost. */
    if (lk != &proc_lock) {
        acquire(&proc_lock);
        release(lk);
    }
    p->channel = channel;
    p->state = SLEEPING;
    sched();
    p->channel = NULL;
    if (lk != &proc_lock) {
        release(&proc_lock);
        acquire(lk);
    }
}

/* Wake all that sleep on the channel. Pre: proc_lock is held. */
void wakeup_locked(const void *channel)
{
    for (struct proc *p = proc; p < proc + NPROC; p++)
        if (p->state == SLEEPING && p->channel == channel)
            p->state = RUNNABLE;
}

/* The same without the lock. Interrupt handlers call this. */
void wakeup(const void *channel)
{
    acquire(&proc_lock);
    wakeup_locked(channel);
    release(&proc_lock);
}
