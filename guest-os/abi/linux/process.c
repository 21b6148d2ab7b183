/* What Linux's processes have and do beyond Turnstile's: memory, identity, clone() and wait4(). */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"

#define THREAD_SIZE KSTACKSIZE

void linux_fork(struct proc *child, const struct proc *parent)
{
    struct linux_process *l = linux_of(child);

    *l = *linux_of(parent);
    l->pending = 0;
    l->clear_child_tid = 0;
    l->vforked = false;
    l->suspended = false;
    l->futex = 0;
}

/* A parent that gave its place to a vforked child may go on. */
static void end_vfork(struct linux_process *l)
{
    if (!l->vforked)
        return;
    l->vforked = false;
    wakeup(&l->vforked);
}

/* p, the current process, begins a new program: handlers are gone, what is ignored or blocked stays
 * so. */
void linux_exec(struct proc *p, const char *path)
{
    struct linux_process *l = linux_of(p);

    linux_forget_tls(p);
    for (int i = 1; i <= SIGNALS; i++)
        if (l->action[i].handler != SIG_IGN)
            l->action[i] = (struct linux_action){.handler = SIG_DFL};
    l->clear_child_tid = 0;
    l->stack.size = 0;
    strlcpy(l->exe, path, sizeof l->exe);
    end_vfork(l);
}

/* p, the current process, ends; its memory is still there. */
void linux_end(struct proc *p)
{
    static const uint32_t zero = 0;
    struct linux_process *l = linux_of(p);

    if (l->clear_child_tid) {
        copyout(l->clear_child_tid, &zero, sizeof zero);
        linux_futex_wake(l->clear_child_tid, 1);
    }
    end_vfork(l);
}

/*
 * sys_foo everyone's favorite system call.
 *
 * Returns the size of the per-process kernel stack.
 */
int sys_foo(void)
{
    return THREAD_SIZE;
}

int sys_exit_group(void)
{
    exit((int)linux_argument(0));
}

static int wait_for(int pid, uint32_t address, int options)
{
    enum { WNOHANG = 1, WUNTRACED = 2, WCONTINUED = 8 };
    int status, ended;

    if (options & ~(WNOHANG | WUNTRACED | WCONTINUED))
        return error(EINVAL);
    if (pid == 0 || pid < -1)
        return error(ECHILD);
    if (address && !vm_allows(myproc()->vm, address, sizeof status, true))
        return error(EFAULT);
    ended = proc_wait(pid, options & WNOHANG, &status);
    if (ended > 0 && address && copyout(address, &status, sizeof status) < 0)
        return -1;
    return ended;
}

int sys_waitpid(void)
{
    return wait_for((int)linux_argument(0), linux_argument(1), (int)linux_argument(2));
}

/* Nobody counts what a process uses, so that the usage, if it is asked for, is none. */
int sys_wait4(void)
{
    static const uint32_t none[18];
    int pid = wait_for((int)linux_argument(0), linux_argument(1), (int)linux_argument(2));
    uint32_t usage = linux_argument(3);

    if (pid > 0 && usage && copyout(usage, none, sizeof none) < 0)
        return -1;
    return pid;
}

/* While the child has the parent's memory, only what kills lets the parent go on. */
static void wait_for_vforked(struct proc *child)
{
    struct proc *me = myproc();
    struct linux_process *l = linux_of(child);

    acquire(&proc_lock);
    while (l->vforked && !(me->killed && !linux_catches(me, me->killed)))
        sleep(&l->vforked, &proc_lock);
    release(&proc_lock);
}

int sys_vfork(void)
{
    struct proc *child = proc_copy(true);
    int pid;

    if (!child)
        return -1;
    linux_of(child)->vforked = true;
    pid = proc_start(child);
    wait_for_vforked(child);
    return pid;
}

/* Write to the memory of a process that does not run; as on Linux, a bad address is not told. */
static void set_word(struct vm *vm, uint32_t va, int value)
{
    int *word;

    acquire(&vm->lock);
    word = va % sizeof value == 0 ? vm_page(vm, va, true) : NULL;
    if (word)
        *word = value;
    release(&vm->lock);
}

