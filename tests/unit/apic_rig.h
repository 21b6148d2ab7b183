/* apic_rig: a bench with four local APICs and an I/O APIC, whose registers tests read and write as
 * processors do. */
#ifndef TESTS_UNIT_APIC_RIG_H
#define TESTS_UNIT_APIC_RIG_H

#include "device_rig.h"

#include "devices/ioapic.h"

#define APICS              4u
#define APIC_HZ            100u /* ticks in a second: 10 clocks of the timer are one */
#define APIC_CLOCKS        1000u
#define APIC_EXTINT_VECTOR 0x70u

enum { ID = 0x20, VERSION = 0x30, TPR = 0x80, APR = 0x90, PPR = 0xa0, EOI = 0xb0, LDR = 0xd0 };
enum { DFR = 0xe0, SVR = 0xf0, ISR = 0x100, TMR = 0x180, IRR = 0x200, ESR = 0x280 };
enum { ICR_LOW = 0x300, ICR_HIGH = 0x310, TIMER = 0x320, PERFORMANCE = 0x340, LINT0 = 0x350 };
enum { LINT1 = 0x360, ERROR = 0x370, INITIAL = 0x380, CURRENT = 0x390, DIVIDE = 0x3e0 };
enum { MASKED = 0x10000, PERIODIC = 0x20000, LEVEL = 0x8000, LOW = 0x2000 };

struct apic_rig {
    struct rig rig; /* first; pin n is INTR of processor n */
    struct apic_bus bus;
    struct lapic lapic[APICS];
    struct ioapic ioapic;
    struct apic_processor {
        struct apic_rig *rig;
        unsigned nmis, inits, startups;
        uint8_t startup;
    } cpu[APICS];
    unsigned extints; /* INTA cycles of the 8259A */
};

static inline void apic_nmi(void *cpu, unsigned pin, bool level)
{
    struct apic_processor *processor = cpu;
    processor->nmis += level;
    rig_tell(&processor->rig->rig, 0x2000 + pin);
}

static inline void apic_init(void *cpu, unsigned pin, bool level)
{
    struct apic_processor *processor = cpu;
    processor->inits += level;
    rig_tell(&processor->rig->rig, 0x3000 + pin);
}

static inline void apic_startup(void *cpu, uint8_t vector)
{
    struct apic_processor *processor = cpu;
    processor->startups++;
    processor->startup = vector;
    rig_tell(&processor->rig->rig, 0x4000u + vector);
}

static inline uint8_t apic_extint(void *rig)
{
    struct apic_rig *r = rig;
    r->extints++;
    rig_tell(&r->rig, 0x5000);
    return APIC_EXTINT_VECTOR;
}

static inline struct rig *apic_make(void)
{
    struct apic_rig *r = calloc(1, sizeof *r);
    rig_init(&r->rig);
    for (unsigned i = 0; i < APICS; i++) {
        r->cpu[i].rig = r;
        lapic_init(&r->lapic[i], &r->bus, &r->rig.clock, APIC_HZ, APIC_CLOCKS,
                   (struct lapic_wires){.intr = rig_line(&r->rig, i),
                                        .nmi = {apic_nmi, &r->cpu[i], i},
                                        .init = {apic_init, &r->cpu[i], i},
                                        .startup = apic_startup,
                                        .cpu = &r->cpu[i],
                                        .extint = apic_extint,
                                        .pic = r});
        lapic_add_state(&r->lapic[i], &r->rig.map);
    }
    ioapic_init(&r->ioapic, &r->bus);
    ioapic_add_state(&r->ioapic, &r->rig.map);
    /* On the ports' bus, which is the basher's. */
    lapic_map(&r->bus, &r->rig.ports);
    ioapic_map(&r->ioapic, &r->rig.ports);
    return &r->rig;
}

static inline void apic_free(struct rig *rig)
{
    free(rig);
}

static inline uint32_t apic_get(struct apic_rig *r, unsigned cpu, uint32_t offset)
{
    uint32_t value = 0;
    ck_assert(bus_read(&r->rig.ports, cpu, LAPIC_BASE + offset, 4, &value));
    return value;
}

static inline void apic_set(struct apic_rig *r, unsigned cpu, uint32_t offset, uint32_t value)
{
    ck_assert(bus_write(&r->rig.ports, cpu, LAPIC_BASE + offset, 4, value));
}

/* As after a kernel's start: all enabled, logical destination 1 << number. */
static inline struct apic_rig *apic_ready(void)
{
    struct apic_rig *r = (struct apic_rig *)apic_make();
    for (unsigned i = 0; i < APICS; i++) {
        apic_set(r, i, SVR, 0x1ff);
        apic_set(r, i, LDR, UINT32_C(1) << (24 + i));
    }
    return r;
}

static inline void apic_ipi(struct apic_rig *r, unsigned from, uint32_t to, uint32_t low)
{
    apic_set(r, from, ICR_HIGH, to << 24);
    apic_set(r, from, ICR_LOW, low);
}

/* A bit for each processor whose INTR is high. */
static inline unsigned apic_interrupted(const struct apic_rig *r)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < APICS; i++)
        bits |= (unsigned)r->rig.level[i] << i;
    return bits;
}

/* One random thing of the board's. */
static inline void apic_outside(struct rig *rig, uint32_t random)
{
    struct apic_rig *r = (struct apic_rig *)rig;
    unsigned cpu = random >> 8 & (APICS - 1);
    switch (random % 4) {
    case 0:
        if (rig->level[cpu])
            rig_tell(rig, lapic_acknowledge(&r->lapic[cpu]));
        break;
    case 1: lapic_pin(&r->lapic[cpu], random >> 16 & 1, random >> 17 & 1); break;
    case 2: ioapic_pin(&r->ioapic, (random >> 16) % IOAPIC_PINS, random >> 24 & 1); break;
    default: /* another processor's write */
        bus_write(&rig->ports, cpu, LAPIC_BASE + (random >> 12 & 0x3f0), 4, random << 3);
        break;
    }
}

#endif
