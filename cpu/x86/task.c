/* task: the hardware task switch, step by step: by task gate, far JMP, far CALL and nested IRET.
 *
 * Sources: SDM vol. 3 chapter 7 (table 7-1 for the checks and their order); 80386 PRM 7.5, 7.6.
 * Until TASK_SET_TR a fault belongs to the old task, from there on to the new one. */
#include "cpu/x86/micro.h"

/* i486 clocks of the switch alone (i486 PRM, "TS"). */
enum clocks { CLOCKS_TO_32 = 199, CLOCKS_TO_V86 = 177, CLOCKS_TO_16 = 180 };

/* x86_micro.task_flags */
enum task_flags { TASK_NESTS = 1, TASK_RETURNS = 2, TASK_TRAPS = 4 };

/* x86_micro.word */
enum task_word { WORD_CR3, WORD_EIP, WORD_FLAGS, WORD_GPR, WORD_SEGMENT = 11, WORD_LDT = 17 };

/* Where a TSS keeps what (SDM vol. 3, figures 7-2 and 7-10); only a 32-bit one has CR3, T, FS, GS.
 */
struct layout {
    uint8_t word, eip, flags, gpr, segment, segments, ldt;
    uint8_t limit; /* the least that is allowed */
};

static const struct layout tss_16 = {2, 0x0e, 0x10, 0x12, 0x22, 4, 0x2a, 43};
static const struct layout tss_32 = {4, 0x20, 0x24, 0x28, 0x48, 6, 0x60, 103};

enum { TSS_CR3 = 0x1c, TSS_TRAP = 0x64 };

static const struct layout *old_layout(const struct x86 *c)
{
    return (c->s.segment[X86_TR].attributes & 8) != 0 ? &tss_32 : &tss_16;
}

static const struct layout *new_layout(const struct x86 *c)
{
    return (c->s.micro.gate_high & 0x800) != 0 ? &tss_32 : &tss_16;
}

static bool begin(struct x86 *c, uint16_t selector, unsigned flags)
{
    struct x86_micro *m = &c->s.micro;
    m->selector = selector;
    m->old_tr = c->s.segment[X86_TR].selector;
    m->task_flags = (uint8_t)flags;
    m->stack_moved = 0;
    return micro_go(c, X86_PROGRAM_TASK_CHECK);
}

bool task_begin_gate(struct x86 *c)
{
    return begin(c, (uint16_t)(c->s.micro.gate_low >> 16), TASK_NESTS);
}

bool task_begin_return(struct x86 *c)
{
    c->s.micro.new_eflags = c->s.eflags & ~(uint32_t)X86_NT;
    return begin(c, 0, TASK_RETURNS);
}

void task_begin_far(struct x86 *c, uint16_t selector, bool call, uint32_t next_eip, unsigned clocks)
{
    struct x86_micro *m = &c->s.micro;
    m->cause = X86_CAUSE_FAR;
    m->vector = 0;
    m->has_error = 0;
    m->error = 0;
    m->first_class = CLASS_RETURN;
    m->ext = 0;
    m->size = 4;
    m->return_eip = next_eip;
    m->new_eflags = c->s.eflags & ~(uint32_t)X86_RF;
    m->charged = 0;
    m->total = clocks;
    c->s.attention |= X86_ATTEND_MICRO;
    begin(c, selector, call ? TASK_NESTS : 0);
    struct trace_event *event = micro_tell(c, TRACE_TRAP);
    event->a = X86_CAUSE_FAR;
    event->addr = c->s.segment[X86_CS].base + next_eip;
    event->old = c->s.cpl;
}

/* --- may it be? ------------------------------------------------------------------------------- */

static uint32_t gdt_entry(const struct x86 *c, uint16_t selector)
{
    return c->s.gdtr.base + (selector & 0xfff8u);
}

static bool in_gdt(const struct x86 *c, uint16_t selector)
{
    return (selector & 4) == 0 && !selector_null(selector) &&
           (selector & 0xfff8u) + 7u <= c->s.gdtr.limit;
}

/* Pages from `first` to the word at `last`, and the descriptor when its busy bit will change. */
static bool probe(struct x86 *c, uint32_t first, uint32_t last, enum x86_intent intent,
                  uint16_t descriptor)
{
    uint32_t other;
    return x86_linear_check(c, first, 2, intent, false, &other) &&
           x86_linear_check(c, last, 2, intent, false, &other) &&
           (descriptor == 0 ||
            x86_linear_check(c, gdt_entry(c, descriptor) + 4, 4, X86_WRITE, false, &other));
}

