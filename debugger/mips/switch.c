/* switch: follows the kernel's own code from the beginning of its dispatch function to the case of
 * one number, without running it.
 *
 * Registers are known or not. The trapframe and the stack are known places, the number is what lies
 * in the trapframe; constants and the jump table come from the kernel's file. A branch whose
 * operands are known goes where it goes; of one that is not (an assertion), both ways are tried. */
#include <stdlib.h>

#include "debugger/mips/parts.h"
#include "emu/base/bug.h"

#define STEPS     4000u /* instructions, on all ways together */
#define WAYS      64u
#define SLOTS     32u
#define STACK     0x7fff8000u /* made up: no kernel has its stack or a trapframe there */
#define TRAPFRAME 0x7ffe0000u

struct known {
    bool is;
    bool of_number; /* made of the call's number */
    uint32_t value;
};

struct slot {
    uint32_t address;
    struct known known;
};

/* One way through the code. */
struct way {
    uint32_t pc, next;
    struct known reg[32];
    struct slot slot[SLOTS];
    unsigned slots;
    struct arch_switch found;
    bool ended;
};

struct follower {
    const struct image *kernel;
    uint32_t low, high; /* of the function */
    uint32_t field, number;
    struct way way[WAYS];
    unsigned ways;
    unsigned steps;
};

static void note(struct way *way, enum arch_switch_kind kind, uint32_t pc, uint32_t address,
                 uint32_t value)
{
    if (way->found.steps < ARCH_SWITCH_STEPS)
        way->found.step[way->found.steps++] = (struct arch_switch_step){kind, pc, address, value};
}

/* --- memory ----------------------------------------------------------------------------------- */

static struct known load(struct follower *f, struct way *way, struct known address)
{
    struct known loaded = {.is = false};
    uint8_t bytes[4];
    if (!address.is)
        return loaded;
    if (address.value == TRAPFRAME + f->field)
        return (struct known){true, true, f->number};
    for (unsigned i = 0; i < way->slots; i++)
        if (way->slot[i].address == address.value)
            return way->slot[i].known;
    if (!image_bytes(f->kernel, address.value, bytes, sizeof bytes))
        return loaded;
    /* Variables change: only what the number leads to is a table of constants. */
    loaded = (struct known){address.of_number, address.of_number, arch_word(&arch_mips, bytes)};
    if (address.of_number)
        note(way, ARCH_SWITCH_TABLE, way->pc, address.value, loaded.value);
    return loaded;
}

static void store(struct way *way, struct known address, struct known value)
{
    if (!address.is)
        return;
    for (unsigned i = 0; i < way->slots; i++)
        if (way->slot[i].address == address.value) {
            way->slot[i].known = value;
            return;
        }
    if (way->slots < SLOTS)
        way->slot[way->slots++] = (struct slot){address.value, value};
}

/* --- instructions ----------------------------------------------------------------------------- */

static struct known both(struct known a, struct known b, uint32_t value)
{
    return (struct known){a.is && b.is, a.of_number || b.of_number, value};
}

static struct known computed(const struct way *way, uint32_t word, bool *handled)
{
    struct known a = way->reg[word >> 21 & 31], b = way->reg[word >> 16 & 31];
    unsigned shift = word >> 6 & 31;
    int32_t sa = (int32_t)a.value, sb = (int32_t)b.value;
    *handled = true;
    switch (word & 63) {
    case 0x00: return both(b, b, b.value << shift);
    case 0x02: return both(b, b, b.value >> shift);
    case 0x03: return both(b, b, (uint32_t)(sb >> shift));
    case 0x20:
    case 0x21: return both(a, b, a.value + b.value);
    case 0x22:
    case 0x23: return both(a, b, a.value - b.value);
    case 0x24: return both(a, b, a.value & b.value);
    case 0x25: return both(a, b, a.value | b.value);
    case 0x26: return both(a, b, a.value ^ b.value);
    case 0x27: return both(a, b, ~(a.value | b.value));
    case 0x2a: return both(a, b, sa < sb);
    case 0x2b: return both(a, b, a.value < b.value);
    default: *handled = false; return (struct known){.is = false};
    }
}

static struct known immediate(const struct way *way, uint32_t word)
{
    struct known a = way->reg[word >> 21 & 31], none = {.is = true};
    uint32_t wide = (uint32_t)(int32_t)(int16_t)word, low = word & 0xffff;
    switch (word >> 26) {
    case 0x08:
    case 0x09: return both(a, none, a.value + wide);
    case 0x0a: return both(a, none, (int32_t)a.value < (int32_t)wide);
    case 0x0b: return both(a, none, a.value < wide);
    case 0x0c: return both(a, none, a.value & low);
    case 0x0d: return both(a, none, a.value | low);
    case 0x0e: return both(a, none, a.value ^ low);
    default: return (struct known){true, false, low << 16}; /* LUI */
    }
}

static void set(struct way *way, unsigned reg, struct known known)
{
    if (reg != 0)
        way->reg[reg] = known;
}

