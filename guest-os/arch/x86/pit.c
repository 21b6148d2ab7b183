/* The 8254 timer: channel 0 interrupts HZ times a second. Intel 8254 data sheet, mode 2. */
#include "arch/x86/board.h"
#include "arch/x86/traps.h"
#include "arch/x86/x86.h"
#include "kernel/param.h"

enum {
    CHANNEL0 = 0x40,
    CONTROL = 0x43,
    CHANNEL0_LOW_HIGH_RATE = 0x34,
    INPUT_HZ = 1193182,
    DIVISOR = (INPUT_HZ + HZ / 2) / HZ,
};

void pit_init(void)
{
    outb(CONTROL, CHANNEL0_LOW_HIGH_RATE);
    outb(CHANNEL0, DIVISOR & 0xff);
    outb(CHANNEL0, DIVISOR >> 8);
    pic_enable(IRQ_TIMER);
}
