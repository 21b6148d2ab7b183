/* float80: arithmetic of the x87's double extended format in integers, the same on every host. */
#include "cpu/x86/float80.h"

#include "cpu/x86/float80_parts.h"

/* An unmasked overflow or underflow into a register wraps the exponent by this much (SDM vol. 1,
 * 8.5.4 and 8.5.5). */
#define WRAP 24576

enum float80_class float80_classify(struct float80 a)
{
    unsigned exponent = a.head & FLOAT80_EXPONENT;
    if (exponent == 0)
        return a.significand == 0 ? FLOAT80_ZERO : FLOAT80_DENORMAL;
    if ((a.significand & FLOAT80_INTEGER) == 0)
        return FLOAT80_UNSUPPORTED;
    if (exponent != FLOAT80_EXPONENT)
        return FLOAT80_NORMAL;
    if (a.significand == FLOAT80_INTEGER)
        return FLOAT80_INFINITY;
    return (a.significand & FLOAT80_QUIETED) != 0 ? FLOAT80_QUIET : FLOAT80_SIGNALLING;
}

/* --- rounding ----------------------------------------------------------------------------------
 */

struct float80_rounded float80_round(enum float80_rounding rounding, bool sign, uint128 m,
                                     unsigned bits)
{
    uint128 kept = bits == 0 ? 0 : m >> (128 - bits), rest = bits == 128 ? 0 : m << bits;
    const uint128 half = (uint128)1 << 127;
    bool up = false;
    switch (rounding) {
    case FLOAT80_NEAREST: up = rest > half || (rest == half && (kept & 1) != 0); break;
    case FLOAT80_DOWN: up = sign && rest != 0; break;
    case FLOAT80_UP: up = !sign && rest != 0; break;
    case FLOAT80_CHOP: break;
    }
    return (struct float80_rounded){kept + up, rest != 0, up};
}

/* SDM vol. 1, 4.9.1.4: infinity, or the largest number, by the direction of rounding; infinity for
 * what FSCALE carried even beyond the exponents of an exception that is not masked. */
static struct float80 overflowed(struct float80_operation *op, bool sign, unsigned bits)
{
    enum float80_rounding rounding = float80_rounding(op);
    op->raised |= FLOAT80_OE | FLOAT80_PE;
    op->up = rounding == FLOAT80_NEAREST || rounding == (sign ? FLOAT80_DOWN : FLOAT80_UP) ||
             (op->control & FLOAT80_OE) == 0;
    if (op->up)
        return signed_infinity(sign);
    return (struct float80){~UINT64_C(0) << (64 - bits), (uint16_t)(sign << 15 | 0x7ffe)};
}

static struct float80 assembled(bool sign, int32_t field, uint64_t significand)
{
    return (struct float80){significand, (uint16_t)(sign << 15 | field)};
}

/* Too small for the exponent: a denormal, rounded where the register ends. Zero for what FSCALE
 * carried even beyond the exponents of an exception that is not masked. */
static struct float80 denormalized(struct float80_operation *op, struct float80_parts a,
                                   int32_t field, unsigned bits)
{
    if ((op->control & FLOAT80_UE) == 0) {
        op->raised |= FLOAT80_UE | FLOAT80_PE;
        return signed_zero(a.sign);
    }
    uint128 m = shift_right_sticky(a.m, (unsigned)(1 - field > 200 ? 200 : 1 - field));
    struct float80_rounded r = float80_round(float80_rounding(op), a.sign, m, bits);
    uint64_t significand = (uint64_t)(r.kept << (64 - bits));
    op->up = r.up;
    if (r.inexact)
        op->raised |= FLOAT80_UE | FLOAT80_PE;
    return assembled(a.sign, (significand & FLOAT80_INTEGER) != 0, significand);
}

struct float80 float80_put(struct float80_operation *op, struct float80_parts a, unsigned bits)
{
    if (a.m == 0 || float80_refused(op))
        return signed_zero(a.sign);
    struct float80_rounded r = float80_round(float80_rounding(op), a.sign, a.m, bits);
    int32_t field = a.exponent + FLOAT80_BIAS, rounded = field;
    if (r.kept >> bits != 0) {
        r.kept >>= 1;
        rounded++;
    }
    bool tiny = rounded < 1;
    if (rounded >= (int32_t)FLOAT80_EXPONENT) {
        if ((op->control & FLOAT80_OE) != 0 || rounded - WRAP >= (int32_t)FLOAT80_EXPONENT)
            return overflowed(op, a.sign, bits);
        op->raised |= FLOAT80_OE;
        rounded -= WRAP;
    } else if (tiny) {
        if ((op->control & FLOAT80_UE) != 0 || rounded + WRAP < 1)
            return denormalized(op, a, field, bits);
        op->raised |= FLOAT80_UE;
        rounded += WRAP;
    }
    op->up = r.up;
    if (r.inexact)
        op->raised |= FLOAT80_PE;
    return assembled(a.sign, rounded, (uint64_t)(r.kept << (64 - bits)));
}

