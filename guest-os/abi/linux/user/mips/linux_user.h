/* What Linux's calls on MIPS number and lay out otherwise than on other processors. */
#ifndef LINUX_USER_H
#define LINUX_USER_H

#include <stdint.h>

/* <asm/fcntl.h> */
enum { LINUX_CREAT = 0x100, LINUX_TRUNC = 0x200, LINUX_APPEND = 0x8 };

/* struct stat64 of <asm/stat.h>. */
struct stat64 {
    uint32_t dev;
    uint32_t padding1[3];
    uint64_t ino;
    uint32_t mode;
    uint32_t nlink;
    uint32_t uid, gid;
    uint32_t rdev;
    uint32_t padding2[3];
    uint64_t size;
    uint32_t times[6];
    uint32_t block_size;
    uint32_t padding3;
    uint64_t blocks;
};

#endif
