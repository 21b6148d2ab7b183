/* micro: how a micro-program is written down: each step acts once, is recorded and charged.
 *
 * A program is a C function that reads from top to bottom as the manual's pseudocode does. CHECK,
 * READ, WRITE, PUSH and STEP each name a row of steps.def and are the places where the function
 * can be left and entered again: x86_micro.state says where. Nothing but struct x86_micro and the
 * rest of struct x86_state survives from one step to the next. */
#ifndef CPU_X86_MICRO_H
#define CPU_X86_MICRO_H

#include "cpu/x86/descriptor.h"
#include "cpu/x86/trap.h"

enum micro_cost {
#define STEP_ROW(id, program, cost, kind, name, text, manual, format, remedy) X86_COST_##id = cost,
#include "cpu/x86/steps.def"
#undef STEP_ROW
};

/* x86_state.debug_pending: what the next boundary reports as #DB. */
enum micro_pending {
    MICRO_PENDING_BREAKPOINTS = 15, MICRO_PENDING_STEP = 64, MICRO_PENDING_TASK = 128,
};

/* What is being delivered, for the double-fault rule (SDM vol. 3, table 6-5). */
enum micro_class { CLASS_RETURN, CLASS_BENIGN, CLASS_CONTRIBUTORY, CLASS_PAGE, CLASS_DOUBLE };

/* True = more to do. go_on: do not stop before the end of the program. */
typedef bool micro_program_fn(struct x86 *c, bool go_on);

micro_program_fn iret_real, iret_protected, iret_same, iret_outer, iret_commit, iret_v86;
micro_program_fn task_check, task_save, task_load;
micro_program_fn task_ldt, task_code, task_stack, task_data, task_end;

/* The program in progress becomes a task switch: by the task gate that was read, by the back link. */
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
/* A program begins: an event of this kind, with what all such events tell. */
struct trace_event *micro_tell(struct x86 *c, enum trace_kind kind);
void micro_observe(struct x86 *c, const struct trace_event *event);
/* The last step is done: the next instruction may execute. Answers false. */
bool micro_finish(struct x86 *c);
/* Begins `program` as part of what is in progress. */
static inline bool micro_go(struct x86 *c, enum x86_program program)
{
    c->s.micro.program = (uint8_t)program;
    c->s.micro.state = 0;
    return true;
}

static inline uint32_t micro_bytes_get(const uint8_t *p, unsigned size)
{
    if (size == 4)
        return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    return size == 2 ? p[0] | (uint32_t)p[1] << 8 : p[0];
}

static inline void micro_bytes_put(uint8_t *p, unsigned size, uint32_t value)
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

/* As x86_linear_read_at and _write_at, the TLB probed in place. */
static inline bool micro_load(struct x86 *c, uint32_t linear, unsigned size, bool user,
                              uint32_t *out, uint32_t *physical)
{
    const struct x86_tlb_entry *entry = &c->tlb.read[user][(linear >> 12) & (X86_TLB_ENTRIES - 1)];
    if (entry->tag != (linear & 0xfffff000u) || (linear & 0xfff) + size > 4096)
        return x86_linear_read_at(c, linear, size, user, out, physical);
    *out = micro_bytes_get(entry->host + (linear & 0xfff), size);
    *physical = entry->physical + (linear & 0xfff);
    return true;
}

static inline bool micro_store(struct x86 *c, uint32_t linear, unsigned size, bool user,
                               uint32_t value, uint32_t *old, uint32_t *physical)
{
    const struct x86_tlb_entry *entry = &c->tlb.write[user][(linear >> 12) & (X86_TLB_ENTRIES - 1)];
    if (entry->tag != (linear & 0xfffff000u) || (linear & 0xfff) + size > 4096)
        return x86_linear_write_at(c, linear, size, user, value, old, physical);
    *old = micro_bytes_get(entry->host + (linear & 0xfff), size);
    micro_bytes_put(entry->host + (linear & 0xfff), size, value);
    *physical = entry->physical + (linear & 0xfff);
    return true;
}

/* Writes the record of the step, charges it, shows it. */
static inline void micro_record(struct x86 *c, struct trace_event event)
{
    struct trace *trace = c->cpu.trace;
    struct trace_event *to = &trace->event[trace->written++ % TRACE_EVENTS];
    event.tick = c->cpu.clock->s.now;
    event.count = c->s.count;
    event.kind = TRACE_STEP;
    event.cpu = (uint8_t)c->cpu.number;
    event.vector = c->s.micro.vector;
    *to = event;
    c->cpu.clock->s.now += event.cost;
    c->s.micro.charged += event.cost;
    c->s.micro.done++;
    if (__builtin_expect(c->observer != NULL, 0))
        micro_observe(c, to);
}

static inline bool micro_check(struct x86 *c, uint16_t step, uint16_t cost, bool passed,
                               uint32_t a, uint32_t b)
{
    micro_record(c, (struct trace_event){
        .step = step, .cost = cost, .a = a, .b = b,
        .flags = (uint8_t)(passed ? TRACE_CHECK : TRACE_CHECK | TRACE_FAILED)});
    return passed;
}

static inline bool micro_refuse(struct x86 *c, uint8_t vector, uint32_t error)
{
    x86_fault_error(c, vector, (uint16_t)error);
    return micro_fault(c);
}

