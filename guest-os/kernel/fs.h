/*
 * The file system on disk. The kernel and the tool that makes an image both read this.
 *
 *   block 0      not used: a boot sector may live there
 *   block 1      superblock
 *   log          what the current transaction changes (log.c)
 *   inodes       INODES_PER_BLOCK in each block
 *   bitmap       one bit a block, 1 = in use
 *   data
 *
 * A block is a disk sector, which a disk writes whole or not at all even when the power fails.
 * All numbers are in the byte order of the processor: directories are files, and a program that
 * reads one finds numbers that it can use. A disk is for one kind of processor anyway, for its
 * programs are.
 */
#ifndef KERNEL_FS_H
#define KERNEL_FS_H

#include <stdint.h>

#define FS_MAGIC 0x54524e53u /* "SNRT" */

enum {
    BSIZE = 512,
    ROOT_INODE = 1, /* inode 0 does not exist: a directory entry with it is free */

    NDIRECT = 11,
    NINDIRECT = BSIZE / 4,
    MAX_FILE_BLOCKS = NDIRECT + NINDIRECT + NINDIRECT * NINDIRECT,

    BITS_PER_BLOCK = BSIZE * 8,
    MAX_BITMAP_BLOCKS = 8, /* a transaction that frees a whole file fits into the log */
    MAX_FS_BLOCKS = MAX_BITMAP_BLOCKS * BITS_PER_BLOCK,

    MAX_OP_BLOCKS = 24, /* blocks that one file system call may change */
    LOG_BLOCKS = 96,    /* changed blocks in one transaction: a few calls' worth */
    NAME_SIZE = 14,
};

struct superblock {
    uint32_t magic;
    uint32_t size;        /* blocks in the file system */
    uint32_t data_blocks; /* of them, for data */
    uint32_t inodes;      /* number of inodes */
    uint32_t log_blocks;  /* blocks of the log, its header included */
    uint32_t log_start;   /* first block of each part */
    uint32_t inode_start;
    uint32_t bitmap_start;
};

/* Kinds of inode. */
enum { T_FREE = 0, T_DIR = 1, T_FILE = 2, T_DEV = 3 };

struct dinode {
    int16_t type;
    int16_t major; /* of a device */
    int16_t minor;
    int16_t nlink;               /* names it has */
    uint32_t size;               /* bytes */
    uint32_t addrs[NDIRECT + 2]; /* data blocks; a block of them; a block of blocks of them */
};

_Static_assert(sizeof(struct dinode) == 64, "inodes fill their blocks");
enum { INODES_PER_BLOCK = BSIZE / 64 };

/* A directory is a file of these. A name of full length has no NUL. */
struct dirent {
    uint16_t inum;
    char name[NAME_SIZE];
};

/* The log's first block. count > 0: the transaction is complete and must be carried out. */
struct log_header {
    uint32_t count;
    uint32_t block[LOG_BLOCKS];
};

_Static_assert(sizeof(struct log_header) <= BSIZE, "the header is written at one stroke");

#endif
