/*
 * The two 8259A interrupt controllers, one behind the other's line 2.
 * Intel 8259A data sheet (231468-003): initialisation words, OCW2, OCW3.
 */
#include "arch/x86/board.h"
#include "arch/x86/traps.h"
#include "arch/x86/x86.h"
#include "kernel/defs.h"

enum {
    MASTER = 0x20,
    SLAVE = 0xa0,
    DATA = 1, /* second port of each */
    ICW1_INIT_ICW4 = 0x11,
    ICW4_8086 = 0x01,
    OCW2_EOI = 0x20,
    OCW3_READ_ISR = 0x0b,
    CASCADE = 2, /* the master's line that the slave is on */
};

static uint16_t mask = 0xffff & ~(1u << CASCADE);

static void init_one(uint16_t port, uint8_t vector, uint8_t cascade)
{
    outb(port, ICW1_INIT_ICW4);
    outb(port + DATA, vector);
    outb(port + DATA, cascade);
    outb(port + DATA, ICW4_8086);
}

static void write_mask(void)
{
    outb(MASTER + DATA, (uint8_t)mask);
    outb(SLAVE + DATA, (uint8_t)(mask >> 8));
}

void pic_init(void)
{
    init_one(MASTER, T_IRQ0, 1 << CASCADE);
    init_one(SLAVE, T_IRQ0 + 8, CASCADE);
    write_mask();
}

void pic_enable(int irq)
{
    mask &= (uint16_t) ~(1u << irq);
    write_mask();
}

/*
 * Tell the controllers that the interrupt has been taken. Lines 7 and 15 are also what they
 * report when a line went away too early; then nothing is in service. Returns false for that.
 */
bool pic_acknowledge(int irq)
{
    uint16_t port = irq < 8 ? MASTER : SLAVE;
    bool real = true;

    if (irq % 8 == 7) {
        outb(port, OCW3_READ_ISR);
        real = inb(port) & 0x80;
    }
    if (irq >= 8 && real)
        outb(SLAVE, OCW2_EOI);
    if (irq >= 8 || real)
        outb(MASTER, OCW2_EOI);
    return real;
}
