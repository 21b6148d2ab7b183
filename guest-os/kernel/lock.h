/* The two kinds of lock. */
#ifndef KERNEL_LOCK_H
#define KERNEL_LOCK_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;
struct proc;

/*
 * Protects data for a few instructions. Interrupts are off on a processor that holds one, so that
 * its interrupt handlers never meet one half way; other processors wait until it is free.
 */
struct spinlock {
    uint32_t held; /* 0 or 1 */
    const char *name;
    struct cpu *cpu; /* the holder */
};

/* Protects data while its holder may sleep, for instance for a disk. */
struct sleeplock {
    struct spinlock guard;
    bool held;
    int pid; /* the holder, for whoever looks into a stuck kernel */
    const char *name;
};

#endif
