/*
 * The x87's registers, of which every process has its own: they are exchanged when a process that
 * uses them meets those of another, not at every switch. CR0.TS makes the first instruction of the
 * x87 after a switch a trap (#NM, "device not available"). Intel SDM vol. 3, 2.5 and 13.4.
 */
#include "arch/x86/board.h"
#include "arch/x86/x86.h"
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

static struct proc *owner; /* whose numbers are in the registers; 0: nobody's */

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

/* p is about to run. */
void fpu_switch(const struct proc *p)
{
    if (p == owner)
        set_cr0(CR0_TS, 0);
    else
        set_cr0(0, CR0_TS);
}

/* p begins anew, with an x87 that nobody has used. */
void fpu_forget(struct proc *p)
{
    saved[slot(p)].used = false;
    if (p != owner)
        return;
    owner = 0;
    set_cr0(0, CR0_TS);
}

/* The child begins with what its parent, the current process, has. */
void fpu_fork(struct proc *child, const struct proc *parent)
{
    if (parent == owner) {
        save(&saved[slot(parent)].image);
        load(&saved[slot(parent)].image);
    }
    saved[slot(child)] = saved[slot(parent)];
}

/* The trap of the current process's first use since another's. */
void fpu_wanted(void)
{
    struct proc *p = myproc();

    set_cr0(CR0_TS, 0);
    if (owner)
        save(&saved[slot(owner)].image);
    if (saved[slot(p)].used)
        load(&saved[slot(p)].image);
    else
        __asm__ volatile("fninit");
    saved[slot(p)].used = true;
    owner = p;
}

/* The current process's registers, as a signal's handler finds them saved. */
void fpu_get(struct proc *p, uint8_t image[sizeof(struct image)])
{
    fpu_wanted();
    save(&saved[slot(p)].image);
    load(&saved[slot(p)].image);
    memcpy(image, &saved[slot(p)].image, sizeof(struct image));
}

/* The other way: a handler has ended. */
void fpu_set(struct proc *p, const uint8_t image[sizeof(struct image)])
{
    fpu_wanted();
    memcpy(&saved[slot(p)].image, image, sizeof(struct image));
    load(&saved[slot(p)].image);
}
