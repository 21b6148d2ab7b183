/* run: the loop: one instruction after another, with a look up at each boundary where something
 * may wait. */
#include "cpu/x86/run.h"

#include "cpu/x86/engine.h"
#include "cpu/x86/execute.h"

/* --- the instructions, watched ------------------------------------------------------------------
 */

/* SDM vol. 3, 17.2.5: an enabled data breakpoint whose bytes the access touches. */
static void match_breakpoints(struct x86 *c, uint32_t linear, unsigned size, bool writing)
{
    for (unsigned n = 0; n < 4; n++) {
        unsigned kind = c->s.dr[7] >> (16 + 4 * n) & 3,
                 length = (c->s.dr[7] >> (18 + 4 * n) & 3) + 1;
        bool enabled = (c->s.dr[7] >> 2 * n & 3) != 0;
        if (!enabled || !(kind == 3 || (kind == 1 && writing)))
            continue;
        uint32_t first = c->s.dr[n] & ~(uint32_t)(length - 1);
        if (linear - first < length || first - linear < size)
            c->s.debug_pending |= (uint8_t)(1u << n);
    }
    x86_attend_debug(c);
}

/* Shows an access to who wants to know; the values are in *access. */
static void show_access(struct x86 *c, const struct cpu_access *access)
{
    if ((c->s.dr[7] & 0xff) != 0)
        match_breakpoints(c, access->linear, access->size, access->write);
    if (c->observer == NULL || c->observer->access == NULL)
        return;
    x86_flags_store(c);
    c->stop_requested |= c->observer->access(c->observer->context, &c->cpu, access);
}

static bool observed_linear(struct x86 *c, unsigned segment, uint32_t offset, unsigned size,
                            enum x86_intent intent, uint32_t *linear)
{
    uint32_t physical;
    if (!x86_seg_linear(c, segment, offset, size, intent, linear))
        return false;
    if (!checks_alignment(c) || (*linear & (size - 1)) == 0)
        return true;
    return x86_linear_check(c, *linear, size, intent, true, &physical) &&
           x86_fault_error(c, X86_AC_FAULT, 0);
}

static bool observed_read(struct x86 *c, unsigned segment, uint32_t offset, unsigned size,
                          uint32_t *value)
{
    struct cpu_access access = {.size = (uint8_t)size};
    if (!observed_linear(c, segment, offset, size, X86_READ, &access.linear) ||
        !x86_linear_read_at(c, access.linear, size, is_user(c), value, &access.physical))
        return false;
    access.value = access.old = *value;
    show_access(c, &access);
    return true;
}

static bool observed_write(struct x86 *c, unsigned segment, uint32_t offset, unsigned size,
                           uint32_t value)
{
    struct cpu_access access = {.size = (uint8_t)size, .write = true, .value = value};
    if (!observed_linear(c, segment, offset, size, X86_WRITE, &access.linear) ||
        !x86_linear_write_at(c, access.linear, size, is_user(c), value, &access.old,
                             &access.physical))
        return false;
    show_access(c, &access);
    return true;
}

static bool observed_may(struct x86 *c, unsigned segment, uint32_t offset, unsigned size,
                         enum x86_intent intent)
{
    uint32_t linear, physical;
    return observed_linear(c, segment, offset, size, intent, &linear) &&
           x86_linear_check(c, linear, size, intent, is_user(c), &physical);
}

#define X(name)                             observed_##name
#define READ                                observed_read
#define WRITE                               observed_write
#define MAY_READ(c, segment, offset, size)  observed_may(c, segment, offset, size, X86_READ)
#define MAY_WRITE(c, segment, offset, size) observed_may(c, segment, offset, size, X86_WRITE)
#include "cpu/x86/exec.inc"
#undef X
#undef READ
#undef WRITE
#undef MAY_READ
#undef MAY_WRITE

/* --- fetching --------------------------------------------------------------------------------- */

/* Host bytes of code at a linear address, to the end of its page; or, where there is no memory,
 * bytes read from the bus into `buffer`. */
static const uint8_t *code_bytes(struct x86 *c, uint32_t linear, unsigned wanted, uint8_t *buffer)
{
    const uint8_t *host = x86_tlb_find(c->tlb.code[is_user(c)], linear);
    if (host != NULL)
        return host;
    uint32_t physical, byte;
    if (!x86_linear_check(c, linear, 1, X86_FETCH, is_user(c), &physical))
        return NULL;
    host = bus_page(c->cpu.memory, physical, false);
    if (host != NULL)
        return host + (physical & 0xfff);
    for (unsigned i = 0; i < wanted; i++)
        buffer[i] =
            bus_read(c->cpu.memory, c->cpu.number, physical + i, 1, &byte) ? (uint8_t)byte : 0xff;
    return buffer;
}

