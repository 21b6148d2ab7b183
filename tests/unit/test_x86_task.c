/* Unit tests of x86 task switches: task gates, far JMP and CALL, nested IRET; every row of the
 * fault tables, from SDM vol. 3 chapter 7 (table 7-1) and the 80386 PRM chapter 7. */
#include "tests/unit/x86_bench.h"

/* A ring 0 task in TSS2, or with CPL 3; the values are told apart by their low digits. */
static void fill_tss2(struct bench *b, unsigned cpl)
{
    put32(b, TSS2 + 0x1c, PAGE_DIRECTORY);
    put32(b, TSS2 + 0x20, 0x7000);
    put32(b, TSS2 + 0x24, X86_FIXED | X86_ZF);
    for (unsigned i = 0; i < 8; i++)
        put32(b, TSS2 + 0x28 + 4 * i, 0xa0 + i);
    put32(b, TSS2 + 0x28 + 4 * X86_ESP, TASK2_STACK);
    for (unsigned i = 0; i < 6; i++)
        put32(b, TSS2 + 0x48 + 4 * i, cpl == 0 ? KDATA : UDATA + 3);
    put32(b, TSS2 + 0x48 + 4 * X86_CS, cpl == 0 ? KCODE : UCODE + 3);
    put32(b, TSS2 + 0x60, LDT_SEL);
    put32(b, TSS2 + 0x64, 0);
}

/* Vector 45h is a task gate (DPL 3) to TSS2. */
static struct bench *bench_tasks(unsigned cpl)
{
    struct bench *b = bench_protected(cpl);
    put_gate(b, 0x45, 0xe5, TSS2_SEL, 0);
    put_gate(b, X86_GP, 0x8e, cpl == 0 ? KCODE : UCODE + 3, handler(X86_GP));
    fill_tss2(b, 0);
    for (unsigned i = 0; i < 8; i++)
        if (i != X86_ESP)
            b->c->s.gpr[i] = 0x10 + i;
    return b;
}

/* TSS2 waits for the present task, whose back link names it. */
static void make_nested(struct bench *b, uint16_t link)
{
    b->c->s.eflags |= X86_NT;
    put16(b, TSS, link);
    b->ram.bytes[GDT + TSS2_SEL + 5] = 0x8b;
}

/* --- 8.1 to 8.4: faults in the old task ------------------------------------------------------- */

static const struct {
    uint16_t selector;
    uint8_t access; /* of TSS2's descriptor; 0 = as it is */
    uint32_t limit;
    enum x86_step step;
    uint8_t vector;
    uint16_t error;
} gate_rows[] = {
    {TSS2_SEL + 4, 0, 0, X86_STEP_TASK_TABLE, X86_GP, TSS2_SEL + 4}, /* 8.1: in the LDT */
    {GDT_LIMIT + 1, 0, 0, X86_STEP_TASK_TABLE, X86_GP, GDT_LIMIT + 1},
    {0, 0, 0, X86_STEP_TASK_TABLE, X86_GP, 0},
    {TSS2_SEL, 0x8b, 103, X86_STEP_TASK_TYPE, X86_GP, TSS2_SEL}, /* 8.2: busy */
    {TSS2_SEL, 0x83, 103, X86_STEP_TASK_TYPE, X86_GP, TSS2_SEL},
    {KDATA, 0, 0, X86_STEP_TASK_TYPE, X86_GP, KDATA},
    {LDT_SEL, 0, 0, X86_STEP_TASK_TYPE, X86_GP, LDT_SEL},
    {TSS2_SEL, 0x09, 103, X86_STEP_TASK_PRESENT, X86_NP, TSS2_SEL}, /* 8.3 */
    {TSS2_SEL, 0x89, 102, X86_STEP_TASK_LIMIT, X86_TS, TSS2_SEL},   /* 8.4 */
    {TSS2_SEL, 0x81, 42, X86_STEP_TASK_LIMIT, X86_TS, TSS2_SEL},
};

#define GATE_ROWS ((int)(sizeof gate_rows / sizeof gate_rows[0]))

