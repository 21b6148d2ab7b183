/* Error numbers. A failed call gives -1 and one of these, in the numbers of the path that it came
 * by. */
#ifndef KERNEL_ERRNO_H
#define KERNEL_ERRNO_H

enum {
#define ERRNO(name, number, ...) name = number,
#include "kernel/errno.def"
#undef ERRNO
};

#endif