/* A process, one that has its parent's memory until exec(), or a thread. */
int sys_clone(void)
{
    enum {
        SIGNAL = 0xff,
        CLONE_VM = 0x100,
        CLONE_VFORK = 0x4000,
        CLONE_THREAD = 0x10000,
        CLONE_PARENT_SETTID = 0x100000,
        CLONE_CHILD_CLEARTID = 0x200000,
        CLONE_CHILD_SETTID = 0x1000000,
        KNOWN = SIGNAL | CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID |
                CLONE_CHILD_SETTID,
    };
    uint32_t flags = linux_argument(0), stack = linux_argument(1), tid = linux_argument(4);
    struct proc *child;
    int pid;

    if (flags & CLONE_THREAD)
        return linux_clone_thread(flags);
    if (flags & ~(uint32_t)KNOWN || (flags & CLONE_VM && !(flags & CLONE_VFORK)) ||
        (flags & SIGNAL && (flags & SIGNAL) != SIGCHLD))
        return error(EINVAL);
    child = proc_copy(flags & CLONE_VM);
    if (!child)
        return -1;
    pid = child->pid;
    if (stack)
        linux_set_stack(child->tf, stack);
    if (flags & CLONE_PARENT_SETTID)
        copyout(linux_argument(2), &pid, sizeof pid);
    if (flags & CLONE_CHILD_CLEARTID)
        linux_of(child)->clear_child_tid = tid;
    if (flags & CLONE_CHILD_SETTID)
        set_word(child->vm, tid, pid);
    linux_of(child)->vforked = flags & CLONE_VFORK;
    if (proc_start(child) < 0)
        return -1;
    if (flags & CLONE_VFORK)
        wait_for_vforked(child);
    return pid;
}

int sys_gettid(void)
{
    return myproc()->pid;
}

int sys_set_tid_address(void)
{
    linux_of(myproc())->clear_child_tid = linux_argument(0);
    return myproc()->pid;
}

/* There is one user, and that is root. */
#define ROOT(name)                                                                                 \
    int name(void)                                                                                 \
    {                                                                                              \
        return 0;                                                                                  \
    }

ROOT(sys_getuid)
ROOT(sys_geteuid)
ROOT(sys_getgid)
ROOT(sys_getegid)

/* There are none. */
int sys_getgroups(void)
{
    return (int)linux_argument(0) < 0 ? error(EINVAL) : 0;
}

int sys_sched_yield(void)
{
    yield();
    return 0;
}

int sys_prctl(void)
{
    enum { PR_SET_NAME = 15, PR_GET_NAME = 16 };
    struct proc *p = myproc();
    char name[sizeof p->name];

    switch (linux_argument(0)) {
    case PR_SET_NAME:
        if (copyin(name, linux_argument(1), sizeof name) < 0)
            return -1;
        name[sizeof name - 1] = '\0';
        strlcpy(p->name, name, sizeof p->name);
        return 0;
    case PR_GET_NAME:
        memset(name, 0, sizeof name);
        strlcpy(name, p->name, sizeof name);
        return copyout(linux_argument(1), name, sizeof name);
    default: return error(EINVAL);
    }
}

int sys_uname(void)
{
    struct {
        char system[65], node[65], release[65], version[65], machine[65], domain[65];
    } name;

    memset(&name, 0, sizeof name);
    strlcpy(name.system, "Linux", sizeof name.system);
    strlcpy(name.node, "turnstile", sizeof name.node);
    strlcpy(name.release, "3.2.0",
            sizeof name.release); /* what a glibc of today asks for at least */
    strlcpy(name.version, "Turnstile", sizeof name.version);
    strlcpy(name.machine, LINUX_MACHINE, sizeof name.machine);
    strlcpy(name.domain, "(none)", sizeof name.domain);
    return copyout(linux_argument(0), &name, sizeof name);
}

/* The limits that Turnstile has; RLIM_INFINITY in all others: none. Fills soft and hard limit
 * alike. */
static int limit(uint32_t resource, uint32_t *value)
{
    enum { RLIMIT_STACK = 3, RLIMIT_CORE = 4, RLIMITS = 16 };

    switch (resource) {
    case RLIMIT_STACK: *value = STACKPAGES * PAGE_SIZE; break;
    case RLIMIT_CORE: *value = 0; break;
    case RLIMIT_NPROC: *value = NPROC; break;
    case RLIMIT_NOFILE: *value = NOFILE; break;
    default: *value = RLIM_INFINITY; break;
    }
    return resource < RLIMITS ? 0 : error(EINVAL);
}

int sys_getrlimit(void)
{
    uint32_t value[2];

    if (limit(linux_argument(0), &value[0]) < 0)
        return -1;
    value[1] = value[0];
    return copyout(linux_argument(1), value, sizeof value);
}

/* The limits are those of the kernel's tables: they cannot be moved. */
int sys_prlimit64(void)
{
    int pid = (int)linux_argument(0);
    uint32_t value, old = linux_argument(3);
    uint64_t limits[2];

    if (pid != 0 && !proc_find(pid))
        return error(ESRCH);
    if (limit(linux_argument(1), &value) < 0)
        return -1;
    if (linux_argument(2))
        return error(EPERM);
    limits[0] = limits[1] = value == RLIM_INFINITY ? UINT64_MAX : value;
    return old ? copyout(old, limits, sizeof limits) : 0;
}
