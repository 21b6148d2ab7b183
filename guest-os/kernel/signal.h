/* The signal numbers that can stand in a wait status. Turnstile only ever kills with them. */
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
};

#endif