/* --- operands that are no numbers --------------------------------------------------------------
 */

static bool is_nan(enum float80_class of)
{
    return of == FLOAT80_QUIET || of == FLOAT80_SIGNALLING;
}

/* SDM vol. 1, table 4-7: of two the one with the larger significand; a quiet one wins against a
 * signalling one. */
static struct float80 chosen_nan(struct float80 a, enum float80_class ca, struct float80 b,
                                 enum float80_class cb)
{
    struct float80 qa = {a.significand | FLOAT80_QUIETED, a.head};
    struct float80 qb = {b.significand | FLOAT80_QUIETED, b.head};
    if (!is_nan(cb))
        return qa;
    if (!is_nan(ca))
        return qb;
    if (ca != cb)
        return ca == FLOAT80_QUIET ? qa : qb;
    if (a.significand != b.significand)
        return a.significand > b.significand ? qa : qb;
    return a.head < b.head ? qa : qb;
}

bool float80_no_number(struct float80_operation *op, struct float80 a, struct float80 b,
                       struct float80 *result)
{
    enum float80_class ca = float80_classify(a), cb = float80_classify(b);
    if (ca == FLOAT80_UNSUPPORTED || cb == FLOAT80_UNSUPPORTED) {
        *result = float80_invalid(op);
        return true;
    }
    if (is_nan(ca) || is_nan(cb)) {
        if (ca == FLOAT80_SIGNALLING || cb == FLOAT80_SIGNALLING)
            op->raised |= FLOAT80_IE;
        *result = chosen_nan(a, ca, b, cb);
        return true;
    }
    return false;
}

static void note_denormals(struct float80_operation *op, enum float80_class ca,
                           enum float80_class cb)
{
    if (ca == FLOAT80_DENORMAL || cb == FLOAT80_DENORMAL)
        op->raised |= FLOAT80_DE;
}

/* --- addition ----------------------------------------------------------------------------------
 */

/* Of exact results that are zero: + but when rounding down (SDM vol. 1, 4.8.3.1). */
static struct float80 exact_zero(const struct float80_operation *op)
{
    return signed_zero(float80_rounding(op) == FLOAT80_DOWN);
}

static struct float80 add_finite(struct float80_operation *op, struct float80 a, struct float80 b)
{
    struct float80_parts pa = take_apart(a), pb = take_apart(b);
    if (pa.exponent < pb.exponent) {
        struct float80_parts other = pa;
        pa = pb;
        pb = other;
    }
    uint128 ma = pa.m >> 2; /* the lowest 64 bits are zero: nothing is lost */
    uint128 mb = shift_right_sticky(pb.m >> 2, (unsigned)(pa.exponent - pb.exponent));
    struct float80_parts sum = {pa.sign, pa.exponent + 2, ma + mb};
    if (pa.sign != pb.sign) {
        sum.m = ma - mb;
        if (ma < mb) {
            sum.m = mb - ma;
            sum.sign = pb.sign;
        }
        if (sum.m == 0)
            return exact_zero(op);
    }
    return float80_put(op, normalized(sum), float80_precision(op));
}

struct float80 float80_add(struct float80_operation *op, struct float80 a, struct float80 b)
{
    struct float80 result;
    if (float80_no_number(op, a, b, &result))
        return result;
    enum float80_class ca = float80_classify(a), cb = float80_classify(b);
    if (ca == FLOAT80_INFINITY && cb == FLOAT80_INFINITY && float80_sign(a) != float80_sign(b))
        return float80_invalid(op);
    note_denormals(op, ca, cb);
    if (ca == FLOAT80_INFINITY)
        return a;
    if (cb == FLOAT80_INFINITY)
        return b;
    if (ca == FLOAT80_ZERO && cb == FLOAT80_ZERO)
        return float80_sign(a) == float80_sign(b) ? a : exact_zero(op);
    if (ca == FLOAT80_ZERO)
        return float80_put(op, take_apart(b), float80_precision(op));
    if (cb == FLOAT80_ZERO)
        return float80_put(op, take_apart(a), float80_precision(op));
    return add_finite(op, a, b);
}

