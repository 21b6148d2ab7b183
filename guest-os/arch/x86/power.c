/* Ending the machine. */
#include "arch/x86/x86.h"
#include "kernel/arch.h"

enum {
    DEBUG_EXIT = 0xf4, /* QEMU's isa-debug-exit: a write ends the emulator with that value */
    ACPI_PM1A = 0x604, /* power management control, where QEMU's PC has it */
    SLEEP_S5 = 0x2000, /* SLP_EN with sleep type 0: soft off */
};

void arch_exit(uint32_t status)
{
    outl(DEBUG_EXIT, status);
}

void arch_power_off(void)
{
    outw(ACPI_PM1A, SLEEP_S5);
    arch_halt();
}

void arch_halt(void)
{
    for (;;)
        __asm__ volatile("cli; hlt");
}
