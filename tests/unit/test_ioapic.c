/* Unit tests of devices/ioapic against the 82093AA data sheet. */
#include "apic_rig.h"

enum { REG_ID, REG_VERSION, REG_ARBITRATION, REG_ENTRIES = 0x10 };
enum { REMOTE_IRR = 0x4000 };

static void put(struct apic_rig *r, uint32_t reg, uint32_t value)
{
    bus_write(&r->rig.ports, 0, IOAPIC_BASE, 4, reg);
    bus_write(&r->rig.ports, 0, IOAPIC_BASE + 0x10, 4, value);
}

static uint32_t get(struct apic_rig *r, uint32_t reg)
{
    uint32_t value = 0;
    bus_write(&r->rig.ports, 0, IOAPIC_BASE, 4, reg);
    ck_assert(bus_read(&r->rig.ports, 0, IOAPIC_BASE + 0x10, 4, &value));
    return value;
}

static void route(struct apic_rig *r, unsigned pin, uint32_t low, uint32_t destination)
{
    put(r, REG_ENTRIES + 2 * pin + 1, destination << 24);
    put(r, REG_ENTRIES + 2 * pin, low);
}

static void pin(struct apic_rig *r, unsigned number, bool level)
{
    ioapic_pin(&r->ioapic, number, level);
}

START_TEST(registers)
{
    struct apic_rig *r = (struct apic_rig *)apic_make();
    ck_assert_uint_eq(get(r, REG_VERSION), 0x00170011);
    ck_assert_uint_eq(get(r, REG_ID), 0);
    put(r, REG_ID, 0xffffffff);
    ck_assert_uint_eq(get(r, REG_ID), 0x0f000000);
    ck_assert_uint_eq(get(r, REG_ARBITRATION), 0x0f000000);
    put(r, REG_VERSION, 0);
    ck_assert_uint_eq(get(r, REG_VERSION), 0x00170011);
    for (unsigned n = 0; n < IOAPIC_PINS; n++) {
        ck_assert_uint_eq(get(r, REG_ENTRIES + 2 * n), MASKED);
        route(r, n, 0xffffffff, n + 1);
    }
    for (unsigned n = 0; n < IOAPIC_PINS; n++) {
        ck_assert_uint_eq(get(r, REG_ENTRIES + 2 * n), 0x1afff); /* status bits are read only */
        ck_assert_uint_eq(get(r, REG_ENTRIES + 2 * n + 1), (n + 1) << 24);
    }
    ck_assert_uint_eq(get(r, REG_ENTRIES + 2 * IOAPIC_PINS), 0);
    uint32_t value;
    ck_assert(!bus_read(&r->rig.ports, 0, IOAPIC_BASE + 4, 4, &value));
    bus_write(&r->rig.ports, 0, IOAPIC_BASE + 0x10, 1, 0); /* registers are 32 bits */
    ck_assert_uint_eq(get(r, REG_ID), 0x0f000000);
    apic_free(&r->rig);
}
END_TEST

START_TEST(an_edge_is_one_interrupt_and_is_lost_when_masked)
{
    struct apic_rig *r = apic_ready();
    route(r, 4, MASKED | 0x34, 2);
    pin(r, 4, true);
    put(r, REG_ENTRIES + 8, 0x34);
    ck_assert_uint_eq(apic_interrupted(r), 0);
    pin(r, 4, false);
    pin(r, 4, true);
    ck_assert_uint_eq(apic_interrupted(r), 4);
    ck_assert_uint_eq(lapic_acknowledge(&r->lapic[2]), 0x34);
    pin(r, 4, true);
    apic_set(r, 2, EOI, 0);
    ck_assert_uint_eq(apic_interrupted(r), 0);
    ck_assert_uint_eq(get(r, REG_ENTRIES + 8), 0x34);
    apic_free(&r->rig);
}
END_TEST

