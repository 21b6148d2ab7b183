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

#define INLINE static inline __attribute__((always_inline))

/* Where a program's next event goes. At once (`whole`): side by side in the ring, and tersely;
 * `owed` is time that went by before the program, and is charged with its first step. */
struct recorder {
    bool whole;
    unsigned owed;
    struct trace_event *event, *first;
};

/* Full records, of what `m` is the program. */
INLINE void write_event(const struct mips *c, struct recorder *r, const struct mips_micro *m,
                        struct trace_event known)
{
    struct trace_event *event = r->whole ? r->event++ : trace_next(c->cpu.trace);
    known.tick = c->cpu.clock->s.now + r->owed;
    known.count = c->s.count + c->cpu.others;
    known.cpu = (uint8_t)c->cpu.number;
    known.vector = m->exception;
    *event = known;
}

/* What only this event has; what it shares with the one in front is worked out when it is read. */
INLINE struct trace_event *write_tersely(struct recorder *r, enum trace_kind kind, uint8_t flags,
                                         uint16_t step, unsigned cost)
{
    struct trace_event *event = r->event++;
    event->kind = (uint8_t)kind;
    event->flags = flags | TRACE_TERSE;
    event->cpu = 0;
    event->size = 0;
    event->step = step;
    event->cost = (uint16_t)cost;
    return event;
}

INLINE void charge(struct mips *c, struct recorder *r, unsigned cost)
{
    if (cost + r->owed != 0)
        mips_charge(c, cost + r->owed);
    r->owed = 0;
}

INLINE void check(struct mips *c, const struct mips_micro *m, struct recorder *r, uint16_t step,
                  unsigned cost, bool passed, uint32_t a, uint32_t b)
{
    uint8_t flags = passed ? TRACE_CHECK : TRACE_CHECK | TRACE_FAILED;
    if (r->whole) {
        struct trace_event *event = write_tersely(r, TRACE_STEP, flags, step, cost);
        event->a = a;
        event->b = b;
    } else {
        write_event(c, r, m,
                    (struct trace_event){.kind = TRACE_STEP,
                                         .flags = flags,
                                         .step = step,
                                         .cost = (uint16_t)cost,
                                         .a = a,
                                         .b = b});
    }
    charge(c, r, cost);
}

INLINE void set(struct mips *c, const struct mips_micro *m, struct recorder *r, uint16_t step,
                unsigned cost, enum mips_register number, uint32_t *reg, uint32_t value)
{
    if (r->whole) {
        struct trace_event *event = write_tersely(r, TRACE_STEP, TRACE_SET, step, cost);
        event->a = number;
        event->b = 0;
        event->old = *reg;
        event->value = value;
    } else {
        write_event(c, r, m,
                    (struct trace_event){.kind = TRACE_STEP,
                                         .flags = TRACE_SET,
                                         .step = step,
                                         .cost = (uint16_t)cost,
                                         .a = number,
                                         .old = *reg,
                                         .value = value});
    }
    charge(c, r, cost);
    *reg = value;
}

/* The ring is larger than the host's caches: have the places of the next events ready in time. */
INLINE void expect_events(const struct trace_event *event)
{
    (void)event;
}

/* The next instruction may execute. Answers false. */
INLINE bool finish(struct mips *c, const struct mips_micro *m, struct recorder *r,
                   enum trace_kind kind)
{
    if (r->whole) {
        struct trace_event *event = write_tersely(r, kind, 0, 0, 0);
        event->addr = c->s.pc;
        event->b = c->s.gpr[MIPS_SP];
        event->value = mips_user(c);
        c->cpu.trace->written += (uint64_t)(r->event - r->first);
        expect_events(r->event);
    } else {
        write_event(c, r, m,
                    (struct trace_event){.kind = (uint8_t)kind,
                                         .addr = c->s.pc,
                                         .b = c->s.gpr[MIPS_SP],
                                         .value = mips_user(c)});
        c->s.micro = (struct mips_micro){0};
    }
    c->s.count++;
    return false;
}

/* --- how programs are written ----------------------------------------------------------------- */

