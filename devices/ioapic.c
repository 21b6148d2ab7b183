/* ioapic: the 82093AA I/O APIC: which of 24 pins interrupts which processor, and as what. */
#include "devices/ioapic.h"

#define WINDOW 0x1000u

enum windows { IOREGSEL = 0x00, IOWIN = 0x10 };
enum registers { ID, VER, ARBITRATION, ENTRIES = 0x10 };

enum entry {
    ENTRY_MODE = 8, /* the bit at which the delivery mode begins */
    ENTRY_LOGICAL = 1 << 11,
    ENTRY_LOW = 1 << 13,
    ENTRY_REMOTE_IRR = 1 << 14,
    ENTRY_LEVEL = 1 << 15,
    ENTRY_MASKED = 1 << 16,
    ENTRY_WRITABLE = 0x1afff,
};

#define ENTRY_DESTINATION 56

static bool active(const struct ioapic *ioapic, unsigned pin)
{
    bool level = (ioapic->s.pins >> pin & 1) != 0;
    return level != ((ioapic->s.entry[pin] & ENTRY_LOW) != 0);
}

static bool send(struct ioapic *ioapic, unsigned pin)
{
    uint64_t entry = ioapic->s.entry[pin];
    struct apic_message message = {
        .from = (uint16_t)(APIC_FROM_PIN + pin),
        .destination = (uint8_t)(entry >> ENTRY_DESTINATION),
        .logical = (entry & ENTRY_LOGICAL) != 0,
        .level = (entry & ENTRY_LEVEL) != 0,
        .mode = entry >> ENTRY_MODE & 7,
        .vector = (uint8_t)entry,
    };
    bool reserved = message.mode == 3 || message.mode == APIC_STARTUP || message.mode == APIC_SMI;
    return !reserved && apic_send(ioapic->bus, &message);
}

/* A pin that is level sensitive. */
static void send_level(struct ioapic *ioapic, unsigned pin)
{
    uint64_t *entry = &ioapic->s.entry[pin];
    if ((*entry & (ENTRY_LEVEL | ENTRY_MASKED | ENTRY_REMOTE_IRR)) != ENTRY_LEVEL ||
        !active(ioapic, pin))
        return;
    if (send(ioapic, pin))
        *entry |= ENTRY_REMOTE_IRR;
}

void ioapic_pin(void *chip, unsigned pin, bool level)
{
    struct ioapic *ioapic = chip;
    uint32_t bit = UINT32_C(1) << pin % IOAPIC_PINS;
    pin %= IOAPIC_PINS;
    if (((ioapic->s.pins & bit) != 0) == level)
        return;
    ioapic->s.pins ^= bit;
    if ((ioapic->s.entry[pin] & ENTRY_LEVEL) != 0)
        send_level(ioapic, pin);
    else if (active(ioapic, pin) && (ioapic->s.entry[pin] & ENTRY_MASKED) == 0)
        send(ioapic, pin);
}

static void end_of_interrupt(void *chip, uint8_t vector)
{
    struct ioapic *ioapic = chip;
    for (unsigned pin = 0; pin < IOAPIC_PINS; pin++) {
        uint64_t *entry = &ioapic->s.entry[pin];
        if ((uint8_t)*entry != vector || (*entry & ENTRY_REMOTE_IRR) == 0)
            continue;
        *entry &= ~(uint64_t)ENTRY_REMOTE_IRR;
        send_level(ioapic, pin);
    }
}

/* --- registers -------------------------------------------------------------------------------- */

static uint32_t look(const struct ioapic *ioapic)
{
    uint32_t number = ioapic->s.select;
    if (number >= ENTRIES && number < ENTRIES + 2 * IOAPIC_PINS)
        return (uint32_t)(ioapic->s.entry[(number - ENTRIES) / 2] >> (number & 1 ? 32 : 0));
    switch (number) {
    case ID:
    case ARBITRATION: return ioapic->s.id;
    case VER: return IOAPIC_VERSION;
    default: return 0;
    }
}

static void write_entry(struct ioapic *ioapic, unsigned pin, bool high, uint32_t value)
{
    uint64_t *entry = &ioapic->s.entry[pin];
    if (high) {
        *entry = (*entry & UINT32_MAX) | (uint64_t)(value & 0xff000000) << 32;
    } else {
        uint64_t kept = ~(uint64_t)ENTRY_WRITABLE;
        if ((value & ENTRY_LEVEL) == 0)
            kept &= ~(uint64_t)ENTRY_REMOTE_IRR;
        *entry = (*entry & kept) | (value & ENTRY_WRITABLE);
    }
    send_level(ioapic, pin);
}

static void write_window(struct ioapic *ioapic, uint32_t value)
{
    uint32_t number = ioapic->s.select;
    if (number == ID)
        ioapic->s.id = value & 0x0f000000;
    else if (number >= ENTRIES && number < ENTRIES + 2 * IOAPIC_PINS)
        write_entry(ioapic, (number - ENTRIES) / 2, (number & 1) != 0, value);
}

static bool bus_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    const struct ioapic *ioapic = device;
    (void)size;
    if (offset != IOREGSEL && offset != IOWIN)
        return false;
    *value = offset == IOREGSEL ? ioapic->s.select : look(ioapic);
    if (size < 4)
        *value &= (UINT32_C(1) << 8 * size) - 1;
    return true;
}

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who;
    return bus_look(device, offset, size, value);
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    struct ioapic *ioapic = device;
    (void)who;
    if (offset == IOREGSEL)
        ioapic->s.select = value & 0xff;
    else if (offset == IOWIN && size == 4)
        write_window(ioapic, value);
    return offset == IOREGSEL || offset == IOWIN;
}

static const struct bus_ops ops = {.read = bus_in, .write = bus_out, .peek = bus_look};

/* --- wiring ----------------------------------------------------------------------------------- */

static bool valid(const void *bytes)
{
    const struct ioapic_state *s = bytes;
    uint64_t known = ENTRY_WRITABLE | ENTRY_REMOTE_IRR | UINT64_C(0xff) << ENTRY_DESTINATION;
    for (unsigned pin = 0; pin < IOAPIC_PINS; pin++)
        if ((s->entry[pin] & ~known) != 0 ||
            (s->entry[pin] & (ENTRY_LEVEL | ENTRY_REMOTE_IRR)) == ENTRY_REMOTE_IRR)
            return false;
    return s->select <= 0xff && (s->id & ~0x0f000000u) == 0 && s->pins >> IOAPIC_PINS == 0 &&
           s->reserved == 0;
}

void ioapic_init(struct ioapic *ioapic, struct apic_bus *bus)
{
    *ioapic = (struct ioapic){.bus = bus};
    bus->eoi = end_of_interrupt;
    bus->ioapic = ioapic;
    ioapic_reset(ioapic);
}

void ioapic_reset(struct ioapic *ioapic)
{
    ioapic->s = (struct ioapic_state){.pins = ioapic->s.pins};
    for (unsigned pin = 0; pin < IOAPIC_PINS; pin++)
        ioapic->s.entry[pin] = ENTRY_MASKED;
}

void ioapic_map(struct ioapic *ioapic, struct bus *memory)
{
    bus_add_device(memory, "ioapic", IOAPIC_BASE, WINDOW, &ops, ioapic);
}

void ioapic_add_state(struct ioapic *ioapic, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "ioapic",
                       .version = 1,
                       .size = sizeof ioapic->s,
                       .bytes = &ioapic->s,
                       .valid = valid,
                   });
}
