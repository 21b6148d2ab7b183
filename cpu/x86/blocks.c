/* blocks: decoded code, kept by physical address, dropped when the bytes it came from change. */
#include "cpu/x86/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "cpu/code_granules.h"
#include "cpu/x86/choose.h"
#include "emu/base/bug.h"

#define BUCKETS     8192u
#define MOST_BLOCKS 16384u
#define MOST_INSNS  131072u
#define LEAF_PAGES  1024u

struct code_page {
    uint64_t granules; /* that have decoded code */
    struct x86_block *blocks;
};

struct x86_blocks {
    const void *const *handlers;
    struct x86_block *bucket[BUCKETS];
    struct code_page *leaf[1024]; /* of 4 MiB each */
    unsigned used_blocks, used_insns;
    struct x86_block block[MOST_BLOCKS];
    struct x86_insn insn[MOST_INSNS];
};

struct x86_blocks *x86_blocks_create(const void *const *handlers)
{
    struct x86_blocks *blocks = bug_alloc(1, sizeof(struct x86_blocks));
    blocks->handlers = handlers;
    return blocks;
}

static void drop_everything(struct x86_blocks *blocks)
{
    memset(blocks->bucket, 0, sizeof blocks->bucket);
    for (unsigned i = 0; i < 1024; i++)
        if (blocks->leaf[i] != NULL)
            memset(blocks->leaf[i], 0, LEAF_PAGES * sizeof(struct code_page));
    blocks->used_blocks = blocks->used_insns = 0;
}

void x86_blocks_free(struct x86_blocks *blocks)
{
    for (unsigned i = 0; i < 1024; i++)
        free(blocks->leaf[i]);
    free(blocks);
}

/* --- pages ------------------------------------------------------------------------------------ */

static struct code_page *page_of(const struct x86_blocks *blocks, uint32_t physical)
{
    struct code_page *leaf = blocks->leaf[physical >> 22];
    return leaf == NULL ? NULL : &leaf[physical >> 12 & (LEAF_PAGES - 1)];
}

bool x86_page_has_code(const struct x86 *c, uint32_t physical)
{
    const struct code_page *page = page_of(c->blocks, physical);
    return page != NULL && page->granules != 0;
}

bool x86_no_code_in(const struct x86 *c, uint32_t physical, uint32_t length)
{
    const struct code_page *page = page_of(c->blocks, physical);
    return page == NULL || (page->granules & code_granules(physical, length)) == 0;
}

/* --- links ------------------------------------------------------------------------------------ */

void x86_block_connect(struct x86_block *from, unsigned way, struct x86_block *to)
{
    struct x86_link *link = &from->link[way];
    link->to = to;
    link->next = to->incoming;
    to->incoming = link;
}

static void disconnect(struct x86_link *link)
{
    if (link->to == NULL)
        return;
    struct x86_link **at = &link->to->incoming;
    while (*at != link)
        at = &(*at)->next;
    *at = link->next;
    link->to = NULL;
}

static unsigned bucket_of(uint32_t physical)
{
    return (physical ^ physical >> 13) & (BUCKETS - 1);
}

/* The engine may be in the middle of it: an access that marks a page-table entry can change the
 * code behind the instruction that makes it. */
static void drop_block(struct x86_blocks *blocks, struct x86_block *block)
{
    for (unsigned i = 0; i <= block->count; i++)
        block->insn[i].go = blocks->handlers[X86_HANDLER_STALE];
    for (struct x86_link *link = block->incoming; link != NULL; link = link->next)
        link->to = NULL;
    block->incoming = NULL;
    disconnect(&block->link[0]);
    disconnect(&block->link[1]);
    struct x86_block **at = &blocks->bucket[bucket_of(block->physical)];
    while (*at != block)
        at = &(*at)->next_hash;
    *at = block->next_hash;
}

/* --- changes ---------------------------------------------------------------------------------- */

