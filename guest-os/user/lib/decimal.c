/*
 * Doubles to decimal digits and back, exactly: a number is held as decimal digits and multiplied
 * or divided by powers of two digit by digit, so that nothing is lost before the one rounding.
 */
#include "internal.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    MOST_BITS = 28, /* 10 * 2^28 fits 32 bits */
    FRACTION_BITS = 52,
    MANTISSA_BITS = 53,
    BIAS = 1023,
    LOWEST_EXPONENT = -1022,
};

static void strip_zeros(struct decimal *d)
{
    int front = 0;
    while (front < d->count - 1 && d->digits[front] == '0')
        front++;
    memmove(d->digits, d->digits + front, (size_t)(d->count - front));
    d->count -= front;
    d->point -= front;
    while (d->count > 1 && d->digits[d->count - 1] == '0')
        d->count--;
    if (d->digits[0] == '0')
        d->point = 1;
}

static bool is_zero(const struct decimal *d)
{
    return d->digits[0] == '0';
}

/* Multiply by 2^bits, bits <= MOST_BITS. */
static void multiply(struct decimal *d, int bits)
{
    char front[10];
    int front_count = 0;
    uint32_t carry = 0;
    for (int i = d->count - 1; i >= 0; i--) {
        carry += (uint32_t)(d->digits[i] - '0') << bits;
        d->digits[i] = (char)('0' + carry % 10);
        carry /= 10;
    }
    for (; carry > 0; carry /= 10)
        front[front_count++] = (char)('0' + carry % 10);
    if (d->count + front_count > DECIMAL_DIGITS)
        d->count = DECIMAL_DIGITS - front_count;
    memmove(d->digits + front_count, d->digits, (size_t)d->count);
    for (int i = 0; i < front_count; i++)
        d->digits[i] = front[front_count - 1 - i];
    d->count += front_count;
    d->point += front_count;
    strip_zeros(d);
}

/* Divide by 2^bits, bits <= MOST_BITS. Digits beyond the room are dropped; the last one kept is
 * then made odd, so that a later rounding sees that something was there. */
static void divide(struct decimal *d, int bits)
{
    struct decimal q = {.point = d->point};
    uint32_t rest = 0;
    bool dropped = false;
    for (int i = 0; i < d->count || rest > 0; i++) {
        rest = rest * 10 + (i < d->count ? (uint32_t)(d->digits[i] - '0') : 0);
        if (q.count < DECIMAL_DIGITS)
            q.digits[q.count++] = (char)('0' + (rest >> bits));
        else
            dropped = dropped || rest >> bits != 0;
        rest &= (1u << bits) - 1;
    }
    if (dropped)
        q.digits[q.count - 1] |= 1;
    *d = q;
    strip_zeros(d);
}

/* Multiply by 2^power, any power. */
static void scale(struct decimal *d, int power)
{
    while (power > 0) {
        int bits = power < MOST_BITS ? power : MOST_BITS;
        multiply(d, bits);
        power -= bits;
    }
    while (power < 0) {
        int bits = -power < MOST_BITS ? -power : MOST_BITS;
        divide(d, bits);
        power += bits;
    }
}

/* Would rounding to `keep` digits, 0 <= keep < count, go up? Ties go to the even digit. */
static bool rounds_up(const struct decimal *d, int keep)
{
    bool exactly_half = d->digits[keep] == '5' && keep + 1 == d->count;
    if (exactly_half)
        return keep > 0 && (d->digits[keep - 1] & 1) != 0;
    return d->digits[keep] >= '5';
}

static void round_to(struct decimal *d, int keep)
{
    if (keep >= d->count)
        return;
    bool up = keep >= 0 && rounds_up(d, keep);
    int i = keep - 1;
    while (up && i >= 0 && d->digits[i] == '9')
        d->digits[i--] = '0';
    d->count = keep;
    if (up && i >= 0) {
        d->digits[i]++;
    } else if (up) {
        d->digits[0] = '1';
        d->count = 1;
        d->point++;
    } else if (keep <= 0) {
        d->digits[0] = '0';
        d->count = 1;
        d->point = 1;
    }
}

static void from_integer(struct decimal *d, uint64_t n)
{
    char digits[20];
    int count = 0;
    do {
        digits[count++] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    for (int i = 0; i < count; i++)
        d->digits[i] = digits[count - 1 - i];
    d->count = d->point = count;
}

void __decimal_from_double(struct decimal *out, double value, int places, int significant)
{
    union {
        double value;
        uint64_t bits;
    } u = {value};
    int exponent = (int)(u.bits >> FRACTION_BITS & 0x7ff);
    uint64_t mantissa = u.bits & ((1ULL << FRACTION_BITS) - 1);
    if (exponent > 0)
        mantissa |= 1ULL << FRACTION_BITS;
    else
        exponent = 1;
    from_integer(out, mantissa);
    if (mantissa != 0)
        scale(out, exponent - BIAS - FRACTION_BITS);
    round_to(out, significant ? places : out->point + places);
}

static double make_double(uint64_t bits)
{
    union {
        uint64_t bits;
        double value;
    } u = {bits};
    return u.value;
}

/* The integer nearest to d. */
static uint64_t to_integer(struct decimal *d)
{
    round_to(d, d->point);
    uint64_t n = 0;
    for (int i = 0; i < d->point; i++)
        n = n * 10 + (uint64_t)(i < d->count ? d->digits[i] - '0' : 0);
    return n;
}

double __decimal_to_double(const char *digits, int count, int point)
{
    struct decimal d = {.point = point, .count = count < DECIMAL_DIGITS ? count : DECIMAL_DIGITS};
    memcpy(d.digits, digits, (size_t)d.count);
    strip_zeros(&d);
    if (is_zero(&d) || d.point < -330)
        return 0;
    if (d.point > 310)
        return make_double(0x7ffULL << FRACTION_BITS);
    int exponent = 0; /* value = d * 2^exponent; make 1 <= d < 2 */
    while (d.point > 1 || (d.point == 1 && d.digits[0] >= '2')) {
        int bits = d.point > 9 ? MOST_BITS : d.point > 1 ? 3 : 1;
        divide(&d, bits);
        exponent += bits;
    }
    while (d.point < 1) {
        int bits = d.point < -8 ? MOST_BITS : 1;
        multiply(&d, bits);
        exponent -= bits;
    }
    if (exponent < LOWEST_EXPONENT) {
        scale(&d, exponent - LOWEST_EXPONENT);
        exponent = LOWEST_EXPONENT;
    }
    scale(&d, FRACTION_BITS);
    uint64_t mantissa = is_zero(&d) ? 0 : d.point < 0 ? 0 : to_integer(&d);
    if (mantissa >> MANTISSA_BITS != 0) {
        mantissa >>= 1;
        exponent++;
    }
    if (exponent > BIAS)
        return make_double(0x7ffULL << FRACTION_BITS);
    /* A mantissa without its top bit is a denormal: its exponent field is one less. */
    return make_double(((uint64_t)(exponent + BIAS - 1) << FRACTION_BITS) + mantissa);
}
