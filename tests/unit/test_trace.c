/* Unit tests of emu/base/trace: the ring's end, and going back in time. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

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

/* What was written down tersely says the same as what was not. */
START_TEST(terse_steps_are_completed)
{
    memset(trace.event, 0xcc, TRACE_SLOTS * sizeof(struct trace_event));
    trace.written = TRACE_SLOTS - 3;
    *trace_next(&trace) = (struct trace_event){
        .tick = 100, .count = 7, .kind = TRACE_TRAP, .cpu = 1, .vector = 64, .cost = 0};
    struct trace_event check = {.kind = TRACE_STEP,
                                .flags = TRACE_CHECK | TRACE_TERSE,
                                .step = 3,
                                .cost = 2,
                                .a = 5,
                                .b = 6,
                                .addr = 0xcc,
                                .phys = 0xcc,
                                .value = 0xcc,
                                .old = 0xcc,
                                .tick = 0xcc,
                                .vector = 0xcc};
    struct trace_event write = check, set = check, read = check, end = check;
    write.flags = TRACE_WRITE | TRACE_TERSE;
    set.flags = TRACE_SET | TRACE_TERSE;
    read.flags = TRACE_READ | TRACE_TERSE;
    end.kind = TRACE_ENTERED;
    end.flags = TRACE_TERSE;
    *trace_next(&trace) = check;
    *trace_next(&trace) = write;
    *trace_next(&trace) = set;
    *trace_next(&trace) = read;
    *trace_next(&trace) = end;
    uint64_t n = TRACE_SLOTS - 3;
    struct trace_event expected[] = {
        {.flags = TRACE_CHECK, .tick = 100, .a = 5, .b = 6},
        {.flags = TRACE_WRITE, .tick = 102, .addr = 0xcc, .phys = 0xcc, .value = 0xcc, .old = 0xcc},
        {.flags = TRACE_SET, .tick = 104, .value = 0xcc, .old = 0xcc, .a = 5, .b = 6},
        {.flags = TRACE_READ, .tick = 106, .addr = 0xcc, .phys = 0xcc, .value = 0xcc},
        {.kind = TRACE_ENTERED, .tick = 108, .addr = 0xcc, .value = 0xcc, .b = 6},
    };
    for (unsigned i = 5; i-- > 0;) { /* the newest first: it needs those before */
        expected[i].count = 7;
        expected[i].kind = expected[i].kind != 0 ? expected[i].kind : TRACE_STEP;
        expected[i].cpu = 1;
        expected[i].vector = 64;
        expected[i].step = 3;
        expected[i].cost = 2;
        ck_assert_mem_eq(trace_at(&trace, n + 1 + i), &expected[i],
                         offsetof(struct trace_event, b) + sizeof expected[i].b);
    }
    ck_assert(trace_at(&trace, trace.written - TRACE_EVENTS - 1) == NULL);
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
    tcase_add_test(tcase, terse_steps_are_completed);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
