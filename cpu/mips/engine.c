/* engine: runs blocks of decoded instructions, as fast as this host can be made to.
 *
 * Time is charged by the block, on entry; who leaves in the middle gives back what is not done. A
 * handler that cannot do its work at once (a device, a write into decoded code, a fault in a delay
 * slot) leaves, having changed nothing, and the instruction goes one by one: so nothing in here
 * ever touches a device or drops a block that it is in. Exceptions and returns go on inside. */
#include "cpu/mips/engine.h"

#include <string.h>

#include "cpu/mips/choose.h"
#include "cpu/mips/execute.h"

/* Computed goto: the dispatch of each handler is a jump of its own, which the host can predict. */
#pragma GCC diagnostic ignored "-Wpedantic"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* --- memory ----------------------------------------------------------------------------------- */

static inline uint32_t get16(const uint8_t *p)
{
    uint16_t value;
    memcpy(&value, p, sizeof value);
    return __builtin_bswap16(value);
}

static inline uint32_t get32(const uint8_t *p)
{
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return __builtin_bswap32(value);
}

static inline void put16(uint8_t *p, uint32_t value)
{
    uint16_t turned = __builtin_bswap16((uint16_t)value);
    memcpy(p, &turned, sizeof turned);
}

static inline void put32(uint8_t *p, uint32_t value)
{
    uint32_t turned = __builtin_bswap32(value);
    memcpy(p, &turned, sizeof turned);
}

/* Two words between registers, in the host's order, and memory. */
static inline void turn_two(uint8_t *to, const uint8_t *from)
{
    uint64_t two;
    memcpy(&two, from, sizeof two);
    two = __builtin_bswap64(two << 32 | two >> 32);
    memcpy(to, &two, sizeof two);
}

/* Few jumps: each would be one for the host to predict. */
static inline void turn_words(uint8_t *to, const uint8_t *from, unsigned words)
{
    for (; words >= 8; words -= 8, from += 32, to += 32) {
        turn_two(to, from);
        turn_two(to + 8, from + 8);
        turn_two(to + 16, from + 16);
        turn_two(to + 24, from + 24);
    }
    if ((words & 4) != 0) {
        turn_two(to, from);
        turn_two(to + 8, from + 8);
        to += 16, from += 16;
    }
    if ((words & 2) != 0) {
        turn_two(to, from);
        to += 8, from += 8;
    }
    if ((words & 1) != 0) {
        uint32_t one;
        memcpy(&one, from, sizeof one);
        one = __builtin_bswap32(one);
        memcpy(to, &one, sizeof one);
    }
}

/* As mips_reach, but leaves alone what changes something: two matches shut the TLB down. */
static const struct mips_soft_entry *reach(struct mips *c, uint32_t address,
                                           enum mips_intent intent)
{
    bool faulted = false;
    uint32_t device;
    const struct mips_soft_entry *entry = NULL;
    if (mips_look_up(c, address).match != MIPS_TWICE)
        entry = mips_reach(c, address, intent, &faulted, &device);
    c->leaving = !faulted;
    return entry;
}

_Static_assert(sizeof(struct mips_soft_entry) == 16 && MIPS_SOFT_ENTRIES == 256, "see below");

static inline const struct mips_soft_entry *soft_entry(const struct mips_soft_entry *set,
                                                       uint32_t address)
{
    return (const struct mips_soft_entry *)(const void *)((const char *)set +
                                                          (address >> 8 & 0xff0));
}

/* Host bytes of an address that the soft TLB did not have at first sight. NULL: a fault, or
 * c->leaving. */
static __attribute__((noinline)) uint8_t *find_bytes(struct mips *c, uint32_t address,
                                                     unsigned alignment, enum mips_intent intent)
{
    c->leaving = true;
    if ((address & alignment) != 0)
        return NULL;
    const struct mips_soft_entry *entry = reach(c, address, intent);
    if (entry == NULL ||
        (intent == MIPS_WRITE && !mips_no_code_in(c, entry->physical | (address & 0xffc), 4)))
        return NULL;
    return mips_soft_bytes(entry, address);
}

/* --- blocks ----------------------------------------------------------------------------------- */

#define KSEG0 0x80000000u

/* What pages of the present address space have in their tag. */
static uint32_t tag_of(const struct mips *c)
{
    return (c->s.entryhi & c->model->entryhi_asid) >> c->model->asid_shift << 4 | 8;
}

/* So many bytes from 80000000 on need no TLB. */
static inline uint32_t direct_of(bool user)
{
    return user ? 0 : 0x40000000;
}

/* Of blocks; MIPS_MODE_DIRECT left out. */
static inline unsigned mode_of(const struct mips *c, bool user)
{
    return !user || (c->s.status & MIPS_CU0) != 0 ? MIPS_MODE_SYSTEM : 0;
}

/* The block at an address, decoded if need be; NULL: none, or a fault waits there. */
static __attribute__((noinline)) struct mips_block *block_at(struct mips *c, uint32_t pc)
{
    bool user = mips_user(c);
    unsigned mode = mode_of(c, user);
    if ((pc & 3) != 0)
        return NULL;
    if (pc - KSEG0 < direct_of(user))
        return mips_block_at(c, pc & 0x1fffffff, mode | MIPS_MODE_DIRECT);
    const struct mips_soft_entry *entry = reach(c, pc, MIPS_FETCH);
    return entry == NULL ? NULL : mips_block_at(c, entry->physical | (pc & 0xfff), mode);
}

/* Whether a way from a block that is at `pc` leads to the same one whenever it is taken: inside the
 * page, or where addresses are physical ones. J and JAL have a part of where they are in them. */
static bool is_lasting(const struct mips_block *block, uint32_t pc, uint32_t target, bool relative)
{
    if ((block->mode & MIPS_MODE_DIRECT) != 0)
        return (pc ^ target) >> 29 == 0;
    return relative && (pc ^ target) >> 12 == 0;
}

/* --- time ------------------------------------------------------------------------------------- */

/* Ticks between the clock and `left` before `until`. */
static inline unsigned owed(const struct mips *c, ticks until, int64_t left)
{
    return (unsigned)(until - (ticks)left - c->cpu.clock->s.now);
}

/* The clock, and what this processor counts, become those of `left` ticks before `until`. */
static inline void settle(struct mips *c, ticks until, int64_t left)
{
    mips_charge(c, owed(c, until, left));
}

/* ... unless Count reaches Compare only behind `left`. Answers what is left to charge. */
static inline unsigned settle_timer(struct mips *c, ticks until, int64_t left)
{
    if (unlikely(left <= 0))
        settle(c, until, left);
    return owed(c, until, left);
}

/* Where the next instruction is, which is in no slot. */
static inline void stand_at(struct mips *c, uint32_t pc)
{
    c->s.pc = pc;
    c->s.next_pc = pc + 4;
}

static enum mips_engine_exit engine(struct mips *c, ticks until, const void *const **handlers);

const void *const *mips_engine_handlers(void)
{
    const void *const *handlers;
    engine(NULL, 0, &handlers);
    return handlers;
}

enum mips_engine_exit mips_engine_run(struct mips *c, ticks until)
{
    if (until == c->cpu.clock->s.now) /* what is next may do a part of it only */
        return MIPS_ENGINE_STEP;
    return engine(c, until, NULL);
}

#include "cpu/mips/engine.inc"
