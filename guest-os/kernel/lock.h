/* The two kinds of lock. */
#ifndef KERNEL_LOCK_H
#define KERNEL_LOCK_H

#include <stdbool.h>

/*
 * Protects data for a few instructions. Interrupts are off while any spinlock is held, so that
 * an interrupt handler never meets one half way; on one processor that is all it takes.
 */
struct spinlock {
    bool held;
    const char *name;
};

/* Protects data while its holder may sleep, for instance for a disk. */
struct sleeplock {
    struct spinlock guard;
    bool held;
    int pid; /* the holder, for whoever looks into a stuck kernel */
    const char *name;
};

#endif
