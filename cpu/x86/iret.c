/* iret: the way back from a handler, step by step, in every mode.
 *
 * Sources: SDM vol. 2 IRET; 80386 PRM IRET. The steps are rows of steps.def, the way to write them
 * down is micro.h. */
#include "cpu/x86/micro.h"

/* i486 clocks of each case. */
enum clocks {
    CLOCKS_REAL = 15,
    CLOCKS_SAME = 20,
    CLOCKS_OUTER = 36,
    CLOCKS_V86 = 36,
    CLOCKS_TASK = 32
};

void x86_begin_iret(struct x86 *c, unsigned size, uint32_t next_eip)
{
    struct x86_micro *m = &c->s.micro;
    bool real = !x86_protected(c) || x86_v86(c);
    micro_go(c, real ? X86_PROGRAM_IRET_REAL : X86_PROGRAM_IRET);
    m->cause = X86_CAUSE_RETURN;
    m->vector = 0;
    m->has_error = 0;
    m->error = 0;
    m->first_class = CLASS_RETURN;
    m->ext = 0;
    m->size = (uint8_t)size;
    m->return_eip = next_eip;
    m->stack_moved = 0;
    m->charged = 0;
    m->total = 0;
    c->s.nmi_masked = 0;
    c->s.attention |= X86_ATTEND_MICRO;
    struct trace_event *event = micro_tell(c, TRACE_RETURN);
    event->addr = c->s.segment[X86_CS].base + c->s.eip;
    event->old = c->s.cpl;
}

/* Linear address of slot n of the frame. */
static uint32_t slot(const struct x86 *c, unsigned n)
{
    const struct x86_segment *stack = &c->s.segment[X86_SS];
    uint32_t esp = stack_move(stack, c->s.gpr[X86_ESP], n * c->s.micro.size);
    return stack->base + stack_offset(stack, esp);
}

static bool frame_room(const struct x86 *c, unsigned slots)
{
    return stack_room(&c->s.segment[X86_SS], c->s.gpr[X86_ESP], slots, c->s.micro.size, true);
}

static void drop_frame(struct x86 *c, unsigned slots)
{
    c->s.gpr[X86_ESP] =
        stack_move(&c->s.segment[X86_SS], c->s.gpr[X86_ESP], slots * c->s.micro.size);
}

/* --- real and V86 mode ------------------------------------------------------------------------ */

static uint32_t real_flags(const struct x86 *c)
{
    uint32_t mask = 0x7fd5;
    if (c->s.micro.size == 4)
        mask |= X86_RF | X86_AC | X86_ID;
    if (x86_v86(c))
        mask &= ~(uint32_t)X86_IOPL;
    return (c->s.eflags & ~mask) | (c->s.micro.new_eflags & mask) | X86_FIXED;
}

MICRO_PROGRAM(iret_real)
{
    bool user = c->s.cpl == 3;
    uint32_t value = 0;
    PROGRAM
    if (x86_v86(c)) {
        CHECK(REAL_RET_IOPL, x86_iopl(c) == 3, x86_iopl(c), 3, X86_GP, 0)
    }
    CHECK(REAL_RET_ROOM, frame_room(c, 3), c->s.gpr[X86_ESP], 3u * m->size, X86_SS_FAULT, 0)
    READ(REAL_RET_EIP, slot(c, 0), m->size, user, &m->new_eip)
    READ(REAL_RET_CS, slot(c, 1), m->size, user, &value)
    m->selector = (uint16_t)value;
    READ(REAL_RET_FLAGS, slot(c, 2), m->size, user, &m->new_eflags)
    CHECK(REAL_RET_LIMIT, m->new_eip <= c->s.segment[X86_CS].limit, m->new_eip,
          c->s.segment[X86_CS].limit, X86_GP, 0)
    STEP(REAL_RET_CS_EIP)
    value = c->s.eip;
    if (x86_v86(c))
        c->s.segment[X86_CS] = descriptor_v86(m->selector);
    c->s.segment[X86_CS].selector = m->selector;
    c->s.segment[X86_CS].base = (uint32_t)m->selector << 4;
    c->s.eip = m->new_eip;
    drop_frame(c, 3);
    micro_set(r, ROW(REAL_RET_CS_EIP), X86_REG_EIP, value, m->new_eip, m->selector);
    STEP(REAL_RET_SET_FLAGS)
    value = c->s.eflags;
    c->s.eflags = real_flags(c);
    m->total = CLOCKS_REAL;
    micro_set(r, X86_STEP_REAL_RET_SET_FLAGS, micro_rest(c, r), X86_REG_EFLAGS, value, c->s.eflags,
              0);
    LEAVE(micro_finish(c));
    END
}

