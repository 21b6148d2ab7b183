/* Turnstile's calls that Linux names or means otherwise, said in Linux's words. */
#include "calls.h"
#include "linux_user.h"

#include <fcntl.h>
#include <internal.h>
#include <stdint.h>
#include <twin.h>

/* --- processes -------------------------------------------------------------------------------- */

void _exit(int status)
{
    for (;;)
        linux_exit(status);
}

int wait_call(int *status)
{
    return waitpid(-1, status, 0);
}

/* To Linux 0 and less are groups of processes. */
int kill_call(int pid)
{
    enum { LINUX_SIGKILL = 9 };
    if (pid <= 0) {
        errno = ESRCH;
        return -1;
    }
    return linux_kill(pid, LINUX_SIGKILL);
}

int exec(const char *path, char *const argv[])
{
    return execve(path, argv, NULL);
}

/* Linux moves the end of the heap to a place and says where it is then. */
char *sbrk(int n)
{
    uintptr_t before = brk(0), wanted = before + (uintptr_t)n;
    if ((n > 0 && wanted < before) || (n < 0 && (wanted > before || wanted == 0)) ||
        brk(wanted) != wanted) {
        errno = n > 0 ? ENOMEM : EINVAL;
        return (char *)-1;
    }
    return (char *)before;
}

/* --- files ------------------------------------------------------------------------------------ */

enum { LINUX_MODE = 0777 };

int open(const char *path, int flags, ...)
{
    return linux_open(path,
                      (flags & O_ACCMODE) | (flags & O_CREAT ? LINUX_CREAT : 0) |
                          (flags & O_TRUNC ? LINUX_TRUNC : 0) |
                          (flags & O_APPEND ? LINUX_APPEND : 0),
                      LINUX_MODE);
}

/* Linux's own gives the descriptors in two registers on MIPS. */
int pipe(int *fds)
{
    return pipe2(fds, 0);
}

/* Turnstile's call removes empty directories as well. */
int unlink(const char *path)
{
    int result = linux_unlink(path);
    return result < 0 && errno == EISDIR ? rmdir(path) : result;
}

int mkdir(const char *path, ...)
{
    return linux_mkdir(path, LINUX_MODE);
}

/* A Linux device is one number: the major above the minor's eight bits. */
int mknod(const char *path, int major, int minor)
{
    if (major < 0 || major > 0xff || minor < 0 || minor > 0xff) {
        errno = EINVAL;
        return -1;
    }
    return linux_mknod(path, S_IFCHR | 0666, major << 8 | minor);
}

/* What is no file, such as a pipe, Turnstile does not describe. Linux counts "." as a name. */
int fstat_call(int fd, struct kernel_stat *st)
{
    struct stat64 facts;
    if (fstat64(fd, &facts) < 0)
        return -1;
    short type = S_ISDIR(facts.mode)   ? KERNEL_DIRECTORY
                 : S_ISREG(facts.mode) ? KERNEL_FILE
                 : S_ISCHR(facts.mode) ? KERNEL_DEVICE
                                       : 0;
    if (type == 0) {
        errno = EINVAL;
        return -1;
    }
    *st = (struct kernel_stat){
        .type = type,
        .dev = (int)facts.dev,
        .ino = (unsigned)facts.ino,
        .nlink = (short)(facts.nlink - (type == KERNEL_DIRECTORY)),
        .size = (unsigned)facts.size,
    };
    return 0;
}

/* --- time ------------------------------------------------------------------------------------- */

enum { NANOSECONDS_PER_TICK = 1000000000 / TICKS_PER_SECOND };

struct linux_time {
    int32_t seconds, nanoseconds;
};

int sleep_call(int ticks)
{
    struct linux_time time = {ticks / TICKS_PER_SECOND,
                              ticks % TICKS_PER_SECOND * NANOSECONDS_PER_TICK};
    return ticks > 0 ? nanosleep(&time, NULL) : 0;
}

int uptime(void)
{
    enum { LINUX_CLOCK_MONOTONIC = 1 };
    struct linux_time now;
    clock_gettime(LINUX_CLOCK_MONOTONIC, &now);
    return now.seconds * TICKS_PER_SECOND + now.nanoseconds / NANOSECONDS_PER_TICK;
}

/* Linux counts no reads. */
int getreadcount(void)
{
    errno = ENOSYS;
    return -1;
}

TWIN(_exit);
TWIN(wait_call);
TWIN(kill_call);
TWIN(exec);
TWIN(sbrk);
TWIN(open);
TWIN(pipe);
TWIN(unlink);
TWIN(mkdir);
TWIN(mknod);
TWIN(fstat_call);
TWIN(sleep_call);
TWIN(uptime);
TWIN(getreadcount);
