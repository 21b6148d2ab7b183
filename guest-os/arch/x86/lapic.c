/*
 * The local APICs: by them processors start and interrupt each other. Devices interrupt the first
 * processor only, through the 8259As, as the firmware has left it (virtual wire mode).
 * Intel SDM vol. 3, chapter 10.
 */
#include "arch/x86/board.h"
#include "arch/x86/traps.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

enum {
    EOI = 0x0b0,
    SPURIOUS = 0x0f0,
    COMMAND = 0x300,
    DESTINATION = 0x310,

    ENABLE = 0x100, /* of SPURIOUS; the low bits are a vector */
    ASSERT = 0x4000,
    INIT = 0x500,
    STARTUP = 0x600, /* with the number of a page below 1 MiB */
    TO_OTHERS = 0xc0000,

    POST = 0x80, /* a port that may be read at any time */
};

static uint8_t ids[NCPU];

static void write(uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)(LAPIC_ADDRESS + offset) = value;
}

/* Send a message to a processor. Interrupts are off: it takes two writes. */
static void send(unsigned number, uint32_t message)
{
    write(DESTINATION, (uint32_t)ids[number] << 24);
    write(COMMAND, message);
}

/* How many processors are there? Asked once, before there are address spaces. */
unsigned lapic_find(void)
{
    unsigned n = mp_processors(ids);

    if (n > 1)
        mmu_map_device(LAPIC_ADDRESS);
    return n > 1 ? n : 1;
}

/* Let this processor's take messages. */
void lapic_init(void)
{
    write(SPURIOUS, ENABLE | T_SPURIOUS);
}

/* An interrupt that another processor sent has been taken. */
void lapic_acknowledge(void)
{
    write(EOI, 0);
}

/* The other processors are as after a reset and wait to be started. */
void lapic_stop_others(void)
{
    write(COMMAND, TO_OTHERS | ASSERT | INIT);
}

void lapic_interrupt(unsigned number)
{
    send(number, ASSERT | T_CPU);
}

/* Microseconds, or somewhat more: an access to the ISA bus takes one. */
static void delay(int n)
{
    while (n-- > 0)
        inb(POST);
}

/* Have a processor begin at physical address `page`, in real mode. SDM vol. 3, 8.4.4.1. */
void lapic_start(unsigned number, uint32_t page)
{
    send(number, ASSERT | INIT);
    delay(10000);
    for (int i = 0; i < 2; i++) {
        send(number, ASSERT | STARTUP | page / PAGE_SIZE);
        delay(200);
    }
}