static bool probe_old(struct x86 *c)
{
    uint32_t base = c->s.segment[X86_TR].base;
    const struct layout *old = old_layout(c);
    bool unbusy = (c->s.micro.task_flags & TASK_NESTS) == 0;
    return probe(c, base + old->eip, base + old->limit - 8u, X86_WRITE,
                 unbusy ? c->s.micro.old_tr : 0);
}

static bool probe_new(struct x86 *c)
{
    const struct x86_micro *m = &c->s.micro;
    uint32_t base = descriptor_base(m->gate_low, m->gate_high);
    enum x86_intent intent = (m->task_flags & TASK_NESTS) != 0 ? X86_WRITE : X86_READ;
    return probe(c, base, base + new_layout(c)->limit - 1u, intent,
                 (m->task_flags & TASK_RETURNS) != 0 ? 0 : m->selector);
}

MICRO_PROGRAM(task_check)
{
    bool returns = (c->s.micro.task_flags & TASK_RETURNS) != 0;
    uint8_t vector = returns ? X86_TS : X86_GP;
    uint32_t error = (c->s.micro.selector & ~3u) + c->s.micro.ext;
    uint32_t link = 0, type = descriptor_type(c->s.micro.gate_high), limit = 0;
    const struct x86_segment *tr = &c->s.segment[X86_TR];
    PROGRAM
    if (returns) {
        READ(TASK_LINK, tr->base, 2, false, &link)
        m->selector = (uint16_t)link;
        error = m->selector & ~3u;
    }
    CHECK(TASK_TABLE, in_gdt(c, m->selector), m->selector, c->s.gdtr.limit, vector, error)
    READ(TASK_HIGH, gdt_entry(c, m->selector) + 4, 4, false, &m->gate_high)
    READ(TASK_LOW, gdt_entry(c, m->selector), 4, false, &m->gate_low)
    type = descriptor_type(m->gate_high);
    if (returns) {
        CHECK(TASK_BUSY, type == TYPE_TSS_16_BUSY || type == TYPE_TSS_32_BUSY, type, 0, X86_TS,
              error)
    } else {
        CHECK(TASK_TYPE, type == TYPE_TSS_16 || type == TYPE_TSS_32, type, 0, X86_GP, error)
    }
    CHECK(TASK_PRESENT, descriptor_present(m->gate_high), descriptor_present(m->gate_high), 1,
          X86_NP, error)
    STEP(TASK_LIMIT)
    limit = descriptor_limit(m->gate_low, m->gate_high);
    if (!micro_check(c, r, ROW(TASK_LIMIT), limit >= new_layout(c)->limit, limit,
                     new_layout(c)->limit))
        LEAVE(micro_refuse(c, X86_TS, error));
    CHECK(TASK_OLD_LIMIT, (tr->attributes & X86_ATTR_P) != 0 && tr->limit >= old_layout(c)->limit,
          tr->limit, old_layout(c)->limit, X86_TS, (tr->selector & ~3u) + m->ext)
    STEP(TASK_PROBE_OLD)
    if (!micro_check(c, r, ROW(TASK_PROBE_OLD), probe_old(c), tr->base, 0))
        LEAVE(micro_fault(c));
    STEP(TASK_PROBE_NEW)
    if (!micro_check(c, r, ROW(TASK_PROBE_NEW), probe_new(c),
                     descriptor_base(m->gate_low, m->gate_high), 0))
        LEAVE(micro_fault(c));
    LEAVE(micro_go(c, X86_PROGRAM_TASK_SAVE));
    END
}

/* --- the old task's registers ----------------------------------------------------------------- */

