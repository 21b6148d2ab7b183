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

MICRO_INLINE bool frame_room(const struct x86 *c, unsigned slots)
{
    return stack_room(&c->s.segment[X86_SS], c->s.gpr[X86_ESP], slots, c->s.micro.size, true);
}

MICRO_INLINE void drop_frame(struct x86 *c, unsigned slots)
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

MICRO_FAST_PROGRAM(iret_real)
{
    bool user = c->s.cpl == 3;
    uint32_t value = 0;
    PROGRAM
    if (x86_v86(c)) {
        CHECK(REAL_RET_IOPL, x86_iopl(c) == 3, x86_iopl(c), 3, X86_GP, 0)
    }
    CHECK(REAL_RET_ROOM, frame_room(c, 3), c->s.gpr[X86_ESP], 3u * m->size, X86_SS_FAULT, 0)
    FRAME_TO_POP(REAL_RET_EIP, 3, 2)
    POP(REAL_RET_EIP, 0, user, &m->new_eip)
    POP(REAL_RET_CS, 1, user, &value)
    m->selector = (uint16_t)value;
    POP(REAL_RET_FLAGS, 2, user, &m->new_eflags)
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
    micro_set(c, r, ROW(REAL_RET_CS_EIP), X86_REG_EIP, value, m->new_eip, m->selector);
    STEP(REAL_RET_SET_FLAGS)
    value = c->s.eflags;
    c->s.eflags = real_flags(c);
    m->total = CLOCKS_REAL;
    micro_set(c, r, X86_STEP_REAL_RET_SET_FLAGS, micro_rest(c, r), X86_REG_EFLAGS, value,
              c->s.eflags, 0);
    LEAVE(micro_finish(c));
    END
}

/* --- protected mode: to the same level -----------------------------------------------------------
 * Each program stands behind those that it goes on with. */

/* Which bits of EFLAGS the present level may change. */
MICRO_INLINE uint32_t protected_flags(const struct x86 *c)
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

MICRO_FAST_PROGRAM(iret_same)
{
    uint32_t value = 0;
    PROGRAM
    CHECK(SAME_RET_LIMIT, m->new_eip <= descriptor_limit(m->code_low, m->code_high), m->new_eip,
          descriptor_limit(m->code_low, m->code_high), X86_GP, 0)
    if ((m->code_high & DESCRIPTOR_ACCESSED) == 0) {
        WRITE(SAME_RET_ACCESSED, selector_entry(c, m->selector) + 4, 4, false,
              m->code_high | DESCRIPTOR_ACCESSED)
    }
    STEP(SAME_RET_CS_EIP)
    micro_set_code(c, r, ROW(SAME_RET_CS_EIP), c->s.cpl);
    STEP(SAME_RET_ESP)
    value = c->s.gpr[X86_ESP];
    drop_frame(c, 3);
    micro_set(c, r, ROW(SAME_RET_ESP), X86_REG_ESP, value, c->s.gpr[X86_ESP], 0);
    STEP(SAME_RET_FLAGS)
    value = c->s.eflags;
    c->s.eflags = protected_flags(c);
    micro_set(c, r, X86_STEP_SAME_RET_FLAGS, micro_rest(c, r), X86_REG_EFLAGS, value, c->s.eflags,
              0);
    LEAVE(micro_finish(c));
    END
}

/* --- to an outer level ------------------------------------------------------------------------ */

static const uint8_t data_segments[] = {X86_ES, X86_FS, X86_GS, X86_DS};

/* SP alone counts in a 16-bit stack; the i486 leaves the upper half of ESP as it was. */
static uint32_t outer_esp(const struct x86 *c)
{
    const struct x86_micro *m = &c->s.micro;
    if ((c->s.segment[X86_SS].attributes & X86_ATTR_BIG) != 0)
        return m->new_esp;
    return (c->s.gpr[X86_ESP] & 0xffff0000u) | (m->new_esp & 0xffff);
}

