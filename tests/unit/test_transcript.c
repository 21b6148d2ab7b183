/* Unit tests of debugger/gui/transcript: what was said, as rows, whatever was said. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/gui/transcript.h"

static struct transcript transcript;

static void setup(void)
{
    transcript_init(&transcript);
}

static void teardown(void)
{
    transcript_free(&transcript);
}

static void say(const char *text, ticks tick)
{
    transcript_add(&transcript, text, strlen(text), tick);
}

static struct transcript_rows all(unsigned width)
{
    return transcript_rows(&transcript, CLOCK_NEVER, width, TRANSCRIPT_ROWS, 0);
}

static const struct transcript_cell *cell(const struct transcript_rows *rows, unsigned row,
                                          unsigned column)
{
    return &rows->cell[(size_t)row * rows->width + column];
}

/* The row's text, up to its first unused cell. */
static const char *row(const struct transcript_rows *rows, unsigned number)
{
    static char text[5 * TRANSCRIPT_COLUMNS];
    text[0] = '\0';
    ck_assert_uint_lt(number, rows->used);
    for (unsigned i = 0; i < rows->width && cell(rows, number, i)->text[0] != '\0'; i++)
        strcat(text, cell(rows, number, i)->text);
    return text;
}

START_TEST(lines_are_rows_and_wrap)
{
    say("one\nabcdefghij\n\nend", 1);
    struct transcript_rows rows = all(4);
    ck_assert_uint_eq(rows.used, 6);
    ck_assert_str_eq(row(&rows, 0), "one");
    ck_assert_str_eq(row(&rows, 1), "abcd");
    ck_assert_str_eq(row(&rows, 2), "efgh");
    ck_assert_str_eq(row(&rows, 3), "ij");
    ck_assert_str_eq(row(&rows, 4), "");
    ck_assert_str_eq(row(&rows, 5), "end");
    transcript_rows_free(&rows);
}
END_TEST

START_TEST(tabs_and_backspaces_move)
{
    say("a\tb\nxyz\b\bY", 1);
    struct transcript_rows rows = all(40);
    ck_assert_str_eq(row(&rows, 0), "a       b");
    ck_assert_str_eq(row(&rows, 1), "xYz");
    transcript_rows_free(&rows);
    rows = all(6); /* no tab is behind the last column */
    ck_assert_str_eq(row(&rows, 0), "a");
    ck_assert_str_eq(row(&rows, 1), "b");
    transcript_rows_free(&rows);
}
END_TEST

START_TEST(colours_of_output_become_inks_others_are_left_out)
{
    say("a\033[1;31mb\033[0mc\033[7;99md\033]e\033[2Kf\033", 1);
    struct transcript_rows rows = all(40);
    ck_assert_str_eq(row(&rows, 0), "abcdef");
    ck_assert_int_eq(cell(&rows, 0, 0)->ink, INK_TEXT);
    ck_assert_int_eq(cell(&rows, 0, 1)->ink, INK_BAD);
    ck_assert(cell(&rows, 0, 1)->bold);
    ck_assert_int_eq(cell(&rows, 0, 2)->ink, INK_TEXT);
    ck_assert(!cell(&rows, 0, 2)->bold);
    transcript_rows_free(&rows);
}
END_TEST

START_TEST(a_newline_is_one_whatever_is_around_it)
{
    say("a\033[1\nb\033\nc\xf0\nd\xe2\x82\n\xe2\x82\xac", 1);
    struct transcript_rows rows = all(40);
    ck_assert_uint_eq(rows.used, 5);
    ck_assert_str_eq(row(&rows, 1), "b");
    ck_assert_str_eq(row(&rows, 2), "c\xf0");
    ck_assert_str_eq(row(&rows, 4), "\xe2\x82\xac"); /* one cell */
    ck_assert_str_eq(cell(&rows, 4, 1)->text, "");
    transcript_rows_free(&rows);
}
END_TEST

START_TEST(the_past_shows_what_had_been_said)
{
    say("one\n", 10);
    say("two\n", 20);
    struct transcript_rows rows = transcript_rows(&transcript, 19, 40, 10, 0);
    ck_assert_uint_eq(rows.used, 2);
    ck_assert_str_eq(row(&rows, 0), "one");
    ck_assert_str_eq(row(&rows, 1), "");
    transcript_rows_free(&rows);
    say("other\n", 15); /* another future: "two" was never said */
    rows = all(40);
    ck_assert_uint_eq(rows.used, 3);
    ck_assert_str_eq(row(&rows, 1), "other");
    transcript_rows_free(&rows);
}
END_TEST