START_TEST(row_8_1_to_8_4_bad_tss)
{
    struct bench *b = bench_tasks(3);
    put_gate(b, 0x45, 0xe5, gate_rows[_i].selector, 0);
    if (gate_rows[_i].access != 0)
        put_descriptor(b, GDT + TSS2_SEL, TSS2, gate_rows[_i].limit, gate_rows[_i].access, 0);
    begin_int(b, 0x45);
    expect_fault(b, gate_rows[_i].step, gate_rows[_i].vector, gate_rows[_i].error);
    bench_free(b);
}
END_TEST

START_TEST(row_8_1_to_8_4_ext_for_events)
{
    struct bench *b = bench_tasks(3);
    put_gate(b, 0x45, 0xe5, gate_rows[_i].selector, 0);
    if (gate_rows[_i].access != 0)
        put_descriptor(b, GDT + TSS2_SEL, TSS2, gate_rows[_i].limit, gate_rows[_i].access, 0);
    begin_cause(b, X86_CAUSE_INTR, 0x45);
    expect_first_fault(b, gate_rows[_i].step, gate_rows[_i].vector, gate_rows[_i].error + 1u);
    bench_free(b);
}
END_TEST

START_TEST(task_gate_dpl_and_present)
{
    struct bench *b = bench_tasks(3);
    put_gate(b, 0x45, _i == 0 ? 0x85 : 0x65, TSS2_SEL, 0);
    begin_int(b, 0x45);
    expect_fault(b, _i == 0 ? X86_STEP_GATE_DPL : X86_STEP_GATE_PRESENT, _i == 0 ? X86_GP : X86_NP,
                 0x45 * 8 + 2);
    bench_free(b);
}
END_TEST

START_TEST(old_tss_too_short_is_found_before_anything_is_saved)
{
    struct bench *b = bench_tasks(3);
    b->c->s.segment[X86_TR].limit = 102;
    begin_int(b, 0x45);
    expect_fault(b, X86_STEP_TASK_OLD_LIMIT, X86_TS, TSS_SEL);
    bench_free(b);
}
END_TEST

START_TEST(tss_pages_are_probed_before_anything_is_saved)
{
    /* 0: the new TSS is not present, 1: the old one is read-only */
    struct bench *b = bench_tasks(3);
    bench_paging(b);
    put_descriptor(b, GDT + TSS2_SEL, 0x20000, 103, 0x89, 0);
    if (_i == 0)
        put32(b, pte_of(0x20000), 0);
    else
        put32(b, pte_of(TSS), TSS | 5);
    begin_int(b, 0x45);
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, X86_PF_FAULT);
    ck_assert_uint_eq(event->value, _i == 0 ? 2 : 3);
    ck_assert_uint_eq(b->c->s.cr2, _i == 0 ? 0x20000 : TSS + 0x20);
    expect_untouched(b);
    bench_free(b);
}
END_TEST

/* --- the switch ------------------------------------------------------------------------------- */

static void expect_in_task2(const struct bench *b, uint32_t nt)
{
    const struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->eip, 0x7000);
    ck_assert_uint_eq(s->eflags, X86_FIXED | X86_ZF | nt);
    for (unsigned i = 0; i < 8; i++)
        if (i != X86_ESP)
            ck_assert_uint_eq(s->gpr[i], 0xa0 + i);
    ck_assert_uint_eq(s->cpl, 0);
    ck_assert_uint_eq(s->segment[X86_CS].selector, KCODE);
    ck_assert_uint_eq(s->segment[X86_CS].limit, 0xffffffff);
    ck_assert_uint_eq(s->segment[X86_SS].selector, KDATA);
    ck_assert_uint_eq(s->segment[X86_GS].selector, KDATA);
    ck_assert_uint_eq(s->segment[X86_GS].attributes & X86_ATTR_P, X86_ATTR_P);
    ck_assert_uint_eq(s->segment[X86_LDTR].base, LDT);
    ck_assert_uint_eq(s->segment[X86_TR].selector, TSS2_SEL);
    ck_assert_uint_eq(s->segment[X86_TR].base, TSS2);
    ck_assert_uint_eq(s->cr0 & X86_CR0_TS, X86_CR0_TS);
}

