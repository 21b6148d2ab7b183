/* The calls that the checks make, the checks, and what Linux's calls need in memory. */
#ifndef LINUXTESTS_H
#define LINUXTESTS_H

#include <stdbool.h>
#include <stdint.h>

/* MACHINE/: numbers and layouts of this processor's Linux. */
#include "machine.h"

/* The same on every processor. */
enum {
    L_RDWR = 2,
    L_DIRECTORY = 0x10000,
    SIGILL = 4,
    SIGKILL = 9,
    SIGSEGV = 11,
    SIGPIPE = 13,
    CLONE_VM = 0x100,
    CLONE_VFORK = 0x4000,
};

/* calls.c */
int fork(void);
int exit_group(int status);
int execve(const char *path, char *const *argv, char *const *envp);
int waitpid(int pid, int *status, int options);
long foo(void);
long nothing(void);
long read(int fd, void *buf, unsigned long n);
long write(int fd, const void *buf, unsigned long n);
int open(const char *path, int flags, int mode);
int close(int fd);
int pipe(int *fds);
int pipe2(int *fds, int flags);
int unlink(const char *path);
int rename(const char *from, const char *to);
int mkdir(const char *path, int mode);
int rmdir(const char *path);
int chdir(const char *path);
long getcwd(char *buf, unsigned long n);
long lseek(int fd, long offset, int whence);
int ftruncate(int fd, long length);
int stat64(const char *path, void *st);
int getpid(void);
int kill(int pid, int signal);
int tkill(int tid, int signal);
int tgkill(int pid, int tid, int signal);
int _newselect(int count, uint32_t *in, uint32_t *out, uint32_t *except, int32_t *time);
int pselect6_time64(int count, uint32_t *in, uint32_t *out, uint32_t *except, const int64_t *time,
                    const void *mask);
int sched_yield(void);
int nanosleep(const void *time, void *rest);
void *mmap2(void *address, unsigned long length, int protection, int flags, int fd,
            unsigned long page);
int munmap(void *address, unsigned long length);
int mprotect(void *address, unsigned long length, int protection);
int rt_sigaction(int signal, const struct action *a, struct action *old, unsigned long size);
int rt_sigprocmask(int how, const struct set *set, struct set *old, unsigned long size);
int rt_sigpending(struct set *set, unsigned long size);
int sigaltstack(const struct other_stack *stack, struct other_stack *old);
int rt_sigsuspend(const struct set *set, unsigned long size);

/* Run `what` in a process of its own; returns the status that waitpid() gives. */
int in_child(void (*what)(void));
/* Sleep for some ticks of the clock, 10 ms each. */
void pause_ticks(int ticks);

/* signals.c */
extern volatile int seen; /* the signal that note() was called with last */
void note(int signal);
int catch_signal(int signal, unsigned long flags);

/* MACHINE/: as rt_sigaction() takes it; a call by its number; what else the program does when it is
 * begun with this word. */
struct action action_of(void (*handler)(int signal), unsigned long flags);
uint32_t call_of_number(uint32_t number, const uint32_t arguments[5]);
bool begun_with(const char *word);
/* pread64(), pwrite64(); clone() with this stack, on which the child does `what` and ends. */
long read_at(int fd, void *buf, unsigned long n, uint32_t offset);
long write_at(int fd, const void *buf, unsigned long n, uint32_t offset);
int futex(volatile uint32_t *address, int operation, uint32_t value, const int32_t *time);
int futex_mask(volatile uint32_t *address, int operation, uint32_t value, const int32_t *time,
               int unused, uint32_t mask);
int sched_setaffinity(int tid, unsigned long size, const uint32_t *set);
int sched_getaffinity(int tid, unsigned long size, uint32_t *set);
int getcpu(uint32_t *cpu, uint32_t *node);
int exit_thread(int status);
int gettid(void);
int clone_to(uint32_t flags, void *stack, void (*what)(void));

#define CHECK(name, function) bool function(void);
#include "checks.def"
#undef CHECK

#endif
