/* compute: the computation of the benchmarks, the same on every processor. */
#ifndef BENCH_GUEST_COMPUTE_H
#define BENCH_GUEST_COMPUTE_H

#include <stdint.h>

typedef uint32_t u32;
typedef uint8_t u8;

struct work {
    const char *name;
    u32 (*run)(u32 n);
};

extern u8 area[1 << 20];

/* n times; each answers a checksum. */
u32 crc(u32 n);
u32 sieve(u32 n);
u32 matmul(u32 n);
u32 sort(u32 n);
u32 calls(u32 n);
u32 interpret(u32 n);

#endif
