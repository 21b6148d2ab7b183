/* What the threads of a process share of files: descriptors and the current directory. */
#ifndef KERNEL_FILES_H
#define KERNEL_FILES_H

#include "kernel/lock.h"
#include "kernel/param.h"

#include <stdint.h>

struct file;
struct inode;

struct files {
    struct spinlock lock;       /* protects what follows */
    int users;                  /* threads; 0 = free slot */
    struct file *ofile[NOFILE]; /* by descriptor */
    uint32_t close_on_exec;     /* bit n: descriptor n */
    struct inode *cwd;
};

#endif
