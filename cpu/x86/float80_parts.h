/* float80_parts: a number taken apart, with 128 bits of significand: what the files of float80
 * share. */
#ifndef CPU_X86_FLOAT80_PARTS_H
#define CPU_X86_FLOAT80_PARTS_H

#include "cpu/x86/float80.h"

__extension__ typedef unsigned __int128 uint128;

#define FLOAT80_BIAS     16383
#define FLOAT80_EXPONENT 0x7fffu
#define FLOAT80_INTEGER  (UINT64_C(1) << 63)
#define FLOAT80_QUIETED  (UINT64_C(1) << 62)

/* m / 2^127 * 2^exponent: m has bit 127 set unless the number is zero; bit 0 also stands for all
 * that was lost below it. */
struct float80_parts {
    bool sign;
    int32_t exponent;
    uint128 m;
};

enum float80_rounding { FLOAT80_NEAREST, FLOAT80_DOWN, FLOAT80_UP, FLOAT80_CHOP };

static inline enum float80_rounding float80_rounding(const struct float80_operation *op)
{
    return (enum float80_rounding)(op->control >> 10 & 3);
}

/* Bits of significand that the control word asks for (SDM vol. 1, table 8-2). */
static inline unsigned float80_precision(const struct float80_operation *op)
{
    static const uint8_t bits[4] = {24, 64, 53, 64};
    return bits[op->control >> 8 & 3];
}

static inline uint128 shift_right_sticky(uint128 m, unsigned by)
{
    if (by == 0)
        return m;
    if (by > 127)
        return m != 0;
    return m >> by | ((m << (128 - by)) != 0);
}

static inline unsigned leading_zeros(uint128 m)
{
    uint64_t high = (uint64_t)(m >> 64), low = (uint64_t)m;
    return high != 0  ? (unsigned)__builtin_clzll(high)
           : low != 0 ? 64 + (unsigned)__builtin_clzll(low)
                      : 128;
}

static inline struct float80_parts normalized(struct float80_parts a)
{
    if (a.m == 0)
        return a;
    unsigned by = leading_zeros(a.m);
    a.m <<= by;
    a.exponent -= (int32_t)by;
    return a;
}

/* Of a number that is finite and not zero. */
static inline struct float80_parts take_apart(struct float80 a)
{
    int32_t field = a.head & FLOAT80_EXPONENT;
    return normalized((struct float80_parts){.sign = float80_sign(a),
                                             .exponent = (field == 0 ? 1 : field) - FLOAT80_BIAS,
                                             .m = (uint128)a.significand << 64});
}

static inline struct float80 signed_zero(bool sign)
{
    return (struct float80){0, (uint16_t)(sign << 15)};
}

static inline struct float80 signed_infinity(bool sign)
{
    return (struct float80){FLOAT80_INTEGER, (uint16_t)(sign << 15 | FLOAT80_EXPONENT)};
}

/* The highest `bits` of m, rounded; what was lost. A carry makes it 2^bits. */
struct float80_rounded {
    uint128 kept;
    bool inexact, up;
};
struct float80_rounded float80_round(enum float80_rounding rounding, bool sign, uint128 m,
                                     unsigned bits);

/* Rounds to `bits` of significand and puts together, with overflow, underflow and inexact. */
struct float80 float80_put(struct float80_operation *op, struct float80_parts a, unsigned bits);

static inline struct float80 float80_invalid(struct float80_operation *op)
{
    op->raised |= FLOAT80_IE;
    return FLOAT80_INDEFINITE;
}

/* True: an operand is no number, *result is what comes of it (SDM vol. 1, table 4-7). Instructions
 * of one operand give zero as b. Raises IE for a signalling NaN. */
bool float80_no_number(struct float80_operation *op, struct float80 a, struct float80 b,
                       struct float80 *result);

static inline bool float80_finite(enum float80_class of)
{
    return of <= FLOAT80_NORMAL;
}

#endif
