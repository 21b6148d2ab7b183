/*
 * Processes: the table, and how they begin and end.
 *
 * fork() makes a process, exec() gives it another program, exit() leaves a zombie, and the
 * parent's wait() empties the slot. Process 1 is init; it inherits orphans. A slot of the table is
 * a thread (thread.c); most processes have one.
 */
#include "kernel/proc.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/signal.h"

struct proc proc[NPROC];
struct spinlock proc_lock = {.name = "proc"};
static struct proc *init_proc;
static int next_pid = 1;

/* Each process slot keeps its stack for good: the first lies at `stacks`, one each `distance`. */
void proc_init(char *stacks, uint32_t distance)
{
    for (uint32_t i = 0; i < NPROC; i++)
        proc[i].kstack = stacks + i * distance;
}

/*
 * Note why a system call fails: number is one of errno.h. Returns -1 for the caller to pass on.
 * The caller of the call finds the number beside the -1.
 */
int error(int number)
{
    if (myproc())
        myproc()->error = number;
    return -1;
}

/*
 * Has a call that is about to sleep to give up instead? Then the error is noted: there is a signal,
 * or the thread is one that never sleeps in calls.
 */
bool must_give_up(void)
{
    struct proc *p = myproc();

    if (p->killed)
        error(EINTR);
    else if (p->never_sleeps)
        error(EAGAIN);
    p->would_sleep = p->never_sleeps && !p->killed;
    return p->killed || p->never_sleeps;
}

/* The first thing a new thread does; then it returns to user mode. */
void proc_begin(void)
{
    lock_restore_interrupts(true);
    release(&proc_lock);
}

/* The first thing process 1 does. It may sleep, so it can use the disk. */
static void start_init(void)
{
    struct inode *root;

    proc_begin();
    fs_mount();
    root = namei("/");
    if (!root)
        panic("the root file system has no root directory");
    files_set_cwd(root);
    if (exec("/bin/init", (char *const[]){"init", NULL}, (char *const[]){NULL}) < 0)
        panic("cannot run /bin/init: error %d", myproc()->error);
}

/* An empty slot, made EMBRYO, that will begin in start(). Returns 0 if all are in use. */
struct proc *proc_alloc(void (*start)(void))
{
    struct proc *p = proc;

    acquire(&proc_lock);
    while (p < proc + NPROC && p->state != UNUSED)
        p++;
    if (p < proc + NPROC)
        *p = (struct proc){.pid = next_pid++,
                           .state = EMBRYO,
                           .leader = p,
                           .kstack = p->kstack,
                           .cpus = UINT32_MAX};
    release(&proc_lock);
    if (p == proc + NPROC)
        return NULL;
    *(struct thread_info *)p->kstack = (struct thread_info){.magic = KSTACK_MAGIC, .proc = p};
    arch_new_process(p, start);
    return p;
}

/* The slot is empty again; only its stack stays. Pre: proc_lock is held. */
void proc_free(struct proc *p)
{
    *p = (struct proc){.kstack = p->kstack};
}

/* Give up a new process or thread that has not been started. */
void proc_discard(struct proc *p)
{
    files_put(p->files);
    vm_put(p->vm);
    acquire(&proc_lock);
    proc_free(p);
    wakeup_locked(myproc()->leader);
    release(&proc_lock);
}

/*
 * Let a new process or thread run. Returns its number; -1 with the error set if its process is
 * ending: then it is given up.
 */
int proc_start(struct proc *p)
{
    int pid = -1;

    acquire(&proc_lock);
    if (!p->leader->ending) {
        pid = p->pid;
        make_runnable(p);
    }
    release(&proc_lock);
    if (pid < 0) {
        proc_discard(p);
        return error(EINTR);
    }
    return pid;
}

void proc_start_init(void)
{
    struct proc *p = proc_alloc(start_init);

    init_proc = p;
    p->vm = vm_create();
    if (!p->vm)
        panic("no memory for the first process");
    p->files = files_create();
    strlcpy(p->name, "init", sizeof p->name);
    proc_start(p);
}

/*
 * A copy of the current process, with one thread; it runs after proc_start(). Its memory is a copy,
 * or, for vfork(), the same. 0 with the error set if it cannot be.
 */
struct proc *proc_copy(bool share)
{
    struct proc *me = myproc();
    struct proc *child = proc_alloc(proc_begin);

    if (!child) {
        error(EAGAIN);
        return NULL;
    }
    child->cpus = me->cpus;
    child->vm = share ? vm_share(me->vm) : vm_copy(me->vm);
    if (!child->vm) {
        acquire(&proc_lock);
        proc_free(child);
        release(&proc_lock);
        return NULL;
    }
    arch_fork(child, me);
    child->files = files_copy();
    memcpy(child->name, me->name, sizeof child->name);
    acquire(&proc_lock);
    child->parent = me->leader;
    release(&proc_lock);
    return child;
}

/* Make a copy of the current process. Returns its number; 0 in the copy; -1 on error. */
int fork(void)
{
    struct proc *child = proc_copy(false);

    return child ? proc_start(child) : -1;
}

/* Give p a signal; if it has to see to it, it sleeps no longer. Pre: proc_lock is held. */
void proc_send(struct proc *p, int signal)
{
    if (arch_signal(p, signal) && p->state == SLEEPING)
        make_runnable(p);
}

