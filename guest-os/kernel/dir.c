/* Directories: files of names and inode numbers; and paths, which lead through them. */
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"

enum { ENTRIES = BSIZE / sizeof(struct dirent) };

static bool has_name(const struct dirent *e, const char *name)
{
    return e->inum != 0 && strncmp(e->name, name, NAME_SIZE) == 0;
}

static bool is_used(const struct dirent *e, const char *name)
{
    (void)name;
    return e->inum != 0;
}

static bool is_free(const struct dirent *e, const char *name)
{
    (void)name;
    return e->inum == 0;
}

/*
 * Find the first entry from `off` on that is wanted, in a locked directory. Returns its offset
 * and its inode number in *inum; the directory's size if there is none.
 */
static uint32_t search(struct inode *dp, uint32_t off,
                       bool (*wanted)(const struct dirent *e, const char *name), const char *name,
                       uint32_t *inum)
{
    struct dirent entries[ENTRIES];

    for (; off < dp->d.size; off += sizeof entries) {
        int n = inode_read(dp, false, (uintptr_t)entries, off, sizeof entries);

        if (n <= 0 || n % (int)sizeof *entries != 0)
            panic("fs: directory %u ends in the middle of an entry", dp->inum);
        for (int i = 0; i < n / (int)sizeof *entries; i++)
            if (wanted(&entries[i], name)) {
                *inum = entries[i].inum;
                return off + (uint32_t)i * (uint32_t)sizeof *entries;
            }
    }
    return dp->d.size;
}

/*
 * Find a name in a locked directory. Returns its inode, unlocked, and where the entry is in
 * *offset if offset is not 0. 0 with ENOENT if the name is not there.
 */
struct inode *dir_lookup(struct inode *dp, const char *name, uint32_t *offset)
{
    uint32_t inum;
    uint32_t off = search(dp, 0, has_name, name, &inum);

    if (off == dp->d.size) {
        error(ENOENT);
        return NULL;
    }
    if (offset)
        *offset = off;
    return inode_get(inum);
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
    uint32_t unused;

    return write_entry(dp, search(dp, 0, is_free, NULL, &unused), name, inum);
}

/* Is nothing but "." and ".." in this locked directory? They are its first two entries. */
bool dir_is_empty(struct inode *dp)
{
    uint32_t unused;

    return search(dp, 2 * sizeof(struct dirent), is_used, NULL, &unused) == dp->d.size;
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
    struct inode *ip = *path == '/' ? inode_get(ROOT_INODE) : files_cwd();
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
