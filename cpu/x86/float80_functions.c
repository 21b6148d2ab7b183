/* float80_functions: exponential, logarithms, sine, cosine, tangent, arctangent: series with some
 * 120 bits, rounded once. */
#include "cpu/x86/float80.h"

#include <stddef.h>

#include "cpu/x86/float80_parts.h"

#define WIDE(high, low) ((uint128)UINT64_C(high) << 64 | UINT64_C(low))

/* Constants to 128 bits; the first bit is the integer bit. */
static const struct float80_parts one = {false, 0, WIDE(0x8000000000000000, 0)};
static const struct float80_parts ln2 = {false, -1, WIDE(0xb17217f7d1cf79ab, 0xc9e3b39803f2f6af)};
static const struct float80_parts log2e = {false, 0, WIDE(0xb8aa3b295c17f0bb, 0xbe87fed0691d3e89)};
static const struct float80_parts log2t = {false, 1, WIDE(0xd49a784bcd1b8afe, 0x492bf6ff4dafdb4d)};
static const struct float80_parts lg2 = {false, -2, WIDE(0x9a209a84fbcff798, 0x8f8959ac0b7c9178)};
static const struct float80_parts pi = {false, 1, WIDE(0xc90fdaa22168c234, 0xc4c6628b80dc1cd1)};

/* The x87 reduces its operands by a pi of 66 bits (SDM vol. 1, 8.3.8). */
#define PI_66 WIDE(0xc90fdaa22168c234, 0xc000000000000000)

/* --- arithmetic with 128 bits, exact to a few units of the last --------------------------------
 */

static struct float80_parts product(struct float80_parts a, struct float80_parts b)
{
    uint64_t ah = (uint64_t)(a.m >> 64), al = (uint64_t)a.m;
    uint64_t bh = (uint64_t)(b.m >> 64), bl = (uint64_t)b.m;
    uint128 high = (uint128)ah * bh, x = (uint128)ah * bl, y = (uint128)al * bh;
    uint128 low = (x & UINT64_MAX) + (y & UINT64_MAX) + ((uint128)al * bl >> 64);
    return normalized((struct float80_parts){a.sign != b.sign, a.exponent + b.exponent + 1,
                                             high + (x >> 64) + (y >> 64) + (low >> 64)});
}

static struct float80_parts negative(struct float80_parts a)
{
    a.sign = !a.sign;
    return a;
}

static struct float80_parts sum(struct float80_parts a, struct float80_parts b)
{
    if (a.m == 0)
        return b;
    if (b.m == 0)
        return a;
    if (a.exponent < b.exponent || (a.exponent == b.exponent && a.m < b.m)) {
        struct float80_parts other = a;
        a = b;
        b = other;
    }
    uint128 mb = shift_right_sticky(b.m, (unsigned)(a.exponent - b.exponent) + 1), ma = a.m >> 1;
    return normalized(
        (struct float80_parts){a.sign, a.exponent + 1, a.sign == b.sign ? ma + mb : ma - mb});
}

static struct float80_parts quotient(struct float80_parts a, struct float80_parts b)
{
    uint128 left = a.m, m = 0;
    bool carried = false;
    for (unsigned bit = 128; bit-- > 0;) {
        if (carried || left >= b.m) {
            left -= b.m;
            m |= (uint128)1 << bit;
        }
        carried = left >> 127 != 0;
        left <<= 1;
    }
    return normalized((struct float80_parts){a.sign != b.sign, a.exponent - b.exponent,
                                             m | (left != 0 || carried)});
}

static struct float80_parts divided_by(struct float80_parts a, uint64_t small)
{
    uint128 high = a.m / small, rest = a.m % small;
    unsigned by = leading_zeros(high);
    /* The bits that a division of 128 bits leaves free at the bottom. */
    uint128 more = by == 0 ? 0 : (rest << by) / small;
    return (struct float80_parts){a.sign, a.exponent - (int32_t)by, high << by | more};
}

static struct float80_parts whole_number(uint64_t n)
{
    return normalized((struct float80_parts){false, 127, n});
}

static bool negligible(struct float80_parts term, struct float80_parts total)
{
    return term.exponent < total.exponent - 124;
}

/* A total without the terms that are left, but on the right side of itself for rounding. */
static struct float80_parts beside(struct float80_parts total, struct float80_parts term)
{
    if (term.m != 0)
        total.m = term.sign == total.sign ? total.m | 1 : total.m - 1;
    return normalized(total);
}

