/* engine: runs blocks of decoded instructions, as fast as this host can be made to.
 *
 * Time is charged by the block, on entry; who leaves in the middle gives back what is not done. A
 * handler that cannot do its work at once (a page not in the TLB that turns out to be a device, an
 * access across two pages, a write into decoded code) leaves, having changed nothing, and the
 * instruction goes one by one: so nothing in here ever touches a device or drops a block. */
#include "cpu/x86/engine.h"

#include "cpu/x86/choose.h"
#include "cpu/x86/execute.h"

/* Computed goto: the dispatch of each handler is a jump of its own, which the host can predict. */
#pragma GCC diagnostic ignored "-Wpedantic"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* --- memory ----------------------------------------------------------------------------------- */

static void leave(struct x86 *c)
{
    c->leaving = true;
}

/* A page that has code or page tables: a write beside them is a plain write. */
static uint8_t *find_mixed(struct x86 *c, uint32_t linear, unsigned size)
{
    const struct x86_tlb_entry *entry =
        &c->tlb.mixed[is_user(c)][linear >> 12 & (X86_TLB_ENTRIES - 1)];
    uint32_t offset = linear & 0xfff;
    if (entry->tag != linear - offset || size > 4) /* PUSHA: each word may move the next */
        return NULL;
    uint8_t *host = entry->host + offset;
    uint32_t physical = entry->physical | offset;
    return x86_no_code_in(c, physical, size) && x86_table_changes(c, physical, size) ? host : NULL;
}

/* Host bytes of a linear address whose TLB entry is missing. NULL: a fault, or c->leaving. */
static __attribute__((noinline)) uint8_t *find_bytes(struct x86 *c, uint32_t linear, unsigned size,
                                                     enum x86_intent intent)
{
    uint32_t physical;
    c->leaving = false;
    if ((linear & 0xfff) + size > 4096)
        return leave(c), NULL;
    uint8_t *bytes = intent == X86_WRITE ? find_mixed(c, linear, size) : NULL;
    if (bytes != NULL)
        return bytes;
    c->in_block = true;
    bool good = x86_linear_check(c, linear, size, intent, is_user(c), &physical);
    c->in_block = false;
    if (!good)
        return NULL;
    if (intent == X86_READ)
        bytes = x86_tlb_find(c->tlb.read[is_user(c)], linear);
    else
        bytes = x86_tlb_find(c->tlb.write[is_user(c)], linear);
    if (bytes == NULL && intent == X86_WRITE)
        bytes = find_mixed(c, linear, size);
    if (bytes == NULL)
        leave(c);
    return bytes;
}

/* As find_bytes, for an operand that is only read, here and now: a device may answer at once, too.
 */
static __attribute__((noinline)) const uint8_t *find_operand(struct x86 *c, uint32_t linear,
                                                             unsigned size)
{
    c->at_device = false;
    const uint8_t *bytes = find_bytes(c, linear, size, X86_READ);
    if (bytes != NULL || !c->leaving || !c->at_device)
        return bytes;
    return bus_still(c->cpu.memory, c->cpu.number, c->device_at, size);
}

static inline const struct x86_tlb_entry *entry_of(const struct x86_tlb_entry *set, uint32_t linear)
{
    return &set[linear >> 12 & (X86_TLB_ENTRIES - 1)];
}

/* The last byte must be in the page too, or the tag does not match. */
static inline bool entry_holds(const struct x86_tlb_entry *entry, uint32_t linear, unsigned size)
{
    return likely(entry->tag == ((linear + size - 1) & 0xfffff000u));
}

static inline uint8_t *bytes_at(struct x86 *c, const struct x86_tlb_entry *set, uint32_t linear,
                                unsigned size, enum x86_intent intent)
{
    const struct x86_tlb_entry *entry = entry_of(set, linear);
    if (entry_holds(entry, linear, size))
        return entry->host + (linear & 0xfff);
    return find_bytes(c, linear, size, intent);
}