START_TEST(a_level_comes_again_until_it_falls)
{
    struct apic_rig *r = apic_ready();
    route(r, 11, LEVEL | 0x3b, 1);
    pin(r, 11, true);
    ck_assert_uint_eq(apic_interrupted(r), 2);
    ck_assert_uint_eq(get(r, REG_ENTRIES + 22), LEVEL | REMOTE_IRR | 0x3b);
    ck_assert_uint_eq(lapic_acknowledge(&r->lapic[1]), 0x3b);
    ck_assert_uint_eq(apic_get(r, 1, TMR + 0x10), 1u << (0x3b - 0x20));
    ck_assert_uint_eq(apic_interrupted(r), 0);
    apic_set(r, 1, EOI, 0);
    ck_assert_uint_eq(apic_interrupted(r), 2);
    ck_assert_uint_eq(lapic_acknowledge(&r->lapic[1]), 0x3b);
    pin(r, 11, false);
    apic_set(r, 1, EOI, 0);
    ck_assert_uint_eq(apic_interrupted(r), 0);
    ck_assert_uint_eq(get(r, REG_ENTRIES + 22), LEVEL | 0x3b);
    pin(r, 11, true); /* while masked, and then not */
    lapic_acknowledge(&r->lapic[1]);
    pin(r, 11, false);
    apic_set(r, 1, EOI, 0);
    put(r, REG_ENTRIES + 22, LEVEL | MASKED | 0x3b);
    pin(r, 11, true);
    ck_assert_uint_eq(apic_interrupted(r), 0);
    put(r, REG_ENTRIES + 22, LEVEL | 0x3b);
    ck_assert_uint_eq(apic_interrupted(r), 2);
    apic_free(&r->rig);
}
END_TEST

START_TEST(polarity)
{
    struct apic_rig *r = apic_ready();
    pin(r, 9, true);
    route(r, 9, LEVEL | LOW | 0x39, 0);
    ck_assert_uint_eq(apic_interrupted(r), 0);
    pin(r, 9, false);
    ck_assert_uint_eq(apic_interrupted(r), 1);
    apic_free(&r->rig);
}
END_TEST

START_TEST(modes_and_destinations)
{
    struct apic_rig *r = apic_ready();
    static const struct {
        uint32_t low, to;
        unsigned arrives;
    } sent[] = {
        {0x40, 3, 8},     {0x840, 0x06, 6}, {0x940, 0x0c, 4},
        {0x140, 0xff, 1}, {0x40, 0xff, 15}, {0x740, 1, 2}, /* ExtINT */
        {0x240, 0, 0},    {0x340, 0, 0},    {0x640, 0, 0}, /* SMI and reserved ones */
    };
    for (unsigned i = 0; i < sizeof sent / sizeof *sent; i++) {
        route(r, 7, sent[i].low, sent[i].to);
        pin(r, 7, true);
        pin(r, 7, false);
        ck_assert_uint_eq(apic_interrupted(r), sent[i].arrives);
        for (unsigned cpu = 0; cpu < APICS; cpu++)
            if (r->rig.level[cpu]) {
                ck_assert_uint_eq(lapic_acknowledge(&r->lapic[cpu]),
                                  sent[i].low == 0x740 ? APIC_EXTINT_VECTOR : 0x40);
                apic_set(r, cpu, EOI, 0);
            }
    }
    route(r, 7, 0x400, 2);
    pin(r, 7, true);
    ck_assert_uint_eq(r->cpu[2].nmis, 1);
    route(r, 8, 0x500, 3);
    pin(r, 8, true);
    ck_assert_uint_eq(r->cpu[3].inits, 1);
    for (unsigned cpu = 0; cpu < APICS; cpu++)
        ck_assert_uint_eq(r->cpu[cpu].startups, 0);
    apic_free(&r->rig);
}
END_TEST

/* Counted from 4 bytes before it: 0 ends the list. */
static const uint16_t places[] = {4, 0x14, 0};
static const uint16_t window[] = {0x14, 0};
static const struct rig_subject subject = {
    .make = apic_make,
    .free = apic_free,
    .outside = apic_outside,
    .ports = window,
    .span = 1,
    .base = IOAPIC_BASE - 4,
    .words = true,
    .longest = 20000,
};

/* Which register the window shows is chosen by a write of its own. */
static void outside_and_select(struct rig *rig, uint32_t random)
{
    bus_write(&rig->ports, 0, IOAPIC_BASE, 4, random >> 8 & 0x3f);
    apic_outside(rig, random);
}

START_TEST(survives_bashing_and_moves)
{
    struct rig_subject wide = subject;
    wide.outside = outside_and_select;
    rig_bash(&wide, 20, 4000);
    wide.ports = places;
    wide.span = 8;
    rig_bash(&wide, 10, 2000);
    rig_corrupt(&wide, 5);
}
END_TEST

RIG_MAIN("ioapic", registers, an_edge_is_one_interrupt_and_is_lost_when_masked,
         a_level_comes_again_until_it_falls, polarity, modes_and_destinations,
         survives_bashing_and_moves)
