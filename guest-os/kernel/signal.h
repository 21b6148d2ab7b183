/*
 * The signal numbers that the kernel sends: Linux's on the machine, of which machine.h gives those
 * that differ, SIGBUS and SIGCHLD. All kill, SIGCHLD but for: kernel/arch.h, arch_signal().
 */
#ifndef KERNEL_SIGNAL_H
#define KERNEL_SIGNAL_H

#include "machine.h"

enum {
    SIGINT = 2,
    SIGILL = 4,
    SIGTRAP = 5,
    SIGFPE = 8,
    SIGKILL = 9,
    SIGSEGV = 11,
    SIGPIPE = 13,
};

#endif
