/* Unit tests of devices/pit8254 and port61 against the 8254 data sheet's mode diagrams. */
#include "device_rig.h"

#include "devices/pit8254.h"
#include "devices/port61.h"

struct pit_rig {
    struct rig rig; /* first */
    struct pit8254 pit;
    struct port61 port61;
};

static struct pit_rig *make_hz(uint32_t hz)
{
    struct pit_rig *r = calloc(1, sizeof *r);
    rig_init(&r->rig);
    pit8254_init(&r->pit, &r->rig.clock, hz, rig_line(&r->rig, 0));
    port61_init(&r->port61, &r->rig.clock, hz, &r->pit);
    pit8254_map(&r->pit, &r->rig.ports, 0x40);
    port61_map(&r->port61, &r->rig.ports, 0x61);
    pit8254_add_state(&r->pit, &r->rig.map);
    port61_add_state(&r->port61, &r->rig.map);
    return r;
}

/* One tick is one CLK: the diagrams can be read off. */
static struct pit_rig *make_slow(void)
{
    struct pit_rig *r = make_hz(PIT8254_HZ);
    rig_pass(&r->rig, 100);
    return r;
}

static struct rig *make(void)
{
    return &make_hz(33000000)->rig;
}

static void free_rig(struct rig *rig)
{
    free(rig);
}

static uint16_t latched(struct pit_rig *r, unsigned channel)
{
    rig_out(&r->rig, 0x43, (uint8_t)(channel << 6));
    uint8_t low = rig_in(&r->rig, 0x40 + channel);
    return (uint16_t)(rig_in(&r->rig, 0x40 + channel) << 8 | low);
}

static void program(struct pit_rig *r, unsigned channel, uint8_t mode, uint16_t count)
{
    rig_out(&r->rig, 0x43, (uint8_t)(channel << 6 | 0x30 | mode));
    rig_out(&r->rig, 0x40 + channel, (uint8_t)count);
    rig_out(&r->rig, 0x40 + channel, (uint8_t)(count >> 8));
}

/* The counts that the next CLK pulses show, and OUT beside them as a bit string. */
static void expect(struct pit_rig *r, unsigned channel, unsigned length, const uint16_t *counts,
                   const char *outs)
{
    for (unsigned i = 0; i < length; i++) {
        rig_pass(&r->rig, 1);
        ck_assert_msg(latched(r, channel) == counts[i], "clock %u: %u, not %u", i,
                      latched(r, channel), counts[i]);
        ck_assert_msg(pit8254_output(&r->pit, channel) == (outs[i] == '1'), "OUT at clock %u", i);
    }
}

#define EXPECT(r, channel, outs, ...)                                                              \
    do {                                                                                           \
        static const uint16_t counts[] = {__VA_ARGS__};                                            \
        expect(r, channel, sizeof counts / sizeof counts[0], counts, outs);                        \
    } while (0)

START_TEST(mode_0_interrupt_on_terminal_count)
{
    struct pit_rig *r = make_slow();
    program(r, 0, 0 << 1, 4);
    ck_assert(!r->rig.level[0]);
    EXPECT(r, 0, "0000111", 4, 3, 2, 1, 0, 0xffff, 0xfffe);
    ck_assert_uint_eq(r->rig.rises[0], 1);
    rig_out(&r->rig, 0x40, 9); /* the first byte of a new count: OUT falls, counting stops */
    ck_assert(!r->rig.level[0]);
    rig_pass(&r->rig, 1000);
    ck_assert(!r->rig.level[0]);
    rig_out(&r->rig, 0x40, 0);
    rig_pass(&r->rig, 9);
    ck_assert(!r->rig.level[0]);
    rig_pass(&r->rig, 1);
    ck_assert(r->rig.level[0]);
    free(r);
}
END_TEST

START_TEST(mode_2_rate_generator)
{
    struct pit_rig *r = make_slow();
    program(r, 0, 2 << 1, 3);
    EXPECT(r, 0, "1101101", 3, 2, 1, 3, 2, 1, 3);
    free(r);

    r = make_slow();
    program(r, 0, 6 << 1, 4); /* mode 6 is mode 2 */
    EXPECT(r, 0, "11", 4, 3);
    rig_out(&r->rig, 0x40, 5); /* a new count waits for the end of the period */
    rig_out(&r->rig, 0x40, 0);
    EXPECT(r, 0, "10111101", 2, 1, 5, 4, 3, 2, 1, 5);
    free(r);
}
END_TEST

