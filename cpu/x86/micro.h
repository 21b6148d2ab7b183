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

/* True = more to do. go_on: make as many steps as go without a stop, one at least. */
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

/* Little-endian, as the host is (engine.c). */
MICRO_INLINE uint32_t micro_bytes_get(const uint8_t *p, unsigned size)
{
    uint32_t wide;
    uint16_t half;
    if (size == 4)
        return memcpy(&wide, p, 4), wide;
    if (size == 2)
        return memcpy(&half, p, 2), half;
    return *p;
}

MICRO_INLINE void micro_bytes_put(uint8_t *p, unsigned size, uint32_t value)
{
    memcpy(p, &value, size == 4 ? 4 : size == 2 ? 2 : 1);
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

/* An event of this kind, with what all that are no steps tell. */
static inline struct trace_event *micro_tell(struct x86 *c, enum trace_kind kind)
{
    const struct x86_segment *stack = &c->s.segment[X86_SS];
    struct trace_event *event = trace_next(c->cpu.trace);
    event->tick = c->cpu.clock->s.now;
    event->count = c->s.count + c->cpu.others;
    event->kind = (uint8_t)kind;
    event->cpu = (uint8_t)c->cpu.number;
    event->vector = c->s.micro.vector;
    event->b = stack->base + stack_offset(stack, c->s.gpr[X86_ESP]);
    return event;
}

/* --- the recorder --------------------------------------------------------------------------------
 * What every step changes, held in registers while programs run: a round trip of INT and IRET
 * writes 70 records. micro_enter takes it from the processor, micro_leave puts it back. */
struct micro_run {
    struct trace_event *event, *first; /* the next one, the first of this run */
    ticks since, now;
    bool fast; /* terse records, but for the first */
    /* At full speed: the frame, and the page that its slots were found in last. */
    uint32_t linear, esp, page;
    unsigned size;
    uintptr_t host;    /* host address, and */
    uint32_t physical; /* physical address, less the linear one */
};

/* The bytes of an event that a step knows when it is compiled. */
struct micro_head {
    uint8_t kind, flags, cpu, size;
    uint16_t step, cost;
};

_Static_assert(offsetof(struct trace_event, kind) == 16 &&
                   offsetof(struct trace_event, size) == 16 + offsetof(struct micro_head, size) &&
                   offsetof(struct trace_event, cost) == 16 + offsetof(struct micro_head, cost),
               "a head is written at once");

/* May a program run from its first step on, its events side by side in the ring? */
static inline bool micro_can_run(const struct x86 *c)
{
    return c->s.micro.state == 0 && c->cpu.trace->written % TRACE_SLOTS <= TRACE_SLOTS - TRACE_RUN;
}

MICRO_INLINE struct micro_run micro_enter(const struct x86 *c, bool fast)
{
    struct trace_event *event = &c->cpu.trace->event[c->cpu.trace->written % TRACE_SLOTS];
    ticks now = c->cpu.clock->s.now;
    if (fast)
        *event = (struct trace_event){
            .tick = now, .count = c->s.count + c->cpu.others, .vector = c->s.micro.vector};
    return (struct micro_run){
        .event = event, .first = event, .since = now, .now = now, .fast = fast};
}

MICRO_INLINE void micro_leave(struct x86 *c, const struct micro_run *r)
{
    uint32_t steps = (uint32_t)(r->event - r->first);
    if (r->fast) {
        r->first->flags &= (uint8_t)~TRACE_TERSE;
        r->first->cpu = (uint8_t)c->cpu.number;
    }
    c->cpu.trace->written += steps;
    c->cpu.clock->s.now = r->now;
    c->s.micro.charged += (uint32_t)(r->now - r->since);
    c->s.micro.done += steps;
}

/* The next event, but for its operands. */
MICRO_INLINE struct trace_event *micro_record(const struct x86 *c, struct micro_run *r,
                                              struct micro_head head)
{
    struct trace_event *event = r->event++;
    if (!r->fast)
        *event = (struct trace_event){
            .tick = r->now, .count = c->s.count + c->cpu.others, .vector = c->s.micro.vector};
    head.flags |= r->fast ? TRACE_TERSE : 0;
    head.cpu = r->fast ? 0 : (uint8_t)c->cpu.number;
    memcpy(&event->kind, &head, sizeof head);
    r->now += head.cost;
    return event;
}

MICRO_INLINE struct trace_event *micro_record_access(const struct x86 *c, struct micro_run *r,
                                                     uint8_t flags, uint16_t step, uint16_t cost,
                                                     unsigned size, uint32_t linear,
                                                     uint32_t physical, uint32_t value,
                                                     uint32_t old)
{
    struct trace_event *event =
        micro_record(c, r, (struct micro_head){TRACE_STEP, flags, 0, (uint8_t)size, step, cost});
    event->addr = linear;
    event->phys = physical;
    event->value = value;
    if ((flags & TRACE_WRITE) != 0)
        event->old = old;
    return event;
}

/* --- steps ------------------------------------------------------------------------------------ */

MICRO_INLINE bool micro_check(const struct x86 *c, struct micro_run *r, uint16_t step,
                              uint16_t cost, bool passed, uint32_t a, uint32_t b)
{
    struct trace_event *event =
        micro_record(c, r, (struct micro_head){TRACE_STEP, TRACE_CHECK, 0, 0, step, cost});
    event->a = a;
    event->b = b;
    if (__builtin_expect(!passed, 0))
        event->flags |= TRACE_FAILED;
    return passed;
}

MICRO_INLINE bool micro_read(struct x86 *c, struct micro_run *r, uint16_t step, uint16_t cost,
                             uint32_t linear, unsigned size, bool user, uint32_t *out)
{
    uint32_t value = 0, physical = 0;
    bool done = micro_load(c, r->now, linear, size, user, &value, &physical);
    struct trace_event *event =
        micro_record_access(c, r, TRACE_READ, step, cost, size, linear, physical, value, 0);
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
    bool done = micro_store(c, r->now, linear, size, user, value, &old, &physical);
    struct trace_event *event =
        micro_record_access(c, r, TRACE_WRITE, step, cost, size, linear, physical, value, old);
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
    if (size == 2)
        value &= 0xffff;
    bool done = micro_write(c, r, step, cost, linear, size, user, value);
    if (done)
        c->s.gpr[X86_ESP] = esp;
    return done;
}

/* Linear address of slot n of the frame that a return pops. */
MICRO_INLINE uint32_t micro_slot(const struct x86 *c, unsigned n)
{
    const struct x86_segment *stack = &c->s.segment[X86_SS];
    uint32_t esp = stack_move(stack, c->s.gpr[X86_ESP], n * c->s.micro.size);
    return stack->base + stack_offset(stack, esp);
}

/* After the change. selector: for a step that changes CS and EIP at once; else 0. */
MICRO_INLINE void micro_set(const struct x86 *c, struct micro_run *r, uint16_t step, uint16_t cost,
                            enum x86_register reg, uint32_t old, uint32_t value, uint32_t selector)
{
    struct trace_event *event =
        micro_record(c, r, (struct micro_head){TRACE_STEP, TRACE_SET, 0, 0, step, cost});
    event->value = value;
    event->old = old;
    event->a = reg;
    event->b = selector;
}

/* --- steps at full speed ----------------------------------------------------------------------
 * They act only when nothing is in the way: memory is in the TLB, in one page. */

MICRO_INLINE bool micro_tlb_holds(const struct x86_tlb_entry *entry, uint32_t linear, unsigned size)
{
    return __builtin_expect(entry->tag == ((linear + size - 1) & 0xfffff000u), 1);
}

MICRO_INLINE bool micro_fast_read(struct x86 *c, struct micro_run *r, uint16_t step, uint16_t cost,
                                  uint32_t linear, unsigned size, bool user, uint32_t *out)
{
    const struct x86_tlb_entry *entry = &c->tlb.read[user][(linear >> 12) & (X86_TLB_ENTRIES - 1)];
    if (!micro_tlb_holds(entry, linear, size))
        return false;
    uint32_t offset = linear & 0xfff, value = micro_bytes_get(entry->host + offset, size);
    micro_record_access(c, r, TRACE_READ, step, cost, size, linear, entry->physical + offset, value,
                        0);
    *out = value;
    return true;
}

/* A descriptor's two dwords, the high one first. */
MICRO_INLINE bool micro_fast_descriptor(struct x86 *c, struct micro_run *r, uint16_t high_step,
                                        uint16_t high_cost, uint16_t low_step, uint16_t low_cost,
                                        uint32_t linear, uint32_t *high, uint32_t *low)
{
    const struct x86_tlb_entry *entry = &c->tlb.read[0][(linear >> 12) & (X86_TLB_ENTRIES - 1)];
    if (!micro_tlb_holds(entry, linear, 8))
        return false;
    uint32_t offset = linear & 0xfff, physical = entry->physical + offset;
    uint32_t high_value = micro_bytes_get(entry->host + offset + 4, 4);
    uint32_t low_value = micro_bytes_get(entry->host + offset, 4);
    micro_record_access(c, r, TRACE_READ, high_step, high_cost, 4, linear + 4, physical + 4,
                        high_value, 0);
    micro_record_access(c, r, TRACE_READ, low_step, low_cost, 4, linear, physical, low_value, 0);
    *high = high_value;
    *low = low_value;
    return true;
}

MICRO_INLINE bool micro_fast_write(struct x86 *c, struct micro_run *r, uint16_t step, uint16_t cost,
                                   uint32_t linear, unsigned size, bool user, uint32_t value)
{
    const struct x86_tlb_entry *entry = &c->tlb.write[user][(linear >> 12) & (X86_TLB_ENTRIES - 1)];
    if (!micro_tlb_holds(entry, linear, size))
        return false;
    uint32_t offset = linear & 0xfff, old = micro_bytes_get(entry->host + offset, size);
    micro_bytes_put(entry->host + offset, size, value);
    micro_record_access(c, r, TRACE_WRITE, step, cost, size, linear, entry->physical + offset,
                        value, old);
    return true;
}

/* A frame of so many slots below (pushing) or from (popping) ESP; false = not of that size, or it
 * wraps in a 16-bit stack. */
MICRO_INLINE bool micro_frame(const struct x86 *c, struct micro_run *r, unsigned slots,
                              unsigned size, bool popping)
{
    const struct x86_segment *stack = &c->s.segment[X86_SS];
    uint32_t esp = c->s.gpr[X86_ESP], to_wrap = popping ? 0xffff - (esp & 0xffff) : esp & 0xffff;
    bool big = (stack->attributes & X86_ATTR_BIG) != 0;
    r->esp = esp;
    r->linear = stack->base + stack_offset(stack, esp);
    r->page = 1;
    r->size = size;
    return c->s.micro.size == size && (big || to_wrap >= slots * size);
}

/* The slot at a linear address. */
MICRO_INLINE bool micro_find_slot(const struct x86_tlb_entry *set, struct micro_run *r,
                                  uint32_t linear)
{
    uint32_t page = (linear + r->size - 1) & 0xfffff000u;
    if (r->page == page && r->page == (linear & 0xfffff000u))
        return true;
    const struct x86_tlb_entry *entry = &set[(linear >> 12) & (X86_TLB_ENTRIES - 1)];
    if (entry->tag != page)
        return false;
    r->page = page;
    r->host = (uintptr_t)entry->host - page;
    r->physical = entry->physical - page;
    return true;
}

MICRO_INLINE bool micro_fast_push(struct x86 *c, struct micro_run *r, uint16_t step, uint16_t cost,
                                  bool user, uint32_t value)
{
    uint32_t linear = r->linear - r->size;
    if (!micro_find_slot(c->tlb.write[user], r, linear))
        return false;
    if (r->size == 2)
        value &= 0xffff;
    uint32_t old = micro_bytes_get((uint8_t *)(r->host + linear), r->size);
    micro_bytes_put((uint8_t *)(r->host + linear), r->size, value);
    micro_record_access(c, r, TRACE_WRITE, step, cost, r->size, linear, r->physical + linear, value,
                        old);
    r->linear = linear;
    r->esp -= r->size;
    c->s.gpr[X86_ESP] = r->esp;
    return true;
}

MICRO_INLINE bool micro_fast_pop(const struct x86 *c, struct micro_run *r, uint16_t step,
                                 uint16_t cost, unsigned n, bool user, uint32_t *out)
{
    uint32_t linear = r->linear + n * r->size;
    if (!micro_find_slot(c->tlb.read[user], r, linear))
        return false;
    uint32_t value = micro_bytes_get((uint8_t *)(r->host + linear), r->size);
    micro_record_access(c, r, TRACE_READ, step, cost, r->size, linear, r->physical + linear, value,
                        0);
    *out = value;
    return true;
}

/* Cost of the row that ends a case: what is left of the published total. */
MICRO_INLINE uint16_t micro_rest(const struct x86 *c, const struct micro_run *r)
{
    uint32_t charged = c->s.micro.charged + (uint32_t)(r->now - r->since);
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
    micro_set(c, r, step, cost, X86_REG_EIP, old, m->new_eip, selector);
}

/* A segment register takes the descriptor in m->stack_*. */
MICRO_INLINE void micro_set_segment(struct x86 *c, struct micro_run *r, uint16_t step,
                                    uint16_t cost, unsigned segment, uint16_t selector)
{
    uint32_t old = c->s.segment[segment].selector;
    c->s.segment[segment] = descriptor_segment(selector, c->s.micro.stack_low,
                                               c->s.micro.stack_high | DESCRIPTOR_ACCESSED);
    micro_set(c, r, step, cost, X86_REG_ES + segment, old, selector, 0);
}

MICRO_INLINE void micro_null_segment(struct x86 *c, struct micro_run *r, uint16_t step,
                                     uint16_t cost, unsigned segment)
{
    uint32_t old = c->s.segment[segment].selector;
    c->s.segment[segment] = (struct x86_segment){0};
    micro_set(c, r, step, cost, X86_REG_ES + segment, old, 0, 0);
}

/* --- the way a program is written ------------------------------------------------------------- */

/* The head of a program that makes one step and leaves. */
#define MICRO_PROGRAM(name)                                                                        \
    MICRO_INLINE bool name##_body(struct x86 *c, struct micro_run *r, const bool go_on);           \
    bool name(struct x86 *c, bool go_on)                                                           \
    {                                                                                              \
        (void)go_on;                                                                               \
        struct micro_run run = micro_enter(c, false);                                              \
        return name##_body(c, &run, false);                                                        \
    }                                                                                              \
    MICRO_INLINE bool name##_body(struct x86 *c, struct micro_run *r, const bool go_on)

/* The head of a program that is compiled a second time, to make all its steps and go on with the
 * next program at once. That one calls nothing: where memory is not in the TLB, or a check fails,
 * it leaves that step and what follows to the first. */
#define MICRO_FAST_PROGRAM(name)                                                                   \
    MICRO_INLINE bool name##_body(struct x86 *c, struct micro_run *r, const bool go_on);           \
    bool name(struct x86 *c, bool go_on)                                                           \
    {                                                                                              \
        if (go_on && micro_can_run(c)) {                                                           \
            struct micro_run run = micro_enter(c, true);                                           \
            return name##_body(c, &run, true);                                                     \
        }                                                                                          \
        struct micro_run run = micro_enter(c, false);                                              \
        return name##_body(c, &run, false);                                                        \
    }                                                                                              \
    MICRO_INLINE bool name##_body(struct x86 *c, struct micro_run *r, const bool go_on)

/* Its steps go between PROGRAM and END; it begins with state 0. */
#define PROGRAM                                                                                    \
    struct x86_micro *m = &c->s.micro;                                                             \
    bool stepped = false;                                                                          \
    switch (go_on ? 0 : m->state) {                                                                \
    default:

#define END }

/* Out of the program: to its end, to a fault. */
#define LEAVE(answer)                                                                              \
    do {                                                                                           \
        micro_leave(c, r);                                                                         \
        return (answer);                                                                           \
    } while (0)

/* On to the next program. */
#define GO_ON(program, name)                                                                       \
    do {                                                                                           \
        micro_go(c, (program));                                                                    \
        if (go_on)                                                                                 \
            return name##_body(c, r, true);                                                        \
        LEAVE(true);                                                                               \
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

/* At full speed: this step only if `possible`. */
#define UNLESS_IN_THE_WAY(id, possible)                                                            \
    if (go_on && __builtin_expect(!(possible), 0)) {                                               \
        m->state = X86_STEP_##id;                                                                  \
        LEAVE(true);                                                                               \
    }

#define CHECK(id, passed, a, b, vector, error)                                                     \
    STEP(id)                                                                                       \
    UNLESS_IN_THE_WAY(id, passed)                                                                  \
    if (!micro_check(c, r, ROW(id), go_on || (passed), (a), (b)))                                  \
        LEAVE(micro_refuse(c, (vector), (error)));

#define READ(id, linear, size, user, out)                                                          \
    STEP(id)                                                                                       \
    UNLESS_IN_THE_WAY(id, micro_fast_read(c, r, ROW(id), (linear), (size), (user), (out)))         \
    if (!go_on && !micro_read(c, r, ROW(id), (linear), (size), (user), (out)))                     \
        LEAVE(micro_fault(c));

#define WRITE(id, linear, size, user, value)                                                       \
    STEP(id)                                                                                       \
    UNLESS_IN_THE_WAY(id, micro_fast_write(c, r, ROW(id), (linear), (size), (user), (value)))      \
    if (!go_on && !micro_write(c, r, ROW(id), (linear), (size), (user), (value)))                  \
        LEAVE(micro_fault(c));

/* Two steps: a descriptor's high and low dword. */
#define READ_DESCRIPTOR(high_id, low_id, linear, high, low)                                        \
    STEP(high_id)                                                                                  \
    UNLESS_IN_THE_WAY(                                                                             \
        high_id, micro_fast_descriptor(c, r, ROW(high_id), ROW(low_id), (linear), (high), (low)))  \
    if (!go_on && !micro_read(c, r, ROW(high_id), (linear) + 4, 4, false, (high)))                 \
        LEAVE(micro_fault(c));                                                                     \
    STEP(low_id)                                                                                   \
    if (!go_on && !micro_read(c, r, ROW(low_id), (linear), 4, false, (low)))                       \
        LEAVE(micro_fault(c));

/* Before the PUSHes of a frame or the POPs, of which `id` is the first. At full speed all slots are
 * of this size; for others the steps go one by one. */
#define FRAME_TO_PUSH(id, slots, size)                                                             \
    UNLESS_IN_THE_WAY(id, micro_frame(c, r, (slots), (size), false))
#define FRAME_TO_POP(id, slots, size)                                                              \
    UNLESS_IN_THE_WAY(id, micro_frame(c, r, (slots), (size), true))

#define PUSH(id, user, value)                                                                      \
    STEP(id)                                                                                       \
    UNLESS_IN_THE_WAY(id, micro_fast_push(c, r, ROW(id), (user), (value)))                         \
    if (!go_on && !micro_push(c, r, ROW(id), (user), (value)))                                     \
        LEAVE(micro_fault(c));

/* Slot n of the frame; ESP stays where it is. */
#define POP(id, n, user, out)                                                                      \
    STEP(id)                                                                                       \
    UNLESS_IN_THE_WAY(id, micro_fast_pop(c, r, ROW(id), (n), (user), (out)))                       \
    if (!go_on && !micro_read(c, r, ROW(id), micro_slot(c, (n)), m->size, (user), (out)))          \
        LEAVE(micro_fault(c));

#endif
