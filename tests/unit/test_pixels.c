/* Unit tests of debugger/gui/pixels: where the mouse is, on displays of any density. */
#include <check.h>
#include <limits.h>
#include <stdlib.h>

#include "debugger/gui/pixels.h"

START_TEST(one_is_one_where_a_unit_is_a_pixel)
{
    struct pixels pixels = {1280, 720, 1280, 720};
    for (int at = -10; at < 1300; at++) {
        ck_assert_int_eq(pixels_x(&pixels, at), at);
        ck_assert_int_eq(pixels_y(&pixels, at), at);
    }
}
END_TEST

START_TEST(a_unit_is_its_first_pixel)
{
    struct pixels twice = {1280, 720, 2560, 1440}, more = {1000, 3, 1500, 5},
                  odd = {1001, 1, 1668, 1};
    ck_assert_int_eq(pixels_x(&twice, 0), 0);
    ck_assert_int_eq(pixels_x(&twice, 330), 660);
    ck_assert_int_eq(pixels_y(&twice, 719), 1438);
    ck_assert_int_eq(pixels_x(&more, 1), 1);
    ck_assert_int_eq(pixels_x(&more, 2), 3);
    ck_assert_int_eq(pixels_x(&more, 999), 1498);
    ck_assert_int_eq(pixels_y(&more, 2), 3);
    ck_assert_int_eq(pixels_x(&odd, 1000), 1666);
}
END_TEST

/* Inside is inside, outside is outside, and whoever moves on does not come back. */
START_TEST(inside_stays_inside_in_order)
{
    static const int sizes[] = {1, 2, 3, 719, 1280, 16384};
    for (unsigned i = 0; i < 6; i++)
        for (unsigned j = 0; j < 6; j++) {
            struct pixels pixels = {sizes[i], 1, sizes[j], 1};
            int before = pixels_x(&pixels, -3);
            for (int x = -2; x < sizes[i] + 3; x++) {
                int at = pixels_x(&pixels, x);
                ck_assert_int_ge(at, before);
                ck_assert_int_eq(at >= 0, x >= 0);
                if (sizes[j] >= sizes[i])
                    ck_assert_int_eq(at < sizes[j], x < sizes[i]);
                else if (x < sizes[i])
                    ck_assert_int_lt(at, sizes[j]);
                before = at;
            }
        }
}
END_TEST

START_TEST(a_window_without_a_size_does_no_harm)
{
    struct pixels none = {0, 0, 0, 0}, iconic = {-1, 0, 5, 5};
    ck_assert_int_eq(pixels_x(&none, 7), 7);
    ck_assert_int_eq(pixels_x(&iconic, INT_MIN), INT_MIN);
    struct pixels dense = {16384, 16384, 16384, 16384};
    ck_assert_int_eq(pixels_y(&dense, INT_MAX), INT_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pixels");
    TCase *tcase = tcase_create("pixels");
    tcase_add_test(tcase, one_is_one_where_a_unit_is_a_pixel);
    tcase_add_test(tcase, a_unit_is_its_first_pixel);
    tcase_add_test(tcase, inside_stays_inside_in_order);
    tcase_add_test(tcase, a_window_without_a_size_does_no_harm);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
