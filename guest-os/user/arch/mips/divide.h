/* The division that softint.c builds on. */
#ifndef ARCH_DIVIDE_H
#define ARCH_DIVIDE_H

#include <stdint.h>

/* n / d for n / 2^32 < d: the processor divides words only, so it is done bit by bit. */
static inline uint32_t divide_step(uint64_t n, uint32_t d, uint32_t *rest)
{
    uint32_t high = (uint32_t)(n >> 32), low = (uint32_t)n, q = 0;
    for (int i = 0; i < 32; i++) {
        uint32_t carry = high >> 31;
        high = high << 1 | low >> 31;
        low <<= 1;
        q <<= 1;
        if (carry != 0 || high >= d) {
            high -= d;
            q |= 1;
        }
    }
    *rest = high;
    return q;
}

#endif
