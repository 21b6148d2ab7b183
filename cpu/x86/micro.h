/* micro: how a micro-program is written down: each step acts once, is recorded and charged.
 *
 * A program is a C function that reads from top to bottom as the manual's pseudocode does. CHECK,
 * READ, WRITE, PUSH and STEP each name a row of steps.def and are the places where the function
 * can be left and entered again: x86_micro.state says where. Nothing but struct x86_micro and the
 * rest of struct x86_state survives from one step to the next. */
#ifndef CPU_X86_MICRO_H
#define CPU_X86_MICRO_H

#include <string.h>

#include "cpu/x86/descriptor.h"
#include "cpu/x86/trap.h"

enum micro_cost {
#define STEP_ROW(id, program, cost, kind, name, text, manual, format, remedy) X86_COST_##id = cost,
#include "cpu/x86/steps.def"
#undef STEP_ROW
};

/* x86_state.debug_pending: what the next boundary reports as #DB. */
enum micro_pending {
    MICRO_PENDING_BREAKPOINTS = 15,
    MICRO_PENDING_STEP = 64,
    MICRO_PENDING_TASK = 128,
};

/* What is being delivered, for the double-fault rule (SDM vol. 3, table 6-5). */
enum micro_class { CLASS_RETURN, CLASS_BENIGN, CLASS_CONTRIBUTORY, CLASS_PAGE, CLASS_DOUBLE };

/* True = more to do. go_on: do not stop before the end of the program. */
typedef bool micro_program_fn(struct x86 *c, bool go_on);

micro_program_fn deliver_real, deliver_gate, deliver_same, deliver_inner, deliver_enter;
micro_program_fn iret_real, iret_protected, iret_same, iret_outer, iret_commit, iret_v86;
micro_program_fn task_check, task_save, task_load;
micro_program_fn task_ldt, task_code, task_stack, task_data, task_end;

/* The program in progress becomes a task switch: by the task gate that was read, by the back link.
 */
bool task_begin_gate(struct x86 *c);
bool task_begin_return(struct x86 *c);
/* A far JMP or CALL becomes one; `clocks` are the instruction's, without the switch's own. */
void task_begin_far(struct x86 *c, uint16_t selector, bool call, uint32_t next_eip,
                    unsigned clocks);

/* segments.c: sets a bit in the high dword of a descriptor that is in its table, if it is clear. */
bool x86_mark_descriptor(struct x86 *c, uint16_t selector, uint32_t high, uint32_t bit);

/* The step that ran has found c->fault: it becomes the next delivery. Answers true, or false when
 * the processor has shut down. */
bool micro_fault(struct x86 *c);
bool micro_refuse(struct x86 *c, uint8_t vector, uint32_t error);
/* A program begins: an event of this kind, with what all such events tell. */
struct trace_event *micro_tell(struct x86 *c, enum trace_kind kind);
/* The last step is done: the next instruction may execute. Answers false. */
bool micro_finish(struct x86 *c);
/* Begins `program` as part of what is in progress. */
static inline bool micro_go(struct x86 *c, enum x86_program program)
{
    c->s.micro.program = (uint8_t)program;
    c->s.micro.state = 0;
    return true;
}

#define MICRO_INLINE static inline __attribute__((always_inline))

MICRO_INLINE uint32_t micro_bytes_get(const uint8_t *p, unsigned size)
{
    if (size == 4)
        return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    return size == 2 ? p[0] | (uint32_t)p[1] << 8 : p[0];
}

MICRO_INLINE void micro_bytes_put(uint8_t *p, unsigned size, uint32_t value)
{
    p[0] = (uint8_t)value;
    if (size == 1)
        return;
    p[1] = (uint8_t)(value >> 8);
    if (size == 2)
        return;
    p[2] = (uint8_t)(value >> 16);
    p[3] = (uint8_t)(value >> 24);
}

/* As x86_linear_read_at and _write_at, the TLB probed in place: the last byte must be in the
 * entry's page too. A device that is asked on the way sees the time `now`. */
