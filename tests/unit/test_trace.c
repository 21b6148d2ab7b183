/* Unit tests of emu/base/trace: the ring's end, and going back in time. */
#include <check.h>
#include <stdlib.h>

#include "emu/base/trace.h"

static struct trace trace;

static void setup(void)
{
    trace_init(&trace);
}

static void teardown(void)
{
    trace_free(&trace);
}

static void write_events(uint64_t from, uint64_t to)
{
    for (uint64_t count = from; count < to; count++)
        trace_next(&trace)->count = count;
}

START_TEST(only_the_newest_are_there)
{
    write_events(0, TRACE_EVENTS + 10);
    ck_assert(trace_at(&trace, 9) == NULL);
    ck_assert_uint_eq(trace_at(&trace, 10)->count, 10);
    ck_assert_uint_eq(trace_at(&trace, TRACE_EVENTS + 9)->count, TRACE_EVENTS + 9);
    ck_assert(trace_at(&trace, TRACE_EVENTS + 10) == NULL);
    ck_assert(trace_at(&trace, UINT64_MAX) == NULL);
}
END_TEST

START_TEST(going_back_keeps_what_came_before)
{
    write_events(0, 100);
    trace_rewind(&trace, 40);
    ck_assert_uint_eq(trace.written, 40);
    ck_assert_uint_eq(trace_at(&trace, 39)->count, 39);
    ck_assert(trace_at(&trace, 40) == NULL);
    write_events(40, 60);
    ck_assert_uint_eq(trace_at(&trace, 59)->count, 59);
    trace_rewind(&trace, 0);
    ck_assert_uint_eq(trace.written, 0);
}
END_TEST

/* Slots that later events took must not pass for the earlier ones. */
START_TEST(what_was_overwritten_stays_gone)
{
    write_events(0, TRACE_EVENTS + 1000);
    trace_rewind(&trace, 2000);
    ck_assert_uint_eq(trace.written, 2000);
    ck_assert(trace_at(&trace, 999) == NULL);
    ck_assert_uint_eq(trace_at(&trace, 1000)->count, 1000);
    trace_rewind(&trace, 500);
    ck_assert_uint_eq(trace.written, 1000);
    write_events(500, 510);
    ck_assert_uint_eq(trace_at(&trace, 1000)->count, 500);
    ck_assert(trace_at(&trace, 999) == NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("trace");
    TCase *tcase = tcase_create("trace");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, only_the_newest_are_there);
    tcase_add_test(tcase, going_back_keeps_what_came_before);
    tcase_add_test(tcase, what_was_overwritten_stays_gone);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
