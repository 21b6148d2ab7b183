/*
 * The timer card: HZ interrupts a second. The processor's own Count stands still while it waits for
 * an interrupt, so sleepers could not rely on it; one clock serves them and, on all processors,
 * preemption.
 */
#include "arch/mips/board.h"
#include "kernel/defs.h"
#include "kernel/param.h"

enum { RESTART = 0x08, INTERRUPT = 0x0c, COUNTDOWN = 0x10, SECOND_US = 1000000 };

static void interrupt(int slot)
{
    if (!lamebus_read(slot, INTERRUPT)) /* this also takes the interrupt back */
        return;
    clock_tick();
}

void ltimer_init(void)
{
    int slot = lamebus_find(VENDOR_SYSTEM161, DEVICE_TIMER, 0);

    if (slot < 0)
        panic("there is no timer card");
    lamebus_on_interrupt(slot, interrupt);
    lamebus_write(slot, RESTART, 1);
    lamebus_write(slot, COUNTDOWN, SECOND_US / HZ);
}