struct float80 float80_sub(struct float80_operation *op, struct float80 a, struct float80 b)
{
    enum float80_class cb = float80_classify(b);
    return float80_add(op, a, is_nan(cb) ? b : float80_negated(b));
}

/* --- multiplication and division ---------------------------------------------------------------
 */

struct float80 float80_mul(struct float80_operation *op, struct float80 a, struct float80 b)
{
    struct float80 result;
    if (float80_no_number(op, a, b, &result))
        return result;
    enum float80_class ca = float80_classify(a), cb = float80_classify(b);
    bool sign = float80_sign(a) != float80_sign(b);
    if ((ca == FLOAT80_INFINITY && cb == FLOAT80_ZERO) ||
        (ca == FLOAT80_ZERO && cb == FLOAT80_INFINITY))
        return float80_invalid(op);
    note_denormals(op, ca, cb);
    if (ca == FLOAT80_INFINITY || cb == FLOAT80_INFINITY)
        return signed_infinity(sign);
    if (ca == FLOAT80_ZERO || cb == FLOAT80_ZERO)
        return signed_zero(sign);
    struct float80_parts pa = take_apart(a), pb = take_apart(b);
    struct float80_parts product = {sign, pa.exponent + pb.exponent + 1,
                                    (pa.m >> 64) * (pb.m >> 64)};
    return float80_put(op, normalized(product), float80_precision(op));
}

struct float80 float80_div(struct float80_operation *op, struct float80 a, struct float80 b)
{
    struct float80 result;
    if (float80_no_number(op, a, b, &result))
        return result;
    enum float80_class ca = float80_classify(a), cb = float80_classify(b);
    bool sign = float80_sign(a) != float80_sign(b);
    if (ca == cb && (ca == FLOAT80_INFINITY || ca == FLOAT80_ZERO))
        return float80_invalid(op);
    if (cb == FLOAT80_ZERO && ca != FLOAT80_INFINITY) {
        op->raised |= FLOAT80_ZE;
        return signed_infinity(sign);
    }
    note_denormals(op, ca, cb);
    if (ca == FLOAT80_INFINITY)
        return signed_infinity(sign);
    if (ca == FLOAT80_ZERO || cb == FLOAT80_INFINITY)
        return signed_zero(sign);
    struct float80_parts pa = take_apart(a), pb = take_apart(b);
    uint64_t divisor = (uint64_t)(pb.m >> 64);
    uint128 first = pa.m >> 1; /* below divisor * 2^64: the quotient fits 64 bits */
    uint128 high = first / divisor, rest = (first % divisor) << 64;
    uint128 low = rest / divisor;
    struct float80_parts quotient = {sign, pa.exponent - pb.exponent,
                                     high << 64 | low | (rest % divisor != 0)};
    return float80_put(op, normalized(quotient), float80_precision(op));
}

static uint64_t integer_root(uint128 of)
{
    uint64_t root = 0;
    for (unsigned bit = 64; bit-- > 0;) {
        uint64_t tried = root | UINT64_C(1) << bit;
        if ((uint128)tried * tried <= of)
            root = tried;
    }
    return root;
}

struct float80 float80_sqrt(struct float80_operation *op, struct float80 a)
{
    struct float80 result;
    if (float80_no_number(op, a, FLOAT80_PLUS_ZERO, &result))
        return result;
    enum float80_class ca = float80_classify(a);
    if (ca == FLOAT80_ZERO)
        return a;
    if (float80_sign(a))
        return float80_invalid(op);
    if (ca == FLOAT80_INFINITY)
        return a;
    note_denormals(op, ca, FLOAT80_ZERO);
    struct float80_parts pa = take_apart(a);
    bool odd = (pa.exponent & 1) != 0;
    uint128 of = odd ? pa.m : pa.m >> 1;
    uint64_t root = integer_root(of);
    uint128 rest = of - (uint128)root * root;
    /* Above root + 1/2 when the rest is more than root: what rounding wants to know. */
    uint64_t low = rest > root ? FLOAT80_INTEGER | 1 : rest != 0;
    struct float80_parts exact = {false, (pa.exponent - odd) / 2, (uint128)root << 64 | low};
    return float80_put(op, normalized(exact), float80_precision(op));
}

