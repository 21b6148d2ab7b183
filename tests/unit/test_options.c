/* Unit tests of debugger/options: kinds, ends, mistakes. */
#include <check.h>
#include <stdlib.h>

#include "debugger/options.h"

static struct options options;
static struct option_set set;
static int rest;

static void setup(void)
{
    set = (struct option_set){.command = "test", .usage = "", .about = ""};
    options_share(&options, &set,
                  OPTIONS_MACHINE | OPTIONS_BOOT | OPTIONS_LIMITS | OPTIONS_PROFILE);
}

static enum options_answer parse(const char *a, const char *b, const char *c)
{
    const char *word[] = {"test", a, b, c};
    int count = 1 + (a != NULL) + (b != NULL) + (c != NULL);
    return options_parse(&set, count, (char **)word, &rest);
}

START_TEST(nothing_given_means_defaults)
{
    ck_assert_int_eq(parse(NULL, NULL, NULL), OPTIONS_GO_ON);
    ck_assert_int_eq(rest, 1);
    ck_assert_str_eq(options.machine, "x86");
    ck_assert(options.insn_limit == UINT64_MAX && options.timeout == UINT64_MAX);
    ck_assert(options.kernel == NULL && !options.snapshot && options.disk.used == 0);
}
END_TEST

START_TEST(values_come_behind_a_blank_or_an_equals_sign)
{
    ck_assert_int_eq(parse("--mem", "64M", "--insn-limit=12345"), OPTIONS_GO_ON);
    ck_assert_uint_eq(options.memory, 64 << 20);
    ck_assert_uint_eq(options.insn_limit, 12345);
    ck_assert_int_eq(parse("--append=a=b c", "--snapshot", NULL), OPTIONS_GO_ON);
    ck_assert_str_eq(options.append, "a=b c");
    ck_assert(options.snapshot);
}
END_TEST

START_TEST(sizes_and_seconds)
{
    static const struct {
        const char *text;
        uint64_t value;
    } size[] = {{"0", 0}, {"7", 7}, {"1K", 1024}, {"3k", 3072}, {"2M", 2 << 20}, {"1G", 1 << 30}};
    for (unsigned i = 0; i < sizeof size / sizeof size[0]; i++) {
        ck_assert_int_eq(parse("--output-limit", size[i].text, NULL), OPTIONS_GO_ON);
        ck_assert_uint_eq(options.output_limit, size[i].value);
    }
    static const char *const wrong[] = {
        "", "x", "1KB", "1.5M", "-1", "99999999999G", "18446744073709551616", "1 M"};
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_int_eq(parse("--output-limit", wrong[i], NULL), OPTIONS_BAD);
    ck_assert_int_eq(parse("--timeout", "1.25", NULL), OPTIONS_GO_ON);
    ck_assert_uint_eq(options.timeout, 1250000000);
    ck_assert_int_eq(parse("--timeout", "10", NULL), OPTIONS_GO_ON);
    ck_assert_uint_eq(options.timeout, 10000000000);
    ck_assert_int_eq(parse("--timeout", "1e3", NULL), OPTIONS_BAD);
    ck_assert_int_eq(parse("--timeout", "99999999999999", NULL), OPTIONS_BAD);
    ck_assert_int_eq(parse("--insn-limit", "1M", NULL), OPTIONS_BAD);
}
END_TEST

START_TEST(options_end_at_the_first_word)
{
    ck_assert_int_eq(parse("--snapshot", "prog", "--mem"), OPTIONS_GO_ON);
    ck_assert_int_eq(rest, 2);
    ck_assert_int_eq(parse("--", "--mem", NULL), OPTIONS_GO_ON);
    ck_assert_int_eq(rest, 2);
    ck_assert_int_eq(parse("-", NULL, NULL), OPTIONS_GO_ON);
    ck_assert_int_eq(rest, 1);
}
END_TEST

START_TEST(lists_grow)
{
    ck_assert_int_eq(parse("--disk=a", "--disk", "b"), OPTIONS_GO_ON);
    ck_assert_uint_eq(options.disk.used, 2);
    ck_assert_str_eq(options.disk.item[1], "b");
}
END_TEST

START_TEST(mistakes_are_told)
{
    ck_assert_int_eq(parse("--men", "64M", NULL), OPTIONS_BAD);
    ck_assert_int_eq(parse("--mem", NULL, NULL), OPTIONS_BAD);
    ck_assert_int_eq(parse("--snapshot=yes", NULL, NULL), OPTIONS_BAD);
    ck_assert_int_eq(parse("-z", NULL, NULL), OPTIONS_BAD);
    ck_assert_int_eq(parse("--an-option-with-a-name-that-is-longer-than-any-of-ours", NULL, NULL),
                     OPTIONS_BAD);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("options");
    TCase *tcase = tcase_create("options");
    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, nothing_given_means_defaults);
    tcase_add_test(tcase, values_come_behind_a_blank_or_an_equals_sign);
    tcase_add_test(tcase, sizes_and_seconds);
    tcase_add_test(tcase, options_end_at_the_first_word);
    tcase_add_test(tcase, lists_grow);
    tcase_add_test(tcase, mistakes_are_told);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
