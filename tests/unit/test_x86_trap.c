/* Unit tests of x86 trap delivery in real mode, through gates, and to the same level: every row of
 * the fault tables, from SDM vol. 2 INT, vol. 3 chapter 6 and the 80386 PRM. */
#include "tests/unit/x86_bench.h"

/* --- real mode -------------------------------------------------------------------------------- */

START_TEST(real_pushes_flags_cs_ip)
{
    struct bench *b = bench_real();
    b->c->s.eflags |= X86_TF | X86_AC;
    begin_int(b, 0x21);
    finish(b);
    struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->gpr[X86_ESP], 0x1000 - 6);
    ck_assert_uint_eq(get16(b, 0x2ffe), 0x0303); /* TF IF CF and bit 1 */
    ck_assert_uint_eq(get16(b, 0x2ffc), 0x0200);
    ck_assert_uint_eq(get16(b, 0x2ffa), NEXT);
    ck_assert_uint_eq(s->segment[X86_CS].selector, 0x0300);
    ck_assert_uint_eq(s->segment[X86_CS].base, 0x3000);
    ck_assert_uint_eq(s->segment[X86_CS].limit, 0xffff);
    ck_assert_uint_eq(s->eip, 0x121);
    ck_assert_uint_eq(s->eflags, X86_FIXED | X86_CF);
    ck_assert_uint_eq(s->count, b->before.count + 1);
    bench_free(b);
}
END_TEST

START_TEST(real_vector_outside_table_is_8)
{
    struct bench *b = bench_real();
    b->c->s.idtr.limit = 0x21 * 4 + 2;
    begin_int(b, 0x21);
    expect_first_fault(b, X86_STEP_REAL_LIMIT, X86_DF_ABORT, 0);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, 0x108);
    ck_assert_uint_eq(get16(b, 0x2ffa), HERE);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], 0x1000 - 6); /* no error code in real mode */
    bench_free(b);
}
END_TEST

START_TEST(real_vector_8_outside_table_is_shutdown)
{
    struct bench *b = bench_real();
    b->c->s.idtr.limit = 8 * 4 + 2;
    begin_int(b, 0x21);
    finish(b);
    ck_assert_uint_eq(b->c->s.shutdown, 1);
    expect_untouched(b);
    expect_memory_untouched(b);
    bench_free(b);
}
END_TEST

START_TEST(real_sp_1_3_5_is_shutdown)
{
    struct bench *b = bench_real();
    b->c->s.gpr[X86_ESP] = 1 + 2 * (uint32_t)_i;
    begin_int(b, 0x21);
    finish(b);
    ck_assert_uint_eq(b->c->s.shutdown, 1);
    expect_untouched(b);
    expect_memory_untouched(b);
    bench_free(b);
}
END_TEST

START_TEST(real_sp_0_wraps)
{
    struct bench *b = bench_real();
    b->c->s.gpr[X86_ESP] = 0;
    begin_int(b, 0x21);
    finish(b);
    ck_assert_uint_eq(b->c->s.shutdown, 0);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], 0xfffa);
    ck_assert_uint_eq(get16(b, 0x2000 + 0xfffa), NEXT);
    bench_free(b);
}
END_TEST

/* --- gates ------------------------------------------------------------------------------------ */

START_TEST(row_4_1_vector_outside_idt)
{
    struct bench *b = bench_protected(3);
    b->c->s.idtr.limit = 0x40 * 8 + 6;
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_GATE_LIMIT, X86_GP, 0x40 * 8 + 2);
    bench_free(b);
}
END_TEST

START_TEST(row_4_2_gate_page_not_present)
{
    struct bench *b = bench_protected(3);
    bench_paging(b);
    /* The gate of 40h alone is on the page that is missing. */
    b->c->s.idtr.base = 0x20000 - 0x40 * 8;
    memcpy(b->ram.bytes + 0x20000 - 0x200, b->ram.bytes + IDT, 0x200);
    put32(b, pte_of(0x20000), 0);
    begin_int(b, 0x40);
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, X86_PF_FAULT);
    ck_assert_uint_eq(event->value, 0);      /* a supervisor's read, though CPL is 3 */
    ck_assert_uint_eq(b->c->s.cr2, 0x20004); /* the upper dword comes first */
    expect_untouched(b);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, handler(14));
    ck_assert_uint_eq(get32(b, USER_STACK - 12), HERE);
    bench_free(b);
}
END_TEST

