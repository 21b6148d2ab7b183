/* Linux's calls about files, descriptors and directories: in its words, what kernel/ does. */
#include "kernel/file.h"
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

/* The same on every processor. */
enum { LINUX_DIRECTORY = 0x10000, LINUX_CLOEXEC = 0x80000 };

enum { AT_FDCWD = -100, AT_REMOVEDIR = 0x200 };

static int kernel_flags(uint32_t flags)
{
    return (int)(flags & O_ACCESS) | (flags & LINUX_CREAT ? O_CREATE : 0) |
           (flags & LINUX_EXCL && flags & LINUX_CREAT ? O_EXCL : 0) |
           (flags & LINUX_TRUNC ? O_TRUNC : 0) | (flags & LINUX_APPEND ? O_APPEND : 0) |
           (flags & LINUX_DIRECTORY ? O_DIRECTORY : 0);
}

/* A descriptor for a file that is the caller's; it is closed if there is none. */
static int give_descriptor(struct file *f, uint32_t flags)
{
    int fd = fd_alloc(f, 0, flags & LINUX_CLOEXEC);

    if (fd < 0)
        file_close(f);
    return fd;
}

/* Do something with the path of an argument, relative to a directory. */
static int with_path(int dir, int argument, int (*what)(const char *path, uint32_t flags),
                     uint32_t flags)
{
    char path[MAXPATH];
    struct inode *before;
    int result;

    if (argpath(argument, path) < 0)
        return -1;
    if (path[0] == '/')
        return what(path, flags);
    if (linux_at(dir, &before) < 0)
        return -1;
    result = what(path, flags);
    linux_at_end(before);
    return result;
}

static int open_path(const char *path, uint32_t flags)
{
    struct file *f = fs_open(path, kernel_flags(flags));

    return f ? give_descriptor(f, flags) : -1;
}

int sys_linux_open(void)
{
    return with_path(AT_FDCWD, 0, open_path, linux_argument(1));
}

int sys_openat(void)
{
    return with_path((int)linux_argument(0), 1, open_path, linux_argument(2));
}

static int make_directory(const char *path, uint32_t flags)
{
    (void)flags;
    return fs_mkdir(path);
}

int sys_mkdirat(void)
{
    return with_path((int)linux_argument(0), 1, make_directory, 0);
}

static int make_device(const char *path, uint32_t device)
{
    return fs_mknod(path, (int)(device >> 8), (int)(device & 0xff));
}

/* Of nodes the file system has those of character devices. */
int sys_linux_mknod(void)
{
    enum { S_IFMT = 0170000, S_IFCHR = 0020000 };

    if ((linux_argument(1) & S_IFMT) != S_IFCHR)
        return error(EPERM);
    return with_path(AT_FDCWD, 0, make_device, linux_argument(2));
}

static int remove_name(const char *path, uint32_t flags)
{
    return fs_remove(path, flags & AT_REMOVEDIR ? T_DIR : T_FILE);
}

int sys_linux_unlink(void)
{
    return with_path(AT_FDCWD, 0, remove_name, 0);
}

int sys_unlinkat(void)
{
    uint32_t flags = linux_argument(2);

    if (flags & ~(uint32_t)AT_REMOVEDIR)
        return error(EINVAL);
    return with_path((int)linux_argument(0), 1, remove_name, flags);
}

/* The file system cannot hold one. */
int sys_symlink(void)
{
    char target[MAXPATH], path[MAXPATH];

    if (argpath(0, target) < 0 || argpath(1, path) < 0)
        return -1;
    return error(EPERM);
}

/* Kept and told, though the file system has no modes that it could take bits from. */
int sys_umask(void)
{
    struct linux_process *l = linux_of(myproc());
    uint32_t before = l->umask;

    l->umask = linux_argument(0) & 0777;
    return (int)before;
}

/* The lowest free descriptor that is not below `least` gets the file. */
static int duplicate(struct file *f, uint32_t least, uint32_t flags)
{
    int fd;

    if (least >= NOFILE)
        return error(EINVAL);
    fd = fd_alloc(file_dup(f), (int)least, flags & LINUX_CLOEXEC);
    if (fd < 0)
        file_close(f);
    return fd;
}

