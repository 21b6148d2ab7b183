/*
 * The rules of a consistent file system image, each checked by itself. Its numbers are in the byte
 * order of the processor that it is for, which the superblock's magic number shows.
 */
#include "tools/fscheck.h"
#include "kernel/fs.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct check {
    const uint8_t *bytes;
    bool swapped; /* the image has the other byte order than this program */
    struct superblock super;
    uint32_t data_start;
    FILE *out;
    int complaints;
    uint32_t *owner; /* by block: the inode that has it, 0 = none */
    uint32_t *names; /* by inode: directory entries that name it, "." not counted */
    bool *reached;   /* by inode: some directory that is reachable from the root has it */
};

static void complain(struct check *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void complain(struct check *c, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(c->out, format, args);
    va_end(args);
    fputc('\n', c->out);
    c->complaints++;
}

/* --- numbers of the image --- */

static uint32_t word(const struct check *c, uint32_t n)
{
    return c->swapped ? __builtin_bswap32(n) : n;
}

static uint16_t half(const struct check *c, uint16_t n)
{
    return c->swapped ? __builtin_bswap16(n) : n;
}

static uint32_t word_at(const struct check *c, const uint8_t *at)
{
    uint32_t n;

    memcpy(&n, at, sizeof n);
    return word(c, n);
}

static const uint8_t *block_at(const struct check *c, uint32_t block)
{
    return c->bytes + (size_t)block * BSIZE;
}

static struct dinode inode_at(const struct check *c, uint32_t inum)
{
    struct dinode d;

    memcpy(&d,
           block_at(c, c->super.inode_start + inum / INODES_PER_BLOCK) +
               inum % INODES_PER_BLOCK * sizeof d,
           sizeof d);
    d.type = (int16_t)half(c, (uint16_t)d.type);
    d.nlink = (int16_t)half(c, (uint16_t)d.nlink);
    d.size = word(c, d.size);
    for (int i = 0; i < NDIRECT + 2; i++)
        d.addrs[i] = word(c, d.addrs[i]);
    return d;
}

/* --- blocks --- */

/* Note that the inode has this block. Returns whether the block can be looked into. */
static bool claim(struct check *c, uint32_t inum, uint32_t block)
{
    const uint8_t *bitmap = block_at(c, c->super.bitmap_start);

    if (block < c->data_start || block >= c->super.size) {
        complain(c, "inode %u has block %u, which is no data block", inum, block);
        return false;
    }
    if (c->owner[block]) {
        complain(c, "block %u belongs to inodes %u and %u", block, c->owner[block], inum);
        return false;
    }
    c->owner[block] = inum;
    if (!(bitmap[block / 8] & 1 << block % 8))
        complain(c, "block %u of inode %u is free in the bitmap", block, inum);
    return true;
}

static void claim_table(struct check *c, uint32_t inum, uint32_t table, int depth)
{
    if (!claim(c, inum, table))
        return;
    for (int i = 0; i < NINDIRECT; i++) {
        uint32_t entry = word_at(c, block_at(c, table) + 4 * i);

        if (entry && depth > 1)
            claim_table(c, inum, entry, depth - 1);
        else if (entry)
            claim(c, inum, entry);
    }
}

static void claim_blocks(struct check *c, uint32_t inum)
{
    struct dinode d = inode_at(c, inum);

    if (d.type == T_FREE)
        return;
    if (d.type != T_DIR && d.type != T_FILE && d.type != T_DEV) {
        complain(c, "inode %u has type %d", inum, d.type);
        return;
    }
    if (d.size > (uint64_t)MAX_FILE_BLOCKS * BSIZE)
        complain(c, "inode %u has a size of %u", inum, d.size);
    for (int i = 0; i < NDIRECT; i++)
        if (d.addrs[i])
            claim(c, inum, d.addrs[i]);
    for (int depth = 1; depth <= 2; depth++)
        if (d.addrs[NDIRECT + depth - 1])
            claim_table(c, inum, d.addrs[NDIRECT + depth - 1], depth);
}

/* The block with byte `off` of a file; 0 if it has none. */
static uint32_t block_of(const struct check *c, const struct dinode *d, uint32_t off)
{
    uint32_t n = off / BSIZE;
    uint32_t block;

    if (n < NDIRECT)
        return d->addrs[n] < c->super.size ? d->addrs[n] : 0;
    n -= NDIRECT;
    block = d->addrs[n < NINDIRECT ? NDIRECT : NDIRECT + 1];
    if (n >= NINDIRECT) {
        n -= NINDIRECT;
        if (!block || block >= c->super.size || n / NINDIRECT >= NINDIRECT)
            return 0;
        block = word_at(c, block_at(c, block) + 4 * (n / NINDIRECT));
        n %= NINDIRECT;
    }
    if (!block || block >= c->super.size)
        return 0;
    block = word_at(c, block_at(c, block) + 4 * n);
    return block < c->super.size ? block : 0;
}

/* --- names --- */

static void walk(struct check *c, uint32_t dir, uint32_t parent);

static void check_entry(struct check *c, uint32_t dir, uint32_t parent, uint32_t index,
                        const struct dirent *e)
{
    char name[NAME_SIZE + 1] = "";
    bool first_two = index < 2;
    struct dinode d;

    memcpy(name, e->name, NAME_SIZE);
    if (first_two &&
        (strcmp(name, index == 0 ? "." : "..") != 0 || e->inum != (index == 0 ? dir : parent)))
        complain(c, "directory %u: entry %u is %s -> %u", dir, index, name, e->inum);
    if (e->inum == 0)
        return;
    if (e->inum >= c->super.inodes) {
        complain(c, "directory %u: %s has inode %u", dir, name, e->inum);
        return;
    }
    if (index != 0)
        c->names[e->inum]++;
    d = inode_at(c, e->inum);
    if (d.type == T_FREE)
        complain(c, "directory %u: %s has the free inode %u", dir, name, e->inum);
    if (first_two)
        return;
    if (d.type == T_DIR && c->reached[e->inum])
        complain(c, "directory %u has a second name, %s in %u", e->inum, name, dir);
    else if (d.type == T_DIR)
        walk(c, e->inum, dir);
    c->reached[e->inum] = true;
}

static void walk(struct check *c, uint32_t dir, uint32_t parent)
{
    struct dinode d = inode_at(c, dir);

    c->reached[dir] = true;
    if (d.size % sizeof(struct dirent) != 0 || d.size < 2 * sizeof(struct dirent))
        complain(c, "directory %u has a size of %u", dir, d.size);
    for (uint32_t i = 0; i < d.size / sizeof(struct dirent); i++) {
        uint32_t off = i * (uint32_t)sizeof(struct dirent);
        uint32_t block = block_of(c, &d, off);
        struct dirent e;

        if (!block) {
            complain(c, "directory %u has a hole", dir);
            return;
        }
        memcpy(&e, block_at(c, block) + off % BSIZE, sizeof e);
        e.inum = half(c, e.inum);
        check_entry(c, dir, parent, i, &e);
    }
}

static void check_counts(struct check *c)
{
    const uint8_t *bitmap = block_at(c, c->super.bitmap_start);

    for (uint32_t inum = ROOT_INODE; inum < c->super.inodes; inum++) {
        struct dinode d = inode_at(c, inum);

        if (d.type != T_FREE && !c->reached[inum])
            complain(c, "inode %u has no name", inum);
        if (d.type != T_FREE && (uint32_t)d.nlink != c->names[inum])
            complain(c, "inode %u has %u names but counts %d", inum, c->names[inum], d.nlink);
    }
    for (uint32_t block = 0; block < c->super.size; block++) {
        bool used = bitmap[block / 8] & 1 << block % 8;

        if (used && block >= c->data_start && !c->owner[block])
            complain(c, "block %u is in use but nobody has it", block);
        if (!used && block < c->data_start)
            complain(c, "block %u, which is no data block, is free in the bitmap", block);
    }
}

/* --- the whole --- */

static void read_super(struct check *c)
{
    struct superblock *sb = &c->super;
    uint32_t *fields[] = {&sb->size,      &sb->data_blocks, &sb->inodes,      &sb->log_blocks,
                          &sb->log_start, &sb->inode_start, &sb->bitmap_start};

    memcpy(sb, block_at(c, 1), sizeof *sb);
    c->swapped = sb->magic == __builtin_bswap32(FS_MAGIC);
    sb->magic = word(c, sb->magic);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        *fields[i] = word(c, *fields[i]);
}

/* The parts lie one behind the other, inside the image. */
static bool check_super(struct check *c, size_t size)
{
    const struct superblock *sb = &c->super;
    uint32_t bitmap_blocks = (sb->size + BITS_PER_BLOCK - 1) / BITS_PER_BLOCK;
    uint32_t log_count;

    if (sb->magic != FS_MAGIC || sb->size > size / BSIZE || sb->size > MAX_FS_BLOCKS ||
        sb->inodes > UINT16_MAX || sb->inodes <= ROOT_INODE || sb->log_start != 2 ||
        sb->log_blocks < 1 || sb->inode_start != sb->log_start + sb->log_blocks ||
        sb->bitmap_start != sb->inode_start + sb->inodes / INODES_PER_BLOCK ||
        sb->bitmap_start + bitmap_blocks >= sb->size) {
        complain(c, "the superblock makes no sense");
        return false;
    }
    c->data_start = sb->bitmap_start + bitmap_blocks;
    if (sb->data_blocks != sb->size - c->data_start)
        complain(c, "the superblock counts %u data blocks", sb->data_blocks);
    log_count = word_at(c, block_at(c, sb->log_start));
    if (log_count != 0)
        complain(c, "the log has %u blocks that are not carried out", log_count);
    return true;
}

int fs_check(const uint8_t *bytes, size_t size, FILE *out)
{
    struct check c = {.bytes = bytes, .out = out};

    if (size < 2 * BSIZE) {
        complain(&c, "the image is too short");
        return c.complaints;
    }
    read_super(&c);
    if (!check_super(&c, size))
        return c.complaints;
    c.owner = calloc(c.super.size, sizeof *c.owner);
    c.names = calloc(c.super.inodes, sizeof *c.names);
    c.reached = calloc(c.super.inodes, sizeof *c.reached);
    if (c.owner && c.names && c.reached) {
        for (uint32_t inum = ROOT_INODE; inum < c.super.inodes; inum++)
            claim_blocks(&c, inum);
        walk(&c, ROOT_INODE, ROOT_INODE);
        check_counts(&c);
    } else {
        complain(&c, "out of memory");
    }
    free(c.owner);
    free(c.names);
    free(c.reached);
    return c.complaints;
}
