/* OS/161's calls about files: in its words, what kernel/ does. */
#include "kernel/file.h"
#include "abi/os161/syscall.h"
#include "arch/mips/trapframe.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

/* The flags of open(). OS/161, kern/fcntl.h. */
enum {
    OS161_ACCESS = 3,
    OS161_CREAT = 4,
    OS161_EXCL = 8,
    OS161_TRUNC = 16,
    OS161_APPEND = 32,
    OS161_NOCTTY = 64, /* does nothing */
    OS161_FLAGS = 127,
};

/* The bits of st_mode. OS/161, kern/stattypes.h. */
enum { OS161_IFREG = 010000, OS161_IFDIR = 020000, OS161_IFIFO = 040000, OS161_IFCHR = 060000 };

/* struct stat of OS/161, kern/stat.h. */
struct os161_stat {
    uint64_t size;
    uint32_t mode;
    uint16_t nlink;
    uint32_t blocks;
    uint32_t dev;
    uint32_t ino;
    uint32_t rdev;
    uint64_t atime, ctime, mtime;
    uint32_t atimensec, ctimensec, mtimensec;
    uint32_t uid, gid;
    uint32_t gen;
    uint32_t blksize;
};

_Static_assert(sizeof(struct os161_stat) == 88, "as OS/161 lays it out");

/* The kernel's flags for OS/161's; -1: there are no such. */
static int kernel_flags(int flags)
{
    if (flags & ~OS161_FLAGS || (flags & OS161_ACCESS) == OS161_ACCESS)
        return error(EINVAL);
    return (flags & OS161_ACCESS) | (flags & OS161_CREAT ? O_CREATE : 0) |
           (flags & OS161_EXCL && flags & OS161_CREAT ? O_EXCL : 0) |
           (flags & OS161_TRUNC ? O_TRUNC : 0) | (flags & OS161_APPEND ? O_APPEND : 0);
}

int sys_os161_open(void)
{
    char path[MAXPATH];
    int flags, fd;
    struct file *f;

    if (argpath(0, path) < 0 || argint(1, &flags) < 0 || (flags = kernel_flags(flags)) < 0)
        return -1;
    f = fs_open(path, flags);
    if (!f)
        return -1;
    fd = fdalloc(f);
    if (fd < 0)
        file_close(f);
    return fd;
}

int sys_os161_dup2(void)
{
    struct file *f, *before;
    int fd, wanted;

    if (argint(0, &fd) < 0 || argfd(0, &f) < 0 || argint(1, &wanted) < 0)
        return -1;
    if (wanted < 0 || wanted >= NOFILE)
        return error(EBADF);
    if (fd == wanted)
        return fd;
    before = fd_replace(wanted, file_dup(f), false);
    if (before)
        file_close(before);
    return wanted;
}

/* The name of the next entry from f's position on, without a NUL. Returns its length; 0 at the end.
 */
static int next_name(struct file *f, uint32_t address, int room)
{
    struct dirent e;
    int length = 0;

    if (f->inode->d.type != T_DIR)
        return error(ENOTDIR);
    do {
        if (inode_read(f->inode, false, (uintptr_t)&e, f->off, sizeof e) != sizeof e)
            return 0;
        f->off += (uint32_t)sizeof e;
    } while (e.inum == 0);
    while (length < NAME_SIZE && e.name[length] && length < room)
        length++;
    return copyout(address, e.name, (uint32_t)length) < 0 ? -1 : length;
}

int sys_getdirentry(void)
{
    struct file *f;
    uint32_t address;
    int room, result;

    if (argfd(0, &f) < 0 || argint(2, &room) < 0 || argout(1, &address, room) < 0)
        return -1;
    if (!f->readable)
        return error(EBADF);
    if (f->kind != FILE_INODE)
        return error(ENOTDIR);
    inode_lock(f->inode);
    result = next_name(f, address, room);
    inode_unlock(f->inode);
    return result;
}

/* The 64-bit number in arguments n, its upper half, and n + 1. */
static int arg_long(int n, int64_t *value)
{
    int high, low;

    if (argint(n, &high) < 0 || argint(n + 1, &low) < 0)
        return -1;
    *value = (int64_t)((uint64_t)(uint32_t)high << 32 | (uint32_t)low);
    return 0;
}

/* The new position goes back in v0, its upper half, which is the result here, and v1. */
int sys_os161_lseek(void)
{
    struct file *f;
    int64_t offset;
    int whence, position;

    if (argfd(0, &f) < 0 || arg_long(2, &offset) < 0 || argint(4, &whence) < 0)
        return -1;
    if (offset > INT32_MAX || offset < INT32_MIN)
        return error(f->kind == FILE_INODE ? EINVAL : ESPIPE);
    position = file_seek(f, (int)offset, whence);
    if (position < 0)
        return -1;
    myproc()->tf->tf_v1 = (uint32_t)position;
    return 0;
}

int sys_os161_ftruncate(void)
{
    struct file *f;
    int64_t length;

    if (argfd(0, &f) < 0 || arg_long(2, &length) < 0)
        return -1;
    if (!f->writable)
        return error(EBADF);
    if (length < 0)
        return error(EINVAL);
    if (length > MAX_FILE_BLOCKS * BSIZE)
        return error(EFBIG);
    return file_resize(f, (uint32_t)length);
}

int sys_remove(void)
{
    char path[MAXPATH];

    return argpath(0, path) < 0 ? -1 : fs_remove(path, T_FILE);
}

/* Without a NUL. */
int sys___getcwd(void)
{
    char path[MAXPATH];
    uint32_t address;
    int room, length;

    if (argint(1, &room) < 0 || argout(0, &address, room) < 0)
        return -1;
    length = fs_getcwd(path);
    if (length < 0)
        return -1;
    if (length > room)
        return error(ERANGE);
    return copyout(address, path, (uint32_t)length) < 0 ? -1 : length;
}

/* As OS/161 tells it: what it does not know of a file is 0. */
static int give_stat(int argument, const struct stat *st)
{
    static const uint32_t modes[] = {
        [T_FREE] = OS161_IFIFO | 0600,
        [T_DIR] = OS161_IFDIR | 0755,
        [T_FILE] = OS161_IFREG | 0755,
        [T_DEV] = OS161_IFCHR | 0666,
    };
    struct os161_stat told = {
        .size = st->size,
        .mode = modes[st->type],
        .nlink = (uint16_t)st->nlink,
        .blocks = (st->size + BSIZE - 1) / BSIZE,
        .dev = (uint32_t)st->dev,
        .ino = st->ino,
        .blksize = BSIZE,
    };
    uint32_t address;

    if (argout(argument, &address, sizeof told) < 0)
        return -1;
    return copyout(address, &told, sizeof told);
}

int sys_stat(void)
{
    char path[MAXPATH];
    struct inode *ip;
    struct stat st;

    if (argpath(0, path) < 0)
        return -1;
    log_begin();
    ip = namei(path);
    if (ip) {
        inode_lock(ip);
        inode_stat(ip, &st);
        inode_unlock_put(ip);
    }
    log_end();
    return ip ? give_stat(1, &st) : -1;
}

/* A pipe has no inode: it is told as one that is of no type. */
int sys_os161_fstat(void)
{
    struct file *f;
    struct stat st = {.type = T_FREE, .nlink = 1};

    if (argfd(0, &f) < 0 || (f->kind == FILE_INODE && file_stat(f, &st) < 0))
        return -1;
    return give_stat(1, &st);
}
