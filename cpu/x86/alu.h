/* alu: arithmetic and its flags, kept as three words until somebody wants EFLAGS.
 *
 * flags.zero is 0 when ZF is set; flags.sign has SF in bit 31 and the byte of PF in bits 7..0;
 * flags.carry has CF in bit 31, CF xor OF in bit 30 and AF in bit 3: for a 32-bit addition this is
 * just the vector of carries out of each bit. Other bits are noise. */
#ifndef CPU_X86_ALU_H
#define CPU_X86_ALU_H

#include "cpu/x86/x86.h"

#define X86_CARRY_MASK 0xC0000008u

static inline uint32_t x86_sign_extend(uint32_t value, unsigned size)
{
    return size == 1 ? (uint32_t)(int8_t)value : size == 2 ? (uint32_t)(int16_t)value : value;
}

static inline uint32_t x86_truncate(uint32_t value, unsigned size)
{
    return size == 1 ? (uint8_t)value : size == 2 ? (uint16_t)value : value;
}

static inline bool x86_get_cf(const struct x86 *c)
{
    return c->flags.carry >> 31;
}

static inline bool x86_get_of(const struct x86 *c)
{
    return (c->flags.carry ^ c->flags.carry << 1) >> 31;
}

static inline bool x86_get_af(const struct x86 *c)
{
    return c->flags.carry >> 3 & 1;
}

static inline bool x86_get_zf(const struct x86 *c)
{
    return c->flags.zero == 0;
}

static inline bool x86_get_sf(const struct x86 *c)
{
    return c->flags.sign >> 31;
}

static inline bool x86_get_pf(const struct x86 *c)
{
    return __builtin_parity(c->flags.sign & 0xff) == 0;
}

static inline void x86_set_carry(struct x86 *c, bool cf, bool of, bool af)
{
    c->flags.carry = (uint32_t)cf << 31 | (uint32_t)(cf ^ of) << 30 | (uint32_t)af << 3;
}

static inline void x86_set_cf(struct x86 *c, bool cf)
{
    x86_set_carry(c, cf, x86_get_of(c), x86_get_af(c));
}

static inline void x86_set_zf(struct x86 *c, bool zf)
{
    c->flags.zero = !zf;
}

static inline void x86_set_result(struct x86 *c, uint32_t result, unsigned size)
{
    c->flags.zero = c->flags.sign = x86_sign_extend(result, size);
}

/* s.eflags <- flags */
static inline void x86_flags_store(struct x86 *c)
{
    uint32_t all = (uint32_t)x86_get_cf(c) * X86_CF | (uint32_t)x86_get_pf(c) * X86_PF |
                   (uint32_t)x86_get_af(c) * X86_AF | (uint32_t)x86_get_zf(c) * X86_ZF |
                   (uint32_t)x86_get_sf(c) * X86_SF | (uint32_t)x86_get_of(c) * X86_OF;
    c->s.eflags = (c->s.eflags & ~(uint32_t)X86_ARITHMETIC) | all;
}

/* flags <- these bits of EFLAGS */
static inline void x86_flags_set(struct x86 *c, uint32_t eflags)
{
    c->flags.zero = (eflags & X86_ZF) == 0;
    c->flags.sign = ((eflags & X86_SF) != 0 ? 0x80000000u : 0) | ((eflags & X86_PF) == 0);
    x86_set_carry(c, eflags & X86_CF, (eflags & X86_OF) != 0, (eflags & X86_AF) != 0);
}

static inline void x86_flags_load(struct x86 *c)
{
    x86_flags_set(c, c->s.eflags);
}

static inline bool x86_condition(const struct x86 *c, unsigned condition)
{
    bool holds = false;
    switch (condition >> 1 & 7) {
    case 0: holds = x86_get_of(c); break;
    case 1: holds = x86_get_cf(c); break;
    case 2: holds = x86_get_zf(c); break;
    case 3: holds = x86_get_cf(c) || x86_get_zf(c); break;
    case 4: holds = x86_get_sf(c); break;
    case 5: holds = x86_get_pf(c); break;
    case 6: holds = x86_get_sf(c) != x86_get_of(c); break;
    case 7: holds = x86_get_zf(c) || x86_get_sf(c) != x86_get_of(c); break;
    }
    return holds != ((condition & 1) != 0);
}

/* --- addition, subtraction, logic: operands hold `size` bytes, zero-extended -------------------
 */

static inline uint32_t x86_carries(uint32_t vector, unsigned size)
{
    return size == 4 ? vector : (vector << (32 - 8 * size) & 0xC0000000u) | (vector & 8);
}

