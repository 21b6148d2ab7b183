/* trap: the delivery of interrupts and exceptions, step by step, and what may begin at a boundary.
 *
 * Sources: SDM vol. 2 INT, vol. 3 chapter 6; 80386 PRM chapter 9. The steps are rows of steps.def,
 * the way to write them down is micro.h. */
#include "cpu/x86/trap.h"

#include "cpu/x86/micro.h"
#include "cpu/x86/run.h"
#include "emu/base/bug.h"

/* i486 clocks of each case (i486 PRM, table of clock counts). */
enum clocks {
    CLOCKS_REAL = 26,
    CLOCKS_SAME = 44,
    CLOCKS_INNER = 71,
    CLOCKS_V86 = 82,
    CLOCKS_TASK = 37,
    EXTRA_INT_N = 4,
    EXTRA_INTO = 2,
    EXTRA_INTR = 11,
    EXTRA_NMI = 3,
    EXTRA_PAGE_FAULT = 24,
    CLOCKS_INIT = 15, /* the shortest pulse (i486 data sheet, "RESET") */
};

bool x86_fault_error(struct x86 *c, uint8_t vector, uint16_t error)
{
    c->fault = (struct x86_fault){.vector = vector, .has_error = true, .error = error};
    return false;
}

bool micro_refuse(struct x86 *c, uint8_t vector, uint32_t error)
{
    x86_fault_error(c, vector, (uint16_t)error);
    return micro_fault(c);
}

bool x86_fault_plain(struct x86 *c, uint8_t vector)
{
    c->fault = (struct x86_fault){.vector = vector};
    return false;
}

/* --- beginning, ending, failing --------------------------------------------------------------- */

static bool by_software(const struct x86_micro *m)
{
    return m->cause <= X86_CAUSE_INTO;
}

static enum micro_class exception_class(uint8_t vector)
{
    if (vector == X86_DF_ABORT)
        return CLASS_DOUBLE;
    if (vector == X86_PF_FAULT)
        return CLASS_PAGE;
    if (vector == X86_DE || (vector >= 9 && vector <= X86_GP))
        return CLASS_CONTRIBUTORY;
    return CLASS_BENIGN;
}

static enum micro_class cause_class(enum x86_cause cause, uint8_t vector)
{
    return cause == X86_CAUSE_FAULT ? exception_class(vector) : CLASS_BENIGN;
}

/* RF in the image: set for faults, so that the instruction can go on under its own breakpoint; an
 * interrupt between iterations of REP finds it set in EFLAGS already (SDM vol. 3, 17.3.1.1). */
static uint32_t image(const struct x86 *c, enum x86_cause cause, uint8_t vector)
{
    if (cause == X86_CAUSE_FAULT && vector != X86_DF_ABORT)
        return c->s.eflags | X86_RF;
    if (cause == X86_CAUSE_INTR || cause == X86_CAUSE_NMI || cause == X86_CAUSE_FAULT)
        return c->s.eflags;
    return c->s.eflags & ~(uint32_t)X86_RF;
}

static uint32_t extra_clocks(const struct x86 *c, enum x86_cause cause, uint8_t vector)
{
    switch (cause) {
    case X86_CAUSE_INT_N: return x86_protected(c) && !x86_v86(c) ? 0 : EXTRA_INT_N;
    case X86_CAUSE_INTO: return EXTRA_INTO;
    case X86_CAUSE_INTR: return EXTRA_INTR;
    case X86_CAUSE_NMI: return EXTRA_NMI;
    case X86_CAUSE_FAULT: return vector == X86_PF_FAULT ? EXTRA_PAGE_FAULT : 0;
    default: return 0;
    }
}

