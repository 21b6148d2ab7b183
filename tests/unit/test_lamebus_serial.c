/* Unit tests of devices/lamebus_serial against System/161's hardware reference, and of what is
 * ours. */
#include "lamebus_rig.h"

#include "devices/lamebus_serial.h"

enum { SLOT = 2, CHARACTER = 0, WIRQ = 4, RIRQ = 8, CARRIER = 12 };
enum { ENABLE = 1, READY = 2, FORCE = 4, HANGUP = 8 };
enum { TIME = LAMEBUS_RIG_HZ / LAMEBUS_SERIAL_CONSOLE };

struct serial_rig {
    struct lamebus_rig r; /* first */
    struct lamebus_serial serial;
};

static struct serial_rig *make_port(bool carrier)
{
    struct serial_rig *s = calloc(1, sizeof *s);
    lamebus_rig_init(&s->r, 1);
    lamebus_serial_init(&s->serial, &s->r.rig.clock, LAMEBUS_RIG_HZ, carrier, rig_send, s);
    lamebus_serial_plug(&s->serial, &s->r.bus, SLOT);
    lamebus_serial_add_state(&s->serial, &s->r.rig.map, "lser");
    return s;
}

static struct rig *make_console(void)
{
    return &make_port(false)->r.rig;
}

static struct rig *make_stream(void)
{
    return &make_port(true)->r.rig;
}

/* A console whose driver listens already. */
static struct serial_rig *make_begun(void)
{
    struct serial_rig *s = make_port(false);
    lamebus_out(&s->r, SLOT, RIRQ, ENABLE);
    rig_pass(&s->r.rig, LAMEBUS_RIG_HZ / 10);
    return s;
}

static void free_rig(struct rig *rig)
{
    free(rig);
}

static void type(struct serial_rig *s, const char *text)
{
    for (; *text != '\0'; text++)
        lamebus_serial_receive(&s->serial, (uint8_t)*text);
}

START_TEST(identity_and_registers)
{
    struct serial_rig *s = make_port(false);
    struct lamebus_rig *r = &s->r;
    ck_assert_uint_eq(lamebus_in(r, 31, SLOT * 0x400), 1);
    ck_assert_uint_eq(lamebus_in(r, 31, SLOT * 0x400 + 4), 4);
    ck_assert_uint_eq(lamebus_in(r, 31, SLOT * 0x400 + 8), 1);
    ck_assert_uint_eq(lamebus_in(r, SLOT, WIRQ), 0);
    ck_assert_uint_eq(lamebus_in(r, SLOT, RIRQ), 0);
    lamebus_out(r, SLOT, WIRQ, 0xffffffff);
    ck_assert_uint_eq(lamebus_in(r, SLOT, WIRQ), 7);
    lamebus_out(r, SLOT, RIRQ, 0xffffffff);
    ck_assert_uint_eq(lamebus_in(r, SLOT, RIRQ), 7);
    uint32_t word;
    ck_assert(!lamebus_try_read(r, SLOT, CARRIER, &word));
    ck_assert(!lamebus_try_write(r, SLOT, CARRIER, 0));
    ck_assert(!lamebus_try_read(r, SLOT, 16, &word));
    lamebus_expect_whole_words(r, SLOT, WIRQ);
    free(s);
}
END_TEST

START_TEST(sending_takes_a_characters_time)
{
    struct serial_rig *s = make_port(false);
    struct lamebus_rig *r = &s->r;
    lamebus_out(r, SLOT, WIRQ, ENABLE);
    lamebus_out(r, SLOT, CHARACTER, 'a');
    lamebus_out(r, SLOT, CHARACTER, 'b'); /* lost: busy */
    rig_pass(&r->rig, TIME - 1);
    ck_assert_uint_eq(lamebus_in(r, SLOT, WIRQ), ENABLE);
    ck_assert(!lamebus_interrupted(r));
    rig_pass(&r->rig, 1);
    ck_assert_uint_eq(lamebus_in(r, SLOT, WIRQ), ENABLE | READY);
    ck_assert(lamebus_interrupted(r));
    lamebus_out(r, SLOT, WIRQ, ENABLE); /* a latch: the driver takes it back */
    ck_assert(!lamebus_interrupted(r));
    lamebus_out(r, SLOT, CHARACTER, 'c');
    ck_assert_uint_eq(r->rig.sent_used, 2);
    ck_assert_uint_eq(r->rig.sent[0], 'a');
    ck_assert_uint_eq(r->rig.sent[1], 'c');
    free(s);
}
END_TEST

