/* System calls about files: arguments in, checked; kernel function; result out. */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

static struct spinlock readlock = {.name = "read"};
static int readcount; /* calls of read() since the start */

/* The n-th argument as a descriptor, and the open file behind it. Returns 0 or -1. */
static int argfd(int n, int *fd, struct file **f)
{
    int value;

    if (argint(n, &value) < 0)
        return -1;
    if (value < 0 || value >= NOFILE || !myproc()->ofile[value])
        return error(EBADF);
    if (fd)
        *fd = value;
    *f = myproc()->ofile[value];
    return 0;
}

/* The lowest free descriptor gets the file. Returns it, or -1; the file is the caller's then. */
int fdalloc(struct file *f)
{
    struct proc *p = myproc();

    for (int fd = 0; fd < NOFILE; fd++)
        if (!p->ofile[fd]) {
            p->ofile[fd] = f;
            return fd;
        }
    return error(EMFILE);
}

int sys_read(void)
{
    struct file *f;
    uint32_t p;
    int n;

    acquire(&readlock);
    readcount++;
    release(&readlock);

    if (argfd(0, NULL, &f) < 0 || argint(2, &n) < 0 || argout(1, &p, n) < 0)
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

    if (argfd(0, NULL, &f) < 0 || argint(2, &n) < 0 || argptr(1, &p, n) < 0)
        return -1;
    return file_write(f, p, n);
}

int sys_lseek(void)
{
    struct file *f;
    int offset, whence;

    if (argfd(0, NULL, &f) < 0 || argint(1, &offset) < 0 || argint(2, &whence) < 0)
        return -1;
    return file_seek(f, offset, whence);
}

int sys_dup(void)
{
    struct file *f;
    int fd;

    if (argfd(0, NULL, &f) < 0 || (fd = fdalloc(f)) < 0)
        return -1;
    file_dup(f);
    return fd;
}

int sys_close(void)
{
    struct file *f;
    int fd;

    if (argfd(0, &fd, &f) < 0)
        return -1;
    myproc()->ofile[fd] = NULL;
    file_close(f);
    return 0;
}

int sys_fstat(void)
{
    struct file *f;
    struct stat st;
    uint32_t address;

    if (argfd(0, NULL, &f) < 0 || argout(1, &address, sizeof st) < 0 || file_stat(f, &st) < 0)
        return -1;
    return copyout(address, &st, sizeof st);
}

int sys_open(void)
{
    char path[MAXPATH];
    struct file *f;
    int flags, fd;

    if (argstr(0, path, sizeof path) < 0 || argint(1, &flags) < 0)
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

    if (argstr(0, path, sizeof path) < 0 || argint(1, &major) < 0 || argint(2, &minor) < 0)
        return -1;
    return fs_mknod(path, major, minor);
}

int sys_unlink(void)
{
    char path[MAXPATH];

    if (argstr(0, path, sizeof path) < 0)
        return -1;
    return fs_unlink(path);
}

int sys_link(void)
{
    char oldpath[MAXPATH];
    char newpath[MAXPATH];

    if (argstr(0, oldpath, sizeof oldpath) < 0 || argstr(1, newpath, sizeof newpath) < 0)
        return -1;
    return fs_link(oldpath, newpath);
}

int sys_mkdir(void)
{
    char path[MAXPATH];

    if (argstr(0, path, sizeof path) < 0)
        return -1;
    return fs_mkdir(path);
}

int sys_chdir(void)
{
    char path[MAXPATH];

    if (argstr(0, path, sizeof path) < 0)
        return -1;
    return fs_chdir(path);
}

/* Two descriptors for a new pipe: [0] to read from, [1] to write to. */
int sys_pipe(void)
{
    struct proc *p = myproc();
    struct file *reader, *writer;
    uint32_t address;
    int fds[2];

    if (argout(0, &address, sizeof fds) < 0 || pipe_make(&reader, &writer) < 0)
        return -1;
    fds[0] = fdalloc(reader);
    fds[1] = fds[0] < 0 ? -1 : fdalloc(writer);
    if (fds[1] < 0 || copyout(address, fds, sizeof fds) < 0) {
        for (int i = 0; i < 2; i++)
            if (fds[i] >= 0)
                p->ofile[fds[i]] = NULL;
        file_close(reader);
        file_close(writer);
        return -1;
    }
    return 0;
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

    if (argstr(0, path, sizeof path) < 0 || argint(1, &uargv) < 0)
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