/*
 * All threads of a process have ended: its leader becomes a zombie for the parent to find, and init
 * inherits its children. Pre: proc_lock is held.
 */
void proc_bury(struct proc *p)
{
    for (struct proc *child = proc; child < proc + NPROC; child++)
        if (child->parent == p) {
            child->parent = init_proc;
            if (child->state == ZOMBIE)
                wakeup_locked(init_proc);
        }
    p->state = ZOMBIE;
    proc_send(p->parent, SIGCHLD);
    wakeup_locked(p->parent);
}

static void end(int status)
{
    if (myproc()->leader == init_proc)
        panic("init ended with status 0x%x", (uint32_t)status);
    thread_end_all(status);
}

/* End the current process; its parent will see the low 8 bits of status. */
void exit(int status)
{
    end((status & 0xff) << 8);
    __builtin_unreachable();
}

/* End the current process as killed by a signal. */
void exit_killed(int signal)
{
    end(signal);
    __builtin_unreachable();
}

/*
 * Wait until a child (this one; pid -1: any) has ended and forget it. Returns its number, and in
 * *status how it ended: exit status << 8, or the signal. 0 if none has ended yet and `no_hang` is
 * set; -1 if there is no child, or the caller has a signal to see to.
 */
int proc_wait(int pid, bool no_hang, int *status)
{
    struct proc *me = myproc()->leader;

    acquire(&proc_lock);
    for (;;) {
        bool have_child = false;

        for (struct proc *p = proc; p < proc + NPROC; p++) {
            if (p->state == UNUSED || p->parent != me || (pid != -1 && p->pid != pid))
                continue;
            have_child = true;
            if (p->state == ZOMBIE) {
                int ended = p->pid;

                *status = p->status;
                proc_free(p);
                release(&proc_lock);
                return ended;
            }
        }
        if (!have_child || no_hang || must_give_up()) {
            release(&proc_lock);
            return !have_child ? error(ECHILD) : no_hang ? 0 : -1;
        }
        sleep(me, &proc_lock);
    }
}

int wait(int *status)
{
    return proc_wait(-1, false, status);
}

/* The process of this number; 0: there is none. */
struct proc *proc_find(int pid)
{
    for (struct proc *p = proc; p < proc + NPROC; p++)
        if (p->state != UNUSED && p->pid == pid)
            return p;
    return NULL;
}

/*
 * Give a process, or the thread meant, a signal; what kills goes to all threads. A leader that has
 * ended before the others can see to nothing. Pre: proc_lock is held.
 */
static void send_process(struct proc *to, int signal)
{
    if (signal != SIGKILL && !to->gone) {
        proc_send(to, signal);
        return;
    }
    for (struct proc *p = proc; p < proc + NPROC; p++)
        if (p->state != UNUSED && p->leader == to->leader && !p->gone) {
            proc_send(p, signal);
            if (signal != SIGKILL)
                return;
        }
}

/* Send a process a signal; it ends, or sees to it, when it is about to return to user mode. */
int kill(int pid, int signal)
{
    if (pid == init_proc->pid)
        return error(EPERM);
    acquire(&proc_lock);
    for (struct proc *p = proc; p < proc + NPROC; p++)
        if (p->state != UNUSED && p->pid == pid) {
            send_process(p, signal);
            release(&proc_lock);
            return 0;
        }
    release(&proc_lock);
    return error(ESRCH);
}

/*
 * ^C: end the running command. Shells are children of init, and so are commands that a shell
 * has left to themselves with '&'; every process further down is part of a command.
 * Returns whether there was one.
 */
bool proc_interrupt(void)
{
    bool found = false;

    acquire(&proc_lock);
    for (struct proc *p = proc; p < proc + NPROC; p++)
        if (p->state != UNUSED && p->state != ZOMBIE && p != init_proc && p->leader == p &&
            p->parent != init_proc) {
            send_process(p, SIGINT);
            found = true;
        }
    release(&proc_lock);
    return found;
}

/* Move the end of the heap. Returns the old end; -1 if there is not that much memory. */
int proc_sbrk(int n)
{
    uint32_t old;

    return vm_resize_heap(myproc()->vm, n, &old) < 0 ? -1 : (int)old;
}

/* The text of /dev/ps: one line a thread, whose parent is its process. Returns its length. */
int proc_describe(char *dst, size_t size)
{
    static const char *const names[] = {
        [EMBRYO] = "embryo",   [SLEEPING] = "sleep", [RUNNABLE] = "ready",
        [RUNNING] = "running", [ZOMBIE] = "zombie",
    };
    size_t n = (size_t)snprintf(dst, size, "  PID  PPID CPU STATE     KIB NAME\n");

    acquire(&proc_lock);
    for (struct proc *p = proc; p < proc + NPROC && n < size; p++)
        if (p->state != UNUSED)
            n += (size_t)snprintf(dst + n, size - n, "%5d %5d %3u %-7s %5u %s\n", p->pid,
                                  p->parent        ? p->parent->pid
                                  : p->leader != p ? p->leader->pid
                                                   : 0,
                                  proc_cpu(p) ? proc_cpu(p)->number : 0, names[p->state],
                                  p->vm ? vm_size(p->vm) / 1024 : 0, p->name);
    release(&proc_lock);
    return (int)(n < size ? n : size - 1);
}