START_TEST(either_latch_interrupts)
{
    for (uint32_t reg = WIRQ; reg <= RIRQ; reg += 4)
        for (uint32_t bits = 0; bits < 8; bits++) {
            struct serial_rig *s = make_port(false);
            lamebus_out(&s->r, SLOT, reg, bits);
            ck_assert_int_eq(lamebus_interrupted(&s->r),
                             (bits & ENABLE) != 0 && (bits & (READY | FORCE)) != 0);
            free(s);
        }
}
END_TEST

START_TEST(received_one_by_one)
{
    struct serial_rig *s = make_begun();
    struct lamebus_rig *r = &s->r;
    type(s, "xyz");
    ck_assert(lamebus_interrupted(r));
    for (const char *c = "xyz"; *c != '\0'; c++) {
        rig_pass(&r->rig, 10 * TIME); /* it waits for the driver */
        ck_assert_uint_eq(lamebus_in(r, SLOT, RIRQ), ENABLE | READY);
        ck_assert_uint_eq(lamebus_in(r, SLOT, CHARACTER), (uint8_t)*c);
        lamebus_out(r, SLOT, RIRQ, ENABLE);
        ck_assert(!lamebus_interrupted(r));
        rig_pass(&r->rig, TIME - 1);
        ck_assert(!lamebus_interrupted(r));
        rig_pass(&r->rig, 1);
        ck_assert_int_eq(lamebus_interrupted(r), c[1] != '\0');
    }
    ck_assert_uint_eq(lamebus_in(r, SLOT, CHARACTER), 'z'); /* it stays to be seen */
    free(s);
}
END_TEST

START_TEST(clearing_ready_drops_a_character)
{
    struct serial_rig *s = make_begun();
    type(s, "xy");
    lamebus_out(&s->r, SLOT, RIRQ, ENABLE);
    rig_pass(&s->r.rig, TIME);
    ck_assert_uint_eq(lamebus_in(&s->r, SLOT, CHARACTER), 'y');
    free(s);
}
END_TEST

START_TEST(typed_before_the_driver_begins)
{
    struct serial_rig *s = make_port(false);
    type(s, "xy");
    ck_assert_uint_eq(lamebus_in(&s->r, SLOT, RIRQ), READY);
    lamebus_out(&s->r, SLOT, RIRQ, ENABLE);
    rig_pass(&s->r.rig, LAMEBUS_RIG_HZ / 10 - 1);
    ck_assert(!lamebus_interrupted(&s->r));
    rig_pass(&s->r.rig, 1);
    for (const char *c = "xy"; *c != '\0'; c++) {
        ck_assert(lamebus_interrupted(&s->r));
        ck_assert_uint_eq(lamebus_in(&s->r, SLOT, CHARACTER), (uint8_t)*c);
        lamebus_out(&s->r, SLOT, RIRQ, ENABLE);
        rig_pass(&s->r.rig, TIME);
    }
    free(s);
}
END_TEST

START_TEST(the_line_has_a_bound)
{
    struct serial_rig *s = make_port(false);
    unsigned room = lamebus_serial_room(&s->serial);
    ck_assert_uint_eq(room, 512);
    type(s, "x"); /* shown: the line is empty again */
    ck_assert_uint_eq(lamebus_serial_room(&s->serial), 512);
    for (unsigned i = 0; i < 600; i++)
        type(s, "y");
    ck_assert_uint_eq(lamebus_serial_room(&s->serial), 0);
    free(s);
}
END_TEST

