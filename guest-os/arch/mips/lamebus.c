/*
 * The LAMEbus of System/161: 32 slots with a card each, and in slot 31 the controller, which knows
 * who is where, who wants attention, and how to turn the power off. "LAMEbus hardware reference".
 * Devices are reached through kseg1, which no cache stands before.
 */
#include "arch/mips/board.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/lock.h"
#include "kernel/proc.h"

enum {
    SLOTS = 32,
    CONTROLLER = 31,
    SLOT_SIZE = 0x10000,

    CARD = 0x400, /* one such part of the controller for each slot: */
    CARD_VENDOR = 0,
    CARD_DEVICE = 4,

    MEMORY_SIZE = 0x7e00,
    INTERRUPTS = 0x7e04,
    POWER = 0x7e08,
    ENABLED = 0x7e0c,
    CPUS = 0x7e10,         /* bit n: processor n is there */
    CPUS_ENABLED = 0x7e14, /* and runs */
    SELF = 0x7e18,         /* the one that reads this */

    CPU = 0x8000, /* from here on one such part for each processor: */
    CPU_SIZE = 0x400,
    CPU_INTERRUPTS = 0x000, /* slots whose interrupts it takes */
    CPU_INTERRUPTED = 0x004,
    CPU_START = 0x300, /* where it begins; the next word is for its register a0 */
    CPU_ARGUMENT = 0x304,
};

#define BUS 0xbfe00000u

static struct spinlock lamebus_lock = {.name = "lamebus"};
static void (*handlers[SLOTS])(int slot);
static uint32_t enabled; /* slots that may interrupt */

static volatile uint32_t *register_at(int slot, uint32_t offset)
{
    return (volatile uint32_t *)(uintptr_t)(BUS + (uint32_t)slot * SLOT_SIZE + offset);
}

uint32_t lamebus_read(int slot, uint32_t offset)
{
    return *register_at(slot, offset);
}

void lamebus_write(int slot, uint32_t offset, uint32_t value)
{
    *register_at(slot, offset) = value;
}

/* A card's memory, which may be read and written like any other. */
void *lamebus_buffer(int slot, uint32_t offset)
{
    return (void *)(uintptr_t)register_at(slot, offset);
}

void lamebus_init(void)
{
    lamebus_write(CONTROLLER, ENABLED, enabled);
}

/* Bytes of memory from address 0. */
uint32_t lamebus_memory_size(void)
{
    return lamebus_read(CONTROLLER, MEMORY_SIZE);
}

/* The slot of the nth card of this kind, counted from 0; -1 if there are fewer. */
int lamebus_find(uint32_t vendor, uint32_t device, int nth)
{
    for (int slot = 0; slot < SLOTS; slot++) {
        uint32_t card = (uint32_t)slot * CARD;

        if (lamebus_read(CONTROLLER, card + CARD_VENDOR) == vendor &&
            lamebus_read(CONTROLLER, card + CARD_DEVICE) == device && nth-- == 0)
            return slot;
    }
    return -1;
}

/* Call the handler whenever the card in the slot asks for attention. */
void lamebus_on_interrupt(int slot, void (*handler)(int slot))
{
    handlers[slot] = handler;
    lamebus_mask(slot, true);
}

/* Let the card interrupt or not: off leaves its interrupt waiting. */
void lamebus_mask(int slot, bool on)
{
    acquire(&lamebus_lock);
    enabled = on ? enabled | 1u << slot : enabled & ~(1u << slot);
    lamebus_write(CONTROLLER, ENABLED, enabled);
    release(&lamebus_lock);
}

/* Some cards want attention. */
void lamebus_interrupt(void)
{
    uint32_t asking = lamebus_read(CONTROLLER, INTERRUPTS) & enabled;

    for (int slot = 0; slot < SLOTS; slot++)
        if (asking & 1u << slot && handlers[slot])
            handlers[slot](slot);
}

void lamebus_power_off(void)
{
    lamebus_write(CONTROLLER, POWER, 0);
}

/* How many processors there are; their numbers are 0 and up. */
unsigned lamebus_cpus(void)
{
    uint32_t present = lamebus_read(CONTROLLER, CPUS);
    unsigned n = 1;

    while (n < NCPU && present >> n & 1)
        n++;
    return n;
}

static void cpu_write(unsigned number, uint32_t offset, uint32_t value)
{
    lamebus_write(CONTROLLER, CPU + number * CPU_SIZE + offset, value);
}

/* Have a processor begin at `entry`, with its number in a0. No card interrupts it. */
void lamebus_start_cpu(unsigned number, void (*entry)(void))
{
    cpu_write(number, CPU_INTERRUPTS, 0);
    cpu_write(number, CPU_START, (uint32_t)(uintptr_t)entry);
    cpu_write(number, CPU_ARGUMENT, number);
    lamebus_write(CONTROLLER, CPUS_ENABLED, lamebus_read(CONTROLLER, CPUS_ENABLED) | 1u << number);
}

/* Only this processor goes on. */
void lamebus_stop_others(void)
{
    lamebus_write(CONTROLLER, CPUS_ENABLED, lamebus_read(CONTROLLER, SELF));
}

/* Interrupt a processor, and take back what interrupts this one. */
void lamebus_interrupt_cpu(unsigned number)
{
    cpu_write(number, CPU_INTERRUPTED, 1);
}

void lamebus_acknowledge_cpu(void)
{
    cpu_write(mycpu()->number, CPU_INTERRUPTED, 0);
}