/* --- comparison --------------------------------------------------------------------------------
 */

static enum float80_order order_of_finite(struct float80 a, struct float80 b)
{
    struct float80_parts pa = take_apart(a), pb = take_apart(b);
    if (pa.sign != pb.sign)
        return pa.sign ? FLOAT80_LESS : FLOAT80_GREATER;
    if (pa.exponent == pb.exponent && pa.m == pb.m)
        return FLOAT80_EQUAL;
    bool less = pa.exponent < pb.exponent || (pa.exponent == pb.exponent && pa.m < pb.m);
    return less != pa.sign ? FLOAT80_LESS : FLOAT80_GREATER;
}

enum float80_order float80_compare(struct float80_operation *op, struct float80 a, struct float80 b,
                                   bool quiet)
{
    enum float80_class ca = float80_classify(a), cb = float80_classify(b);
    if (!float80_finite(ca) || !float80_finite(cb)) {
        bool none = ca > FLOAT80_INFINITY || cb > FLOAT80_INFINITY;
        if (none) {
            bool both_quiet = (ca <= FLOAT80_QUIET) && (cb <= FLOAT80_QUIET);
            if (!quiet || !both_quiet)
                op->raised |= FLOAT80_IE;
            return FLOAT80_UNORDERED;
        }
    }
    note_denormals(op, ca, cb);
    if (ca == FLOAT80_ZERO && cb == FLOAT80_ZERO)
        return FLOAT80_EQUAL;
    if (ca == FLOAT80_INFINITY && cb == FLOAT80_INFINITY && float80_sign(a) == float80_sign(b))
        return FLOAT80_EQUAL;
    if (ca == FLOAT80_INFINITY || cb == FLOAT80_ZERO)
        return float80_sign(a) ? FLOAT80_LESS : FLOAT80_GREATER;
    if (cb == FLOAT80_INFINITY || ca == FLOAT80_ZERO)
        return float80_sign(b) ? FLOAT80_GREATER : FLOAT80_LESS;
    return order_of_finite(a, b);
}

/* --- parts of a number -------------------------------------------------------------------------
 */

struct float80 float80_round_to_integer(struct float80_operation *op, struct float80 a)
{
    struct float80 result;
    if (float80_no_number(op, a, FLOAT80_PLUS_ZERO, &result))
        return result;
    enum float80_class ca = float80_classify(a);
    if (ca == FLOAT80_ZERO || ca == FLOAT80_INFINITY)
        return a;
    note_denormals(op, ca, FLOAT80_ZERO);
    struct float80_parts pa = take_apart(a);
    if (pa.exponent >= 63 || float80_refused(op))
        return a;
    unsigned whole = pa.exponent < -1 ? 0 : (unsigned)(pa.exponent + 1); /* bits before the point */
    uint128 m = pa.exponent < -1 ? 1 : pa.m;
    struct float80_rounded r = float80_round(float80_rounding(op), pa.sign, m, whole);
    op->up = r.up;
    if (r.inexact)
        op->raised |= FLOAT80_PE;
    if (r.kept == 0)
        return signed_zero(pa.sign);
    struct float80_parts integer = normalized((struct float80_parts){pa.sign, 127, r.kept});
    return assembled(pa.sign, integer.exponent + FLOAT80_BIAS, (uint64_t)(integer.m >> 64));
}

/* SDM vol. 2, FSCALE, table 3-31. */
struct float80 float80_scale(struct float80_operation *op, struct float80 a, struct float80 by)
{
    struct float80 result;
    if (float80_no_number(op, a, by, &result))
        return result;
    enum float80_class ca = float80_classify(a), cb = float80_classify(by);
    if (cb == FLOAT80_INFINITY) {
        bool down = float80_sign(by);
        if ((ca == FLOAT80_ZERO && !down) || (ca == FLOAT80_INFINITY && down))
            return float80_invalid(op);
        note_denormals(op, ca, cb);
        return down                 ? signed_zero(float80_sign(a))
               : ca == FLOAT80_ZERO ? a
                                    : signed_infinity(float80_sign(a));
    }
    note_denormals(op, ca, cb);
    if (ca == FLOAT80_ZERO || ca == FLOAT80_INFINITY)
        return a;
    int32_t distance = 0;
    if (cb != FLOAT80_ZERO) {
        struct float80_parts pb = take_apart(by);
        if (pb.exponent > 16)
            distance = 0x20000;
        else if (pb.exponent >= 0)
            distance = (int32_t)(pb.m >> (127 - pb.exponent));
        if (pb.sign)
            distance = -distance;
    }
    struct float80_parts pa = take_apart(a);
    pa.exponent += distance;
    return float80_put(op, pa, 64);
}

