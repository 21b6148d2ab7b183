/* Unit tests of devices/cmos against the MC146818A data sheet; dates against the C library. */
#include "device_rig.h"

#include <time.h>

#include "devices/cmos.h"

struct cmos_rig {
    struct rig rig; /* first */
    struct cmos cmos;
};

enum { HZ = 1000000, REG_A = 10, REG_B = 11, REG_C = 12, REG_D = 13 };

static struct rig *make(void)
{
    struct cmos_rig *r = calloc(1, sizeof *r);
    rig_init(&r->rig);
    cmos_init(&r->cmos, &r->rig.clock, HZ, rig_line(&r->rig, 0));
    cmos_map(&r->cmos, &r->rig.ports, 0x70);
    cmos_add_state(&r->cmos, &r->rig.map);
    return &r->rig;
}

static void free_rig(struct rig *rig)
{
    free(rig);
}

static struct cmos_rig *at(uint32_t seconds)
{
    struct cmos_rig *r = (struct cmos_rig *)make();
    cmos_set_date(&r->cmos, seconds);
    return r;
}

static uint8_t get(struct cmos_rig *r, uint8_t index)
{
    rig_out(&r->rig, 0x70, index);
    return rig_in(&r->rig, 0x71);
}

static void set(struct cmos_rig *r, uint8_t index, uint8_t value)
{
    rig_out(&r->rig, 0x70, index);
    rig_out(&r->rig, 0x71, value);
}

static unsigned bcd(uint8_t byte)
{
    return (byte >> 4) * 10u + (byte & 15u);
}

static void expect_date(struct cmos_rig *r, time_t seconds)
{
    struct tm tm;
    gmtime_r(&seconds, &tm);
    ck_assert_uint_eq(bcd(get(r, 0)), tm.tm_sec);
    ck_assert_uint_eq(bcd(get(r, 2)), tm.tm_min);
    ck_assert_uint_eq(bcd(get(r, 4)), tm.tm_hour);
    ck_assert_uint_eq(bcd(get(r, 6)), tm.tm_wday + 1);
    ck_assert_uint_eq(bcd(get(r, 7)), tm.tm_mday);
    ck_assert_uint_eq(bcd(get(r, 8)), tm.tm_mon + 1);
    ck_assert_uint_eq(bcd(get(r, 0x32)) * 100 + bcd(get(r, 9)), tm.tm_year + 1900);
}

START_TEST(dates_are_those_of_the_calendar)
{
    static const uint32_t starts[] = {0,          951782399, 951868799,   1709164799,
                                      1735689599, 946684799, 4102444799u, 1700000000};
    static const uint32_t passes[] = {0, 1, 59, 61, 3600, 86399, 86401, 31 * 86400, 400 * 86400};
    for (unsigned i = 0; i < sizeof starts / sizeof starts[0]; i++)
        for (unsigned j = 0; j < sizeof passes / sizeof passes[0]; j++) {
            struct cmos_rig *r = at(starts[i]);
            expect_date(r, starts[i]);
            rig_pass(&r->rig, (uint64_t)passes[j] * HZ);
            expect_date(r, (time_t)starts[i] + passes[j]);
            free(r);
        }
}
END_TEST

START_TEST(seconds_change_exactly_once_a_second)
{
    struct cmos_rig *r = at(1000000);
    rig_pass(&r->rig, HZ - 1);
    expect_date(r, 1000000);
    rig_pass(&r->rig, 1);
    expect_date(r, 1000001);
    free(r);
}
END_TEST

