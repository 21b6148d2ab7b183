/* far: JMP, CALL and RET to another code segment, through gates and to other levels.
 *
 * Sources: SDM vol. 2 CALL, JMP, RET; vol. 3 5.8; 80386 PRM, the same pages. Everything is checked,
 * pages included, before anything changes. */
#include "cpu/x86/micro.h"

/* i486 clocks (i486 PRM, table of clock counts): real mode, then protected mode. */
enum clocks {
    CLOCKS_JUMP_REAL = 17,
    CLOCKS_JUMP = 19,
    CLOCKS_JUMP_GATE = 32,
    CLOCKS_JUMP_TSS = 42,
    CLOCKS_JUMP_TASK_GATE = 43,
    CLOCKS_CALL_REAL = 18,
    CLOCKS_CALL = 20,
    CLOCKS_CALL_GATE = 35,
    CLOCKS_CALL_INNER = 69,
    CLOCKS_CALL_PARAMETERS = 77,
    CLOCKS_EACH_PARAMETER = 4,
    CLOCKS_CALL_TSS = 37,
    CLOCKS_CALL_TASK_GATE = 38,
    CLOCKS_RETURN_REAL = 13,
    CLOCKS_RETURN = 17,
    CLOCKS_RETURN_OUTER = 35,
};

struct target {
    uint16_t selector;
    uint32_t low, high;
    uint32_t eip;
};

/* The far pointer or gate under way. */
struct transfer {
    uint16_t selector;
    uint32_t offset;
    unsigned size; /* of a stack slot */
    uint32_t next_eip;
    bool call;
};

static bool refuse(struct x86 *c, uint8_t vector, uint16_t selector)
{
    return x86_fault_error(c, vector, selector & ~3u);
}

static void charge(struct x86 *c, unsigned clocks)
{
    c->cpu.clock->s.now += clocks;
}

static bool inside_limit(struct x86 *c, const struct target *to)
{
    if (to->eip <= descriptor_limit(to->low, to->high))
        return true;
    return x86_fault_error(c, X86_GP, 0);
}

/* Answers true, as those who end with it. */
static bool set_code(struct x86 *c, const struct target *to, unsigned cpl)
{
    c->s.segment[X86_CS] = descriptor_segment((uint16_t)((to->selector & ~3u) | cpl), to->low,
                                              to->high | DESCRIPTOR_ACCESSED);
    c->s.eip = to->eip;
    c->s.cpl = (uint8_t)cpl;
    x86_mode_changed(c);
    return true;
}

static void set_code_real(struct x86 *c, uint16_t selector, uint32_t eip)
{
    struct x86_segment *cs = &c->s.segment[X86_CS];
    if (x86_v86(c))
        *cs = descriptor_v86(selector);
    cs->selector = selector;
    cs->base = (uint32_t)selector << 4;
    c->s.eip = eip;
    x86_mode_changed(c);
}

/* --- stack frames ----------------------------------------------------------------------------- */

/* A frame to be written below esp of some stack, slot by slot, after one check of all of it. */
struct frame {
    const struct x86_segment *stack;
    uint32_t esp;
    unsigned size;
    bool user;
};

/* Room and pages for `slots` slots. */
static bool frame_check(struct x86 *c, const struct frame *frame, unsigned slots, uint16_t error)
{
    if (!stack_room(frame->stack, frame->esp, slots, frame->size, false))
        return x86_fault_error(c, X86_SS_FAULT, error);
    for (unsigned i = 1; i <= slots; i++) {
        uint32_t esp = stack_move(frame->stack, frame->esp, 0u - i * frame->size), physical;
        if (!x86_linear_check(c, frame->stack->base + stack_offset(frame->stack, esp), frame->size,
                              X86_WRITE, frame->user, &physical))
            return false;
    }
    return true;
}

static void frame_push(struct x86 *c, struct frame *frame, uint32_t value)
{
    frame->esp = stack_move(frame->stack, frame->esp, 0u - frame->size);
    x86_linear_write(c, frame->stack->base + stack_offset(frame->stack, frame->esp), frame->size,
                     frame->user, frame->size == 2 ? value & 0xffff : value);
}

/* Slot n of the present stack. */
static bool stack_slot(struct x86 *c, unsigned n, unsigned size, uint32_t *out)
{
    const struct x86_segment *stack = &c->s.segment[X86_SS];
    uint32_t esp = stack_move(stack, c->s.gpr[X86_ESP], n * size);
    return x86_seg_read(c, X86_SS, stack_offset(stack, esp), size, out);
}

static struct frame return_frame(const struct x86 *c, const struct transfer *by)
{
    return (struct frame){&c->s.segment[X86_SS], c->s.gpr[X86_ESP], by->size, c->s.cpl == 3};
}

