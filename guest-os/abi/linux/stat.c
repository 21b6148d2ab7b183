/*
 * What Linux's calls tell of files. The file system keeps no owners, modes or times: all files are
 * root's, everybody may do everything with them, and all are of the first of January 1970.
 */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/fs.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

enum { S_IFIFO = 0010000, S_IFCHR = 0020000, S_IFDIR = 0040000, S_IFREG = 0100000 };
enum { AT_FDCWD = -100, AT_EMPTY_PATH = 0x1000 };

struct facts {
    uint32_t ino, mode, nlink, size, major, minor;
};

struct statx {
    uint32_t mask;
    uint32_t block_size;
    uint64_t attributes;
    uint32_t nlink;
    uint32_t uid, gid;
    uint16_t mode;
    uint16_t padding1;
    uint64_t ino;
    uint64_t size;
    uint64_t blocks;
    uint64_t attributes_mask;
    uint32_t times[16];
    uint32_t rdev_major, rdev_minor;
    uint32_t dev_major, dev_minor;
    uint32_t padding2[28];
} __attribute__((packed));

_Static_assert(sizeof(struct statx) == 256, "as Linux lays it out");

/* Every device node is a character device: the disk has none. */
static struct facts facts_of(struct inode *ip)
{
    struct facts facts;

    inode_lock(ip);
    facts = (struct facts){
        .ino = ip->inum,
        .mode = ip->d.type == T_DIR   ? S_IFDIR | 0755
                : ip->d.type == T_DEV ? S_IFCHR | 0666
                                      : S_IFREG | 0755,
        .nlink = (uint32_t)ip->d.nlink + (ip->d.type == T_DIR), /* "." counts */
        .size = ip->d.size,
        .major = ip->d.type == T_DEV ? (uint32_t)ip->d.major : 0,
        .minor = ip->d.type == T_DEV ? (uint32_t)ip->d.minor : 0,
    };
    inode_unlock(ip);
    return facts;
}

static struct facts facts_of_file(struct file *f)
{
    if (f->kind == FILE_INODE)
        return facts_of(f->inode);
    return (struct facts){.ino = 1, .mode = S_IFIFO | 0600, .nlink = 1};
}

/* Describe the file of a path, which begins at the directory `dir`. Returns 0, or -1. */
static int look_up(int dir, const char *path, struct facts *facts)
{
    struct inode *before, *ip;

    if (path[0] != '/' && linux_at(dir, &before) < 0)
        return -1;
    log_begin();
    ip = namei(path);
    if (ip) {
        *facts = facts_of(ip);
        inode_put(ip);
    }
    log_end();
    if (path[0] != '/')
        linux_at_end(before);
    return ip ? 0 : -1;
}

/* The same for calls that take an empty path as the descriptor itself. */
static int look_up_at(int path_argument, uint32_t flags, struct facts *facts)
{
    int dir = (int)linux_argument(0);
    char path[MAXPATH];
    struct file *f;

    if (argpath(path_argument, path) < 0)
        return -1;
    if (path[0] || !(flags & AT_EMPTY_PATH))
        return look_up(dir, path, facts);
    if (dir == AT_FDCWD)
        return look_up(dir, ".", facts);
    if (linux_file(0, &f) < 0)
        return -1;
    *facts = facts_of_file(f);
    return 0;
}

static int give_stat64(uint32_t address, const struct facts *facts)
{
    struct stat64 st = {
        .dev = 1,
        .mode = facts->mode,
        .nlink = facts->nlink,
        .rdev = facts->major << 8 | facts->minor,
        .size = facts->size,
        .block_size = 4096,
        .blocks = (facts->size + BSIZE - 1) / BSIZE,
        .ino = facts->ino,
    };

    linux_finish_stat64(&st);
    return copyout(address, &st, sizeof st);
}

int sys_stat64(void)
{
    char path[MAXPATH];
    struct facts facts;

    if (argpath(0, path) < 0 || look_up(AT_FDCWD, path, &facts) < 0)
        return -1;
    return give_stat64(linux_argument(1), &facts);
}

/* There are no symbolic links. */
int sys_lstat64(void)
{
    return sys_stat64();
}