struct float80 float80_extract(struct float80_operation *op, struct float80 a,
                               struct float80 *exponent)
{
    struct float80 result;
    if (float80_no_number(op, a, FLOAT80_PLUS_ZERO, &result))
        return *exponent = result;
    enum float80_class ca = float80_classify(a);
    if (ca == FLOAT80_INFINITY) {
        *exponent = signed_infinity(false);
        return a;
    }
    if (ca == FLOAT80_ZERO) {
        op->raised |= FLOAT80_ZE;
        *exponent = signed_infinity(true);
        return a;
    }
    note_denormals(op, ca, FLOAT80_ZERO);
    struct float80_parts pa = take_apart(a);
    *exponent = float80_from_integer(pa.exponent);
    return assembled(pa.sign, FLOAT80_BIAS, (uint64_t)(pa.m >> 64));
}

/* --- remainder ---------------------------------------------------------------------------------
 */

/* a - q * b for a whole quotient below 2^64; answers q, *rest is what is left, in units of b's
 * lowest bit. */
static uint64_t divided(uint64_t a, uint64_t b, unsigned shift, uint64_t *rest)
{
    uint64_t quotient = 0, left = a;
    for (unsigned n = 0;; n++) {
        bool carried = false;
        if (n != 0) {
            carried = left >> 63 != 0;
            left <<= 1;
            quotient <<= 1;
        }
        if (carried || left >= b) {
            left -= b;
            quotient |= 1;
        }
        if (n == shift)
            break;
    }
    *rest = left;
    return quotient;
}

static struct float80 remainder_of(struct float80_operation *op, struct float80_parts a,
                                   struct float80_parts b, bool nearest, int *quotient)
{
    int32_t distance = a.exponent - b.exponent;
    if (distance < -1 || (distance < 0 && !nearest)) {
        *quotient = 0;
        return float80_put(op, a, 64);
    }
    uint64_t sa = (uint64_t)(a.m >> 64), sb = (uint64_t)(b.m >> 64), rest;
    if (distance >= 64) { /* a part of it: 32 to 63 bits at a time (SDM vol. 2, FPREM) */
        unsigned part = ((unsigned)distance & 31) | 32;
        divided(sa, sb, part, &rest);
        *quotient = -1;
        struct float80_parts left = {a.sign, b.exponent + distance - (int32_t)part,
                                     (uint128)rest << 64};
        return float80_put(op, normalized(left), 64);
    }
    struct float80_parts left = {a.sign, b.exponent, 0};
    uint64_t q = 0;
    if (distance < 0) { /* a is below b, perhaps above its half */
        left.m = a.m >> 1;
        if (a.m > b.m) {
            left.m = b.m - (a.m >> 1);
            left.sign = !a.sign;
            q = 1;
        }
        *quotient = (int)(q & 7);
        return float80_put(op, normalized(left), 64);
    }
    q = divided(sa, sb, (unsigned)distance, &rest);
    uint64_t other = sb - rest;
    if (nearest && (rest > other || (rest == other && (q & 1) != 0))) {
        rest = other;
        left.sign = !a.sign;
        q++;
    }
    *quotient = (int)(q & 7);
    left.m = (uint128)rest << 64;
    if (rest == 0)
        left.sign = a.sign;
    return float80_put(op, normalized(left), 64);
}

struct float80 float80_remainder(struct float80_operation *op, struct float80 a, struct float80 b,
                                 bool nearest, int *quotient)
{
    struct float80 result;
    *quotient = 0;
    if (float80_no_number(op, a, b, &result))
        return result;
    enum float80_class ca = float80_classify(a), cb = float80_classify(b);
    if (ca == FLOAT80_INFINITY || cb == FLOAT80_ZERO)
        return float80_invalid(op);
    note_denormals(op, ca, cb);
    if (ca == FLOAT80_ZERO)
        return a;
    if (cb == FLOAT80_INFINITY)
        return float80_put(op, take_apart(a), 64);
    return remainder_of(op, take_apart(a), take_apart(b), nearest, quotient);
}
