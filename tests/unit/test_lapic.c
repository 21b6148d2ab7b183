/* Unit tests of devices/lapic against the SDM, vol. 3, chapter 10. */
#include "apic_rig.h"

static uint8_t acknowledge(struct apic_rig *r, unsigned cpu)
{
    ck_assert(r->rig.level[cpu]);
    return lapic_acknowledge(&r->lapic[cpu]);
}

/* 10.4.7.1, 10.5.1, 10.6.2.2, 10.9. */
START_TEST(registers_after_reset)
{
    struct apic_rig *r = (struct apic_rig *)apic_make();
    static const struct {
        uint32_t offset, value;
    } reset[] = {
        {VERSION, 0x00040014}, {TPR, 0},        {PPR, 0},        {LDR, 0},
        {DFR, 0xffffffff},     {SVR, 0xff},     {ISR, 0},        {IRR + 0x70, 0},
        {TMR + 0x40, 0},       {ESR, 0},        {ICR_LOW, 0},    {ICR_HIGH, 0},
        {TIMER, MASKED},       {LINT0, MASKED}, {LINT1, MASKED}, {ERROR, MASKED},
        {PERFORMANCE, MASKED}, {INITIAL, 0},    {CURRENT, 0},    {DIVIDE, 0},
    };
    for (unsigned cpu = 0; cpu < APICS; cpu++) {
        ck_assert_uint_eq(apic_get(r, cpu, ID), cpu << 24);
        for (unsigned i = 0; i < sizeof reset / sizeof *reset; i++)
            ck_assert_uint_eq(apic_get(r, cpu, reset[i].offset), reset[i].value);
    }
    uint32_t value;
    ck_assert(!bus_read(&r->rig.ports, APICS, LAPIC_BASE + ID, 4, &value));
    apic_free(&r->rig);
}
END_TEST

START_TEST(only_writable_bits_are_written)
{
    struct apic_rig *r = apic_ready();
    static const struct {
        uint32_t offset, ones;
    } mask[] = {
        {ID, 0xff000000},  {TPR, 0xff},
        {LDR, 0xff000000}, {DFR, 0xffffffff},
        {SVR, 0x3ff},      {ICR_HIGH, 0xff000000},
        {TIMER, 0x300ff},  {PERFORMANCE, 0x107ff},
        {ERROR, 0x100ff},  {LINT0, 0x1a7ff},
        {LINT1, 0x1a7ff},  {INITIAL, 0xffffffff},
        {DIVIDE, 0xb},     {VERSION, 0x40014},
    };
    for (unsigned i = 0; i < sizeof mask / sizeof *mask; i++) {
        apic_set(r, 0, mask[i].offset, 0xffffffff);
        ck_assert_uint_eq(apic_get(r, 0, mask[i].offset), mask[i].ones);
    }
    ck_assert_uint_eq(apic_get(r, 0, APR), 0xff); /* of TPR */
    apic_free(&r->rig);
}
END_TEST

/* 10.8.3, 10.8.4: classes of 16 vectors; the task priority holds back its own class and lower. */
START_TEST(highest_class_first_and_priorities_hold_back)
{
    struct apic_rig *r = apic_ready();
    apic_ipi(r, 1, 0, 0x45);
    apic_ipi(r, 1, 0, 0x9f);
    apic_ipi(r, 1, 0, 0x91);
    ck_assert_uint_eq(apic_get(r, 0, IRR + 0x40), 0x80020000);
    ck_assert_uint_eq(acknowledge(r, 0), 0x9f);
    ck_assert_uint_eq(apic_get(r, 0, PPR), 0x90);
    ck_assert_uint_eq(apic_get(r, 0, ISR + 0x40), 0x80000000);
    ck_assert(!r->rig.level[0]); /* 91 is of the same class */
    apic_ipi(r, 1, 0, 0xa0);
    ck_assert_uint_eq(acknowledge(r, 0), 0xa0);
    apic_set(r, 0, EOI, 0);
    ck_assert(!r->rig.level[0]);
    apic_set(r, 0, EOI, 0);
    ck_assert_uint_eq(acknowledge(r, 0), 0x91);
    apic_set(r, 0, EOI, 0);
    apic_set(r, 0, TPR, 0x4f);
    ck_assert_uint_eq(apic_get(r, 0, PPR), 0x4f);
    ck_assert(!r->rig.level[0]);
    apic_set(r, 0, TPR, 0x3f);
    ck_assert_uint_eq(acknowledge(r, 0), 0x45);
    ck_assert_uint_eq(apic_get(r, 0, PPR), 0x40);
    apic_free(&r->rig);
}
END_TEST

