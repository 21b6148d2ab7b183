/* blocks: decoded code, kept by physical address, dropped when the bytes it came from change.
 *
 * A block is a run of instructions inside one page that is always entered at its first. It is
 * found by the physical address of that and by the mode bits that decoding depends on, so that
 * neither a change of address space nor of privilege makes it stale. */
#ifndef CPU_X86_BLOCKS_H
#define CPU_X86_BLOCKS_H

#include "cpu/x86/decode.h"

#define X86_BLOCK_LONGEST 48u /* instructions */

/* What decoding and the choice of handlers depend on. A flat segment has base 0, limit 4 GiB - 1,
 * and may be read and written. */
enum x86_mode {
    X86_MODE_FLAT_ES = 1 << X86_ES,
    X86_MODE_FLAT_CS = 1 << X86_CS,
    X86_MODE_FLAT_SS = 1 << X86_SS,
    X86_MODE_FLAT_DS = 1 << X86_DS,
    X86_MODE_FLAT_FS = 1 << X86_FS,
    X86_MODE_FLAT_GS = 1 << X86_GS,
    X86_MODE_FLAT_DATA = 0x3f & ~X86_MODE_FLAT_CS, /* code is never written */
    X86_MODE_CODE_32 = 1 << 6,
    X86_MODE_STACK_32 = 1 << 7,
    X86_MODE_PROTECTED = 1 << 8, /* and not V86 mode: a segment has a descriptor */
};

/* Ticks of a segment load in protected mode beyond the row's (i486 PRM, ch. 26). */
#define X86_SEGMENT_TICKS 6u

/* The bits that one segment register stands for. */
static inline unsigned x86_mode_of(const struct x86 *c, unsigned number)
{
    const struct x86_segment *segment = &c->s.segment[number];
    bool code = number == X86_CS;
    unsigned type =
        X86_ATTR_P | (code ? 0 : X86_ATTR_CODE | X86_ATTR_EXPAND_DOWN | X86_ATTR_WRITABLE);
    unsigned wanted = X86_ATTR_P | (code ? 0 : X86_ATTR_WRITABLE);
    bool flat = (segment->base | ~segment->limit) == 0 && (segment->attributes & type) == wanted;
    bool big = (segment->attributes & X86_ATTR_BIG) != 0;
    return (unsigned)flat << number | (code && big ? X86_MODE_CODE_32 : 0) |
           (number == X86_SS && big ? X86_MODE_STACK_32 : 0);
}

static inline unsigned x86_present_mode(const struct x86 *c)
{
    return x86_mode_of(c, X86_ES) | x86_mode_of(c, X86_CS) | x86_mode_of(c, X86_SS) |
           x86_mode_of(c, X86_DS) | x86_mode_of(c, X86_FS) | x86_mode_of(c, X86_GS) |
           (x86_protected(c) && !x86_v86(c) ? X86_MODE_PROTECTED : 0);
}

struct x86_block;

/* A direct way to another block of the same page. */
struct x86_link {
    struct x86_block *to;
    struct x86_link *next; /* of those that lead to the same block */
};

struct x86_block {
    struct x86_insn *insn; /* behind the last: one that only leads on */
    uint32_t physical;
    uint16_t mode;
    uint16_t bytes;
    uint16_t count;          /* instructions */
    uint16_t ticks;          /* of all of them, what their handlers add left out */
    uint16_t before_last;    /* ticks of all but the last, what their handlers add included */
    struct x86_link link[2]; /* onwards, and where a jump leads */
    struct x86_link *incoming;
    struct x86_block *next_hash, *next_in_page;
};

struct x86_blocks;

/* `handlers` is the engine's table of enum x86_handler. */
struct x86_blocks *x86_blocks_create(const void *const *handlers);
void x86_blocks_free(struct x86_blocks *blocks);

/* The block at a physical address, if there is one. */
struct x86_block *x86_block_find(const struct x86 *c, uint32_t physical, unsigned mode);

/* As x86_block_find, but decodes it when there is none, which may drop all others. NULL: not one
 * instruction there can be part of a block. */
struct x86_block *x86_block_at(struct x86 *c, uint32_t physical, unsigned mode);

void x86_block_connect(struct x86_block *from, unsigned way, struct x86_block *to);

/* No decoded instruction came from these bytes, which lie in one page. */
bool x86_no_code_in(const struct x86 *c, uint32_t physical, uint32_t length);

#endif
