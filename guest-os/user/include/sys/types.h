/* Names for the numbers that system calls use. */
#ifndef SYS_TYPES_H
#define SYS_TYPES_H

#include <stddef.h>

typedef int ssize_t;
typedef int pid_t;
typedef int off_t;
typedef int mode_t;
typedef int dev_t;
typedef int uid_t;
typedef int gid_t;
typedef int blksize_t;
typedef int blkcnt_t;
typedef unsigned ino_t;
typedef unsigned nlink_t;
typedef unsigned useconds_t;
typedef long time_t;

#endif