/* 10.9: a request that has gone before the acknowledge. */
START_TEST(spurious)
{
    struct apic_rig *r = apic_ready();
    apic_ipi(r, 1, 0, 0x45);
    apic_set(r, 0, TPR, 0x50);
    ck_assert(!r->rig.level[0]);
    ck_assert_uint_eq(lapic_acknowledge(&r->lapic[0]), 0xff);
    ck_assert_uint_eq(apic_get(r, 0, ISR + 0x20), 0);
    apic_set(r, 0, TPR, 0);
    ck_assert_uint_eq(acknowledge(r, 0), 0x45);
    apic_free(&r->rig);
}
END_TEST

/* 10.6.1, 10.6.2. */
START_TEST(destinations)
{
    struct apic_rig *r = apic_ready();
    static const struct {
        uint32_t to, low;
        unsigned arrives;
    } sent[] = {
        {2, 0x40, 4},      {0xff, 0x40, 15}, {9, 0x40, 0},     {0x05, 0x840, 5},
        {0xff, 0x840, 15}, {0xf0, 0x840, 0}, {0, 0x40040, 2},  {0, 0x80040, 15},
        {0, 0xc0040, 13},  {3, 0x140, 8},    {0x0c, 0x940, 4}, /* lowest priority: the first of
                                                                  equals */
        {0, 0x40140, 0},                                       /* self goes with fixed only */
    };
    for (unsigned i = 0; i < sizeof sent / sizeof *sent; i++) {
        apic_ipi(r, 1, sent[i].to, sent[i].low);
        ck_assert_uint_eq(apic_interrupted(r), sent[i].arrives);
        for (unsigned cpu = 0; cpu < APICS; cpu++)
            if (r->rig.level[cpu]) {
                ck_assert_uint_eq(acknowledge(r, cpu), 0x40);
                apic_set(r, cpu, EOI, 0);
            }
    }
    apic_free(&r->rig);
}
END_TEST

/* 10.6.2.2: the upper four bits name the cluster. */
START_TEST(clusters)
{
    struct apic_rig *r = apic_ready();
    static const uint8_t logical[APICS] = {0x01, 0x02, 0x11, 0x14};
    for (unsigned cpu = 0; cpu < APICS; cpu++) {
        apic_set(r, cpu, DFR, 0);
        ck_assert_uint_eq(apic_get(r, cpu, DFR), 0x0fffffff);
        apic_set(r, cpu, LDR, (uint32_t)logical[cpu] << 24);
    }
    apic_ipi(r, 0, 0x03, 0x840);
    ck_assert_uint_eq(apic_interrupted(r), 3);
    apic_ipi(r, 0, 0x14, 0x840);
    ck_assert_uint_eq(apic_interrupted(r), 11);
    apic_ipi(r, 0, 0xf1, 0x840);
    ck_assert_uint_eq(apic_interrupted(r), 15);
    apic_free(&r->rig);
}
END_TEST