START_TEST(row_4_3_not_a_gate)
{
    static const uint8_t bad[] = {0x80, 0x81, 0x82, 0x83, 0x84, 0x88, 0x89,
                                  0x8a, 0x8b, 0x8c, 0x8d, 0x92, 0x9a, 0x9e};
    struct bench *b = bench_protected(3);
    put_gate(b, 0x40, bad[_i] | 0x60, KCODE, handler(0x40));
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_GATE_TYPE, X86_GP, 0x40 * 8 + 2);
    bench_free(b);
}
END_TEST

START_TEST(row_4_4_gate_dpl_below_cpl)
{
    struct bench *b = bench_protected(3);
    put_gate(b, 0x42, (uint8_t)(0x8e | _i << 5), KCODE, handler(0x42));
    begin_int(b, 0x42);
    if (_i < 3) {
        expect_fault(b, X86_STEP_GATE_DPL, X86_GP, 0x42 * 8 + 2);
    } else {
        finish(b);
        ck_assert_uint_eq(b->c->s.eip, handler(0x42));
    }
    bench_free(b);
}
END_TEST

START_TEST(row_4_4_also_int3_and_into)
{
    struct bench *b = bench_protected(3);
    begin_cause(b, _i == 0 ? X86_CAUSE_INT3 : X86_CAUSE_INTO, _i == 0 ? 3 : 4);
    expect_fault(b, X86_STEP_GATE_DPL, X86_GP, (_i == 0 ? 3u : 4u) * 8 + 2);
    bench_free(b);
}
END_TEST

START_TEST(row_4_4_comes_before_present)
{
    struct bench *b = bench_protected(3);
    put_gate(b, 0x42, 0x0e, KCODE, handler(0x42));
    begin_int(b, 0x42);
    expect_fault(b, X86_STEP_GATE_DPL, X86_GP, 0x42 * 8 + 2);
    bench_free(b);
}
END_TEST

START_TEST(row_4_4_does_not_hold_for_events)
{
    static const enum x86_cause causes[] = {X86_CAUSE_INTR, X86_CAUSE_NMI, X86_CAUSE_ICEBP,
                                            X86_CAUSE_FAULT, X86_CAUSE_TRAP};
    struct bench *b = bench_protected(3);
    begin_cause(b, causes[_i], 0x42);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, handler(0x42));
    ck_assert_uint_eq(events_of(b, TRACE_FAULTED), 0);
    bench_free(b);
}
END_TEST

START_TEST(row_4_5_gate_not_present)
{
    struct bench *b = bench_protected(3);
    put_gate(b, 0x40, 0x6e, KCODE, handler(0x40));
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_GATE_PRESENT, X86_NP, 0x40 * 8 + 2);
    bench_free(b);
}
END_TEST

START_TEST(row_4_7_null_selector)
{
    struct bench *b = bench_protected(3);
    put_gate(b, 0x40, 0xee, (uint16_t)_i, handler(0x40));
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_CODE_NULL, X86_GP, 0);
    bench_free(b);
}
END_TEST

START_TEST(row_4_8_selector_outside_table)
{
    static const uint16_t selector[] = {GDT_LIMIT + 1, GDT_LIMIT + 4, 0x44, 0xfffb};
    struct bench *b = bench_protected(3);
    put_gate(b, 0x40, 0xee, selector[_i], handler(0x40));
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_CODE_TABLE, X86_GP, selector[_i] & ~3u);
    bench_free(b);
}
END_TEST

START_TEST(row_4_8_ldt_selector_without_ldt)
{
    struct bench *b = bench_protected(3);
    b->c->s.segment[X86_LDTR] = (struct x86_segment){0};
    put_gate(b, 0x40, 0xee, 0x0c, handler(0x40));
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_CODE_TABLE, X86_GP, 0x0c);
    bench_free(b);
}
END_TEST

START_TEST(row_4_9_descriptor_page_not_present)
{
    struct bench *b = bench_protected(3);
    bench_paging(b);
    put_gate(b, 0x40, 0xee, 0x1008, handler(0x40));
    b->c->s.gdtr.limit = 0x1fff;
    put32(b, pte_of(GDT + 0x1008), 0);
    begin_int(b, 0x40);
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, X86_PF_FAULT);
    ck_assert_uint_eq(event->value, 0);
    ck_assert_uint_eq(b->c->s.cr2, GDT + 0x100c);
    expect_untouched(b);
    bench_free(b);
}
END_TEST