MICRO_INLINE bool micro_load(struct x86 *c, ticks now, uint32_t linear, unsigned size, bool user,
                             uint32_t *out, uint32_t *physical)
{
    const struct x86_tlb_entry *entry = &c->tlb.read[user][(linear >> 12) & (X86_TLB_ENTRIES - 1)];
    if (__builtin_expect(entry->tag != ((linear + size - 1) & 0xfffff000u), 0)) {
        uint32_t slow_value = 0, slow_physical = 0;
        c->cpu.clock->s.now = now;
        bool done = x86_linear_read_at(c, linear, size, user, &slow_value, &slow_physical);
        *out = slow_value;
        *physical = slow_physical;
        return done;
    }
    *out = micro_bytes_get(entry->host + (linear & 0xfff), size);
    *physical = entry->physical + (linear & 0xfff);
    return true;
}

MICRO_INLINE bool micro_store(struct x86 *c, ticks now, uint32_t linear, unsigned size, bool user,
                              uint32_t value, uint32_t *old, uint32_t *physical)
{
    const struct x86_tlb_entry *entry = &c->tlb.write[user][(linear >> 12) & (X86_TLB_ENTRIES - 1)];
    if (__builtin_expect(entry->tag != ((linear + size - 1) & 0xfffff000u), 0)) {
        uint32_t slow_old = 0, slow_physical = 0;
        c->cpu.clock->s.now = now;
        bool done = x86_linear_write_at(c, linear, size, user, value, &slow_old, &slow_physical);
        *old = slow_old;
        *physical = slow_physical;
        return done;
    }
    *old = micro_bytes_get(entry->host + (linear & 0xfff), size);
    micro_bytes_put(entry->host + (linear & 0xfff), size, value);
    *physical = entry->physical + (linear & 0xfff);
    return true;
}

/* --- the recorder --------------------------------------------------------------------------------
 * What every step changes, held in registers while a program runs: a round trip of INT and IRET
 * writes 70 records. micro_enter takes it from the processor, micro_leave puts it back. */
typedef uint64_t micro_pair __attribute__((vector_size(16)));
typedef micro_pair micro_pair_at __attribute__((aligned(8), may_alias));
typedef uint32_t micro_words_4 __attribute__((vector_size(16)));
typedef micro_words_4 micro_words_at __attribute__((aligned(8), may_alias));

struct micro_run {
    struct trace_event *event, *first; /* the next one, the first of this run */
    micro_pair when;                   /* tick and count */
    micro_pair who;                    /* a head with nothing but the CPU in it; the vector */
    ticks since;
};

/* The bytes of an event that a step knows when it is compiled. */
struct micro_head {
    uint8_t kind, flags, cpu, size;
    uint16_t step, cost;
};

/* vector and addr */
struct micro_place {
    uint32_t vector, addr;
};

_Static_assert(offsetof(struct trace_event, count) == 8 &&
                   offsetof(struct trace_event, kind) == 16 &&
                   offsetof(struct trace_event, cost) == 16 + offsetof(struct micro_head, cost) &&
                   offsetof(struct trace_event, vector) == 24 &&
                   offsetof(struct trace_event, phys) == 32 &&
                   offsetof(struct trace_event, b) == 48,
               "an event is written in pairs of eight bytes");

MICRO_INLINE uint64_t micro_eight(const void *bytes)
{
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    return eight;
}

/* More than any program writes. */
#define MICRO_EVENTS 64u

/* May a program run from its first to its last step, its events side by side in the ring? */
static inline bool micro_can_run(const struct x86 *c)
{
    return c->s.micro.state == 0 &&
           c->cpu.trace->written % TRACE_EVENTS <= TRACE_EVENTS - MICRO_EVENTS;
}

MICRO_INLINE struct micro_run micro_enter(const struct x86 *c)
{
    struct trace_event *event = &c->cpu.trace->event[c->cpu.trace->written % TRACE_EVENTS];
    struct micro_head head = {.cpu = (uint8_t)c->cpu.number};
    struct micro_place place = {.vector = c->s.micro.vector};
    return (struct micro_run){
        .event = event,
        .first = event,
        .since = c->cpu.clock->s.now,
        .when = {c->cpu.clock->s.now, c->s.count},
        .who = {micro_eight(&head), micro_eight(&place)},
    };
}