static int duplicate_to(struct file *f, uint32_t fd, uint32_t flags)
{
    struct file *before;

    if (fd >= NOFILE)
        return error(EBADF);
    before = fd_replace((int)fd, file_dup(f), flags & LINUX_CLOEXEC);
    if (before)
        file_close(before);
    return (int)fd;
}

int sys_dup2(void)
{
    struct file *f;
    int fd = linux_file(0, &f);

    if (fd < 0)
        return -1;
    return fd == (int)linux_argument(1) ? fd : duplicate_to(f, linux_argument(1), 0);
}

int sys_dup3(void)
{
    struct file *f;
    int fd = linux_file(0, &f);

    if (fd < 0)
        return -1;
    if (fd == (int)linux_argument(1) || linux_argument(2) & ~(uint32_t)LINUX_CLOEXEC)
        return error(EINVAL);
    return duplicate_to(f, linux_argument(1), linux_argument(2));
}

static uint32_t flags_of(const struct file *f)
{
    uint32_t access = f->readable && f->writable ? O_RDWR : f->writable ? O_WRONLY : O_RDONLY;

    return access | (f->append ? LINUX_APPEND : 0) | LINUX_LARGEFILE;
}

/* Of the flags that F_SETFL may change, files have O_APPEND; nothing is non-blocking. */
static int set_flags(struct file *f, uint32_t flags)
{
    if (flags & LINUX_NONBLOCK && f->kind == FILE_PIPE)
        return error(EINVAL);
    f->append = flags & LINUX_APPEND;
    return 0;
}

int sys_fcntl64(void)
{
    enum { F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC = 1030 };
    uint32_t argument = linux_argument(2);
    struct file *f;
    int fd = linux_file(0, &f);

    if (fd < 0)
        return -1;
    switch (linux_argument(1)) {
    case F_DUPFD: return duplicate(f, argument, 0);
    case F_DUPFD_CLOEXEC: return duplicate(f, argument, LINUX_CLOEXEC);
    case F_GETFD: return fd_close_on_exec(fd);
    case F_SETFD: fd_set_close_on_exec(fd, argument & 1); return 0;
    case F_GETFL: return (int)flags_of(f);
    case F_SETFL: return set_flags(f, argument);
    default: return error(EINVAL);
    }
}

/* Two descriptors for a new pipe. Returns 0, or -1. */
int linux_make_pipe(uint32_t flags, int fds[2])
{
    struct file *ends[2];

    if (flags & ~(uint32_t)LINUX_CLOEXEC)
        return error(EINVAL);
    if (pipe_make(&ends[0], &ends[1]) < 0)
        return -1;
    fds[0] = give_descriptor(ends[0], flags);
    if (fds[0] < 0) {
        file_close(ends[1]);
        return -1;
    }
    fds[1] = give_descriptor(ends[1], flags);
    if (fds[1] < 0) {
        fd_close(fds[0]);
        return -1;
    }
    return 0;
}

/* The same with the descriptors in the program's memory. */
int linux_store_pipe(uint32_t address, uint32_t flags)
{
    int fds[2];

    if (!vm_allows(myproc()->vm, address, sizeof fds, true))
        return error(EFAULT);
    return linux_make_pipe(flags, fds) < 0 ? -1 : copyout(address, fds, sizeof fds);
}

int sys_pipe2(void)
{
    return linux_store_pipe(linux_argument(0), linux_argument(1));
}

int sys__llseek(void)
{
    uint64_t offset = (uint64_t)linux_argument(1) << 32 | linux_argument(2);
    struct file *f;
    int64_t position;

    if (linux_file(0, &f) < 0)
        return -1;
    if ((int64_t)offset > INT32_MAX || (int64_t)offset < INT32_MIN)
        return error(EINVAL);
    position = file_seek(f, (int)offset, (int)linux_argument(4));
    return position < 0 ? -1 : copyout(linux_argument(3), &position, sizeof position);
}

