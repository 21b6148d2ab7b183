/* lamebus_bus: the LAMEbus controller in slot 31: who is in which slot, interrupts, processors,
 * power. */
#include "devices/lamebus_bus.h"

#include <string.h>

#include "emu/base/bug.h"

#define AREA  0x400u /* bytes of the registers of one slot or of one processor */
#define CRAM  0x300u /* in a processor's area */
#define KSEG0 0x80000000u
#define BOARD 10u /* device number: main board */

enum config { VENDOR = 0, DEVICE = 4, REVISION = 8 };
enum registers {
    RAMSZ = 0x7e00,
    IRQS = 0x7e04,
    PWR = 0x7e08,
    IRQE = 0x7e0c,
    CPUS = 0x7e10,
    CPUE = 0x7e14,
    SELF = 0x7e18,
};
enum processor { CIRQE = 0, CIPI = 4 };

/* --- interrupts ------------------------------------------------------------------------------ */

static void update(struct lamebus_bus *bus)
{
    uint32_t asserted = bus->s.irqs & bus->s.irqe;
    for (unsigned i = 0; i < bus->cpus; i++) {
        bool level = (asserted & bus->s.cpu[i].cirqe) != 0;
        if ((bus->s.interrupted >> i & 1) == level)
            continue;
        bus->s.interrupted ^= UINT32_C(1) << i;
        irq_set(&bus->irq[i], level);
    }
}

void lamebus_bus_pin(struct lamebus_bus *bus, unsigned slot, bool level)
{
    uint32_t bit = UINT32_C(1) << slot;
    bus->s.irqs = level ? bus->s.irqs | bit : bus->s.irqs & ~bit;
    update(bus);
}

bool lamebus_bus_asserted(const struct lamebus_bus *bus, unsigned slot)
{
    return (bus->s.irqs >> slot & 1) != 0;
}

/* --- processors and power -------------------------------------------------------------------- */

static uint32_t all_cpus(const struct lamebus_bus *bus)
{
    return bus->cpus == 32 ? UINT32_MAX : (UINT32_C(1) << bus->cpus) - 1;
}