static inline uint32_t get_bytes(const uint8_t *at, unsigned size)
{
    uint32_t wide;
    uint16_t half;
    if (size == 4)
        return memcpy(&wide, at, 4), wide;
    if (size == 2)
        return memcpy(&half, at, 2), half;
    return *at;
}

static inline void put_bytes(uint8_t *at, unsigned size, uint32_t value)
{
    memcpy(at, &value, size == 4 ? 4 : size == 2 ? 2 : 1);
}

/* The image of PUSHA. */
static inline void store_all(const struct x86 *c, uint8_t *at)
{
    put_bytes(at + 28, 4, c->s.gpr[X86_EAX]);
    put_bytes(at + 24, 4, c->s.gpr[X86_ECX]);
    put_bytes(at + 20, 4, c->s.gpr[X86_EDX]);
    put_bytes(at + 16, 4, c->s.gpr[X86_EBX]);
    put_bytes(at + 12, 4, c->s.gpr[X86_ESP]);
    put_bytes(at + 8, 4, c->s.gpr[X86_EBP]);
    put_bytes(at + 4, 4, c->s.gpr[X86_ESI]);
    put_bytes(at, 4, c->s.gpr[X86_EDI]);
}

/* ... of POPA, which passes over ESP. */
static inline void load_all(struct x86 *c, const uint8_t *at)
{
    c->s.gpr[X86_EAX] = get_bytes(at + 28, 4);
    c->s.gpr[X86_ECX] = get_bytes(at + 24, 4);
    c->s.gpr[X86_EDX] = get_bytes(at + 20, 4);
    c->s.gpr[X86_EBX] = get_bytes(at + 16, 4);
    c->s.gpr[X86_EBP] = get_bytes(at + 8, 4);
    c->s.gpr[X86_ESI] = get_bytes(at + 4, 4);
    c->s.gpr[X86_EDI] = get_bytes(at, 4);
}

/* --- the instructions that have no handler of their own -----------------------------------------
 */

static inline bool linear_of(struct x86 *c, unsigned segment, uint32_t offset, unsigned size,
                             enum x86_intent intent, uint32_t *linear)
{
    if ((c->mode & X86_MODE_FLAT_DATA) >> segment & 1) {
        *linear = offset;
        return true;
    }
    c->leaving = false;
    return x86_seg_linear(c, segment, offset, size, intent, linear);
}

static bool block_read(struct x86 *c, unsigned segment, uint32_t offset, unsigned size,
                       uint32_t *value)
{
    uint32_t linear;
    if (!linear_of(c, segment, offset, size, X86_READ, &linear))
        return false;
    const uint8_t *bytes = bytes_at(c, c->tlb.read[is_user(c)], linear, size, X86_READ);
    if (bytes == NULL)
        return false;
    *value = get_bytes(bytes, size);
    return true;
}

static bool block_may_read(struct x86 *c, unsigned segment, uint32_t offset, unsigned size)
{
    uint32_t value;
    return block_read(c, segment, offset, size, &value);
}

/* And the write that follows cannot leave: into a page with code or tables it might. */
static bool block_may_write(struct x86 *c, unsigned segment, uint32_t offset, unsigned size)
{
    uint32_t linear;
    const struct x86_tlb_entry *set = c->tlb.write[is_user(c)];
    if (!linear_of(c, segment, offset, size, X86_WRITE, &linear) ||
        bytes_at(c, set, linear, size, X86_WRITE) == NULL)
        return false;
    if (!entry_holds(entry_of(set, linear), linear, size))
        return leave(c), false;
    return true;
}

static bool block_write(struct x86 *c, unsigned segment, uint32_t offset, unsigned size,
                        uint32_t value)
{
    uint32_t linear;
    if (!linear_of(c, segment, offset, size, X86_WRITE, &linear))
        return false;
    uint8_t *bytes = bytes_at(c, c->tlb.write[is_user(c)], linear, size, X86_WRITE);
    if (bytes == NULL)
        return false;
    put_bytes(bytes, size, value);
    return true;
}