MICRO_PROGRAM(task_save)
{
    const struct layout *old = old_layout(c);
    uint32_t base = c->s.segment[X86_TR].base, value = 0;
    uint32_t entry = gdt_entry(c, c->s.micro.old_tr) + 4;
    PROGRAM
    if ((m->task_flags & TASK_NESTS) == 0) {
        STEP(TASK_UNBUSY)
        if (!x86_linear_read(c, entry, 4, false, &value) ||
            !micro_write(c, r, ROW(TASK_UNBUSY), entry, 4, false, value & ~DESCRIPTOR_BUSY))
            LEAVE(micro_fault(c));
    }
    WRITE(TASK_SAVE_EIP, base + old->eip, old->word, false, m->return_eip)
    WRITE(TASK_SAVE_FLAGS, base + old->flags, old->word, false, m->new_eflags)
    for (m->index = 0; m->index < 8; m->index++) {
        WRITE(TASK_SAVE_REGISTER, base + old->gpr + m->index * old->word, old->word, false,
              c->s.gpr[m->index & 7])
    }
    for (m->index = 0; m->index < old->segments; m->index++) {
        WRITE(TASK_SAVE_SEGMENT, base + old->segment + m->index * old->word, 2, false,
              c->s.segment[m->index & 7].selector)
    }
    if ((m->task_flags & TASK_NESTS) != 0) {
        WRITE(TASK_SET_LINK, descriptor_base(m->gate_low, m->gate_high), 2, false, m->old_tr)
    }
    if ((m->task_flags & TASK_RETURNS) == 0) {
        WRITE(TASK_SET_BUSY, gdt_entry(c, m->selector) + 4, 4, false,
              m->gate_high | DESCRIPTOR_BUSY)
    }
    LEAVE(micro_go(c, X86_PROGRAM_TASK_LOAD));
    END
}

/* --- the new task's registers ----------------------------------------------------------------- */

/* All at once, as far as a program can see: values only, no segment is usable yet. */
static void set_registers(struct x86 *c)
{
    struct x86_micro *m = &c->s.micro;
    for (unsigned i = 0; i < 8; i++)
        c->s.gpr[i] = m->word[WORD_GPR + i];
    for (unsigned i = 0; i < 6; i++)
        c->s.segment[i] = (struct x86_segment){.selector = (uint16_t)m->word[WORD_SEGMENT + i]};
    c->s.segment[X86_LDTR] = (struct x86_segment){.selector = (uint16_t)m->word[WORD_LDT]};
    c->s.eip = m->word[WORD_EIP];
    c->s.eflags = (m->word[WORD_FLAGS] & 0x3f7fd5) | X86_FIXED;
    if ((m->task_flags & TASK_NESTS) != 0)
        c->s.eflags |= X86_NT;
    c->s.cpl = x86_v86(c) ? 3 : c->s.segment[X86_CS].selector & 3;
    c->s.dr[7] &= ~0x155u; /* breakpoints of the old task alone */
    m->total += x86_v86(c) ? CLOCKS_TO_V86 : new_layout(c) == &tss_32 ? CLOCKS_TO_32 : CLOCKS_TO_16;
    m->size = new_layout(c)->word;
    m->new_eip = c->s.eip;
}

MICRO_PROGRAM(task_load)
{
    const struct layout *new = new_layout(c);
    uint32_t base = descriptor_base(c->s.micro.gate_low, c->s.micro.gate_high), old = 0, value = 0;
    PROGRAM
    if (new == &tss_32) {
        READ(TASK_READ_CR3, base + TSS_CR3, 4, false, &m->word[WORD_CR3])
    }
    READ(TASK_READ_EIP, base + new->eip, new->word, false, &m->word[WORD_EIP])
    READ(TASK_READ_FLAGS, base + new->flags, new->word, false, &m->word[WORD_FLAGS])
    for (m->index = 0; m->index < 8; m->index++) {
        READ(TASK_READ_REGISTER, base + new->gpr + m->index *new->word, new->word, false,
             &m->word[WORD_GPR + (m->index & 7)])
    }
    m->word[WORD_SEGMENT + X86_FS] = m->word[WORD_SEGMENT + X86_GS] = 0;
    for (m->index = 0; m->index < new->segments; m->index++) {
        READ(TASK_READ_SEGMENT, base + new->segment + m->index *new->word, 2, false,
             &m->word[WORD_SEGMENT + m->index % 6])
    }
    READ(TASK_READ_LDT, base + new->ldt, 2, false, &m->word[WORD_LDT])
    if (new == &tss_32) {
        READ(TASK_READ_TRAP, base + TSS_TRAP, 2, false, &value)
        m->task_flags |= (value & 1) != 0 ? TASK_TRAPS : 0;
    }
    STEP(TASK_SET_TR)
    c->s.segment[X86_TR] =
        descriptor_segment(m->selector, m->gate_low, m->gate_high | DESCRIPTOR_BUSY);
    micro_set(c, r, ROW(TASK_SET_TR), X86_REG_TR, m->old_tr, m->selector, 0);
    STEP(TASK_SET_CR0)
    old = c->s.cr0;
    c->s.cr0 |= X86_CR0_TS;
    micro_set(c, r, ROW(TASK_SET_CR0), X86_REG_CR0, old, c->s.cr0, 0);
    if (new == &tss_32 && (c->s.cr0 & X86_CR0_PG) != 0) {
        STEP(TASK_SET_CR3)
        old = c->s.cr3;
        c->s.cr3 = m->word[WORD_CR3] & 0xfffff018u; /* page, PCD, PWT */
        x86_tlb_flush(c, false);
        micro_set(c, r, ROW(TASK_SET_CR3), X86_REG_CR3, old, c->s.cr3, 0);
    }
    STEP(TASK_SET_REGISTERS)
    old = c->s.eip;
    set_registers(c);
    micro_set(c, r, ROW(TASK_SET_REGISTERS), X86_REG_EIP, old, c->s.eip,
              c->s.segment[X86_CS].selector);
    m->index = 0;
    LEAVE(micro_go(c, X86_PROGRAM_TASK_LDT));
    END
}