/* x - x^3/3 + x^5/5 ..., or with every sign + : atan and atanh. */
static struct float80_parts odd_series(struct float80_parts x, bool alternating)
{
    struct float80_parts square = product(x, x), power = x, total = x;
    if (alternating)
        square = negative(square);
    for (uint64_t n = 3;; n += 2) {
        power = product(power, square);
        struct float80_parts term = divided_by(power, n);
        if (negligible(term, total))
            return beside(total, term);
        total = sum(total, term);
    }
}

/* first * (1 - x^2/(k(k+1)) + ...): sine from k = 2 with first = x, cosine from k = 1 with 1. */
static struct float80_parts circle_series(struct float80_parts x, struct float80_parts first,
                                          uint64_t k)
{
    struct float80_parts square = negative(product(x, x)), term = first, total = first;
    for (;; k += 2) {
        term = divided_by(product(term, square), k * (k + 1));
        if (negligible(term, total))
            return beside(total, term);
        total = sum(total, term);
    }
}

/* --- results -----------------------------------------------------------------------------------
 */

/* What is transcendental is never exact. */
static struct float80 inexact(struct float80_operation *op, struct float80_parts result)
{
    result.m |= 1;
    return float80_put(op, result, 64);
}

static void note_denormal(struct float80_operation *op, struct float80 a)
{
    if (float80_classify(a) == FLOAT80_DENORMAL)
        op->raised |= FLOAT80_DE;
}

/* --- 2^x - 1 -----------------------------------------------------------------------------------
 */

struct float80 float80_f2xm1(struct float80_operation *op, struct float80 x)
{
    struct float80 result;
    if (float80_no_number(op, x, FLOAT80_PLUS_ZERO, &result))
        return result;
    enum float80_class of = float80_classify(x);
    if (of == FLOAT80_INFINITY)
        return float80_sign(x) ? (struct float80){FLOAT80_INTEGER, 0xbfff} : x;
    if (of == FLOAT80_ZERO)
        return x;
    note_denormal(op, x);
    struct float80_parts exponent = take_apart(x);
    if (exponent.exponent >= 0) { /* outside -1 to 1 the result is undefined: x; but at the ends */
        if (exponent.exponent > 0 || exponent.m != one.m)
            return x;
        return exponent.sign ? (struct float80){FLOAT80_INTEGER, 0xbffe} : x;
    }
    struct float80_parts y = product(exponent, ln2), term = y, total = y;
    for (uint64_t n = 2;; n++) {
        term = divided_by(product(term, y), n);
        if (negligible(term, total))
            return inexact(op, beside(total, term));
        total = sum(total, term);
    }
}

/* --- y * log2(x) -------------------------------------------------------------------------------
 */

/* log2 of 1 + d, told by d / (2 + d). */
static struct float80_parts log2_of(struct float80_parts ratio)
{
    struct float80_parts natural = odd_series(ratio, false);
    natural.exponent++;
    return product(natural, log2e);
}

/* Of what is positive and not 1: x = 2^k * f with f from 1/sqrt 2 to sqrt 2. */
static struct float80_parts log2_parts(struct float80_parts x)
{
    static const uint128 root2 = WIDE(0xb504f333f9de6484, 0x597d89b3754abe9f);
    int32_t k = x.exponent;
    struct float80_parts f = {false, 0, x.m};
    if (f.m > root2) {
        f.exponent = -1;
        k++;
    }
    struct float80_parts whole = whole_number((uint64_t)(k < 0 ? -k : k));
    whole.sign = k < 0;
    struct float80_parts less = sum(f, negative(one));
    if (less.m == 0)
        return whole;
    return sum(whole, log2_of(quotient(less, sum(f, one))));
}

/* y * log, where the logarithm is a number: the products of zeros and infinities. */
static struct float80 log_product(struct float80_operation *op, struct float80_parts log,
                                  struct float80 y)
{
    enum float80_class cy = float80_classify(y);
    bool sign = log.sign != float80_sign(y);
    if (cy == FLOAT80_INFINITY)
        return log.m == 0 ? float80_invalid(op) : signed_infinity(sign);
    if (cy == FLOAT80_ZERO || log.m == 0)
        return signed_zero(sign);
    return inexact(op, product(log, take_apart(y)));
}