START_TEST(a_stream_has_an_end)
{
    struct serial_rig *s = make_port(true);
    struct lamebus_rig *r = &s->r;
    ck_assert_uint_eq(lamebus_in(r, SLOT, CARRIER), 1);
    ck_assert(!lamebus_try_write(r, SLOT, CARRIER, 0));
    lamebus_out(r, SLOT, RIRQ, ENABLE | HANGUP);
    type(s, "ab");
    lamebus_serial_carrier(&s->serial, 0);
    ck_assert_uint_eq(lamebus_in(r, SLOT, CARRIER), 1); /* seen behind the last character */
    ck_assert_uint_eq(lamebus_in(r, SLOT, CHARACTER), 'a');
    rig_pass(&r->rig, TIME);
    ck_assert_uint_eq(lamebus_in(r, SLOT, CARRIER), 1);
    ck_assert_uint_eq(lamebus_in(r, SLOT, CHARACTER), 'b');
    ck_assert_uint_eq(lamebus_in(r, SLOT, CARRIER), 0);
    ck_assert(lamebus_interrupted(r));
    lamebus_out(r, SLOT, RIRQ, ENABLE);
    ck_assert(!lamebus_interrupted(r));
    lamebus_serial_carrier(&s->serial, 1);
    ck_assert_uint_eq(lamebus_in(r, SLOT, CARRIER), 1);
    free(s);
}
END_TEST

START_TEST(a_streams_ready_is_no_latch)
{
    struct serial_rig *s = make_port(true);
    struct lamebus_rig *r = &s->r;
    lamebus_out(r, SLOT, RIRQ, ENABLE | READY);
    ck_assert_uint_eq(lamebus_in(r, SLOT, RIRQ), ENABLE);
    type(s, "ab");
    lamebus_out(r, SLOT, RIRQ, ENABLE);
    ck_assert_uint_eq(lamebus_in(r, SLOT, RIRQ), ENABLE | READY);
    ck_assert_uint_eq(lamebus_in(r, SLOT, CHARACTER), 'a');
    ck_assert_uint_eq(lamebus_in(r, SLOT, RIRQ), ENABLE);
    rig_pass(&r->rig, LAMEBUS_RIG_HZ / LAMEBUS_SERIAL_STREAM);
    ck_assert_uint_eq(lamebus_in(r, SLOT, RIRQ), ENABLE | READY);
    lamebus_out(r, SLOT, RIRQ, ENABLE); /* a slow driver's: 'b' is not lost */
    ck_assert_uint_eq(lamebus_in(r, SLOT, CHARACTER), 'b');
    free(s);
}
END_TEST

static void outside(struct rig *rig, uint32_t random)
{
    struct serial_rig *s = (struct serial_rig *)rig;
    if (random % 8 == 0)
        lamebus_serial_carrier(&s->serial, random >> 3 & 1);
    else
        lamebus_serial_receive(&s->serial, random);
}

static const uint16_t places[] = {0x100, 0};

static struct rig_subject subject_of(struct rig *(*make)(void))
{
    return (struct rig_subject){
        .make = make,
        .free = free_rig,
        .outside = outside,
        .ports = places,
        .span = 20,
        .base = LAMEBUS_BASE + SLOT * LAMEBUS_SLOT_BYTES - 0x100,
        .words = true,
        .longest = 4 * TIME,
    };
}

START_TEST(bashed)
{
    struct rig_subject console = subject_of(make_console), stream = subject_of(make_stream);
    rig_bash(&console, 30, 3000);
    rig_bash(&stream, 30, 3000);
}
END_TEST

START_TEST(corrupted)
{
    struct rig_subject console = subject_of(make_console);
    rig_corrupt(&console, 5);
}
END_TEST

RIG_MAIN("lamebus_serial", identity_and_registers, sending_takes_a_characters_time,
         either_latch_interrupts, received_one_by_one, clearing_ready_drops_a_character,
         typed_before_the_driver_begins, the_line_has_a_bound, a_stream_has_an_end,
         a_streams_ready_is_no_latch, bashed, corrupted)