/* --- the new task's segments ------------------------------------------------------------------ */

/* LDTR, or in V86 mode all that there is. */
MICRO_PROGRAM(task_ldt)
{
    uint16_t selector = c->s.segment[X86_LDTR].selector;
    uint32_t error = (selector & ~3u) + c->s.micro.ext;
    PROGRAM
    if (!selector_null(selector)) {
        CHECK(LDT_TABLE, in_gdt(c, selector), selector, c->s.gdtr.limit, X86_TS, error)
        READ(LDT_HIGH, gdt_entry(c, selector) + 4, 4, false, &m->stack_high)
        READ(LDT_LOW, gdt_entry(c, selector), 4, false, &m->stack_low)
        CHECK(LDT_TYPE, descriptor_type(m->stack_high) == TYPE_LDT, descriptor_type(m->stack_high),
              TYPE_LDT, X86_TS, error)
        CHECK(LDT_PRESENT, descriptor_present(m->stack_high), descriptor_present(m->stack_high), 1,
              X86_TS, error)
        STEP(TASK_SET_LDTR)
        c->s.segment[X86_LDTR] = descriptor_segment(selector, m->stack_low, m->stack_high);
        micro_set(c, r, ROW(TASK_SET_LDTR), X86_REG_LDTR, selector, selector, 0);
    }
    if (x86_v86(c)) {
        STEP(TASK_V86)
        for (unsigned i = 0; i < 6; i++)
            c->s.segment[i] = descriptor_v86(c->s.segment[i].selector);
        micro_set(c, r, ROW(TASK_V86), X86_REG_CS, 0, c->s.segment[X86_CS].selector, 0);
        LEAVE(micro_go(c, X86_PROGRAM_TASK_END));
    }
    LEAVE(micro_go(c, X86_PROGRAM_TASK_CODE));
    END
}

MICRO_PROGRAM(task_code)
{
    uint16_t selector = c->s.segment[X86_CS].selector;
    uint32_t error = (selector & ~3u) + c->s.micro.ext, at = 0;
    bool inside = selector_address(c, selector, &at);
    PROGRAM
    m->selector = selector;
    CHECK(TASK_CS_NULL, !selector_null(selector), selector, 0, X86_TS, error)
    CHECK(TASK_CS_TABLE, inside, selector, selector_limit(c, selector), X86_TS, error)
    READ(TASK_CS_HIGH, at + 4, 4, false, &m->code_high)
    READ(TASK_CS_LOW, at, 4, false, &m->code_low)
    CHECK(TASK_CS_TYPE, descriptor_code(m->code_high), descriptor_type(m->code_high), 0, X86_TS,
          error)
    CHECK(TASK_CS_PRESENT, descriptor_present(m->code_high), descriptor_present(m->code_high), 1,
          X86_NP, error)
    CHECK(TASK_CS_DPL, descriptor_dpl_fits(m->code_high, selector & 3),
          descriptor_dpl(m->code_high), selector & 3, X86_TS, error)
    if ((m->code_high & DESCRIPTOR_ACCESSED) == 0) {
        WRITE(TASK_CS_ACCESSED, at + 4, 4, false, m->code_high | DESCRIPTOR_ACCESSED)
    }
    STEP(TASK_SET_CS)
    micro_set_code(c, r, ROW(TASK_SET_CS), selector & 3);
    LEAVE(micro_go(c, X86_PROGRAM_TASK_STACK));
    END
}

