/* Unit tests of emu/base/memory: bounds, marks, the search for marked pages. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/memory.h"

#define PAGES 37u /* no multiple of the eight that a search looks at together */

static struct memory memory;

static void setup(void)
{
    ck_assert(memory_init(&memory, "test", PAGES * MEMORY_PAGE));
}

static void teardown(void)
{
    memory_free(&memory);
}

START_TEST(begins_as_zeros_without_marks)
{
    for (unsigned i = 0; i < PAGES * MEMORY_PAGE; i++)
        ck_assert_uint_eq(memory.bytes[i], 0);
    ck_assert_uint_eq(memory_next(&memory, 0, 0xff), PAGES);
}
END_TEST

START_TEST(copies_stay_inside)
{
    uint8_t bytes[4] = {1, 2, 3, 4}, back[4] = {0};
    uint64_t end = memory.size;
    ck_assert(memory_put(&memory, end - 4, bytes, 4));
    ck_assert(memory_get(&memory, end - 4, back, 4));
    ck_assert_mem_eq(back, bytes, 4);
    ck_assert(!memory_put(&memory, end - 3, bytes, 4));
    ck_assert(!memory_get(&memory, end - 3, back, 4));
    ck_assert(!memory_put(&memory, UINT64_MAX, bytes, 4));
    ck_assert(!memory_put(&memory, 0, bytes, UINT64_MAX));
    ck_assert(memory_put(&memory, end, bytes, 0));
    ck_assert(!memory_put(&memory, end + 1, bytes, 0));
}
END_TEST

START_TEST(a_copy_marks_every_page_that_it_touches)
{
    uint8_t bytes[MEMORY_PAGE + 2] = {0};
    ck_assert(memory_put(&memory, 2 * MEMORY_PAGE - 1, bytes, sizeof bytes));
    for (unsigned i = 0; i < PAGES; i++)
        ck_assert_uint_eq(memory.page[i], i >= 1 && i <= 3 ? MEMORY_DIRTY | MEMORY_USED : 0);
}
END_TEST

START_TEST(cleaning_keeps_what_is_used)
{
    memory_touch(&memory, 5 * MEMORY_PAGE);
    memory_touch(&memory, (PAGES - 1) * MEMORY_PAGE + 4095);
    memory_clean(&memory);
    ck_assert_uint_eq(memory_next(&memory, 0, MEMORY_DIRTY), PAGES);
    ck_assert_uint_eq(memory_next(&memory, 0, MEMORY_USED), 5);
    ck_assert_uint_eq(memory_next(&memory, 6, MEMORY_USED), PAGES - 1);
}
END_TEST

START_TEST(the_search_finds_each_page_from_each_start)
{
    for (unsigned marked = 0; marked < PAGES; marked++) {
        memset(memory.page, MEMORY_USED, PAGES);
        memory.page[marked] |= MEMORY_DIRTY;
        for (unsigned from = 0; from <= PAGES; from++)
            ck_assert_uint_eq(memory_next(&memory, from, MEMORY_DIRTY),
                              from <= marked ? marked : PAGES);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *tcase = tcase_create("memory");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, begins_as_zeros_without_marks);
    tcase_add_test(tcase, copies_stay_inside);
    tcase_add_test(tcase, a_copy_marks_every_page_that_it_touches);
    tcase_add_test(tcase, cleaning_keeps_what_is_used);
    tcase_add_test(tcase, the_search_finds_each_page_from_each_start);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
