/* Linux on the i386, as far as the checks need it. */
#ifndef LINUXTESTS_MACHINE_H
#define LINUXTESTS_MACHINE_H

#include <stdint.h>

enum {
    L_CREAT = 0x40,
    L_EXCL = 0x80,
    ANONYMOUS = 0x20,
    SIGUSR1 = 10,
    SIGCHLD = 17,
    FIRST_CALL = 0,
    NO_CALL = 282, /* Linux's mq_getsetattr(), which Turnstile does not have */
};

/* A set of signals as the calls take it. */
struct set {
    uint32_t word[2];
};

/* As rt_sigaction() takes it. */
struct action {
    void (*handler)(int signal);
    unsigned long flags;
    void (*restorer)(void);
    struct set mask;
};

/* As sigaltstack() takes it. */
struct other_stack {
    void *sp;
    uint32_t flags, size;
};

#endif