START_TEST(back_goes_as_far_as_there_is_something)
{
    say("1\n2\n3\n4\n5", 1);
    struct transcript_rows rows = transcript_rows(&transcript, CLOCK_NEVER, 10, 2, 1);
    ck_assert_uint_eq(rows.used, 2);
    ck_assert_str_eq(row(&rows, 0), "3");
    ck_assert_str_eq(row(&rows, 1), "4");
    transcript_rows_free(&rows);
    rows = transcript_rows(&transcript, CLOCK_NEVER, 10, 2, UINT32_MAX);
    ck_assert_uint_eq(rows.used, 1);
    ck_assert_str_eq(row(&rows, 0), "1");
    transcript_rows_free(&rows);
}
END_TEST

/* What is asked for at the end is the end of what is asked for in whole: laying out only the end
 * leaves nothing out. */
START_TEST(the_end_is_the_end_of_the_whole)
{
    static const char bytes[] = "abc \n\n\n\t\b\033\033[[1;3201mm;\xe2\x82\xac\xf0\x7f\r";
    uint64_t seed = 12345;
    for (unsigned i = 0; i < 40000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        transcript_add(&transcript, &bytes[(seed >> 33) % (sizeof bytes - 1)], 1, i);
    }
    for (unsigned width = 1; width < 60; width += 13)
        for (unsigned until = 1000; until <= 40000; until += 7800) {
            struct transcript_rows whole =
                transcript_rows(&transcript, until, width, TRANSCRIPT_ROWS, 0);
            struct transcript_rows end = transcript_rows(&transcript, until, width, 7, 3);
            ck_assert_uint_eq(end.used, 7);
            for (unsigned i = 0; i < 7; i++)
                ck_assert_mem_eq(cell(&end, i, 0), cell(&whole, whole.used - 10 + i, 0),
                                 width * sizeof *end.cell);
            transcript_rows_free(&whole);
            transcript_rows_free(&end);
        }
}
END_TEST

START_TEST(a_flood_is_remembered_by_its_end_and_says_so)
{
    char line[65];
    for (unsigned i = 0; i < 1000000; i++) { /* 64 MB, in a second or two */
        snprintf(line, sizeof line, "%063u\n", i);
        say(line, i);
    }
    struct transcript_rows rows = transcript_rows(&transcript, CLOCK_NEVER, 80, 2, 0);
    ck_assert_str_eq(row(&rows, 0) + 57, "999999");
    transcript_rows_free(&rows);
    rows = transcript_rows(&transcript, CLOCK_NEVER, 80, 3, TRANSCRIPT_ROWS);
    ck_assert_uint_eq(rows.used, 3);
    transcript_rows_free(&rows);
    rows = transcript_rows(&transcript, 1000000 - TRANSCRIPT_BYTES / 64 + 1, 80, 5, 0);
    ck_assert_str_eq(row(&rows, 0), "[what was said before is not kept]");
    ck_assert_uint_eq(rows.used, 4);
    transcript_rows_free(&rows);
    rows = transcript_rows(&transcript, 5, 80, 5, 0);
    ck_assert_str_eq(row(&rows, 0), "[what was said before is not kept]");
    transcript_rows_free(&rows);
}
END_TEST

START_TEST(any_size_will_do)
{
    static const unsigned sizes[] = {0, 1, 2, 511, 512, 513, 100000, UINT32_MAX};
    say("a line\n\tand another \xe2\x82\xac\n", 1);
    for (unsigned i = 0; i < 64; i++) {
        unsigned width = sizes[i / 8], count = sizes[i % 8];
        struct transcript_rows rows =
            transcript_rows(&transcript, CLOCK_NEVER, width, count, count);
        ck_assert_uint_ge(rows.width, 1);
        ck_assert_uint_le(rows.width, TRANSCRIPT_COLUMNS);
        ck_assert_uint_ge(rows.used, 1);
        struct draw_list list;
        draw_init(&list);
        draw_begin(&list, (struct draw_metrics){10, 20}, 300, 1);
        transcript_draw(&rows, 0, &list, -5, -7);
        draw_free(&list);
        transcript_rows_free(&rows);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("transcript");
    TCase *tcase = tcase_create("transcript");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, lines_are_rows_and_wrap);
    tcase_add_test(tcase, tabs_and_backspaces_move);
    tcase_add_test(tcase, colours_of_output_become_inks_others_are_left_out);
    tcase_add_test(tcase, a_newline_is_one_whatever_is_around_it);
    tcase_add_test(tcase, the_past_shows_what_had_been_said);
    tcase_add_test(tcase, back_goes_as_far_as_there_is_something);
    tcase_add_test(tcase, the_end_is_the_end_of_the_whole);
    tcase_add_test(tcase, a_flood_is_remembered_by_its_end_and_says_so);
    tcase_add_test(tcase, any_size_will_do);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
