/* What can be done to a file by its name. Each function is one transaction. */
#include "kernel/defs.h"
#include "kernel/device.h"
#include "kernel/errno.h"
#include "kernel/file.h"

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
static struct inode *create(const char *path, int type, int major, int minor, bool exclusive)
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
        if (will_do(ip, type) && !exclusive)
            return ip;
        error(type == T_FILE && !exclusive ? EISDIR : EEXIST);
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
        return create(path, T_FILE, 0, 0, flags & O_EXCL);
    ip = namei(path);
    if (!ip)
        return NULL;
    inode_lock(ip);
    if (ip->d.type == T_DIR && (flags & (O_ACCESS | O_TRUNC))) {
        inode_unlock_put(ip);
        error(EISDIR);
        return NULL;
    }
    if (ip->d.type != T_DIR && flags & O_DIRECTORY) {
        inode_unlock_put(ip);
        error(ENOTDIR);
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

/* May a call for this type (T_FREE: for all) take away that inode's name? 0 or -1. */
static int check_type(const struct inode *ip, int type)
{
    if (type == T_DIR && ip->d.type != T_DIR)
        return error(ENOTDIR);
    if (type == T_FILE && ip->d.type == T_DIR)
        return error(EISDIR);
    return 0;
}

/* Take the name of something of this type out of the locked directory dp. */
static int unlink_from(struct inode *dp, const char *name, int type)
{
    uint32_t offset;
    struct inode *ip;

    if (is_dot(name))
        return error(EINVAL);
    ip = dir_lookup(dp, name, &offset);
    if (!ip)
        return -1;
    inode_lock(ip);
    if (check_type(ip, type) < 0) {
        inode_unlock_put(ip);
        return -1;
    }
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

/*
 * Remove the name of a directory (T_DIR), of anything else (T_FILE), of either (T_FREE); and the
 * file if it was the last one and nobody has the file open.
 */
int fs_remove(const char *path, int type)
{
    char name[NAME_SIZE];
    struct inode *dp;
    int result = -1;

    log_begin();
    dp = namei_parent(path, name);
    if (dp) {
        inode_lock(dp);
        result = unlink_from(dp, name, type);
        inode_unlock_put(dp);
    }
    log_end();
    return result;
}

int fs_unlink(const char *path)
{
    return fs_remove(path, T_FREE);
}

/*
 * Let a directory have ip under this name, in place of what has it now. Returns 0; 1 if it is ip
 * that has it; -1 with the error set.
 */
static int take_name(struct inode *dp, const char *name, struct inode *ip)
{
    struct inode *existing;
    bool same;
    int result = 0;

    inode_lock(dp);
    existing = dir_lookup(dp, name, NULL);
    same = existing == ip;
    if (existing)
        inode_put(existing);
    if (existing && !same)
        result = unlink_from(dp, name, ip->d.type == T_DIR ? T_DIR : T_FILE);
    if (result == 0 && !same)
        result = dp->d.nlink > 0 ? dir_link(dp, name, ip->inum) : error(ENOENT);
    inode_unlock(dp);
    return same ? 1 : result;
}

/* Take a name, but not the file's, out of a directory. */
static void lose_name(struct inode *dp, const char *name)
{
    uint32_t offset;
    struct inode *ip;

    inode_lock(dp);
    ip = dir_lookup(dp, name, &offset);
    if (ip) {
        dir_erase(dp, offset);
        inode_put(ip);
    }
    inode_unlock(dp);
}

/* A directory stays where it is: its ".." and what counts on it would have to move with it. */
static int move_name(struct inode *from, const char *name, struct inode *to, const char *new_name)
{
    struct inode *ip;
    int result;

    if (is_dot(name) || is_dot(new_name))
        return error(EBUSY);
    inode_lock(from);
    ip = dir_lookup(from, name, NULL);
    inode_unlock(from);
    if (!ip)
        return -1;
    inode_lock(ip);
    result = ip->d.type == T_DIR && from != to ? error(EXDEV) : 0;
    inode_unlock(ip);
    if (result == 0)
        result = take_name(to, new_name, ip);
    if (result == 0)
        lose_name(from, name);
    else if (result == 1)
        result = 0;
    inode_put(ip);
    return result;
}

/*
 * Give a file another name; what has that name loses it. Two names of one file stay both. A
 * directory can only get another name where it is.
 */
int fs_rename(const char *from, const char *to)
{
    char name[NAME_SIZE], new_name[NAME_SIZE];
    struct inode *old_dir, *new_dir = NULL;
    int result = -1;

    log_begin();
    old_dir = namei_parent(from, name);
    if (old_dir)
        new_dir = namei_parent(to, new_name);
    if (new_dir) {
        result = move_name(old_dir, name, new_dir, new_name);
        inode_put(new_dir);
    }
    if (old_dir)
        inode_put(old_dir);
    log_end();
    return result;
}

static int create_node(const char *path, int type, int major, int minor)
{
    struct inode *ip;

    log_begin();
    ip = create(path, type, major, minor, false);
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
            files_set_cwd(ip);
            result = 0;
        } else {
            inode_put(ip);
            error(ENOTDIR);
        }
    }
    log_end();
    return result;
}
