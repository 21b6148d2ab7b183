/* The calls of the library OS: the three functions of each (shim_syscall.h), and the table by
 * Linux's numbers. */
#ifndef SHIM_TABLE_H
#define SHIM_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* What Linux's calls have in memory (asm/stat.h, time.h, utsname.h of the i386). */
struct shim_stat64 {
    uint64_t dev;
    uint32_t padding1;
    uint32_t ino32;
    uint32_t mode;
    uint32_t nlink;
    uint32_t uid, gid;
    uint64_t rdev;
    uint32_t padding2;
    uint64_t size;
    uint32_t block_size;
    uint64_t blocks;
    uint32_t times[6];
    uint64_t ino;
} __attribute__((packed));

struct shim_timespec {
    int32_t seconds, nanoseconds;
};

struct shim_utsname {
    char system[65], node[65], release[65], version[65], machine[65], domain[65];
};

/* The call of this number. */
long shim_dispatch(long number, long a, long b, long c, long d, long e, long f);

long __shim_exit(long);
int shim_exit(int status);
int shim_do_exit(int status);

long __shim_fork(void);
int shim_fork(void);
int shim_do_fork(void);

long __shim_read(long, long, long);
int shim_read(int fd, void *buf, size_t n);
int shim_do_read(int fd, void *buf, size_t n);

long __shim_write(long, long, long);
int shim_write(int fd, const void *buf, size_t n);
int shim_do_write(int fd, const void *buf, size_t n);

long __shim_open(long, long, long);
int shim_open(const char *path, int flags, int mode);
int shim_do_open(const char *path, int flags, int mode);

long __shim_close(long);
int shim_close(int fd);
int shim_do_close(int fd);

long __shim_waitpid(long, long, long);
int shim_waitpid(int pid, int *status, int options);
int shim_do_waitpid(int pid, int *status, int options);

long __shim_link(long, long);
int shim_link(const char *path, const char *other);
int shim_do_link(const char *path, const char *other);

long __shim_unlink(long);
int shim_unlink(const char *path);
int shim_do_unlink(const char *path);

long __shim_execve(long, long, long);
int shim_execve(const char *path, char *const *argv, char *const *envp);
int shim_do_execve(const char *path, char *const *argv, char *const *envp);

long __shim_chdir(long);
int shim_chdir(const char *path);
int shim_do_chdir(const char *path);

long __shim_mknod(long, long, long);
int shim_mknod(const char *path, int mode, int device);
int shim_do_mknod(const char *path, int mode, int device);

long __shim_lseek(long, long, long);
int shim_lseek(int fd, int offset, int whence);
int shim_do_lseek(int fd, int offset, int whence);

long __shim_getpid(void);
int shim_getpid(void);
int shim_do_getpid(void);

long __shim_kill(long, long);
int shim_kill(int pid, int signal);
int shim_do_kill(int pid, int signal);

long __shim_mkdir(long, long);
int shim_mkdir(const char *path, int mode);
int shim_do_mkdir(const char *path, int mode);

long __shim_rmdir(long);
int shim_rmdir(const char *path);
int shim_do_rmdir(const char *path);

long __shim_dup(long);
int shim_dup(int fd);
int shim_do_dup(int fd);

long __shim_pipe(long);
int shim_pipe(int *fds);
int shim_do_pipe(int *fds);

long __shim_pipe2(long, long);
int shim_pipe2(int *fds, int flags);
int shim_do_pipe2(int *fds, int flags);

long __shim_brk(long);
void *shim_brk(void *end);
void *shim_do_brk(void *end);

long __shim_umask(long);
int shim_umask(int mask);
int shim_do_umask(int mask);

long __shim_dup2(long, long);
int shim_dup2(int fd, int other);

long __shim_getppid(void);
int shim_getppid(void);
int shim_do_getppid(void);

long __shim_uname(long);
int shim_uname(struct shim_utsname *name);
int shim_do_uname(struct shim_utsname *name);

long __shim_sched_yield(void);
int shim_sched_yield(void);
int shim_do_sched_yield(void);

long __shim_nanosleep(long, long);
int shim_nanosleep(const struct shim_timespec *time, struct shim_timespec *rest);
int shim_do_nanosleep(const struct shim_timespec *time, struct shim_timespec *rest);

long __shim_fstat64(long, long);
int shim_fstat64(int fd, struct shim_stat64 *st);
int shim_do_fstat64(int fd, struct shim_stat64 *st);

long __shim_getuid32(void);
int shim_getuid32(void);
int shim_do_getuid32(void);

long __shim_sched_setaffinity(long, long, long);
int shim_sched_setaffinity(int pid, size_t len, unsigned long *user_mask_ptr);
int shim_do_sched_setaffinity(int pid, size_t len, unsigned long *user_mask_ptr);

long __shim_sched_getaffinity(long, long, long);
int shim_sched_getaffinity(int pid, size_t len, unsigned long *user_mask_ptr);
int shim_do_sched_getaffinity(int pid, size_t len, unsigned long *user_mask_ptr);

long __shim_exit_group(long);
int shim_exit_group(int status);
int shim_do_exit_group(int status);

long __shim_clock_gettime(long, long);
int shim_clock_gettime(int clock, struct shim_timespec *time);
int shim_do_clock_gettime(int clock, struct shim_timespec *time);

long __shim_mount(long, long, long);
int shim_mount(const char *device, const char *path, const char *type);

long __shim_getcpu(long, long, long);
int shim_getcpu(unsigned *cpu, unsigned *node, void *unused);
int shim_do_getcpu(unsigned *cpu, unsigned *node, void *unused);

#endif
