/* lamebus: how a card of the LAMEbus is made: one slot of 64 KiB with registers and bytes.
 *
 * A register is a 32-bit big-endian word, read and written whole; everything else of a card that
 * answers is bytes (a buffer, scratch memory), in accesses of any size. The bus is little-endian
 * (emu/base/bus.h): the words are turned round here, and nowhere else, so a card sees numbers. What
 * neither is a register nor bytes does not answer; neither does a part of a register.
 *
 * A chip is made as devices/device.h says, but that NAME_plug(chip, bus, slot) stands for NAME_map:
 * it puts the card into a slot of the controller (devices/lamebus_bus.h), which tells its identity
 * to the guest and takes its interrupt line. There is no reset line on this bus.
 *
 * Source: System/161 2.0.8, "LAMEbus hardware reference". */
#ifndef DEVICES_LAMEBUS_H
#define DEVICES_LAMEBUS_H

#include "devices/device.h"

#define LAMEBUS_SLOTS      32u
#define LAMEBUS_SLOT_BYTES 0x10000u
#define LAMEBUS_BUFFER     0x8000u /* where a card's buffer begins, if it has one */
#define LAMEBUS_SYSTEM161  1u      /* the vendor */

struct lamebus_ops {
    uint32_t vendor, device, revision;
    /* `offset` in the slot is a multiple of 4. False = there is no such register, or it cannot be
     * read (written). `who` is the number of the processor that asks. */
    bool (*read)(void *chip, unsigned who, uint32_t offset, uint32_t *word);
    bool (*write)(void *chip, unsigned who, uint32_t offset, uint32_t word);
    /* As read, without side effects. */
    bool (*peek)(const void *chip, uint32_t offset, uint32_t *word);
    /* The byte at `offset`; false = there is none. Both are NULL when there are no bytes, put alone
     * when they cannot be written. */
    bool (*get)(const void *chip, uint32_t offset, uint8_t *byte);
    bool (*put)(void *chip, uint32_t offset, uint8_t byte);
};

struct lamebus_bus;

/* Part of each chip's wiring. */
struct lamebus_card {
    const struct lamebus_ops *ops;
    void *chip;
    struct lamebus_bus *bus; /* NULL until it is plugged */
    unsigned slot;
};

/* What a bus window needs (emu/base/bus.h); its device is a struct lamebus_card. */
extern const struct bus_ops lamebus_card_ops;

/* The card's interrupt line. */
void lamebus_irq(const struct lamebus_card *card, bool level);

/* The guest wrote `value` where System/161 hangs, having told its user so; here the write changes
 * nothing, and the machine's trace says what happened. */
void lamebus_misused(const struct lamebus_card *card, uint32_t offset, uint32_t value);

#endif