START_TEST(mode_3_square_wave)
{
    struct pit_rig *r = make_slow();
    program(r, 0, 3 << 1, 4);
    EXPECT(r, 0, "110011001", 4, 2, 4, 2, 4, 2, 4, 2, 4);
    free(r);

    r = make_slow();
    program(r, 0, 7 << 1, 5); /* odd: (N + 1) / 2 high, (N - 1) / 2 low */
    EXPECT(r, 0, "1110011100", 4, 2, 0, 4, 2, 4, 2, 0, 4, 2);
    free(r);
}
END_TEST

START_TEST(mode_4_software_strobe)
{
    struct pit_rig *r = make_slow();
    program(r, 0, 4 << 1, 3);
    EXPECT(r, 0, "111011", 3, 2, 1, 0, 0xffff, 0xfffe);
    ck_assert_uint_eq(r->rig.rises[0], 2); /* with the control word, and behind the strobe */
    free(r);
}
END_TEST

START_TEST(modes_1_and_5_wait_for_the_gate)
{
    struct pit_rig *r = make_slow();
    program(r, 2, 1 << 1, 3);
    rig_pass(&r->rig, 50);
    ck_assert(pit8254_output(&r->pit, 2));
    rig_out(&r->rig, 0x61, 1);
    EXPECT(r, 2, "00011", 3, 2, 1, 0, 0xffff);
    rig_out(&r->rig, 0x61, 0);
    rig_out(&r->rig, 0x61, 1);
    EXPECT(r, 2, "00", 3, 2);
    rig_out(&r->rig, 0x61, 0); /* retriggered: the pulse becomes longer */
    rig_out(&r->rig, 0x61, 1);
    EXPECT(r, 2, "0001", 3, 2, 1, 0);
    free(r);

    r = make_slow();
    program(r, 2, 5 << 1, 2);
    rig_pass(&r->rig, 50);
    rig_out(&r->rig, 0x61, 1);
    EXPECT(r, 2, "1101", 2, 1, 0, 0xffff);
    free(r);
}
END_TEST

START_TEST(gate_2_stops_modes_0_and_2)
{
    struct pit_rig *r = make_slow();
    rig_out(&r->rig, 0x61, 1);
    program(r, 2, 0 << 1, 5);
    EXPECT(r, 2, "00", 5, 4);
    rig_out(&r->rig, 0x61, 0);
    rig_pass(&r->rig, 20);
    ck_assert_uint_eq(latched(r, 2), 4);
    rig_out(&r->rig, 0x61, 1);
    EXPECT(r, 2, "0001", 3, 2, 1, 0);
    ck_assert_uint_eq(rig_in(&r->rig, 0x61) & 0x2f, 0x21); /* OUT 2 at bit 5 */

    program(r, 2, 2 << 1, 4);
    EXPECT(r, 2, "1110", 4, 3, 2, 1);
    rig_out(&r->rig, 0x61, 0); /* OUT high at once; a rising gate reloads */
    ck_assert(pit8254_output(&r->pit, 2));
    rig_pass(&r->rig, 10);
    rig_out(&r->rig, 0x61, 1);
    EXPECT(r, 2, "1110", 4, 3, 2, 1);
    free(r);
}
END_TEST

START_TEST(bcd_counts_in_decades)
{
    struct pit_rig *r = make_slow();
    program(r, 0, 0 << 1 | 1, 0x1000);
    EXPECT(r, 0, "000", 0x1000, 0x0999, 0x0998);
    program(r, 0, 0 << 1 | 1, 0); /* 0 is 10,000 */
    rig_pass(&r->rig, 2);
    ck_assert_uint_eq(latched(r, 0), 0x9999);
    rig_pass(&r->rig, 9998);
    ck_assert(!r->rig.level[0]);
    rig_pass(&r->rig, 1);
    ck_assert(r->rig.level[0]);
    free(r);
}
END_TEST

