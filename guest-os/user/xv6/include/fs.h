/*
 * The file system as programs of xv6's world know it. Directory entries are what read() gives for
 * a directory of Turnstile; the sizes of the disk's own structures are xv6's, for programs that
 * compute with them, and are not those of a Turnstile disk.
 */
#ifndef XV6_FS_H
#define XV6_FS_H

#define ROOTINO 1
#define BSIZE   512

#define NDIRECT   12
#define NINDIRECT (BSIZE / sizeof(uint))
#define MAXFILE   (NDIRECT + NINDIRECT)

struct superblock {
    uint size;
    uint nblocks;
    uint ninodes;
    uint nlog;
    uint logstart;
    uint inodestart;
    uint bmapstart;
};

struct dinode {
    short type;
    short major;
    short minor;
    short nlink;
    uint size;
    uint addrs[NDIRECT + 1];
};

#define IPB           (BSIZE / sizeof(struct dinode))
#define IBLOCK(i, sb) ((i) / IPB + (sb).inodestart)
#define BPB           (BSIZE * 8)
#define BBLOCK(b, sb) ((b) / BPB + (sb).bmapstart)

#define DIRSIZ 14

struct dirent {
    ushort inum;       /* 0: the entry is free */
    char name[DIRSIZ]; /* no NUL when all 14 are used */
};

#endif