static bool decode_result(struct x86 *c, enum x86_decoded result)
{
    if (result == X86_DECODED)
        return true;
    return result == X86_DECODE_UNDEFINED ? x86_fault_plain(c, X86_UD)
                                          : x86_fault_error(c, X86_GP, 0);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The instruction lies across two pages; `first` bytes of it are in `buffer`. */
static bool fetch_rest(struct x86 *c, uint8_t *buffer, unsigned first, unsigned wanted,
                       struct x86_insn *insn)
{
    uint8_t more[X86_INSN_LONGEST];
    uint32_t linear = c->s.segment[X86_CS].base + c->s.eip + first;
    const uint8_t *bytes = code_bytes(c, linear, wanted - first, more);
    if (bytes == NULL)
        return false;
    memcpy(buffer + first, bytes, wanted - first);
    bool code_32 = (c->s.segment[X86_CS].attributes & X86_ATTR_BIG) != 0;
    return decode_result(c, x86_decode(buffer, wanted, code_32, insn));
}

bool x86_fetch(struct x86 *c, struct x86_insn *insn)
{
    const struct x86_segment *cs = &c->s.segment[X86_CS];
    if (c->s.eip > cs->limit)
        return x86_fault_error(c, X86_GP, 0);
    uint32_t linear = cs->base + c->s.eip, to_limit = cs->limit - c->s.eip;
    unsigned wanted = to_limit < X86_INSN_LONGEST ? to_limit + 1 : X86_INSN_LONGEST;
    unsigned here = least(wanted, 4096 - (linear & 0xfff));
    uint8_t buffer[X86_INSN_LONGEST];
    const uint8_t *bytes = code_bytes(c, linear, here, buffer);
    if (bytes == NULL)
        return false;
    enum x86_decoded result = x86_decode(bytes, here, (cs->attributes & X86_ATTR_BIG) != 0, insn);
    if (result == X86_DECODE_MORE && here < wanted) {
        memmove(buffer, bytes, here);
        return fetch_rest(c, buffer, here, wanted, insn);
    }
    return decode_result(c, result);
}

/* --- one instruction -------------------------------------------------------------------------- */

static void raise(struct x86 *c)
{
    c->s.debug_pending &= (uint8_t)~15u; /* a fault wins over its own instruction's breakpoints */
    x86_flags_store(c);
    x86_raise(c);
    x86_flags_load(c);
}

/* The instruction at CS:EIP, or one element of a REP instruction, which is fetched again for each:
 * a run may stop between any two, and how it is sliced must not show. A fault begins its
 * delivery. */
static void execute(struct x86 *c, const struct x86_insn *insn)
{
    bool single = (c->s.eflags & X86_TF) != 0;
    c->repeating = false;
    c->next_eip = c->s.eip + insn->length;
    if (!observed_table[insn->row](c, insn)) {
        raise(c);
        return;
    }
    if ((c->s.attention & X86_ATTEND_MICRO) != 0)
        return;
    if (single)
        c->s.debug_pending |= 0x40;
    if (c->repeating) {
        c->s.eflags |= X86_RF;
    } else {
        c->s.eflags &= ~(uint32_t)X86_RF;
        c->s.eip = c->next_eip;
        c->s.count++;
        charge(c, insn->clocks);
    }
    if (single || (c->s.attention & X86_ATTEND_DEBUG) != 0)
        x86_attend_debug(c);
}

static void step(struct x86 *c)
{
    const struct x86_insn *known = x86_engine_insn(c);
    struct x86_insn insn;
    if (known != NULL)
        insn = *known; /* it may change its own bytes */
    else if (!x86_fetch(c, &insn)) {
        raise(c);
        return;
    }
    execute(c, &insn);
}

/* --- the loop --------------------------------------------------------------------------------- */

static bool filtered(const struct cpu_observer *observer, uint32_t pc)
{
    uint32_t bit = (pc ^ pc >> 16) & 0xffff;
    return observer->filter != NULL && (observer->filter[bit >> 3] >> (bit & 7) & 1) == 0;
}

/* True: the observer wants to stop before this instruction. */
static bool stops_before(struct x86 *c)
{
    const struct cpu_observer *observer = c->observer;
    if (observer == NULL || observer->insn == NULL || c->repeating)
        return false;
    uint32_t pc = c->s.segment[X86_CS].base + c->s.eip;
    if (filtered(observer, pc))
        return false;
    x86_flags_store(c);
    return observer->insn(observer->context, &c->cpu, pc);
}

/* The micro-program in progress, to its end or to the limit; false = a reason to stop. */
static bool micro_program(struct x86 *c, const struct cpu_limit *limit)
{
    bool stepwise = c->observer != NULL || (limit->micro != 0 && c->s.count >= limit->count);
    bool more = true;
    c->repeating = false;
    x86_mode_changed(c);
    x86_flags_store(c);
    while (more && !c->stop_requested) {
        if (stepwise && c->s.count >= limit->count && limit->micro != 0 &&
            c->s.micro.done >= limit->micro)
            return false;
        more = stepwise ? x86_micro_step(c) : x86_micro_run(c);
    }
    x86_flags_load(c);
    return !more || !c->stop_requested;
}

/* At an instruction boundary: has the run reached its limit? */
static bool reached(const struct x86 *c, const struct cpu_limit *limit)
{
    ticks now = c->cpu.clock->s.now;
    if (c->s.count > limit->count || (c->s.count == limit->count && limit->micro == 0))
        return true;
    return now >= limit->tick || now >= c->cpu.clock->horizon;
}

/* An observer of instructions that has a filter is asked in the loop; accesses are not shown in
 * blocks. */
static bool lets_blocks_run(const struct cpu_observer *observer)
{
    return observer == NULL ||
           (observer->access == NULL && (observer->insn == NULL || observer->filter != NULL));
}

/* Blocks know nothing of accesses that are watched, breakpoints and alignment. */
static bool may_use_blocks(const struct x86 *c)
{
    return lets_blocks_run(c->observer) && undisturbed(c) && (c->s.dr[7] & 0xff) == 0 &&
           !checks_alignment(c);
}

/* Every instruction takes a tick or more, so that a limit of the count is one of time too. */
static ticks end_of_time(const struct x86 *c, const struct cpu_limit *limit)
{
    ticks now = c->cpu.clock->s.now, until = limit->tick;
    if (c->cpu.clock->horizon < until)
        until = c->cpu.clock->horizon;
    uint64_t instructions = limit->count - c->s.count;
    return until - now > instructions ? now + instructions : until;
}

static bool rests(const struct x86 *c)
{
    uint32_t busy = X86_ATTEND_MICRO | X86_ATTEND_INIT | X86_ATTEND_STARTUP;
    return (c->s.attention & (X86_ATTEND_HALT | X86_ATTEND_ASLEEP)) != 0 &&
           (c->s.attention & busy) == 0;
}

static enum cpu_stop run(struct x86 *c, const struct cpu_limit *limit)
{
    for (;;) {
        if (c->s.shutdown)
            return CPU_SHUTDOWN;
        if ((c->s.attention & X86_ATTEND_MICRO) != 0) {
            if (c->s.count >= limit->count && limit->micro == 0)
                return CPU_LIMIT;
            if (!micro_program(c, limit))
                return c->stop_requested ? CPU_OBSERVED : CPU_LIMIT;
            continue;
        }
        if (c->stop_requested)
            return CPU_OBSERVED;
        if (reached(c, limit))
            return CPU_LIMIT;
        uint32_t attention = c->s.attention;
        if (attention != 0) {
            uint8_t pending = c->s.debug_pending;
            x86_flags_store(c);
            bool go = x86_boundary(c);
            x86_flags_load(c);
            if (!go) {
                if (rests(c))
                    return CPU_HALTED;
                continue;
            }
            if (stops_before(c)) {
                c->s.attention = attention;
                c->s.debug_pending = pending;
                return CPU_OBSERVED;
            }
        } else if (stops_before(c)) {
            return CPU_OBSERVED;
        }
        if (!may_use_blocks(c)) {
            step(c);
            continue;
        }
        struct x86_insn insn;
        switch (x86_engine_run(c, end_of_time(c, limit), &insn)) {
        case X86_ENGINE_LOOK: break;
        case X86_ENGINE_STEP: step(c); break;
        case X86_ENGINE_LEFT: execute(c, &insn); break;
        }
    }
}

enum cpu_stop x86_run(struct cpu *cpu, struct cpu_limit limit)
{
    struct x86 *c = (struct x86 *)cpu;
    c->stop_requested = false;
    x86_flags_load(c);
    enum cpu_stop stop = run(c, &limit);
    x86_flags_store(c);
    c->stop_requested = false;
    return stop;
}

void x86_mode_changed(struct x86 *c)
{
    c->mode_known = false;
}
