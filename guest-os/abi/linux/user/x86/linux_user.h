/* What Linux's calls on the i386 number and lay out otherwise than on other processors. */
#ifndef LINUX_USER_H
#define LINUX_USER_H

#include <stdint.h>

/* <asm/fcntl.h> */
enum { LINUX_CREAT = 0100, LINUX_TRUNC = 01000, LINUX_APPEND = 02000 };

/* struct stat64 of <asm/stat.h>. */
struct stat64 {
    uint64_t dev;
    uint32_t padding1;
    uint32_t ino32;
    uint32_t mode;
    uint32_t nlink;
    uint32_t uid, gid;
    uint64_t rdev;
    uint32_t padding2;
    uint64_t size;
    uint32_t block_size;
    uint64_t blocks;
    uint32_t times[6];
    uint64_t ino;
} __attribute__((packed));

#endif