static void page_written(struct x86_blocks *blocks, uint32_t first, uint32_t length)
{
    struct code_page *page = page_of(blocks, first);
    if (page == NULL || (page->granules & code_granules(first, length)) == 0)
        return;
    uint64_t left = 0;
    struct x86_block **at = &page->blocks;
    while (*at != NULL) {
        struct x86_block *block = *at;
        if (block->physical - first < length || first - block->physical < block->bytes) {
            *at = block->next_in_page;
            drop_block(blocks, block);
        } else {
            left |= code_granules(block->physical, block->bytes);
            at = &block->next_in_page;
        }
    }
    page->granules = left;
}

void x86_code_written(struct x86 *c, uint32_t physical, uint32_t length)
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

/* Instructions from `bytes`, which reach to the end of the page. */
static void decode_block(struct x86_blocks *blocks, struct x86_block *block, const uint8_t *bytes,
                         unsigned room)
{
    struct x86_insn *insn = block->insn;
    unsigned added = 0;
    bool ended = false;
    while (!ended && block->count < X86_BLOCK_LONGEST && block->bytes < room) {
        struct x86_insn *one = &insn[block->count];
        if (x86_decode(bytes + block->bytes, room - block->bytes,
                       (block->mode & X86_MODE_CODE_32) != 0, one) != X86_DECODED ||
            x86_goes_alone(one))
            break;
        block->count++;
        block->bytes += one->length;
        block->before_last = (uint16_t)(block->ticks + added);
        block->ticks += one->clocks;
        ended = x86_ends_block(one, block->mode);
        added += x86_added_ticks(one);
    }
    insn[block->count] = (struct x86_insn){.row = X86_ROW_UNDEFINED};
    x86_choose_handlers(block, blocks->handlers, ended);
}

static void remember_block(struct x86 *c, struct x86_block *block)
{
    struct x86_blocks *blocks = c->blocks;
    struct code_page **leaf = &blocks->leaf[block->physical >> 22];
    if (*leaf == NULL)
        *leaf = bug_alloc(LEAF_PAGES, sizeof(struct code_page));
    struct code_page *page = page_of(blocks, block->physical);
    bool first = page->granules == 0;
    page->granules |= code_granules(block->physical, block->bytes);
    block->next_in_page = page->blocks;
    page->blocks = block;
    struct x86_block **bucket = &blocks->bucket[bucket_of(block->physical)];
    block->next_hash = *bucket;
    *bucket = block;
    if (first)
        x86_tlb_forbid_writes(c, block->physical);
}

static struct x86_block *build(struct x86 *c, uint32_t physical, unsigned mode)
{
    struct x86_blocks *blocks = c->blocks;
    const uint8_t *page = bus_page(c->cpu.memory, physical, false);
    if (page == NULL)
        return NULL;
    if (blocks->used_blocks == MOST_BLOCKS ||
        blocks->used_insns + X86_BLOCK_LONGEST + 1 > MOST_INSNS)
        drop_everything(blocks);
    struct x86_block *block = &blocks->block[blocks->used_blocks];
    *block = (struct x86_block){
        .physical = physical, .mode = (uint16_t)mode, .insn = &blocks->insn[blocks->used_insns]};
    decode_block(blocks, block, page + (physical & 0xfff), 4096 - (physical & 0xfff));
    if (block->count == 0)
        return NULL;
    blocks->used_blocks++;
    blocks->used_insns += block->count + 1u;
    remember_block(c, block);
    return block;
}

struct x86_block *x86_block_find(const struct x86 *c, uint32_t physical, unsigned mode)
{
    struct x86_block *block = c->blocks->bucket[bucket_of(physical)];
    while (block != NULL && (block->physical != physical || block->mode != mode))
        block = block->next_hash;
    return block;
}

struct x86_block *x86_block_at(struct x86 *c, uint32_t physical, unsigned mode)
{
    struct x86_block *block = x86_block_find(c, physical, mode);
    return block != NULL ? block : build(c, physical, mode);
}
