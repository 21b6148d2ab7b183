/* Which blocks are free: the bitmap. */
#include "kernel/buf.h"
#include "kernel/defs.h"
#include "kernel/errno.h"

static struct buf *bitmap_block(uint32_t block)
{
    return bread(fs_super()->bitmap_start + block / BITS_PER_BLOCK);
}

static void zero(uint32_t block)
{
    struct buf *b = bblank(block);

    memset(b->data, 0, BSIZE);
    log_write(b);
    brelse(b);
}

/* The first free bit of one bitmap block at or after `bit`, or BITS_PER_BLOCK. */
static uint32_t find_free(const struct buf *b, uint32_t bit)
{
    while (bit < BITS_PER_BLOCK && b->data[bit / 8] & 1 << bit % 8)
        bit += bit % 8 == 0 && b->data[bit / 8] == 0xff ? 8 : 1;
    return bit;
}

/*
 * A block of zeros, in the current transaction. Returns its number; 0 with ENOSPC when the disk
 * is full. The search goes on where the last one ended: blocks are mostly taken in order.
 */
uint32_t block_alloc(void)
{
    static uint32_t next;
    const struct superblock *sb = fs_super();
    uint32_t groups = (sb->size + BITS_PER_BLOCK - 1) / BITS_PER_BLOCK;
    uint32_t from = next; /* others may move it meanwhile */
    uint32_t first = from / BITS_PER_BLOCK;

    for (uint32_t i = 0; i <= groups; i++) {
        uint32_t base = (first + i) % groups * BITS_PER_BLOCK;
        struct buf *b = bitmap_block(base);
        uint32_t bit = find_free(b, i == 0 ? from % BITS_PER_BLOCK : 0);

        if (bit < BITS_PER_BLOCK && base + bit < sb->size) {
            b->data[bit / 8] |= (uint8_t)(1 << bit % 8);
            log_write(b);
            brelse(b);
            zero(base + bit);
            next = (base + bit + 1) % sb->size;
            return base + bit;
        }
        brelse(b);
    }
    error(ENOSPC);
    return 0;
}

/* Give a block back, in the current transaction. */
void block_free(uint32_t block)
{
    struct buf *b = bitmap_block(block);
    uint8_t *byte = &b->data[block % BITS_PER_BLOCK / 8];
    uint8_t bit = (uint8_t)(1 << block % 8);

    if (!(*byte & bit))
        panic("fs: block %u is freed twice", block);
    *byte &= (uint8_t)~bit;
    log_write(b);
    brelse(b);
}
