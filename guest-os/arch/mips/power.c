/* Ending the machine. */
#include "arch/mips/board.h"
#include "arch/mips/cp0.h"
#include "kernel/arch.h"

void arch_exit(uint32_t status)
{
    hostcard_exit(status);
}

void arch_power_off(void)
{
    lamebus_power_off();
    arch_halt();
}

void arch_halt(void)
{
    intr_off();
    for (;;)
        cpu_wait();
}