START_TEST(latch_holds_and_read_back_tells_status)
{
    struct pit_rig *r = make_slow();
    program(r, 0, 2 << 1, 1000);
    rig_out(&r->rig, 0x43, 0xe2); /* status only, counter 0: the count is not loaded yet */
    ck_assert_uint_eq(rig_in(&r->rig, 0x40), 0x80 | 0x40 | 0x34);
    rig_pass(&r->rig, 11);
    rig_out(&r->rig, 0x43, 0xc2); /* both */
    rig_pass(&r->rig, 500);
    rig_out(&r->rig, 0x43, 0xc2); /* ignored: the first is still to be read */
    ck_assert_uint_eq(rig_in(&r->rig, 0x40), 0xb4);
    ck_assert_uint_eq(rig_in(&r->rig, 0x40), 990 & 0xff);
    ck_assert_uint_eq(rig_in(&r->rig, 0x40), 990 >> 8);
    ck_assert_uint_eq(rig_in(&r->rig, 0x40), 490 & 0xff); /* unlatched */
    ck_assert_uint_eq(rig_in(&r->rig, 0x40), 490 >> 8);
    free(r);
}
END_TEST

START_TEST(one_byte_access_modes)
{
    struct pit_rig *r = make_slow();
    rig_out(&r->rig, 0x43, 0x14); /* LSB only, mode 2 */
    rig_out(&r->rig, 0x40, 7);
    rig_pass(&r->rig, 3);
    ck_assert_uint_eq(rig_in(&r->rig, 0x40), 5);
    rig_out(&r->rig, 0x43, 0x24); /* MSB only */
    rig_out(&r->rig, 0x40, 2);
    rig_pass(&r->rig, 2);
    ck_assert_uint_eq(rig_in(&r->rig, 0x40), 1); /* 0x1ff */
    free(r);
}
END_TEST

START_TEST(irq0_does_not_drift)
{
    struct pit_rig *r = make_hz(33000000);
    program(r, 0, 2 << 1, 11932);
    unsigned before = r->rig.rises[0];
    const uint64_t seconds = 1000;
    for (uint64_t i = 0; i < seconds; i++)
        rig_pass(&r->rig, 33000000);
    /* Loaded at clock 1; each period ends with an edge. */
    ck_assert_uint_eq(r->rig.rises[0] - before, (seconds * PIT8254_HZ - 1) / 11932);
    free(r);
}
END_TEST

START_TEST(pulses_shorter_than_an_instruction_are_edges)
{
    struct pit_rig *r = make_hz(33000000);
    program(r, 0, 2 << 1, 1000);
    unsigned before = r->rig.rises[0];
    for (unsigned i = 0; i < 33000; i++) { /* looks up only each 1000 ticks */
        r->rig.clock.s.now += 1000;
        clock_fire(&r->rig.clock);
    }
    ck_assert_uint_eq(r->rig.rises[0] - before, (PIT8254_HZ - 1) / 1000);
    free(r);
}
END_TEST

START_TEST(refresh_bit_toggles)
{
    struct pit_rig *r = make_slow();
    unsigned changes = 0;
    uint8_t last = rig_in(&r->rig, 0x61) & 0x10;
    for (unsigned i = 0; i < 1800; i++) {
        rig_pass(&r->rig, 1);
        uint8_t now = rig_in(&r->rig, 0x61) & 0x10;
        changes += now != last;
        last = now;
    }
    ck_assert_uint_eq(changes, 100);
    free(r);
}
END_TEST

static const uint16_t ports[] = {0x40, 0x61, 0};
static const struct rig_subject subject = {
    .make = make,
    .free = free_rig,
    .ports = ports,
    .span = 4,
    .longest = 100000,
};

START_TEST(survives_bashing_and_moves)
{
    rig_bash(&subject, 20, 3000);
    rig_corrupt(&subject, 1);
}
END_TEST

RIG_MAIN("pit8254", mode_0_interrupt_on_terminal_count, mode_2_rate_generator, mode_3_square_wave,
         mode_4_software_strobe, modes_1_and_5_wait_for_the_gate, gate_2_stops_modes_0_and_2,
         bcd_counts_in_decades, latch_holds_and_read_back_tells_status, one_byte_access_modes,
         irq0_does_not_drift, pulses_shorter_than_an_instruction_are_edges, refresh_bit_toggles,
         survives_bashing_and_moves)
