/* Unit tests of x86 trap delivery to an inner level and from V86 mode: every row of the fault
 * tables, from SDM vol. 2 INT, vol. 3 6.12 and 20.3, and the 80386 PRM chapter 15. */
#include "tests/unit/x86_bench.h"

/* --- inner level: the stack of the TSS -------------------------------------------------------- */

START_TEST(row_6_1_tss_too_short)
{
    /* Level 0 needs bytes 4..11 of a 32-bit TSS, level 1 bytes 12..19. */
    static const struct {
        uint32_t limit;
        uint16_t code;
        bool fails;
    } row[] = {{10, KCODE, true}, {11, KCODE, false}, {18, CODE1, true}, {19, CODE1, false}};
    struct bench *b = bench_protected(3);
    b->c->s.segment[X86_TR].limit = row[_i].limit;
    put_gate(b, 0x40, 0xee, row[_i].code, handler(0x40));
    begin_int(b, 0x40);
    if (row[_i].fails) {
        expect_fault(b, X86_STEP_TSS_LIMIT, X86_TS, TSS_SEL);
    } else {
        finish(b);
        ck_assert_uint_eq(b->c->s.eip, handler(0x40));
    }
    bench_free(b);
}
END_TEST

START_TEST(row_6_1_tss_16_too_short)
{
    struct bench *b = bench_protected(3);
    put_descriptor(b, GDT + TSS16_SEL, TSS16, 4, 0x83, 0);
    load(b, X86_TR, TSS16_SEL);
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_TSS_LIMIT, X86_TS, TSS16_SEL);
    bench_free(b);
}
END_TEST

START_TEST(row_6_1_ext_for_events)
{
    struct bench *b = bench_protected(3);
    b->c->s.segment[X86_TR].limit = 10;
    begin_cause(b, X86_CAUSE_INTR, 0x42);
    expect_first_fault(b, X86_STEP_TSS_LIMIT, X86_TS, TSS_SEL + 1);
    bench_free(b);
}
END_TEST

START_TEST(row_6_2_tss_page_not_present)
{
    struct bench *b = bench_protected(3);
    bench_paging(b);
    put32(b, pte_of(TSS), 0);
    begin_int(b, 0x40);
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, X86_PF_FAULT);
    ck_assert_uint_eq(event->value, 0);
    ck_assert_uint_eq(b->c->s.cr2, TSS + 4);
    expect_untouched(b);
    bench_free(b);
}
END_TEST

/* One TSS.SS0 that is wrong, and how. */
static const struct stack_row {
    uint16_t ss;
    enum x86_step step;
    uint8_t vector;
    uint16_t error;
} stack_rows[] = {
    {0x0000, X86_STEP_STACK_NULL, X86_TS, 0}, /* 6.3 */
    {0x0003, X86_STEP_STACK_NULL, X86_TS, 0},
    {GDT_LIMIT + 1, X86_STEP_STACK_TABLE, X86_TS, GDT_LIMIT + 1}, /* 6.4 */
    {0x0044, X86_STEP_STACK_TABLE, X86_TS, 0x44},
    {KDATA + 3, X86_STEP_STACK_RPL, X86_TS, KDATA}, /* 6.6 */
    {KDATA + 1, X86_STEP_STACK_RPL, X86_TS, KDATA},
    {UDATA, X86_STEP_STACK_DPL, X86_TS, UDATA}, /* 6.7 */
    {DATA1, X86_STEP_STACK_DPL, X86_TS, DATA1},
    {KCODE, X86_STEP_STACK_TYPE, X86_TS, KCODE}, /* 6.8 */
    {READ_ONLY, X86_STEP_STACK_TYPE, X86_TS, READ_ONLY},
    {LDT_SEL, X86_STEP_STACK_TYPE, X86_TS, LDT_SEL},
    {ABSENT_DATA, X86_STEP_STACK_PRESENT, X86_SS_FAULT, ABSENT_DATA}, /* 6.9 */
    {SHORT_STACK, X86_STEP_STACK_ROOM, X86_SS_FAULT, SHORT_STACK},    /* 6.10 */
};

#define STACK_ROWS ((int)(sizeof stack_rows / sizeof stack_rows[0]))

