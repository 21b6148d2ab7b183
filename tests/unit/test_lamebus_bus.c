/* Unit tests of devices/lamebus_bus, the controller, against System/161's hardware reference. */
#include "lamebus_rig.h"

enum { CTL = LAMEBUS_RIG_CONTROLLER, CPUS = 4 };
enum {
    RAMSZ = 0x7e00,
    IRQS = 0x7e04,
    PWR = 0x7e08,
    IRQE = 0x7e0c,
    CPU = 0x7e10,
    CPUE = 0x7e14,
    SELF = 0x7e18
};
enum { AREA = 0x400, CIRQE = 0x8000, CIPI = 0x8004, CRAM = 0x8300 };

static struct lamebus_rig *make_cpus(unsigned cpus)
{
    struct lamebus_rig *r = calloc(1, sizeof *r);
    lamebus_rig_init(r, cpus);
    return r;
}

static struct rig *make(void)
{
    return &make_cpus(CPUS)->rig;
}

static void free_rig(struct rig *rig)
{
    free(rig);
}

START_TEST(who_is_in_which_slot)
{
    struct lamebus_rig *r = make_cpus(1);
    for (unsigned slot = 0; slot < 31; slot++)
        for (uint32_t i = 0; i < 12; i += 4)
            ck_assert_uint_eq(lamebus_in(r, CTL, slot * AREA + i), 0);
    ck_assert_uint_eq(lamebus_in(r, CTL, 31 * AREA), 1);
    ck_assert_uint_eq(lamebus_in(r, CTL, 31 * AREA + 4), 10); /* mainboard */
    ck_assert_uint_eq(lamebus_in(r, CTL, 31 * AREA + 8), 1);
    uint32_t word;
    ck_assert(!lamebus_try_read(r, CTL, 12, &word));
    ck_assert(!lamebus_try_write(r, CTL, 0, 1));
    ck_assert(!lamebus_try_read(r, 3, 0, &word)); /* an empty slot */
    ck_assert(!lamebus_try_write(r, 3, 0, 1));
    free(r);
}
END_TEST

START_TEST(registers_at_power_on)
{
    struct lamebus_rig *r = make_cpus(CPUS);
    ck_assert_uint_eq(lamebus_in(r, CTL, RAMSZ), 0x123000);
    ck_assert_uint_eq(lamebus_in(r, CTL, IRQS), 0);
    ck_assert_uint_eq(lamebus_in(r, CTL, PWR), 0xffffffff);
    ck_assert_uint_eq(lamebus_in(r, CTL, IRQE), 0xffffffff);
    ck_assert_uint_eq(lamebus_in(r, CTL, CPU), 0xf);
    ck_assert_uint_eq(lamebus_in(r, CTL, CPUE), 1);
    for (unsigned i = 0; i < CPUS; i++) {
        ck_assert_uint_eq(lamebus_in(r, CTL, CIRQE + i * AREA), 0xffffffff);
        ck_assert_uint_eq(lamebus_in(r, CTL, CIPI + i * AREA), 0);
    }
    lamebus_expect_whole_words(r, CTL, RAMSZ);
    lamebus_expect_whole_words(r, CTL, CIRQE);
    free(r);
}
END_TEST

START_TEST(read_only_and_absent_registers_do_not_answer)
{
    struct lamebus_rig *r = make_cpus(CPUS);
    static const uint32_t read_only[] = {RAMSZ, IRQS, CPU, SELF};
    for (unsigned i = 0; i < sizeof read_only / sizeof *read_only; i++)
        ck_assert(!lamebus_try_write(r, CTL, read_only[i], 0));
    uint32_t word;
    ck_assert(!lamebus_try_read(r, CTL, SELF + 4, &word));
    ck_assert(!lamebus_try_read(r, CTL, CIPI + 4, &word));
    ck_assert(!lamebus_try_read(r, CTL, CIRQE + CPUS * AREA, &word)); /* no such processor */
    ck_assert(!lamebus_try_write(r, CTL, CIPI + CPUS * AREA, 1));
    ck_assert(!lamebus_try_read(r, CTL, CRAM + CPUS * AREA, &word));
    free(r);
}
END_TEST