/* --- protected mode --------------------------------------------------------------------------- */

/* Which bits of EFLAGS the present level may change. */
static uint32_t protected_flags(const struct x86 *c)
{
    uint32_t mask = X86_ARITHMETIC | X86_TF | X86_DF | X86_NT;
    if (c->s.micro.size == 4)
        mask |= X86_RF | X86_AC | X86_ID;
    if (c->s.cpl <= x86_iopl(c))
        mask |= X86_IF;
    if (c->s.cpl == 0)
        mask |= X86_IOPL | (c->s.micro.size == 4 ? X86_VIF | X86_VIP : 0);
    return (c->s.eflags & ~mask) | (c->s.micro.new_eflags & mask) | X86_FIXED;
}

static bool take_code(struct x86 *c)
{
    struct x86_micro *m = &c->s.micro;
    m->new_cpl = m->selector & 3;
    bool same = m->new_cpl == c->s.cpl;
    m->total = same ? CLOCKS_SAME : CLOCKS_OUTER;
    return micro_go(c, same ? X86_PROGRAM_IRET_SAME : X86_PROGRAM_IRET_OUTER);
}

MICRO_PROGRAM(iret_protected)
{
    bool user = c->s.cpl == 3;
    uint32_t at = 0, value = 0, error = c->s.micro.selector & ~3u;
    selector_address(c, c->s.micro.selector, &at);
    PROGRAM
    CHECK(RET_NT, true, (c->s.eflags & X86_NT) != 0, 0, 0, 0)
    if ((c->s.eflags & X86_NT) != 0) {
        m->total = CLOCKS_TASK;
        LEAVE(task_begin_return(c));
    }
    CHECK(RET_ROOM, frame_room(c, 3), c->s.gpr[X86_ESP], 3u * m->size, X86_SS_FAULT, 0)
    READ(RET_EIP, slot(c, 0), m->size, user, &m->new_eip)
    READ(RET_CS, slot(c, 1), m->size, user, &value)
    m->selector = (uint16_t)value;
    READ(RET_FLAGS, slot(c, 2), m->size, user, &m->new_eflags)
    if ((m->new_eflags & X86_VM) != 0 && c->s.cpl == 0 && m->size == 4) {
        m->total = CLOCKS_V86;
        LEAVE(micro_go(c, X86_PROGRAM_IRET_V86));
    }
    error = m->selector & ~3u;
    CHECK(RET_NULL, !selector_null(m->selector), m->selector, 0, X86_GP, 0)
    CHECK(RET_TABLE, selector_address(c, m->selector, &at), m->selector,
          selector_limit(c, m->selector), X86_GP, error)
    READ(RET_HIGH, at + 4, 4, false, &m->code_high)
    READ(RET_LOW, at, 4, false, &m->code_low)
    CHECK(RET_TYPE, descriptor_code(m->code_high), descriptor_type(m->code_high), 0, X86_GP, error)
    CHECK(RET_RPL, (m->selector & 3) >= c->s.cpl, m->selector & 3, c->s.cpl, X86_GP, error)
    CHECK(RET_DPL, descriptor_dpl_fits(m->code_high, m->selector & 3), descriptor_dpl(m->code_high),
          m->selector & 3, X86_GP, error)
    CHECK(RET_PRESENT, descriptor_present(m->code_high), descriptor_present(m->code_high), 1,
          X86_NP, error)
    LEAVE(take_code(c));
    END
}

