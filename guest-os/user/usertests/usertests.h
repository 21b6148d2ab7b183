/* What the files of usertests share: expectations, children, bad addresses. */
#ifndef USERTESTS_H
#define USERTESTS_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A check is a function without result that runs in a process and a directory of its own. */
#define CHECK(name, says) void name(void);
#include "checks.def"
#undef CHECK

/* End the check as failed unless the condition holds. */
#define expect(condition)                                                                          \
    ((condition) ? (void)0 : expectation_failed(__FILE__, __LINE__, #condition))

/* The call must give -1 and this reason. */
#define expect_error(call, reason) (errno = 0, expect((int)(call) == -1), expect(errno == (reason)))

void expectation_failed(const char *file, int line, const char *condition)
    __attribute__((noreturn));

/* Run f in a child; it ends with exit(0) if f returns. Gives the wait status. */
int status_of(void (*f)(void));
/* Start f in a child. */
pid_t start(void (*f)(void));
/* The signal that ends a child that runs f; 0 if none does. */
int killed_by(void (*f)(void));
/* Make a file with this text in it. */
void make_file(const char *path, const char *text);

/* Is the program linked with a library OS, which gets its system call instructions? */
bool over_library_os(void);

/* A system call by number, with whatever argument words are there. */
int raw_call(int number, ...);
/* A small number that no call has. */
extern const int unused_call;

enum { PAGE = 4096, KERNEL = (int)0x80000000, DESCRIPTORS = 16 };

/* Addresses that no program may use: null, unmapped, the kernel's, the top of memory. */
extern void *const bad_addresses[];
#define for_each_bad_address(p)                                                                    \
    for (void *const *p##_at = bad_addresses, *p; (p = *p##_at) != (void *)-2; p##_at++)

/* Each fault is one function that must not return. The compiler shall not reason about it. */
#define FAULT(name, signal, ...)                                                                   \
    static void do_##name(void)                                                                    \
    {                                                                                              \
        __VA_ARGS__;                                                                               \
    }                                                                                              \
    void name(void)                                                                                \
    {                                                                                              \
        expect(killed_by(do_##name) == (signal));                                                  \
    }

#endif