static struct float80 infinite_log(struct float80_operation *op, bool negative_x, struct float80 y)
{
    if (negative_x || float80_classify(y) == FLOAT80_ZERO)
        return float80_invalid(op);
    note_denormal(op, y);
    return signed_infinity(float80_sign(y));
}

struct float80 float80_fyl2x(struct float80_operation *op, struct float80 x, struct float80 y)
{
    struct float80 result;
    if (float80_no_number(op, x, y, &result))
        return result;
    enum float80_class cx = float80_classify(x), cy = float80_classify(y);
    if (cx != FLOAT80_ZERO && float80_sign(x))
        return float80_invalid(op);
    if (cx == FLOAT80_ZERO) {
        if (cy == FLOAT80_ZERO)
            return float80_invalid(op);
        if (cy != FLOAT80_INFINITY)
            op->raised |= FLOAT80_ZE;
        return signed_infinity(!float80_sign(y));
    }
    if (cx == FLOAT80_INFINITY)
        return infinite_log(op, false, y);
    struct float80_parts px = take_apart(x);
    struct float80_parts log = log2_parts(px);
    if (cy == FLOAT80_INFINITY && log.m == 0)
        return float80_invalid(op);
    note_denormal(op, x);
    note_denormal(op, y);
    return log_product(op, log, y);
}

/* x between -(1 - sqrt 2 / 2) and sqrt 2 - 1; outside the result is undefined (SDM vol. 2). */
struct float80 float80_fyl2xp1(struct float80_operation *op, struct float80 x, struct float80 y)
{
    struct float80 result;
    if (float80_no_number(op, x, y, &result))
        return result;
    enum float80_class cx = float80_classify(x), cy = float80_classify(y);
    bool sign = float80_sign(x) != float80_sign(y);
    if (cx == FLOAT80_INFINITY)
        return infinite_log(op, float80_sign(x), y);
    if (cx == FLOAT80_ZERO) {
        if (cy == FLOAT80_INFINITY)
            return float80_invalid(op);
        note_denormal(op, y);
        return signed_zero(sign);
    }
    note_denormal(op, x);
    note_denormal(op, y);
    struct float80_parts px = take_apart(x), two = {false, 1, one.m};
    struct float80_parts above = sum(px, one);
    if (px.sign && (above.m == 0 || above.sign))
        return x;
    bool near = px.exponent < -1;
    struct float80_parts log = near ? log2_of(quotient(px, sum(px, two))) : log2_parts(above);
    return log_product(op, log, y);
}

/* --- arctangent of y / x -----------------------------------------------------------------------
 */

/* Of 0 < ratio <= 1. */
static struct float80_parts arctangent(struct float80_parts ratio)
{
    static const struct float80_parts limit = {false, -2,
                                               WIDE(0xd413cccfe7799211, 0x65f626cdd52afa7d)};
    if (ratio.exponent < limit.exponent || (ratio.exponent == limit.exponent && ratio.m < limit.m))
        return odd_series(ratio, true);
    struct float80_parts quarter = pi, turned = sum(ratio, negative(one));
    quarter.exponent -= 2;
    if (turned.m == 0)
        return quarter;
    return sum(quarter, odd_series(quotient(turned, sum(ratio, one)), true));
}

/* A multiple of pi/4, for operands that leave no ratio (SDM vol. 2, table 3-29). */
static struct float80 quarters(struct float80_operation *op, uint64_t n, bool sign)
{
    struct float80_parts angle = product(pi, whole_number(n));
    angle.exponent -= 2;
    angle.sign = sign;
    return inexact(op, angle);
}

struct float80 float80_fpatan(struct float80_operation *op, struct float80 x, struct float80 y)
{
    struct float80 result;
    if (float80_no_number(op, x, y, &result))
        return result;
    enum float80_class cx = float80_classify(x), cy = float80_classify(y);
    bool left = float80_sign(x), sign = float80_sign(y);
    note_denormal(op, x);
    note_denormal(op, y);
    if (cy == FLOAT80_INFINITY)
        return quarters(op, cx == FLOAT80_INFINITY ? (left ? 3 : 1) : 2, sign);
    if (cx == FLOAT80_INFINITY || cy == FLOAT80_ZERO)
        return left ? quarters(op, 4, sign) : signed_zero(sign);
    if (cx == FLOAT80_ZERO)
        return quarters(op, 2, sign);
    struct float80_parts px = take_apart(x), py = take_apart(y);
    px.sign = py.sign = false;
    bool steep = py.exponent > px.exponent || (py.exponent == px.exponent && py.m > px.m);
    struct float80_parts ratio = steep ? quotient(px, py) : quotient(py, px);
    struct float80_parts angle = ratio.exponent < -70 ? ratio : arctangent(ratio), right = pi;
    if (steep) {
        right.exponent -= 1;
        angle = sum(right, left ? angle : negative(angle));
    } else if (left) {
        angle = sum(right, negative(angle));
    }
    angle.sign = sign;
    return inexact(op, angle);
}

