/* The sizes of the kernel's tables. */
#ifndef KERNEL_PARAM_H
#define KERNEL_PARAM_H

enum {
    NPROC = 64,        /* threads: a process has at least one */
    NCPU = 32,         /* processors */
    KSTACKSIZE = 8192, /* bytes of kernel stack for each, which is aligned to them */
    NOFILE = 16,       /* open files of one process */
    NBORROWED = 4,     /* open files that one system call uses */
    NFILE = 128,       /* open files of all processes */
    NINODE = 128,      /* inodes in memory */
    NBUF = 128,        /* disk blocks in memory */
    MAXARG = 32,       /* arguments of exec */
    MAXPATH = 128,     /* bytes of a path, with its NUL */
    NREGION = 24,      /* regions of an address space */
    STACKPAGES = 32,   /* user stack: 128 KiB, taken page by page as it is touched */
    HZ = 100,          /* clock ticks in a second */
};

#endif
