/* Open files, and inodes in memory. */
#ifndef KERNEL_FILE_H
#define KERNEL_FILE_H

#include "kernel/fs.h"
#include "kernel/lock.h"

#include <stdbool.h>
#include <stdint.h>

struct inode {
    uint32_t inum;
    int users;             /* pointers to it; 0 = free slot */
    struct sleeplock lock; /* protects what follows */
    bool valid;            /* d has been read from disk */
    struct dinode d;
};

enum file_kind { FILE_NONE, FILE_PIPE, FILE_INODE };

/* What open() makes; descriptors in several processes may share it, position included. */
struct file {
    enum file_kind kind;
    int users;
    bool readable;
    bool writable;
    bool append;
    struct pipe *pipe;
    struct inode *inode;
    uint32_t off;
};

/* What file_poll() tells: the numbers of Linux. */
enum { POLL_IN = 0x01, POLL_OUT = 0x04, POLL_ERR = 0x08, POLL_HUP = 0x10 };

/* What fstat() tells; the layout is part of the call's contract. */
struct stat {
    int16_t type;
    int32_t dev;
    uint32_t ino;
    int16_t nlink;
    uint32_t size;
};

/* Flags of open(). */
enum {
    O_RDONLY = 0x000,
    O_WRONLY = 0x001,
    O_RDWR = 0x002,
    O_ACCESS = 0x003, /* mask of the three above */
    O_CREATE = 0x200,
    O_TRUNC = 0x400,
    O_APPEND = 0x800,
    O_EXCL = 0x1000,      /* with O_CREATE: it must not be there yet */
    O_DIRECTORY = 0x2000, /* it must be a directory */
};

#endif