START_TEST(row_4_10_not_code)
{
    static const uint16_t selector[] = {KDATA, TSS_SEL, LDT_SEL, UDATA + 3, READ_ONLY};
    struct bench *b = bench_protected(3);
    put_gate(b, 0x40, 0xee, selector[_i], handler(0x40));
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_CODE_TYPE, X86_GP, selector[_i] & ~3u);
    bench_free(b);
}
END_TEST

START_TEST(row_4_11_code_dpl_above_cpl)
{
    static const uint16_t selector[] = {UCODE + 3, CODE1, CONFORMING3};
    struct bench *b = bench_protected(0);
    put_gate(b, 0x40, 0xee, selector[_i], handler(0x40));
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_CODE_PRIVILEGE, X86_GP, selector[_i] & ~3u);
    bench_free(b);
}
END_TEST

START_TEST(row_4_11_comes_before_present)
{
    struct bench *b = bench_protected(0);
    put_gate(b, 0x40, 0xee, ABSENT_UCODE, handler(0x40));
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_CODE_PRIVILEGE, X86_GP, ABSENT_UCODE);
    bench_free(b);
}
END_TEST

START_TEST(row_4_12_code_not_present)
{
    struct bench *b = bench_protected(3);
    put_gate(b, 0x40, 0xee, ABSENT_CODE + 3, handler(0x40));
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_CODE_PRESENT, X86_NP, ABSENT_CODE);
    bench_free(b);
}
END_TEST

START_TEST(gate_rpl_is_ignored)
{
    struct bench *b = bench_protected(3);
    put_gate(b, 0x40, 0xee, KCODE + 3, handler(0x40));
    begin_int(b, 0x40);
    finish(b);
    ck_assert_uint_eq(b->c->s.segment[X86_CS].selector, KCODE);
    ck_assert_uint_eq(b->c->s.cpl, 0);
    bench_free(b);
}
END_TEST

START_TEST(gate_16_ignores_upper_half_of_offset)
{
    struct bench *b = bench_protected(0);
    put_gate(b, 0x40, 0xe6, KCODE, 0xdead0000u | handler(0x40));
    begin_int(b, 0x40);
    finish(b);
    struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->eip, handler(0x40));
    ck_assert_uint_eq(s->gpr[X86_ESP], KERNEL_STACK - 6);
    ck_assert_uint_eq(get16(b, KERNEL_STACK - 6), NEXT);
    ck_assert_uint_eq(get16(b, KERNEL_STACK - 4), KCODE);
    ck_assert_uint_eq(get16(b, KERNEL_STACK - 2), b->before.eflags);
    ck_assert_uint_eq(s->eflags & X86_IF, 0);
    bench_free(b);
}
END_TEST

/* --- the EXT bit ------------------------------------------------------------------------------ */

START_TEST(ext_bit_tells_events_from_programs)
{
    static const struct {
        enum x86_cause cause;
        uint32_t ext;
    } row[] = {
        {X86_CAUSE_INT_N, 0}, {X86_CAUSE_INT3, 0},  {X86_CAUSE_INTO, 0}, {X86_CAUSE_FAULT, 1},
        {X86_CAUSE_TRAP, 1},  {X86_CAUSE_ICEBP, 1}, {X86_CAUSE_NMI, 1},  {X86_CAUSE_INTR, 1},
    };
    struct bench *b = bench_protected(3);
    put_gate(b, 6, 0x6e, KCODE, handler(6));
    begin_cause(b, row[_i].cause, 6);
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, X86_NP);
    ck_assert_uint_eq(event->value, 6 * 8 + 2 + row[_i].ext);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, handler(X86_NP));
    bench_free(b);
}
END_TEST

START_TEST(ext_bit_alone_for_null_selector)
{
    struct bench *b = bench_protected(3);
    put_gate(b, 6, 0x8e, 0, handler(6));
    begin_exception(b, 6, false, 0);
    expect_first_fault(b, X86_STEP_CODE_NULL, X86_GP, 1);
    bench_free(b);
}
END_TEST

/* --- same level ------------------------------------------------------------------------------- */

START_TEST(row_5_1_no_room_on_stack)
{
    struct bench *b = bench_protected(0);
    load(b, X86_SS, SHORT_STACK); /* limit 7ffh: ESP 8000h is outside */
    begin_int(b, 0x40);
    expect_first_fault(b, X86_STEP_SAME_ROOM, X86_SS_FAULT, 0);
    finish(b); /* #SS on the same bad stack: #DF, then shutdown */
    ck_assert_uint_eq(b->c->s.shutdown, 1);
    ck_assert_uint_eq(events_of(b, TRACE_FAULTED), 3);
    expect_untouched(b);
    bench_free(b);
}
END_TEST

