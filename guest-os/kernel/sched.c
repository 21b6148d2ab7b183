/*
 * Who runs where: round robin over the table of threads, and sleeping until something happens.
 *
 * Each thread has a kernel stack, and so has each processor's scheduler. Every switch goes
 * thread -> scheduler -> thread through swtch(), with proc_lock held across it: whoever comes out
 * of swtch() releases the lock that the other side took.
 *
 * The timer takes the processor from a thread wherever it is, in user mode or in the kernel, but
 * while it holds a spinlock: interrupts are off then.
 */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"

struct cpu cpus[NCPU];
unsigned cpu_count = 1;
static size_t last; /* slot that ran last */

static bool may_run(const struct proc *p, const struct cpu *cpu)
{
    return p->cpus >> cpu->number & 1;
}

/* The next thread after the last one that this processor may run, or 0. */
static struct proc *next_runnable(const struct cpu *cpu)
{
    for (size_t i = 1; i <= NPROC; i++) {
        struct proc *p = &proc[(last + i) % NPROC];

        if (p->state == RUNNABLE && may_run(p, cpu))
            return p;
    }
    return NULL;
}

/* A processor that has nothing to do might run p: this one, or another. Pre: proc_lock is held. */
static void offer(const struct proc *p)
{
    struct cpu *me = mycpu();

    if (me->idle && may_run(p, me)) {
        me->idle = false;
        return;
    }
    for (struct cpu *cpu = cpus; cpu < cpus + cpu_count; cpu++)
        if (cpu->idle && may_run(p, cpu)) {
            cpu->idle = false;
            arch_interrupt_cpu(cpu->number);
            return;
        }
}

/* p waits for a processor from now on. Pre: proc_lock is held. */
void make_runnable(struct proc *p)
{
    p->state = RUNNABLE;
    offer(p);
}

/* The kernel stack that begins at `bottom` is this processor's own, for its scheduler. */
void cpu_init(unsigned number, void *bottom)
{
    cpus[number].number = number;
    *(struct thread_info *)bottom =
        (struct thread_info){.magic = KSTACK_MAGIC, .cpu = &cpus[number]};
}

/* Another processor wants this one to look at what it has changed; or there is something to run. */
void cpu_interrupted(void)
{
    mmu_attend();
}

/* Run p on this processor until it comes back. */
static void run(struct cpu *cpu, struct proc *p)
{
    struct thread_info *info = (struct thread_info *)p->kstack;

    last = (size_t)(p - proc);
    cpu->proc = p;
    cpu->preempt = false;
    info->cpu = cpu;
    p->state = RUNNING;
    arch_switch(p);
    swtch(&cpu->scheduler_context, p->context);
    cpu->proc = NULL;
    if (info->magic != KSTACK_MAGIC)
        panic("the kernel stack of thread %d has overflowed", p->pid);
    lock_restore_interrupts(false);
}

/* There is nothing to run: wait for an interrupt. */
static void idle(struct cpu *cpu)
{
    if (cpu_count > 1)
        mmu_switch(NULL); /* whose it was may end elsewhere */
    cpu->idle = true;
    release(&proc_lock);
    arch_idle();
    acquire(&proc_lock);
    cpu->idle = false;
}

/* Runs for ever on each processor. Interrupts are off but for the moment of waiting. */
void scheduler(void)
{
    struct cpu *cpu = mycpu();
    struct proc *before = NULL;

    acquire(&proc_lock);
    for (;;) {
        struct proc *p = next_runnable(cpu);

        if (before && before != p && before->state == RUNNABLE)
            offer(before);
        before = p;
        if (p)
            run(cpu, p);
        else
            idle(cpu);
    }
}

/* The timer's work on all processors: what runs has had its time. */
void clock_preempts(void)
{
    for (struct cpu *cpu = cpus; cpu < cpus + cpu_count; cpu++) {
        cpu->preempt = true;
        if (cpu != mycpu() && cpu->proc)
            arch_interrupt_cpu(cpu->number);
    }
}

/* An interrupt has been served: if the time of what it interrupted is over, let others run. */
void preempt(void)
{
    if (myproc() && mycpu()->preempt)
        yield();
}

/* p shall run on other processors than until now. Pre: proc_lock is held. */
static void move(struct proc *p, uint32_t wanted)
{
    struct cpu *cpu = proc_cpu(p);

    p->cpus = wanted;
    if (p->state == RUNNABLE) {
        offer(p);
    } else if (p->state == RUNNING && p != myproc() && !may_run(p, cpu)) {
        cpu->preempt = true;
        arch_interrupt_cpu(cpu->number);
    }
}

/* The processors that there are, as a set of bits. */
static uint32_t all_cpus(void)
{
    return (uint32_t)((1ull << cpu_count) - 1);
}

/*
 * From now on the thread of this number (0: the current one) may run on these processors only;
 * those that do not exist do not count. Returns 0; -1 with EINVAL: there would be none; with ESRCH.
 */
int sched_set_cpus(int pid, uint32_t wanted)
{
    struct proc *p;

    if ((wanted & all_cpus()) == 0)
        return error(EINVAL);
    acquire(&proc_lock);
    p = pid == 0 ? myproc() : proc_find(pid);
    if (p)
        move(p, wanted);
    release(&proc_lock);
    if (p == myproc())
        yield(); /* and go on where it may run */
    return p ? 0 : error(ESRCH);
}

/* Where the thread of this number (0: the current one) may run. Returns 0; -1 with ESRCH. */
int sched_get_cpus(int pid, uint32_t *set)
{
    struct proc *p;

    acquire(&proc_lock);
    p = pid == 0 ? myproc() : proc_find(pid);
    if (p)
        *set = p->cpus & all_cpus();
    release(&proc_lock);
    return p ? 0 : error(ESRCH);
}

/* Give up the processor. Pre: proc_lock and nothing else is held; the state is not RUNNING. */
void sched(void)
{
    bool outside = lock_save_interrupts();

    arch_leave_cpu(myproc());
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
            make_runnable(p);
}

/* The same without the lock. Interrupt handlers call this. */
void wakeup(const void *channel)
{
    acquire(&proc_lock);
    wakeup_locked(channel);
    release(&proc_lock);
}
