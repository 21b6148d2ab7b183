/* run: the loop: one instruction after another, with a look at each boundary at what waits. */
#include "cpu/mips/run.h"

#include "cpu/mips/engine.h"
#include "cpu/mips/execute.h"

/* --- what instructions stand on -----------------------------------------------------------------
 */

static bool add_checked(struct mips *c, uint32_t a, uint32_t b, uint32_t sum, uint32_t *to)
{
    if (add_overflows(a, b, sum))
        return mips_fail(c, MIPS_STEP_NO_OVERFLOW, MIPS_OV, a, b);
    *to = sum;
    return true;
}

/* A branch likely: pc and next_pc move over the slot here, when it is not taken. */
static bool likely(struct mips *c, bool taken, uint32_t target)
{
    if (taken) {
        c->target = target;
        return true;
    }
    c->s.next_pc += 4;
    c->target = c->s.next_pc + 4;
    c->slot_left_out = true;
    return true;
}

static bool unusable(struct mips *c, unsigned unit)
{
    mips_fail(c, MIPS_STEP_USABLE, MIPS_CPU, unit, c->s.status);
    c->fault.unit = (uint8_t)unit;
    return false;
}

/* What the class of an instruction asks for before it. */
static bool ready(struct mips *c, const struct mips_insn *insn)
{
    if (insn->class == MIPS_SYSTEM_CLASS && mips_user(c) && (c->s.status & MIPS_CU0) == 0)
        return unusable(c, 0);
    if (insn->class == MIPS_HILO_CLASS && c->s.cycles < c->s.hilo_ready)
        mips_charge(c, (unsigned)(c->s.hilo_ready - c->s.cycles));
    return true;
}

static void complete(struct mips *c, const struct mips_insn *insn)
{
    c->s.in_slot =
        insn->class == MIPS_BRANCH_CLASS || (insn->class == MIPS_LIKELY_CLASS && !c->slot_left_out);
    c->s.branch_pc = c->s.in_slot ? c->s.pc : 0;
    c->s.pc = c->s.next_pc;
    c->s.next_pc = c->target;
    c->s.count++;
    if (insn->class == MIPS_HILO_CLASS && mips_hilo_ticks(c->model, insn) != 0)
        c->s.hilo_ready = c->s.cycles + mips_hilo_ticks(c->model, insn);
    mips_charge(c, insn->ticks);
}

/* --- the instructions ---------------------------------------------------------------------------
 */

static bool plain_load(struct mips *c, uint32_t address, unsigned size, uint32_t *value)
{
    struct mips_place place;
    return mips_load(c, address, size, value, &place);
}

static bool plain_store(struct mips *c, uint32_t address, unsigned size, uint32_t value)
{
    struct mips_place place;
    return mips_store(c, address, size, value, &place);
}

#define X(name) plain_##name
#define LOAD    plain_load
#define STORE   plain_store
#include "cpu/mips/exec.inc"
#undef X
#undef LOAD
#undef STORE

static void show_access(struct mips *c, const struct cpu_access *access)
{
    if (c->observer->access != NULL)
        c->stop_requested |= c->observer->access(c->observer->context, &c->cpu, access);
}

static bool observed_load(struct mips *c, uint32_t address, unsigned size, uint32_t *value)
{
    struct mips_place place;
    if (!mips_load(c, address, size, value, &place))
        return false;
    show_access(c, &(struct cpu_access){.linear = address,
                                        .physical = place.physical,
                                        .value = *value,
                                        .old = place.old,
                                        .size = (uint8_t)size});
    return true;
}

static bool observed_store(struct mips *c, uint32_t address, unsigned size, uint32_t value)
{
    struct mips_place place;
    if (!mips_store(c, address, size, value, &place))
        return false;
    show_access(c, &(struct cpu_access){.linear = address,
                                        .physical = place.physical,
                                        .value = value,
                                        .old = place.old,
                                        .size = (uint8_t)size,
                                        .write = true});
    return true;
}

#define X(name) observed_##name
#define LOAD    observed_load
#define STORE   observed_store
#include "cpu/mips/exec.inc"
#undef X
#undef LOAD
#undef STORE