static bool return_fits(struct x86 *c, const struct transfer *by)
{
    struct frame frame = return_frame(c, by);
    return !by->call || frame_check(c, &frame, 2, 0);
}

static void push_return(struct x86 *c, const struct transfer *by)
{
    if (!by->call)
        return;
    struct frame frame = return_frame(c, by);
    frame_push(c, &frame, c->s.segment[X86_CS].selector);
    frame_push(c, &frame, by->next_eip);
    c->s.gpr[X86_ESP] = frame.esp;
}

/* --- real and V86 mode ------------------------------------------------------------------------ */

static bool go_real(struct x86 *c, const struct transfer *by)
{
    if (!return_fits(c, by))
        return false;
    if (by->offset > c->s.segment[X86_CS].limit)
        return x86_fault_error(c, X86_GP, 0);
    push_return(c, by);
    charge(c, by->call ? CLOCKS_CALL_REAL : CLOCKS_JUMP_REAL);
    set_code_real(c, by->selector, by->offset);
    return true;
}

/* --- straight to a code segment --------------------------------------------------------------- */

static bool code_allowed(struct x86 *c, const struct target *to, unsigned rpl)
{
    unsigned dpl = descriptor_dpl(to->high);
    bool allowed =
        descriptor_conforming(to->high) ? dpl <= c->s.cpl : rpl <= c->s.cpl && dpl == c->s.cpl;
    if (!allowed)
        return refuse(c, X86_GP, to->selector);
    if (!descriptor_present(to->high))
        return refuse(c, X86_NP, to->selector);
    return true;
}

/* To the same level: what is pushed and set is the same whether a gate led here or not. */
static bool go_same(struct x86 *c, const struct transfer *by, const struct target *to,
                    unsigned clocks)
{
    if (!return_fits(c, by) || !inside_limit(c, to) ||
        !x86_mark_descriptor(c, to->selector, to->high, DESCRIPTOR_ACCESSED))
        return false;
    push_return(c, by);
    charge(c, clocks);
    return set_code(c, to, c->s.cpl);
}

/* --- through a call gate ---------------------------------------------------------------------- */

struct inner {
    uint16_t selector;
    uint32_t esp, low, high;
    struct x86_segment segment;
    unsigned parameters;
};

/* SS:ESP of level `dpl` from the TSS, checked as CALL does. */
static bool inner_stack(struct x86 *c, unsigned dpl, struct inner *stack)
{
    const struct x86_segment *tr = &c->s.segment[X86_TR];
    unsigned word = (tr->attributes & 8) != 0 ? 4 : 2;
    uint32_t pair = word == 4 ? 4 + 8 * dpl : 2 + 4 * dpl, selector;
    if ((tr->attributes & X86_ATTR_P) == 0 || pair + 2 * word - 1 > tr->limit)
        return refuse(c, X86_TS, tr->selector);
    if (!x86_linear_read(c, tr->base + pair, word, false, &stack->esp) ||
        !x86_linear_read(c, tr->base + pair + word, 2, false, &selector))
        return false;
    stack->selector = (uint16_t)selector;
    if (selector_null(stack->selector))
        return x86_fault_error(c, X86_TS, 0);
    if (!x86_read_descriptor(c, stack->selector, X86_TS, &stack->low, &stack->high))
        return false;
    if ((selector & 3) != dpl || descriptor_dpl(stack->high) != dpl ||
        !descriptor_writable(stack->high))
        return refuse(c, X86_TS, stack->selector);
    if (!descriptor_present(stack->high))
        return refuse(c, X86_SS_FAULT, stack->selector);
    stack->segment =
        descriptor_segment(stack->selector, stack->low, stack->high | DESCRIPTOR_ACCESSED);
    return true;
}

static bool call_inner(struct x86 *c, const struct transfer *by, const struct target *to,
                       unsigned parameters)
{
    unsigned dpl = descriptor_dpl(to->high);
    struct inner stack;
    uint32_t parameter[31];
    if (!inner_stack(c, dpl, &stack))
        return false;
    struct frame frame = {&stack.segment, stack.esp, by->size, false};
    if (!frame_check(c, &frame, 4 + parameters, stack.selector & ~3u) || !inside_limit(c, to))
        return false;
    for (unsigned i = 0; i < parameters; i++)
        if (!stack_slot(c, i, by->size, &parameter[i]))
            return false;
    if (!x86_mark_descriptor(c, stack.selector, stack.high, DESCRIPTOR_ACCESSED) ||
        !x86_mark_descriptor(c, to->selector, to->high, DESCRIPTOR_ACCESSED))
        return false;
    frame_push(c, &frame, c->s.segment[X86_SS].selector);
    frame_push(c, &frame, c->s.gpr[X86_ESP]);
    for (unsigned i = parameters; i-- > 0;)
        frame_push(c, &frame, parameter[i]);
    frame_push(c, &frame, c->s.segment[X86_CS].selector);
    frame_push(c, &frame, by->next_eip);
    c->s.segment[X86_SS] = stack.segment;
    c->s.gpr[X86_ESP] = frame.esp;
    charge(c, parameters == 0 ? CLOCKS_CALL_INNER
                              : CLOCKS_CALL_PARAMETERS + CLOCKS_EACH_PARAMETER * parameters);
    return set_code(c, to, dpl);
}

