/* The signal numbers that the kernel sends. All kill, SIGCHLD but for: kernel/arch.h,
 * arch_signal(). */
#ifndef KERNEL_SIGNAL_H
#define KERNEL_SIGNAL_H

enum {
    SIGINT = 2,
    SIGILL = 4,
    SIGTRAP = 5,
    SIGBUS = 7,
    SIGFPE = 8,
    SIGKILL = 9,
    SIGSEGV = 11,
    SIGPIPE = 13,
    SIGCHLD = 17,
};

#endif
