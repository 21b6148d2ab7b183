/*
 * The log: file system calls happen entirely or not at all, whenever the power fails.
 *
 * A call brackets its changes with log_begin() and log_end() and says log_write() where it
 * would write a block. Nothing reaches its place on disk until the last call in progress has
 * ended; then, in this order:
 *
 *   1. all changed blocks are written into the log area;
 *   2. the log's header is written with their numbers. This one sector is the moment of truth:
 *      before it nothing has happened, after it everything has;
 *   3. the blocks are written to their places;
 *   4. the header is written again with count 0.
 *
 * Between two steps the disk is told to write out what it may only have in its own memory.
 * After a power failure log_init() repeats 3 and 4 if the header has a count. It does no harm
 * to do them twice.
 */
#include "kernel/buf.h"
#include "kernel/defs.h"
#include "kernel/lock.h"

_Static_assert(MAX_OP_BLOCKS * 2 <= LOG_BLOCKS, "at least two calls can go on at a time");

static struct {
    struct spinlock lock;
    uint32_t start; /* of the log area: the header */
    int calls;      /* between log_begin() and log_end() */
    bool committing;
    struct log_header header; /* of the transaction in progress */
} log = {.lock = {.name = "log"}};

static void write_header(void)
{
    struct buf *b = bblank(log.start);

    memset(b->data, 0, BSIZE);
    memcpy(b->data, &log.header, sizeof log.header);
    bwrite(b);
    brelse(b);
}

/* Step 1. The cache has the blocks as changed. */
static void write_log(void)
{
    for (uint32_t i = 0; i < log.header.count; i++) {
        struct buf *to = bblank(log.start + 1 + i);
        struct buf *from = bread(log.header.block[i]);

        memcpy(to->data, from->data, BSIZE);
        bwrite(to);
        brelse(from);
        brelse(to);
    }
}

/* Step 3, from the cache. */
static void install(void)
{
    for (uint32_t i = 0; i < log.header.count; i++) {
        struct buf *b = bread(log.header.block[i]);

        bwrite(b);
        bunpin(b);
        brelse(b);
    }
}

/* Step 3, from the log area, after a power failure. */
static void install_from_log(const struct superblock *sb)
{
    for (uint32_t i = 0; i < log.header.count; i++) {
        struct buf *from = bread(log.start + 1 + i);
        struct buf *to;

        if (log.header.block[i] >= sb->size)
            panic("log: block %u is outside the file system", log.header.block[i]);
        to = bblank(log.header.block[i]);
        memcpy(to->data, from->data, BSIZE);
        bwrite(to);
        brelse(to);
        brelse(from);
    }
}

/* Find the log of this file system, and finish what a power failure has interrupted. */
void log_init(const struct superblock *sb)
{
    struct buf *b = bread(sb->log_start);

    if (sb->log_blocks < LOG_BLOCKS + 1)
        panic("log: %u blocks are too few", sb->log_blocks);
    memcpy(&log.header, b->data, sizeof log.header);
    brelse(b);
    log.start = sb->log_start;
    if (log.header.count > LOG_BLOCKS)
        panic("log: the header has a count of %u", log.header.count);
    if (log.header.count == 0)
        return;
    install_from_log(sb);
    disk_barrier();
    log.header.count = 0;
    write_header();
    disk_barrier();
}

static void commit(void)
{
    if (log.header.count == 0)
        return;
    write_log();
    disk_barrier();
    write_header();
    disk_barrier();
    install();
    disk_barrier();
    log.header.count = 0;
    write_header();
    disk_barrier(); /* or the next transaction's step 1 could come before this one's step 4 */
}

/* A call that may change up to MAX_OP_BLOCKS blocks begins. Sleeps until the log has room. */
void log_begin(void)
{
    acquire(&log.lock);
    while (log.committing ||
           log.header.count + (uint32_t)(log.calls + 1) * MAX_OP_BLOCKS > LOG_BLOCKS)
        sleep(&log, &log.lock);
    log.calls++;
    release(&log.lock);
}

/* The call ends. The last one in progress commits for all. */
void log_end(void)
{
    bool last;

    acquire(&log.lock);
    last = --log.calls == 0;
    log.committing = last;
    if (!last)
        wakeup(&log);
    release(&log.lock);
    if (!last)
        return;

    commit();
    acquire(&log.lock);
    log.committing = false;
    wakeup(&log);
    release(&log.lock);
}

/* The locked buffer b has been changed: it is part of the transaction. */
void log_write(struct buf *b)
{
    uint32_t i;

    acquire(&log.lock);
    if (log.calls == 0)
        panic("log: block %u is written outside a transaction", b->block);
    for (i = 0; i < log.header.count && log.header.block[i] != b->block; i++)
        ;
    if (i == log.header.count) {
        if (i == LOG_BLOCKS)
            panic("log: the transaction is too big");
        log.header.block[log.header.count++] = b->block;
        bpin(b);
    }
    release(&log.lock);
}