static inline uint32_t x86_sum(struct x86 *c, uint32_t a, uint32_t b, bool carry, unsigned size)
{
    uint32_t r = x86_truncate(a + b + carry, size);
    c->flags.carry = x86_carries((a & b) | ((a | b) & ~r), size);
    x86_set_result(c, r, size);
    return r;
}

static inline uint32_t x86_difference(struct x86 *c, uint32_t a, uint32_t b, bool borrow,
                                      unsigned size)
{
    uint32_t r = x86_truncate(a - b - borrow, size);
    c->flags.carry = x86_carries((~a & b) | ((~a | b) & r), size);
    x86_set_result(c, r, size);
    return r;
}

static inline uint32_t x86_add(struct x86 *c, uint32_t a, uint32_t b, unsigned size)
{
    return x86_sum(c, a, b, false, size);
}

static inline uint32_t x86_adc(struct x86 *c, uint32_t a, uint32_t b, unsigned size)
{
    return x86_sum(c, a, b, x86_get_cf(c), size);
}

static inline uint32_t x86_sub(struct x86 *c, uint32_t a, uint32_t b, unsigned size)
{
    return x86_difference(c, a, b, false, size);
}

static inline uint32_t x86_sbb(struct x86 *c, uint32_t a, uint32_t b, unsigned size)
{
    return x86_difference(c, a, b, x86_get_cf(c), size);
}

/* CF, OF and AF come out clear. */
static inline uint32_t x86_logic(struct x86 *c, uint32_t result, unsigned size)
{
    c->flags.carry = 0;
    x86_set_result(c, result, size);
    return result;
}

static inline uint32_t x86_and(struct x86 *c, uint32_t a, uint32_t b, unsigned size)
{
    return x86_logic(c, a & b, size);
}

static inline uint32_t x86_or(struct x86 *c, uint32_t a, uint32_t b, unsigned size)
{
    return x86_logic(c, a | b, size);
}

static inline uint32_t x86_xor(struct x86 *c, uint32_t a, uint32_t b, unsigned size)
{
    return x86_logic(c, a ^ b, size);
}

static inline uint32_t x86_sign_bit(unsigned size)
{
    return 1u << (8 * size - 1);
}

static inline uint32_t x86_inc(struct x86 *c, uint32_t a, unsigned size)
{
    uint32_t r = x86_truncate(a + 1, size);
    x86_set_carry(c, x86_get_cf(c), r == x86_sign_bit(size), (r & 15) == 0);
    x86_set_result(c, r, size);
    return r;
}

static inline uint32_t x86_dec(struct x86 *c, uint32_t a, unsigned size)
{
    uint32_t r = x86_truncate(a - 1, size);
    x86_set_carry(c, x86_get_cf(c), a == x86_sign_bit(size), (a & 15) == 0);
    x86_set_result(c, r, size);
    return r;
}

static inline uint32_t x86_neg(struct x86 *c, uint32_t a, unsigned size)
{
    return x86_sub(c, 0, a, size);
}

/* --- shifts and rotates: count is already masked to 5 bits and not 0 -------------------------- */

static inline bool x86_top(uint32_t value, unsigned size)
{
    return (value & x86_sign_bit(size)) != 0;
}

static inline uint32_t x86_shl(struct x86 *c, uint32_t a, unsigned count, unsigned size)
{
    uint64_t wide = (uint64_t)a << count;
    uint32_t r = x86_truncate((uint32_t)wide, size);
    bool cf = wide >> 8 * size & 1;
    x86_set_carry(c, cf, cf != x86_top(r, size), false);
    x86_set_result(c, r, size);
    return r;
}

static inline uint32_t x86_shr(struct x86 *c, uint32_t a, unsigned count, unsigned size)
{
    uint32_t r = a >> count;
    x86_set_carry(c, a >> (count - 1) & 1, x86_top(r, size) != x86_top(r << 1, size), false);
    x86_set_result(c, r, size);
    return r;
}

static inline uint32_t x86_sar(struct x86 *c, uint32_t a, unsigned count, unsigned size)
{
    int32_t wide = (int32_t)x86_sign_extend(a, size);
    uint32_t r = x86_truncate((uint32_t)(wide >> count), size);
    x86_set_carry(c, wide >> (count - 1) & 1, false, false);
    x86_set_result(c, r, size);
    return r;
}

static inline uint32_t x86_rol(struct x86 *c, uint32_t a, unsigned count, unsigned size)
{
    unsigned bits = 8 * size, by = count % bits;
    uint32_t r = by == 0 ? a : x86_truncate(a << by | a >> (bits - by), size);
    x86_set_carry(c, r & 1, (r & 1) != x86_top(r, size), x86_get_af(c));
    return r;
}

