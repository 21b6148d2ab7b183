/* Directories: files of names and inode numbers; and paths, which lead through them. */
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"

static bool same_name(const char *a, const char *b)
{
    return strncmp(a, b, NAME_SIZE) == 0;
}

static void read_entry(struct inode *dp, uint32_t off, struct dirent *e)
{
    if (inode_read(dp, false, (uintptr_t)e, off, sizeof *e) != sizeof *e)
        panic("fs: directory %u ends in the middle of an entry", dp->inum);
}

/*
 * Find a name in a locked directory. Returns its inode, unlocked, and where the entry is in
 * *offset if offset is not 0. 0 with ENOENT if the name is not there.
 */
struct inode *dir_lookup(struct inode *dp, const char *name, uint32_t *offset)
{
    struct dirent e;

    for (uint32_t off = 0; off < dp->d.size; off += sizeof e) {
        read_entry(dp, off, &e);
        if (e.inum != 0 && same_name(e.name, name)) {
            if (offset)
                *offset = off;
            return inode_get(e.inum);
        }
    }
    error(ENOENT);
    return NULL;
}

static int write_entry(struct inode *dp, uint32_t off, const char *name, uint32_t inum)
{
    struct dirent e = {.inum = (uint16_t)inum};

    for (int i = 0; i < NAME_SIZE && name[i]; i++)
        e.name[i] = name[i];
    return inode_write(dp, false, (uintptr_t)&e, off, sizeof e) == sizeof e ? 0 : -1;
}

/* Enter a name into a locked directory, which does not have it. Returns 0, or -1: disk full. */
int dir_link(struct inode *dp, const char *name, uint32_t inum)
{
    struct dirent e;
    uint32_t off;

    for (off = 0; off < dp->d.size; off += sizeof e) {
        read_entry(dp, off, &e);
        if (e.inum == 0)
            break;
    }
    return write_entry(dp, off, name, inum);
}

/* Is nothing but "." and ".." in this locked directory? They are its first two entries. */
bool dir_is_empty(struct inode *dp)
{
    struct dirent e;

    for (uint32_t off = 2 * sizeof e; off < dp->d.size; off += sizeof e) {
        read_entry(dp, off, &e);
        if (e.inum != 0)
            return false;
    }
    return true;
}

/* Make the entry at `offset` of a locked directory a free one. */
void dir_erase(struct inode *dp, uint32_t offset)
{
    if (write_entry(dp, offset, "", 0) < 0)
        panic("fs: cannot erase an entry of directory %u", dp->inum);
}

/*
 * Take the first part of the path into name[NAME_SIZE], where a long one is cut off and a short
 * one gets a NUL. Returns the rest without leading slashes; 0 if there was no part.
 */
static const char *next_part(const char *path, char *name)
{
    int n = 0;

    while (*path == '/')
        path++;
    if (!*path)
        return NULL;
    for (; *path && *path != '/'; path++)
        if (n < NAME_SIZE)
            name[n++] = *path;
    if (n < NAME_SIZE)
        name[n] = '\0';
    while (*path == '/')
        path++;
    return path;
}

/* Follow the path to its end, or to the directory its last part is in. In a transaction. */
static struct inode *follow(const char *path, bool stop_before_last, char *name)
{
    struct inode *ip = *path == '/' ? inode_get(ROOT_INODE) : inode_dup(myproc()->cwd);
    const char *rest = path;

    if (ip && !*path) {
        inode_put(ip);
        error(ENOENT);
        return NULL;
    }
    while (ip && (rest = next_part(rest, name)) != NULL) {
        struct inode *next;

        inode_lock(ip);
        if (ip->d.type != T_DIR) {
            inode_unlock_put(ip);
            error(ENOTDIR);
            return NULL;
        }
        if (stop_before_last && !*rest) {
            inode_unlock(ip);
            return ip;
        }
        next = dir_lookup(ip, name, NULL);
        inode_unlock_put(ip);
        ip = next;
    }
    if (ip && stop_before_last) {
        inode_put(ip);
        error(EEXIST);
        return NULL;
    }
    return ip;
}

/* The inode of a path, unlocked; 0 with the error set. In a transaction. */
struct inode *namei(const char *path)
{
    char name[NAME_SIZE];

    return follow(path, false, name);
}

/* The directory that the path's last part is in, and that part in name[NAME_SIZE]. */
struct inode *namei_parent(const char *path, char *name)
{
    return follow(path, true, name);
}