#define PROGRAM                                                                                    \
    const bool whole = r->whole;                                                                   \
    bool stepped = false;                                                                          \
    switch (whole ? 0 : m->state) {                                                                \
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
    check(c, m, r, MIPS_STEP_##id, COST_##id, true, (a), (b));

#define SET(id, number, reg, value)                                                                \
    STEP(id)                                                                                       \
    set(c, m, r, MIPS_STEP_##id, COST_##id, MIPS_REG_##number, (reg), (value));

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

static inline uint32_t cause_of(const struct mips *c, const struct mips_micro *m)
{
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

static bool own_vector(const struct mips *c, const struct mips_micro *m)
{
    return m->miss && !m->nested && m->address <= c->model->refill_last;
}

static bool bootstrap(const struct mips *c)
{
    return (c->s.status & MIPS_BEV) != 0;
}

static bool interrupt_vector(const struct mips *c, const struct mips_micro *m)
{
    return m->exception == MIPS_INT && c->model->interrupt != 0 && (c->s.cause & MIPS_IV) != 0;
}

static inline uint32_t vector_of(const struct mips *c, const struct mips_micro *m)
{
    uint32_t offset = own_vector(c, m)         ? c->model->refill
                      : interrupt_vector(c, m) ? c->model->interrupt
                                               : c->model->general;
    return c->model->vector_base[bootstrap(c)] + offset;
}

INLINE void jump(struct mips *c, const struct mips_micro *m, struct recorder *r, uint16_t step,
                 uint32_t target)
{
    set(c, m, r, step, 0, MIPS_REG_PC, &c->s.pc, target);
    c->s.next_pc = target + 4;
    c->s.branch_pc = 0;
    c->s.in_slot = 0;
}

INLINE bool deliver(struct mips *c, struct mips_micro *m, struct recorder *r)
{
    uint32_t link, page;
    PROGRAM
    check(c, m, r, m->reason, mips_step_ticks(c->model, (enum mips_step)m->reason), is_asked_for(m),
          m->a, m->b);
    stepped = true;
    if (m->exception == MIPS_MCHECK) {
        SET(SHUTDOWN, STATUS, &c->s.status, c->s.status | MIPS_TS)
    }
    if (c->s.linked && c->model->exl == 0) {
        STEP(LINK)
        link = 1;
        set(c, m, r, MIPS_STEP_LINK, COST_LINK, MIPS_REG_LLBIT, &link, 0);
        c->s.linked = 0;
    }
    if (c->model->exl != 0) {
        CHECK(NESTED, m->nested, c->s.status)
    }
    if (!m->nested) {
        SET(EPC, EPC, &c->s.epc, c->s.in_slot ? c->s.branch_pc : c->s.pc)
    }
    SET(CAUSE, CAUSE, &c->s.cause, cause_of(c, m))
    if (c->model->exl == 0) {
        SET(STATUS, STATUS, &c->s.status, pushed(c))
    }
    if (has_address(m->exception)) {
        SET(BADVADDR, BADVADDR, &c->s.badvaddr, m->address)
    }
    if (is_tlb(m->exception)) {
        STEP(CONTEXT)
        page = m->address >> c->model->context_shift & c->model->context_vpn;
        set(c, m, r, MIPS_STEP_CONTEXT, COST_CONTEXT, MIPS_REG_CONTEXT, &c->s.context,
            (c->s.context & c->model->context_pte) | page);
        STEP(ENTRYHI)
        page = m->address & c->model->entryhi_vpn;
        set(c, m, r, MIPS_STEP_ENTRYHI, COST_ENTRYHI, MIPS_REG_ENTRYHI, &c->s.entryhi,
            (c->s.entryhi & c->model->entryhi_asid) | page);
    }
    if (c->model->exl != 0) {
        SET(EXL, STATUS, &c->s.status, c->s.status | MIPS_EXL)
    }
    CHECK(REFILL, own_vector(c, m), bootstrap(c))
    STEP(VECTOR)
    jump(c, m, r, MIPS_STEP_VECTOR, vector_of(c, m));
    END return finish(c, m, r, TRACE_ENTERED);
}

INLINE void begin_delivery(struct mips *c, struct mips_micro *m, struct recorder *r)
{
    m->program = MIPS_PROGRAM_EXCEPTION;
    m->nested = (c->s.status & c->model->exl) != 0;
    c->s.waiting = 0;
    write_event(c, r, m,
                (struct trace_event){.kind = TRACE_TRAP,
                                     .step = m->reason,
                                     .a = m->cause,
                                     .b = c->s.gpr[MIPS_SP],
                                     .addr = c->s.in_slot ? c->s.branch_pc : c->s.pc,
                                     .value = m->address,
                                     .old = mips_user(c)});
}

/* Of c->fault. */
INLINE struct mips_micro fault_micro(const struct mips *c)
{
    const struct mips_fault *f = &c->fault;
    bool asked = (1u << f->exception & (1u << MIPS_SYS | 1u << MIPS_BP | 1u << MIPS_TR)) != 0;
    return (struct mips_micro){.cause = asked ? MIPS_CAUSE_INSTRUCTION : MIPS_CAUSE_FAULT,
                               .exception = f->exception,
                               .reason = (uint8_t)f->step,
                               .unit = f->unit,
                               .miss = f->miss,
                               .address = f->address,
                               .a = f->a,
                               .b = f->b};
}

static void begin(struct mips *c, struct mips_micro micro)
{
    begin_delivery(c, &micro, &(struct recorder){.whole = false});
    c->s.micro = micro;
}

void mips_raise(struct mips *c)
{
    begin(c, fault_micro(c));
}

void mips_interrupt(struct mips *c)
{
    begin(c, (struct mips_micro){.cause = MIPS_CAUSE_INTERRUPT,
                                 .exception = MIPS_INT,
                                 .reason = MIPS_STEP_INTERRUPT,
                                 .a = (c->s.cause & MIPS_IP) >> 8,
                                 .b = (c->s.status & MIPS_IM) >> 8});
}

/* --- RFE, ERET -------------------------------------------------------------------------------- */

INLINE bool rfe(struct mips *c, struct mips_micro *m, struct recorder *r)
{
    PROGRAM
    SET(RFE_STATUS, STATUS, &c->s.status, popped(c))
    STEP(RFE_PC)
    jump(c, m, r, MIPS_STEP_RFE_PC, c->s.next_pc);
    END return finish(c, m, r, TRACE_RETURNED);
}

/* What comes behind the change of Status looks at where the program stands, not at Status. */
INLINE bool eret(struct mips *c, struct mips_micro *m, struct recorder *r)
{
    uint32_t link, old;
    PROGRAM
    CHECK(ERET_LEVEL, (c->s.status & MIPS_ERL) != 0, c->s.status)
    STEP(ERET_PC)
    jump(c, m, r, MIPS_STEP_ERET_PC, (c->s.status & MIPS_ERL) != 0 ? c->s.errorepc : c->s.epc);
    STEP(ERET_STATUS)
    old = c->s.status;
    set(c, m, r, MIPS_STEP_ERET_STATUS, COST_ERET_STATUS, MIPS_REG_STATUS, &c->s.status,
        old & ~(uint32_t)((old & MIPS_ERL) != 0 ? MIPS_ERL : MIPS_EXL));
    mips_status_changed(c, old);
    if (c->s.linked) {
        STEP(ERET_LINK)
        link = 1;
        set(c, m, r, MIPS_STEP_ERET_LINK, COST_ERET_LINK, MIPS_REG_LLBIT, &link, 0);
        c->s.linked = 0;
    }
    END return finish(c, m, r, TRACE_RETURNED);
}

INLINE void begin_return(struct mips *c, struct mips_micro *m, struct recorder *r)
{
    *m = (struct mips_micro){.program = MIPS_PROGRAM_RETURN, .cause = MIPS_CAUSE_RETURN};
    write_event(
        c, r, m,
        (struct trace_event){
            .kind = TRACE_RETURN, .b = c->s.gpr[MIPS_SP], .addr = c->s.pc, .old = mips_user(c)});
}

void mips_begin_return(struct mips *c)
{
    begin_return(c, &c->s.micro, &(struct recorder){.whole = false});
}

/* --- the machine that runs them --------------------------------------------------------------- */

INLINE bool advance(struct mips *c, struct mips_micro *m, struct recorder *r)
{
    if (m->program == MIPS_PROGRAM_EXCEPTION)
        return deliver(c, m, r);
    return c->model->exl != 0 ? eret(c, m, r) : rfe(c, m, r);
}

static bool step(struct mips *c)
{
    return advance(c, &c->s.micro, &(struct recorder){.whole = false});
}

bool mips_micro_step(struct mips *c)
{
    uint64_t number = c->cpu.trace->written;
    c->s.micro.done++;
    bool more = step(c);
    if (c->observer != NULL && c->observer->micro != NULL)
        c->stop_requested |=
            c->observer->micro(c->observer->context, &c->cpu, trace_at(c->cpu.trace, number));
    return more;
}

void mips_micro_run(struct mips *c)
{
    while (step(c))
        ;
}

/* False: the events of a program do not fit side by side. */
static inline bool begin_whole(const struct mips *c, struct recorder *r, unsigned owed)
{
    const struct trace *trace = c->cpu.trace;
    unsigned slot = trace->written % TRACE_SLOTS;
    *r = (struct recorder){true, owed, &trace->event[slot], &trace->event[slot]};
    return slot <= TRACE_SLOTS - TRACE_RUN;
}

void mips_raise_whole(struct mips *c, unsigned owed)
{
    struct recorder r;
    struct mips_micro micro = fault_micro(c);
    if (begin_whole(c, &r, owed)) {
        begin_delivery(c, &micro, &r);
        deliver(c, &micro, &r);
    } else {
        mips_charge(c, owed);
        mips_raise(c);
        mips_micro_run(c);
    }
}

void mips_return_whole(struct mips *c, unsigned owed)
{
    struct recorder r;
    struct mips_micro micro;
    if (begin_whole(c, &r, owed)) {
        begin_return(c, &micro, &r);
        advance(c, &micro, &r);
    } else {
        mips_charge(c, owed);
        mips_begin_return(c);
        mips_micro_run(c);
    }
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