static bool go_gate(struct x86 *c, const struct transfer *by, uint32_t low, uint32_t high)
{
    bool wide = descriptor_type(high) == TYPE_CALL_32;
    struct target to = {.selector = (uint16_t)(low >> 16), .eip = low & 0xffff};
    if (wide)
        to.eip |= high & 0xffff0000u;
    if (selector_null(to.selector))
        return x86_fault_error(c, X86_GP, 0);
    if (!x86_read_descriptor(c, to.selector, X86_GP, &to.low, &to.high))
        return false;
    unsigned dpl = descriptor_dpl(to.high);
    bool inner = by->call && !descriptor_conforming(to.high) && dpl < c->s.cpl;
    bool level = descriptor_conforming(to.high) || by->call ? dpl <= c->s.cpl : dpl == c->s.cpl;
    if (!descriptor_code(to.high) || !level)
        return refuse(c, X86_GP, to.selector);
    if (!descriptor_present(to.high))
        return refuse(c, X86_NP, to.selector);
    struct transfer through = *by;
    through.size = wide ? 4 : 2;
    if (inner)
        return call_inner(c, &through, &to, high & 0x1f);
    return go_same(c, &through, &to, by->call ? CLOCKS_CALL_GATE : CLOCKS_JUMP_GATE);
}

/* --- where a far pointer leads ---------------------------------------------------------------- */

/* A gate or TSS may be used by who is not less privileged than its DPL. */
static bool system_allowed(struct x86 *c, const struct transfer *by, uint32_t high)
{
    unsigned dpl = descriptor_dpl(high), rpl = by->selector & 3;
    return dpl >= c->s.cpl && dpl >= rpl ? true : refuse(c, X86_GP, by->selector);
}

static bool go_system(struct x86 *c, const struct transfer *by, uint32_t low, uint32_t high)
{
    switch (descriptor_type(high)) {
    case TYPE_CALL_16:
    case TYPE_CALL_32:
        if (!system_allowed(c, by, high))
            return false;
        if (!descriptor_present(high))
            return refuse(c, X86_NP, by->selector);
        return go_gate(c, by, low, high);
    case TYPE_TASK_GATE:
        if (!system_allowed(c, by, high))
            return false;
        if (!descriptor_present(high))
            return refuse(c, X86_NP, by->selector);
        task_begin_far(c, (uint16_t)(low >> 16), by->call, by->next_eip,
                       by->call ? CLOCKS_CALL_TASK_GATE : CLOCKS_JUMP_TASK_GATE);
        return true;
    case TYPE_TSS_16:
    case TYPE_TSS_16_BUSY:
    case TYPE_TSS_32:
    case TYPE_TSS_32_BUSY:
        if (!system_allowed(c, by, high))
            return false;
        task_begin_far(c, by->selector, by->call, by->next_eip,
                       by->call ? CLOCKS_CALL_TSS : CLOCKS_JUMP_TSS);
        return true;
    default: return refuse(c, X86_GP, by->selector);
    }
}

static bool go(struct x86 *c, const struct transfer *by)
{
    if (!x86_protected(c) || x86_v86(c))
        return go_real(c, by);
    if (selector_null(by->selector))
        return x86_fault_error(c, X86_GP, 0);
    struct target to = {.selector = by->selector, .eip = by->offset};
    if (!x86_read_descriptor(c, by->selector, X86_GP, &to.low, &to.high))
        return false;
    if ((to.high & DESCRIPTOR_S) == 0)
        return go_system(c, by, to.low, to.high);
    if (!descriptor_code(to.high))
        return refuse(c, X86_GP, by->selector);
    return code_allowed(c, &to, by->selector & 3) &&
           go_same(c, by, &to, by->call ? CLOCKS_CALL : CLOCKS_JUMP);
}

bool x86_far_jump(struct x86 *c, uint16_t selector, uint32_t offset, unsigned size,
                  uint32_t next_eip)
{
    return go(c, &(struct transfer){selector, size == 2 ? offset & 0xffff : offset, size, next_eip,
                                    false});
}