static uint32_t scratch_word(const struct lamebus_bus *bus, unsigned cpu, unsigned number)
{
    const uint8_t *at = &bus->s.cpu[cpu].cram[4 * number];
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void start(struct lamebus_bus *bus, unsigned cpu)
{
    uint32_t controller = LAMEBUS_BASE + LAMEBUS_CONTROLLER * LAMEBUS_SLOT_BYTES;
    uint32_t area = controller + LAMEBUS_BUFFER + cpu * AREA;
    bus->outside.start(bus->outside.context, cpu, scratch_word(bus, cpu, 0),
                       scratch_word(bus, cpu, 1), KSEG0 + area + CRAM + LAMEBUS_CRAM);
}

static void enable_cpus(struct lamebus_bus *bus, uint32_t wanted)
{
    uint32_t changed = (wanted ^ bus->s.cpue) & all_cpus(bus);
    bus->s.cpue ^= changed;
    for (unsigned i = 0; i < bus->cpus; i++) {
        if ((changed >> i & 1) == 0)
            continue;
        if ((bus->s.cpue >> i & 1) != 0)
            start(bus, i);
        else
            bus->outside.stop(bus->outside.context, i);
    }
}

static void power_is_off(void *context, ticks due)
{
    struct lamebus_bus *bus = context;
    (void)due;
    bus->outside.power_off(bus->outside.context);
}

static void write_power(struct lamebus_bus *bus, uint32_t value)
{
    if (value == 0)
        clock_arm(bus->clock, bus->slot,
                  bus->clock->s.now + clock_convert(LAMEBUS_POWER_US, 1000000, bus->hz));
    else if ((value & 1u << 31) == 0)
        lamebus_misused(&bus->self, PWR, value);
}

/* --- registers ------------------------------------------------------------------------------- */

static bool look_at_slot(const struct lamebus_bus *bus, uint32_t offset, uint32_t *word)
{
    const struct lamebus_card *card = bus->card[offset / AREA];
    switch (offset % AREA) {
    case VENDOR: *word = card == NULL ? 0 : card->ops->vendor; return true;
    case DEVICE: *word = card == NULL ? 0 : card->ops->device; return true;
    case REVISION: *word = card == NULL ? 0 : card->ops->revision; return true;
    default: return false;
    }
}

static bool look_at_processor(const struct lamebus_bus *bus, uint32_t offset, uint32_t *word)
{
    unsigned cpu = (offset - LAMEBUS_BUFFER) / AREA;
    if (cpu >= bus->cpus)
        return false;
    switch (offset % AREA) {
    case CIRQE: *word = bus->s.cpu[cpu].cirqe; return true;
    case CIPI: *word = bus->s.cpu[cpu].cipi != 0 ? UINT32_MAX : 0; return true;
    default: return false;
    }
}

static bool peek(const void *chip, uint32_t offset, uint32_t *word)
{
    const struct lamebus_bus *bus = chip;
    if (offset >= LAMEBUS_BUFFER)
        return look_at_processor(bus, offset, word);
    switch (offset) {
    case RAMSZ: *word = bus->ram; return true;
    case IRQS: *word = bus->s.irqs; return true;
    case PWR: *word = UINT32_MAX; return true;
    case IRQE: *word = bus->s.irqe; return true;
    case CPUS: *word = all_cpus(bus); return true;
    case CPUE: *word = bus->s.cpue; return true;
    default: return look_at_slot(bus, offset, word);
    }
}

static bool read(void *chip, unsigned who, uint32_t offset, uint32_t *word)
{
    if (offset != SELF)
        return peek(chip, offset, word);
    *word = UINT32_C(1) << who;
    return true;
}

static bool write_processor(struct lamebus_bus *bus, uint32_t offset, uint32_t word)
{
    unsigned cpu = (offset - LAMEBUS_BUFFER) / AREA;
    if (cpu >= bus->cpus)
        return false;
    switch (offset % AREA) {
    case CIRQE:
        bus->s.cpu[cpu].cirqe = word;
        update(bus);
        return true;
    case CIPI:
        bus->s.cpu[cpu].cipi = word != 0;
        irq_set(&bus->ipi[cpu], word != 0);
        return true;
    default: return false;
    }
}

static bool write(void *chip, unsigned who, uint32_t offset, uint32_t word)
{
    struct lamebus_bus *bus = chip;
    (void)who;
    if (offset >= LAMEBUS_BUFFER)
        return write_processor(bus, offset, word);
    switch (offset) {
    case PWR: write_power(bus, word); return true;
    case IRQE:
        bus->s.irqe = word;
        update(bus);
        return true;
    case CPUE: enable_cpus(bus, word); return true;
    default: return false;
    }
}

/* Where a byte of CRAM is kept, or LAMEBUS_PROCESSORS * LAMEBUS_CRAM: no such byte. */
static unsigned scratch_index(const struct lamebus_bus *bus, uint32_t offset)
{
    if (offset < LAMEBUS_BUFFER || offset % AREA < CRAM ||
        (offset - LAMEBUS_BUFFER) / AREA >= bus->cpus)
        return LAMEBUS_PROCESSORS * LAMEBUS_CRAM;
    return (offset - LAMEBUS_BUFFER) / AREA * LAMEBUS_CRAM + (offset % AREA - CRAM);
}

static bool get(const void *chip, uint32_t offset, uint8_t *byte)
{
    const struct lamebus_bus *bus = chip;
    unsigned index = scratch_index(bus, offset);
    if (index == LAMEBUS_PROCESSORS * LAMEBUS_CRAM)
        return false;
    *byte = bus->s.cpu[index / LAMEBUS_CRAM].cram[index % LAMEBUS_CRAM];
    return true;
}

static bool put(void *chip, uint32_t offset, uint8_t byte)
{
    struct lamebus_bus *bus = chip;
    unsigned index = scratch_index(bus, offset);
    if (index == LAMEBUS_PROCESSORS * LAMEBUS_CRAM)
        return false;
    bus->s.cpu[index / LAMEBUS_CRAM].cram[index % LAMEBUS_CRAM] = byte;
    return true;
}

static const struct lamebus_ops ops = {
    .vendor = LAMEBUS_SYSTEM161,
    .device = BOARD,
    .revision = 1,
    .read = read,
    .write = write,
    .peek = peek,
    .get = get,
    .put = put,
};

/* --- wiring ---------------------------------------------------------------------------------- */

static bool valid(const void *bytes)
{
    const struct lamebus_bus_state *s = bytes;
    for (unsigned i = 0; i < LAMEBUS_PROCESSORS; i++)
        if (s->cpu[i].cipi > 1)
            return false;
    return true;
}

void lamebus_bus_init(struct lamebus_bus *bus, struct clock *clock, uint32_t hz, struct bus *memory,
                      uint32_t ram, unsigned cpus, struct lamebus_outside outside)
{
    bug_unless(cpus >= 1 && cpus <= LAMEBUS_PROCESSORS);
    memset(bus, 0, sizeof *bus);
    bus->clock = clock;
    bus->hz = hz;
    bus->slot = clock_slot(clock, "lamebus power", power_is_off, bus);
    bus->memory = memory;
    bus->ram = ram;
    bus->cpus = cpus;
    bus->outside = outside;
    bus->s.irqe = UINT32_MAX;
    bus->s.cpue = 1;
    for (unsigned i = 0; i < LAMEBUS_PROCESSORS; i++)
        bus->s.cpu[i].cirqe = UINT32_MAX;
    bus->self = (struct lamebus_card){.ops = &ops, .chip = bus};
    lamebus_bus_plug(bus, LAMEBUS_CONTROLLER, &bus->self, "lamebus");
}

void lamebus_bus_connect(struct lamebus_bus *bus, unsigned cpu, struct irq_line irq,
                         struct irq_line ipi)
{
    bug_unless(cpu < bus->cpus);
    bus->irq[cpu] = irq;
    bus->ipi[cpu] = ipi;
}

void lamebus_bus_plug(struct lamebus_bus *bus, unsigned slot, struct lamebus_card *card,
                      const char *name)
{
    bug_unless(slot < LAMEBUS_SLOTS && bus->card[slot] == NULL);
    card->bus = bus;
    card->slot = slot;
    bus->card[slot] = card;
    bus_add_device(bus->memory, name, LAMEBUS_BASE + slot * LAMEBUS_SLOT_BYTES, LAMEBUS_SLOT_BYTES,
                   &lamebus_card_ops, card);
}

void lamebus_bus_add_state(struct lamebus_bus *bus, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "lamebus",
                       .version = 1,
                       .size = sizeof bus->s,
                       .bytes = &bus->s,
                       .valid = valid,
                   });
}
