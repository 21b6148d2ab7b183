/* The calls that the checks make, the checks, and what Linux's calls need in memory. */
#ifndef LINUXTESTS_H
#define LINUXTESTS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    L_RDWR = 2,
    L_CREAT = 0x40,
    L_EXCL = 0x80,
    L_DIRECTORY = 0x10000,
    SIGILL = 4,
    SIGKILL = 9,
    SIGUSR1 = 10,
    SIGSEGV = 11,
    SIGPIPE = 13,
    SIGCHLD = 17,
};

/* As rt_sigaction() takes it. */
struct action {
    void (*handler)(int signal);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

/* As set_thread_area() takes it. */
struct user_desc {
    uint32_t entry_number, base, limit, flags;
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
int sched_yield(void);
int nanosleep(const void *time, void *rest);
void *mmap2(void *address, unsigned long length, int protection, int flags, int fd,
            unsigned long page);
int munmap(void *address, unsigned long length);
int mprotect(void *address, unsigned long length, int protection);
int set_thread_area(struct user_desc *d);
int rt_sigaction(int signal, const struct action *a, struct action *old, unsigned long size);
int rt_sigprocmask(int how, const uint64_t *set, uint64_t *old, unsigned long size);
int rt_sigpending(uint64_t *set, unsigned long size);
int rt_sigsuspend(const uint64_t *set, unsigned long size);

/* Run `what` in a process of its own; returns the status that waitpid() gives. */
int in_child(void (*what)(void));
/* Sleep for some ticks of the clock, 10 ms each. */
void pause_ticks(int ticks);

/* What the program does when it is begun as `linuxtests -gs`. */
void load_stale_segment(void);

bool check_foo(void);
bool check_errors(void);
bool check_pointers(void);
bool check_files(void);
bool check_rename(void);
bool check_truncate(void);
bool check_directories(void);
bool check_mmap(void);
bool check_mprotect(void);
bool check_tls(void);
bool check_tls_gone(void);
bool check_handler(void);
bool check_mask(void);
bool check_restart(void);
bool check_interrupted(void);
bool check_bad_frame(void);
bool check_pipe(void);
bool check_context(void);
bool check_anything(void);

#endif