START_TEST(thirty_two_processors)
{
    struct lamebus_rig *r = calloc(1, sizeof *r);
    struct lamebus_outside outside = {.context = r};
    rig_init(&r->rig);
    lamebus_bus_init(&r->bus, &r->rig.clock, LAMEBUS_RIG_HZ, &r->rig.ports, 0, 32, outside);
    ck_assert_uint_eq(lamebus_in(r, CTL, CPU), 0xffffffff);
    lamebus_out(r, CTL, CIRQE + 31 * AREA, 5);
    ck_assert_uint_eq(lamebus_in(r, CTL, CIRQE + 31 * AREA), 5);
    free(r);
}
END_TEST

START_TEST(self_is_who_asks)
{
    struct lamebus_rig *r = make_cpus(CPUS);
    for (unsigned cpu = 0; cpu < CPUS; cpu++) {
        uint32_t value;
        ck_assert(bus_read(&r->rig.ports, cpu, lamebus_address(CTL, SELF), 4, &value));
        ck_assert_uint_eq(__builtin_bswap32(value), 1u << cpu);
    }
    free(r);
}
END_TEST

START_TEST(a_slot_interrupts_whom_it_may)
{
    struct lamebus_rig *r = make_cpus(2);
    lamebus_bus_pin(&r->bus, 5, true);
    ck_assert_uint_eq(lamebus_in(r, CTL, IRQS), 1u << 5);
    ck_assert(r->rig.level[0] && r->rig.level[2]);
    lamebus_out(r, CTL, CIRQE + AREA, ~(1u << 5));
    ck_assert(r->rig.level[0] && !r->rig.level[2]);
    lamebus_out(r, CTL, IRQE, 1u << 4);
    ck_assert(!r->rig.level[0] && !r->rig.level[2]);
    ck_assert_uint_eq(lamebus_in(r, CTL, IRQS), 1u << 5);
    lamebus_bus_pin(&r->bus, 4, true);
    ck_assert(r->rig.level[0] && r->rig.level[2]);
    lamebus_bus_pin(&r->bus, 4, false);
    ck_assert(!r->rig.level[0] && !r->rig.level[2]);
    lamebus_out(r, CTL, IRQE, 0xffffffff);
    ck_assert(r->rig.level[0] && !r->rig.level[2]);
    free(r);
}
END_TEST

START_TEST(interprocessor_interrupts)
{
    struct lamebus_rig *r = make_cpus(2);
    lamebus_out(r, CTL, CIPI + AREA, 0x40);
    ck_assert(!r->rig.level[1] && r->rig.level[3]);
    ck_assert_uint_eq(lamebus_in(r, CTL, CIPI + AREA), 0xffffffff);
    lamebus_out(r, CTL, CIPI + AREA, 0);
    ck_assert(!r->rig.level[3]);
    ck_assert_uint_eq(lamebus_in(r, CTL, CIPI + AREA), 0);
    free(r);
}
END_TEST

START_TEST(processors_start_and_stop)
{
    struct lamebus_rig *r = make_cpus(CPUS);
    lamebus_out(r, CTL, CRAM + 2 * AREA, 0x80012340);
    lamebus_out(r, CTL, CRAM + 2 * AREA + 4, 0xabcdef);
    lamebus_out(r, CTL, CPUE, 0xffffff05); /* bits of processors that are not there do nothing */
    ck_assert_uint_eq(r->started[2], 1);
    ck_assert_uint_eq(r->started[0] + r->started[1] + r->started[3], 0);
    ck_assert_uint_eq(r->pc, 0x80012340);
    ck_assert_uint_eq(r->a0, 0xabcdef);
    ck_assert_uint_eq(r->sp, 0x9fff8400 + 2 * AREA);
    ck_assert_uint_eq(lamebus_in(r, CTL, CPUE), 5);
    lamebus_out(r, CTL, CPUE, 5); /* it runs already */
    ck_assert_uint_eq(r->started[2], 1);
    lamebus_out(r, CTL, CPUE, 4);
    ck_assert_uint_eq(r->stopped[0], 1);
    ck_assert_uint_eq(r->stopped[2], 0);
    ck_assert_uint_eq(lamebus_in(r, CTL, CPUE), 4);
    free(r);
}
END_TEST