#define X(name)   block_##name
#define READ      block_read
#define WRITE     block_write
#define MAY_READ  block_may_read
#define MAY_WRITE block_may_write
#include "cpu/x86/exec.inc"
#undef X
#undef READ
#undef WRITE
#undef MAY_READ
#undef MAY_WRITE

/* --- REP MOVS and REP STOS, a run of bytes at a time --------------------------------------------
 */

/* Elements until the end of a page, upwards. */
static uint32_t room(uint32_t linear, unsigned size)
{
    return (4096 - (linear & 0xfff)) / size;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* As many elements as time and pages allow; 0: one by one. The last element of the instruction is
 * always left over, so that how it ends is written once. */
static uint32_t bulk(struct x86 *c, const struct x86_insn *i, ticks until, unsigned each)
{
    bool moves = x86_rows[i->row].what == X86_DO_MOVS;
    uint32_t edi = c->s.gpr[X86_EDI], esi = c->s.gpr[X86_ESI], count = c->s.gpr[X86_ECX];
    bool flat = (c->mode & X86_MODE_FLAT_ES) != 0 &&
                (!moves || ((c->mode & X86_MODE_FLAT_DATA) >> i->segment & 1) != 0);
    if (!flat || (i->flags & X86_INSN_ADDRESS_32) == 0 || (c->s.eflags & X86_DF) != 0 || count < 8)
        return 0;
    uint64_t in_time = (until - c->cpu.clock->s.now) / each;
    uint32_t n = least(count - 1, room(edi, i->size));
    n = least(n, in_time > n ? n : (uint32_t)in_time);
    if (moves)
        n = least(n, room(esi, i->size));
    if (n < 4)
        return 0;
    /* The source first, as one element would: a fault there leaves the destination's page alone. */
    const uint8_t *from = moves ? bytes_at(c, c->tlb.read[is_user(c)], esi, 1, X86_READ) : NULL;
    if (moves && from == NULL)
        return 0;
    const struct x86_tlb_entry *write = c->tlb.write[is_user(c)];
    uint8_t *to = bytes_at(c, write, edi, 1, X86_WRITE);
    if (to == NULL || x86_tlb_find(write, edi) == NULL) /* or a page with code in it */
        return 0;
    if (moves) {
        if (to > from && to < from + n * i->size)
            return 0; /* copies what it has just written: order matters */
        memmove(to, from, n * i->size);
        c->s.gpr[X86_ESI] = esi + n * i->size;
    } else if (i->size == 1) {
        memset(to, (int)c->s.gpr[X86_EAX], n);
    } else {
        for (uint32_t k = 0; k < n; k++)
            put_bytes(to + k * i->size, i->size, c->s.gpr[X86_EAX]);
    }
    c->s.gpr[X86_EDI] = edi + n * i->size;
    c->s.gpr[X86_ECX] = count - n;
    charge(c, n * each);
    return n;
}

/* True = done, or time is up between two elements (c->repeating). From the second element on RF is
 * set, as an interrupt between two of them or a fault in one would find it. */
static bool run_string(struct x86 *c, const struct x86_insn *i, ticks until)
{
    unsigned what = x86_rows[i->row].what;
    unsigned each = what == X86_DO_MOVS ? 3 : what == X86_DO_STOS ? 4 : 0;
    do {
        c->repeating = false;
        if (each != 0)
            while (bulk(c, i, until, each) != 0) {
                c->s.eflags |= X86_RF;
                if (c->cpu.clock->s.now >= until)
                    break;
            }
        if (c->cpu.clock->s.now >= until) {
            c->repeating = true;
            return true;
        }
        if (!block_table[i->row](c, i))
            return false;
        c->s.eflags |= X86_RF;
    } while (c->repeating && undisturbed(c) && c->cpu.clock->s.now < until &&
             c->cpu.clock->s.now < c->cpu.clock->horizon);
    return true;
}

/* --- the last instruction of a block, when it needs exact time -----------------------------------
 */

/* s.eip, s.count and the clock are those of the instruction's beginning. */
static enum x86_engine_exit finish(struct x86 *c, const struct x86_insn *i, bool good)
{
    if (!good && c->leaving)
        return X86_ENGINE_LEFT;
    if (!good) {
        x86_flags_store(c);
        x86_raise(c);
        x86_flags_load(c);
    } else if (!c->repeating && (c->s.attention & X86_ATTEND_MICRO) == 0) {
        c->s.eflags &= ~(uint32_t)X86_RF; /* of the element before */
        c->s.eip = c->next_eip;
        c->s.count++;
        charge(c, i->clocks);
    }
    return X86_ENGINE_LOOK;
}

static enum x86_engine_exit do_string(struct x86 *c, const struct x86_insn *i, ticks until)
{
    c->next_eip = c->s.eip + i->length;
    c->leaving = false;
    return finish(c, i, run_string(c, i, until));
}

static enum x86_engine_exit do_exit(struct x86 *c, const struct x86_insn *i)
{
    c->next_eip = c->s.eip + i->length;
    struct x86_flags before = c->flags;
    c->leaving = c->repeating = false;
    bool good = block_table[i->row](c, i);
    if (!good)
        c->flags = before;
    return finish(c, i, good);
}

static inline unsigned segment_loaded_by(const struct x86_insn *i)
{
    switch (x86_rows[i->row].what) {
    case X86_DO_MOV_TO_SEG: return i->number;
    case X86_DO_POP_SEG: return i->opcode >> 3 & 7;
    default: return x86_far_loads(i);
    }
}

/* After that segment register was loaded: are blocks of another mode to follow? */
static inline bool mode_changed_by(struct x86 *c, unsigned segment)
{
    unsigned bits = 1u << segment | (segment == X86_SS ? X86_MODE_STACK_32 : 0);
    c->mode_known = ((c->mode ^ x86_mode_of(c, segment)) & bits) == 0;
    return !c->mode_known;
}

/* --- from block to block ------------------------------------------------------------------------
 */

/* The block at CS:EIP = eip, without fault and without decoding; NULL = look up. */
static struct x86_block *block_at_eip(struct x86 *c, uint32_t eip)
{
    uint32_t linear = c->s.segment[X86_CS].base + eip;
    const struct x86_tlb_entry *entry =
        &c->tlb.code[is_user(c)][linear >> 12 & (X86_TLB_ENTRIES - 1)];
    if (entry->tag != (linear & 0xfffff000u))
        return NULL;
    struct x86_block *block = x86_block_find(c, entry->physical | (linear & 0xfff), c->mode);
    return block != NULL && block->bytes - 1u <= c->s.segment[X86_CS].limit - eip &&
                   eip <= c->s.segment[X86_CS].limit
               ? block
               : NULL;
}

/* The block to begin with, decoded if need be; NULL: none, or a fault waits there. */
static struct x86_block *first_block(struct x86 *c)
{
    const struct x86_segment *cs = &c->s.segment[X86_CS];
    uint32_t linear = cs->base + c->s.eip, physical;
    const struct x86_tlb_entry *entry =
        &c->tlb.code[is_user(c)][linear >> 12 & (X86_TLB_ENTRIES - 1)];
    if (c->s.eip > cs->limit)
        return NULL;
    if (entry->tag == (linear & 0xfffff000u))
        physical = entry->physical | (linear & 0xfff);
    else if (!x86_linear_check(c, linear, 1, X86_FETCH, is_user(c), &physical))
        return NULL;
    struct x86_block *block = x86_block_at(c, physical, c->mode);
    return block != NULL && block->bytes - 1u <= cs->limit - c->s.eip ? block : NULL;
}

/* Gives back what of the block is not done, from `i` on: s.eip, s.count and the clock become those
 * of the beginning of that instruction. */
static void give_back(struct x86 *c, const struct x86_block *block, const struct x86_insn *i,
                      uint32_t eip, ticks now)
{
    const struct x86_insn *done = block->insn;
    unsigned ticks_done = 0;
    for (; done != i; done++) {
        eip += done->length;
        ticks_done += done->clocks;
    }
    c->s.eip = eip;
    c->s.count -= block->count - (unsigned)(i - block->insn);
    c->cpu.clock->s.now = now - (block->ticks - ticks_done);
}

/* As give_back for the last instruction, which is all that is not done. */
static inline void before_last(struct x86 *c, const struct x86_block *block,
                               const struct x86_insn *i, uint32_t eip, ticks now)
{
    c->s.eip = eip + block->bytes - i->length;
    c->s.count--;
    c->cpu.clock->s.now = now - i->clocks;
}

/* RF, which a fault leaves set in the flags that IRET pops, holds back breakpoints of the
 * instruction that the fault was in, and is cleared when that is done. When nothing else has to be
 * looked up, it can be cleared before, and be put back where that instruction is left undone. */
static bool resumes(const struct x86 *c)
{
    return c->s.attention == X86_ATTEND_DEBUG && (c->s.eflags & (X86_RF | X86_TF)) == X86_RF &&
           (c->s.dr[7] & 0xff) == 0 && c->s.debug_pending == 0;
}

static void take_rf(struct x86 *c)
{
    c->s.eflags &= ~(uint32_t)X86_RF;
    c->s.attention &= ~(uint32_t)X86_ATTEND_DEBUG;
}

static void put_back_rf(struct x86 *c)
{
    c->s.eflags |= X86_RF;
    c->s.attention |= X86_ATTEND_DEBUG;
}

static void know_mode(struct x86 *c)
{
    if (!c->mode_known)
        c->mode = (uint16_t)x86_present_mode(c);
    c->mode_known = true;
}

/* --- watched instructions -----------------------------------------------------------------------
 */

/* More than any block takes; an engine that is watched comes up for air so often. */
#define WATCHED_TICKS ((ticks)1 << 32)

static const uint8_t *watched_by(const struct cpu_observer *observer)
{
    return observer != NULL && observer->insn != NULL ? observer->filter : NULL;
}

static bool in_filter(const uint8_t *filter, uint32_t pc)
{
    uint32_t bit = (pc ^ pc >> 16) & 0xffff;
    return (filter[bit >> 3] >> (bit & 7) & 1) != 0;
}

/* Is the bit of one of the block's instructions set? The bits of 64 aligned addresses are 64
 * aligned bits, in some order: most often they are all clear. */
static bool block_is_watched(const struct x86 *c, const struct x86_block *block, uint32_t eip,
                             const uint8_t *filter)
{
    uint32_t pc = c->s.segment[X86_CS].base + eip, first = pc & ~63u;
    uint64_t any = 0, bits;
    for (uint32_t at = 0; at <= pc + block->bytes - 1 - first; at += 64) {
        uint32_t granule = first + at;
        memcpy(&bits, filter + (((granule ^ granule >> 16) & 0xffc0) >> 3), 8);
        any |= bits;
    }
    if (any == 0)
        return false;
    for (const struct x86_insn *insn = block->insn; insn != block->insn + block->count; insn++) {
        if (in_filter(filter, pc))
            return true;
        pc += insn->length;
    }
    return false;
}

static enum x86_engine_exit engine(struct x86 *c, ticks until, const struct x86_insn **left,
                                   const void *const **handlers);

const void *const *x86_engine_handlers(void)
{
    const void *const *handlers;
    engine(NULL, 0, NULL, &handlers);
    return handlers;
}

const struct x86_insn *x86_engine_insn(struct x86 *c)
{
    know_mode(c);
    const struct x86_block *block = first_block(c);
    return block == NULL ? NULL : block->insn;
}

enum x86_engine_exit x86_engine_run(struct x86 *c, ticks until, struct x86_insn *insn)
{
    const struct x86_insn *last;
    know_mode(c);
    enum x86_engine_exit exit = engine(c, until, &last, NULL);
    if (exit == X86_ENGINE_LEFT)
        *insn = *last;
    return exit;
}

#include "cpu/x86/engine.inc"
