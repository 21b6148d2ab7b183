/* The guest's printf engine and its decimal conversion, judged by the host's C library. */
#include "guest-os/user/lib/decimal.c"
#include "guest-os/user/lib/format.c"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

struct text_sink {
    struct sink sink;
    size_t used;
    char text[2048];
};

static void text_put(struct sink *sink, const char *s, size_t n)
{
    struct text_sink *to = (struct text_sink *)sink;
    ck_assert(to->used + n < sizeof to->text);
    memcpy(to->text + to->used, s, n);
    to->used += n;
}

/* The format is not known to the compiler: it is the thing that is tested. */
static void check_text(const char *format, ...)
{
    struct text_sink to = {.sink = {text_put}};
    char wanted[2048];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = __format(&to.sink, format, args);
    to.text[to.used] = '\0';
    int wanted_length = vsnprintf(wanted, sizeof wanted, format, again);
    ck_assert_msg(length == wanted_length && strcmp(to.text, wanted) == 0,
                  "%s: '%s' instead of '%s'", format, to.text, wanted);
    va_end(again);
    va_end(args);
}

START_TEST(integers)
{
    static const char *const flags[] = {"", "-", "0", "+", " ", "#", "-0", "+0", "#0", "-#", "+ "};
    static const char *const sizes[] = {"", "1", "8", ".0", ".3", "8.3", ".12", "3.6"};
    static const char *const letters[] = {"d",  "i",  "u",   "x",   "X",   "o",  "hhd",
                                          "hu", "hx", "hho", "lld", "llx", "jd", "jo"};
    static const long long values[] = {0,
                                       1,
                                       -1,
                                       42,
                                       127,
                                       128,
                                       255,
                                       65535,
                                       2147483647,
                                       -2147483648LL,
                                       0x7fffffffffffffff,
                                       0x123456789abcdef};
    for (size_t f = 0; f < sizeof flags / sizeof *flags; f++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (size_t l = 0; l < sizeof letters / sizeof *letters; l++)
                for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
                    char format[32];
                    snprintf(format, sizeof format, "<%%%s%s%s>", flags[f], sizes[s], letters[l]);
                    check_text(format, values[v]);
                }
}
END_TEST

START_TEST(text)
{
    check_text("plain");
    check_text("%s|%10s|%-10s|%.2s|%10.2s|%-10.2s|", "abc", "abc", "abc", "abc", "abc", "abc");
    check_text("%c|%5c|%-5c|%%|", 'x', 'y', 'z');
    check_text("%*d|%-*d|%*d|%.*d|%.*s", 6, 1, 6, 2, -6, 3, 4, 5, 2, "abc");
    check_text("%s", "");
}
END_TEST

START_TEST(doubles)
{
    static const double values[] = {
        0.0,
        -0.0,
        0.1,
        0.5,
        1.5,
        2.5,
        9.5,
        99.95,
        1e22,
        1e23,
        123456789012345678.0,
        5e-324,
        2.2250738585072014e-308,
        1.7976931348623157e308,
        0.000123456,
        999998.5,
        -1234.5678,
        __builtin_inf(),
        -__builtin_inf(),
        __builtin_nan(""),
    };
    static const char *const formats[] = {
        "%f",   "%.0f", "%.3f",  "%12.2f", "%-12.2f|", "%012.3f", "%+f",    "% f",    "%#.0f",
        "%F",   "%e",   "%.0e",  "%.10e",  "%E",       "%#.0e",   "%15.2e", "%g",     "%.3g",
        "%.0g", "%#g",  "%.17g", "%G",     "%.40f",    "%.30g",   "%+.1e",  "%-20gx",
    };
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            check_text(formats[f], values[v]);
}
END_TEST

/* Any double printed with 17 digits reads back as itself, and prints as the host prints it. */
START_TEST(round_trips)
{
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 5000; i++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        double d = make_double(bits & ~(1ULL << 63));
        if (d != d || d == __builtin_inf())
            continue;
        check_text("%.16e %g %.2f", d, d, d);
        struct decimal digits;
        __decimal_from_double(&digits, d, 17, 1);
        ck_assert(__decimal_to_double(digits.digits, digits.count, digits.point) == d);
    }
}
END_TEST

START_TEST(from_text)
{
    static const char *const texts[] = {
        "9007199254740993",
        "9007199254740992",
        "24703282292062327",
        "24703282292062328",
        "17976931348623158",
        "17976931348623159",
        "1",
        "5",
        "22250738585072011",
        "100000000000000000000000000000000000001",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int point = -345; point <= 312; point++) {
            char number[80];
            snprintf(number, sizeof number, "0.%se%d", texts[i], point);
            double wanted = strtod(number, NULL);
            double got = __decimal_to_double(texts[i], (int)strlen(texts[i]), point);
            ck_assert_msg(got == wanted, "%s: %a instead of %a", number, got, wanted);
        }
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("format");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, integers);
    tcase_add_test(tests, text);
    tcase_add_test(tests, doubles);
    tcase_add_test(tests, round_trips);
    tcase_add_test(tests, from_text);
    Suite *suite = suite_create("guest_format");
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