void x86_begin_trap(struct x86 *c, enum x86_cause cause, uint8_t vector, bool has_error,
                    uint16_t error, uint32_t return_eip)
{
    struct x86_micro *m = &c->s.micro;
    micro_go(c, x86_protected(c) ? X86_PROGRAM_GATE : X86_PROGRAM_REAL);
    m->cause = (uint8_t)cause;
    m->vector = vector;
    m->has_error = has_error;
    m->error = error;
    m->first_class = (uint8_t)cause_class(cause, vector);
    m->ext = cause > X86_CAUSE_INTO;
    m->return_eip = return_eip;
    m->new_eflags = image(c, cause, vector);
    m->old_esp = c->s.gpr[X86_ESP];
    m->old_ss = c->s.segment[X86_SS];
    m->stack_moved = 0;
    m->size = x86_protected(c) ? 4 : 2;
    m->charged = 0;
    m->total = extra_clocks(c, cause, vector);
    c->s.debug_pending = 0;
    if (vector == X86_DB && cause >= X86_CAUSE_FAULT && cause <= X86_CAUSE_ICEBP)
        c->s.dr[7] &= ~(1u << 13); /* GD: the handler may use the debug registers */
    c->s.attention = (c->s.attention | X86_ATTEND_MICRO) & ~(uint32_t)X86_ATTEND_HALT;
    struct trace_event *event = micro_tell(c, TRACE_TRAP);
    event->a = cause;
    event->addr = c->s.segment[X86_CS].base + return_eip;
    event->value = error;
    event->old = c->s.cpl;
}

bool micro_finish(struct x86 *c)
{
    struct x86_micro *m = &c->s.micro;
    struct trace_event *event =
        micro_tell(c, m->cause == X86_CAUSE_RETURN ? TRACE_RETURNED : TRACE_ENTERED);
    event->addr = c->s.segment[X86_CS].base + c->s.eip;
    event->value = c->s.cpl;
    m->program = X86_PROGRAM_NONE;
    m->state = 0;
    m->done = 0;
    c->s.count++;
    c->s.attention &= ~(uint32_t)X86_ATTEND_MICRO;
    x86_attend_debug(c);
    x86_mode_changed(c);
    return false;
}

static bool shut_down(struct x86 *c)
{
    micro_tell(c, TRACE_SHUTDOWN);
    micro_go(c, X86_PROGRAM_NONE);
    c->s.shutdown = 1;
    c->s.attention = (c->s.attention | X86_ATTEND_SHUTDOWN) & ~(uint32_t)X86_ATTEND_MICRO;
    x86_mode_changed(c);
    return false;
}

static void remember_fault(struct x86 *c, struct x86_fault fault)
{
    for (unsigned i = 2; i > 0; i--) {
        c->s.last_fault[i] = c->s.last_fault[i - 1];
        c->s.last_fault_eip[i] = c->s.last_fault_eip[i - 1];
        c->s.last_fault_cr2[i] = c->s.last_fault_cr2[i - 1];
    }
    c->s.last_fault[0] = fault;
    c->s.last_fault_eip[0] = c->s.eip;
    c->s.last_fault_cr2[0] = c->s.cr2;
}

bool micro_fault(struct x86 *c)
{
    struct x86_micro *m = &c->s.micro;
    struct x86_fault found = c->fault;
    if (m->stack_moved) {
        c->s.segment[X86_SS] = m->old_ss;
        c->s.gpr[X86_ESP] = m->old_esp;
    }
    struct trace_event *event = micro_tell(c, TRACE_FAULTED);
    event->vector = found.vector;
    event->value = found.error;
    remember_fault(c, found);
    unsigned first = m->first_class, second = exception_class(found.vector);
    if (first == CLASS_DOUBLE)
        return shut_down(c);
    bool doubled = (first == CLASS_CONTRIBUTORY && second == CLASS_CONTRIBUTORY) ||
                   (first == CLASS_PAGE && second >= CLASS_CONTRIBUTORY);
    if (doubled)
        found = (struct x86_fault){.vector = X86_DF_ABORT, .has_error = true};
    x86_begin_trap(c, X86_CAUSE_FAULT, found.vector, found.has_error, found.error, c->s.eip);
    return true;
}

void x86_raise(struct x86 *c)
{
    remember_fault(c, c->fault);
    x86_begin_trap(c, X86_CAUSE_FAULT, c->fault.vector, c->fault.has_error, c->fault.error,
                   c->s.eip);
}

/* --- real mode -------------------------------------------------------------------------------- */

