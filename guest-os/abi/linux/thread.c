/*
 * Threads as Linux makes them: clone() with what a thread shares, exit() of one, futex(), by which
 * they wait for each other, and on which processors they run.
 */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"

enum {
    CLONE_VM = 0x100,
    CLONE_FS = 0x200,
    CLONE_FILES = 0x400,
    CLONE_SIGHAND = 0x800,
    CLONE_THREAD = 0x10000,
    CLONE_SYSVSEM = 0x40000,
    CLONE_SETTLS = 0x80000,
    CLONE_PARENT_SETTID = 0x100000,
    CLONE_CHILD_CLEARTID = 0x200000,
    CLONE_DETACHED = 0x400000, /* says nothing any more */
    CLONE_CHILD_SETTID = 0x1000000,
    SHARED = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD,
    KNOWN = SHARED | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID |
            CLONE_DETACHED | CLONE_CHILD_SETTID,
};

/* clone() of a thread: it shares all that threads share here, or it is refused. Its number, or -1.
 */
int linux_clone_thread(uint32_t flags)
{
    uint32_t stack = linux_argument(1), parent_tid = linux_argument(2);
    uint32_t tls = linux_argument(3), child_tid = linux_argument(4);
    struct proc *thread;
    int tid;

    if (flags & ~(uint32_t)KNOWN || (flags & SHARED) != SHARED || stack == 0)
        return error(EINVAL);
    thread = thread_create();
    if (!thread)
        return -1;
    tid = thread->pid;
    linux_set_stack(thread->tf, stack);
    if ((flags & CLONE_SETTLS && linux_set_tls(thread, tls) < 0) ||
        (flags & CLONE_PARENT_SETTID && copyout(parent_tid, &tid, sizeof tid) < 0) ||
        (flags & CLONE_CHILD_SETTID && copyout(child_tid, &tid, sizeof tid) < 0)) {
        proc_discard(thread);
        return -1;
    }
    if (flags & CLONE_CHILD_CLEARTID)
        linux_of(thread)->clear_child_tid = child_tid;
    return proc_start(thread);
}

/* exit() of Linux ends the calling thread; of a process of one thread that is the process. */
int sys_linux_exit(void)
{
    thread_exit((int)linux_argument(0));
}

/* --- futex() --- */

static struct spinlock futex_lock = {.name = "futex"};

/*
 * Threads of the process that wait at `address` with a bit of the mask are woken, up to n of them.
 * Returns how many.
 */
static int wake(uint32_t address, uint32_t n, uint32_t mask)
{
    uint32_t woken = 0;

    acquire(&futex_lock);
    for (struct proc *p = proc; p < proc + NPROC && woken < n; p++) {
        struct linux_process *l = linux_of(p);

        if (p->state != UNUSED && p->vm == myproc()->vm && l->futex == address &&
            l->futex_mask & mask) {
            l->futex = 0;
            wakeup(l);
            woken++;
        }
    }
    release(&futex_lock);
    return (int)woken;
}

int linux_futex_wake(uint32_t address, uint32_t n)
{
    return wake(address, n, UINT32_MAX);
}

/*
 * Wait at `address`, whose word is locked against linux_futex_wake() and what it was thought to be.
 * Clock ticks, -1: for ever. Returns 0 when woken; -1 with EINTR or ETIMEDOUT.
 */
static int wait_at(uint32_t address, int ticks)
{
    struct linux_process *l = linux_of(myproc());
    int begin = clock_uptime();
    int reason = 0;

    l->futex = address;
    while (l->futex && !reason) {
        if (must_give_up())
            reason = myproc()->error;
        else if (ticks >= 0 && clock_uptime() - begin >= ticks)
            reason = ETIMEDOUT;
        else if (ticks >= 0)
            clock_wait_tick(&futex_lock);
        else
            sleep(l, &futex_lock);
    }
    if (!l->futex)
        return 0;
    l->futex = 0;
    return error(reason);
}

/*
 * futex(address, operation, value, time, -, mask): FUTEX_WAIT with a relative time,
 * FUTEX_WAIT_BITSET with an absolute one, of a clock that began with the machine; FUTEX_WAKE,
 * FUTEX_WAKE_BITSET.
 */
static int futex(bool wide)
{
    enum {
        WAIT = 0,
        WAKE = 1,
        WAIT_BITSET = 9,
        WAKE_BITSET = 10,
        PRIVATE = 0x80,
        REALTIME = 0x100
    };
    uint32_t address = linux_argument(0), operation = linux_argument(1) & ~(PRIVATE | REALTIME);
    uint32_t expected = linux_argument(2), word, mask = UINT32_MAX;
    int ticks, result;

    if (operation == WAIT_BITSET || operation == WAKE_BITSET)
        mask = linux_argument(5);
    if (address % sizeof word != 0 || address == 0 || mask == 0)
        return error(EINVAL);
    if (operation == WAKE || operation == WAKE_BITSET)
        return wake(address, expected, mask);
    if (operation != WAIT && operation != WAIT_BITSET)
        return error(ENOSYS);
    if (linux_ticks(linux_argument(3), wide, &ticks) < 0)
        return -1;
    if (operation == WAIT_BITSET && ticks >= 0)
        ticks = ticks > clock_uptime() ? ticks - clock_uptime() : 0;
    acquire(&futex_lock);
    linux_of(myproc())->futex_mask = mask;
    if (copyin(&word, address, sizeof word) < 0)
        result = -1;
    else if (word != expected)
        result = error(EAGAIN);
    else
        result = wait_at(address, ticks);
    release(&futex_lock);
    return result;
}

int sys_futex(void)
{
    return futex(false);
}

int sys_futex_time64(void)
{
    return futex(true);
}

/* --- processors --- */

enum { SET_SIZE = 4 }; /* bytes of a set of processors: NCPU bits */

int sys_sched_setaffinity(void)
{
    uint32_t size = linux_argument(1), set = 0;

    if (copyin(&set, linux_argument(2), size < SET_SIZE ? size : SET_SIZE) < 0)
        return -1;
    return sched_set_cpus((int)linux_argument(0), set);
}

/* Returns the size of the set, as Linux does. */
int sys_sched_getaffinity(void)
{
    uint32_t size = linux_argument(1), set;

    if (size < SET_SIZE || size % SET_SIZE != 0)
        return error(EINVAL);
    if (sched_get_cpus((int)linux_argument(0), &set) < 0 ||
        copyout(linux_argument(2), &set, sizeof set) < 0)
        return -1;
    return SET_SIZE;
}

/* There is one node: number 0. */
int sys_getcpu(void)
{
    static const uint32_t node = 0;
    uint32_t cpu = proc_cpu(myproc())->number;

    if (linux_argument(0) && copyout(linux_argument(0), &cpu, sizeof cpu) < 0)
        return -1;
    return linux_argument(1) ? copyout(linux_argument(1), &node, sizeof node) : 0;
}