START_TEST(lowest_priority_asks_the_ppr)
{
    struct apic_rig *r = apic_ready();
    apic_set(r, 0, TPR, 0x30);
    apic_set(r, 1, TPR, 0x20);
    apic_set(r, 2, TPR, 0x25);
    apic_set(r, 3, TPR, 0x40);
    apic_ipi(r, 3, 0xff, 0x960);
    ck_assert_uint_eq(apic_interrupted(r), 2);
    ck_assert_uint_eq(acknowledge(r, 1), 0x60); /* now its PPR is 60h */
    apic_ipi(r, 3, 0xff, 0x970);
    ck_assert_uint_eq(apic_interrupted(r), 4);
    apic_free(&r->rig);
}
END_TEST

/* 8.4.4.1, 10.4.7.2, 10.4.7.3: INIT, startup and NMI reach an APIC that software left off. */
START_TEST(messages_that_start_processors)
{
    struct apic_rig *r = (struct apic_rig *)apic_make();
    apic_set(r, 0, SVR, 0x1ff);
    apic_set(r, 2, ID, 5 << 24);
    apic_set(r, 2, TPR, 0x20);
    apic_ipi(r, 0, 1, 0x4500); /* INIT, as the SDM's example writes it */
    apic_ipi(r, 0, 1, 0x4607);
    ck_assert_uint_eq(r->cpu[1].inits, 1);
    ck_assert_uint_eq(r->cpu[1].startups, 1);
    ck_assert_uint_eq(r->cpu[1].startup, 7);
    apic_ipi(r, 0, 5, 0xc500); /* INIT, level assert */
    apic_ipi(r, 0, 5, 0x8500); /* and de-assert */
    ck_assert_uint_eq(r->cpu[2].inits, 1);
    ck_assert_uint_eq(apic_get(r, 2, ID), 5 << 24);
    ck_assert_uint_eq(apic_get(r, 2, TPR), 0);
    apic_set(r, 0, ICR_LOW, 0xc4500); /* all but self */
    apic_set(r, 0, ICR_LOW, 0xc4699);
    apic_set(r, 0, ICR_LOW, 0xc0400); /* NMI */
    for (unsigned cpu = 0; cpu < APICS; cpu++) {
        ck_assert_uint_eq(r->cpu[cpu].inits, cpu == 0 ? 0 : cpu == 3 ? 1 : 2);
        ck_assert_uint_eq(r->cpu[cpu].startup, cpu == 0 ? 0 : 0x99);
        ck_assert_uint_eq(r->cpu[cpu].nmis, cpu != 0);
    }
    apic_ipi(r, 0, 1, 0x40); /* a fixed one does not */
    ck_assert_uint_eq(apic_interrupted(r), 0);
    ck_assert_uint_eq(apic_get(r, 1, IRR + 0x20), 0);
    apic_free(&r->rig);
}
END_TEST

/* 10.5.3. */
START_TEST(errors_are_told)
{
    struct apic_rig *r = apic_ready();
    apic_set(r, 0, ERROR, 0xfe);
    apic_ipi(r, 0, 9, 0x40);                   /* nobody there */
    ck_assert_uint_eq(apic_get(r, 0, ESR), 0); /* until it is written */
    apic_set(r, 0, ESR, 0);
    ck_assert_uint_eq(apic_get(r, 0, ESR), 0x04);
    ck_assert_uint_eq(acknowledge(r, 0), 0xfe);
    apic_set(r, 0, EOI, 0);
    apic_ipi(r, 0, 1, 0x0f);
    apic_set(r, 0, ESR, 0);
    ck_assert_uint_eq(apic_get(r, 0, ESR), 0x20);
    ck_assert_uint_eq(apic_interrupted(r), 1);
    apic_get(r, 0, 0x40);
    apic_set(r, 0, 0x3f0, 1);
    apic_set(r, 0, ESR, 0);
    ck_assert_uint_eq(apic_get(r, 0, ESR), 0x80);
    apic_set(r, 0, ESR, 0);
    ck_assert_uint_eq(apic_get(r, 0, ESR), 0);
    apic_free(&r->rig);
}
END_TEST

