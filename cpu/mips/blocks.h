/* blocks: decoded code, kept by physical address, dropped when the bytes it came from change.
 *
 * A block is a run of instructions inside one page that is always entered at its first. It is
 * found by the physical address of that and by the mode bits that decoding depends on, so that
 * neither a change of address space nor of privilege makes it stale. All processors on one bus use
 * the same blocks: there is nothing in them of the one that they were decoded for. */
#ifndef CPU_MIPS_BLOCKS_H
#define CPU_MIPS_BLOCKS_H

#include "cpu/mips/mips.h"

#define MIPS_BLOCK_LONGEST 64u /* instructions */

enum mips_block_mode {
    MIPS_MODE_SYSTEM = 1, /* coprocessor 0 may be used */
    MIPS_MODE_DIRECT = 2, /* the address is in kseg0 or kseg1: it says the physical one */
};

/* One step of the engine. Registers are offsets in struct mips. */
struct mips_op {
    const void *go; /* the handler */
    uint32_t imm;
    uint16_t rs, rt, rd;
    uint16_t before; /* ticks of the instructions in front of it, what they wait for left out */
    uint8_t place;   /* where to go on when it cannot be done: the instruction's number, */
    uint8_t in_slot; /* ... or its branch's */
};

struct mips_block;

/* A way to another block that is always the same. */
struct mips_link {
    struct mips_block *to;
    struct mips_link *next; /* of those that lead to the same block */
};

struct mips_block {
    struct mips_op *op;
    uint32_t physical;
    uint16_t ticks;       /* of all instructions, what they wait for left out */
    uint16_t before_last; /* of all but the last, with the longest wait */
    uint8_t mode;
    uint8_t count;            /* instructions that the block completes */
    uint8_t words;            /* ... and looked at */
    struct mips_link link[2]; /* onwards, and where a jump leads */
    struct mips_link *incoming;
    struct mips_block *next_hash, *next_in_page;
};

#define MIPS_BLOCK_BUCKETS 8192u

/* The head of struct mips_blocks, for who looks for a block very often. */
struct mips_block_table {
    struct mips_block *bucket[MIPS_BLOCK_BUCKETS];
};

/* `handlers` is the engine's table of enum mips_handler. */
struct mips_blocks *mips_blocks_create(struct mips *c, const void *const *handlers);
void mips_blocks_join(struct mips_blocks *blocks, struct mips *c);
void mips_blocks_leave(struct mips_blocks *blocks, struct mips *c);

/* The block at a physical address, if there is one. */
static inline struct mips_block *mips_block_find(const struct mips *c, uint32_t physical,
                                                 unsigned mode)
{
    const struct mips_block_table *table = (const struct mips_block_table *)c->blocks;
    struct mips_block *block =
        table->bucket[(physical >> 2 ^ physical >> 15) & (MIPS_BLOCK_BUCKETS - 1)];
    while (block != NULL && (block->physical != physical || block->mode != mode))
        block = block->next_hash;
    return block;
}

/* The block at a physical address, decoded when there is none, which may drop all others. NULL:
 * there is no memory. */
struct mips_block *mips_block_at(struct mips *c, uint32_t physical, unsigned mode);

/* Grows when all blocks are dropped: none that was found before is there any more. */
unsigned mips_block_age(const struct mips *c);

void mips_block_connect(struct mips_block *from, unsigned way, struct mips_block *to);

/* No decoded instruction came from these bytes, which lie in one page. */
bool mips_no_code_in(const struct mips *c, uint32_t physical, uint32_t length);

#endif
