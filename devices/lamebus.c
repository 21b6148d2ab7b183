/* lamebus: how a card of the LAMEbus is made: one slot of 64 KiB with registers and bytes. */
#include "devices/lamebus.h"

#include "devices/lamebus_bus.h"

static bool is_register(uint32_t offset, unsigned size)
{
    return size == 4 && offset % 4 == 0;
}

static bool get_bytes(const struct lamebus_card *card, uint32_t offset, unsigned size,
                      uint32_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < size; i++) {
        uint8_t byte;
        if (card->ops->get == NULL || !card->ops->get(card->chip, offset + i, &byte))
            return false;
        *value |= (uint32_t)byte << 8 * i;
    }
    return true;
}

static bool read(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    const struct lamebus_card *card = device;
    uint32_t word;
    if (!is_register(offset, size) || !card->ops->read(card->chip, who, offset, &word))
        return get_bytes(card, offset, size, value);
    *value = __builtin_bswap32(word);
    return true;
}

static bool peek(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    const struct lamebus_card *card = device;
    uint32_t word;
    if (!is_register(offset, size) || !card->ops->peek(card->chip, offset, &word))
        return get_bytes(card, offset, size, value);
    *value = __builtin_bswap32(word);
    return true;
}

static bool write(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    const struct lamebus_card *card = device;
    if (is_register(offset, size) &&
        card->ops->write(card->chip, who, offset, __builtin_bswap32(value)))
        return true;
    for (unsigned i = 0; i < size; i++)
        if (card->ops->put == NULL ||
            !card->ops->put(card->chip, offset + i, (uint8_t)(value >> 8 * i)))
            return false;
    return true;
}

const struct bus_ops lamebus_card_ops = {.read = read, .write = write, .peek = peek};

void lamebus_irq(const struct lamebus_card *card, bool level)
{
    if (card->bus != NULL)
        lamebus_bus_pin(card->bus, card->slot, level);
}

void lamebus_misused(const struct lamebus_card *card, uint32_t offset, uint32_t value)
{
    if (card->bus != NULL && card->bus->outside.misused != NULL)
        card->bus->outside.misused(card->bus->outside.context, card->slot, offset, value);
}