int sys_fstat64(void)
{
    struct facts facts;
    struct file *f;

    if (linux_file(0, &f) < 0)
        return -1;
    facts = facts_of_file(f);
    return give_stat64(linux_argument(1), &facts);
}

int sys_fstatat64(void)
{
    struct facts facts;

    if (look_up_at(1, linux_argument(3), &facts) < 0)
        return -1;
    return give_stat64(linux_argument(2), &facts);
}

int sys_statx(void)
{
    enum { STATX_BASIC = 0x7ff & ~0xe0 }; /* without the three times */
    struct facts facts;
    struct statx st;

    if (look_up_at(1, linux_argument(2), &facts) < 0)
        return -1;
    st = (struct statx){
        .mask = STATX_BASIC,
        .block_size = 4096,
        .nlink = facts.nlink,
        .mode = (uint16_t)facts.mode,
        .ino = facts.ino,
        .size = facts.size,
        .blocks = (facts.size + BSIZE - 1) / BSIZE,
        .rdev_major = facts.major,
        .rdev_minor = facts.minor,
        .dev_minor = 1,
    };
    return copyout(linux_argument(4), &st, sizeof st);
}

static int may_use(int dir, const char *path, uint32_t mode)
{
    struct facts facts;

    if (mode & ~7u)
        return error(EINVAL);
    return look_up(dir, path, &facts);
}

int sys_access(void)
{
    char path[MAXPATH];

    return argpath(0, path) < 0 ? -1 : may_use(AT_FDCWD, path, linux_argument(1));
}

int sys_faccessat(void)
{
    char path[MAXPATH];

    return argpath(1, path) < 0 ? -1 : may_use((int)linux_argument(0), path, linux_argument(2));
}

int sys_faccessat2(void)
{
    return sys_faccessat();
}

/* A mode that the file has already is no change; another cannot be kept. */
static int change_mode(const struct facts *facts, uint32_t mode)
{
    return (facts->mode & 07777) == (mode & 07777) ? 0 : error(EPERM);
}

int sys_chmod(void)
{
    char path[MAXPATH];
    struct facts facts;

    if (argpath(0, path) < 0 || look_up(AT_FDCWD, path, &facts) < 0)
        return -1;
    return change_mode(&facts, linux_argument(1));
}

int sys_fchmod(void)
{
    struct facts facts;
    struct file *f;

    if (linux_file(0, &f) < 0)
        return -1;
    facts = facts_of_file(f);
    return change_mode(&facts, linux_argument(1));
}

int sys_fchmodat(void)
{
    char path[MAXPATH];
    struct facts facts;

    if (argpath(1, path) < 0 || look_up((int)linux_argument(0), path, &facts) < 0)
        return -1;
    return change_mode(&facts, linux_argument(2));
}

/* The file that a path names is there and is no symbolic link. */
static int read_link(int dir, int path_argument)
{
    struct proc *p = myproc();
    uint32_t buf = linux_argument(path_argument + 1), n = linux_argument(path_argument + 2);
    char path[MAXPATH];
    const char *exe = linux_of(p)->exe;
    struct facts facts;
    uint32_t length = (uint32_t)strlen(exe);

    if (argpath(path_argument, path) < 0)
        return -1;
    if ((int)n <= 0)
        return error(EINVAL);
    if (strcmp(path, "/proc/self/exe") != 0)
        return look_up(dir, path, &facts) < 0 ? -1 : error(EINVAL);
    if (length > n)
        length = n;
    return copyout(buf, exe, length) < 0 ? -1 : (int)length;
}

int sys_readlink(void)
{
    return read_link(AT_FDCWD, 0);
}

int sys_readlinkat(void)
{
    return read_link((int)linux_argument(0), 1);
}

/* A file must be there, and its times cannot be kept. Without a path it is the descriptor's. */
int sys_utimensat(void)
{
    char path[MAXPATH];
    struct facts facts;
    struct file *f;

    if (linux_argument(1) == 0)
        return linux_file(0, &f) < 0 ? -1 : error(EPERM);
    if (argpath(1, path) < 0 || look_up((int)linux_argument(0), path, &facts) < 0)
        return -1;
    return error(EPERM);
}

int sys_utimensat_time64(void)
{
    return sys_utimensat();
}
