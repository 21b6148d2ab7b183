/* execute: what instructions stand on, for the careful interpreter and the block engine. */
#ifndef CPU_MIPS_EXECUTE_H
#define CPU_MIPS_EXECUTE_H

#include "cpu/mips/timing.h"

static inline uint32_t shift_signed(uint32_t value, unsigned count)
{
    return (uint32_t)((int32_t)value >> count);
}

/* The sum overflows when both operands have one sign, and the sum the other. */
static inline bool add_overflows(uint32_t a, uint32_t b, uint32_t sum)
{
    return (~(a ^ b) & (a ^ sum)) >> 31 != 0;
}

static inline uint32_t leading_zeros(uint32_t value)
{
    return value == 0 ? 32 : (uint32_t)__builtin_clz(value);
}

static inline uint64_t hilo(const struct mips *c)
{
    return (uint64_t)c->s.hi << 32 | c->s.lo;
}

static inline uint64_t product_signed(uint32_t a, uint32_t b)
{
    return (uint64_t)((int64_t)(int32_t)a * (int32_t)b);
}

static inline uint64_t product(uint32_t a, uint32_t b)
{
    return (uint64_t)a * b;
}

static inline void set_hilo(struct mips *c, uint64_t value)
{
    c->s.hi = (uint32_t)(value >> 32);
    c->s.lo = (uint32_t)value;
}

static inline uint64_t divided(uint32_t quotient, uint32_t remainder)
{
    return (uint64_t)remainder << 32 | quotient;
}

/* What is undefined is as mips.h says. */
static inline uint64_t quotient_signed(uint32_t a, uint32_t b)
{
    if (b == 0)
        return divided((int32_t)a < 0 ? 0xffffffffu : 0x7fffffffu, 0);
    if (b == 0xffffffffu)
        return divided(0u - a, 0);
    return divided((uint32_t)((int32_t)a / (int32_t)b), (uint32_t)((int32_t)a % (int32_t)b));
}

static inline uint64_t quotient(uint32_t a, uint32_t b)
{
    return b == 0 ? divided(0xffffffffu, 0) : divided(a / b, a % b);
}

/* What LWL, LWR make of a register and the word of memory around the address; SWL, SWR of the word
 * and the register. */
static inline uint32_t merged_left(uint32_t reg, uint32_t word, uint32_t address)
{
    uint32_t shift = 8 * (address & 3);
    return word << shift | (reg & ~(0xffffffffu << shift));
}

static inline uint32_t merged_right(uint32_t reg, uint32_t word, uint32_t address)
{
    uint32_t shift = 8 * (~address & 3);
    return word >> shift | (reg & ~(0xffffffffu >> shift));
}

static inline uint32_t stored_left(uint32_t word, uint32_t reg, uint32_t address)
{
    uint32_t shift = 8 * (address & 3), mask = 0xffffffffu >> shift;
    return (word & ~mask) | (reg >> shift & mask);
}

static inline uint32_t stored_right(uint32_t word, uint32_t reg, uint32_t address)
{
    uint32_t shift = 8 * (~address & 3), mask = 0xffffffffu << shift;
    return (word & ~mask) | (reg << shift & mask);
}

#endif
