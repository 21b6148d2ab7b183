/* The path of the current directory: from there up to the root, by the names that each has in the
 * next. */
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"

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

/* The absolute path of the current directory, at the start of MAXPATH bytes. Returns its length, or
 * -1. */
int fs_getcwd(char *path)
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
