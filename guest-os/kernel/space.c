/*
 * Which processor uses which address space, and how its page table is changed under several.
 *
 * A processor remembers what it has read in a page table (its TLB), and nothing but itself can make
 * it forget. So who takes entries away has the other processors that use the table stop first:
 * they wait with interrupts off, in an interrupt or where they wait for a spinlock, and begin
 * afresh when the change is done. A page that was taken away is nobody's any more before it is
 * given to somebody else.
 *
 * Each processor says in `space` what it uses and in `changing` what it changes, before it looks at
 * what the others say; so of two that meet, one at least sees the other.
 */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

/* Write a word that others read, and let nothing that follows overtake it. */
static void say(pte_t **place, pte_t *top)
{
    exchange((volatile uint32_t *)place, (uint32_t)(uintptr_t)top);
}

/* Does another processor change what this one uses? */
static bool is_changed(const struct cpu *me)
{
    for (const struct cpu *c = cpus; c < cpus + cpu_count; c++)
        if (c != me && *(pte_t *const volatile *)&c->changing == me->space)
            return me->space;
    return false;
}

/* Stand still while others change what this processor uses. Returns whether it has been changed. */
static bool stand_still(struct cpu *cpu)
{
    bool changed = false;

    while (is_changed(cpu)) {
        changed = true;
        exchange(&cpu->stopped, 1);
        while (is_changed(cpu))
            ;
        exchange(&cpu->stopped, 0); /* then look again: another change may count on it */
    }
    return changed;
}

/*
 * Called by a processor that waits with interrupts off, and by the interrupt that mmu_change()
 * sends: whoever changes its address space may wait for it.
 */
void mmu_attend(void)
{
    struct cpu *cpu = mycpu();

    if (cpu_count > 1 && stand_still(cpu))
        mmu_load(cpu->space);
}

/* Use this address space from now on; 0 = one with nothing but the kernel. Interrupts are off. */
void mmu_switch(pte_t *top)
{
    struct cpu *cpu = mycpu();

    if (cpu->space == top)
        return;
    say(&cpu->space, top);
    if (cpu_count > 1)
        stand_still(cpu);
    mmu_load(top);
}

/* Stop the other processors that use the address space. */
void mmu_change(pte_t *top)
{
    struct cpu *me = mycpu();

    if (cpu_count == 1)
        return;
    say(&me->changing, top);
    for (struct cpu *c = cpus; c < cpus + cpu_count; c++)
        if (c != me && *(pte_t *volatile *)&c->space == top)
            arch_interrupt_cpu(c->number);
    for (struct cpu *c = cpus; c < cpus + cpu_count; c++)
        while (c != me && *(pte_t *volatile *)&c->space == top &&
               !*(volatile uint32_t *)&c->stopped)
            mmu_attend();
}

/* Let them go on, with what the page table says now. */
void mmu_changed(pte_t *top, uint32_t va)
{
    struct cpu *me = mycpu();

    if (me->space == top && va != MMU_ALL)
        mmu_forget(va);
    else if (me->space == top)
        mmu_forget_all();
    if (cpu_count == 1)
        return;
    for (unsigned i = 0; i < cpu_count; i++)
        if (i != me->number)
            mmu_outdated(top, i);
    say(&me->changing, NULL);
}
