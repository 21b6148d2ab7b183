/* float80_convert: between the register format and those of memory: 32 and 64 bits, integers,
 * packed decimal. */
#include "cpu/x86/float80.h"

#include <string.h>

#include "cpu/x86/float80_parts.h"

/* --- to the register ---------------------------------------------------------------------------
 */

/* What a narrower format calls its fields. A signalling NaN stays one: arithmetic sees it. */
struct narrow {
    unsigned fraction, exponent; /* bits */
};

static const struct narrow narrow32 = {23, 8}, narrow64 = {52, 11};

static struct float80 widened(struct float80_operation *op, uint64_t bits,
                              const struct narrow *format)
{
    uint64_t fraction = bits & ((UINT64_C(1) << format->fraction) - 1);
    uint32_t most = (1u << format->exponent) - 1;
    uint32_t field = (uint32_t)(bits >> format->fraction) & most;
    bool sign = bits >> (format->fraction + format->exponent) & 1;
    int32_t bias = (int32_t)(most >> 1);
    uint64_t significand = fraction << (63 - format->fraction);
    uint16_t head = (uint16_t)(sign << 15);
    if (field == most)
        return (struct float80){FLOAT80_INTEGER | significand, head | FLOAT80_EXPONENT};
    if (field != 0)
        return (struct float80){FLOAT80_INTEGER | significand,
                                (uint16_t)(head | ((int32_t)field - bias + FLOAT80_BIAS))};
    if (fraction == 0)
        return (struct float80){0, head};
    op->raised |= FLOAT80_DE;
    struct float80_parts exact =
        normalized((struct float80_parts){sign, 1 - bias, (uint128)significand << 64});
    return (struct float80){(uint64_t)(exact.m >> 64),
                            (uint16_t)(head | (exact.exponent + FLOAT80_BIAS))};
}

struct float80 float80_from_float32(struct float80_operation *op, uint32_t bits)
{
    return widened(op, bits, &narrow32);
}

struct float80 float80_from_float64(struct float80_operation *op, uint64_t bits)
{
    return widened(op, bits, &narrow64);
}

static struct float80 from_magnitude(bool sign, uint64_t magnitude)
{
    if (magnitude == 0)
        return signed_zero(sign);
    unsigned by = (unsigned)__builtin_clzll(magnitude);
    return (struct float80){magnitude << by,
                            (uint16_t)(sign << 15 | (FLOAT80_BIAS + 63 - (int32_t)by))};
}