MICRO_FAST_PROGRAM(iret_commit)
{
    uint32_t value = 0;
    PROGRAM
    if ((m->code_high & DESCRIPTOR_ACCESSED) == 0) {
        WRITE(OUTER_CS_ACCESSED, selector_entry(c, m->selector) + 4, 4, false,
              m->code_high | DESCRIPTOR_ACCESSED)
    }
    if ((m->stack_high & DESCRIPTOR_ACCESSED) == 0) {
        WRITE(OUTER_SS_ACCESSED, selector_entry(c, m->new_ss) + 4, 4, false,
              m->stack_high | DESCRIPTOR_ACCESSED)
    }
    STEP(OUTER_CS_EIP)
    micro_set_code(c, r, ROW(OUTER_CS_EIP), m->new_cpl);
    STEP(OUTER_FLAGS)
    value = c->s.eflags;
    c->s.eflags = protected_flags(c);
    micro_set(c, r, ROW(OUTER_FLAGS), X86_REG_EFLAGS, value, c->s.eflags, 0);
    STEP(OUTER_SET_SS)
    micro_set_segment(c, r, ROW(OUTER_SET_SS), X86_SS, m->new_ss);
    STEP(OUTER_SET_ESP)
    value = c->s.gpr[X86_ESP];
    c->s.gpr[X86_ESP] = outer_esp(c);
    micro_set(c, r, ROW(OUTER_SET_ESP), X86_REG_ESP, value, c->s.gpr[X86_ESP], 0);
    STEP(OUTER_CPL)
    value = c->s.cpl;
    c->s.cpl = m->new_cpl;
    micro_set(c, r, X86_STEP_OUTER_CPL, micro_rest(c, r), X86_REG_CPL, value, m->new_cpl, 0);
    for (m->index = 0; m->index < 4; m->index++) {
        if (segment_too_inner(&c->s.segment[data_segments[m->index & 3]], c->s.cpl)) {
            STEP(OUTER_SEGMENT)
            micro_null_segment(c, r, ROW(OUTER_SEGMENT), data_segments[m->index & 3]);
        }
    }
    LEAVE(micro_finish(c));
    END
}

MICRO_FAST_PROGRAM(iret_outer)
{
    bool user = c->s.cpl == 3;
    uint32_t at = 0, value = 0, error = c->s.micro.new_ss & ~3u;
    PROGRAM
    CHECK(OUTER_ROOM, frame_room(c, 5), c->s.gpr[X86_ESP], 5u * m->size, X86_SS_FAULT, 0)
    FRAME_TO_POP(OUTER_ESP, 5, 4)
    POP(OUTER_ESP, 3, user, &m->new_esp)
    POP(OUTER_SS, 4, user, &value)
    m->new_ss = (uint16_t)value;
    error = m->new_ss & ~3u;
    CHECK(OUTER_NULL, !selector_null(m->new_ss), m->new_ss, 0, X86_GP, 0)
    CHECK(OUTER_TABLE, selector_address(c, m->new_ss, &at), m->new_ss, selector_limit(c, m->new_ss),
          X86_GP, error)
    READ_DESCRIPTOR(OUTER_HIGH, OUTER_LOW, selector_entry(c, m->new_ss), &m->stack_high,
                    &m->stack_low)
    CHECK(OUTER_RPL, (m->new_ss & 3) == m->new_cpl, m->new_ss & 3, m->new_cpl, X86_GP, error)
    CHECK(OUTER_TYPE, descriptor_writable(m->stack_high), descriptor_type(m->stack_high), 0, X86_GP,
          error)
    CHECK(OUTER_DPL, descriptor_dpl(m->stack_high) == m->new_cpl, descriptor_dpl(m->stack_high),
          m->new_cpl, X86_GP, error)
    CHECK(OUTER_PRESENT, descriptor_present(m->stack_high), descriptor_present(m->stack_high), 1,
          X86_SS_FAULT, error)
    CHECK(OUTER_LIMIT, m->new_eip <= descriptor_limit(m->code_low, m->code_high), m->new_eip,
          descriptor_limit(m->code_low, m->code_high), X86_GP, 0)
    GO_ON(X86_PROGRAM_IRET_COMMIT, iret_commit);
    END
}

/* --- to V86 mode ------------------------------------------------------------------------------ */

/* In the order of the frame, behind ESP. */
static const uint8_t v86_segments[] = {X86_SS, X86_ES, X86_DS, X86_FS, X86_GS};

