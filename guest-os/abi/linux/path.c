/* Descriptors and paths as Linux's calls have them: relative to a directory that is open, and back.
 */
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

/* The n-th argument as a path. Returns its length, or -1. */
int linux_path(int n, char path[MAXPATH])
{
    int length = copyin_string(path, linux_argument(n), MAXPATH);

    return length < 0 && myproc()->error == E2BIG ? error(ENAMETOOLONG) : length;
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

/* Put "/" and the name that directory dp has for `inum` before path + at. Returns the new place. */
static int prepend_name(struct inode *dp, uint32_t inum, char *path, int at)
{
    struct dirent e;

    for (uint32_t off = 0; inode_read(dp, false, (uintptr_t)&e, off, sizeof e) == sizeof e;
         off += sizeof e) {
        int length = 0;

        while (length < NAME_SIZE && e.name[length])
            length++;
        if (e.inum != inum || (length <= 2 && e.name[0] == '.' && off < 2 * sizeof e))
            continue;
        if (at < length + 1)
            return error(ENAMETOOLONG);
        memcpy(path + at - length, e.name, (size_t)length);
        path[at - length - 1] = '/';
        return at - length - 1;
    }
    return error(ENOENT); /* it was removed */
}

/* One directory up from *ip, whose name goes before path + at. */
static int step_up(struct inode **ip, char *path, int at)
{
    struct inode *parent;

    inode_lock(*ip);
    parent = dir_lookup(*ip, "..", NULL);
    inode_unlock(*ip);
    if (!parent)
        return -1;
    inode_lock(parent);
    at = prepend_name(parent, (*ip)->inum, path, at);
    inode_unlock(parent);
    inode_put(*ip);
    *ip = parent;
    return at;
}

/* The absolute path of the current directory. Returns its length, or -1. */
int linux_cwd(char path[MAXPATH])
{
    struct inode *ip;
    int at = MAXPATH - 1;

    path[at] = '\0';
    log_begin();
    ip = files_cwd();
    while (at > 0 && ip->inum != ROOT_INODE)
        at = step_up(&ip, path, at);
    inode_put(ip);
    log_end();
    if (at < 0)
        return -1;
    if (at == MAXPATH - 1)
        path[--at] = '/';
    memmove(path, path + at, (size_t)(MAXPATH - at));
    return MAXPATH - 1 - at;
}