MICRO_FAST_PROGRAM(deliver_real)
{
    uint32_t entry = c->s.micro.vector * 4u, value = 0;
    PROGRAM
    CHECK(REAL_LIMIT, entry + 3 <= c->s.idtr.limit, entry + 3, c->s.idtr.limit, X86_DF_ABORT, 0)
    CHECK(REAL_ROOM, stack_room(&c->s.segment[X86_SS], c->s.gpr[X86_ESP], 3, 2, false),
          c->s.gpr[X86_ESP] & 0xffff, 6, X86_SS_FAULT, 0)
    m->stack_moved = 1;
    FRAME_TO_PUSH(REAL_PUSH_FLAGS, 3, 2)
    PUSH(REAL_PUSH_FLAGS, false, m->new_eflags)
    STEP(REAL_FLAGS)
    value = c->s.eflags;
    c->s.eflags &= ~(uint32_t)(X86_IF | X86_TF | X86_AC | X86_RF);
    micro_set(c, r, ROW(REAL_FLAGS), X86_REG_EFLAGS, value, c->s.eflags, 0);
    PUSH(REAL_PUSH_CS, false, c->s.segment[X86_CS].selector)
    PUSH(REAL_PUSH_IP, false, m->return_eip)
    READ(REAL_READ_IP, c->s.idtr.base + entry, 2, false, &m->new_eip)
    READ(REAL_READ_CS, c->s.idtr.base + entry + 2, 2, false, &value)
    m->selector = (uint16_t)value;
    STEP(REAL_CS_IP)
    m->total += CLOCKS_REAL;
    value = c->s.eip;
    c->s.segment[X86_CS].selector = m->selector;
    c->s.segment[X86_CS].base = (uint32_t)m->selector << 4;
    c->s.eip = m->new_eip;
    micro_set(c, r, X86_STEP_REAL_CS_IP, micro_rest(c, r), X86_REG_EIP, value, m->new_eip,
              m->selector);
    LEAVE(micro_finish(c));
    END
}

/* --- protected mode: the change to an inner level ---------------------------------------------
 * Each program stands behind those that it goes on with. */

MICRO_INLINE void set_handler_flags(struct x86 *c, struct micro_run *r, uint16_t step,
                                    uint16_t cost)
{
    uint32_t old = c->s.eflags;
    c->s.eflags &= ~(uint32_t)(X86_TF | X86_NT | X86_RF | X86_VM);
    if ((c->s.micro.gate_high & 0x100) == 0) /* an interrupt gate */
        c->s.eflags &= ~(uint32_t)X86_IF;
    micro_set(c, r, step, cost, X86_REG_EFLAGS, old, c->s.eflags, 0);
}

MICRO_FAST_PROGRAM(deliver_enter)
{
    static const uint8_t nulled[] = {X86_GS, X86_FS, X86_DS, X86_ES};
    uint32_t old = 0;
    PROGRAM
    if ((m->stack_high & DESCRIPTOR_ACCESSED) == 0) {
        WRITE(ENTER_SS_ACCESSED, selector_entry(c, m->new_ss) + 4, 4, false,
              m->stack_high | DESCRIPTOR_ACCESSED)
    }
    if ((m->code_high & DESCRIPTOR_ACCESSED) == 0) {
        WRITE(ENTER_CS_ACCESSED, selector_entry(c, m->selector) + 4, 4, false,
              m->code_high | DESCRIPTOR_ACCESSED)
    }
    m->stack_moved = 1;
    STEP(ENTER_SS)
    micro_set_segment(c, r, ROW(ENTER_SS), X86_SS, m->new_ss);
    STEP(ENTER_ESP)
    c->s.gpr[X86_ESP] = m->new_esp;
    micro_set(c, r, ROW(ENTER_ESP), X86_REG_ESP, m->old_esp, m->new_esp, 0);
    if (x86_v86(c)) {
        FRAME_TO_PUSH(ENTER_PUSH_GS, 10, 4)
        PUSH(ENTER_PUSH_GS, false, c->s.segment[X86_GS].selector)
        PUSH(ENTER_PUSH_FS, false, c->s.segment[X86_FS].selector)
        PUSH(ENTER_PUSH_DS, false, c->s.segment[X86_DS].selector)
        PUSH(ENTER_PUSH_ES, false, c->s.segment[X86_ES].selector)
    }
    if (!x86_v86(c)) {
        FRAME_TO_PUSH(ENTER_PUSH_SS, 6, 4)
    }
    PUSH(ENTER_PUSH_SS, false, m->old_ss.selector)
    PUSH(ENTER_PUSH_ESP, false, m->old_esp)
    PUSH(ENTER_PUSH_FLAGS, false, m->new_eflags)
    PUSH(ENTER_PUSH_CS, false, c->s.segment[X86_CS].selector)
    PUSH(ENTER_PUSH_EIP, false, m->return_eip)
    if (m->has_error) {
        PUSH(ENTER_PUSH_ERROR, false, m->error)
    }
    if (x86_v86(c)) {
        for (m->index = 0; m->index < 4; m->index++) {
            STEP(ENTER_NULL)
            micro_null_segment(c, r, ROW(ENTER_NULL), nulled[m->index & 3]);
        }
    }
    STEP(ENTER_CS_EIP)
    micro_set_code(c, r, ROW(ENTER_CS_EIP), m->new_cpl);
    STEP(ENTER_FLAGS)
    set_handler_flags(c, r, ROW(ENTER_FLAGS));
    STEP(ENTER_CPL)
    old = c->s.cpl;
    c->s.cpl = m->new_cpl;
    micro_set(c, r, X86_STEP_ENTER_CPL, micro_rest(c, r), X86_REG_CPL, old, m->new_cpl, 0);
    LEAVE(micro_finish(c));
    END
}