MICRO_FAST_PROGRAM(iret_v86)
{
    uint32_t value = 0;
    PROGRAM
    CHECK(V86_ROOM, frame_room(c, 9), c->s.gpr[X86_ESP], 9u * m->size, X86_SS_FAULT, 0)
    CHECK(V86_LIMIT, m->new_eip <= 0xffff, m->new_eip, 0xffff, X86_GP, 0)
    for (m->index = 0; m->index < 6; m->index++) {
        READ(V86_POP, micro_slot(c, 3u + m->index), 4, false, &m->word[m->index % 6])
    }
    STEP(V86_CS_EIP)
    value = c->s.eip;
    c->s.segment[X86_CS] = descriptor_v86(m->selector);
    c->s.eip = m->new_eip;
    micro_set(c, r, ROW(V86_CS_EIP), X86_REG_EIP, value, m->new_eip, m->selector);
    for (m->index = 0; m->index < 5; m->index++) {
        STEP(V86_SEGMENT)
        unsigned segment = v86_segments[m->index % 5];
        uint16_t selector = (uint16_t)m->word[1 + m->index % 5];
        value = c->s.segment[segment].selector;
        c->s.segment[segment] = descriptor_v86(selector);
        micro_set(c, r, ROW(V86_SEGMENT), X86_REG_ES + segment, value, selector, 0);
    }
    STEP(V86_ESP)
    value = c->s.gpr[X86_ESP];
    c->s.gpr[X86_ESP] = m->word[0];
    micro_set(c, r, ROW(V86_ESP), X86_REG_ESP, value, m->word[0], 0);
    STEP(V86_CPL)
    value = c->s.cpl;
    c->s.cpl = 3;
    micro_set(c, r, ROW(V86_CPL), X86_REG_CPL, value, 3, 0);
    STEP(V86_FLAGS)
    value = c->s.eflags;
    c->s.eflags = (m->new_eflags & 0x3f7fd5) | X86_FIXED;
    micro_set(c, r, X86_STEP_V86_FLAGS, micro_rest(c, r), X86_REG_EFLAGS, value, c->s.eflags, 0);
    LEAVE(micro_finish(c));
    END
}

/* --- where a return begins ----------------------------------------------------------------------
 */

/* True: back to the same level. */
MICRO_INLINE bool take_code(struct x86 *c)
{
    struct x86_micro *m = &c->s.micro;
    m->new_cpl = m->selector & 3;
    bool same = m->new_cpl == c->s.cpl;
    m->total = same ? CLOCKS_SAME : CLOCKS_OUTER;
    return same;
}

MICRO_FAST_PROGRAM(iret_protected)
{
    bool user = c->s.cpl == 3;
    uint32_t at = 0, value = 0, error = c->s.micro.selector & ~3u;
    PROGRAM
    CHECK(RET_NT, true, (c->s.eflags & X86_NT) != 0, 0, 0, 0)
    if ((c->s.eflags & X86_NT) != 0) {
        m->total = CLOCKS_TASK;
        LEAVE(task_begin_return(c));
    }
    CHECK(RET_ROOM, frame_room(c, 3), c->s.gpr[X86_ESP], 3u * m->size, X86_SS_FAULT, 0)
    FRAME_TO_POP(RET_EIP, 3, 4)
    POP(RET_EIP, 0, user, &m->new_eip)
    POP(RET_CS, 1, user, &value)
    m->selector = (uint16_t)value;
    POP(RET_FLAGS, 2, user, &m->new_eflags)
    if ((m->new_eflags & X86_VM) != 0 && c->s.cpl == 0 && m->size == 4) {
        m->total = CLOCKS_V86;
        GO_ON(X86_PROGRAM_IRET_V86, iret_v86);
    }
    error = m->selector & ~3u;
    CHECK(RET_NULL, !selector_null(m->selector), m->selector, 0, X86_GP, 0)
    CHECK(RET_TABLE, selector_address(c, m->selector, &at), m->selector,
          selector_limit(c, m->selector), X86_GP, error)
    READ_DESCRIPTOR(RET_HIGH, RET_LOW, selector_entry(c, m->selector), &m->code_high, &m->code_low)
    CHECK(RET_TYPE, descriptor_code(m->code_high), descriptor_type(m->code_high), 0, X86_GP, error)
    CHECK(RET_RPL, (m->selector & 3) >= c->s.cpl, m->selector & 3, c->s.cpl, X86_GP, error)
    CHECK(RET_DPL, descriptor_dpl_fits(m->code_high, m->selector & 3), descriptor_dpl(m->code_high),
          m->selector & 3, X86_GP, error)
    CHECK(RET_PRESENT, descriptor_present(m->code_high), descriptor_present(m->code_high), 1,
          X86_NP, error)
    if (take_code(c))
        GO_ON(X86_PROGRAM_IRET_SAME, iret_same);
    GO_ON(X86_PROGRAM_IRET_OUTER, iret_outer);
    END
}
