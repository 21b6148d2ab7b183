/*
 * System calls without a trap: a process writes them into entries of its syscall page, and a
 * syscall thread, which runs in ring 0 in the process's address space, makes them. (Soares and
 * Stumm, "FlexSC", OSDI 2010.)
 *
 * The thread never sleeps in a call. One that would have to is FSC_BLOCKED; the thread goes on to
 * the next entry and tries it again later. It looks at the page again and again for a while, so
 * that a program on another processor never traps; then it sleeps, and the clock or flexsc_wait()
 * wakes it.
 */
#include "abi/flexsc/flexsc_kernel.h"
#include "arch/x86/traps.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

enum { LOOKS = 100 }; /* at a page without work, before the thread sleeps */

/* What a call that is made in several attempts has achieved. */
struct progress {
    uint32_t written; /* bytes */
    uint32_t awake;   /* the clock tick at which sleep() is over */
    bool begun;       /* awake says something */
};

/* A process's page, by its leader's slot of the process table. */
static struct flexsc {
    struct fsc_page *page; /* as the kernel sees it; 0: none */
    struct progress progress[FSC_ENTRIES];
} flexsc_table[NPROC];

static struct spinlock flexsc_lock = {.name = "flexsc"};

static struct flexsc *flexsc_of(const struct proc *thread)
{
    return &flexsc_table[thread->leader - proc];
}

/* How many entries have this status. */
static int count(const struct flexsc *f, enum fsc_status status)
{
    int n = 0;

    for (int i = 0; i < FSC_ENTRIES; i++)
        n += f->page->entry[i].status == status;
    return n;
}

/* These make another thread or end this one: they are for the program itself, with int $48. */
static bool only_by_trap(uint32_t number)
{
    switch (number) {
    case FLEX_flexsc_register:
    case FLEX_flexsc_wait:
    case FLEX_fork:
    case FLEX_exec:
    case FLEX_exit: return true;
    default: return false;
    }
}

/* sleep(ticks) */
static int32_t try_sleep(struct progress *progress, uint32_t ticks)
{
    uint32_t now = (uint32_t)clock_uptime();

    if (!progress->begun)
        *progress =
            (struct progress){.begun = true, .awake = now + (ticks < INT32_MAX ? ticks : 0)};
    myproc()->would_sleep = (int32_t)(progress->awake - now) > 0;
    return 0;
}

/* A call that writes, with *address and *length among its arguments: what is left of it. */
static int32_t try_write(struct progress *progress, uint32_t *address, uint32_t *length)
{
    int32_t result;

    *address += progress->written;
    *length -= progress->written;
    result = flexsc_call();
    if (result < 0 && !myproc()->would_sleep)
        return result;
    if (result > 0)
        progress->written += (uint32_t)result;
    return (int32_t)progress->written;
}

static int32_t attempt(struct trapframe *tf, struct progress *progress)
{
    if (only_by_trap(tf->eax))
        return -ENOSYS;
    switch (tf->eax) {
    case FLEX_sleep: return try_sleep(progress, tf->edx);
    case FLEX_write: return try_write(progress, &tf->ecx, &tf->ebx);
    case FLEX_cputs: return try_write(progress, &tf->edx, &tf->ecx);
    default: return flexsc_call();
    }
}

/* Make the call of an entry. What the program changes in it meanwhile changes nothing here. */
static void make_call(struct fsc_entry *e, struct progress *progress)
{
    struct proc *thread = myproc();
    const volatile struct fsc_entry *asked = e;
    struct trapframe tf = {
        .trapno = T_FLEXSC,
        .eax = asked->number,
        .edx = asked->arg[0],
        .ecx = asked->arg[1],
        .ebx = asked->arg[2],
        .edi = asked->arg[3],
        .esi = asked->arg[4],
    };

    e->status = FSC_BUSY;
    thread->tf = &tf;
    thread->would_sleep = false;
    e->result = attempt(&tf, progress);
    fd_call_ends();
    thread->tf = NULL;
    __sync_synchronize(); /* the result is there before the status says so */
    e->status = thread->would_sleep ? FSC_BLOCKED : FSC_DONE;
}