START_TEST(scratch_memory_is_bytes)
{
    struct lamebus_rig *r = make_cpus(2);
    uint32_t at = lamebus_address(CTL, CRAM + AREA), value;
    lamebus_out(r, CTL, CRAM + AREA, 0x11223344);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert(bus_read(&r->rig.ports, 0, at + i, 1, &value));
        ck_assert_uint_eq(value, 0x11u * (i + 1)); /* big-endian */
    }
    ck_assert(bus_write(&r->rig.ports, 0, at + 1, 1, 0xaa));
    ck_assert_uint_eq(lamebus_in(r, CTL, CRAM + AREA), 0x11aa3344);
    lamebus_out(r, CTL, CRAM + AREA + 0xfc, 7); /* all 256 of them */
    ck_assert_uint_eq(lamebus_in(r, CTL, CRAM + AREA + 0xfc), 7);
    ck_assert_uint_eq(lamebus_in(r, CTL, CRAM), 0); /* each processor has its own */
    ck_assert(!bus_read(&r->rig.ports, 0, at - 1, 1, &value));
    free(r);
}
END_TEST

START_TEST(power_goes_off_five_milliseconds_later)
{
    struct lamebus_rig *r = make_cpus(1);
    lamebus_out(r, CTL, PWR, 0xffffffff); /* stays on */
    lamebus_out(r, CTL, PWR, 0x80000000);
    rig_pass(&r->rig, LAMEBUS_RIG_HZ);
    ck_assert_uint_eq(r->power_offs + r->misuses, 0);
    lamebus_out(r, CTL, PWR, 0x7fffffff); /* hangs System/161 */
    ck_assert_uint_eq(r->misuses, 1);
    ck_assert_uint_eq(r->misused_offset, PWR);
    lamebus_out(r, CTL, PWR, 0);
    rig_pass(&r->rig, LAMEBUS_RIG_HZ / 200 - 1);
    ck_assert_uint_eq(r->power_offs, 0);
    rig_pass(&r->rig, 1);
    ck_assert_uint_eq(r->power_offs, 1);
    free(r);
}
END_TEST

static void outside(struct rig *rig, uint32_t random)
{
    struct lamebus_rig *r = (struct lamebus_rig *)rig;
    lamebus_bus_pin(&r->bus, random % 32, random >> 8 & 1);
}

static const uint16_t places[] = {0x7c00, 0x7e00, 0x8000, 0x8300, 0x8400,
                                  0x8c00, 0x9000, 0xff00, 0};
static const struct rig_subject subject = {
    .make = make,
    .free = free_rig,
    .outside = outside,
    .ports = places,
    .span = 0x40,
    .base = LAMEBUS_BASE + 31 * LAMEBUS_SLOT_BYTES,
    .words = true,
    .longest = LAMEBUS_RIG_HZ / 100,
};

START_TEST(bashed)
{
    rig_bash(&subject, 40, 2000);
}
END_TEST

START_TEST(corrupted)
{
    rig_corrupt(&subject, 7);
}
END_TEST

RIG_MAIN("lamebus_bus", who_is_in_which_slot, registers_at_power_on,
         read_only_and_absent_registers_do_not_answer, thirty_two_processors, self_is_who_asks,
         a_slot_interrupts_whom_it_may, interprocessor_interrupts, processors_start_and_stop,
         scratch_memory_is_bytes, power_goes_off_five_milliseconds_later, bashed, corrupted)
