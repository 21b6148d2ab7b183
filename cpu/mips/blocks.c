/* blocks: decoded code, kept by physical address, dropped when the bytes it came from change. */
#include "cpu/mips/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "cpu/code_granules.h"
#include "cpu/mips/choose.h"
#include "emu/base/bug.h"

#define MOST_BLOCKS 16384u
#define MOST_OPS    131072u
#define LEAF_PAGES  1024u
#define PROCESSORS  32u

struct code_page {
    uint64_t granules; /* that have decoded code */
    struct mips_block *blocks;
};

struct mips_blocks {
    struct mips_block_table table; /* first */
    const void *const *handlers;
    struct mips *processor[PROCESSORS]; /* that use them; NULL = free */
    struct code_page *leaf[1024];       /* of 4 MiB each */
    unsigned used_blocks, used_ops, age;
    struct mips_block block[MOST_BLOCKS];
    struct mips_op op[MOST_OPS];
};

struct mips_blocks *mips_blocks_create(struct mips *c, const void *const *handlers)
{
    struct mips_blocks *blocks = bug_alloc(1, sizeof(struct mips_blocks));
    blocks->handlers = handlers;
    blocks->processor[0] = c;
    return blocks;
}

void mips_blocks_join(struct mips_blocks *blocks, struct mips *c)
{
    unsigned n = 0;
    while (n < PROCESSORS && blocks->processor[n] != NULL)
        n++;
    bug_unless(n < PROCESSORS);
    blocks->processor[n] = c;
}

void mips_blocks_leave(struct mips_blocks *blocks, struct mips *c)
{
    unsigned left = 0;
    for (unsigned n = 0; n < PROCESSORS; n++) {
        if (blocks->processor[n] == c)
            blocks->processor[n] = NULL;
        left += blocks->processor[n] != NULL;
    }
    if (left != 0)
        return;
    for (unsigned i = 0; i < 1024; i++)
        free(blocks->leaf[i]);
    free(blocks);
}

static void drop_everything(struct mips_blocks *blocks)
{
    memset(blocks->table.bucket, 0, sizeof blocks->table.bucket);
    for (unsigned i = 0; i < 1024; i++)
        if (blocks->leaf[i] != NULL)
            memset(blocks->leaf[i], 0, LEAF_PAGES * sizeof(struct code_page));
    blocks->used_blocks = blocks->used_ops = 0;
    blocks->age++;
}

unsigned mips_block_age(const struct mips *c)
{
    return c->blocks->age;
}

/* --- pages ------------------------------------------------------------------------------------ */

static struct code_page *page_of(const struct mips_blocks *blocks, uint32_t physical)
{
    struct code_page *leaf = blocks->leaf[physical >> 22];
    return leaf == NULL ? NULL : &leaf[physical >> 12 & (LEAF_PAGES - 1)];
}

bool mips_page_has_code(const struct mips *c, uint32_t physical)
{
    const struct code_page *page = page_of(c->blocks, physical);
    return page != NULL && page->granules != 0;
}

bool mips_no_code_in(const struct mips *c, uint32_t physical, uint32_t length)
{
    const struct code_page *page = page_of(c->blocks, physical);
    return page == NULL || (page->granules & code_granules(physical, length)) == 0;
}

/* --- links ------------------------------------------------------------------------------------ */

void mips_block_connect(struct mips_block *from, unsigned way, struct mips_block *to)
{
    struct mips_link *link = &from->link[way];
    link->to = to;
    link->next = to->incoming;
    to->incoming = link;
}

static void disconnect(struct mips_link *link)
{
    if (link->to == NULL)
        return;
    struct mips_link **at = &link->to->incoming;
    while (*at != link)
        at = &(*at)->next;
    *at = link->next;
    link->to = NULL;
}

static unsigned bucket_of(uint32_t physical)
{
    return (physical >> 2 ^ physical >> 15) & (MIPS_BLOCK_BUCKETS - 1);
}

static void drop_block(struct mips_blocks *blocks, struct mips_block *block)
{
    for (struct mips_link *link = block->incoming; link != NULL; link = link->next)
        link->to = NULL;
    block->incoming = NULL;
    disconnect(&block->link[0]);
    disconnect(&block->link[1]);
    struct mips_block **at = &blocks->table.bucket[bucket_of(block->physical)];
    while (*at != block)
        at = &(*at)->next_hash;
    *at = block->next_hash;
}

/* --- changes ---------------------------------------------------------------------------------- */

static void page_written(struct mips_blocks *blocks, uint32_t first, uint32_t length)
{
    struct code_page *page = page_of(blocks, first);
    if (page == NULL || (page->granules & code_granules(first, length)) == 0)
        return;
    uint64_t left = 0;
    struct mips_block **at = &page->blocks;
    while (*at != NULL) {
        struct mips_block *block = *at;
        uint32_t bytes = 4u * block->words;
        if (block->physical - first < length || first - block->physical < bytes) {
            *at = block->next_in_page;
            drop_block(blocks, block);
        } else {
            left |= code_granules(block->physical, bytes);
            at = &block->next_in_page;
        }
    }
    page->granules = left;
}

void mips_code_written(struct mips *c, uint32_t physical, uint32_t length)
{
    if (length == 0) {
        drop_everything(c->blocks);
        return;
    }
    uint64_t end = (uint64_t)physical + length;
    for (uint64_t first = physical; first < end;) {
        uint64_t page_end = (first | 0xfff) + 1;
        uint64_t stop = page_end < end ? page_end : end;
        page_written(c->blocks, (uint32_t)first, (uint32_t)(stop - first));
        first = stop;
    }
}

/* --- decoding --------------------------------------------------------------------------------- */

static void remember_block(struct mips_blocks *blocks, struct mips_block *block)
{
    struct code_page **leaf = &blocks->leaf[block->physical >> 22];
    if (*leaf == NULL)
        *leaf = bug_alloc(LEAF_PAGES, sizeof(struct code_page));
    struct code_page *page = page_of(blocks, block->physical);
    bool first = page->granules == 0;
    page->granules |= code_granules(block->physical, 4u * block->words);
    block->next_in_page = page->blocks;
    page->blocks = block;
    struct mips_block **bucket = &blocks->table.bucket[bucket_of(block->physical)];
    block->next_hash = *bucket;
    *bucket = block;
    for (unsigned n = 0; first && n < PROCESSORS; n++)
        if (blocks->processor[n] != NULL)
            mips_soft_forbid_writes(blocks->processor[n], block->physical);
}

static struct mips_block *build(struct mips *c, uint32_t physical, unsigned mode)
{
    struct mips_blocks *blocks = c->blocks;
    const uint8_t *page = bus_page(c->cpu.memory, physical, false);
    if (page == NULL)
        return NULL;
    if (blocks->used_blocks == MOST_BLOCKS || blocks->used_ops + MIPS_OPS_FUSED > MOST_OPS)
        drop_everything(blocks);
    struct mips_block *block = &blocks->block[blocks->used_blocks++];
    *block = (struct mips_block){
        .physical = physical, .mode = (uint8_t)mode, .op = &blocks->op[blocks->used_ops]};
    blocks->used_ops += mips_choose_ops(c->model, block, page + (physical & 0xfff),
                                        (0x1000 - (physical & 0xfff)) / 4, blocks->handlers);
    remember_block(blocks, block);
    return block;
}

struct mips_block *mips_block_at(struct mips *c, uint32_t physical, unsigned mode)
{
    struct mips_block *block = mips_block_find(c, physical, mode);
    return block != NULL ? block : build(c, physical, mode);
}