static inline bool micro_read(struct x86 *c, uint16_t step, uint16_t cost, uint32_t linear,
                              unsigned size, bool user, uint32_t *out)
{
    uint32_t value = 0, physical = 0;
    bool done = micro_load(c, linear, size, user, &value, &physical);
    if (done)
        *out = value;
    micro_record(c, (struct trace_event){
        .step = step, .cost = cost, .size = (uint8_t)size, .addr = linear, .phys = physical,
        .value = value, .flags = (uint8_t)(done ? TRACE_READ : TRACE_READ | TRACE_FAILED)});
    return done;
}

static inline void micro_written(struct x86 *c, uint16_t step, uint16_t cost, uint32_t linear,
                                 uint32_t physical, unsigned size, uint32_t value, uint32_t old,
                                 bool done)
{
    micro_record(c, (struct trace_event){
        .step = step, .cost = cost, .size = (uint8_t)size, .addr = linear, .phys = physical,
        .value = value, .old = old,
        .flags = (uint8_t)(done ? TRACE_WRITE : TRACE_WRITE | TRACE_FAILED)});
}

static inline bool micro_write(struct x86 *c, uint16_t step, uint16_t cost, uint32_t linear,
                               unsigned size, bool user, uint32_t value)
{
    uint32_t old = 0, physical = 0;
    bool done = micro_store(c, linear, size, user, value, &old, &physical);
    micro_written(c, step, cost, linear, physical, size, value, old, done);
    return done;
}

static inline bool micro_push(struct x86 *c, uint16_t step, uint16_t cost, bool user,
                              uint32_t value)
{
    const struct x86_segment *stack = &c->s.segment[X86_SS];
    unsigned size = c->s.micro.size;
    uint32_t esp = stack_move(stack, c->s.gpr[X86_ESP], 0u - size);
    uint32_t linear = stack->base + stack_offset(stack, esp), old = 0, physical = 0;
    if (size == 2)
        value &= 0xffff;
    bool done = micro_store(c, linear, size, user, value, &old, &physical);
    if (done)
        c->s.gpr[X86_ESP] = esp;
    micro_written(c, step, cost, linear, physical, size, value, old, done);
    return done;
}

/* After the change. selector: for a step that changes CS and EIP at once; else 0. */
static inline void micro_set(struct x86 *c, uint16_t step, uint16_t cost, enum x86_register reg,
                             uint32_t old, uint32_t value, uint32_t selector)
{
    micro_record(c, (struct trace_event){.step = step, .cost = cost, .a = reg, .b = selector,
                                         .old = old, .value = value, .flags = TRACE_SET});
}

/* Cost of the row that ends a case: what is left of the published total. */
static inline uint16_t micro_rest(const struct x86 *c)
{
    const struct x86_micro *m = &c->s.micro;
    return m->total > m->charged ? (uint16_t)(m->total - m->charged) : 0;
}

/* Changes CS and EIP by a code descriptor that is in m->code_*, m->selector, m->new_eip. */
static inline void micro_set_code(struct x86 *c, uint16_t step, uint16_t cost, unsigned rpl)
{
    struct x86_micro *m = &c->s.micro;
    uint16_t selector = (uint16_t)((m->selector & ~3u) | rpl);
    uint32_t old = c->s.eip;
    c->s.segment[X86_CS] = descriptor_segment(selector, m->code_low,
                                              m->code_high | DESCRIPTOR_ACCESSED);
    c->s.eip = m->new_eip;
    micro_set(c, step, cost, X86_REG_EIP, old, m->new_eip, selector);
}

/* A segment register takes the descriptor in m->stack_*. */
static inline void micro_set_segment(struct x86 *c, uint16_t step, uint16_t cost, unsigned segment,
                                     uint16_t selector)
{
    uint32_t old = c->s.segment[segment].selector;
    c->s.segment[segment] = descriptor_segment(selector, c->s.micro.stack_low,
                                               c->s.micro.stack_high | DESCRIPTOR_ACCESSED);
    micro_set(c, step, cost, X86_REG_ES + segment, old, selector, 0);
}

static inline void micro_null_segment(struct x86 *c, uint16_t step, uint16_t cost, unsigned segment)
{
    uint32_t old = c->s.segment[segment].selector;
    c->s.segment[segment] = (struct x86_segment){0};
    micro_set(c, step, cost, X86_REG_ES + segment, old, 0, 0);
}

/* The program's body goes between these. A program begins with state 0. */
#define PROGRAM                                                                                    \
    struct x86_micro *m = &c->s.micro;                                                             \
    bool stepped = false;                                                                          \
    switch (m->state) {                                                                            \
    default:

#define END }

#define STEP(id)                                                                                   \
    if (stepped && !go_on) {                                                                       \
        m->state = X86_STEP_##id;                                                                  \
        return true;                                                                               \
    }                                                                                              \
    __attribute__((fallthrough));                                                                  \
    case X86_STEP_##id:                                                                            \
    stepped = true;

#define ROW(id) X86_STEP_##id, X86_COST_##id

#define CHECK(id, passed, a, b, vector, error)                                                     \
    STEP(id)                                                                                       \
    if (!micro_check(c, ROW(id), (passed), (a), (b)))                                              \
        return micro_refuse(c, (vector), (error));

#define READ(id, linear, size, user, out)                                                          \
    STEP(id)                                                                                       \
    if (!micro_read(c, ROW(id), (linear), (size), (user), (out)))                                  \
        return micro_fault(c);

#define WRITE(id, linear, size, user, value)                                                       \
    STEP(id)                                                                                       \
    if (!micro_write(c, ROW(id), (linear), (size), (user), (value)))                               \
        return micro_fault(c);

#define PUSH(id, user, value)                                                                      \
    STEP(id)                                                                                       \
    if (!micro_push(c, ROW(id), (user), (value)))                                                  \
        return micro_fault(c);

#endif
