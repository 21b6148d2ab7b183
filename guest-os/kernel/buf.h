/* A disk block in memory. */
#ifndef KERNEL_BUF_H
#define KERNEL_BUF_H

#include "kernel/fs.h"
#include "kernel/lock.h"

#include <stdbool.h>
#include <stdint.h>

struct buf {
    uint32_t block;
    bool valid; /* data is what the disk has, or newer */
    int users;  /* who must not lose it from memory */
    struct sleeplock lock;
    struct buf *prev, *next; /* all buffers by last use, latest first */
    struct buf *hash_next;
    uint8_t data[BSIZE] __attribute__((aligned(4)));
};

#endif