/* Make the calls that are submitted, and try those that are blocked. Returns whether any ended. */
static bool serve(struct flexsc *f)
{
    bool ended = false;

    for (int i = 0; i < FSC_ENTRIES && !myproc()->killed; i++) {
        struct fsc_entry *e = &f->page->entry[i];
        uint32_t status = e->status;

        if (status != FSC_SUBMITTED && status != FSC_BLOCKED)
            continue;
        if (status == FSC_SUBMITTED)
            f->progress[i] = (struct progress){.written = 0};
        make_call(e, &f->progress[i]);
        ended |= e->status == FSC_DONE;
    }
    return ended;
}

/* What a syscall thread does, from flexsc_register() to the end of its process. */
static void scthread_task(void *argument)
{
    struct flexsc *f = argument;
    struct fsc_page *page;
    int looks = 0;

    myproc()->never_sleeps = true;
    while (!myproc()->killed) {
        looks = serve(f) ? 0 : looks + 1;
        acquire(&flexsc_lock);
        wakeup(f->page);
        if (looks < LOOKS) {
            release(&flexsc_lock);
            yield();
            continue;
        }
        looks = 0;
        if (count(f, FSC_SUBMITTED) == 0 && !myproc()->killed)
            sleep(f, &flexsc_lock);
        release(&flexsc_lock);
    }
    acquire(&flexsc_lock);
    page = f->page;
    f->page = NULL;
    wakeup(page); /* who was killed just before it slept in flexsc_wait() */
    release(&flexsc_lock);
    page_free(page);
}

/* The clock: threads that sleep look again whether there is something to do. */
void flexsc_tick(void)
{
    acquire(&flexsc_lock);
    for (struct flexsc *f = flexsc_table; f < flexsc_table + NPROC; f++)
        if (f->page && count(f, FSC_SUBMITTED) + count(f, FSC_BLOCKED) > 0)
            wakeup(f);
    release(&flexsc_lock);
}

/* Make `page` the process's; false with EEXIST if it has one. */
static bool claim(struct flexsc *f, struct fsc_page *page)
{
    bool free;

    acquire(&flexsc_lock);
    free = !f->page;
    if (free)
        f->page = page;
    release(&flexsc_lock);
    if (!free)
        error(EEXIST);
    return free;
}

/* The page for the current process, mapped at va as well; its thread runs. Returns va, or -1. */
static int make_page(struct flexsc *f, uint32_t va)
{
    struct fsc_page *page = page_alloc();

    if (!page)
        return error(ENOMEM);
    memset(page, 0, sizeof *page);
    if (!claim(f, page)) {
        page_free(page);
        return -1;
    }
    if (vm_map_page(myproc()->vm, va, page) == 0) {
        if (kthread_create(myproc(), scthread_task, f))
            return (int)va;
        vm_unmap(myproc()->vm, va, va + PAGE_SIZE);
    }
    acquire(&flexsc_lock);
    f->page = NULL;
    release(&flexsc_lock);
    page_free(page);
    return -1;
}

/*
 * flexsc_register(va): a syscall page at va, 0: at FSC_PAGE, and a thread that serves it. Returns
 * its address. A child of fork() has none.
 */
int sys_flexsc_register(void)
{
    int va;

    if (argint(0, &va) < 0)
        return -1;
    if (va == 0)
        va = (int)FSC_PAGE;
    if ((uint32_t)va % PAGE_SIZE != 0 || (uint32_t)va >= USER_LIMIT)
        return error(EINVAL);
    return make_page(flexsc_of(myproc()), (uint32_t)va);
}

/*
 * flexsc_wait(): waits while calls are submitted or being made, or all that are left are blocked.
 * Returns how many are done.
 */
int sys_flexsc_wait(void)
{
    struct flexsc *f = flexsc_of(myproc());
    int done;

    acquire(&flexsc_lock);
    for (;;) {
        int open;

        if (!f->page) { /* none; or the process ends, and its syscall thread was faster */
            done = error(EINVAL);
            break;
        }
        open = count(f, FSC_SUBMITTED) + count(f, FSC_BUSY);
        done = count(f, FSC_DONE);
        if (open == 0 && (done > 0 || count(f, FSC_BLOCKED) == 0))
            break;
        if (must_give_up()) {
            done = -1;
            break;
        }
        wakeup(f);
        sleep(f->page, &flexsc_lock);
    }
    release(&flexsc_lock);
    return done;
}