/* What is no jump. */
static void plain(struct follower *f, struct way *way, uint32_t word)
{
    unsigned op = word >> 26, rt = word >> 16 & 31, rd = word >> 11 & 31;
    struct known base = way->reg[word >> 21 & 31], unknown = {.is = false}, none = {.is = true};
    struct known address = both(base, none, base.value + (uint32_t)(int32_t)(int16_t)word);
    bool handled;
    if (op == 0) {
        struct known result = computed(way, word, &handled);
        set(way, rd, result);
    } else if (op >= 0x08 && op <= 0x0f) {
        set(way, rt, immediate(way, word));
    } else if (op == 0x23) {
        set(way, rt, load(f, way, address));
    } else if (op == 0x2b) {
        store(way, address, way->reg[rt]);
    } else if (op >= 0x20 && op <= 0x26) {
        set(way, rt, unknown);
    }
}

/* --- jumps ------------------------------------------------------------------------------------ */

/* A call: what it may change is unknown behind it. */
static void call(struct way *way, uint32_t target, bool known)
{
    static const struct known unknown = {.is = false};
    if (way->found.steps > 0 && known) {
        way->found.handler = target;
        note(way, ARCH_SWITCH_CALL, way->pc, target, 0);
        way->ended = true;
        return;
    }
    for (unsigned reg = 1; reg < 32; reg++)
        if (reg < 16 || reg == 24 || reg == 25 || reg == MIPS_RA)
            way->reg[reg] = unknown;
}

/* Does it branch? `decided` false = that is not known. */
static bool taken(const struct way *way, uint32_t word, bool *decided, bool *of_number)
{
    struct known a = way->reg[word >> 21 & 31], b = way->reg[word >> 16 & 31];
    int32_t sa = (int32_t)a.value;
    unsigned op = word >> 26 & 7;
    bool pair = op == 4 || op == 5;
    *decided = a.is && (!pair || b.is);
    *of_number = a.of_number || (pair && b.of_number);
    switch (op) {
    case 4: return a.value == b.value;
    case 5: return a.value != b.value;
    case 6: return sa <= 0;
    case 7: return sa > 0;
    default: return (word >> 16 & 1) != 0 ? sa >= 0 : sa < 0; /* REGIMM */
    }
}

static bool word_at(const struct follower *f, uint32_t pc, uint32_t *word)
{
    uint8_t bytes[4];
    if (pc < f->low || pc >= f->high || !image_bytes(f->kernel, pc, bytes, sizeof bytes))
        return false;
    *word = arch_word(&arch_mips, bytes);
    return true;
}

static void slot_of(struct follower *f, struct way *way)
{
    uint32_t word;
    if (word_at(f, way->pc + 4, &word))
        plain(f, way, word);
}

static void branch(struct follower *f, struct way *way, uint32_t word)
{
    uint32_t target = way->pc + 4 + ((uint32_t)(int32_t)(int16_t)word << 2);
    bool decided, of_number, jumps = taken(way, word, &decided, &of_number);
    bool likely = (word >> 26 & 0x10) != 0;
    if (decided && of_number)
        note(way, ARCH_SWITCH_COMPARE, way->pc, jumps ? target : way->pc + 8, jumps);
    if (!likely || !decided || jumps)
        slot_of(f, way);
    way->next = way->pc + 8;
    if (decided && jumps)
        way->next = target;
    if (!decided && f->ways < WAYS) {
        struct way *other = &f->way[f->ways++];
        *other = *way;
        other->pc = target;
    }
}

static void step(struct follower *f, struct way *way, uint32_t word)
{
    unsigned op = word >> 26, funct = word & 63;
    struct known target = way->reg[word >> 21 & 31];
    way->next = way->pc + 4;
    if (op == 0 && (funct == 8 || funct == 9)) { /* JR, JALR */
        slot_of(f, way);
        way->next = funct == 9 ? way->pc + 8 : target.value;
        way->ended = funct == 8 && !target.is;
        if (funct == 9)
            call(way, target.value, target.is);
    } else if (op == 2 || op == 3) {
        uint32_t to = ((way->pc + 4) & 0xf0000000u) | (word & 0x03ffffffu) << 2;
        slot_of(f, way);
        way->next = op == 3 ? way->pc + 8 : to;
        if (op == 3)
            call(way, to, true);
    } else if (op == 1 || (op >= 4 && op <= 7) || (op >= 20 && op <= 23)) {
        branch(f, way, word);
    } else {
        plain(f, way, word);
    }
}

/* To the call of the case, or to where the way ends. */
static bool follow(struct follower *f, struct way *way)
{
    uint32_t word;
    while (!way->ended && f->steps++ < STEPS && word_at(f, way->pc, &word)) {
        step(f, way, word);
        if (!way->ended)
            way->pc = way->next;
    }
    return way->found.handler != 0;
}

bool mips_follow_switch(const struct image *kernel, const struct symbol *function,
                        uint32_t number_field, uint32_t number, struct arch_switch *out)
{
    static const struct known zero = {.is = true};
    struct follower *f = bug_alloc(1, sizeof *f);
    *f = (struct follower){.kernel = kernel,
                           .low = function->address,
                           .high = function->address + function->size,
                           .field = number_field,
                           .number = number,
                           .ways = 1};
    struct way *first = &f->way[0];
    first->pc = f->low;
    first->reg[0] = zero;
    first->reg[MIPS_A0] = (struct known){true, false, TRAPFRAME};
    first->reg[MIPS_SP] = (struct known){true, false, STACK};
    bool found = false;
    for (unsigned i = 0; i < f->ways && !found; i++) {
        found = follow(f, &f->way[i]);
        if (found)
            *out = f->way[i].found;
    }
    free(f);
    return found;
}
