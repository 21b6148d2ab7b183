/* Text to numbers: strtol, strtod and their relatives. */
#include "internal.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int digit_value(char c)
{
    if (isdigit((unsigned char)c))
        return c - '0';
    return isalpha((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : INT_MAX;
}

/* A sign, a prefix and digits. `limit` is the greatest magnitude; *negative says which sign. */
static uint64_t parse_magnitude(const char *s, char **end, int base, uint64_t limit_plus,
                                uint64_t limit_minus, bool *negative)
{
    const char *start = s;
    while (isspace((unsigned char)*s))
        s++;
    *negative = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    uint64_t limit = *negative ? limit_minus : limit_plus;
    if ((base == 0 || base == 16) && s[0] == '0' && (s[1] | 0x20) == 'x' &&
        digit_value(s[2]) < 16) {
        s += 2;
        base = 16;
    } else if (base == 0) {
        base = *s == '0' ? 8 : 10;
    }
    uint64_t n = 0;
    bool any = false, over = false;
    for (; digit_value(*s) < base; s++) {
        unsigned digit = (unsigned)digit_value(*s);
        any = true;
        if (n > (limit - digit) / (unsigned)base)
            over = true;
        else
            n = n * (unsigned)base + digit;
    }
    if (end != NULL)
        *end = (char *)(any ? s : start);
    if (over) {
        errno = ERANGE;
        return limit;
    }
    return n;
}

long long strtoll(const char *s, char **end, int base)
{
    bool negative;
    uint64_t n = parse_magnitude(s, end, base, LLONG_MAX, (uint64_t)LLONG_MAX + 1, &negative);
    return (long long)(negative ? 0 - n : n);
}

long strtol(const char *s, char **end, int base)
{
    bool negative;
    uint64_t n = parse_magnitude(s, end, base, LONG_MAX, (uint64_t)LONG_MAX + 1, &negative);
    return (long)(negative ? 0 - n : n);
}

unsigned long long strtoull(const char *s, char **end, int base)
{
    bool negative;
    uint64_t n = parse_magnitude(s, end, base, ULLONG_MAX, ULLONG_MAX, &negative);
    return negative && n != ULLONG_MAX ? 0 - n : n;
}

unsigned long strtoul(const char *s, char **end, int base)
{
    bool negative;
    uint64_t n = parse_magnitude(s, end, base, ULONG_MAX, ULONG_MAX, &negative);
    return (unsigned long)(negative && n != ULONG_MAX ? 0 - n : n);
}

int atoi(const char *s)
{
    return (int)strtol(s, NULL, 10);
}

long atol(const char *s)
{
    return strtol(s, NULL, 10);
}

long long atoll(const char *s)
{
    return strtoll(s, NULL, 10);
}

/* inf, infinity or nan at s; gives how many characters, 0 for none. */
static int parse_name(const char *s, double *value)
{
    if (strncasecmp(s, "nan", 3) == 0) {
        *value = __builtin_nan("");
        return 3;
    }
    *value = __builtin_inf();
    if (strncasecmp(s, "infinity", 8) == 0)
        return 8;
    return strncasecmp(s, "inf", 3) == 0 ? 3 : 0;
}

/* [e|E] [sign] digits at s. Gives where it ends: s itself if there is no exponent. */
static const char *parse_exponent(const char *s, int *exponent)
{
    const char *e = s;
    if ((*e | 0x20) != 'e')
        return s;
    e++;
    bool negative = *e == '-';
    if (*e == '-' || *e == '+')
        e++;
    if (!isdigit((unsigned char)*e))
        return s;
    int n = 0;
    for (; isdigit((unsigned char)*e); e++)
        n = n < 100000 ? n * 10 + (*e - '0') : n;
    *exponent = negative ? -n : n;
    return e;
}

double strtod(const char *s, char **end)
{
    const char *start = s;
    while (isspace((unsigned char)*s))
        s++;
    bool negative = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    double value;
    int named = parse_name(s, &value);
    if (named > 0) {
        if (end != NULL)
            *end = (char *)s + named;
        return negative ? -value : value;
    }
    char digits[DECIMAL_DIGITS];
    int count = 0, point = 0;
    bool any = false, seen_point = false;
    for (; isdigit((unsigned char)*s) || (*s == '.' && !seen_point); s++) {
        if (*s == '.') {
            seen_point = true;
            continue;
        }
        any = true;
        bool leading_zero = count == 0 && *s == '0';
        if (!leading_zero && count < DECIMAL_DIGITS)
            digits[count++] = *s;
        if (seen_point ? leading_zero : !leading_zero)
            point += seen_point ? -1 : 1;
    }
    int exponent = 0;
    if (any)
        s = parse_exponent(s, &exponent);
    if (end != NULL)
        *end = (char *)(any ? s : start);
    value = count == 0 ? 0 : __decimal_to_double(digits, count, point + exponent);
    if (value == __builtin_inf())
        errno = ERANGE;
    return negative ? -value : value;
}

float strtof(const char *s, char **end)
{
    return (float)strtod(s, end);
}

long double strtold(const char *s, char **end)
{
    return strtod(s, end);
}

double atof(const char *s)
{
    return strtod(s, NULL);
}