static void expect_saved(const struct bench *b, uint32_t eip, uint32_t eflags)
{
    ck_assert_uint_eq(get32(b, TSS + 0x20), eip);
    ck_assert_uint_eq(get32(b, TSS + 0x24), eflags);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(get32(b, TSS + 0x28 + 4 * i), b->before.gpr[i]);
    for (unsigned i = 0; i < 6; i++)
        ck_assert_uint_eq(get16(b, TSS + 0x48 + 4 * i), b->before.segment[i].selector);
}

START_TEST(int_through_a_task_gate)
{
    struct bench *b = bench_tasks(3);
    begin_int(b, 0x45);
    finish(b);
    expect_in_task2(b, X86_NT);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], TASK2_STACK);
    expect_saved(b, NEXT, b->before.eflags);
    ck_assert_uint_eq(get16(b, TSS2), TSS_SEL);
    ck_assert_uint_eq(b->ram.bytes[GDT + TSS_SEL + 5], 0x8b);
    ck_assert_uint_eq(b->ram.bytes[GDT + TSS2_SEL + 5], 0x8b);
    bench_free(b);
}
END_TEST

START_TEST(fault_through_a_task_gate_pushes_its_error_code_there)
{
    struct bench *b = bench_tasks(3);
    put_gate(b, X86_GP, 0x85, TSS2_SEL, 0);
    begin_exception(b, X86_GP, true, 0x4567);
    finish(b);
    expect_in_task2(b, X86_NT);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], TASK2_STACK - 4);
    ck_assert_uint_eq(get32(b, TASK2_STACK - 4), 0x4567);
    expect_saved(b, HERE, b->before.eflags | X86_RF);
    bench_free(b);
}
END_TEST

START_TEST(error_code_needs_room_on_the_new_stack)
{
    struct bench *b = bench_tasks(0);
    put_gate(b, X86_GP, 0x85, TSS2_SEL, 0);
    put32(b, TSS2 + 0x48 + 4 * X86_SS, SHORT_STACK);
    begin_exception(b, X86_GP, true, 0x4567);
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, X86_SS_FAULT);
    ck_assert_uint_eq(event->value, 1);
    ck_assert_uint_eq(b->c->s.eip, 0x7000);
    bench_free(b);
}
END_TEST

START_TEST(far_jump_and_call)
{
    /* 0, 1: JMP, CALL to the TSS; 2, 3: through the task gate of the GDT */
    struct bench *b = bench_tasks(0);
    put_gate_at(b, GDT + TASK_GATE, 0xe5, TSS2_SEL, 0, 0);
    uint16_t selector = _i < 2 ? TSS2_SEL : TASK_GATE;
    bool call = _i % 2 == 1;
    ticks begun = b->clock.s.now;
    bench_mark(b);
    bool good = call ? x86_far_call(b->c, selector, 0x1234, 4, NEXT)
                     : x86_far_jump(b->c, selector, 0x1234, 4, NEXT);
    ck_assert(good && in_progress(b));
    finish(b);
    expect_in_task2(b, call ? X86_NT : 0);
    expect_saved(b, NEXT, b->before.eflags);
    ck_assert_uint_eq(b->ram.bytes[GDT + TSS_SEL + 5], call ? 0x8b : 0x89);
    ck_assert_uint_eq(b->ram.bytes[GDT + TSS2_SEL + 5], 0x8b);
    if (call)
        ck_assert_uint_eq(get16(b, TSS2), TSS_SEL);
    /* i486 PRM: JMP TSS 42+TS, gate 43+TS; CALL TSS 37+TS, gate 38+TS; TS to a 486 TSS 199. */
    static const unsigned clocks[] = {42 + 199, 37 + 199, 43 + 199, 38 + 199};
    ck_assert_uint_eq(b->clock.s.now - begun, clocks[_i]);
    ck_assert_uint_eq(b->c->s.count, b->before.count + 1);
    bench_free(b);
}
END_TEST

