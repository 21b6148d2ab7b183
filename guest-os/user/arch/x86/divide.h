/* The division that softint.c builds on. */
#ifndef ARCH_DIVIDE_H
#define ARCH_DIVIDE_H

#include <stdint.h>

/* n / d for n / 2^32 < d, which the processor's own instruction does. */
static inline uint32_t divide_step(uint64_t n, uint32_t d, uint32_t *rest)
{
    uint32_t q;
    __asm__("divl %4" : "=a"(q), "=d"(*rest) : "a"((uint32_t)n), "d"((uint32_t)(n >> 32)), "rm"(d));
    return q;
}

#endif