MICRO_PROGRAM(iret_same)
{
    uint32_t at = 0, value = 0;
    selector_address(c, c->s.micro.selector, &at);
    PROGRAM
    CHECK(SAME_RET_LIMIT, m->new_eip <= descriptor_limit(m->code_low, m->code_high), m->new_eip,
          descriptor_limit(m->code_low, m->code_high), X86_GP, 0)
    if ((m->code_high & DESCRIPTOR_ACCESSED) == 0) {
        WRITE(SAME_RET_ACCESSED, at + 4, 4, false, m->code_high | DESCRIPTOR_ACCESSED)
    }
    STEP(SAME_RET_CS_EIP)
    micro_set_code(c, r, ROW(SAME_RET_CS_EIP), c->s.cpl);
    STEP(SAME_RET_ESP)
    value = c->s.gpr[X86_ESP];
    drop_frame(c, 3);
    micro_set(r, ROW(SAME_RET_ESP), X86_REG_ESP, value, c->s.gpr[X86_ESP], 0);
    STEP(SAME_RET_FLAGS)
    value = c->s.eflags;
    c->s.eflags = protected_flags(c);
    micro_set(r, X86_STEP_SAME_RET_FLAGS, micro_rest(c, r), X86_REG_EFLAGS, value, c->s.eflags, 0);
    LEAVE(micro_finish(c));
    END
}

/* --- to an outer level ------------------------------------------------------------------------ */

static const uint8_t data_segments[] = {X86_ES, X86_FS, X86_GS, X86_DS};

MICRO_PROGRAM(iret_outer)
{
    bool user = c->s.cpl == 3;
    uint32_t at = 0, value = 0, error = c->s.micro.new_ss & ~3u;
    selector_address(c, c->s.micro.new_ss, &at);
    PROGRAM
    CHECK(OUTER_ROOM, frame_room(c, 5), c->s.gpr[X86_ESP], 5u * m->size, X86_SS_FAULT, 0)
    READ(OUTER_ESP, slot(c, 3), m->size, user, &m->new_esp)
    READ(OUTER_SS, slot(c, 4), m->size, user, &value)
    m->new_ss = (uint16_t)value;
    error = m->new_ss & ~3u;
    CHECK(OUTER_NULL, !selector_null(m->new_ss), m->new_ss, 0, X86_GP, 0)
    CHECK(OUTER_TABLE, selector_address(c, m->new_ss, &at), m->new_ss, selector_limit(c, m->new_ss),
          X86_GP, error)
    READ(OUTER_HIGH, at + 4, 4, false, &m->stack_high)
    READ(OUTER_LOW, at, 4, false, &m->stack_low)
    CHECK(OUTER_RPL, (m->new_ss & 3) == m->new_cpl, m->new_ss & 3, m->new_cpl, X86_GP, error)
    CHECK(OUTER_TYPE, descriptor_writable(m->stack_high), descriptor_type(m->stack_high), 0, X86_GP,
          error)
    CHECK(OUTER_DPL, descriptor_dpl(m->stack_high) == m->new_cpl, descriptor_dpl(m->stack_high),
          m->new_cpl, X86_GP, error)
    CHECK(OUTER_PRESENT, descriptor_present(m->stack_high), descriptor_present(m->stack_high), 1,
          X86_SS_FAULT, error)
    CHECK(OUTER_LIMIT, m->new_eip <= descriptor_limit(m->code_low, m->code_high), m->new_eip,
          descriptor_limit(m->code_low, m->code_high), X86_GP, 0)
    LEAVE(micro_go(c, X86_PROGRAM_IRET_COMMIT));
    END
}

/* SP alone counts in a 16-bit stack; the i486 leaves the upper half of ESP as it was. */
static uint32_t outer_esp(const struct x86 *c)
{
    const struct x86_micro *m = &c->s.micro;
    if ((c->s.segment[X86_SS].attributes & X86_ATTR_BIG) != 0)
        return m->new_esp;
    return (c->s.gpr[X86_ESP] & 0xffff0000u) | (m->new_esp & 0xffff);
}

