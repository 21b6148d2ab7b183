/* Unit tests of devices/lamebus_timer against System/161's hardware reference. */
#include "lamebus_rig.h"

#include "devices/lamebus_timer.h"

enum {
    SLOT = 29,
    SECONDS = 0,
    NANOSECONDS = 4,
    RESTART = 8,
    IRQ = 12,
    COUNTDOWN = 16,
    SPEAKER = 20
};
enum { MICROSECOND = LAMEBUS_RIG_HZ / 1000000 };

struct timer_rig {
    struct lamebus_rig r; /* first */
    struct lamebus_timer timer;
};

static struct timer_rig *make_timer(void)
{
    struct timer_rig *t = calloc(1, sizeof *t);
    lamebus_rig_init(&t->r, 1);
    lamebus_timer_init(&t->timer, &t->r.rig.clock, LAMEBUS_RIG_HZ);
    lamebus_timer_plug(&t->timer, &t->r.bus, SLOT);
    lamebus_timer_add_state(&t->timer, &t->r.rig.map);
    return t;
}

static struct rig *make(void)
{
    return &make_timer()->r.rig;
}

static void free_rig(struct rig *rig)
{
    free(rig);
}

START_TEST(identity)
{
    struct timer_rig *t = make_timer();
    ck_assert_uint_eq(lamebus_in(&t->r, 31, SLOT * 0x400 + 4), 2);
    ck_assert_uint_eq(lamebus_in(&t->r, 31, SLOT * 0x400 + 8), 1);
    lamebus_expect_whole_words(&t->r, SLOT, SECONDS);
    uint32_t word;
    ck_assert(!lamebus_try_read(&t->r, SLOT, 32, &word));
    free(t);
}
END_TEST

START_TEST(the_date_goes_on)
{
    struct timer_rig *t = make_timer();
    lamebus_timer_set_date(&t->timer, 1700000000);
    rig_pass(&t->r.rig, 3 * (uint64_t)LAMEBUS_RIG_HZ + 10);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, SECONDS), 1700000003);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, NANOSECONDS), 400); /* 40 ns a tick */
    free(t);
}
END_TEST

START_TEST(the_date_can_be_set)
{
    struct timer_rig *t = make_timer();
    lamebus_timer_set_date(&t->timer, 1700000000);
    rig_pass(&t->r.rig, LAMEBUS_RIG_HZ / 2);
    lamebus_out(&t->r, SLOT, SECONDS, 5);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, SECONDS), 5);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, NANOSECONDS), 500000000);
    lamebus_out(&t->r, SLOT, NANOSECONDS, 999999999);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, SECONDS), 5);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, NANOSECONDS), 999999999);
    rig_pass(&t->r.rig, 1);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, SECONDS), 6);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, NANOSECONDS), 39);
    free(t);
}
END_TEST

START_TEST(one_countdown)
{
    struct timer_rig *t = make_timer();
    lamebus_out(&t->r, SLOT, COUNTDOWN, 100);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, COUNTDOWN), 100);
    rig_pass(&t->r.rig, 100 * MICROSECOND - 1);
    ck_assert(!lamebus_interrupted(&t->r));
    rig_pass(&t->r.rig, 1);
    ck_assert(lamebus_interrupted(&t->r));
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, IRQ), 1); /* reading takes it back */
    ck_assert(!lamebus_interrupted(&t->r));
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, IRQ), 0);
    rig_pass(&t->r.rig, LAMEBUS_RIG_HZ);
    ck_assert(!lamebus_interrupted(&t->r));
    free(t);
}
END_TEST

START_TEST(restarting_does_not_drift)
{
    struct timer_rig *t = make_timer();
    lamebus_out(&t->r, SLOT, RESTART, 1);
    lamebus_out(&t->r, SLOT, COUNTDOWN, 1000);
    for (unsigned i = 1; i <= 50; i++) {
        rig_pass(&t->r.rig, 1000 * MICROSECOND - 1);
        ck_assert(!lamebus_interrupted(&t->r));
        rig_pass(&t->r.rig, 1);
        ck_assert(lamebus_interrupted(&t->r));
        lamebus_in(&t->r, SLOT, IRQ);
    }
    lamebus_out(&t->r, SLOT, RESTART, 0); /* the present one ends, and is the last */
    rig_pass(&t->r.rig, 1000 * MICROSECOND);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, IRQ), 1);
    rig_pass(&t->r.rig, 5000 * MICROSECOND);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, IRQ), 0);
    free(t);
}
END_TEST

START_TEST(a_countdown_of_nothing_is_not_endless)
{
    struct timer_rig *t = make_timer();
    lamebus_out(&t->r, SLOT, RESTART, 1);
    lamebus_out(&t->r, SLOT, COUNTDOWN, 0);
    rig_pass(&t->r.rig, MICROSECOND);
    ck_assert_uint_eq(lamebus_in(&t->r, SLOT, IRQ), 1);
    rig_pass(&t->r.rig, LAMEBUS_RIG_HZ / 100);
    free(t);
}
END_TEST

START_TEST(misuse_is_told)
{
    struct timer_rig *t = make_timer();
    static const struct {
        uint32_t offset;
        bool write;
    } misuse[] = {{SPEAKER, false}, {24, false}, {28, false}, {IRQ, true}, {24, true}, {28, true}};
    for (unsigned i = 0; i < sizeof misuse / sizeof *misuse; i++) {
        if (misuse[i].write)
            lamebus_out(&t->r, SLOT, misuse[i].offset, 9);
        else
            ck_assert_uint_eq(lamebus_in(&t->r, SLOT, misuse[i].offset), 0);
        ck_assert_uint_eq(t->r.misuses, i + 1);
        ck_assert_uint_eq(t->r.misused_slot, SLOT);
        ck_assert_uint_eq(t->r.misused_offset, misuse[i].offset);
    }
    lamebus_out(&t->r, SLOT, SPEAKER, 1);
    ck_assert_uint_eq(t->r.misuses, 6);
    free(t);
}
END_TEST

static void outside(struct rig *rig, uint32_t random)
{
    lamebus_timer_set_date(&((struct timer_rig *)rig)->timer, random);
}

static const uint16_t places[] = {0x100, 0};
static const struct rig_subject subject = {
    .make = make,
    .free = free_rig,
    .outside = outside,
    .ports = places,
    .span = 36,
    .base = LAMEBUS_BASE + SLOT * LAMEBUS_SLOT_BYTES - 0x100,
    .words = true,
    .longest = LAMEBUS_RIG_HZ / 1000,
};

START_TEST(bashed)
{
    rig_bash(&subject, 40, 1000);
}
END_TEST

START_TEST(corrupted)
{
    rig_corrupt(&subject, 3);
}
END_TEST

RIG_MAIN("lamebus_timer", identity, the_date_goes_on, the_date_can_be_set, one_countdown,
         restarting_does_not_drift, a_countdown_of_nothing_is_not_endless, misuse_is_told, bashed,
         corrupted)