START_TEST(far_privilege)
{
    /* A TSS or gate of ring 0 may not be used by ring 3, or with RPL 3. */
    struct bench *b = bench_tasks(_i == 0 ? 3 : 0);
    bench_mark(b);
    ck_assert(!x86_far_jump(b->c, _i == 0 ? TSS2_SEL : TSS2_SEL + 3, 0, 4, NEXT));
    ck_assert_uint_eq(b->c->fault.vector, X86_GP);
    ck_assert_uint_eq(b->c->fault.error, TSS2_SEL);
    expect_untouched(b);
    ck_assert(!in_progress(b));
    bench_free(b);
}
END_TEST

START_TEST(iret_to_the_task_that_called)
{
    struct bench *b = bench_tasks(0);
    make_nested(b, TSS2_SEL);
    begin_iret(b, 4);
    finish(b);
    expect_in_task2(b, 0);
    expect_saved(b, HERE + 1, b->before.eflags & ~(uint32_t)X86_NT);
    ck_assert_uint_eq(b->ram.bytes[GDT + TSS_SEL + 5], 0x89);
    ck_assert_uint_eq(b->ram.bytes[GDT + TSS2_SEL + 5], 0x8b);
    ck_assert_uint_eq(get16(b, TSS), TSS2_SEL);
    bench_free(b);
}
END_TEST

START_TEST(there_and_back_again)
{
    struct bench *b = bench_tasks(3);
    begin_int(b, 0x45);
    struct x86_state user = b->before;
    finish(b);
    begin_iret(b, 4);
    finish(b);
    const struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->eip, NEXT);
    ck_assert_uint_eq(s->cpl, 3);
    ck_assert_uint_eq(s->eflags, user.eflags);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(s->gpr[i], user.gpr[i]);
    for (unsigned i = 0; i < 6; i++)
        ck_assert_uint_eq(s->segment[i].selector, user.segment[i].selector);
    ck_assert_uint_eq(s->segment[X86_TR].selector, TSS_SEL);
    ck_assert_uint_eq(b->ram.bytes[GDT + TSS_SEL + 5], 0x8b);
    ck_assert_uint_eq(b->ram.bytes[GDT + TSS2_SEL + 5], 0x89);
    bench_free(b);
}
END_TEST

/* --- 9.7: the back link ----------------------------------------------------------------------- */

static const struct {
    uint16_t link;
    uint8_t access;
    enum x86_step step;
    uint8_t vector;
    uint16_t error;
} link_rows[] = {
    {0, 0x8b, X86_STEP_TASK_TABLE, X86_TS, 0},
    {TSS2_SEL + 4, 0x8b, X86_STEP_TASK_TABLE, X86_TS, TSS2_SEL + 4},
    {GDT_LIMIT + 1, 0x8b, X86_STEP_TASK_TABLE, X86_TS, GDT_LIMIT + 1},
    {TSS2_SEL, 0x89, X86_STEP_TASK_BUSY, X86_TS, TSS2_SEL},
    {KDATA, 0x8b, X86_STEP_TASK_BUSY, X86_TS, KDATA},
    {TSS2_SEL, 0x0b, X86_STEP_TASK_PRESENT, X86_NP, TSS2_SEL},
};

START_TEST(row_9_7_bad_back_link)
{
    struct bench *b = bench_tasks(0);
    make_nested(b, link_rows[_i].link);
    b->ram.bytes[GDT + TSS2_SEL + 5] = link_rows[_i].access;
    begin_iret(b, 4);
    expect_fault(b, link_rows[_i].step, link_rows[_i].vector, link_rows[_i].error);
    bench_free(b);
}
END_TEST

/* --- 8, step 5: faults in the new task -------------------------------------------------------- */

