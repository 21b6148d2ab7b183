/*
 * Threads: how a process gets more of them, and how they end.
 *
 * The threads of a process share its address space and files. exit() by one ends all, as does a
 * signal that kills; exec() by one ends the others. A thread that ends frees its slot at once but
 * for the leader, which waits for the others and then becomes the zombie that wait() asks for.
 */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/signal.h"

/* Has the process other threads than `me` that have not given everything back? */
static bool has_others(const struct proc *me)
{
    for (const struct proc *p = proc; p < proc + NPROC; p++)
        if (p != me && p->state != UNUSED && p->leader == me->leader && !p->gone)
            return true;
    return false;
}

/* A new thread of the owner's process that begins in start(); it is to be started. 0 or the thread.
 */
static struct proc *create(struct proc *owner, void (*start)(void))
{
    struct proc *p = proc_alloc(start);

    if (!p) {
        error(EAGAIN);
        return NULL;
    }
    p->leader = owner->leader;
    p->cpus = owner->cpus;
    p->vm = vm_share(owner->vm);
    p->files = files_share(owner->files);
    memcpy(p->name, owner->name, sizeof p->name);
    return p;
}

/*
 * A new thread of the current process. Its user registers are those of the current thread, as
 * after fork(), until arch_thread_enter() says otherwise; it runs after proc_start(). 0 with the
 * error set if it cannot be.
 */
struct proc *thread_create(void)
{
    struct proc *p = create(myproc(), proc_begin);

    if (p)
        arch_fork(p, myproc());
    return p;
}

/* Where a kernel thread begins and ends. */
static void begin_kthread(void)
{
    proc_begin();
    myproc()->kernel(myproc()->kernel_argument);
    thread_exit(0);
}

/*
 * A thread of the owner's process without a user side: it does fn(argument) in kernel mode, on its
 * own stack, in the owner's address space, with interrupts on. It ends when fn returns, which has
 * to happen soon once killed is set in its struct proc: then its process ends. Returns it, running;
 * 0 with the error set if it cannot be. Pre: the owner cannot end meanwhile.
 */
struct proc *kthread_create(struct proc *owner, void (*fn)(void *), void *argument)
{
    struct proc *p = create(owner, begin_kthread);

    if (!p)
        return NULL;
    p->kernel = fn;
    p->kernel_argument = argument;
    return proc_start(p) < 0 ? NULL : p;
}

/* Have all other threads of the process end, and let no new ones begin. Pre: proc_lock is held. */
static void end_others(struct proc *me)
{
    me->leader->ending = true;
    for (struct proc *p = proc; p < proc + NPROC; p++)
        if (p != me && p->state != UNUSED && p->leader == me->leader && !p->gone)
            proc_send(p, SIGKILL);
}

/* Let the current thread use this address space (0: none). Returns the one that it had. */
struct vm *thread_set_space(struct vm *vm)
{
    struct proc *p = myproc();
    struct vm *before = p->vm;
    bool were_on = intr_save();

    p->vm = vm;
    mmu_switch(vm ? vm->pgdir : NULL);
    intr_restore(were_on);
    return before;
}

/* Give back what the thread shares with others; with the last one it goes. */
static void give_everything_back(struct proc *p)
{
    struct files *files = p->files;

    arch_leave(p);
    fd_call_ends();
    p->files = NULL;
    files_put(files);
    vm_put(thread_set_space(NULL));
}

/* End the current thread, which is the last one to use its memory or not. */
static void end_thread(void)
{
    struct proc *p = myproc();
    struct proc *leader = p->leader;

    give_everything_back(p);
    acquire(&proc_lock);
    if (p == leader) {
        p->gone = true;
        wakeup_locked(p);
        while (has_others(p))
            sleep(p, &proc_lock);
        proc_bury(p);
    } else {
        proc_free(p);
        wakeup_locked(leader);
    }
    sched();
    panic("thread %d runs on after its end", p->pid);
}

/* End the current thread only. What the leader says becomes the status of the process. */
void thread_exit(int status)
{
    struct proc *p = myproc();

    acquire(&proc_lock);
    if (p == p->leader && !p->ending)
        p->status = (status & 0xff) << 8;
    release(&proc_lock);
    end_thread();
    __builtin_unreachable();
}

/* End the current process. Whoever is first decides on what wait() tells. */
void thread_end_all(int status)
{
    struct proc *p = myproc();

    acquire(&proc_lock);
    if (!p->leader->ending) {
        p->leader->status = status;
        end_others(p);
    }
    release(&proc_lock);
    end_thread();
    __builtin_unreachable();
}

/* Become what the old leader was to the rest of the world. Pre: it is gone; proc_lock is held. */
static void take_over(struct proc *me, struct proc *leader)
{
    for (struct proc *p = proc; p < proc + NPROC; p++)
        if (p->parent == leader)
            p->parent = me;
    me->pid = leader->pid;
    me->parent = leader->parent;
    me->leader = me;
    proc_free(leader);
}

/*
 * End all other threads of the current process, for exec(); the current one becomes its leader.
 * Returns 0; -1 if the process is ending. Pre: no lock is held, and no transaction goes on.
 */
int thread_alone(void)
{
    struct proc *me = myproc();

    acquire(&proc_lock);
    if (me->leader->ending) {
        release(&proc_lock);
        return error(EINTR);
    }
    if (has_others(me)) {
        end_others(me);
        while (has_others(me))
            sleep(me->leader, &proc_lock);
    }
    if (me != me->leader)
        take_over(me, me->leader);
    me->ending = false;
    release(&proc_lock);
    return 0;
}