START_TEST(row_5_1_room_is_12_and_16_bytes)
{
    struct bench *b = bench_protected(0);
    load(b, X86_SS, DOWN); /* expand-down: offsets from 8000h */
    bool error = _i >= 2;
    b->c->s.gpr[X86_ESP] = 0x8000 + (error ? 16u : 12u) - (_i % 2 ? 1 : 0);
    if (error)
        begin_exception(b, X86_GP, true, 0);
    else
        begin_int(b, 0x40);
    finish(b);
    ck_assert_uint_eq(b->c->s.shutdown, _i % 2 ? 1 : 0);
    bench_free(b);
}
END_TEST

START_TEST(row_5_2_offset_outside_code)
{
    struct bench *b = bench_protected(0);
    put_gate(b, 0x40, 0xee, SHORT_CODE, 0x6000);
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_SAME_LIMIT, X86_GP, 0);
    bench_free(b);
}
END_TEST

START_TEST(same_level_frame)
{
    struct bench *b = bench_protected(0);
    b->c->s.eflags |= X86_TF | X86_NT | X86_AC;
    begin_int(b, _i == 0 ? 0x40 : 0x41);
    finish(b);
    struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->gpr[X86_ESP], KERNEL_STACK - 12);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 4), b->before.eflags);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 8), KCODE);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 12), NEXT);
    ck_assert_uint_eq(s->eflags, X86_FIXED | X86_CF | X86_AC | (_i == 0 ? 0 : X86_IF));
    ck_assert_uint_eq(s->cpl, 0);
    ck_assert_uint_eq(s->segment[X86_CS].selector, KCODE);
    bench_free(b);
}
END_TEST

START_TEST(same_level_conforming_keeps_cpl)
{
    struct bench *b = bench_protected(3);
    put_gate(b, 0x40, 0xee, CONFORMING, handler(0x40));
    begin_int(b, 0x40);
    finish(b);
    ck_assert_uint_eq(b->c->s.cpl, 3);
    ck_assert_uint_eq(b->c->s.segment[X86_CS].selector, CONFORMING + 3);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], USER_STACK - 12);
    bench_free(b);
}
END_TEST

START_TEST(same_level_sets_accessed_bit)
{
    struct bench *b = bench_protected(0);
    put_descriptor(b, GDT + SPARE, 0, 0xfffff, 0x9a, 0xc);
    put_gate(b, 0x40, 0xee, SPARE, handler(0x40));
    begin_int(b, 0x40);
    finish(b);
    ck_assert_uint_eq(b->ram.bytes[GDT + SPARE + 5], 0x9b);
    ck_assert(took_step(b, X86_STEP_SAME_ACCESSED));
    bench_free(b);
}
END_TEST

START_TEST(same_level_push_faults_leave_esp)
{
    /* The frame crosses into a page that is not present: push number _i fails. */
    struct bench *b = bench_protected(3);
    bench_paging(b);
    put_gate(b, 0x40, 0xee, UCODE + 3, handler(0x40));
    put_gate(b, 14, 0x8e, KCODE, handler(14));
    b->c->s.gpr[X86_ESP] = 0x20000 + 4 * (uint32_t)_i;
    put32(b, pte_of(0x1f000), 0);
    begin_int(b, 0x40);
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, X86_PF_FAULT);
    ck_assert_uint_eq(event->value, 6); /* user, write, not present: its own stack */
    ck_assert_uint_eq(b->c->s.cr2, 0x1fffc);
    expect_untouched(b);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, handler(14));
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 8), b->before.gpr[X86_ESP]);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 20), HERE);
    bench_free(b);
}
END_TEST

START_TEST(error_code_is_pushed_last_and_zero_extended)
{
    struct bench *b = bench_protected(0);
    begin_exception(b, X86_GP, true, 0xabcd);
    finish(b);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], KERNEL_STACK - 16);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 16), 0xabcd);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 12), HERE);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 4), b->before.eflags | X86_RF);
    ck_assert_uint_eq(b->c->s.eflags & X86_RF, 0);
    bench_free(b);
}
END_TEST

