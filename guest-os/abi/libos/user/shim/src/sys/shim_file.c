/* Open files: a descriptor is the PAL's handle. */
#include "pal/pal.h"
#include "shim_table.h"

#include <errno.h>

int shim_describe(int fd, PAL_STREAM_ATTR *attributes);

enum {
    LINUX_ACCESS = 3,
    LINUX_CREAT = 0100,
    LINUX_EXCL = 0200,
    LINUX_TRUNC = 01000,
    LINUX_APPEND = 02000,
    LINUX_DIRECTORY = 0200000,
};

int shim_do_read(int fd, void *buf, size_t n)
{
    return DkStreamRead(fd, buf, n);
}

int shim_do_write(int fd, const void *buf, size_t n)
{
    return DkStreamWrite(fd, buf, n);
}

/* There are no modes. */
int shim_do_open(const char *path, int flags, int mode)
{
    (void)mode;
    return DkStreamOpen(path,
                        (PAL_FLG)((flags & LINUX_ACCESS) | (flags & LINUX_CREAT ? PAL_CREATE : 0) |
                                  (flags & LINUX_EXCL ? PAL_EXCLUSIVE : 0) |
                                  (flags & LINUX_TRUNC ? PAL_TRUNCATE : 0) |
                                  (flags & LINUX_APPEND ? PAL_APPEND : 0) |
                                  (flags & LINUX_DIRECTORY ? PAL_DIRECTORY : 0)));
}

int shim_do_close(int fd)
{
    return DkObjectClose(fd);
}

int shim_do_lseek(int fd, int offset, int whence)
{
    return DkStreamSeek(fd, offset, (PAL_FLG)whence);
}

int shim_do_dup(int fd)
{
    return DkStreamDuplicate(fd);
}

int shim_do_pipe(int *fds)
{
    return DkStreamPipe(fds);
}

int shim_do_pipe2(int *fds, int flags)
{
    return flags == 0 ? DkStreamPipe(fds) : -EINVAL;
}

/* fstat() of Turnstile, for a trap of the program's: the host's description is the one that it
 * wants. */
int shim_describe(int fd, PAL_STREAM_ATTR *attributes)
{
    int result = DkStreamAttributesQuery(fd, attributes);

    if (result >= 0)
        return result;
    errno = -result;
    return -1;
}

/* The host does not describe a pipe: EINVAL. Linux counts "." as a name of a directory. */
int shim_do_fstat64(int fd, struct shim_stat64 *st)
{
    static const uint32_t modes[] = {
        [PAL_TYPE_DIR] = 0040777, [PAL_TYPE_FILE] = 0100777, [PAL_TYPE_DEV] = 0020666};
    enum { FIFO = 0010600 };
    PAL_STREAM_ATTR a;
    int result = DkVirtualMemoryQuery(st, sizeof *st, PAL_TRUE);

    if (result < 0)
        return result;
    result = DkStreamAttributesQuery(fd, &a);

    if (result == -EINVAL) {
        *st = (struct shim_stat64){.mode = FIFO, .nlink = 1};
        return 0;
    }
    if (result < 0)
        return result;
    *st = (struct shim_stat64){
        .dev = (uint32_t)a.device,
        .ino32 = a.inode,
        .mode = modes[a.type],
        .nlink = (uint32_t)a.links + (a.type == PAL_TYPE_DIR),
        .size = a.size,
        .block_size = 512,
        .blocks = (a.size + 511) / 512,
        .ino = a.inode,
    };
    return 0;
}
