/* Unit tests of debugger/points: numbers, removal, and the filter that the CPU asks. */
#include <check.h>
#include <stdlib.h>

#include "debugger/stops.h"

static struct stops stops;

static void setup(void)
{
    stops_init(&stops);
}

static void teardown(void)
{
    stops_free(&stops);
}

/* As cpu_observer's contract says: bit (pc ^ pc >> 16) & 0xffff. */
static bool passes(uint32_t pc)
{
    uint32_t bit = (pc ^ pc >> 16) & 0xffff;
    return (stops.filter[bit / 8] >> bit % 8 & 1) != 0;
}

static struct point *break_at(uint32_t address)
{
    struct point *point = stops_add(&stops, POINT_BREAK, "somewhere");
    if (point != NULL) {
        point->location[0].address = address;
        point->locations = 1;
        stops_changed(&stops);
    }
    return point;
}

START_TEST(numbers_are_never_used_again)
{
    struct point *first = break_at(0x1000), *second = break_at(0x2000);
    ck_assert_uint_eq(first->number, 1);
    ck_assert_uint_eq(second->number, 2);
    ck_assert_ptr_eq(stops_find(&stops, 2), second);
    stops_remove(&stops, first);
    ck_assert_ptr_null(stops_find(&stops, 1));
    ck_assert_uint_eq(break_at(0x3000)->number, 3);
    ck_assert_ptr_null(stops_find(&stops, 0));
}
END_TEST

START_TEST(the_table_has_an_end)
{
    for (unsigned i = 0; i < POINTS; i++)
        ck_assert_ptr_nonnull(break_at(i));
    ck_assert_ptr_null(break_at(1));
    stops_remove(&stops, stops_find(&stops, 5));
    ck_assert_ptr_nonnull(break_at(1));
}
END_TEST

START_TEST(the_filter_lets_points_through)
{
    struct point *point = break_at(0x80105f6a);
    ck_assert(passes(0x80105f6a));
    ck_assert(!passes(0x80105f6b));
    point->enabled = false;
    stops_changed(&stops);
    ck_assert(!passes(0x80105f6a));
    break_at(0x1234);
    ck_assert(passes(0x1234));
    point->enabled = true;
    stops_changed(&stops);
    ck_assert(passes(0x1234) && passes(0x80105f6a));
    stops_remove(&stops, point);
    ck_assert(passes(0x1234) && !passes(0x80105f6a));
}
END_TEST

START_TEST(only_watchpoints_need_accesses)
{
    break_at(0x1000);
    stops_add(&stops, POINT_CATCH_TRAP, "trap");
    stops_changed(&stops);
    ck_assert(!stops.has_access);
    struct point *watch = stops_add(&stops, POINT_READ_WATCH, "x");
    stops_changed(&stops);
    ck_assert(stops.has_access && point_is_watch(watch));
    watch->enabled = false;
    stops_changed(&stops);
    ck_assert(!stops.has_access);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("breakpoints");
    TCase *tcase = tcase_create("breakpoints");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, numbers_are_never_used_again);
    tcase_add_test(tcase, the_table_has_an_end);
    tcase_add_test(tcase, the_filter_lets_points_through);
    tcase_add_test(tcase, only_watchpoints_need_accesses);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