static const struct new_row {
    unsigned offset; /* in TSS2 */
    uint16_t value;
    enum x86_step step;
    uint8_t vector;
} new_rows[] = {
    {0x60, LDT_SEL + 4, X86_STEP_LDT_TABLE, X86_TS},
    {0x60, GDT_LIMIT + 1, X86_STEP_LDT_TABLE, X86_TS},
    {0x60, KDATA, X86_STEP_LDT_TYPE, X86_TS},
    {0x60, SPARE, X86_STEP_LDT_PRESENT, X86_TS},
    {0x4c, 0, X86_STEP_TASK_CS_NULL, X86_TS},
    {0x4c, GDT_LIMIT + 1, X86_STEP_TASK_CS_TABLE, X86_TS},
    {0x4c, KDATA, X86_STEP_TASK_CS_TYPE, X86_TS},
    {0x4c, ABSENT_CODE, X86_STEP_TASK_CS_PRESENT, X86_NP},
    {0x4c, KCODE + 3, X86_STEP_TASK_CS_DPL, X86_TS},
    {0x4c, CONFORMING3, X86_STEP_TASK_CS_DPL, X86_TS},
    {0x50, 0, X86_STEP_TASK_SS_NULL, X86_TS},
    {0x50, GDT_LIMIT + 1, X86_STEP_TASK_SS_TABLE, X86_TS},
    {0x50, READ_ONLY, X86_STEP_TASK_SS_TYPE, X86_TS},
    {0x50, KCODE, X86_STEP_TASK_SS_TYPE, X86_TS},
    {0x50, ABSENT_DATA, X86_STEP_TASK_SS_PRESENT, X86_SS_FAULT},
    {0x50, UDATA, X86_STEP_TASK_SS_DPL, X86_TS},
    {0x50, KDATA + 3, X86_STEP_TASK_SS_RPL, X86_TS},
    {0x54, GDT_LIMIT + 1, X86_STEP_TASK_DATA_TABLE, X86_TS},
    {0x48, EXECUTE_ONLY, X86_STEP_TASK_DATA_TYPE, X86_TS},
    {0x58, LDT_SEL, X86_STEP_TASK_DATA_TYPE, X86_TS},
    {0x5c, ABSENT_DATA, X86_STEP_TASK_DATA_PRESENT, X86_NP},
    {0x54, KDATA + 3, X86_STEP_TASK_DATA_DPL, X86_TS},
};

#define NEW_ROWS ((int)(sizeof new_rows / sizeof new_rows[0]))

START_TEST(row_8_5_bad_segment_of_the_new_task)
{
    const struct new_row *row = &new_rows[_i];
    struct bench *b = bench_tasks(0);
    put_descriptor(b, GDT + SPARE, LDT, 0x3f, 0x02, 0); /* an LDT that is not present */
    put16(b, TSS2 + row->offset, row->value);
    begin_int(b, 0x45);
    const struct trace_event *event = until_fault(b);
    ck_assert_str_eq(x86_steps[(event - 1)->step].id, x86_steps[row->step].id);
    ck_assert_uint_eq(event->vector, row->vector);
    ck_assert_uint_eq(event->value, row->value & ~3u);
    /* The fault belongs to the new task: its TR, its EIP, and the old one is saved. */
    const struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->segment[X86_TR].selector, TSS2_SEL);
    ck_assert_uint_eq(s->eip, 0x7000);
    ck_assert_uint_eq(get32(b, TSS + 0x20), NEXT);
    const struct trace_event *next = newest(b, TRACE_TRAP);
    ck_assert_uint_eq(next->vector, row->vector);
    bench_free(b);
}
END_TEST

START_TEST(row_8_5_data_segment_below_cpl)
{
    struct bench *b = bench_tasks(3);
    fill_tss2(b, 3);
    put16(b, TSS2 + 0x54, KDATA);
    begin_int(b, 0x45);
    const struct trace_event *event = until_fault(b);
    ck_assert_str_eq(x86_steps[(event - 1)->step].id, "TASK_DATA_DPL");
    ck_assert_uint_eq(event->vector, X86_TS);
    ck_assert_uint_eq(event->value, KDATA);
    bench_free(b);
}
END_TEST

START_TEST(row_8_5_ext_for_events)
{
    struct bench *b = bench_tasks(0);
    put16(b, TSS2 + 0x4c, KDATA);
    begin_cause(b, X86_CAUSE_INTR, 0x45);
    ck_assert_uint_eq(until_fault(b)->value, KDATA + 1);
    bench_free(b);
}
END_TEST

START_TEST(new_task_fault_saves_its_first_instruction)
{
    struct bench *b = bench_tasks(0);
    put16(b, TSS2 + 0x5c, ABSENT_DATA);
    begin_int(b, 0x45);
    finish(b);
    const struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->eip, handler(X86_NP));
    ck_assert_uint_eq(get32(b, TASK2_STACK - 16), ABSENT_DATA);
    ck_assert_uint_eq(get32(b, TASK2_STACK - 12), 0x7000);
    ck_assert_uint_eq(get32(b, TASK2_STACK - 4), X86_FIXED | X86_ZF | X86_NT | X86_RF);
    bench_free(b);
}
END_TEST