MICRO_PROGRAM(task_stack)
{
    uint16_t selector = c->s.segment[X86_SS].selector;
    uint32_t error = (selector & ~3u) + c->s.micro.ext, at = 0;
    bool inside = selector_address(c, selector, &at);
    PROGRAM
    CHECK(TASK_SS_NULL, !selector_null(selector), selector, 0, X86_TS, error)
    CHECK(TASK_SS_TABLE, inside, selector, selector_limit(c, selector), X86_TS, error)
    READ(TASK_SS_HIGH, at + 4, 4, false, &m->stack_high)
    READ(TASK_SS_LOW, at, 4, false, &m->stack_low)
    CHECK(TASK_SS_TYPE, descriptor_writable(m->stack_high), descriptor_type(m->stack_high), 0,
          X86_TS, error)
    CHECK(TASK_SS_PRESENT, descriptor_present(m->stack_high), descriptor_present(m->stack_high), 1,
          X86_SS_FAULT, error)
    CHECK(TASK_SS_DPL, descriptor_dpl(m->stack_high) == c->s.cpl, descriptor_dpl(m->stack_high),
          c->s.cpl, X86_TS, error)
    CHECK(TASK_SS_RPL, (selector & 3) == c->s.cpl, selector & 3, c->s.cpl, X86_TS, error)
    if ((m->stack_high & DESCRIPTOR_ACCESSED) == 0) {
        WRITE(TASK_SS_ACCESSED, at + 4, 4, false, m->stack_high | DESCRIPTOR_ACCESSED)
    }
    STEP(TASK_SET_SS)
    micro_set_segment(c, r, ROW(TASK_SET_SS), X86_SS, selector);
    LEAVE(micro_go(c, X86_PROGRAM_TASK_DATA));
    END
}

MICRO_PROGRAM(task_data)
{
    static const uint8_t order[] = {X86_DS, X86_ES, X86_FS, X86_GS};
    unsigned number = order[c->s.micro.index & 3], least = 0;
    uint16_t selector = c->s.segment[number].selector;
    uint32_t error = (selector & ~3u) + c->s.micro.ext, at = 0;
    bool inside = selector_address(c, selector, &at);
    PROGRAM
    if (!selector_null(selector)) {
        CHECK(TASK_DATA_TABLE, inside, selector, selector_limit(c, selector), X86_TS, error)
        READ(TASK_DATA_HIGH, at + 4, 4, false, &m->stack_high)
        READ(TASK_DATA_LOW, at, 4, false, &m->stack_low)
        CHECK(TASK_DATA_TYPE, descriptor_readable(m->stack_high), descriptor_type(m->stack_high), 0,
              X86_TS, error)
        CHECK(TASK_DATA_PRESENT, descriptor_present(m->stack_high),
              descriptor_present(m->stack_high), 1, X86_NP, error)
        STEP(TASK_DATA_DPL)
        least = (selector & 3u) > c->s.cpl ? selector & 3u : c->s.cpl;
        if (!micro_check(c, r, ROW(TASK_DATA_DPL),
                         descriptor_conforming(m->stack_high) ||
                             descriptor_dpl(m->stack_high) >= least,
                         descriptor_dpl(m->stack_high), least))
            LEAVE(micro_refuse(c, X86_TS, error));
        if ((m->stack_high & DESCRIPTOR_ACCESSED) == 0) {
            WRITE(TASK_DATA_ACCESSED, at + 4, 4, false, m->stack_high | DESCRIPTOR_ACCESSED)
        }
        STEP(TASK_SET_DATA)
        micro_set_segment(c, r, ROW(TASK_SET_DATA), number, selector);
    }
    LEAVE(micro_go(c, ++m->index < 4 ? X86_PROGRAM_TASK_DATA : X86_PROGRAM_TASK_END));
    END
}

MICRO_PROGRAM(task_end)
{
    bool user = c->s.cpl == 3;
    PROGRAM
    if (m->has_error) {
        CHECK(TASK_ROOM, stack_room(&c->s.segment[X86_SS], c->s.gpr[X86_ESP], 1, m->size, false),
              c->s.gpr[X86_ESP], m->size, X86_SS_FAULT, m->ext)
        PUSH(TASK_PUSH_ERROR, user, m->error)
    }
    STEP(TASK_EIP)
    if (!micro_check(c, r, X86_STEP_TASK_EIP, micro_rest(c, r),
                     c->s.eip <= c->s.segment[X86_CS].limit, c->s.eip, c->s.segment[X86_CS].limit))
        LEAVE(micro_refuse(c, X86_GP, m->ext));
    if ((m->task_flags & TASK_TRAPS) != 0)
        c->s.debug_pending |= MICRO_PENDING_TASK;
    LEAVE(micro_finish(c));
    END
}