/* 10.5.4: counts down at the bus clock divided, 10 clocks a tick here. */
START_TEST(timer_counts_and_interrupts)
{
    struct apic_rig *r = apic_ready();
    static const struct {
        uint32_t code, by;
    } divide[] = {{0, 2}, {1, 4}, {2, 8}, {3, 16}, {8, 32}, {9, 64}, {10, 128}, {11, 1}};
    apic_set(r, 0, TIMER, 0x50);
    for (unsigned i = 0; i < sizeof divide / sizeof *divide; i++) {
        apic_set(r, 0, DIVIDE, divide[i].code);
        apic_set(r, 0, INITIAL, 1000);
        rig_pass(&r->rig, 10 * divide[i].by);
        ck_assert_uint_eq(apic_get(r, 0, CURRENT), 900);
        rig_pass(&r->rig, 90 * divide[i].by - 1);
        ck_assert(!r->rig.level[0]);
        rig_pass(&r->rig, 1);
        ck_assert_uint_eq(acknowledge(r, 0), 0x50);
        apic_set(r, 0, EOI, 0);
        ck_assert_uint_eq(apic_get(r, 0, CURRENT), 0);
        rig_pass(&r->rig, 100000);
        ck_assert(!r->rig.level[0]); /* one shot */
    }
    apic_free(&r->rig);
}
END_TEST

START_TEST(timer_repeats_without_drift)
{
    struct apic_rig *r = apic_ready();
    apic_set(r, 0, DIVIDE, 11);
    apic_set(r, 0, TIMER, PERIODIC | 0x50);
    apic_set(r, 0, INITIAL, 77); /* 7.7 ticks: the n-th comes at the tick after 7.7 n */
    for (unsigned n = 1; n < 200; n++) {
        uint64_t due = (77 * n + 9) / 10;
        rig_pass(&r->rig, due - 1 - r->rig.clock.s.now);
        ck_assert(!r->rig.level[0]);
        rig_pass(&r->rig, 1);
        ck_assert_uint_eq(acknowledge(r, 0), 0x50);
        apic_set(r, 0, EOI, 0);
    }
    apic_set(r, 0, TIMER, PERIODIC | MASKED | 0x50);
    rig_pass(&r->rig, 1000);
    ck_assert(!r->rig.level[0]);
    uint32_t left = apic_get(r, 0, CURRENT);
    ck_assert_uint_le(left, 77);
    rig_pass(&r->rig, 77); /* ten periods */
    ck_assert_uint_eq(apic_get(r, 0, CURRENT), left);
    apic_set(r, 0, INITIAL, 0);
    apic_set(r, 0, TIMER, PERIODIC | 0x50);
    rig_pass(&r->rig, 1000);
    ck_assert(!r->rig.level[0]);
    apic_free(&r->rig);
}
END_TEST

START_TEST(a_period_shorter_than_a_tick_is_one_interrupt)
{
    struct apic_rig *r = apic_ready();
    apic_set(r, 0, DIVIDE, 11);
    apic_set(r, 0, TIMER, PERIODIC | 0x50);
    apic_set(r, 0, INITIAL, 1);
    rig_pass(&r->rig, 1000);
    ck_assert_uint_eq(acknowledge(r, 0), 0x50);
    ck_assert(!r->rig.level[0]);
    apic_free(&r->rig);
}
END_TEST