START_TEST(row_8_9_eip_outside_code)
{
    struct bench *b = bench_tasks(0);
    put16(b, TSS2 + 0x4c, SHORT_CODE);
    begin_int(b, 0x45);
    const struct trace_event *event = until_fault(b);
    ck_assert_str_eq(x86_steps[(event - 1)->step].id, "TASK_EIP");
    ck_assert_uint_eq(event->vector, X86_GP);
    ck_assert_uint_eq(event->value, 0);
    finish(b);
    ck_assert_uint_eq(get32(b, TASK2_STACK - 12), 0x7000);
    bench_free(b);
}
END_TEST

START_TEST(row_8_8_t_bit_traps_before_the_first_instruction)
{
    struct bench *b = bench_tasks(0);
    put16(b, TSS2 + 0x64, 1);
    begin_int(b, 0x45);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, 0x7000);
    ck_assert(!x86_boundary(b->c));
    finish(b);
    const struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->eip, handler(X86_DB));
    ck_assert_uint_eq(s->dr[6] & 0xe00f, 1u << 15);
    ck_assert_uint_eq(get32(b, TASK2_STACK - 12), 0x7000);
    ck_assert_uint_eq(get32(b, TASK2_STACK - 4) & X86_RF, 0);
    bench_free(b);
}
END_TEST

START_TEST(row_8_6_new_task_in_v86_mode)
{
    struct bench *b = bench_tasks(0);
    put32(b, TSS2 + 0x24, X86_FIXED | X86_VM | X86_IOPL);
    for (unsigned i = 0; i < 6; i++)
        put32(b, TSS2 + 0x48 + 4 * i, 0x700 + i);
    begin_int(b, 0x45);
    finish(b);
    const struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->cpl, 3);
    ck_assert_uint_eq(s->eflags, X86_FIXED | X86_VM | X86_IOPL | X86_NT);
    for (unsigned i = 0; i < 6; i++) {
        ck_assert_uint_eq(s->segment[i].base, 0x7000 + 16 * i);
        ck_assert_uint_eq(s->segment[i].limit, 0xffff);
    }
    bench_free(b);
}
END_TEST

START_TEST(to_a_16_bit_task)
{
    struct bench *b = bench_tasks(0);
    put_gate(b, 0x45, 0xe5, TSS16_SEL, 0);
    put16(b, TSS16 + 0x0e, 0x7000);
    put16(b, TSS16 + 0x10, X86_CF);
    for (unsigned i = 0; i < 8; i++)
        put16(b, TSS16 + 0x12 + 2 * i, 0xb0 + i);
    put16(b, TSS16 + 0x22, KDATA);
    put16(b, TSS16 + 0x24, KCODE);
    put16(b, TSS16 + 0x26, KDATA);
    put16(b, TSS16 + 0x28, KDATA);
    begin_int(b, 0x45);
    finish(b);
    const struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->eip, 0x7000);
    ck_assert_uint_eq(s->eflags, X86_FIXED | X86_CF | X86_NT);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(s->gpr[i] & 0xffff, 0xb0 + i);
    ck_assert_uint_eq(s->segment[X86_DS].selector, KDATA);
    ck_assert_uint_eq(s->segment[X86_FS].selector, 0);
    ck_assert_uint_eq(s->segment[X86_TR].selector, TSS16_SEL);
    ck_assert_uint_eq(get16(b, TSS16), TSS_SEL);
    /* and back: a 16-bit task saves its 16 bits */
    begin_iret(b, 2);
    finish(b);
    ck_assert_uint_eq(get16(b, TSS16 + 0x0e), HERE + 1);
    ck_assert_uint_eq(b->c->s.eip, NEXT);
    ck_assert_uint_eq(b->c->s.segment[X86_GS].selector, KDATA);
    bench_free(b);
}
END_TEST

