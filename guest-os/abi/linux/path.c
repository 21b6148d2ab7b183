/* Descriptors as Linux's calls have them, and paths that begin at one. */
#include "abi/linux/linux.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"

enum { AT_FDCWD = -100 };

/* The open file behind the n-th argument. Returns its descriptor, or -1. */
int linux_file(int n, struct file **f)
{
    int fd = (int)linux_argument(n);

    *f = fd_file(fd);
    return *f ? fd : -1;
}

/* Until linux_at_end(), relative paths begin at this descriptor's directory. Returns 0, or -1. */
int linux_at(int dir, struct inode **before)
{
    struct proc *p = myproc();
    struct file *f;

    *before = p->at;
    if (dir == AT_FDCWD)
        return 0;
    f = fd_file(dir);
    if (!f)
        return -1;
    if (f->kind != FILE_INODE)
        return error(ENOTDIR);
    p->at = f->inode;
    return 0;
}

void linux_at_end(struct inode *before)
{
    myproc()->at = before;
}