START_TEST(binary_and_twelve_hours)
{
    struct cmos_rig *r = at(0);
    set(r, REG_B, 0x04); /* binary, 12 hours */
    static const struct {
        uint8_t before, after;
    } rows[] = {{11, 0x8c}, {0x8b, 12}, {12, 1}, {0x8c, 0x81}, {0x89, 0x8a}};
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        set(r, 4, rows[i].before);
        set(r, 2, 59);
        set(r, 0, 59);
        rig_pass(&r->rig, HZ);
        ck_assert_uint_eq(get(r, 0), 0);
        ck_assert_uint_eq(get(r, 2), 0);
        ck_assert_uint_eq(get(r, 4), rows[i].after);
    }
    set(r, REG_B, 0x00); /* BCD, 12 hours */
    set(r, 4, 0x11);
    set(r, 2, 0x59);
    set(r, 0, 0x59);
    rig_pass(&r->rig, HZ);
    ck_assert_uint_eq(get(r, 4), 0x92);
    free(r);
}
END_TEST

START_TEST(set_stops_the_clock)
{
    struct cmos_rig *r = at(0);
    set(r, REG_B, 0x82 | 0x10);
    ck_assert_uint_eq(get(r, REG_B), 0x82); /* SET clears UIE */
    set(r, 0, 0x30);
    rig_pass(&r->rig, 10ull * HZ);
    ck_assert_uint_eq(get(r, 0), 0x30);
    set(r, REG_B, 0x02);
    rig_pass(&r->rig, 2ull * HZ);
    ck_assert_uint_eq(get(r, 0), 0x32);
    set(r, REG_A, 0x76); /* the divider is held */
    rig_pass(&r->rig, 10ull * HZ);
    ck_assert_uint_eq(get(r, 0), 0x32);
    set(r, REG_A, 0x26);
    rig_pass(&r->rig, HZ / 2 - 1);
    ck_assert_uint_eq(get(r, 0), 0x32);
    rig_pass(&r->rig, 1);
    ck_assert_uint_eq(get(r, 0), 0x33); /* 500 ms behind its release */
    free(r);
}
END_TEST

START_TEST(update_in_progress_announces)
{
    struct cmos_rig *r = at(0);
    ck_assert_uint_eq(get(r, REG_A) & 0x80, 0);
    rig_pass(&r->rig, HZ - 300); /* less than 244 us + 1984 us before the update */
    ck_assert_uint_eq(get(r, REG_A) & 0x80, 0x80);
    rig_pass(&r->rig, 300);
    ck_assert_uint_eq(get(r, REG_A) & 0x80, 0);
    set(r, REG_A, 0xff);
    ck_assert_uint_eq(get(r, REG_A) & 0x80, 0); /* UIP is read only */
    ck_assert_uint_eq(get(r, REG_D), 0x80);
    free(r);
}
END_TEST

START_TEST(update_and_alarm_interrupts)
{
    struct cmos_rig *r = at(0);
    rig_pass(&r->rig, 3ull * HZ);
    ck_assert_uint_eq(get(r, REG_C), 0x50); /* flags come without being enabled; no IRQF */
    ck_assert_uint_eq(get(r, REG_C), 0x00);
    set(r, REG_B, 0x12);
    rig_pass(&r->rig, HZ);
    ck_assert(r->rig.level[0]);
    ck_assert_uint_eq(get(r, REG_C), 0xd0);
    ck_assert(!r->rig.level[0]);

    set(r, 1, 0x30); /* alarm at xx:xx:30 */
    set(r, 3, 0xff);
    set(r, 5, 0xc0);
    set(r, REG_B, 0x22);
    get(r, REG_C);
    rig_pass(&r->rig, 25ull * HZ);
    ck_assert(!r->rig.level[0]);
    rig_pass(&r->rig, 1ull * HZ);
    ck_assert_uint_eq(get(r, 0), 0x30);
    ck_assert(r->rig.level[0]);
    ck_assert_uint_eq(get(r, REG_C) & 0xb0, 0xb0);
    ck_assert_uint_eq(r->rig.rises[0], 2);
    rig_pass(&r->rig, 120ull * HZ);
    ck_assert_uint_eq(r->rig.rises[0], 3);
    free(r);
}
END_TEST