START_TEST(cr3_is_loaded_with_paging)
{
    struct bench *b = bench_tasks(0);
    bench_paging(b);
    put32(b, TSS2 + 0x1c, 0x12000);
    put32(b, 0x12000, PAGE_TABLE | 7);
    begin_int(b, 0x45);
    finish(b);
    ck_assert_uint_eq(b->c->s.cr3, 0x12000);
    ck_assert_uint_eq(b->c->s.eip, 0x7000);
    /* The new directory was used: it is marked. */
    ck_assert_uint_eq(get32(b, 0x12000) & 0x20, 0x20);
    bench_free(b);
}
END_TEST

START_TEST(local_breakpoints_end_with_the_task)
{
    struct bench *b = bench_tasks(0);
    b->c->s.dr[7] = 0x7ff;
    begin_int(b, 0x45);
    finish(b);
    ck_assert_uint_eq(b->c->s.dr[7], 0x6aa);
    bench_free(b);
}
END_TEST

/* Section 12: INT through a task gate 37 + TS; TS 199 to a 486 TSS, 177 to V86, 180 to a 16-bit. */
START_TEST(clocks_of_task_gates)
{
    struct bench *b = bench_tasks(0);
    if (_i == 1)
        put32(b, TSS2 + 0x24, X86_FIXED | X86_VM);
    if (_i == 2) {
        put_gate(b, 0x45, 0xe5, TSS16_SEL, 0);
        put16(b, TSS16 + 0x24, KCODE);
        put16(b, TSS16 + 0x26, KDATA);
    }
    ticks begun = b->clock.s.now;
    begin_int(b, 0x45);
    finish(b);
    static const unsigned clocks[] = {37 + 199, 37 + 177, 37 + 180};
    ck_assert_uint_eq(b->clock.s.now - begun, clocks[_i]);
    bench_free(b);
}
END_TEST

START_TEST(clocks_of_a_task_return)
{
    struct bench *b = bench_tasks(0);
    make_nested(b, TSS2_SEL);
    ticks begun = b->clock.s.now;
    begin_iret(b, 4);
    finish(b);
    ck_assert_uint_eq(b->clock.s.now - begun, 199 + 32);
    bench_free(b);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_loop_test(t, row_8_1_to_8_4_bad_tss, 0, GATE_ROWS);
    tcase_add_loop_test(t, row_8_1_to_8_4_ext_for_events, 0, GATE_ROWS);
    tcase_add_loop_test(t, task_gate_dpl_and_present, 0, 2);
    tcase_add_test(t, old_tss_too_short_is_found_before_anything_is_saved);
    tcase_add_loop_test(t, tss_pages_are_probed_before_anything_is_saved, 0, 2);
    tcase_add_test(t, int_through_a_task_gate);
    tcase_add_test(t, fault_through_a_task_gate_pushes_its_error_code_there);
    tcase_add_test(t, error_code_needs_room_on_the_new_stack);
    tcase_add_loop_test(t, far_jump_and_call, 0, 4);
    tcase_add_loop_test(t, far_privilege, 0, 2);
    tcase_add_test(t, iret_to_the_task_that_called);
    tcase_add_test(t, there_and_back_again);
    tcase_add_loop_test(t, row_9_7_bad_back_link, 0, 6);
    tcase_add_loop_test(t, row_8_5_bad_segment_of_the_new_task, 0, NEW_ROWS);
    tcase_add_test(t, row_8_5_data_segment_below_cpl);
    tcase_add_test(t, row_8_5_ext_for_events);
    tcase_add_test(t, new_task_fault_saves_its_first_instruction);
    tcase_add_test(t, row_8_9_eip_outside_code);
    tcase_add_test(t, row_8_8_t_bit_traps_before_the_first_instruction);
    tcase_add_test(t, row_8_6_new_task_in_v86_mode);
    tcase_add_test(t, to_a_16_bit_task);
    tcase_add_test(t, cr3_is_loaded_with_paging);
    tcase_add_test(t, local_breakpoints_end_with_the_task);
    tcase_add_loop_test(t, clocks_of_task_gates, 0, 3);
    tcase_add_test(t, clocks_of_a_task_return);
}

int main(void)
{
    return bench_main("x86_task", add);
}
