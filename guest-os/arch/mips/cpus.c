/*
 * The processors beside the first, which starts them when the kernel is ready. Cards interrupt the
 * first one only; the others are interrupted by processors.
 */
#include "arch/mips/board.h"
#include "arch/mips/trapframe.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

extern void cpu_entry(void); /* entry.S */
void mips_start_cpu(unsigned number);

/* By processor: the address behind its scheduler's stack, less the room for arguments. */
char *cpu_stack[NCPU];

/* Processors 1 and up have their schedulers' stacks here, one behind the other. */
void cpus_give_stacks(char *stacks)
{
    for (unsigned i = 1; i < lamebus_cpus(); i++) {
        char *bottom = stacks + (i - 1) * KSTACKSIZE;

        cpu_init(i, bottom);
        cpu_stack[i] = bottom + KSTACKSIZE - ARGUMENT_ROOM;
    }
}

/* Called by cpu_entry, on its own stack. */
void mips_start_cpu(unsigned number)
{
    exception_init();
    mmu_init();
    if (mycpu()->number != number)
        panic("processor %u has the stack of %u", number, mycpu()->number);
    scheduler();
}

void arch_start_cpus(void)
{
    cpu_count = lamebus_cpus();
    for (unsigned i = 1; i < cpu_count; i++)
        lamebus_start_cpu(i, cpu_entry);
}

void arch_stop_cpus(void)
{
    lamebus_stop_others();
}

void arch_interrupt_cpu(unsigned number)
{
    lamebus_interrupt_cpu(number);
}