/* The 8259A at LINT0, as a PC's firmware leaves it (MP specification 1.4, 3.6.2.2). */
START_TEST(virtual_wire)
{
    struct apic_rig *r = apic_ready();
    apic_set(r, 0, LINT0, 0x8700);
    lapic_pin(&r->lapic[0], 0, true);
    apic_ipi(r, 1, 0, 0x45);
    ck_assert_uint_eq(acknowledge(r, 0), 0x45); /* the APIC's own goes first */
    ck_assert_uint_eq(r->extints, 0);
    ck_assert_uint_eq(acknowledge(r, 0), APIC_EXTINT_VECTOR); /* though 45h is in service */
    ck_assert_uint_eq(r->extints, 1);
    lapic_pin(&r->lapic[0], 0, false);
    ck_assert(!r->rig.level[0]);
    apic_set(r, 0, LINT0, MASKED | 0x8700);
    lapic_pin(&r->lapic[0], 0, true);
    ck_assert(!r->rig.level[0]);
    apic_set(r, 0, LINT0, 0x8700);
    ck_assert(r->rig.level[0]);
    apic_set(r, 0, SVR, 0xff); /* off: all of the LVT is masked, and stays so */
    ck_assert(!r->rig.level[0]);
    apic_set(r, 0, LINT0, 0x8700);
    ck_assert_uint_eq(apic_get(r, 0, LINT0), MASKED | 0x8700);
    apic_free(&r->rig);
}
END_TEST

START_TEST(local_pins)
{
    struct apic_rig *r = apic_ready();
    apic_set(r, 0, LINT1, 0x400);
    lapic_pin(&r->lapic[0], 1, true);
    lapic_pin(&r->lapic[0], 1, true);
    lapic_pin(&r->lapic[0], 1, false);
    lapic_pin(&r->lapic[0], 1, true);
    ck_assert_uint_eq(r->cpu[0].nmis, 2);
    apic_set(r, 0, LINT1, 0x62); /* fixed, edge: this one is over */
    ck_assert_uint_eq(apic_interrupted(r), 0);
    lapic_pin(&r->lapic[0], 1, false);
    lapic_pin(&r->lapic[0], 1, true);
    ck_assert_uint_eq(acknowledge(r, 0), 0x62);
    ck_assert_uint_eq(apic_get(r, 0, TMR + 0x30), 0);
    apic_set(r, 0, EOI, 0);
    ck_assert_uint_eq(apic_interrupted(r), 0);
    apic_set(r, 0, LINT0, LEVEL | LOW | 0x61); /* fixed, level, low: waits already */
    ck_assert_uint_eq(acknowledge(r, 0), 0x61);
    ck_assert_uint_eq(apic_get(r, 0, TMR + 0x30), 2);
    ck_assert_uint_eq(apic_get(r, 0, LINT0), 0x4000 | LEVEL | LOW | 0x61); /* remote IRR */
    apic_set(r, 0, EOI, 0);
    ck_assert_uint_eq(acknowledge(r, 0), 0x61); /* still low */
    lapic_pin(&r->lapic[0], 0, true);
    apic_set(r, 0, EOI, 0);
    ck_assert_uint_eq(apic_interrupted(r), 0);
    ck_assert_uint_eq(apic_get(r, 0, LINT0), LEVEL | LOW | 0x61);
    apic_free(&r->rig);
}
END_TEST

static const uint16_t places[] = {0x020, 0x080, 0x0b0, 0x0d0, 0x0f0, 0x280, 0x300, 0x310,
                                  0x320, 0x350, 0x360, 0x370, 0x380, 0x3e0, 0x100, 0};
static const struct rig_subject subject = {
    .make = apic_make,
    .free = apic_free,
    .outside = apic_outside,
    .ports = places,
    .span = 16,
    .base = LAPIC_BASE,
    .words = true,
    .longest = 20000,
};

START_TEST(survives_bashing_and_moves)
{
    rig_bash(&subject, 20, 4000);
    rig_corrupt(&subject, 5);
}
END_TEST

RIG_MAIN("lapic", registers_after_reset, only_writable_bits_are_written,
         highest_class_first_and_priorities_hold_back, spurious, destinations, clusters,
         lowest_priority_asks_the_ppr, messages_that_start_processors, errors_are_told,
         timer_counts_and_interrupts, timer_repeats_without_drift,
         a_period_shorter_than_a_tick_is_one_interrupt, virtual_wire, local_pins,
         survives_bashing_and_moves)