START_TEST(row_6_3_to_6_10_bad_stack)
{
    const struct stack_row *row = &stack_rows[_i];
    struct bench *b = bench_protected(3);
    put32(b, TSS + 8, row->ss);
    begin_int(b, 0x40);
    expect_fault(b, row->step, row->vector, row->error);
    bench_free(b);
}
END_TEST

START_TEST(row_6_3_to_6_10_ext_for_events)
{
    const struct stack_row *row = &stack_rows[_i];
    struct bench *b = bench_protected(3);
    put32(b, TSS + 8, row->ss);
    begin_cause(b, X86_CAUSE_NMI, 0x42);
    expect_first_fault(b, row->step, row->vector, row->error + 1u);
    bench_free(b);
}
END_TEST

START_TEST(row_6_5_stack_descriptor_page_not_present)
{
    struct bench *b = bench_protected(3);
    bench_paging(b);
    b->c->s.gdtr.limit = 0x2fff;
    put32(b, TSS + 8, 0x2010);
    put32(b, pte_of(GDT + 0x2010), 0);
    begin_int(b, 0x40);
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, X86_PF_FAULT);
    ck_assert_uint_eq(event->value, 0);
    ck_assert_uint_eq(b->c->s.cr2, GDT + 0x2014);
    expect_untouched(b);
    bench_free(b);
}
END_TEST

START_TEST(row_6_10_room_is_20_and_24_bytes)
{
    struct bench *b = bench_protected(3);
    bool error = _i >= 2;
    put32(b, TSS + 8, DOWN); /* expand-down: offsets from 8000h */
    put32(b, TSS + 4, 0x8000 + (error ? 24u : 20u) - (_i % 2 ? 1 : 0));
    put_gate(b, X86_GP, 0x8e, KCODE, handler(X86_GP));
    if (error)
        begin_exception(b, X86_GP, true, 0);
    else
        begin_int(b, 0x40);
    if (_i % 2) {
        expect_first_fault(b, X86_STEP_STACK_ROOM, X86_SS_FAULT, DOWN + (error ? 1u : 0u));
    } else {
        finish(b);
        ck_assert_uint_eq(b->c->s.gpr[X86_ESP], 0x8000);
    }
    bench_free(b);
}
END_TEST

START_TEST(row_6_10_room_through_a_16_bit_gate_is_10_bytes)
{
    struct bench *b = bench_protected(3);
    put32(b, TSS + 8, DOWN);
    put32(b, TSS + 4, 0x8000 + 10 - (uint32_t)_i);
    put_gate(b, 0x40, 0xe6, KCODE, handler(0x40));
    begin_int(b, 0x40);
    if (_i == 1) {
        expect_fault(b, X86_STEP_STACK_ROOM, X86_SS_FAULT, DOWN);
    } else {
        finish(b);
        ck_assert_uint_eq(b->c->s.gpr[X86_ESP], 0x8000);
        ck_assert_uint_eq(get16(b, 0x8000), NEXT);
        ck_assert_uint_eq(get16(b, 0x8002), UCODE + 3);
        ck_assert_uint_eq(get16(b, 0x8004), b->before.eflags);
        ck_assert_uint_eq(get16(b, 0x8006), USER_STACK);
        ck_assert_uint_eq(get16(b, 0x8008), UDATA + 3);
    }
    bench_free(b);
}
END_TEST

START_TEST(row_6_11_offset_outside_code)
{
    struct bench *b = bench_protected(3);
    put_gate(b, 0x40, 0xee, SHORT_CODE, 0x6000);
    begin_int(b, 0x40);
    expect_fault(b, X86_STEP_STACK_LIMIT, X86_GP, 0);
    bench_free(b);
}
END_TEST