/* A branch may be asked at any time: it changes nothing but the registers of a copy. */
uint32_t mips_behind_slot(const struct mips *c, uint32_t pc, uint32_t slot,
                          const struct mips_insn *insn)
{
    if (insn->class != MIPS_BRANCH_CLASS && insn->class != MIPS_LIKELY_CLASS)
        return slot + 4;
    struct mips copy = {.model = c->model, .s = c->s, .target = slot + 4};
    copy.s.pc = pc;
    copy.s.next_pc = slot;
    plain_table[insn->row](&copy, insn);
    return copy.slot_left_out ? slot + 4 : copy.target;
}

/* --- the loop -----------------------------------------------------------------------------------
 */

static bool filtered(const struct cpu_observer *observer, uint32_t pc)
{
    uint32_t bit = (pc ^ pc >> 16) & 0xffff;
    return observer->filter != NULL && (observer->filter[bit >> 3] >> (bit & 7) & 1) == 0;
}

/* True: the observer wants to stop before this instruction. */
static bool stops_before(struct mips *c)
{
    const struct cpu_observer *observer = c->observer;
    return observer != NULL && observer->insn != NULL && !filtered(observer, c->s.pc) &&
           observer->insn(observer->context, &c->cpu, c->s.pc);
}

/* The micro-program in progress, to its end or to the limit; false = a reason to stop. */
static bool micro_program(struct mips *c, const struct cpu_limit *limit)
{
    bool more = true;
    if (c->observer == NULL && (limit->micro == 0 || c->s.count < limit->count)) {
        mips_micro_run(c);
        return true;
    }
    while (more && !c->stop_requested) {
        if (limit->micro != 0 && c->s.count >= limit->count && c->s.micro.done >= limit->micro)
            return false;
        more = mips_micro_step(c);
    }
    return !more || !c->stop_requested;
}

/* At an instruction boundary: has the run reached its limit? */
static bool reached(const struct mips *c, const struct cpu_limit *limit)
{
    ticks now = c->cpu.clock->s.now;
    if (c->s.count > limit->count || (c->s.count == limit->count && limit->micro == 0))
        return true;
    return now >= limit->tick || now >= c->cpu.clock->horizon;
}

/* Until when nothing happens by itself: Count does not reach Compare before. */
static ticks quiet_until(const struct mips *c, const struct cpu_limit *limit)
{
    ticks now = c->cpu.clock->s.now, until = limit->tick;
    if (c->cpu.clock->horizon < until)
        until = c->cpu.clock->horizon;
    uint64_t longest = UINT64_C(1) << 30;
    uint64_t timer = mips_timer_runs(c) ? mips_ticks_to_compare(c) : longest;
    longest = timer < longest ? timer : longest;
    return until - now > longest ? now + longest : until;
}

/* ... but instructions. Each takes a tick or more, so that a limit of the count is one of time. */
static ticks end_of_time(const struct mips *c, const struct cpu_limit *limit)
{
    ticks now = c->cpu.clock->s.now, until = quiet_until(c, limit);
    uint64_t instructions = limit->count - c->s.count;
    return until - now > instructions ? now + instructions : until;
}

static void let_time_pass(struct mips *c, const struct cpu_limit *limit)
{
    mips_charge(c, (unsigned)(quiet_until(c, limit) - c->cpu.clock->s.now));
}

enum cpu_stop mips_run(struct cpu *cpu, struct cpu_limit limit)
{
    struct mips *c = (struct mips *)cpu;
    c->stop_requested = false;
    for (;;) {
        if (c->s.micro.program != MIPS_PROGRAM_NONE) {
            if (c->s.count >= limit.count && limit.micro == 0)
                return CPU_LIMIT;
            if (!micro_program(c, &limit))
                return c->stop_requested ? CPU_OBSERVED : CPU_LIMIT;
            continue;
        }
        if (c->stop_requested)
            return CPU_OBSERVED;
        if (reached(c, &limit))
            return CPU_LIMIT;
        if (c->s.stopped || (mips_waits(c) && !mips_wakes_itself(c)))
            return CPU_HALTED;
        if (mips_waits(c)) {
            let_time_pass(c, &limit);
            continue;
        }
        c->s.waiting = 0;
        if (mips_interrupted(c)) {
            mips_interrupt(c);
            continue;
        }
        if (stops_before(c))
            return CPU_OBSERVED;
        if (c->observer != NULL)
            observed_step(c);
        else if (c->s.in_slot || mips_engine_run(c, end_of_time(c, &limit)) == MIPS_ENGINE_STEP)
            plain_step(c);
    }
}
