/* Open files: what stands behind a descriptor, and what it does with bytes. */
#include "kernel/file.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/param.h"

enum {
    /*
     * Bytes that one transaction may write: their blocks (one more if they start in the middle
     * of one), the inode, two blocks of block numbers when a new one begins, and the bitmap.
     */
    WRITE_CHUNK = 8 * BSIZE,
};

_Static_assert(WRITE_CHUNK / BSIZE + 1 + 1 + 4 + MAX_BITMAP_BLOCKS <= MAX_OP_BLOCKS,
               "a write fits into its share of the log");

static struct spinlock table_lock = {.name = "file table"};
static struct file table[NFILE];

/* A file with one user, to be filled in. Returns 0 with ENFILE if there are too many. */
struct file *file_alloc(void)
{
    acquire(&table_lock);
    for (struct file *f = table; f < table + NFILE; f++)
        if (f->users == 0) {
            *f = (struct file){.users = 1};
            release(&table_lock);
            return f;
        }
    release(&table_lock);
    error(ENFILE);
    return NULL;
}

struct file *file_dup(struct file *f)
{
    acquire(&table_lock);
    f->users++;
    release(&table_lock);
    return f;
}

/* One user less; the last one closes it. */
void file_close(struct file *f)
{
    struct file closing;

    acquire(&table_lock);
    closing = *f;
    f->users--;
    release(&table_lock);
    if (closing.users > 1)
        return;
    if (closing.kind == FILE_PIPE) {
        pipe_close(closing.pipe, closing.writable);
    } else if (closing.kind == FILE_INODE) {
        log_begin();
        inode_put(closing.inode);
        log_end();
    }
}

int file_stat(struct file *f, struct stat *st)
{
    if (f->kind != FILE_INODE)
        return error(EINVAL);
    inode_lock(f->inode);
    inode_stat(f->inode, st);
    inode_unlock(f->inode);
    return 0;
}

/* Devices are not locked while they wait: a reader at the console must not stop a writer. */
static bool device_of(struct inode *ip, int *major, int *minor)
{
    bool is_device;

    inode_lock(ip);
    is_device = ip->d.type == T_DEV;
    *major = ip->d.major;
    *minor = ip->d.minor;
    inode_unlock(ip);
    return is_device;
}

/* Read up to n bytes. Returns how many; 0 = end of file; -1 with the error set. */
int file_read(struct file *f, uint32_t udst, int n)
{
    int major, minor;
    int result;

    if (!f->readable)
        return error(EBADF);
    if (n == 0)
        return 0;
    if (f->kind == FILE_PIPE)
        return pipe_read(f->pipe, udst, n);
    if (device_of(f->inode, &major, &minor)) {
        result = device_read(major, minor, udst, n, f->off);
        if (result > 0)
            f->off += (uint32_t)result;
        return result;
    }
    inode_lock(f->inode);
    result = inode_read(f->inode, true, udst, f->off, (uint32_t)n);
    if (result > 0)
        f->off += (uint32_t)result;
    inode_unlock(f->inode);
    return result;
}

/* One transaction's worth of a write. */
static int write_chunk(struct file *f, uint32_t usrc, int n)
{
    int result;

    log_begin();
    inode_lock(f->inode);
    if (f->append)
        f->off = f->inode->d.size;
    result = inode_write(f->inode, true, usrc, f->off, (uint32_t)n);
    if (result > 0)
        f->off += (uint32_t)result;
    inode_unlock(f->inode);
    log_end();
    return result;
}

/* Write n bytes. Returns how many; fewer than n if the disk is full; -1 with the error set. */
int file_write(struct file *f, uint32_t usrc, int n)
{
    int major, minor;
    int done = 0;

    if (!f->writable)
        return error(EBADF);
    if (f->kind == FILE_PIPE)
        return pipe_write(f->pipe, usrc, n);
    if (device_of(f->inode, &major, &minor))
        return device_write(major, minor, usrc, n);
    while (done < n) {
        int part = n - done < WRITE_CHUNK ? n - done : WRITE_CHUNK;
        int written = write_chunk(f, usrc + (uint32_t)done, part);

        if (written < 0)
            return done > 0 ? done : -1;
        done += written;
        if (written < part)
            break;
    }
    return done;
}

/* Move the position: to offset from the start (0), the position (1) or the end (2). */
int file_seek(struct file *f, int offset, int whence)
{
    int64_t position = offset;

    if (f->kind != FILE_INODE)
        return error(ESPIPE);
    inode_lock(f->inode);
    if (whence == 1)
        position += f->off;
    else if (whence == 2)
        position += f->inode->d.size;
    if (f->inode->d.type == T_DEV)
        position = error(ESPIPE);
    else if (whence < 0 || whence > 2 || position < 0 || position > INT32_MAX)
        position = error(EINVAL);
    else
        f->off = (uint32_t)position;
    inode_unlock(f->inode);
    return (int)position;
}

/* Set the length of a file. Pre: it is one that a file can have. Returns 0, or -1. */
int file_resize(struct file *f, uint32_t size)
{
    int result = 0;

    if (f->kind != FILE_INODE || !f->writable)
        return error(EINVAL);
    log_begin();
    inode_lock(f->inode);
    if (f->inode->d.type == T_FILE)
        inode_resize(f->inode, size);
    else
        result = error(EINVAL);
    inode_unlock(f->inode);
    log_end();
    return result;
}

/* What can be done with a file without sleeping: bits of POLL_. */
int file_poll(struct file *f)
{
    int major, minor;

    if (f->kind == FILE_PIPE)
        return pipe_poll(f->pipe, f->writable);
    if (device_of(f->inode, &major, &minor))
        return device_poll(major, minor);
    return POLL_IN | POLL_OUT;
}