MICRO_INLINE void micro_leave(struct x86 *c, const struct micro_run *r)
{
    uint32_t steps = (uint32_t)(r->event - r->first);
    c->cpu.trace->written += steps;
    c->cpu.clock->s.now = r->when[0];
    c->s.micro.charged += (uint32_t)(r->when[0] - r->since);
    c->s.micro.done += steps;
}

/* Four dwords from phys on. */
struct micro_words {
    uint32_t phys, value, old, a;
};

MICRO_INLINE struct trace_event *micro_record(struct micro_run *r, struct micro_head head,
                                              struct micro_words words, uint32_t b)
{
    struct trace_event *event = r->event++;
    *(micro_pair_at *)&event->tick = r->when;
    *(micro_pair_at *)&event->kind = r->who | (micro_pair){micro_eight(&head), 0};
    *(micro_words_at *)&event->phys = (micro_words_4){words.phys, words.value, words.old, words.a};
    event->b = b;
    r->when += (micro_pair){head.cost, 0};
    return event;
}

/* --- steps ------------------------------------------------------------------------------------ */

MICRO_INLINE bool micro_check(struct micro_run *r, uint16_t step, uint16_t cost, bool passed,
                              uint32_t a, uint32_t b)
{
    struct trace_event *event =
        micro_record(r, (struct micro_head){TRACE_STEP, TRACE_CHECK, 0, 0, step, cost},
                     (struct micro_words){.a = a}, b);
    if (__builtin_expect(!passed, 0))
        event->flags |= TRACE_FAILED;
    return passed;
}

MICRO_INLINE bool micro_read(struct x86 *c, struct micro_run *r, uint16_t step, uint16_t cost,
                             uint32_t linear, unsigned size, bool user, uint32_t *out)
{
    uint32_t value = 0, physical = 0;
    bool done = micro_load(c, r->when[0], linear, size, user, &value, &physical);
    struct trace_event *event =
        micro_record(r, (struct micro_head){TRACE_STEP, TRACE_READ, 0, (uint8_t)size, step, cost},
                     (struct micro_words){.phys = physical, .value = value}, 0);
    event->addr = linear;
    if (__builtin_expect(done, 1))
        *out = value;
    else
        event->flags |= TRACE_FAILED;
    return done;
}

MICRO_INLINE bool micro_write(struct x86 *c, struct micro_run *r, uint16_t step, uint16_t cost,
                              uint32_t linear, unsigned size, bool user, uint32_t value)
{
    uint32_t old = 0, physical = 0;
    bool done = micro_store(c, r->when[0], linear, size, user, value, &old, &physical);
    struct trace_event *event =
        micro_record(r, (struct micro_head){TRACE_STEP, TRACE_WRITE, 0, (uint8_t)size, step, cost},
                     (struct micro_words){.phys = physical, .value = value, .old = old}, 0);
    event->addr = linear;
    if (__builtin_expect(!done, 0))
        event->flags |= TRACE_FAILED;
    return done;
}

MICRO_INLINE bool micro_push(struct x86 *c, struct micro_run *r, uint16_t step, uint16_t cost,
                             bool user, uint32_t value)
{
    const struct x86_segment *stack = &c->s.segment[X86_SS];
    unsigned size = c->s.micro.size;
    uint32_t esp = stack_move(stack, c->s.gpr[X86_ESP], 0u - size);
    uint32_t linear = stack->base + stack_offset(stack, esp);
    bool done = size == 4 ? micro_write(c, r, step, cost, linear, 4, user, value)
                          : micro_write(c, r, step, cost, linear, 2, user, value & 0xffff);
    if (done)
        c->s.gpr[X86_ESP] = esp;
    return done;
}

/* After the change. selector: for a step that changes CS and EIP at once; else 0. */
MICRO_INLINE void micro_set(struct micro_run *r, uint16_t step, uint16_t cost,
                            enum x86_register reg, uint32_t old, uint32_t value, uint32_t selector)
{
    micro_record(r, (struct micro_head){TRACE_STEP, TRACE_SET, 0, 0, step, cost},
                 (struct micro_words){.value = value, .old = old, .a = reg}, selector);
}

/* Cost of the row that ends a case: what is left of the published total. */
MICRO_INLINE uint16_t micro_rest(const struct x86 *c, const struct micro_run *r)
{
    uint32_t charged = c->s.micro.charged + (uint32_t)(r->when[0] - r->since);
    return c->s.micro.total > charged ? (uint16_t)(c->s.micro.total - charged) : 0;
}