/* --- ... the checks of its stack -------------------------------------------------------------- */

static bool tss_32(const struct x86 *c)
{
    return (c->s.segment[X86_TR].attributes & 8) != 0;
}

MICRO_INLINE bool new_stack_room(const struct x86_micro *m, unsigned slots)
{
    struct x86_segment stack = descriptor_segment(m->new_ss, m->stack_low, m->stack_high);
    return stack_room(&stack, m->new_esp, slots, m->size, false);
}

MICRO_FAST_PROGRAM(deliver_inner)
{
    bool wide = tss_32(c);
    unsigned word = wide ? 4 : 2, dpl = c->s.micro.new_cpl;
    uint32_t pair = wide ? 4 + 8 * dpl : 2 + 4 * dpl, at = 0, value = 0;
    unsigned slots = (x86_v86(c) ? 9u : 5u) + c->s.micro.has_error;
    const struct x86_segment *tr = &c->s.segment[X86_TR];
    uint32_t error = (c->s.micro.new_ss & ~3u) + c->s.micro.ext;
    PROGRAM
    CHECK(TSS_LIMIT, (tr->attributes & X86_ATTR_P) != 0 && pair + 2 * word - 1 <= tr->limit,
          pair + 2 * word - 1, tr->limit, X86_TS, (tr->selector & ~3u) + m->ext)
    READ(TSS_ESP, tr->base + pair, word, false, &m->new_esp)
    READ(TSS_SS, tr->base + pair + word, 2, false, &value)
    m->new_ss = (uint16_t)value;
    error = (m->new_ss & ~3u) + m->ext;
    CHECK(STACK_NULL, !selector_null(m->new_ss), m->new_ss, 0, X86_TS, m->ext)
    CHECK(STACK_TABLE, selector_address(c, m->new_ss, &at), m->new_ss, selector_limit(c, m->new_ss),
          X86_TS, error)
    READ_DESCRIPTOR(STACK_HIGH, STACK_LOW, selector_entry(c, m->new_ss), &m->stack_high,
                    &m->stack_low)
    CHECK(STACK_RPL, (m->new_ss & 3) == dpl, m->new_ss & 3, dpl, X86_TS, error)
    CHECK(STACK_DPL, descriptor_dpl(m->stack_high) == dpl, descriptor_dpl(m->stack_high), dpl,
          X86_TS, error)
    CHECK(STACK_TYPE, descriptor_writable(m->stack_high), descriptor_type(m->stack_high), 0, X86_TS,
          error)
    CHECK(STACK_PRESENT, descriptor_present(m->stack_high), descriptor_present(m->stack_high), 1,
          X86_SS_FAULT, error)
    CHECK(STACK_ROOM, new_stack_room(m, slots), m->new_esp, slots * m->size, X86_SS_FAULT, error)
    CHECK(STACK_LIMIT, m->new_eip <= descriptor_limit(m->code_low, m->code_high), m->new_eip,
          descriptor_limit(m->code_low, m->code_high), X86_GP, m->ext)
    GO_ON(X86_PROGRAM_ENTER, deliver_enter);
    END
}

/* --- to the same privilege level -------------------------------------------------------------- */

