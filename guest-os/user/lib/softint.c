/*
 * 64-bit division and bit counting for a 32-bit processor: what the compiler calls for them. The
 * names are those of GCC's libgcc (GCC Internals, "Routines for integer arithmetic").
 */
#include "divide.h"

#include <stdint.h>

static uint64_t divide_by_word(uint64_t n, uint32_t d, uint64_t *rest)
{
    uint32_t high = (uint32_t)(n >> 32), r;
    uint32_t q = divide_step((uint64_t)(high % d) << 32 | (uint32_t)n, d, &r);
    *rest = r;
    return (uint64_t)(high / d) << 32 | q;
}

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rest)
{
    if (d >> 32 == 0)
        return divide_by_word(n, (uint32_t)d, rest);
    uint64_t q = 0, bit = 1;
    while (d < n && d >> 63 == 0) {
        d <<= 1;
        bit <<= 1;
    }
    for (; bit != 0; bit >>= 1, d >>= 1)
        if (n >= d) {
            n -= d;
            q |= bit;
        }
    *rest = n;
    return q;
}

static uint64_t magnitude(int64_t n)
{
    return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

uint64_t __udivdi3(uint64_t a, uint64_t b)
{
    uint64_t rest;
    return __udivmoddi4(a, b, &rest);
}

uint64_t __umoddi3(uint64_t a, uint64_t b)
{
    uint64_t rest;
    __udivmoddi4(a, b, &rest);
    return rest;
}

int64_t __divdi3(int64_t a, int64_t b)
{
    uint64_t q = __udivdi3(magnitude(a), magnitude(b));
    return (int64_t)((a < 0) != (b < 0) ? 0 - q : q);
}

int64_t __moddi3(int64_t a, int64_t b)
{
    uint64_t rest = __umoddi3(magnitude(a), magnitude(b));
    return (int64_t)(a < 0 ? 0 - rest : rest);
}

int64_t __divmoddi4(int64_t a, int64_t b, int64_t *rest)
{
    *rest = __moddi3(a, b);
    return __divdi3(a, b);
}

int __popcountsi2(uint32_t n)
{
    int count = 0;
    for (; n != 0; n &= n - 1)
        count++;
    return count;
}

int __popcountdi2(uint64_t n)
{
    return __popcountsi2((uint32_t)n) + __popcountsi2((uint32_t)(n >> 32));
}

int __paritysi2(uint32_t n)
{
    return __popcountsi2(n) & 1;
}

int __paritydi2(uint64_t n)
{
    return __popcountdi2(n) & 1;
}

int __clzdi2(uint64_t n)
{
    uint32_t high = (uint32_t)(n >> 32);
    return high != 0 ? __builtin_clz(high) : 32 + __builtin_clz((uint32_t)n);
}

int __ctzdi2(uint64_t n)
{
    uint32_t low = (uint32_t)n;
    return low != 0 ? __builtin_ctz(low) : 32 + __builtin_ctz((uint32_t)(n >> 32));
}

int __ffsdi2(uint64_t n)
{
    return n != 0 ? __ctzdi2(n) + 1 : 0;
}
