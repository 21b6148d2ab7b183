/* What POSIX asks for beyond the kernel's own calls, built on them. */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int exec(const char *path, char **argv)
{
    return __exec_raw(path, argv);
}

int execv(const char *path, char *const argv[])
{
    return __exec_raw(path, argv);
}

/* There is no environment: envp is not looked at. */
int execve(const char *path, char *const argv[], char *const envp[])
{
    (void)envp;
    return __exec_raw(path, argv);
}

int execvp(const char *name, char *const argv[])
{
    if (strchr(name, '/') != NULL)
        return __exec_raw(name, argv);
    char path[PATH_MAX] = "/bin/";
    if (strlen(name) + strlen(path) >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return __exec_raw(strcat(path, name), argv);
}

/* The words of an argument list up to its NULL lie on the stack one behind the other; argv is
 * made of them all the same, so that nothing here depends on that. */
static int exec_list(bool search, const char *path, const char *arg0, va_list args)
{
    enum { MOST = 32 };
    char *argv[MOST + 1] = {(char *)arg0};
    for (int i = 0; argv[i] != NULL;) {
        if (++i > MOST) {
            errno = E2BIG;
            return -1;
        }
        argv[i] = va_arg(args, char *);
    }
    return search ? execvp(path, argv) : __exec_raw(path, argv);
}

int execl(const char *path, const char *arg0, ...)
{
    va_list args;
    va_start(args, arg0);
    int result = exec_list(false, path, arg0, args);
    va_end(args);
    return result;
}

int execlp(const char *name, const char *arg0, ...)
{
    va_list args;
    va_start(args, arg0);
    int result = exec_list(true, name, arg0, args);
    va_end(args);
    return result;
}

/* Children that waitpid() met while it waited for another one. */
enum { EARLY = 64 };
static struct {
    pid_t pid;
    int status;
} early[EARLY];
static int early_count;

static pid_t take_early(pid_t pid, int *status)
{
    for (int i = 0; i < early_count; i++)
        if (pid == -1 || early[i].pid == pid) {
            pid = early[i].pid;
            if (status != NULL)
                *status = early[i].status;
            early[i] = early[--early_count];
            return pid;
        }
    return -1;
}

pid_t wait(int *status)
{
    pid_t pid = take_early(-1, status);
    return pid > 0 ? pid : __wait_raw(status);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    if (options != 0 || pid == 0 || pid < -1) {
        errno = EINVAL;
        return -1;
    }
    if (pid == -1)
        return wait(status);
    if (take_early(pid, status) == pid)
        return pid;
    for (;;) {
        int its_status;
        pid_t ended = __wait_raw(&its_status);
        if (ended < 0)
            return -1;
        if (ended == pid) {
            if (status != NULL)
                *status = its_status;
            return pid;
        }
        if (early_count < EARLY) {
            early[early_count].pid = ended;
            early[early_count++].status = its_status;
        }
    }
}

int kill(pid_t pid, int signal)
{
    if (signal <= 0) {
        errno = EINVAL;
        return -1;
    }
    return __kill_raw(pid);
}

int fstat(int fd, struct stat *st)
{
    static const mode_t modes[] = {
        [KERNEL_DIRECTORY] = S_IFDIR | 0777,
        [KERNEL_FILE] = S_IFREG | 0777,
        [KERNEL_DEVICE] = S_IFCHR | 0666,
    };
    struct kernel_stat k;
    if (__fstat_raw(fd, &k) < 0)
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
    struct kernel_stat st;
    if (__fstat_raw(fd, &st) < 0 || wanted < 0 || wanted >= OPEN_MAX) {
        errno = EBADF;
        return -1;
    }
    if (fd == wanted)
        return wanted;
    __close(wanted);
    int filled[OPEN_MAX], count = 0, got;
    while ((got = __dup(fd)) >= 0 && got < wanted)
        filled[count++] = got;
    while (count > 0)
        __close(filled[--count]);
    return got;
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
        __sleep_raw(1000000 * TICKS_PER_SECOND);
    __sleep_raw((int)seconds * TICKS_PER_SECOND);
    return 0;
}

int usleep(useconds_t microseconds)
{
    unsigned tick = 1000000 / TICKS_PER_SECOND;
    return __sleep_raw((int)(microseconds / tick + (microseconds % tick != 0)));
}

clock_t clock(void)
{
    return __uptime() * (CLOCKS_PER_SEC / TICKS_PER_SECOND);
}

time_t time(time_t *where)
{
    if (where != NULL)
        *where = -1;
    return -1;
}

double difftime(time_t end, time_t start)
{
    return (double)(end - start);
}
