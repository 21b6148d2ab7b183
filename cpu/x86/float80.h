/* float80: arithmetic of the x87's double extended format in integers, the same on every host.
 *
 * IEEE 754-1985 as the x87 has it (SDM vol. 1, ch. 4 and 8): formats that are no numbers, denormal
 * operands, precision and rounding by the control word, what an exception leaves when it is masked
 * and when it is not. Functions of transcendental instructions are within one unit of the last
 * place, as published (SDM vol. 1, 8.3.10). */
#ifndef CPU_X86_FLOAT80_H
#define CPU_X86_FLOAT80_H

#include <stdbool.h>
#include <stdint.h>

struct float80 {
    uint64_t significand; /* bit 63 is the integer bit */
    uint16_t head;        /* sign 15, exponent 14..0 with bias 16383 */
};

/* Exceptions, as in the status word and as masks in the control word. */
enum float80_exception {
    FLOAT80_IE = 1, /* invalid */
    FLOAT80_DE = 2, /* denormal operand */
    FLOAT80_ZE = 4, /* division by zero */
    FLOAT80_OE = 8,
    FLOAT80_UE = 16,
    FLOAT80_PE = 32, /* inexact */
};

/* One operation: what it is told and what it tells. */
struct float80_operation {
    uint16_t control; /* the control word: masks 5..0, precision 9..8, rounding 11..10 */
    uint16_t raised;  /* enum float80_exception */
    bool up;          /* the magnitude of the result was rounded up: C1 */
};

enum float80_class {
    FLOAT80_ZERO,
    FLOAT80_DENORMAL, /* pseudo-denormals too */
    FLOAT80_NORMAL,
    FLOAT80_INFINITY,
    FLOAT80_QUIET,
    FLOAT80_SIGNALLING,
    FLOAT80_UNSUPPORTED, /* pseudo-NaN, pseudo-infinity, unnormal */
};

enum float80_order { FLOAT80_LESS, FLOAT80_EQUAL, FLOAT80_GREATER, FLOAT80_UNORDERED };

#define FLOAT80_INDEFINITE ((struct float80){0xc000000000000000u, 0xffff})
#define FLOAT80_PLUS_ZERO  ((struct float80){0, 0})

static inline bool float80_sign(struct float80 a)
{
    return a.head >> 15;
}

static inline struct float80 float80_negated(struct float80 a)
{
    return (struct float80){a.significand, a.head ^ 0x8000};
}

enum float80_class float80_classify(struct float80 a);

/* True: an unmasked exception of the operands (invalid, denormal, zero divide) was raised: the
 * instruction leaves its destination as it was (SDM vol. 1, 8.5). */
static inline bool float80_refused(const struct float80_operation *op)
{
    return (op->raised & ~op->control & (FLOAT80_IE | FLOAT80_DE | FLOAT80_ZE)) != 0;
}

/* --- float80.c: arithmetic ---------------------------------------------------------------------
 */
struct float80 float80_add(struct float80_operation *op, struct float80 a, struct float80 b);
struct float80 float80_sub(struct float80_operation *op, struct float80 a, struct float80 b);
struct float80 float80_mul(struct float80_operation *op, struct float80 a, struct float80 b);
struct float80 float80_div(struct float80_operation *op, struct float80 a, struct float80 b);
struct float80 float80_sqrt(struct float80_operation *op, struct float80 a);
/* `quiet`: a quiet NaN is no invalid operand (FUCOM). */
enum float80_order float80_compare(struct float80_operation *op, struct float80 a, struct float80 b,
                                   bool quiet);
struct float80 float80_round_to_integer(struct float80_operation *op, struct float80 a);
struct float80 float80_scale(struct float80_operation *op, struct float80 a, struct float80 by);
/* FXTRACT: answers the significand, *exponent is the other. */
struct float80 float80_extract(struct float80_operation *op, struct float80 a,
                               struct float80 *exponent);
/* FPREM, or FPREM1 with `nearest`. *quotient: the three lowest bits of the quotient, or -1 when
 * the reduction is not complete (C2). */
struct float80 float80_remainder(struct float80_operation *op, struct float80 a, struct float80 b,
                                 bool nearest, int *quotient);

/* --- float80_convert.c: other formats ----------------------------------------------------------
 */
struct float80 float80_from_float32(struct float80_operation *op, uint32_t bits);
struct float80 float80_from_float64(struct float80_operation *op, uint64_t bits);
struct float80 float80_from_integer(int64_t value);
struct float80 float80_from_decimal(const uint8_t bytes[10]);
uint32_t float80_to_float32(struct float80_operation *op, struct float80 a);
uint64_t float80_to_float64(struct float80_operation *op, struct float80 a);
/* `size` 2, 4 or 8 bytes; what does not fit is the most negative integer (indefinite). `chop`:
 * towards zero whatever the control word says. */
int64_t float80_to_integer(struct float80_operation *op, struct float80 a, unsigned size,
                           bool chop);
void float80_to_decimal(struct float80_operation *op, struct float80 a, uint8_t bytes[10]);

/* --- float80_functions.c: transcendental functions ---------------------------------------------
 */
struct float80 float80_f2xm1(struct float80_operation *op, struct float80 x);
struct float80 float80_fyl2x(struct float80_operation *op, struct float80 x, struct float80 y);
struct float80 float80_fyl2xp1(struct float80_operation *op, struct float80 x, struct float80 y);
struct float80 float80_fpatan(struct float80_operation *op, struct float80 x, struct float80 y);
/* False: the operand is beyond 2^63, nothing was done (C2). Either result may be NULL. */
bool float80_fsincos(struct float80_operation *op, struct float80 x, struct float80 *sine,
                     struct float80 *cosine);
bool float80_fptan(struct float80_operation *op, struct float80 x, struct float80 *tangent);

/* FLDPI, FLDL2E ... rounded as the control word says: `number` 1 to 5 of D9 E9 to ED. */
struct float80 float80_constant(uint16_t control, unsigned number);

#endif
