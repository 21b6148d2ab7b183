/* The guest's floating point without hardware, judged by the host's hardware. */
#include "guest-os/user/lib/softfloat.c"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed = 88172645463325252u;

static uint64_t next_bits(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

/* Any bits; or bits whose exponents are near, extreme, or of a denormal, so that results round. */
static double next_double(void)
{
    static const uint64_t exponents[] = {0, 1, 2, 52, 1022, 1023, 1024, 1075, 2045, 2046, 2047};
    uint64_t bits = next_bits();
    switch (next_bits() % 4) {
    case 0: break;
    case 1: bits = (bits & 0x800fffffffffffffu) | exponents[next_bits() % 11] << 52; break;
    case 2: bits = (bits & 0x800fffffffffffffu) | (1000 + next_bits() % 60) << 52; break;
    default: bits = (bits & 0xfff0000000000000u) | (next_bits() & next_bits() & 3); break;
    }
    return double_of(bits);
}

static void same(double got, double wanted)
{
    if (wanted != wanted)
        ck_assert_msg(got != got, "%a instead of not-a-number", got);
    else
        ck_assert_msg(memcmp(&got, &wanted, sizeof got) == 0, "%a instead of %a", got, wanted);
}

static void same_float(float got, float wanted)
{
    if (wanted != wanted)
        ck_assert_msg(got != got, "%a instead of not-a-number", (double)got);
    else
        ck_assert_msg(memcmp(&got, &wanted, sizeof got) == 0, "%a instead of %a", (double)got,
                      (double)wanted);
}

enum { CASES = 200000 };

START_TEST(arithmetic)
{
    for (int i = 0; i < CASES; i++) {
        double a = next_double(), b = next_double();
        same(__adddf3(a, b), a + b);
        same(__subdf3(a, b), a - b);
        same(__muldf3(a, b), a * b);
        same(__divdf3(a, b), a / b);
    }
}
END_TEST

START_TEST(single_arithmetic)
{
    for (int i = 0; i < CASES; i++) {
        uint64_t bits = next_bits();
        float a = float_of(bits), b = float_of((bits >> 32 & 0x807fffff) | (bits & 0x7f800000));
        same_float(__addsf3(a, b), a + b);
        same_float(__subsf3(a, b), a - b);
        same_float(__mulsf3(a, b), a * b);
        same_float(__divsf3(a, b), a / b);
    }
}
END_TEST

START_TEST(comparison)
{
    for (int i = 0; i < CASES; i++) {
        double a = next_double(), b = next_bits() % 4 == 0 ? a : next_double();
        ck_assert_int_eq(__eqdf2(a, b) == 0, a == b);
        ck_assert_int_eq(__nedf2(a, b) != 0, a != b);
        ck_assert_int_eq(__ltdf2(a, b) < 0, a < b);
        ck_assert_int_eq(__ledf2(a, b) <= 0, a <= b);
        ck_assert_int_eq(__gtdf2(a, b) > 0, a > b);
        ck_assert_int_eq(__gedf2(a, b) >= 0, a >= b);
        ck_assert_int_eq(__unorddf2(a, b) != 0, __builtin_isunordered(a, b));
    }
}
END_TEST

START_TEST(conversion)
{
    for (int i = 0; i < CASES; i++) {
        uint64_t n = next_bits() >> next_bits() % 64;
        same(__floatundidf(n), (double)n);
        same(__floatdidf((int64_t)n), (double)(int64_t)n);
        same(__floatsidf((int32_t)n), (double)(int32_t)n);
        same_float(__floatundisf(n), (float)n);
        same_float(__floatdisf((int64_t)n), (float)(int64_t)n);
        double d = next_double();
        same_float(__truncdfsf2(d), (float)d);
        float f = float_of(n);
        same(__extendsfdf2(f), (double)f);
        if (d > -9e18 && d < 9e18)
            ck_assert_int_eq(__fixdfdi(d), (int64_t)d);
        if (d > -2147483649.0 && d < 2147483648.0)
            ck_assert_int_eq(__fixdfsi(d), (int32_t)d);
        if (d >= 0 && d < 1.8e19)
            ck_assert_uint_eq(__fixunsdfdi(d), (uint64_t)d);
    }
}
END_TEST

/* What has no result is the same not-a-number as on the host's processor. */
START_TEST(no_result)
{
    volatile double zero = 0, infinite = __builtin_inf(), odd = -__builtin_nan("5");
    const double pairs[][2] = {
        {__divdf3(0, 0), zero / zero},
        {__muldf3(__builtin_inf(), 0), infinite * zero},
        {__subdf3(__builtin_inf(), __builtin_inf()), infinite - infinite},
        {__subdf3(1, odd), 1 - odd},
        {__adddf3(odd, 1), odd + 1},
        {__divsf3(0, 0), (float)zero / (float)zero},
        {__truncdfsf2(odd), (float)odd},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        ck_assert_msg(bits_of(pairs[i][0]) == bits_of(pairs[i][1]), "pair %zu", i);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("softfloat");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, arithmetic);
    tcase_add_test(tests, single_arithmetic);
    tcase_add_test(tests, comparison);
    tcase_add_test(tests, conversion);
    tcase_add_test(tests, no_result);
    Suite *suite = suite_create("guest_softfloat");
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
