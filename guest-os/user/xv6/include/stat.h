/* What fstat() tells about a file. */
#ifndef XV6_STAT_H
#define XV6_STAT_H

#define T_DIR  1
#define T_FILE 2
#define T_DEV  3

struct stat {
    short type;
    int dev;
    uint ino;
    short nlink;
    uint size;
};

#endif
