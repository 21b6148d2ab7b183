/* What files of the C library know of each other and programs do not. */
#ifndef INTERNAL_H
#define INTERNAL_H

#include <stdarg.h>
#include <stddef.h>

#define HIDDEN __attribute__((visibility("hidden")))

/* The kernel's struct stat. */
struct kernel_stat {
    short type;
    int dev;
    unsigned ino;
    short nlink;
    unsigned size;
};

enum { KERNEL_DIRECTORY = 1, KERNEL_FILE = 2, KERNEL_DEVICE = 3 };

/* The stubs of the path's libsys.a under the names that no program can take away. */
HIDDEN int __fork(void);
HIDDEN int __wait_call(int *status);
HIDDEN int __read(int fd, void *buf, int n);
HIDDEN int __kill_call(int pid);
HIDDEN int __exec(const char *path, char *const argv[]);
HIDDEN int __fstat_call(int fd, struct kernel_stat *st);
HIDDEN int __dup(int fd);
HIDDEN char *__sbrk(int n);
HIDDEN int __sleep_call(int ticks);
HIDDEN int __uptime(void);
HIDDEN int __open(const char *path, int flags, ...);
HIDDEN int __write(int fd, const void *buf, int n);
HIDDEN int __unlink(const char *path);
HIDDEN int __link(const char *oldpath, const char *newpath);
HIDDEN int __close(int fd);
HIDDEN int __lseek(int fd, int offset, int whence);

enum { TICKS_PER_SECOND = 100 };

/* stdio.c */
HIDDEN void __stdio_flush_all(void); /* may be missing: see exit.c */

/* format.c: where formatted text goes, and printf's engine. Gives the number of characters. */
struct sink {
    void (*put)(struct sink *sink, const char *s, size_t n);
};
HIDDEN int __format(struct sink *sink, const char *format, va_list args);

/* decimal.c: exact conversion between doubles and decimal digits. */
enum { DECIMAL_DIGITS = 1100 };
struct decimal {
    char digits[DECIMAL_DIGITS]; /* '0'..'9', not terminated */
    int count;                   /* how many; at least 1 */
    int point;                   /* digits in front of the decimal point; may be <= 0 or > count */
};
/* Digits of the finite value `d` >= 0, rounded (to nearest, ties to even) to `places` behind the
 * point, or, if significant, to `places` digits in all. */
HIDDEN void __decimal_from_double(struct decimal *out, double d, int places, int significant);
/* The double nearest to 0.DIGITS x 10^point. */
HIDDEN double __decimal_to_double(const char *digits, int count, int point);

#endif