MICRO_FAST_PROGRAM(deliver_same)
{
    bool user = c->s.cpl == 3;
    unsigned slots = 3u + c->s.micro.has_error;
    PROGRAM
    CHECK(SAME_ROOM, stack_room(&c->s.segment[X86_SS], c->s.gpr[X86_ESP], slots, m->size, false),
          c->s.gpr[X86_ESP], slots * m->size, X86_SS_FAULT, m->ext)
    CHECK(SAME_LIMIT, m->new_eip <= descriptor_limit(m->code_low, m->code_high), m->new_eip,
          descriptor_limit(m->code_low, m->code_high), X86_GP, m->ext)
    m->stack_moved = 1;
    FRAME_TO_PUSH(SAME_PUSH_FLAGS, slots, 4)
    PUSH(SAME_PUSH_FLAGS, user, m->new_eflags)
    PUSH(SAME_PUSH_CS, user, c->s.segment[X86_CS].selector)
    PUSH(SAME_PUSH_EIP, user, m->return_eip)
    if (m->has_error) {
        PUSH(SAME_PUSH_ERROR, user, m->error)
    }
    if ((m->code_high & DESCRIPTOR_ACCESSED) == 0) {
        WRITE(SAME_ACCESSED, selector_entry(c, m->selector) + 4, 4, false,
              m->code_high | DESCRIPTOR_ACCESSED)
    }
    STEP(SAME_CS_EIP)
    micro_set_code(c, r, ROW(SAME_CS_EIP), c->s.cpl);
    STEP(SAME_FLAGS)
    set_handler_flags(c, r, X86_STEP_SAME_FLAGS, micro_rest(c, r));
    LEAVE(micro_finish(c));
    END
}

/* --- gate and code segment: where a delivery begins ------------------------------------------- */

static bool is_gate(uint32_t high)
{
    return (0xc0e0u >> descriptor_type(high) & 1) != 0 && descriptor_type(high) < 16;
}

/* The gate is fine and is no task gate. */
static void take_gate(struct x86_micro *m)
{
    m->size = (m->gate_high & 0x800) != 0 ? 4 : 2;
    m->selector = (uint16_t)(m->gate_low >> 16);
    m->new_eip = m->gate_low & 0xffff;
    if (m->size == 4)
        m->new_eip |= m->gate_high & 0xffff0000u;
}

/* True: the handler runs at the present level. */
MICRO_INLINE bool take_code(struct x86 *c)
{
    struct x86_micro *m = &c->s.micro;
    unsigned dpl = descriptor_dpl(m->code_high);
    bool same = descriptor_conforming(m->code_high) || dpl == c->s.cpl;
    m->new_cpl = (uint8_t)(same ? c->s.cpl : dpl);
    m->total += same ? CLOCKS_SAME : x86_v86(c) ? CLOCKS_V86 : CLOCKS_INNER;
    return same;
}