START_TEST(inner_frame)
{
    /* 0: interrupt gate, 1: trap gate, 2: interrupt gate with an error code */
    struct bench *b = bench_protected(3);
    b->c->s.eflags |= X86_TF | X86_NT | X86_AC;
    put_gate(b, X86_GP, 0x8e, KCODE, handler(X86_GP));
    unsigned vector = _i == 0 ? 0x40 : _i == 1 ? 0x41 : X86_GP;
    if (_i == 2)
        begin_exception(b, X86_GP, true, 0x1234);
    else
        begin_int(b, (uint8_t)vector);
    finish(b);
    struct x86_state *s = &b->c->s;
    uint32_t at = KERNEL_STACK - (_i == 2 ? 24 : 20);
    ck_assert_uint_eq(s->gpr[X86_ESP], at);
    if (_i == 2) {
        ck_assert_uint_eq(get32(b, at), 0x1234);
        at += 4;
    }
    ck_assert_uint_eq(get32(b, at), _i == 2 ? HERE : NEXT);
    ck_assert_uint_eq(get32(b, at + 4), UCODE + 3);
    ck_assert_uint_eq(get32(b, at + 8), b->before.eflags | (_i == 2 ? X86_RF : 0));
    ck_assert_uint_eq(get32(b, at + 12), USER_STACK);
    ck_assert_uint_eq(get32(b, at + 16), UDATA + 3);
    ck_assert_uint_eq(s->eip, handler(vector));
    ck_assert_uint_eq(s->cpl, 0);
    ck_assert_uint_eq(s->segment[X86_CS].selector, KCODE);
    ck_assert_uint_eq(s->segment[X86_SS].selector, KDATA);
    ck_assert_uint_eq(s->segment[X86_SS].limit, 0xffffffff);
    ck_assert_uint_eq(s->eflags, X86_FIXED | X86_CF | X86_AC | (_i == 1 ? X86_IF : 0));
    for (unsigned i = X86_DS; i <= X86_GS; i++)
        ck_assert_uint_eq(s->segment[i].selector, UDATA + 3);
    ck_assert_uint_eq(s->segment[X86_ES].selector, UDATA + 3);
    ck_assert_uint_eq(get32(b, TSS + 4), KERNEL_STACK);
    bench_free(b);
}
END_TEST

START_TEST(inner_level_1)
{
    struct bench *b = bench_protected(3);
    put_gate(b, 0x40, 0xee, CODE1, handler(0x40));
    begin_int(b, 0x40);
    finish(b);
    ck_assert_uint_eq(b->c->s.cpl, 1);
    ck_assert_uint_eq(b->c->s.segment[X86_CS].selector, CODE1 + 1);
    ck_assert_uint_eq(b->c->s.segment[X86_SS].selector, DATA1 + 1);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], RING1_STACK - 20);
    bench_free(b);
}
END_TEST

START_TEST(inner_stack_from_a_16_bit_tss)
{
    struct bench *b = bench_protected(3);
    put_descriptor(b, GDT + TSS16_SEL, TSS16, 43, 0x83, 0);
    load(b, X86_TR, TSS16_SEL);
    put16(b, TSS16 + 2, KERNEL_STACK);
    put16(b, TSS16 + 4, KDATA);
    begin_int(b, 0x40);
    finish(b);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], KERNEL_STACK - 20);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 8), USER_STACK);
    bench_free(b);
}
END_TEST

START_TEST(inner_sets_accessed_bits_once)
{
    struct bench *b = bench_protected(3);
    b->ram.bytes[GDT + KCODE + 5] = 0x9a;
    b->ram.bytes[GDT + KDATA + 5] = 0x92;
    begin_int(b, 0x40);
    finish(b);
    ck_assert_uint_eq(b->ram.bytes[GDT + KCODE + 5], 0x9b);
    ck_assert_uint_eq(b->ram.bytes[GDT + KDATA + 5], 0x93);
    ck_assert(took_step(b, X86_STEP_ENTER_CS_ACCESSED));
    ck_assert(took_step(b, X86_STEP_ENTER_SS_ACCESSED));
    bench_free(b);
}
END_TEST

START_TEST(inner_push_faults_restore_the_stack)
{
    /* The new stack's lower part is not present: push number _i of the five fails. The error code
     * says supervisor, though CPL is 3 until the frame is complete. */
    struct bench *b = bench_protected(3);
    bench_paging(b);
    put32(b, TSS + 4, 0x20000 + 4 * (uint32_t)_i);
    put32(b, pte_of(0x1f000), 0);
    begin_int(b, 0x40);
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, X86_PF_FAULT);
    ck_assert_uint_eq(event->value, 2);
    ck_assert_uint_eq(b->c->s.cr2, 0x1fffc);
    expect_untouched(b);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, handler(14));
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], USER_STACK - 16);
    ck_assert_uint_eq(get32(b, USER_STACK - 16), 2);
    ck_assert_uint_eq(get32(b, USER_STACK - 12), HERE);
    bench_free(b);
}
END_TEST

