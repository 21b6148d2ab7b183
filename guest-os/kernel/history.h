/* How long a line at the console can be. */
#ifndef KERNEL_HISTORY_H
#define KERNEL_HISTORY_H

enum { LINE_SIZE = 256 };

#endif
