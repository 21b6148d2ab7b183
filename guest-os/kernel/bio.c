/*
 * The buffer cache: disk blocks in memory, each at most once, so that it is also the place
 * where processes that use the same block wait for each other.
 */
#include "kernel/buf.h"
#include "kernel/defs.h"
#include "kernel/param.h"

enum { NHASH = 64 };

static struct spinlock cache_lock = {.name = "buffer cache"};
static struct buf bufs[NBUF];
static struct buf *hash[NHASH]; /* chains of buffers by block number */
static struct buf lru;          /* ring of all buffers; lru.next was used last */

static void ring_insert_first(struct buf *b)
{
    b->next = lru.next;
    b->prev = &lru;
    lru.next->prev = b;
    lru.next = b;
}

static void ring_remove(struct buf *b)
{
    b->next->prev = b->prev;
    b->prev->next = b->next;
}

static void hash_insert(struct buf *b)
{
    struct buf **chain = &hash[b->block % NHASH];

    b->hash_next = *chain;
    *chain = b;
}

static void hash_remove(struct buf *b)
{
    struct buf **link = &hash[b->block % NHASH];

    while (*link != b)
        link = &(*link)->hash_next;
    *link = b->hash_next;
}

/* Block 0 is in no file system structure, so all buffers can start out as holding it. */
void bio_init(void)
{
    lru.next = lru.prev = &lru;
    for (struct buf *b = bufs; b < bufs + NBUF; b++) {
        sleeplock_init(&b->lock, "buffer");
        ring_insert_first(b);
        hash_insert(b);
    }
}

/* The locked buffer for a block; its data may not be valid. */
static struct buf *get(uint32_t block)
{
    struct buf *b;

    acquire(&cache_lock);
    for (b = hash[block % NHASH]; b && b->block != block; b = b->hash_next)
        ;
    if (!b) {
        for (b = lru.prev; b != &lru && b->users > 0; b = b->prev)
            ;
        if (b == &lru)
            panic("bio: all %d buffers are in use", NBUF);
        hash_remove(b);
        b->block = block;
        b->valid = false;
        hash_insert(b);
    }
    b->users++;
    release(&cache_lock);
    sleeplock_acquire(&b->lock);
    return b;
}

/* A locked buffer with the block's contents. Give it back with brelse(). */
struct buf *bread(uint32_t block)
{
    struct buf *b = get(block);

    if (!b->valid) {
        disk_transfer(b, false);
        b->valid = true;
    }
    return b;
}

/* The same for a caller that overwrites everything: what the disk has is not read. */
struct buf *bblank(uint32_t block)
{
    struct buf *b = get(block);

    b->valid = true;
    return b;
}

/* Write a locked buffer to disk now. */
void bwrite(struct buf *b)
{
    disk_transfer(b, true);
}

void brelse(struct buf *b)
{
    sleeplock_release(&b->lock);
    acquire(&cache_lock);
    b->users--;
    ring_remove(b);
    ring_insert_first(b);
    release(&cache_lock);
}

/* Keep a buffer in memory although nobody has it locked, and end that. */
void bpin(struct buf *b)
{
    acquire(&cache_lock);
    b->users++;
    release(&cache_lock);
}

void bunpin(struct buf *b)
{
    acquire(&cache_lock);
    b->users--;
    release(&cache_lock);
}