/* Section 6: "8 reads, 5 writes". */
START_TEST(inner_memory_traffic)
{
    struct bench *b = bench_protected(3);
    begin_int(b, 0x40);
    finish(b);
    static const uint32_t reads[] = {
        IDT + 0x204, IDT + 0x200, GDT + KCODE + 4, GDT + KCODE,
        TSS + 4,     TSS + 8,     GDT + KDATA + 4, GDT + KDATA,
    };
    unsigned read = 0, written = 0;
    for (uint64_t n = 0; n < b->trace.written; n++) {
        const struct trace_event *event = trace_at(&b->trace, n);
        if (event->kind != TRACE_STEP)
            continue;
        if ((event->flags & TRACE_READ) != 0) {
            ck_assert_uint_lt(read, 8);
            ck_assert_uint_eq(event->addr, reads[read]);
            ck_assert_uint_eq(event->phys, reads[read++]);
        }
        if ((event->flags & TRACE_WRITE) != 0) {
            ck_assert_uint_eq(event->addr, KERNEL_STACK - 4 * ++written);
            ck_assert_uint_eq(event->value, get32(b, event->addr));
        }
    }
    ck_assert_uint_eq(read, 8);
    ck_assert_uint_eq(written, 5);
    bench_free(b);
}
END_TEST

/* --- from V86 mode ---------------------------------------------------------------------------- */

START_TEST(row_4_0_int_n_is_iopl_sensitive)
{
    struct bench *b = bench_v86((unsigned)_i);
    b->c->s.idtr.limit = 0; /* the IDT is not even looked at */
    begin_int(b, 0x40);
    expect_first_fault(b, X86_STEP_GATE_IOPL, X86_GP, 0);
    bench_free(b);
}
END_TEST

START_TEST(row_4_0_int3_into_icebp_are_not)
{
    static const enum x86_cause causes[] = {X86_CAUSE_INT3, X86_CAUSE_INTO, X86_CAUSE_ICEBP,
                                            X86_CAUSE_INTR, X86_CAUSE_NMI};
    struct bench *b = bench_v86(0);
    begin_cause(b, causes[_i], 0x40);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, handler(0x40));
    ck_assert_uint_eq(events_of(b, TRACE_FAULTED), 0);
    bench_free(b);
}
END_TEST

START_TEST(row_7_handler_must_be_ring_0_and_not_conforming)
{
    static const uint16_t selector[] = {UCODE + 3, CODE1, CONFORMING, CONFORMING3};
    struct bench *b = bench_v86(3);
    put_gate(b, 0x40, 0xee, selector[_i], handler(0x40));
    begin_int(b, 0x40);
    expect_first_fault(b, X86_STEP_CODE_PRIVILEGE, X86_GP, selector[_i] & ~3u);
    bench_free(b);
}
END_TEST

START_TEST(row_7_gate_must_be_32_bits)
{
    struct bench *b = bench_v86(3);
    put_gate(b, 0x40, _i == 0 ? 0xe6 : 0xe7, KCODE, handler(0x40));
    begin_int(b, 0x40);
    expect_first_fault(b, X86_STEP_CODE_V86, X86_GP, KCODE);
    bench_free(b);
}
END_TEST

START_TEST(row_7_room_is_36_and_40_bytes)
{
    struct bench *b = bench_v86(3);
    bool error = _i >= 2;
    put32(b, TSS + 8, DOWN);
    put32(b, TSS + 4, 0x8000 + (error ? 40u : 36u) - (_i % 2 ? 1 : 0));
    if (error)
        begin_exception(b, X86_GP, true, 0);
    else
        begin_int(b, 0x40);
    if (_i % 2) {
        expect_first_fault(b, X86_STEP_STACK_ROOM, X86_SS_FAULT, DOWN + (error ? 1u : 0u));
    } else {
        finish(b);
        ck_assert_uint_eq(b->c->s.gpr[X86_ESP], 0x8000);
    }
    bench_free(b);
}
END_TEST