/* --- sine, cosine, tangent ---------------------------------------------------------------------
 */

/* Takes away the nearest multiple of pi/2; answers which, modulo 4. The rest is exact. */
static unsigned reduced(struct float80_parts *x)
{
    if (x->exponent < -1)
        return 0;
    const uint128 half_pi = PI_66 >> 62; /* in units of 2^-65 */
    uint128 left = x->m >> 63;           /* x's significand, as if it were 1/2 to 1 */
    unsigned count = 0;
    for (int32_t n = -1; n < x->exponent; n++) {
        left <<= 1;
        count <<= 1;
        if (left >= half_pi) {
            left -= half_pi;
            count |= 1;
        }
    }
    bool above = left << 1 > half_pi;
    if (above) {
        left = half_pi - left;
        count++;
    }
    bool sign = x->sign;
    *x = normalized((struct float80_parts){sign != above, 127 - 65, left});
    return (sign ? 0u - count : count) & 3;
}

static bool too_large(struct float80 x)
{
    return (x.head & FLOAT80_EXPONENT) >= FLOAT80_BIAS + 63;
}

/* Sine and cosine of what is left, turned by the quarters taken away. */
static void circle(struct float80_parts x, struct float80_parts *sine, struct float80_parts *cosine)
{
    unsigned quarter = reduced(&x);
    struct float80_parts s = x.m == 0 ? x : circle_series(x, x, 2);
    struct float80_parts c = x.m == 0 ? one : circle_series(x, one, 1);
    switch (quarter) {
    case 0: *sine = s, *cosine = c; break;
    case 1: *sine = c, *cosine = negative(s); break;
    case 2: *sine = negative(s), *cosine = negative(c); break;
    default: *sine = negative(c), *cosine = s; break;
    }
}

bool float80_fsincos(struct float80_operation *op, struct float80 x, struct float80 *sine,
                     struct float80 *cosine)
{
    struct float80 result, unwanted;
    sine = sine == NULL ? &unwanted : sine;
    cosine = cosine == NULL ? &unwanted : cosine;
    enum float80_class of = float80_classify(x);
    if (float80_no_number(op, x, FLOAT80_PLUS_ZERO, &result) || of == FLOAT80_INFINITY) {
        *sine = *cosine = of == FLOAT80_INFINITY ? float80_invalid(op) : result;
        return true;
    }
    if (too_large(x))
        return false;
    if (of == FLOAT80_ZERO) {
        *sine = x;
        *cosine = (struct float80){FLOAT80_INTEGER, FLOAT80_BIAS};
        return true;
    }
    note_denormal(op, x);
    struct float80_parts s, c;
    circle(take_apart(x), &s, &c);
    if (cosine != &unwanted)
        *cosine = inexact(op, c);
    if (sine != &unwanted)
        *sine = inexact(op, s);
    return true;
}

bool float80_fptan(struct float80_operation *op, struct float80 x, struct float80 *tangent)
{
    enum float80_class of = float80_classify(x);
    if (float80_no_number(op, x, FLOAT80_PLUS_ZERO, tangent))
        return true;
    if (of == FLOAT80_INFINITY) {
        *tangent = float80_invalid(op);
        return true;
    }
    if (too_large(x))
        return false;
    *tangent = x;
    if (of == FLOAT80_ZERO)
        return true;
    note_denormal(op, x);
    struct float80_parts s, c;
    circle(take_apart(x), &s, &c);
    *tangent = inexact(op, quotient(s, c));
    return true;
}

/* --- constants ---------------------------------------------------------------------------------
 */

struct float80 float80_constant(uint16_t control, unsigned number)
{
    static const struct float80_parts *const value[] = {&one, &log2t, &log2e, &pi, &lg2, &ln2};
    struct float80_operation op = {.control = (uint16_t)(control | 0x3f)};
    return float80_put(&op, *value[number], 64);
}
