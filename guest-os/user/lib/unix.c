/* What POSIX asks for beyond the kernel's own calls, built on them. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int kill(pid_t pid, int signal)
{
    if (signal <= 0) {
        errno = EINVAL;
        return -1;
    }
    return __kill_call(pid);
}

void (*signal(int signal, void (*handler)(int)))(int)
{
    (void)signal;
    if (handler == SIG_DFL)
        return SIG_DFL;
    errno = ENOSYS;
    return SIG_ERR;
}

int raise(int signal)
{
    _exit(128 + signal);
}

int fstat(int fd, struct stat *st)
{
    static const mode_t modes[] = {
        [KERNEL_DIRECTORY] = S_IFDIR | 0777,
        [KERNEL_FILE] = S_IFREG | 0777,
        [KERNEL_DEVICE] = S_IFCHR | 0666,
    };
    struct kernel_stat k;
    if (__fstat_call(fd, &k) < 0)
        return -1;
    *st = (struct stat){
        .st_dev = k.dev,
        .st_ino = k.ino,
        .st_mode = k.type >= KERNEL_DIRECTORY && k.type <= KERNEL_DEVICE ? modes[k.type] : 0,
        .st_nlink = (nlink_t)k.nlink,
        .st_size = (off_t)k.size,
        .st_blksize = 512,
    };
    return 0;
}

int stat(const char *path, struct stat *st)
{
    int fd = __open(path, O_RDONLY);
    if (fd < 0)
        return -1;
    int result = fstat(fd, st);
    __close(fd);
    return result;
}

int lstat(const char *path, struct stat *st)
{
    return stat(path, st);
}

int isatty(int fd)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return 0;
    if (S_ISCHR(st.st_mode))
        return 1;
    errno = ENOTTY;
    return 0;
}

int fsync(int fd)
{
    struct stat st;
    return fstat(fd, &st);
}

int access(const char *path, int mode)
{
    struct stat st;
    (void)mode;
    return stat(path, &st);
}

int creat(const char *path, int mode)
{
    (void)mode;
    return __open(path, O_WRONLY | O_CREAT | O_TRUNC);
}

/* dup() gives the lowest free descriptor: fill the ones below `wanted`, then free them again. */
int dup2(int fd, int wanted)
{
    int filled[OPEN_MAX], count = 0;
    if (wanted < 0 || wanted >= OPEN_MAX) {
        errno = EBADF;
        return -1;
    }
    int got = __dup(fd);
    if (got < 0 && errno != EMFILE)
        return -1;
    if (got >= 0)
        filled[count++] = got;
    if (fd != wanted && got != wanted) {
        __close(wanted);
        while ((got = __dup(fd)) >= 0 && got < wanted)
            filled[count++] = got;
    }
    while (count > 0)
        if (filled[--count] != wanted)
            __close(filled[count]);
    return wanted;
}

int rmdir(const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return -1;
    if (!S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        return -1;
    }
    return __unlink(path);
}

unsigned sleep(unsigned seconds)
{
    for (; seconds > 1000000; seconds -= 1000000)
        __sleep_call(1000000 * TICKS_PER_SECOND);
    __sleep_call((int)seconds * TICKS_PER_SECOND);
    return 0;
}

int usleep(useconds_t microseconds)
{
    unsigned tick = 1000000 / TICKS_PER_SECOND;
    return __sleep_call((int)(microseconds / tick + (microseconds % tick != 0)));
}

int remove(const char *path)
{
    return __unlink(path);
}

int rename(const char *from, const char *to)
{
    __unlink(to);
    if (__link(from, to) < 0)
        return -1;
    return __unlink(from);
}
