/*
 * Shifts of 64-bit numbers, bit searching and byte swapping: what the compiler calls on a processor
 * that has no instruction for them. The names are those of GCC's libgcc.
 */
#include <stdint.h>

static uint64_t join(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

static uint32_t high_of(uint64_t n)
{
    return (uint32_t)(n >> 32);
}

/* Pre, of all three: 0 <= count < 64. */
uint64_t __ashldi3(uint64_t n, int count)
{
    if (count == 0)
        return n;
    if (count >= 32)
        return join((uint32_t)n << (count - 32), 0);
    return join(high_of(n) << count | (uint32_t)n >> (32 - count), (uint32_t)n << count);
}

uint64_t __lshrdi3(uint64_t n, int count)
{
    if (count == 0)
        return n;
    if (count >= 32)
        return high_of(n) >> (count - 32);
    return join(high_of(n) >> count, (uint32_t)n >> count | high_of(n) << (32 - count));
}

int64_t __ashrdi3(int64_t n, int count)
{
    int32_t high = (int32_t)high_of((uint64_t)n);
    if (count == 0)
        return n;
    if (count >= 32)
        return high >> (count - 32);
    return (int64_t)join((uint32_t)(high >> count),
                         (uint32_t)n >> count | (uint32_t)high << (32 - count));
}

/* Pre, of the next two: n != 0. */
int __clzsi2(uint32_t n)
{
    int count = 0;
    for (int width = 16; width > 0; width /= 2)
        if (n >> (32 - width) == 0) {
            n <<= width;
            count += width;
        }
    return count;
}

int __ctzsi2(uint32_t n)
{
    return 31 - __clzsi2(n & -n);
}

int __ffssi2(uint32_t n)
{
    return n != 0 ? __ctzsi2(n) + 1 : 0;
}

/* Leading bits that equal the sign, the sign itself not counted. */
int __clrsbsi2(int32_t n)
{
    uint32_t bits = (uint32_t)(n < 0 ? ~n : n);
    return bits != 0 ? __clzsi2(bits) - 1 : 31;
}

int __clrsbdi2(int64_t n)
{
    uint64_t bits = (uint64_t)(n < 0 ? ~n : n);
    if (high_of(bits) != 0)
        return __clzsi2(high_of(bits)) - 1;
    return (uint32_t)bits != 0 ? __clzsi2((uint32_t)bits) + 31 : 63;
}

uint32_t __bswapsi2(uint32_t n)
{
    return n << 24 | (n & 0xff00) << 8 | (n >> 8 & 0xff00) | n >> 24;
}

uint64_t __bswapdi2(uint64_t n)
{
    return join(__bswapsi2((uint32_t)n), __bswapsi2(high_of(n)));
}
