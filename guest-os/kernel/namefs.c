/* What can be done to a file by its name. Each function is one transaction. */
#include "kernel/defs.h"
#include "kernel/device.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"

/* The new inode's name goes into dp, and "." and ".." into a directory. Returns 0 or -1. */
static int enter(struct inode *dp, const char *name, struct inode *ip)
{
    if (ip->d.type == T_DIR &&
        (dir_link(ip, ".", ip->inum) < 0 || dir_link(ip, "..", dp->inum) < 0))
        return -1;
    if (dir_link(dp, name, ip->inum) < 0)
        return -1;
    ip->d.nlink = 1;
    inode_update(ip);
    if (ip->d.type == T_DIR) {
        dp->d.nlink++; /* for the ".." */
        inode_update(dp);
    }
    return 0;
}

static bool will_do(const struct inode *ip, int type)
{
    return type == T_FILE && (ip->d.type == T_FILE || ip->d.type == T_DEV);
}

/*
 * Make a file, directory or device node; for a plain file, an existing one will do.
 * Returns it locked; 0 with the error set.
 */
static struct inode *create(const char *path, int type, int major, int minor)
{
    char name[NAME_SIZE];
    struct inode *dp = namei_parent(path, name);
    struct inode *ip;

    if (!dp)
        return NULL;
    inode_lock(dp);
    ip = dir_lookup(dp, name, NULL);
    if (ip) {
        inode_unlock_put(dp);
        inode_lock(ip);
        if (will_do(ip, type))
            return ip;
        error(type == T_FILE ? EISDIR : EEXIST);
        inode_unlock_put(ip);
        return NULL;
    }
    if (dp->d.nlink > 0)
        ip = inode_alloc(type, major, minor);
    else
        error(ENOENT); /* the directory was removed while we had it */
    if (ip) {
        inode_lock(ip);
        if (enter(dp, name, ip) < 0) {
            inode_unlock_put(ip); /* without a name: freed */
            ip = NULL;
        }
    }
    inode_unlock_put(dp);
    return ip;
}

/* The locked inode that open() asks for, or 0 with the error set. */
static struct inode *find_or_create(const char *path, int flags)
{
    struct inode *ip;

    if (flags & O_CREATE)
        return create(path, T_FILE, 0, 0);
    ip = namei(path);
    if (!ip)
        return NULL;
    inode_lock(ip);
    if (ip->d.type == T_DIR && (flags & (O_ACCESS | O_TRUNC))) {
        inode_unlock_put(ip);
        error(EISDIR);
        return NULL;
    }
    return ip;
}

/* Open the file of this name. Returns 0 with the error set if that cannot be. */
struct file *fs_open(const char *path, int flags)
{
    struct file *f = NULL;
    struct inode *ip;

    if ((flags & O_ACCESS) == O_ACCESS) {
        error(EINVAL);
        return NULL;
    }
    log_begin();
    ip = find_or_create(path, flags);
    if (ip && (ip->d.type != T_DEV || device_open(ip->d.major, ip->d.minor) == 0))
        f = file_alloc();
    if (f) {
        if (flags & O_TRUNC && ip->d.type == T_FILE)
            inode_truncate(ip);
        f->kind = FILE_INODE;
        f->inode = ip;
        f->off = 0;
        f->readable = (flags & O_ACCESS) != O_WRONLY;
        f->writable = (flags & O_ACCESS) != O_RDONLY;
        f->append = flags & O_APPEND;
        inode_unlock(ip);
    } else if (ip) {
        inode_unlock_put(ip);
    }
    log_end();
    return f;
}

/* Make newpath a second name for the file with the name oldpath. */
static int link_in_transaction(const char *oldpath, const char *newpath)
{
    char name[NAME_SIZE];
    struct inode *ip = namei(oldpath);
    struct inode *dp;
    struct inode *existing;
    int result = -1;

    if (!ip)
        return -1;
    inode_lock(ip);
    if (ip->d.type == T_DIR || ip->d.nlink == INT16_MAX) {
        error(ip->d.type == T_DIR ? EPERM : EMLINK);
        inode_unlock_put(ip);
        return -1;
    }
    /* Count the name before it exists, so that nobody frees the inode meanwhile. */
    ip->d.nlink++;
    inode_update(ip);
    inode_unlock(ip);

    dp = namei_parent(newpath, name);
    if (dp) {
        inode_lock(dp);
        existing = dir_lookup(dp, name, NULL);
        if (existing) {
            inode_put(existing);
            error(EEXIST);
        } else {
            result = dp->d.nlink > 0 ? dir_link(dp, name, ip->inum) : error(ENOENT);
        }
        inode_unlock_put(dp);
    }
    if (result < 0) {
        inode_lock(ip);
        ip->d.nlink--;
        inode_update(ip);
        inode_unlock(ip);
    }
    inode_put(ip);
    return result;
}

int fs_link(const char *oldpath, const char *newpath)
{
    int result;

    log_begin();
    result = link_in_transaction(oldpath, newpath);
    log_end();
    return result;
}

static bool is_dot(const char *name)
{
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* Take the name out of the locked directory dp. */
static int unlink_from(struct inode *dp, const char *name)
{
    uint32_t offset;
    struct inode *ip;

    if (is_dot(name))
        return error(EINVAL);
    ip = dir_lookup(dp, name, &offset);
    if (!ip)
        return -1;
    inode_lock(ip);
    if (ip->d.type == T_DIR && !dir_is_empty(ip)) {
        inode_unlock_put(ip);
        return error(ENOTEMPTY);
    }
    dir_erase(dp, offset);
    if (ip->d.type == T_DIR) {
        dp->d.nlink--;
        inode_update(dp);
    }
    ip->d.nlink--;
    inode_update(ip);
    inode_unlock_put(ip);
    return 0;
}

/* Remove a name, and the file if it was the last one and nobody has the file open. */
int fs_unlink(const char *path)
{
    char name[NAME_SIZE];
    struct inode *dp;
    int result = -1;

    log_begin();
    dp = namei_parent(path, name);
    if (dp) {
        inode_lock(dp);
        result = unlink_from(dp, name);
        inode_unlock_put(dp);
    }
    log_end();
    return result;
}

static int create_node(const char *path, int type, int major, int minor)
{
    struct inode *ip;

    log_begin();
    ip = create(path, type, major, minor);
    if (ip)
        inode_unlock_put(ip);
    log_end();
    return ip ? 0 : -1;
}

int fs_mkdir(const char *path)
{
    return create_node(path, T_DIR, 0, 0);
}

int fs_mknod(const char *path, int major, int minor)
{
    if (major < 0 || major > INT16_MAX || minor < 0 || minor > INT16_MAX)
        return error(EINVAL);
    return create_node(path, T_DEV, major, minor);
}

/* Change the current directory. */
int fs_chdir(const char *path)
{
    struct proc *p = myproc();
    struct inode *ip;
    int result = -1;

    log_begin();
    ip = namei(path);
    if (ip) {
        bool is_dir;

        inode_lock(ip);
        is_dir = ip->d.type == T_DIR;
        inode_unlock(ip);
        if (is_dir) {
            inode_put(p->cwd);
            p->cwd = ip;
            result = 0;
        } else {
            inode_put(ip);
            error(ENOTDIR);
        }
    }
    log_end();
    return result;
}
