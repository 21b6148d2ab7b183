/* The contents of a file: from an offset to a disk block, and bytes in and out. */
#include "kernel/buf.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"

/* Read *slot; if it is 0 and `make` is set, put a new block there. Returns the block or 0. */
static uint32_t fill_slot(uint32_t *slot, bool make)
{
    if (*slot == 0 && make)
        *slot = block_alloc();
    return *slot;
}

/* The same for entry `index` of the block `table` full of block numbers. */
static uint32_t fill_entry(uint32_t table, uint32_t index, bool make)
{
    struct buf *b = bread(table);
    uint32_t *slot = (uint32_t *)b->data + index;
    uint32_t before = *slot;
    uint32_t block = fill_slot(slot, make);

    if (block != before)
        log_write(b);
    brelse(b);
    return block;
}

/*
 * The disk block with the file's block number n; 0 if there is none. With `make` it is made if
 * need be, then 0 means that the disk is full. Pre: n < MAX_FILE_BLOCKS.
 */
static uint32_t block_of(struct inode *ip, uint32_t n, bool make)
{
    uint32_t table;

    if (n < NDIRECT)
        return fill_slot(&ip->d.addrs[n], make);
    n -= NDIRECT;
    if (n < NINDIRECT) {
        table = fill_slot(&ip->d.addrs[NDIRECT], make);
    } else {
        n -= NINDIRECT;
        table = fill_slot(&ip->d.addrs[NDIRECT + 1], make);
        if (table)
            table = fill_entry(table, n / NINDIRECT, make);
        n %= NINDIRECT;
    }
    return table ? fill_entry(table, n, make) : 0;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Bytes to a user address or to the kernel. Returns 0 or -1. */
static int move_out(bool user, uintptr_t dst, const void *src, uint32_t n)
{
    if (user)
        return copyout((uint32_t)dst, src, n);
    memcpy((void *)dst, src, n);
    return 0;
}

static int move_in(bool user, void *dst, uintptr_t src, uint32_t n)
{
    if (user)
        return copyin(dst, (uint32_t)src, n);
    memcpy(dst, (const void *)src, n);
    return 0;
}

/*
 * Read up to n bytes at `off` of the locked inode. `dst` is a user address if `user` is set.
 * Returns how many there were, or -1 for a bad address. Blocks never written read as zeros.
 */
int inode_read(struct inode *ip, bool user, uintptr_t dst, uint32_t off, uint32_t n)
{
    static const uint8_t zeros[BSIZE];
    uint32_t done = 0;

    if (off >= ip->d.size)
        return 0;
    n = smaller(n, ip->d.size - off);
    while (done < n) {
        uint32_t part = smaller(n - done, BSIZE - (off + done) % BSIZE);
        uint32_t block = block_of(ip, (off + done) / BSIZE, false);
        struct buf *b = block ? bread(block) : NULL;
        const uint8_t *data = b ? b->data + (off + done) % BSIZE : zeros;
        int result = move_out(user, dst + done, data, part);

        if (b)
            brelse(b);
        if (result < 0)
            return -1;
        done += part;
    }
    return (int)done;
}

/*
 * Write n bytes at `off` of the locked inode, in the current transaction, which limits how many
 * that may be (file.c). Returns how many were written: less than n if the disk is full or the
 * file as long as it can be. -1 if nothing could be written.
 */
int inode_write(struct inode *ip, bool user, uintptr_t src, uint32_t off, uint32_t n)
{
    uint32_t done = 0;

    if (off > MAX_FILE_BLOCKS * BSIZE)
        return error(EFBIG);
    if (n > MAX_FILE_BLOCKS * BSIZE - off) {
        n = MAX_FILE_BLOCKS * BSIZE - off;
        if (n == 0)
            return error(EFBIG);
    }
    while (done < n) {
        uint32_t part = smaller(n - done, BSIZE - (off + done) % BSIZE);
        uint32_t block = block_of(ip, (off + done) / BSIZE, true);
        struct buf *b;
        int result;

        if (block == 0)
            break;
        b = bread(block);
        result = move_in(user, b->data + (off + done) % BSIZE, src + done, part);
        log_write(b);
        brelse(b);
        if (result < 0)
            break;
        done += part;
    }
    if (off + done > ip->d.size)
        ip->d.size = off + done;
    inode_update(ip);
    return done > 0 || n == 0 ? (int)done : -1;
}

/* Free the blocks that a block of block numbers names, `depth` levels down, and itself. */
static void free_table(uint32_t table, int depth)
{
    struct buf *b = bread(table);
    const uint32_t *slot = (const uint32_t *)b->data;

    for (int i = 0; i < NINDIRECT; i++)
        if (slot[i] && depth > 1)
            free_table(slot[i], depth - 1);
        else if (slot[i])
            block_free(slot[i]);
    brelse(b);
    block_free(table);
}

/*
 * Free what a block of block numbers names, `depth` levels down, behind the first `keep` data
 * blocks, of which there is at least one.
 */
static void shorten_table(uint32_t table, int depth, uint32_t keep)
{
    uint32_t span = depth > 1 ? NINDIRECT : 1; /* data blocks behind one entry */
    struct buf *b = bread(table);
    uint32_t *slot = (uint32_t *)b->data;
    bool changed = false;

    for (uint32_t i = 0; i < NINDIRECT; i++) {
        if (slot[i] == 0 || (i + 1) * span <= keep)
            continue;
        if (i * span < keep) {
            shorten_table(slot[i], depth - 1, keep - i * span);
            continue;
        }
        if (depth > 1)
            free_table(slot[i], depth - 1);
        else
            block_free(slot[i]);
        slot[i] = 0;
        changed = true;
    }
    if (changed)
        log_write(b);
    brelse(b);
}

/* Free the data blocks of a locked inode behind the first `keep`. */
static void free_behind(struct inode *ip, uint32_t keep)
{
    uint32_t first = NDIRECT; /* the first data block behind the table */

    for (uint32_t i = keep; i < NDIRECT; i++)
        if (ip->d.addrs[i]) {
            block_free(ip->d.addrs[i]);
            ip->d.addrs[i] = 0;
        }
    for (int depth = 1; depth <= 2; depth++) {
        uint32_t *table = &ip->d.addrs[NDIRECT + depth - 1];

        if (*table && keep > first) {
            shorten_table(*table, depth, keep - first);
        } else if (*table) {
            free_table(*table, depth);
            *table = 0;
        }
        first += NINDIRECT;
    }
}

/*
 * Make a locked file longer, with zeros, or shorter, in the current transaction. What lies behind
 * the end in the last block becomes zeros, so that they are there when the file grows again.
 */
void inode_resize(struct inode *ip, uint32_t size)
{
    uint32_t block = size % BSIZE ? block_of(ip, size / BSIZE, false) : 0;

    if (size < ip->d.size) {
        free_behind(ip, (size + BSIZE - 1) / BSIZE);
        if (block) {
            struct buf *b = bread(block);

            memset(b->data + size % BSIZE, 0, BSIZE - size % BSIZE);
            log_write(b);
            brelse(b);
        }
    }
    ip->d.size = size;
    inode_update(ip);
}

/* Give all blocks of a locked inode back. Changes bitmap blocks only; the caller writes ip. */
void inode_free_blocks(struct inode *ip)
{
    for (int i = 0; i < NDIRECT; i++)
        if (ip->d.addrs[i])
            block_free(ip->d.addrs[i]);
    for (int depth = 1; depth <= 2; depth++)
        if (ip->d.addrs[NDIRECT + depth - 1])
            free_table(ip->d.addrs[NDIRECT + depth - 1], depth);
    memset(ip->d.addrs, 0, sizeof ip->d.addrs);
}
