/* Unit tests of debugger/output: text and JSON of the same facts, tables, pausing, escapes. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/output.h"

static struct output out;
static char *text, *errors;
static size_t text_size, errors_size;

static void setup(void)
{
    out_init(&out, open_memstream(&text, &text_size), open_memstream(&errors, &errors_size));
}

static void teardown(void)
{
    fclose(out.text);
    fclose(out.errors);
    out_free(&out);
    free(text);
    free(errors);
}

static void say(void)
{
    static const struct out_column columns[] = {{"Name", "name", false, OUT_PLAIN},
                                                {"N", "number", true, OUT_PLAIN},
                                                {"Note", NULL, false, OUT_PLAIN}};
    out_text(&out, "hello %d\n", 5);
    out_number(&out, "five", 5);
    out_object(&out, "inner");
    out_boolean(&out, "yes", true);
    out_close(&out);
    out_table(&out, "rows", 2, columns, 3);
    out_cell(&out, "%s", "a");
    out_cell_number(&out, 10, "%d", 10);
    out_cell(&out, "%s", "x");
    out_cell(&out, "%s", "l\xc3\xa4nger");
    out_cell_number(&out, 7, "%d", 7);
    out_cell(&out, "%s", "");
    out_table_end(&out);
    out_string(&out, "bad", "\xff\x01");
}

START_TEST(says_text)
{
    out_begin(&out, false);
    say();
    out_end(&out);
    ck_assert_str_eq(text, "hello 5\n"
                           "  Name     N  Note\n"
                           "  a       10  x\n"
                           "  l\xc3\xa4nger   7\n");
}
END_TEST

START_TEST(says_json)
{
    out_begin(&out, true);
    say();
    out_end(&out);
    ck_assert_str_eq(text, "{\"five\":5,\"inner\":{\"yes\":true},\"rows\":[{\"name\":\"a\","
                           "\"number\":10},{\"name\":\"l\xc3\xa4nger\",\"number\":7}],"
                           "\"bad\":\"\\\\377\\\\001\"}\n");
}
END_TEST

START_TEST(ends_what_an_error_left_open)
{
    static const struct out_column columns[] = {{"", "a", false, OUT_PLAIN}};
    out_begin(&out, true);
    out_array(&out, "rows");
    out_object(&out, NULL);
    ck_assert(!out_error(&out, "no %s", "way"));
    out_end(&out);
    ck_assert_str_eq(text, "{\"rows\":[{}],\"error\":\"no way\"}\n");
    ck_assert_str_eq(errors, "no way\n");
    out_begin(&out, false);
    out_table(&out, "t", 0, columns, 1);
    out_cell(&out, "lost");
    out_end(&out);
    ck_assert_ptr_null(out.table);
}
END_TEST

static unsigned asked;

static bool ask(void *context)
{
    (void)context;
    return ++asked < 2;
}

START_TEST(pauses_at_each_screen)
{
    asked = 0;
    out.height = 4;
    out.more = ask;
    out_begin(&out, false);
    for (int i = 0; i < 20; i++)
        out_text(&out, "%d\n", i);
    out_end(&out);
    ck_assert_uint_eq(asked, 2);
    ck_assert_str_eq(text, "0\n1\n2\n3\n4\n5\n"); /* two screens of three lines, then "no" */
}
END_TEST

START_TEST(colours_do_not_count_as_width)
{
    static const struct out_column columns[] = {{"A", "a", false, OUT_BAD},
                                                {"B", "b", false, OUT_PLAIN}};
    out.color = true;
    out_begin(&out, false);
    out_table(&out, "t", 0, columns, 2);
    out_cell(&out, "xyz");
    out_cell(&out, "1");
    out_table_end(&out);
    out_end(&out);
    ck_assert_str_eq(text, "\033[1mA\033[0m    \033[1mB\033[0m\n\033[1;31mxyz\033[0m  1\n");
    out.color = false;
    ck_assert_str_eq(out_style(&out, OUT_BAD), "");
}
END_TEST

START_TEST(escapes_all_that_acts_on_a_terminal)
{
    char to[64], tiny[7];
    out_escape(to, sizeof to, "a\"\\\n\033[1m\0\200", 10);
    ck_assert_str_eq(to, "a\\\"\\\\\\n\\033[1m\\000\\200");
    out_escape(tiny, sizeof tiny, "\001\002\003", 3);
    ck_assert_str_eq(tiny, "\\001");
    for (int byte = 0; byte < 256; byte++) {
        unsigned char one = (unsigned char)byte;
        out_escape(to, sizeof to, &one, 1);
        for (const char *c = to; *c != '\0'; c++)
            ck_assert(*c >= 0x20 && *c < 0x7f);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("output");
    TCase *tcase = tcase_create("output");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, says_text);
    tcase_add_test(tcase, says_json);
    tcase_add_test(tcase, ends_what_an_error_left_open);
    tcase_add_test(tcase, pauses_at_each_screen);
    tcase_add_test(tcase, colours_do_not_count_as_width);
    tcase_add_test(tcase, escapes_all_that_acts_on_a_terminal);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