START_TEST(periodic_rates)
{
    /* Data sheet, table of rates at 32.768 kHz: interrupts a second for RS = 1 .. 15. */
    static const uint16_t rate[16] = {0,   256, 128, 8192, 4096, 2048, 1024, 512,
                                      256, 128, 64,  32,   16,   8,    4,    2};
    for (unsigned rs = 0; rs < 16; rs++) {
        struct cmos_rig *r = at(0);
        set(r, REG_A, (uint8_t)(0x20 | rs));
        set(r, REG_B, 0x42);
        unsigned count = 0;
        for (ticks end = 10 * HZ; r->rig.clock.horizon <= end;) {
            rig_pass(&r->rig, r->rig.clock.horizon - r->rig.clock.s.now);
            count += r->rig.level[0];
            ck_assert_uint_eq(get(r, REG_C) & 0xc0, 0xc0);
        }
        ck_assert_uint_eq(count, rate[rs] * 10);
        free(r);
    }
}
END_TEST

START_TEST(ram_keeps_and_reset_spares_it)
{
    struct cmos_rig *r = at(1234567);
    for (unsigned i = 14; i < 128; i++)
        if (i != 0x32)
            set(r, (uint8_t)i, (uint8_t)(i * 3));
    set(r, REG_B, 0x72);
    cmos_reset(&r->cmos);
    for (unsigned i = 14; i < 128; i++)
        if (i != 0x32)
            ck_assert_uint_eq(get(r, (uint8_t)(i | 0x80)), (uint8_t)(i * 3)); /* bit 7: NMI mask */
    ck_assert_uint_eq(get(r, REG_B), 0x02);
    expect_date(r, 1234567);
    free(r);
}
END_TEST

START_TEST(memory_size_bytes)
{
    struct cmos_rig *r = at(0);
    cmos_store_memory_size(&r->cmos, 64u << 20);
    ck_assert_uint_eq(get(r, 0x15) | get(r, 0x16) << 8, 640);
    ck_assert_uint_eq(get(r, 0x17) | get(r, 0x18) << 8, 0xfc00);  /* 63 MiB, in KiB */
    ck_assert_uint_eq(get(r, 0x34) | get(r, 0x35) << 8, 48 * 16); /* above 16 MiB, in 64 KiB */
    cmos_store_memory_size(&r->cmos, 8u << 20);
    ck_assert_uint_eq(get(r, 0x30) | get(r, 0x31) << 8, 7 * 1024);
    ck_assert_uint_eq(get(r, 0x34) | get(r, 0x35) << 8, 0);
    free(r);
}
END_TEST

START_TEST(a_century_of_sleep_is_caught_up_at_once)
{
    struct cmos_rig *r = at(0);
    r->rig.clock.s.now = 40000ull * 86400 * HZ;
    expect_date(r, (time_t)40000 * 86400);
    free(r);
}
END_TEST

START_TEST(peeking_changes_nothing)
{
    struct cmos_rig *r = at(0);
    rig_pass(&r->rig, 5ull * HZ);
    rig_out(&r->rig, 0x70, REG_C);
    uint64_t before = state_hash(&r->rig.map, 0);
    ck_assert_uint_eq(rig_peek(&r->rig, 0x71), 0x50);
    ck_assert(state_hash(&r->rig.map, 0) == before);
    ck_assert_uint_eq(rig_in(&r->rig, 0x71), 0x50);
    free(r);
}
END_TEST

static const uint16_t ports[] = {0x70, 0};
static const struct rig_subject subject = {
    .make = make,
    .free = free_rig,
    .ports = ports,
    .span = 2,
    .longest = HZ,
};

START_TEST(survives_bashing_and_moves)
{
    rig_bash(&subject, 20, 5000);
    rig_corrupt(&subject, 1);
}
END_TEST

RIG_MAIN("cmos", dates_are_those_of_the_calendar, seconds_change_exactly_once_a_second,
         binary_and_twelve_hours, set_stops_the_clock, update_in_progress_announces,
         update_and_alarm_interrupts, periodic_rates, ram_keeps_and_reset_spares_it,
         memory_size_bytes, a_century_of_sleep_is_caught_up_at_once, peeking_changes_nothing,
         survives_bashing_and_moves)