static inline uint32_t x86_ror(struct x86 *c, uint32_t a, unsigned count, unsigned size)
{
    unsigned bits = 8 * size, by = count % bits;
    uint32_t r = by == 0 ? a : x86_truncate(a >> by | a << (bits - by), size);
    x86_set_carry(c, x86_top(r, size), x86_top(r, size) != x86_top(r << 1, size), x86_get_af(c));
    return r;
}

static inline uint32_t x86_rcl(struct x86 *c, uint32_t a, unsigned count, unsigned size)
{
    unsigned bits = 8 * size, by = count % (bits + 1);
    uint64_t wide = (uint64_t)x86_get_cf(c) << bits | a;
    wide = wide << by | (by == 0 ? 0 : wide >> (bits + 1 - by));
    bool cf = wide >> bits & 1;
    uint32_t r = x86_truncate((uint32_t)wide, size);
    x86_set_carry(c, cf, cf != x86_top(r, size), x86_get_af(c));
    return r;
}

static inline uint32_t x86_rcr(struct x86 *c, uint32_t a, unsigned count, unsigned size)
{
    unsigned bits = 8 * size, by = count % (bits + 1);
    uint64_t wide = (uint64_t)x86_get_cf(c) << bits | a;
    wide = wide >> by | (by == 0 ? 0 : wide << (bits + 1 - by));
    bool cf = wide >> bits & 1;
    uint32_t r = x86_truncate((uint32_t)wide, size);
    x86_set_carry(c, cf, x86_top(r, size) != x86_top(r << 1, size), x86_get_af(c));
    return r;
}

/* Double shifts of 16 bits by more than 16 bring `a` in again, as Intel's processors do. */
static inline uint32_t x86_shld(struct x86 *c, uint32_t a, uint32_t b, unsigned count,
                                unsigned size)
{
    unsigned bits = 8 * size;
    uint32_t r;
    bool cf;
    if (size == 2) {
        uint64_t wide = (uint64_t)a << 32 | b << 16 | a;
        r = (uint16_t)(wide << count >> 32);
        cf = wide >> (48 - count) & 1;
    } else {
        r = a << count | b >> (bits - count);
        cf = a >> (bits - count) & 1;
    }
    x86_set_carry(c, cf, cf != x86_top(r, size), false);
    x86_set_result(c, r, size);
    return r;
}

static inline uint32_t x86_shrd(struct x86 *c, uint32_t a, uint32_t b, unsigned count,
                                unsigned size)
{
    uint64_t wide = size == 2 ? (uint64_t)a << 32 | b << 16 | a : (uint64_t)b << 32 | a;
    uint32_t r = x86_truncate((uint32_t)(wide >> count), size);
    x86_set_carry(c, wide >> (count - 1) & 1, x86_top(r, size) != x86_top(r << 1, size), false);
    x86_set_result(c, r, size);
    return r;
}

/* --- multiplication: SF, ZF and PF of the low half, AF clear, as on P6 -------------------------
 */

static inline void x86_multiplied(struct x86 *c, uint32_t low, bool overflow, unsigned size)
{
    x86_set_carry(c, overflow, overflow, false);
    x86_set_result(c, low, size);
}

static inline uint32_t x86_imul(struct x86 *c, uint32_t a, uint32_t b, unsigned size)
{
    int64_t product =
        (int64_t)(int32_t)x86_sign_extend(a, size) * (int32_t)x86_sign_extend(b, size);
    uint32_t r = x86_truncate((uint32_t)product, size);
    x86_multiplied(c, r, product != (int32_t)x86_sign_extend(r, size), size);
    return r;
}

/* --- decimal adjustments (SDM vol. 2; undefined flags as P6 leaves them) ------------------------
 */

static inline uint32_t x86_daa(struct x86 *c, uint32_t al, bool subtract)
{
    uint32_t old = al;
    bool old_cf = x86_get_cf(c), cf = false, af = false;
    if ((al & 15) > 9 || x86_get_af(c)) {
        cf = subtract ? old_cf || al < 6 : old_cf;
        al = (subtract ? al - 6 : al + 6) & 0xff;
        af = true;
    }
    if (old > 0x99 || old_cf) {
        al = (subtract ? al - 0x60 : al + 0x60) & 0xff;
        cf = true;
    }
    x86_set_carry(c, cf, false, af);
    x86_set_result(c, al, 1);
    return al;
}

static inline uint32_t x86_aaa(struct x86 *c, uint32_t ax, bool subtract)
{
    bool adjust = (ax & 15) > 9 || x86_get_af(c);
    if (adjust)
        ax = subtract ? ax - 0x106 : ax + 0x106;
    ax &= 0xff0f;
    x86_set_carry(c, adjust, false, adjust);
    x86_set_result(c, ax & 0xff, 1);
    return ax;
}

#endif
