/* Linux on MIPS (o32), as far as the checks need it. */
#ifndef LINUXTESTS_MACHINE_H
#define LINUXTESTS_MACHINE_H

#include <stdint.h>

enum {
    L_CREAT = 0x100,
    L_EXCL = 0x400,
    ANONYMOUS = 0x800,
    SIGUSR1 = 16,
    SIGCHLD = 18,
    FIRST_CALL = 4000,
    NO_CALL = 4276, /* Linux's mq_getsetattr(), which Turnstile does not have */
};

/* A set of signals as the calls take it. */
struct set {
    uint32_t word[4];
};

/* As rt_sigaction() takes it. */
struct action {
    unsigned long flags;
    void (*handler)(int signal);
    struct set mask;
};

/* As sigaltstack() takes it. */
struct other_stack {
    void *sp;
    uint32_t size, flags;
};

#endif
