/* trap: exceptions, RFE and ERET, one action after another, as Kane's chapter 6 and volume 3 of
 * MIPS32 list them.
 *
 * A program reads from top to bottom; STEP and SET each name a row of steps.def and are the places
 * where it can be left and entered again: mips_micro.state says where. Nothing but struct
 * mips_state survives from one step to the next. */
#include "cpu/mips/trap.h"

#include <string.h>

#include "cpu/mips/timing.h"

/* --- faults on their way ------------------------------------------------------------------------
 */

bool mips_fail(struct mips *c, uint16_t step, enum mips_exception exception, uint32_t a, uint32_t b)
{
    c->fault = (struct mips_fault){.step = step, .exception = (uint8_t)exception, .a = a, .b = b};
    return false;
}

bool mips_fail_at(struct mips *c, uint16_t step, enum mips_exception exception, uint32_t address,
                  uint32_t a, uint32_t b)
{
    mips_fail(c, step, exception, a, b);
    c->fault.address = address;
    return false;
}

/* --- the recorder -------------------------------------------------------------------------------
 */

static inline struct trace_event *record(struct mips *c, enum trace_kind kind)
{
    struct trace_event *event = trace_next(c->cpu.trace);
    event->tick = c->cpu.clock->s.now;
    event->count = c->s.count + c->cpu.others;
    event->kind = (uint8_t)kind;
    event->cpu = (uint8_t)c->cpu.number;
    event->vector = c->s.micro.exception;
    return event;
}

static struct trace_event *tell(struct mips *c, enum trace_kind kind, uint32_t address)
{
    struct trace_event *event = record(c, kind);
    event->addr = address;
    event->b = c->s.gpr[MIPS_SP];
    return event;
}

#define INLINE static inline __attribute__((always_inline))

/* The bytes of an event that a step knows when it is compiled. */
struct head {
    uint8_t kind, flags, cpu, size;
    uint16_t step, cost;
};

_Static_assert(offsetof(struct trace_event, flags) ==
                       offsetof(struct trace_event, kind) + offsetof(struct head, flags) &&
                   offsetof(struct trace_event, cost) ==
                       offsetof(struct trace_event, kind) + offsetof(struct head, cost),
               "a head is written at once");

/* Where a program's next event goes. At full speed (`whole`) its events stand side by side in the
 * ring behind one of the same program, and those of steps are terse. */
struct recorder {
    bool whole;
    struct trace_event *event;
};

INLINE struct recorder recorder_of(const struct mips *c, bool whole)
{
    const struct trace *trace = c->cpu.trace;
    return (struct recorder){whole, &trace->event[trace->written % TRACE_SLOTS]};
}

static bool can_run_whole(const struct mips *c)
{
    const struct trace *trace = c->cpu.trace;
    return c->s.micro.state == 0 && trace->written != trace->first &&
           trace->written % TRACE_SLOTS <= TRACE_SLOTS - TRACE_RUN;
}

INLINE struct trace_event *step_event(struct mips *c, struct recorder *r, struct head head)
{
    struct trace_event *event = r->event;
    if (r->whole) {
        r->event++;
        head.flags |= TRACE_TERSE;
    } else {
        event = record(c, TRACE_STEP);
        head.cpu = (uint8_t)c->cpu.number;
    }
    memcpy(&event->kind, &head, sizeof head);
    if (head.cost != 0)
        mips_charge(c, head.cost);
    return event;
}

INLINE void check(struct mips *c, struct recorder *r, uint16_t step, unsigned cost, bool passed,
                  uint32_t a, uint32_t b)
{
    uint8_t flags = passed ? TRACE_CHECK : TRACE_CHECK | TRACE_FAILED;
    struct trace_event *event =
        step_event(c, r, (struct head){TRACE_STEP, flags, 0, 0, step, (uint16_t)cost});
    event->a = a;
    event->b = b;
}

INLINE void set(struct mips *c, struct recorder *r, uint16_t step, unsigned cost,
                enum mips_register number, uint32_t *reg, uint32_t value)
{
    struct trace_event *event =
        step_event(c, r, (struct head){TRACE_STEP, TRACE_SET, 0, 0, step, (uint16_t)cost});
    event->a = number;
    event->b = 0;
    event->old = *reg;
    event->value = value;
    *reg = value;
}