/* Changes CS and EIP by a code descriptor that is in m->code_*, m->selector, m->new_eip. */
MICRO_INLINE void micro_set_code(struct x86 *c, struct micro_run *r, uint16_t step, uint16_t cost,
                                 unsigned rpl)
{
    struct x86_micro *m = &c->s.micro;
    uint16_t selector = (uint16_t)((m->selector & ~3u) | rpl);
    uint32_t old = c->s.eip;
    c->s.segment[X86_CS] =
        descriptor_segment(selector, m->code_low, m->code_high | DESCRIPTOR_ACCESSED);
    c->s.eip = m->new_eip;
    micro_set(r, step, cost, X86_REG_EIP, old, m->new_eip, selector);
}

/* A segment register takes the descriptor in m->stack_*. */
MICRO_INLINE void micro_set_segment(struct x86 *c, struct micro_run *r, uint16_t step,
                                    uint16_t cost, unsigned segment, uint16_t selector)
{
    uint32_t old = c->s.segment[segment].selector;
    c->s.segment[segment] = descriptor_segment(selector, c->s.micro.stack_low,
                                               c->s.micro.stack_high | DESCRIPTOR_ACCESSED);
    micro_set(r, step, cost, X86_REG_ES + segment, old, selector, 0);
}

MICRO_INLINE void micro_null_segment(struct x86 *c, struct micro_run *r, uint16_t step,
                                     uint16_t cost, unsigned segment)
{
    uint32_t old = c->s.segment[segment].selector;
    c->s.segment[segment] = (struct x86_segment){0};
    micro_set(r, step, cost, X86_REG_ES + segment, old, 0, 0);
}

/* --- the way a program is written ------------------------------------------------------------- */

/* The head of a program. It is compiled twice: to go through all of it at once, and to make one
 * step and leave. */
#define MICRO_PROGRAM(name)                                                                        \
    MICRO_INLINE bool name##_body(struct x86 *c, const bool go_on);                                \
    bool name(struct x86 *c, bool go_on)                                                           \
    {                                                                                              \
        return go_on && micro_can_run(c) ? name##_body(c, true) : name##_body(c, false);           \
    }                                                                                              \
    MICRO_INLINE bool name##_body(struct x86 *c, const bool go_on)

/* Its steps go between PROGRAM and END; it begins with state 0. */
#define PROGRAM                                                                                    \
    struct x86_micro *m = &c->s.micro;                                                             \
    struct micro_run run = micro_enter(c), *r = &run;                                              \
    bool stepped = false;                                                                          \
    switch (go_on ? 0 : m->state) {                                                                \
    default:

#define END }

/* Out of the program: to the next one, to its end, to a fault. */
#define LEAVE(answer)                                                                              \
    do {                                                                                           \
        micro_leave(c, r);                                                                         \
        return (answer);                                                                           \
    } while (0)

#define STEP(id)                                                                                   \
    if (stepped && !go_on) {                                                                       \
        m->state = X86_STEP_##id;                                                                  \
        LEAVE(true);                                                                               \
    }                                                                                              \
    __attribute__((fallthrough));                                                                  \
    case X86_STEP_##id:                                                                            \
        stepped = true;

#define ROW(id) X86_STEP_##id, X86_COST_##id

#define CHECK(id, passed, a, b, vector, error)                                                     \
    STEP(id)                                                                                       \
    if (!micro_check(r, ROW(id), (passed), (a), (b)))                                              \
        LEAVE(micro_refuse(c, (vector), (error)));

#define READ(id, linear, size, user, out)                                                          \
    STEP(id)                                                                                       \
    if (!micro_read(c, r, ROW(id), (linear), (size), (user), (out)))                               \
        LEAVE(micro_fault(c));

#define WRITE(id, linear, size, user, value)                                                       \
    STEP(id)                                                                                       \
    if (!micro_write(c, r, ROW(id), (linear), (size), (user), (value)))                            \
        LEAVE(micro_fault(c));

#define PUSH(id, user, value)                                                                      \
    STEP(id)                                                                                       \
    if (!micro_push(c, r, ROW(id), (user), (value)))                                               \
        LEAVE(micro_fault(c));

#endif
