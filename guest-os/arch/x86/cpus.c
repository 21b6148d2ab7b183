/* The processors beside the first, which starts them when the kernel is ready. */
#include "arch/x86/board.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

enum { TRAMPOLINE = 0x8000 }; /* a page below 1 MiB; nothing is there any more */

extern const char trampoline[], trampoline_end[]; /* entry.S */
void x86_start_cpu(void);

/* Behind the stack of the processor that is being started. Read by entry.S. */
char *cpu_stack;

static unsigned there = 1; /* processors that the machine has */
static char *stacks;       /* of the schedulers of processors 1 and up */
static uint32_t stack_distance;

/* How many further stacks are needed. */
unsigned cpus_find(void)
{
    there = lapic_find();
    return there - 1;
}

void cpus_give_stacks(char *first, uint32_t distance)
{
    stacks = first;
    stack_distance = distance;
}

/* Called by entry.S on the processor's own stack, in the kernel's address space. */
void x86_start_cpu(void)
{
    seg_init();
    trap_init_cpu();
    fpu_init();
    lapic_init();
    exchange((volatile uint32_t *)&cpu_stack, 0); /* it is taken */
    scheduler();
}

static void start(unsigned number)
{
    char *bottom = stacks + (number - 1) * stack_distance;

    cpu_init(number, bottom);
    cpu_stack = bottom + KSTACKSIZE;
    lapic_start(number, TRAMPOLINE);
    while (*(char *volatile *)&cpu_stack)
        ;
}

void arch_start_cpus(void)
{
    if (there == 1)
        return;
    lapic_init();
    memcpy((void *)(KERNBASE + TRAMPOLINE), trampoline, (size_t)(trampoline_end - trampoline));
    cpu_count = there;
    for (unsigned i = 1; i < there; i++)
        start(i);
}

void arch_stop_cpus(void)
{
    if (cpu_count > 1)
        lapic_stop_others();
}

void arch_interrupt_cpu(unsigned number)
{
    lapic_interrupt(number);
}