START_TEST(int_n_never_pushes_an_error_code)
{
    static const uint8_t vector[] = {8, 10, 11, 12, 13, 14, 17};
    struct bench *b = bench_protected(0);
    begin_int(b, vector[_i]);
    finish(b);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], KERNEL_STACK - 12);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 12), NEXT);
    bench_free(b);
}
END_TEST

/* --- RF in the image (80386 PRM 12.3.1.1) ----------------------------------------------------- */

START_TEST(rf_in_image_is_set_for_faults_only)
{
    static const struct {
        enum x86_cause cause;
        uint8_t vector;
        uint32_t rf;
    } row[] = {
        {X86_CAUSE_FAULT, X86_DE, 1}, {X86_CAUSE_FAULT, X86_BR, 1},
        {X86_CAUSE_FAULT, X86_UD, 1}, {X86_CAUSE_FAULT, X86_NM, 1},
        {X86_CAUSE_FAULT, X86_MF, 1}, {X86_CAUSE_FAULT, X86_DB, 1},
        {X86_CAUSE_TRAP, X86_DB, 0},  {X86_CAUSE_NMI, X86_NMI, 0},
        {X86_CAUSE_INT3, X86_BP, 0},  {X86_CAUSE_INTO, X86_OF_TRAP, 0},
        {X86_CAUSE_INT_N, 0x40, 0},   {X86_CAUSE_INTR, 0x40, 0},
        {X86_CAUSE_ICEBP, X86_DB, 0},
    };
    struct bench *b = bench_protected(0);
    begin_cause(b, row[_i].cause, row[_i].vector);
    finish(b);
    uint32_t image = get32(b, KERNEL_STACK - 4);
    ck_assert_uint_eq(image, b->before.eflags | (row[_i].rf ? X86_RF : 0));
    bench_free(b);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, real_pushes_flags_cs_ip);
    tcase_add_test(t, real_vector_outside_table_is_8);
    tcase_add_test(t, real_vector_8_outside_table_is_shutdown);
    tcase_add_loop_test(t, real_sp_1_3_5_is_shutdown, 0, 3);
    tcase_add_test(t, real_sp_0_wraps);
    tcase_add_test(t, row_4_1_vector_outside_idt);
    tcase_add_test(t, row_4_2_gate_page_not_present);
    tcase_add_loop_test(t, row_4_3_not_a_gate, 0, 14);
    tcase_add_loop_test(t, row_4_4_gate_dpl_below_cpl, 0, 4);
    tcase_add_loop_test(t, row_4_4_also_int3_and_into, 0, 2);
    tcase_add_test(t, row_4_4_comes_before_present);
    tcase_add_loop_test(t, row_4_4_does_not_hold_for_events, 0, 5);
    tcase_add_test(t, row_4_5_gate_not_present);
    tcase_add_loop_test(t, row_4_7_null_selector, 0, 4);
    tcase_add_loop_test(t, row_4_8_selector_outside_table, 0, 4);
    tcase_add_test(t, row_4_8_ldt_selector_without_ldt);
    tcase_add_test(t, row_4_9_descriptor_page_not_present);
    tcase_add_loop_test(t, row_4_10_not_code, 0, 5);
    tcase_add_loop_test(t, row_4_11_code_dpl_above_cpl, 0, 3);
    tcase_add_test(t, row_4_11_comes_before_present);
    tcase_add_test(t, row_4_12_code_not_present);
    tcase_add_test(t, gate_rpl_is_ignored);
    tcase_add_test(t, gate_16_ignores_upper_half_of_offset);
    tcase_add_loop_test(t, ext_bit_tells_events_from_programs, 0, 8);
    tcase_add_test(t, ext_bit_alone_for_null_selector);
    tcase_add_test(t, row_5_1_no_room_on_stack);
    tcase_add_loop_test(t, row_5_1_room_is_12_and_16_bytes, 0, 4);
    tcase_add_test(t, row_5_2_offset_outside_code);
    tcase_add_loop_test(t, same_level_frame, 0, 2);
    tcase_add_test(t, same_level_conforming_keeps_cpl);
    tcase_add_test(t, same_level_sets_accessed_bit);
    tcase_add_loop_test(t, same_level_push_faults_leave_esp, 0, 3);
    tcase_add_test(t, error_code_is_pushed_last_and_zero_extended);
    tcase_add_loop_test(t, int_n_never_pushes_an_error_code, 0, 7);
    tcase_add_loop_test(t, rf_in_image_is_set_for_faults_only, 0, 13);
}

int main(void)
{
    return bench_main("x86_trap", add);
}
