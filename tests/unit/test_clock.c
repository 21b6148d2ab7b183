/* Unit tests of emu/base/clock: order of firing, drift, conversion. */
#include <check.h>
#include <stdlib.h>

#include "emu/base/clock.h"

static struct fired {
    unsigned count;
    char who[8];
    ticks due[8];
} fired;

static void note(char who, ticks due)
{
    fired.who[fired.count] = who;
    fired.due[fired.count++] = due;
}

static void fire_a(void *context, ticks due)
{
    (void)context;
    note('a', due);
}

static void fire_b(void *context, ticks due)
{
    note('b', due);
    if (fired.count < 4)
        clock_arm(context, 1, due + 10);
}

START_TEST(fires_in_due_then_slot_order)
{
    struct clock clock;
    clock_init(&clock);
    fired = (struct fired){0};
    unsigned a = clock_slot(&clock, "a", fire_a, &clock);
    unsigned b = clock_slot(&clock, "b", fire_b, &clock);
    clock_arm(&clock, a, 100);
    clock_arm(&clock, b, 100);
    ck_assert_uint_eq(clock.horizon, 100);
    clock.s.now = 99;
    clock_fire(&clock);
    ck_assert_uint_eq(fired.count, 0);
    clock.s.now = 112;
    clock_fire(&clock);
    ck_assert_uint_eq(fired.count, 3);
    ck_assert_int_eq(fired.who[0], 'a');
    ck_assert_int_eq(fired.who[1], 'b');
    ck_assert_uint_eq(fired.due[2], 110);
    ck_assert_uint_eq(clock.horizon, 120);
    clock_disarm(&clock, b);
    ck_assert(clock.horizon == CLOCK_NEVER);
}
END_TEST

START_TEST(converts_without_overflow)
{
    ck_assert_uint_eq(clock_convert(100000000, 100000000, 1193182), 1193182);
    ck_assert_uint_eq(clock_convert(1ull << 60, 1u << 30, 1u << 20), 1ull << 50);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("clock");
    TCase *tcase = tcase_create("clock");
    tcase_add_test(tcase, fires_in_due_then_slot_order);
    tcase_add_test(tcase, converts_without_overflow);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
