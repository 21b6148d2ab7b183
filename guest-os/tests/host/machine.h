/* The "processor" of the tests that run the kernel's file system as a program on the host. */
#ifndef HOST_MACHINE_H
#define HOST_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#define KERNBASE 0x80000000u
#define PAGE_SIZE 4096u

typedef uint32_t pte_t;

struct context {
    int unused;
};

static inline void intr_on(void)
{
}

static inline void intr_off(void)
{
}

static inline bool intr_enabled(void)
{
    return false;
}

#endif