bool x86_far_call(struct x86 *c, uint16_t selector, uint32_t offset, unsigned size,
                  uint32_t next_eip)
{
    return go(c, &(struct transfer){selector, size == 2 ? offset & 0xffff : offset, size, next_eip,
                                    true});
}

/* --- RET -------------------------------------------------------------------------------------- */

static bool return_real(struct x86 *c, unsigned size, uint16_t release, uint16_t selector,
                        uint32_t eip)
{
    if (eip > c->s.segment[X86_CS].limit)
        return x86_fault_error(c, X86_GP, 0);
    c->s.gpr[X86_ESP] = stack_move(&c->s.segment[X86_SS], c->s.gpr[X86_ESP], 2 * size + release);
    charge(c, CLOCKS_RETURN_REAL + (release != 0));
    set_code_real(c, selector, eip);
    return true;
}

/* The stack of the outer level, behind the parameters that are released. */
static bool outer_stack(struct x86 *c, unsigned size, uint16_t release, unsigned rpl,
                        struct inner *stack)
{
    const struct x86_segment *ss = &c->s.segment[X86_SS];
    uint32_t at = stack_move(ss, c->s.gpr[X86_ESP], 2 * size + release), selector;
    if (!x86_seg_read(c, X86_SS, stack_offset(ss, at), size, &stack->esp) ||
        !x86_seg_read(c, X86_SS, stack_offset(ss, stack_move(ss, at, size)), size, &selector))
        return false;
    stack->selector = (uint16_t)selector;
    if (selector_null(stack->selector))
        return x86_fault_error(c, X86_GP, 0);
    if (!x86_read_descriptor(c, stack->selector, X86_GP, &stack->low, &stack->high))
        return false;
    if ((selector & 3) != rpl || !descriptor_writable(stack->high) ||
        descriptor_dpl(stack->high) != rpl)
        return refuse(c, X86_GP, stack->selector);
    if (!descriptor_present(stack->high))
        return refuse(c, X86_SS_FAULT, stack->selector);
    return true;
}

static bool return_outer(struct x86 *c, unsigned size, uint16_t release, const struct target *to)
{
    static const uint8_t data[] = {X86_ES, X86_FS, X86_GS, X86_DS};
    unsigned rpl = to->selector & 3;
    struct inner stack;
    if (!outer_stack(c, size, release, rpl, &stack) || !inside_limit(c, to) ||
        !x86_mark_descriptor(c, to->selector, to->high, DESCRIPTOR_ACCESSED) ||
        !x86_mark_descriptor(c, stack.selector, stack.high, DESCRIPTOR_ACCESSED))
        return false;
    struct x86_segment *ss = &c->s.segment[X86_SS];
    *ss = descriptor_segment(stack.selector, stack.low, stack.high | DESCRIPTOR_ACCESSED);
    if ((ss->attributes & X86_ATTR_BIG) == 0)
        stack.esp = (c->s.gpr[X86_ESP] & 0xffff0000u) | (stack.esp & 0xffff);
    c->s.gpr[X86_ESP] = stack_move(ss, stack.esp, release);
    for (unsigned i = 0; i < 4; i++)
        if (segment_too_inner(&c->s.segment[data[i]], rpl))
            c->s.segment[data[i]] = (struct x86_segment){0};
    charge(c, CLOCKS_RETURN_OUTER + (release != 0));
    return set_code(c, to, rpl);
}

bool x86_far_return(struct x86 *c, unsigned size, uint16_t release)
{
    uint32_t eip, value;
    if (!stack_slot(c, 0, size, &eip) || !stack_slot(c, 1, size, &value))
        return false;
    uint16_t selector = (uint16_t)value;
    if (!x86_protected(c) || x86_v86(c))
        return return_real(c, size, release, selector, eip);
    if (selector_null(selector))
        return x86_fault_error(c, X86_GP, 0);
    struct target to = {.selector = selector, .eip = eip};
    if (!x86_read_descriptor(c, selector, X86_GP, &to.low, &to.high))
        return false;
    unsigned rpl = selector & 3;
    if (!descriptor_code(to.high) || rpl < c->s.cpl || !descriptor_dpl_fits(to.high, rpl))
        return refuse(c, X86_GP, selector);
    if (!descriptor_present(to.high))
        return refuse(c, X86_NP, selector);
    if (rpl > c->s.cpl)
        return return_outer(c, size, release, &to);
    if (!inside_limit(c, &to) || !x86_mark_descriptor(c, selector, to.high, DESCRIPTOR_ACCESSED))
        return false;
    c->s.gpr[X86_ESP] = stack_move(&c->s.segment[X86_SS], c->s.gpr[X86_ESP], 2 * size + release);
    charge(c, CLOCKS_RETURN + (release != 0));
    return set_code(c, &to, rpl);
}
