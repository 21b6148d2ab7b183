/* System calls about files: arguments in, checked; kernel function; result out. */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

static struct spinlock readlock = {.name = "read"};
static int readcount; /* calls of read() since the start */

/* The open file behind the descriptor that is the n-th argument. Returns 0 or -1. */
int argfd(int n, struct file **f)
{
    int value;

    if (argint(n, &value) < 0)
        return -1;
    *f = fd_file(value);
    return *f ? 0 : -1;
}

int sys_read(void)
{
    struct file *f;
    uint32_t p;
    int n;

    acquire(&readlock);
    readcount++;
    release(&readlock);

    if (argfd(0, &f) < 0 || argint(2, &n) < 0 || argout(1, &p, n) < 0)
        return -1;
    return file_read(f, p, n);
}

int sys_getreadcount(void)
{
    int count;

    acquire(&readlock);
    count = readcount;
    release(&readlock);
    return count;
}

int sys_write(void)
{
    struct file *f;
    uint32_t p;
    int n;

    if (argfd(0, &f) < 0 || argint(2, &n) < 0 || argptr(1, &p, n) < 0)
        return -1;
    return file_write(f, p, n);
}

int sys_lseek(void)
{
    struct file *f;
    int offset, whence;

    if (argfd(0, &f) < 0 || argint(1, &offset) < 0 || argint(2, &whence) < 0)
        return -1;
    return file_seek(f, offset, whence);
}

int sys_dup(void)
{
    struct file *f;
    int fd;

    if (argfd(0, &f) < 0)
        return -1;
    fd = fdalloc(file_dup(f));
    if (fd < 0)
        file_close(f);
    return fd;
}

int sys_close(void)
{
    int fd;

    return argint(0, &fd) < 0 ? -1 : fd_close(fd);
}

int sys_fstat(void)
{
    struct file *f;
    struct stat st;
    uint32_t address;

    if (argfd(0, &f) < 0 || argout(1, &address, sizeof st) < 0 || file_stat(f, &st) < 0)
        return -1;
    return copyout(address, &st, sizeof st);
}

int sys_open(void)
{
    char path[MAXPATH];
    struct file *f;
    int flags, fd;

    if (argpath(0, path) < 0 || argint(1, &flags) < 0)
        return -1;
    f = fs_open(path, flags);
    if (!f)
        return -1;
    fd = fdalloc(f);
    if (fd < 0)
        file_close(f);
    return fd;
}

int sys_mknod(void)
{
    char path[MAXPATH];
    int major, minor;

    if (argpath(0, path) < 0 || argint(1, &major) < 0 || argint(2, &minor) < 0)
        return -1;
    return fs_mknod(path, major, minor);
}

int sys_unlink(void)
{
    char path[MAXPATH];

    if (argpath(0, path) < 0)
        return -1;
    return fs_unlink(path);
}

int sys_rmdir(void)
{
    char path[MAXPATH];

    if (argpath(0, path) < 0)
        return -1;
    return fs_remove(path, T_DIR);
}

int sys_rename(void)
{
    char from[MAXPATH];
    char to[MAXPATH];

    if (argpath(0, from) < 0 || argpath(1, to) < 0)
        return -1;
    return fs_rename(from, to);
}

/* Each call's transaction is written when the call returns; the disk may still keep it. */
int sys_sync(void)
{
    disk_barrier();
    return 0;
}

/* The same for one file, whose blocks nobody tells from the others'. */
int sys_fsync(void)
{
    struct file *f;

    return argfd(0, &f) < 0 ? -1 : sys_sync();
}

int sys_link(void)
{
    char oldpath[MAXPATH];
    char newpath[MAXPATH];

    if (argpath(0, oldpath) < 0 || argpath(1, newpath) < 0)
        return -1;
    return fs_link(oldpath, newpath);
}

int sys_mkdir(void)
{
    char path[MAXPATH];

    if (argpath(0, path) < 0)
        return -1;
    return fs_mkdir(path);
}

int sys_chdir(void)
{
    char path[MAXPATH];

    if (argpath(0, path) < 0)
        return -1;
    return fs_chdir(path);
}

/* Two descriptors for a new pipe: [0] to read from, [1] to write to. */
int sys_pipe(void)
{
    struct file *reader, *writer;
    uint32_t address;
    int fds[2];

    if (argout(0, &address, sizeof fds) < 0 || pipe_make(&reader, &writer) < 0)
        return -1;
    fds[0] = fdalloc(reader);
    fds[1] = fdalloc(writer);
    if (fds[0] >= 0 && fds[1] >= 0 && copyout(address, fds, sizeof fds) == 0)
        return 0;
    fds[0] < 0 ? file_close(reader) : (void)fd_close(fds[0]);
    fds[1] < 0 ? file_close(writer) : (void)fd_close(fds[1]);
    return -1;
}

/*
 * Fetch exec's argument strings, one behind the other, into a page of the kernel.
 * Returns 0, or -1 with the error set.
 */
int argv_fetch(uint32_t uargv, char *page, char *argv[MAXARG + 1])
{
    uint32_t used = 0;

    for (int i = 0; i <= MAXARG; i++) {
        uint32_t string;
        int length;

        argv[i] = NULL;
        if (copyin(&string, uargv + 4 * (uint32_t)i, sizeof string) < 0)
            return -1;
        if (string == 0)
            return 0;
        if (i == MAXARG)
            break;
        length = copyin_string(page + used, string, PAGE_SIZE - used);
        if (length < 0)
            return -1;
        argv[i] = page + used;
        used += (uint32_t)length + 1;
    }
    return error(E2BIG);
}

int sys_exec(void)
{
    char path[MAXPATH];
    char *argv[MAXARG + 1];
    int uargv;
    char *page;
    int result;

    if (argpath(0, path) < 0 || argint(1, &uargv) < 0)
        return -1;
    page = page_alloc();
    if (!page)
        return error(ENOMEM);
    result = argv_fetch((uint32_t)uargv, page, argv);
    if (result == 0)
        result = exec(path, argv, (char *const[]){NULL});
    page_free(page);
    return result;
}
