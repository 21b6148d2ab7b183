/*
 * The x87's registers, of which every process has its own: they are exchanged when a process that
 * uses them meets those of another, not at every switch. CR0.TS makes the first instruction of the
 * x87 after a switch a trap (#NM, "device not available"). Intel SDM vol. 3, 2.5 and 13.4.
 */
#include "arch/x86/board.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

enum { CR0_MP = 0x02, CR0_EM = 0x04, CR0_TS = 0x08, CR0_NE = 0x20 };

/* As FNSAVE writes it. Intel SDM vol. 1, figure 8-9. */
struct image {
    uint8_t bytes[108];
};

static struct {
    bool used; /* else the process has not touched the x87 yet */
    struct image image;
} saved[NPROC];

/* By processor: whose numbers are in its registers; 0: nobody's. Interrupts are off where it
 * counts. */
static struct proc *owners[NCPU];

static struct proc **owner(void)
{
    return &owners[mycpu()->number];
}

static size_t slot(const struct proc *p)
{
    return (size_t)(p - proc);
}

static void set_cr0(uint32_t clear, uint32_t set)
{
    uint32_t cr0;

    __asm__ volatile("movl %%cr0, %0" : "=r"(cr0));
    __asm__ volatile("movl %0, %%cr0" : : "r"((cr0 & ~clear) | set));
}

static void save(struct image *to)
{
    __asm__ volatile("fnsave %0" : "=m"(*to));
}

static void load(const struct image *from)
{
    /* An exception that the registers' last owner left pending would stop frstor. */
    __asm__ volatile("fnclex; frstor %0" : : "m"(*from));
}

void fpu_init(void)
{
    set_cr0(CR0_EM, CR0_MP | CR0_NE | CR0_TS);
}

/* p is about to run here. */
void fpu_switch(const struct proc *p)
{
    if (p == *owner())
        set_cr0(CR0_TS, 0);
    else
        set_cr0(0, CR0_TS);
}

/* p leaves this processor. If there are others, its numbers must not stay in the registers of this.
 */
void fpu_leave(struct proc *p)
{
    if (cpu_count == 1 || p != *owner())
        return;
    save(&saved[slot(p)].image);
    *owner() = NULL;
}

/* p, new or the current thread, begins anew, with an x87 that nobody has used. */
void fpu_forget(struct proc *p)
{
    bool were_on = intr_save();

    saved[slot(p)].used = false;
    if (p == *owner()) {
        *owner() = NULL;
        set_cr0(0, CR0_TS);
    }
    intr_restore(were_on);
}

/* The current thread's registers go to its image, and stay in the registers. */
static void keep(struct proc *p)
{
    save(&saved[slot(p)].image);
    load(&saved[slot(p)].image);
}

/* The child begins with what its parent, the current thread, has. */
void fpu_fork(struct proc *child, const struct proc *parent)
{
    bool were_on = intr_save();

    if (parent == *owner())
        keep(*owner());
    saved[slot(child)] = saved[slot(parent)];
    intr_restore(were_on);
}

/* The trap of the current thread's first use since another's. Interrupts are off. */
void fpu_wanted(void)
{
    struct proc *p = myproc();

    set_cr0(CR0_TS, 0);
    if (*owner())
        save(&saved[slot(*owner())].image);
    if (saved[slot(p)].used)
        load(&saved[slot(p)].image);
    else
        __asm__ volatile("fninit");
    saved[slot(p)].used = true;
    *owner() = p;
}

/* The current thread's registers, as a signal's handler finds them saved. */
void fpu_get(struct proc *p, uint8_t image[sizeof(struct image)])
{
    bool were_on = intr_save();

    fpu_wanted();
    keep(p);
    memcpy(image, &saved[slot(p)].image, sizeof(struct image));
    intr_restore(were_on);
}

/* The other way: a handler has ended. */
void fpu_set(struct proc *p, const uint8_t image[sizeof(struct image)])
{
    bool were_on = intr_save();

    fpu_wanted();
    memcpy(&saved[slot(p)].image, image, sizeof(struct image));
    load(&saved[slot(p)].image);
    intr_restore(were_on);
}
