/* Turnstile's calls that OS/161 names or means otherwise, said in OS/161's words. */
#include <errno.h>
#include <fcntl.h>
#include <internal.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <twin.h>

/* OS/161's calls, as usys.S has them. */
int os161_open(const char *path, int flags, int mode);
long long os161_lseek(int fd, long long offset, int whence);
int os161_remove(const char *path);
int os161_rmdir(const char *path);
int os161_fstat(int fd, void *st);
int os161_waitpid(int pid, int *status, int options);
int os161_kill(int pid, int signal);

/* --- processes -------------------------------------------------------------------------------- */

/* The lowest two bits say what happened, 0 that it has ended by itself; the others are the value.
 */
int wait_call(int *status)
{
    int pid = os161_waitpid(-1, status, 0);
    if (pid > 0 && status != NULL)
        *status = (*status & 3) == 0 ? *status >> 2 << 8 : *status >> 2;
    return pid;
}

int kill_call(int pid)
{
    return os161_kill(pid, SIGKILL);
}

/* --- files ------------------------------------------------------------------------------------ */

enum { OS161_CREAT = 4, OS161_TRUNC = 16, OS161_APPEND = 32, OS161_MODE = 0777 };

int open(const char *path, int flags, ...)
{
    return os161_open(path,
                      (flags & O_ACCMODE) | (flags & O_CREAT ? OS161_CREAT : 0) |
                          (flags & O_TRUNC ? OS161_TRUNC : 0) |
                          (flags & O_APPEND ? OS161_APPEND : 0),
                      OS161_MODE);
}

int lseek(int fd, int offset, int whence)
{
    return (int)os161_lseek(fd, offset, whence);
}

/* Turnstile's call removes empty directories as well. */
int unlink(const char *path)
{
    int result = os161_remove(path);
    return result < 0 && errno == EISDIR ? os161_rmdir(path) : result;
}

/* struct stat of OS/161, as far as it is of use here. */
struct os161_stat {
    uint64_t size;
    uint32_t mode;
    uint16_t nlink;
    uint32_t blocks, dev, ino;
    uint32_t rest[15];
};

/* What is no file, such as a pipe, Turnstile does not describe. */
int fstat_call(int fd, struct kernel_stat *st)
{
    enum { OS161_IFMT = 070000, OS161_IFREG = 010000, OS161_IFDIR = 020000, OS161_IFCHR = 060000 };
    struct os161_stat facts;
    if (os161_fstat(fd, &facts) < 0)
        return -1;
    uint32_t kind = facts.mode & OS161_IFMT;
    short type = kind == OS161_IFDIR   ? KERNEL_DIRECTORY
                 : kind == OS161_IFREG ? KERNEL_FILE
                 : kind == OS161_IFCHR ? KERNEL_DEVICE
                                       : 0;
    if (type == 0) {
        errno = EINVAL;
        return -1;
    }
    *st = (struct kernel_stat){
        .type = type,
        .dev = (int)facts.dev,
        .ino = facts.ino,
        .nlink = (short)facts.nlink,
        .size = (unsigned)facts.size,
    };
    return 0;
}

TWIN(wait_call);
TWIN(kill_call);
TWIN(open);
TWIN(lseek);
TWIN(unlink);
TWIN(fstat_call);
