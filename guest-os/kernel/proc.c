/*
 * Processes: the table, and how they begin and end.
 *
 * fork() makes a process, exec() gives it another program, exit() leaves a zombie, and the
 * parent's wait() empties the slot. Process 1 is init; it inherits orphans.
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

/* The first thing a new process does; then it returns to user mode. */
static void start_child(void)
{
    lock_restore_interrupts(true);
    release(&proc_lock);
}

/* The first thing process 1 does. It may sleep, so it can use the disk. */
static void start_init(void)
{
    start_child();
    fs_mount();
    current->cwd = namei("/");
    if (!current->cwd)
        panic("the root file system has no root directory");
    if (exec("/bin/init", (char *const[]){"init", NULL}, (char *const[]){NULL}) < 0)
        panic("cannot run /bin/init: error %d", current->error);
}

/* An empty slot, made EMBRYO, that will begin in start(). Returns 0 if all are in use. */
static struct proc *proc_alloc(void (*start)(void))
{
    struct proc *p;

    acquire(&proc_lock);
    for (p = proc; p < proc + NPROC; p++)
        if (p->state == UNUSED) {
            p->state = EMBRYO;
            p->pid = next_pid++;
            release(&proc_lock);
            p->killed = 0;
            *(uint32_t *)p->kstack = KSTACK_MAGIC;
            arch_new_process(p, start);
            return p;
        }
    release(&proc_lock);
    return NULL;
}

void proc_start_init(void)
{
    struct proc *p = proc_alloc(start_init);

    init_proc = p;
    if (vm_create(&p->vm) < 0)
        panic("no memory for the first process");
    strlcpy(p->name, "init", sizeof p->name);
    p->state = RUNNABLE;
}

/* Make a copy of the current process. Returns its number; 0 in the copy; -1 on error. */
int fork(void)
{
    struct proc *parent = myproc();
    struct proc *child = proc_alloc(start_child);
    int pid;

    if (!child)
        return error(EAGAIN);
    if (vm_copy(&child->vm, &parent->vm) < 0) {
        child->state = UNUSED;
        return -1;
    }
    arch_fork(child, parent);
    child->parent = parent;
    memcpy(child->name, parent->name, sizeof child->name);
    for (int fd = 0; fd < NOFILE; fd++)
        if (parent->ofile[fd])
            child->ofile[fd] = file_dup(parent->ofile[fd]);
    child->cwd = inode_dup(parent->cwd);
    pid = child->pid;

    acquire(&proc_lock);
    child->state = RUNNABLE;
    release(&proc_lock);
    return pid;
}

/* Close all files, and give back the current directory and the memory. */
static void give_everything_back(struct proc *p)
{
    for (int fd = 0; fd < NOFILE; fd++)
        if (p->ofile[fd]) {
            file_close(p->ofile[fd]);
            p->ofile[fd] = NULL;
        }
    log_begin();
    inode_put(p->cwd);
    log_end();
    p->cwd = NULL;
    mmu_switch(NULL);
    vm_destroy(&p->vm);
}

/* Give p a signal; if it has to see to it, it sleeps no longer. Pre: proc_lock is held. */
static void send(struct proc *p, int signal)
{
    if (arch_signal(p, signal) && p->state == SLEEPING)
        p->state = RUNNABLE;
}

static void end(int status)
{
    struct proc *p = myproc();

    if (p == init_proc)
        panic("init ended with status 0x%x", (uint32_t)status);
    arch_leave(p);
    give_everything_back(p);

    acquire(&proc_lock);
    for (struct proc *child = proc; child < proc + NPROC; child++)
        if (child->parent == p) {
            child->parent = init_proc;
            if (child->state == ZOMBIE)
                wakeup_locked(init_proc);
        }
    p->status = status;
    p->state = ZOMBIE;
    send(p->parent, SIGCHLD);
    wakeup_locked(p->parent);
    sched();
    panic("zombie %d runs", p->pid);
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
    struct proc *me = myproc();

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
                p->state = UNUSED;
                p->pid = 0;
                p->parent = NULL;
                p->name[0] = '\0';
                release(&proc_lock);
                return ended;
            }
        }
        if (!have_child || me->killed || no_hang) {
            release(&proc_lock);
            return have_child && no_hang ? 0 : error(have_child ? EINTR : ECHILD);
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

/* Send a process a signal; it ends, or sees to it, when it is about to return to user mode. */
int kill(int pid, int signal)
{
    if (pid == init_proc->pid)
        return error(EPERM);
    acquire(&proc_lock);
    for (struct proc *p = proc; p < proc + NPROC; p++)
        if (p->state != UNUSED && p->pid == pid) {
            send(p, signal);
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

    for (struct proc *p = proc; p < proc + NPROC; p++)
        if (p->state != UNUSED && p->state != ZOMBIE && p != init_proc && p->parent != init_proc)
            found |= kill(p->pid, SIGINT) == 0;
    return found;
}

/* Move the end of the heap. Returns the old end; -1 if there is not that much memory. */
int proc_sbrk(int n)
{
    struct vm *vm = &myproc()->vm;
    uint32_t old = vm->brk;

    return vm_resize_heap(vm, n) < 0 ? -1 : (int)old;
}

/* The text of /dev/ps: one line a process. Returns its length. */
int proc_describe(char *dst, size_t size)
{
    static const char *const names[] = {
        [EMBRYO] = "embryo",   [SLEEPING] = "sleep", [RUNNABLE] = "ready",
        [RUNNING] = "running", [ZOMBIE] = "zombie",
    };
    size_t n = (size_t)snprintf(dst, size, "  PID  PPID STATE     KIB NAME\n");

    acquire(&proc_lock);
    for (struct proc *p = proc; p < proc + NPROC && n < size; p++)
        if (p->state != UNUSED)
            n += (size_t)snprintf(dst + n, size - n, "%5d %5d %-7s %5u %s\n", p->pid,
                                  p->parent ? p->parent->pid : 0, names[p->state],
                                  p->state == ZOMBIE ? 0 : vm_size(&p->vm) / 1024, p->name);
    release(&proc_lock);
    return (int)(n < size ? n : size - 1);
}
