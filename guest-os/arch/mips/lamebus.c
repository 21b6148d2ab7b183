/*
 * The LAMEbus of System/161: 32 slots with a card each, and in slot 31 the controller, which knows
 * who is where, who wants attention, and how to turn the power off. "LAMEbus hardware reference".
 * Devices are reached through kseg1, which no cache stands before.
 */
#include "arch/mips/board.h"
#include "kernel/arch.h"
#include "kernel/defs.h"

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
};

#define BUS 0xbfe00000u

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
    bool were_on = intr_enabled();

    intr_off();
    enabled = on ? enabled | 1u << slot : enabled & ~(1u << slot);
    lamebus_write(CONTROLLER, ENABLED, enabled);
    if (were_on)
        intr_on();
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