MICRO_FAST_PROGRAM(deliver_gate)
{
    uint32_t entry = c->s.micro.vector * 8u, at = 0;
    uint32_t idt_error = entry + 2 + c->s.micro.ext;
    uint32_t error = (c->s.micro.selector & ~3u) + c->s.micro.ext;
    PROGRAM
    if (x86_v86(c) && m->cause == X86_CAUSE_INT_N) {
        CHECK(GATE_IOPL, x86_iopl(c) == 3, x86_iopl(c), 3, X86_GP, 0)
    }
    CHECK(GATE_LIMIT, entry + 7 <= c->s.idtr.limit, entry + 7, c->s.idtr.limit, X86_GP, idt_error)
    READ_DESCRIPTOR(GATE_HIGH, GATE_LOW, c->s.idtr.base + entry, &m->gate_high, &m->gate_low)
    CHECK(GATE_TYPE, is_gate(m->gate_high), descriptor_type(m->gate_high), 0, X86_GP, idt_error)
    if (by_software(m)) {
        CHECK(GATE_DPL, descriptor_dpl(m->gate_high) >= c->s.cpl, descriptor_dpl(m->gate_high),
              c->s.cpl, X86_GP, idt_error)
    }
    CHECK(GATE_PRESENT, descriptor_present(m->gate_high), descriptor_present(m->gate_high), 1,
          X86_NP, idt_error)
    if (descriptor_type(m->gate_high) == TYPE_TASK_GATE) {
        m->total += CLOCKS_TASK;
        LEAVE(task_begin_gate(c));
    }
    take_gate(m);
    error = (m->selector & ~3u) + m->ext;
    CHECK(CODE_NULL, !selector_null(m->selector), m->selector, 0, X86_GP, m->ext)
    CHECK(CODE_TABLE, selector_address(c, m->selector, &at), m->selector,
          selector_limit(c, m->selector), X86_GP, error)
    READ_DESCRIPTOR(CODE_HIGH, CODE_LOW, selector_entry(c, m->selector), &m->code_high,
                    &m->code_low)
    CHECK(CODE_TYPE, descriptor_code(m->code_high), descriptor_type(m->code_high), 0, X86_GP, error)
    if (x86_v86(c)) {
        CHECK(CODE_V86, m->size == 4, descriptor_type(m->gate_high), 0, X86_GP, error)
    }
    CHECK(CODE_PRIVILEGE,
          x86_v86(c) ? descriptor_dpl(m->code_high) == 0 && !descriptor_conforming(m->code_high)
                     : descriptor_dpl(m->code_high) <= c->s.cpl,
          descriptor_dpl(m->code_high), c->s.cpl, X86_GP, error)
    CHECK(CODE_PRESENT, descriptor_present(m->code_high), descriptor_present(m->code_high), 1,
          X86_NP, error)
    if (take_code(c))
        GO_ON(X86_PROGRAM_SAME, deliver_same);
    GO_ON(X86_PROGRAM_INNER, deliver_inner);
    END
}
/* --- running ---------------------------------------------------------------------------------- */

static micro_program_fn *const programs[X86_PROGRAMS] = {
    [X86_PROGRAM_REAL] = deliver_real,     [X86_PROGRAM_GATE] = deliver_gate,
    [X86_PROGRAM_SAME] = deliver_same,     [X86_PROGRAM_INNER] = deliver_inner,
    [X86_PROGRAM_ENTER] = deliver_enter,   [X86_PROGRAM_IRET_REAL] = iret_real,
    [X86_PROGRAM_IRET] = iret_protected,   [X86_PROGRAM_IRET_SAME] = iret_same,
    [X86_PROGRAM_IRET_OUTER] = iret_outer, [X86_PROGRAM_IRET_COMMIT] = iret_commit,
    [X86_PROGRAM_IRET_V86] = iret_v86,     [X86_PROGRAM_TASK_CHECK] = task_check,
    [X86_PROGRAM_TASK_SAVE] = task_save,   [X86_PROGRAM_TASK_LOAD] = task_load,
    [X86_PROGRAM_TASK_LDT] = task_ldt,     [X86_PROGRAM_TASK_CODE] = task_code,
    [X86_PROGRAM_TASK_STACK] = task_stack, [X86_PROGRAM_TASK_DATA] = task_data,
    [X86_PROGRAM_TASK_END] = task_end,
};

static void observe(struct x86 *c, const struct trace_event *event)
{
    const struct cpu_observer *observer = c->observer;
    if (observer->access != NULL && (event->flags & (TRACE_READ | TRACE_WRITE)) != 0 &&
        (event->flags & TRACE_FAILED) == 0) {
        struct cpu_access access = {
            .linear = event->addr,
            .physical = event->phys,
            .value = event->value,
            .old = event->old,
            .size = event->size,
            .write = (event->flags & TRACE_WRITE) != 0,
            .micro = true,
            .step = event->step,
        };
        c->stop_requested |= observer->access(observer->context, &c->cpu, &access);
    }
    if (observer->micro != NULL)
        c->stop_requested |= observer->micro(observer->context, &c->cpu, event);
}

bool x86_micro_step(struct x86 *c)
{
    bug_unless(c->s.micro.program != X86_PROGRAM_NONE);
    uint64_t number = c->cpu.trace->written;
    bool more = true;
    while (more && c->cpu.trace->written == number) /* a program may find nothing to do */
        more = programs[c->s.micro.program](c, false);
    if (c->observer != NULL)
        observe(c, trace_at(c->cpu.trace, number)); /* the step's own: its first */
    return more;
}

bool x86_micro_run(struct x86 *c)
{
    if (c->observer != NULL)
        return x86_micro_step(c);
    while (programs[c->s.micro.program](c, true))
        ;
    return false;
}

