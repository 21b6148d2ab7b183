/* Thread-local storage on the i386: segments whose descriptors are the process's own. */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "arch/x86/board.h"
#include "arch/x86/mmu.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"

void linux_switch(const struct proc *p)
{
    seg_set_tls(linux_of(p)->tls.descriptor);
}

void linux_forget_tls(struct proc *p)
{
    struct linux_tls *tls = &linux_of(p)->tls;

    *tls = (struct linux_tls){{0}};
    seg_set_tls(tls->descriptor);
}

/* struct user_desc of <asm/ldt.h>. */
struct user_desc {
    uint32_t entry_number;
    uint32_t base;
    uint32_t limit;
    uint32_t flags;
};

enum {
    DESC_32BIT = 0x01,
    DESC_CONTENTS = 0x06,
    DESC_READ_ONLY = 0x08,
    DESC_LIMIT_IN_PAGES = 0x10,
    DESC_NOT_PRESENT = 0x20,
};

/*
 * A selector of the program that chooses an empty descriptor (in ss: one that is read-only) could
 * not be loaded again, and it is the kernel that would have to.
 */
static void forget_selector(int entry)
{
    uint16_t selector = (uint16_t)((SEG_TLS + entry) << 3 | DPL_USER);
    struct trapframe *tf = myproc()->tf;
    uint16_t fs, gs;

    __asm__ volatile("movw %%fs, %0; movw %%gs, %1" : "=r"(fs), "=r"(gs));
    if ((fs | DPL_USER) == selector)
        __asm__ volatile("movw %w0, %%fs" : : "r"(0));
    if ((gs | DPL_USER) == selector)
        __asm__ volatile("movw %w0, %%gs" : : "r"(0));
    if ((tf->ds | DPL_USER) == selector)
        tf->ds = SEG_UDATA << 3 | DPL_USER;
    if ((tf->es | DPL_USER) == selector)
        tf->es = SEG_UDATA << 3 | DPL_USER;
    if ((tf->ss | DPL_USER) == selector)
        tf->ss = SEG_UDATA << 3 | DPL_USER;
}

static int free_entry(const struct linux_process *l)
{
    for (int i = 0; i < TLS_ENTRIES; i++)
        if (!l->tls.descriptor[i])
            return i;
    return error(ESRCH);
}

static uint64_t descriptor_of(const struct user_desc *d)
{
    if (d->flags & DESC_NOT_PRESENT)
        return 0;
    return seg_tls(d->base, d->limit, !(d->flags & DESC_READ_ONLY), d->flags & DESC_32BIT,
                   d->flags & DESC_LIMIT_IN_PAGES);
}

/* A new thread's entry, which clone() names; the selector is its creator's. */
int linux_set_tls(struct proc *thread, uint32_t tls)
{
    struct user_desc d;

    if (copyin(&d, tls, sizeof d) < 0)
        return -1;
    if (d.entry_number < SEG_TLS || d.entry_number >= SEG_TLS + TLS_ENTRIES ||
        d.flags & (DESC_CONTENTS | DESC_NOT_PRESENT | DESC_READ_ONLY))
        return error(EINVAL);
    linux_of(thread)->tls.descriptor[d.entry_number - SEG_TLS] = descriptor_of(&d);
    return 0;
}

/* Entry number -1 asks for a free one, which is told. Data segments only. */
int sys_set_thread_area(void)
{
    struct linux_process *l = linux_of(myproc());
    struct user_desc d;
    int entry;

    if (copyin(&d, linux_argument(0), sizeof d) < 0)
        return -1;
    entry = d.entry_number == UINT32_MAX ? free_entry(l) : (int)d.entry_number - SEG_TLS;
    if (entry < 0 || entry >= TLS_ENTRIES)
        return error(myproc()->error ? ESRCH : EINVAL);
    if (d.flags & DESC_CONTENTS && !(d.flags & DESC_NOT_PRESENT))
        return error(EINVAL);
    if (d.flags & (DESC_NOT_PRESENT | DESC_READ_ONLY))
        forget_selector(entry);
    l->tls.descriptor[entry] = descriptor_of(&d);
    seg_set_tls(l->tls.descriptor);
    d.entry_number = (uint32_t)(entry + SEG_TLS);
    return copyout(linux_argument(0), &d.entry_number, sizeof d.entry_number);
}
