/* Sizes of types, from the compiler, and the sizes of the kernel's tables. */
#ifndef LIMITS_H
#define LIMITS_H

/* The compiler's header asks a C library for more limits unless this is defined. */
#define _LIBC_LIMITS_H_
#include_next <limits.h>

#define ARG_MAX   4096
#define NAME_MAX  14
#define OPEN_MAX  16
#define PATH_MAX  128
#define PIPE_BUF  512
#define SSIZE_MAX INT_MAX

#endif
