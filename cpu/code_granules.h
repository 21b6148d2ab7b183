/* code_granules: which parts of a page hold decoded code: one bit for each 64 bytes, so that a
 * program whose code and data share a page does not lose its blocks with every store. */
#ifndef CPU_CODE_GRANULES_H
#define CPU_CODE_GRANULES_H

#include <stdint.h>

#define CODE_GRANULE 64u /* bytes */

/* Bits of the granules that [first, first + length) of a page touches; length is not 0. */
static inline uint64_t code_granules(uint32_t first, uint32_t length)
{
    unsigned low = (first & 0xfff) / CODE_GRANULE;
    unsigned high = ((first & 0xfff) + length - 1) / CODE_GRANULE;
    uint64_t up_to_high = high >= 63 ? ~(uint64_t)0 : ((uint64_t)2 << high) - 1;
    return up_to_high & ~(((uint64_t)1 << low) - 1);
}

#endif