bool x86_micro_valid(const struct x86_micro *m)
{
    if (m->program >= X86_PROGRAMS || m->state >= X86_STEPS || m->cause >= X86_CAUSES ||
        m->first_class > CLASS_DOUBLE || m->has_error > 1 || m->ext > 1 || m->stack_moved > 1)
        return false;
    if (m->program == X86_PROGRAM_NONE)
        return m->state == 0;
    return programs[m->program] != NULL && (m->size == 2 || m->size == 4) && m->new_cpl <= 3 &&
           m->index < 8 && (m->state == 0 || x86_steps[m->state].program == m->program);
}

/* --- instruction boundaries ------------------------------------------------------------------- */

/* Bits of DR6 for the enabled instruction breakpoints at this address. */
static uint32_t breakpoints_here(const struct x86 *c)
{
    uint32_t here = c->s.segment[X86_CS].base + c->s.eip, hit = 0;
    for (unsigned i = 0; i < 4; i++) {
        bool enabled = (c->s.dr[7] >> 2 * i & 3) != 0;
        bool execute = (c->s.dr[7] >> (16 + 4 * i) & 3) == 0;
        if (enabled && execute && c->s.dr[i] == here)
            hit |= 1u << i;
    }
    return hit;
}

/* #DB: a trap for what the last instruction did, else a fault for a breakpoint on the next. */
static bool begin_debug(struct x86 *c)
{
    uint32_t hit = c->s.debug_pending & MICRO_PENDING_BREAKPOINTS;
    if ((c->s.debug_pending & MICRO_PENDING_STEP) != 0)
        hit |= 1u << 14;
    if ((c->s.debug_pending & MICRO_PENDING_TASK) != 0)
        hit |= 1u << 15;
    enum x86_cause cause = X86_CAUSE_TRAP;
    if (hit == 0 && (c->s.eflags & X86_RF) == 0 && (c->s.attention & X86_ATTEND_HALT) == 0) {
        hit = breakpoints_here(c);
        cause = X86_CAUSE_FAULT;
    }
    if (hit == 0)
        return false;
    c->s.dr[6] |= hit;
    x86_begin_trap(c, cause, X86_DB, false, 0, c->s.eip);
    return true;
}

/* INIT and startup IPIs count one each, so that the moments before and after have names. */
static bool begin_again(struct x86 *c)
{
    uint32_t attention = c->s.attention;
    if ((attention & X86_ATTEND_INIT) != 0)
        x86_initialize(c);
    else if ((attention & X86_ATTEND_STARTUP) != 0)
        x86_start(c);
    else
        return false;
    c->s.count++;
    c->cpu.clock->s.now += CLOCKS_INIT;
    return true;
}

bool x86_boundary(struct x86 *c)
{
    uint32_t attention = c->s.attention;
    if ((attention & (X86_ATTEND_SHUTDOWN | X86_ATTEND_MICRO)) != 0)
        return false;
    if ((attention & (X86_ATTEND_INIT | X86_ATTEND_STARTUP | X86_ATTEND_ASLEEP)) != 0 &&
        (begin_again(c) || (c->s.attention & X86_ATTEND_ASLEEP) != 0))
        return false;
    bool held = (attention & X86_ATTEND_SHADOW) != 0;
    bool intr_held = (attention & (X86_ATTEND_SHADOW | X86_ATTEND_STI)) != 0;
    c->s.attention &= ~(uint32_t)(X86_ATTEND_SHADOW | X86_ATTEND_STI);
    if (!held && (attention & X86_ATTEND_DEBUG) != 0 && begin_debug(c))
        return false;
    if (!held && (attention & X86_ATTEND_NMI) != 0 && !c->s.nmi_masked) {
        c->s.attention &= ~(uint32_t)X86_ATTEND_NMI;
        c->s.nmi_masked = 1;
        x86_begin_trap(c, X86_CAUSE_NMI, X86_NMI, false, 0, c->s.eip);
        return false;
    }
    if (!intr_held && (attention & X86_ATTEND_INTR) != 0 && (c->s.eflags & X86_IF) != 0) {
        uint8_t vector = c->acknowledge(c->acknowledge_context);
        x86_begin_trap(c, X86_CAUSE_INTR, vector, false, 0, c->s.eip);
        return false;
    }
    return (c->s.attention & X86_ATTEND_HALT) == 0;
}