START_TEST(v86_frame)
{
    struct bench *b = bench_v86(3);
    b->c->s.eflags |= X86_TF | X86_NT | X86_CF;
    begin_int(b, _i == 0 ? 0x40 : 0x41);
    finish(b);
    struct x86_state *s = &b->c->s;
    uint32_t at = KERNEL_STACK - 36;
    ck_assert_uint_eq(s->gpr[X86_ESP], at);
    const uint32_t frame[] = {NEXT,           0x200 + X86_CS, b->before.eflags,
                              0x1000,         0x200 + X86_SS, 0x200 + X86_ES,
                              0x200 + X86_DS, 0x200 + X86_FS, 0x200 + X86_GS};
    for (unsigned i = 0; i < 9; i++)
        ck_assert_uint_eq(get32(b, at + 4 * i), frame[i]);
    ck_assert_uint_eq(s->eflags, X86_FIXED | X86_CF | X86_IOPL | (_i == 0 ? 0 : X86_IF));
    ck_assert_uint_eq(s->cpl, 0);
    ck_assert_uint_eq(s->segment[X86_CS].selector, KCODE);
    ck_assert_uint_eq(s->segment[X86_SS].selector, KDATA);
    static const uint8_t nulls[] = {X86_ES, X86_DS, X86_FS, X86_GS};
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_uint_eq(s->segment[nulls[i]].selector, 0);
        ck_assert_uint_eq(s->segment[nulls[i]].attributes & X86_ATTR_P, 0);
    }
    bench_free(b);
}
END_TEST

START_TEST(v86_frame_with_error_code)
{
    struct bench *b = bench_v86(0);
    begin_exception(b, X86_GP, true, 0);
    finish(b);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], KERNEL_STACK - 40);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 40), 0);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 36), HERE);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 28), b->before.eflags | X86_RF);
    bench_free(b);
}
END_TEST

START_TEST(v86_push_faults_restore_the_stack)
{
    struct bench *b = bench_v86(3);
    bench_paging(b);
    put32(b, TSS + 4, 0x20000 + 4 * (uint32_t)_i);
    put32(b, pte_of(0x1f000), 0);
    begin_int(b, 0x40);
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, X86_PF_FAULT);
    ck_assert_uint_eq(event->value, 2);
    expect_untouched(b);
    bench_free(b);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_loop_test(t, row_6_1_tss_too_short, 0, 4);
    tcase_add_test(t, row_6_1_tss_16_too_short);
    tcase_add_test(t, row_6_1_ext_for_events);
    tcase_add_test(t, row_6_2_tss_page_not_present);
    tcase_add_loop_test(t, row_6_3_to_6_10_bad_stack, 0, STACK_ROWS);
    tcase_add_loop_test(t, row_6_3_to_6_10_ext_for_events, 0, STACK_ROWS);
    tcase_add_test(t, row_6_5_stack_descriptor_page_not_present);
    tcase_add_loop_test(t, row_6_10_room_is_20_and_24_bytes, 0, 4);
    tcase_add_loop_test(t, row_6_10_room_through_a_16_bit_gate_is_10_bytes, 0, 2);
    tcase_add_test(t, row_6_11_offset_outside_code);
    tcase_add_loop_test(t, inner_frame, 0, 3);
    tcase_add_test(t, inner_level_1);
    tcase_add_test(t, inner_stack_from_a_16_bit_tss);
    tcase_add_test(t, inner_sets_accessed_bits_once);
    tcase_add_loop_test(t, inner_push_faults_restore_the_stack, 0, 5);
    tcase_add_test(t, inner_memory_traffic);
    tcase_add_loop_test(t, row_4_0_int_n_is_iopl_sensitive, 0, 3);
    tcase_add_loop_test(t, row_4_0_int3_into_icebp_are_not, 0, 5);
    tcase_add_loop_test(t, row_7_handler_must_be_ring_0_and_not_conforming, 0, 4);
    tcase_add_loop_test(t, row_7_gate_must_be_32_bits, 0, 2);
    tcase_add_loop_test(t, row_7_room_is_36_and_40_bytes, 0, 4);
    tcase_add_loop_test(t, v86_frame, 0, 2);
    tcase_add_test(t, v86_frame_with_error_code);
    tcase_add_loop_test(t, v86_push_faults_restore_the_stack, 0, 9);
}

int main(void)
{
    return bench_main("x86_trap_inner", add);
}