/* The ring is larger than the host's caches: have the places of the next events ready in time. */
static inline void expect_events(const struct trace *trace)
{
    const char *next = (const char *)&trace->event[trace->written % TRACE_SLOTS];
    for (unsigned n = 0; n < 8; n++)
        __builtin_prefetch(next + 64 * n, 1);
}

/* The next instruction may execute. Answers false. */
INLINE bool finish(struct mips *c, const struct recorder *r, enum trace_kind kind)
{
    if (r->whole)
        c->cpu.trace->written += (uint64_t)(r->event - recorder_of(c, true).event);
    tell(c, kind, c->s.pc)->value = mips_user(c);
    expect_events(c->cpu.trace);
    c->s.count++;
    c->s.micro = (struct mips_micro){0};
    return false;
}

/* --- how programs are written ----------------------------------------------------------------- */

#define PROGRAM                                                                                    \
    struct mips_micro *m = &c->s.micro;                                                            \
    struct recorder r = recorder_of(c, whole);                                                     \
    bool stepped = false;                                                                          \
    switch (m->state) {                                                                            \
    default:

#define END }

enum {
#define STEP_ROW(id, program, cost, kind, name, text, manual, format, remedy) COST_##id = cost,
#include "cpu/mips/steps.def"
#undef STEP_ROW
};

#define STEP(id)                                                                                   \
    if (stepped && !whole) {                                                                       \
        m->state = MIPS_STEP_##id;                                                                 \
        return true;                                                                               \
    }                                                                                              \
    __attribute__((fallthrough));                                                                  \
    case MIPS_STEP_##id:                                                                           \
        stepped = true;

#define CHECK(id, a, b)                                                                            \
    STEP(id)                                                                                       \
    check(c, &r, MIPS_STEP_##id, COST_##id, true, (a), (b));

#define SET(id, number, reg, value)                                                                \
    STEP(id)                                                                                       \
    set(c, &r, MIPS_STEP_##id, COST_##id, MIPS_REG_##number, (reg), (value));

/* --- exceptions ------------------------------------------------------------------------------- */

static bool is_tlb(enum mips_exception exception)
{
    return exception >= MIPS_MOD && exception <= MIPS_TLBS;
}

static bool has_address(enum mips_exception exception)
{
    return exception >= MIPS_MOD && exception <= MIPS_ADES;
}

/* SYSCALL, BREAK and interrupts are no mistakes. */
static bool is_asked_for(const struct mips_micro *m)
{
    return m->cause != MIPS_CAUSE_FAULT;
}

enum { CAUSE = 13 }; /* its number in coprocessor 0 */

static inline uint32_t cause_of(const struct mips *c)
{
    const struct mips_micro *m = &c->s.micro;
    uint32_t kept = MIPS_IP | c->model->cp0[CAUSE].writable | (m->nested ? MIPS_BD : 0);
    return (c->s.cause & kept) | (c->s.in_slot && !m->nested ? MIPS_BD : 0) |
           (uint32_t)m->unit << MIPS_CE_SHIFT | (uint32_t)m->exception << MIPS_EXCCODE_SHIFT;
}

static uint32_t pushed(const struct mips *c)
{
    uint32_t stack = c->model->status_stack;
    return (c->s.status & ~stack) | (c->s.status << 2 & stack);
}

static uint32_t popped(const struct mips *c)
{
    uint32_t stack = c->model->status_stack, kept = stack & ~(stack >> 2);
    return (c->s.status & (~stack | kept)) | ((c->s.status & stack) >> 2);
}

static bool own_vector(const struct mips *c)
{
    const struct mips_micro *m = &c->s.micro;
    return m->miss && !m->nested && m->address <= c->model->refill_last;
}

static bool bootstrap(const struct mips *c)
{
    return (c->s.status & MIPS_BEV) != 0;
}

static bool interrupt_vector(const struct mips *c)
{
    return c->s.micro.exception == MIPS_INT && c->model->interrupt != 0 &&
           (c->s.cause & MIPS_IV) != 0;
}

static inline uint32_t vector_of(const struct mips *c)
{
    uint32_t offset = own_vector(c)         ? c->model->refill
                      : interrupt_vector(c) ? c->model->interrupt
                                            : c->model->general;
    return c->model->vector_base[bootstrap(c)] + offset;
}

INLINE void jump(struct mips *c, struct recorder *r, uint16_t step, uint32_t target)
{
    set(c, r, step, 0, MIPS_REG_PC, &c->s.pc, target);
    c->s.next_pc = target + 4;
    c->s.branch_pc = 0;
    c->s.in_slot = 0;
}

INLINE bool deliver(struct mips *c, bool whole)
{
    uint32_t link, page;
    PROGRAM
    check(c, &r, m->reason, mips_step_ticks(c->model, (enum mips_step)m->reason), is_asked_for(m),
          m->a, m->b);
    stepped = true;
    if (m->exception == MIPS_MCHECK) {
        SET(SHUTDOWN, STATUS, &c->s.status, c->s.status | MIPS_TS)
    }
    if (c->s.linked && c->model->exl == 0) {
        STEP(LINK)
        link = 1;
        set(c, &r, MIPS_STEP_LINK, COST_LINK, MIPS_REG_LLBIT, &link, 0);
        c->s.linked = 0;
    }
    if (c->model->exl != 0) {
        CHECK(NESTED, m->nested, c->s.status)
    }
    if (!m->nested) {
        SET(EPC, EPC, &c->s.epc, c->s.in_slot ? c->s.branch_pc : c->s.pc)
    }
    SET(CAUSE, CAUSE, &c->s.cause, cause_of(c))
    if (c->model->exl == 0) {
        SET(STATUS, STATUS, &c->s.status, pushed(c))
    }
    if (has_address(m->exception)) {
        SET(BADVADDR, BADVADDR, &c->s.badvaddr, m->address)
    }
    if (is_tlb(m->exception)) {
        STEP(CONTEXT)
        page = m->address >> c->model->context_shift & c->model->context_vpn;
        set(c, &r, MIPS_STEP_CONTEXT, COST_CONTEXT, MIPS_REG_CONTEXT, &c->s.context,
            (c->s.context & c->model->context_pte) | page);
        STEP(ENTRYHI)
        page = m->address & c->model->entryhi_vpn;
        set(c, &r, MIPS_STEP_ENTRYHI, COST_ENTRYHI, MIPS_REG_ENTRYHI, &c->s.entryhi,
            (c->s.entryhi & c->model->entryhi_asid) | page);
    }
    if (c->model->exl != 0) {
        SET(EXL, STATUS, &c->s.status, c->s.status | MIPS_EXL)
    }
    CHECK(REFILL, own_vector(c), bootstrap(c))
    STEP(VECTOR)
    jump(c, &r, MIPS_STEP_VECTOR, vector_of(c));
    END return finish(c, &r, TRACE_ENTERED);
}

static void begin(struct mips *c, struct mips_micro micro)
{
    micro.nested = (c->s.status & c->model->exl) != 0;
    c->s.micro = micro;
    c->s.waiting = 0;
    struct trace_event *event = tell(c, TRACE_TRAP, c->s.in_slot ? c->s.branch_pc : c->s.pc);
    event->a = micro.cause;
    event->step = micro.reason;
    event->value = micro.address;
    event->old = mips_user(c);
}

void mips_raise(struct mips *c)
{
    const struct mips_fault *f = &c->fault;
    bool asked = f->exception == MIPS_SYS || f->exception == MIPS_BP || f->exception == MIPS_TR;
    begin(c, (struct mips_micro){.program = MIPS_PROGRAM_EXCEPTION,
                                 .cause = asked ? MIPS_CAUSE_INSTRUCTION : MIPS_CAUSE_FAULT,
                                 .exception = f->exception,
                                 .reason = (uint8_t)f->step,
                                 .unit = f->unit,
                                 .miss = f->miss,
                                 .address = f->address,
                                 .a = f->a,
                                 .b = f->b});
}

void mips_interrupt(struct mips *c)
{
    begin(c, (struct mips_micro){.program = MIPS_PROGRAM_EXCEPTION,
                                 .cause = MIPS_CAUSE_INTERRUPT,
                                 .exception = MIPS_INT,
                                 .reason = MIPS_STEP_INTERRUPT,
                                 .a = (c->s.cause & MIPS_IP) >> 8,
                                 .b = (c->s.status & MIPS_IM) >> 8});
}

/* --- RFE, ERET -------------------------------------------------------------------------------- */

INLINE bool rfe(struct mips *c, bool whole)
{
    PROGRAM
    SET(RFE_STATUS, STATUS, &c->s.status, popped(c))
    STEP(RFE_PC)
    jump(c, &r, MIPS_STEP_RFE_PC, c->s.next_pc);
    END return finish(c, &r, TRACE_RETURNED);
}

/* What comes behind the change of Status looks at where the program stands, not at Status. */
INLINE bool eret(struct mips *c, bool whole)
{
    uint32_t link, old;
    PROGRAM
    CHECK(ERET_LEVEL, (c->s.status & MIPS_ERL) != 0, c->s.status)
    STEP(ERET_PC)
    jump(c, &r, MIPS_STEP_ERET_PC, (c->s.status & MIPS_ERL) != 0 ? c->s.errorepc : c->s.epc);
    STEP(ERET_STATUS)
    old = c->s.status;
    set(c, &r, MIPS_STEP_ERET_STATUS, COST_ERET_STATUS, MIPS_REG_STATUS, &c->s.status,
        old & ~(uint32_t)((old & MIPS_ERL) != 0 ? MIPS_ERL : MIPS_EXL));
    mips_status_changed(c, old);
    if (c->s.linked) {
        STEP(ERET_LINK)
        link = 1;
        set(c, &r, MIPS_STEP_ERET_LINK, COST_ERET_LINK, MIPS_REG_LLBIT, &link, 0);
        c->s.linked = 0;
    }
    END return finish(c, &r, TRACE_RETURNED);
}

/* `whole`: to the end of the program, else one step. */
INLINE bool advance(struct mips *c, bool whole)
{
    if (c->s.micro.program == MIPS_PROGRAM_EXCEPTION)
        return deliver(c, whole);
    return c->model->exl != 0 ? eret(c, whole) : rfe(c, whole);
}

void mips_begin_return(struct mips *c)
{
    c->s.micro = (struct mips_micro){.program = MIPS_PROGRAM_RETURN, .cause = MIPS_CAUSE_RETURN};
    tell(c, TRACE_RETURN, c->s.pc)->old = mips_user(c);
}

/* --- the machine that runs them --------------------------------------------------------------- */

bool mips_micro_step(struct mips *c)
{
    uint64_t number = c->cpu.trace->written;
    c->s.micro.done++;
    bool more = advance(c, false);
    if (c->observer != NULL && c->observer->micro != NULL)
        c->stop_requested |=
            c->observer->micro(c->observer->context, &c->cpu, trace_at(c->cpu.trace, number));
    return more;
}

void mips_micro_run(struct mips *c)
{
    if (can_run_whole(c))
        advance(c, true);
    else
        while (advance(c, false))
            ;
}

bool mips_micro_valid(const struct mips_micro *m)
{
    if (m->program == MIPS_PROGRAM_NONE)
        return m->state == 0 && m->done == 0 && m->nested == 0;
    if (m->program >= MIPS_PROGRAMS || m->state >= MIPS_STEPS || m->nested > 1 ||
        (m->state != 0 && mips_steps[m->state].program != m->program))
        return false;
    if (m->program == MIPS_PROGRAM_RETURN)
        return m->cause == MIPS_CAUSE_RETURN && m->reason == 0;
    return m->cause < MIPS_CAUSE_RETURN && m->exception < MIPS_EXCEPTIONS && m->unit < 4 &&
           m->miss <= 1 && m->reason >= MIPS_STEP_FETCH_ALIGNED &&
           m->reason <= MIPS_STEP_DATA_ANSWERED && (m->state == 0 || m->state >= MIPS_STEP_LINK);
}