struct float80 float80_from_integer(int64_t value)
{
    return from_magnitude(value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

struct float80 float80_from_decimal(const uint8_t bytes[10])
{
    uint64_t magnitude = 0;
    for (unsigned i = 9; i-- > 0;)
        magnitude = magnitude * 100 + (bytes[i] >> 4) * 10u + (bytes[i] & 15u);
    return from_magnitude(bytes[9] >> 7, magnitude);
}

/* --- from the register -------------------------------------------------------------------------
 */

/* What has no digits to round: zero, infinity, and what is no number. */
static uint64_t narrowed_special(struct float80_operation *op, struct float80 a,
                                 const struct narrow *format, enum float80_class of)
{
    unsigned top = format->fraction + format->exponent;
    uint64_t sign = (uint64_t)float80_sign(a) << top;
    uint64_t infinity = ((UINT64_C(1) << format->exponent) - 1) << format->fraction;
    switch (of) {
    case FLOAT80_ZERO: return sign;
    case FLOAT80_INFINITY: return sign | infinity;
    case FLOAT80_UNSUPPORTED:
        op->raised |= FLOAT80_IE;
        return UINT64_C(1) << top | infinity | UINT64_C(1) << (format->fraction - 1);
    default:
        if (of == FLOAT80_SIGNALLING)
            op->raised |= FLOAT80_IE;
        return sign | infinity | (a.significand | FLOAT80_QUIETED) << 1 >> (64 - format->fraction);
    }
}

/* Infinity, or the largest number. Without a mask nothing is stored (SDM vol. 1, 8.5.4). */
static uint64_t narrowed_overflow(struct float80_operation *op, bool sign, uint64_t infinity)
{
    enum float80_rounding rounding = float80_rounding(op);
    bool masked = (op->control & FLOAT80_OE) != 0;
    op->raised |= masked ? FLOAT80_OE | FLOAT80_PE : FLOAT80_OE;
    op->up = rounding == FLOAT80_NEAREST || rounding == (sign ? FLOAT80_DOWN : FLOAT80_UP);
    return op->up ? infinity : infinity - 1;
}

/* A carry out of the fraction makes the exponent field 1 by itself. */
static uint64_t narrowed_underflow(struct float80_operation *op, struct float80_parts exact,
                                   int32_t field, unsigned bits)
{
    bool masked = (op->control & FLOAT80_UE) != 0;
    unsigned by = 1 - field > 120 ? 120 : (unsigned)(1 - field);
    struct float80_rounded r =
        float80_round(float80_rounding(op), exact.sign, shift_right_sticky(exact.m, by), bits);
    op->up = r.up;
    if (!masked)
        op->raised |= FLOAT80_UE;
    else if (r.inexact)
        op->raised |= FLOAT80_UE | FLOAT80_PE;
    return (uint64_t)r.kept;
}

static uint64_t narrowed(struct float80_operation *op, struct float80 a,
                         const struct narrow *format)
{
    enum float80_class of = float80_classify(a);
    if (of != FLOAT80_NORMAL && of != FLOAT80_DENORMAL)
        return narrowed_special(op, a, format, of);
    struct float80_parts exact = take_apart(a);
    unsigned bits = format->fraction + 1;
    uint64_t most = (UINT64_C(1) << format->exponent) - 1;
    uint64_t sign = (uint64_t)exact.sign << (format->fraction + format->exponent);
    struct float80_rounded r = float80_round(float80_rounding(op), exact.sign, exact.m, bits);
    int32_t field = exact.exponent + (int32_t)(most >> 1);
    bool carried = r.kept >> bits != 0;
    if (field + carried >= (int32_t)most)
        return sign | narrowed_overflow(op, exact.sign, most << format->fraction);
    if (field + carried < 1)
        return sign | narrowed_underflow(op, exact, field, bits);
    op->up = r.up;
    if (r.inexact)
        op->raised |= FLOAT80_PE;
    uint64_t fraction = (uint64_t)r.kept & ((UINT64_C(1) << format->fraction) - 1);
    return sign | (uint64_t)(field + carried) << format->fraction | (carried ? 0 : fraction);
}

uint32_t float80_to_float32(struct float80_operation *op, struct float80 a)
{
    return (uint32_t)narrowed(op, a, &narrow32);
}

uint64_t float80_to_float64(struct float80_operation *op, struct float80 a)
{
    return narrowed(op, a, &narrow64);
}

/* A whole number, rounded; false: it is none, or larger than `most`. */
static bool whole(struct float80_operation *op, struct float80 a, bool chop, uint64_t most,
                  uint64_t *magnitude)
{
    enum float80_class of = float80_classify(a);
    *magnitude = 0;
    if (!float80_finite(of))
        return false;
    if (of == FLOAT80_ZERO)
        return true;
    struct float80_parts exact = take_apart(a);
    if (exact.exponent > 63)
        return false;
    unsigned before = exact.exponent < -1 ? 0 : (unsigned)(exact.exponent + 1);
    struct float80_rounded r = float80_round(chop ? FLOAT80_CHOP : float80_rounding(op), exact.sign,
                                             exact.exponent < -1 ? 1 : exact.m, before);
    if (r.kept > most)
        return false;
    *magnitude = (uint64_t)r.kept;
    op->up = r.up;
    if (r.inexact)
        op->raised |= FLOAT80_PE;
    return true;
}

int64_t float80_to_integer(struct float80_operation *op, struct float80 a, unsigned size, bool chop)
{
    uint64_t lowest = UINT64_C(1) << (8 * size - 1), magnitude;
    if (!whole(op, a, chop, lowest - !float80_sign(a), &magnitude)) {
        op->raised |= FLOAT80_IE;
        return -(int64_t)(lowest - 1) - 1;
    }
    return (int64_t)(float80_sign(a) ? 0 - magnitude : magnitude);
}

void float80_to_decimal(struct float80_operation *op, struct float80 a, uint8_t bytes[10])
{
    static const uint8_t indefinite[10] = {[7] = 0xc0, [8] = 0xff, [9] = 0xff};
    uint64_t magnitude;
    if (!whole(op, a, false, UINT64_C(999999999999999999), &magnitude)) {
        op->raised |= FLOAT80_IE;
        memcpy(bytes, indefinite, sizeof indefinite);
        return;
    }
    for (unsigned i = 0; i < 9; i++) {
        unsigned pair = (unsigned)(magnitude % 100);
        bytes[i] = (uint8_t)(pair / 10 << 4 | pair % 10);
        magnitude /= 100;
    }
    bytes[9] = (uint8_t)(float80_sign(a) << 7);
}