/* readv() and writev(): piece by piece, until one is not done whole. */
static int each_piece(int (*move)(struct file *f, uint32_t address, int n))
{
    enum { MOST = 1024 };
    uint32_t vector = linux_argument(1), count = linux_argument(2);
    struct file *f;
    int done = 0;

    if (linux_file(0, &f) < 0)
        return -1;
    if (count > MOST)
        return error(EINVAL);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t piece[2]; /* address, length */
        int n;

        if (copyin(piece, vector + i * (uint32_t)sizeof piece, sizeof piece) < 0)
            return done > 0 ? done : -1;
        if (piece[1] > (uint32_t)(INT32_MAX - done))
            return error(EINVAL);
        n = piece[1] ? move(f, piece[0], (int)piece[1]) : 0;
        if (n < 0)
            return done > 0 ? done : -1;
        done += n;
        if (n < (int)piece[1])
            break;
    }
    return done;
}

int sys_readv(void)
{
    return each_piece(file_read);
}

int sys_writev(void)
{
    return each_piece(file_write);
}

/* read() or write() at a place of the file: it is a copy's position that moves. */
static int move_at(int (*move)(struct file *f, uint32_t address, int n))
{
    int64_t offset = (int64_t)linux_long_argument(3);
    struct file *f, at;

    if (linux_file(0, &f) < 0)
        return -1;
    if (f->kind != FILE_INODE)
        return error(ESPIPE);
    if (offset < 0 || offset > INT32_MAX || (int)linux_argument(2) < 0)
        return error(EINVAL);
    at = *f;
    at.off = (uint32_t)offset;
    return move(&at, linux_argument(1), (int)linux_argument(2));
}

int sys_pread64(void)
{
    return move_at(file_read);
}

int sys_pwrite64(void)
{
    return move_at(file_write);
}

static int set_length(uint64_t length)
{
    struct file *f;

    if (linux_file(0, &f) < 0)
        return -1;
    if ((int64_t)length < 0)
        return error(EINVAL);
    if (length > MAX_FILE_BLOCKS * BSIZE)
        return error(EFBIG);
    return file_resize(f, (uint32_t)length);
}

int sys_ftruncate(void)
{
    return set_length((uint64_t)(int32_t)linux_argument(1));
}

int sys_ftruncate64(void)
{
    return set_length(linux_long_argument(1));
}

int sys_getcwd(void)
{
    char path[MAXPATH];
    int length = fs_getcwd(path);

    if (length < 0)
        return -1;
    if ((uint32_t)length + 1 > linux_argument(1))
        return error(ERANGE);
    return copyout(linux_argument(0), path, (uint32_t)length + 1) < 0 ? -1 : length + 1;
}

/* One entry as getdents64() gives it: struct linux_dirent64. Returns its length. */
static uint32_t pack_entry(const struct dirent *e, uint32_t next, uint8_t *to)
{
    enum { NAME = 19, DT_UNKNOWN = 0 };
    uint64_t head[2] = {e->inum, next};
    uint16_t length;
    int n = 0;

    while (n < NAME_SIZE && e->name[n])
        n++;
    length = (uint16_t)((NAME + n + 1 + 7) & ~7);
    memset(to, 0, length);
    memcpy(to, head, sizeof head);
    memcpy(to + 16, &length, sizeof length);
    to[18] = DT_UNKNOWN;
    memcpy(to + NAME, e->name, (size_t)n);
    return length;
}

/* Entries of the locked directory from f's position on, as many as fit. */
static int read_entries(struct file *f, uint32_t address, uint32_t room)
{
    uint8_t packed[40];
    struct dirent e;
    uint32_t done = 0;

    if (f->inode->d.type != T_DIR)
        return error(ENOTDIR);
    while (inode_read(f->inode, false, (uintptr_t)&e, f->off, sizeof e) == sizeof e) {
        uint32_t next = f->off + (uint32_t)sizeof e;
        uint32_t length = e.inum ? pack_entry(&e, next, packed) : 0;

        if (length > room - done)
            return done > 0 ? (int)done : error(EINVAL);
        if (copyout(address + done, packed, length) < 0)
            return done > 0 ? (int)done : -1;
        done += length;
        f->off = next;
    }
    return (int)done;
}

int sys_getdents64(void)
{
    struct file *f;
    int result;

    if (linux_file(0, &f) < 0)
        return -1;
    if (f->kind != FILE_INODE)
        return error(ENOTDIR);
    inode_lock(f->inode);
    result = read_entries(f, linux_argument(1), linux_argument(2));
    inode_unlock(f->inode);
    return result;
}