MICRO_PROGRAM(iret_commit)
{
    uint32_t code_at = 0, stack_at = 0, value = 0;
    selector_address(c, c->s.micro.selector, &code_at);
    selector_address(c, c->s.micro.new_ss, &stack_at);
    PROGRAM
    if ((m->code_high & DESCRIPTOR_ACCESSED) == 0) {
        WRITE(OUTER_CS_ACCESSED, code_at + 4, 4, false, m->code_high | DESCRIPTOR_ACCESSED)
    }
    if ((m->stack_high & DESCRIPTOR_ACCESSED) == 0) {
        WRITE(OUTER_SS_ACCESSED, stack_at + 4, 4, false, m->stack_high | DESCRIPTOR_ACCESSED)
    }
    STEP(OUTER_CS_EIP)
    micro_set_code(c, r, ROW(OUTER_CS_EIP), m->new_cpl);
    STEP(OUTER_FLAGS)
    value = c->s.eflags;
    c->s.eflags = protected_flags(c);
    micro_set(r, ROW(OUTER_FLAGS), X86_REG_EFLAGS, value, c->s.eflags, 0);
    STEP(OUTER_SET_SS)
    micro_set_segment(c, r, ROW(OUTER_SET_SS), X86_SS, m->new_ss);
    STEP(OUTER_SET_ESP)
    value = c->s.gpr[X86_ESP];
    c->s.gpr[X86_ESP] = outer_esp(c);
    micro_set(r, ROW(OUTER_SET_ESP), X86_REG_ESP, value, c->s.gpr[X86_ESP], 0);
    STEP(OUTER_CPL)
    value = c->s.cpl;
    c->s.cpl = m->new_cpl;
    micro_set(r, X86_STEP_OUTER_CPL, micro_rest(c, r), X86_REG_CPL, value, m->new_cpl, 0);
    for (m->index = 0; m->index < 4; m->index++) {
        if (segment_too_inner(&c->s.segment[data_segments[m->index & 3]], c->s.cpl)) {
            STEP(OUTER_SEGMENT)
            micro_null_segment(c, r, ROW(OUTER_SEGMENT), data_segments[m->index & 3]);
        }
    }
    LEAVE(micro_finish(c));
    END
}

/* --- to V86 mode ------------------------------------------------------------------------------ */

/* In the order of the frame, behind ESP. */
static const uint8_t v86_segments[] = {X86_SS, X86_ES, X86_DS, X86_FS, X86_GS};

MICRO_PROGRAM(iret_v86)
{
    uint32_t value = 0;
    PROGRAM
    CHECK(V86_ROOM, frame_room(c, 9), c->s.gpr[X86_ESP], 9u * m->size, X86_SS_FAULT, 0)
    CHECK(V86_LIMIT, m->new_eip <= 0xffff, m->new_eip, 0xffff, X86_GP, 0)
    for (m->index = 0; m->index < 6; m->index++) {
        READ(V86_POP, slot(c, 3u + m->index), 4, false, &m->word[m->index % 6])
    }
    STEP(V86_CS_EIP)
    value = c->s.eip;
    c->s.segment[X86_CS] = descriptor_v86(m->selector);
    c->s.eip = m->new_eip;
    micro_set(r, ROW(V86_CS_EIP), X86_REG_EIP, value, m->new_eip, m->selector);
    for (m->index = 0; m->index < 5; m->index++) {
        STEP(V86_SEGMENT)
        unsigned segment = v86_segments[m->index % 5];
        uint16_t selector = (uint16_t)m->word[1 + m->index % 5];
        value = c->s.segment[segment].selector;
        c->s.segment[segment] = descriptor_v86(selector);
        micro_set(r, ROW(V86_SEGMENT), X86_REG_ES + segment, value, selector, 0);
    }
    STEP(V86_ESP)
    value = c->s.gpr[X86_ESP];
    c->s.gpr[X86_ESP] = m->word[0];
    micro_set(r, ROW(V86_ESP), X86_REG_ESP, value, m->word[0], 0);
    STEP(V86_CPL)
    value = c->s.cpl;
    c->s.cpl = 3;
    micro_set(r, ROW(V86_CPL), X86_REG_CPL, value, 3, 0);
    STEP(V86_FLAGS)
    value = c->s.eflags;
    c->s.eflags = (m->new_eflags & 0x3f7fd5) | X86_FIXED;
    micro_set(r, X86_STEP_V86_FLAGS, micro_rest(c, r), X86_REG_EFLAGS, value, c->s.eflags, 0);
    LEAVE(micro_finish(c));
    END
}
