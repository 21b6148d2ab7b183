/* Opening files. The numbers are the kernel's own. */
#ifndef FCNTL_H
#define FCNTL_H

#include <sys/stat.h>

#define O_RDONLY  0x000
#define O_WRONLY  0x001
#define O_RDWR    0x002
#define O_ACCMODE 0x003
#define O_CREAT   0x200
#define O_TRUNC   0x400
#define O_APPEND  0x800

/* A third argument (permissions) is accepted and has no effect: files have none here. */
int open(const char *path, int flags, ...);
int creat(const char *path, int mode);

#endif
