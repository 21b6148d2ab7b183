/* Unit tests of x86 IRET in every mode: every row of the fault tables, from SDM vol. 2 IRET and the
 * 80386 PRM, and which flags it may change. */
#include "tests/unit/x86_bench.h"

#define FRAME (KERNEL_STACK - 0x100)

/* A frame of `slots` dwords at the present stack pointer. */
static void put_frame(struct bench *b, unsigned slots, const uint32_t *words)
{
    b->c->s.gpr[X86_ESP] = FRAME - b->c->s.segment[X86_SS].base;
    for (unsigned i = 0; i < slots; i++)
        put32(b, FRAME + 4 * i, words[i]);
}

static void put_frame16(struct bench *b, unsigned slots, const uint16_t *words)
{
    b->c->s.gpr[X86_ESP] = FRAME - b->c->s.segment[X86_SS].base;
    for (unsigned i = 0; i < slots; i++)
        put16(b, FRAME + 2 * i, words[i]);
}

/* --- 9.1 real mode ---------------------------------------------------------------------------- */

START_TEST(real_16_bits)
{
    struct bench *b = bench_real();
    b->c->s.eflags = X86_FIXED | X86_RF;
    const uint16_t frame[] = {0x1234, 0x0400, 0x7fd7};
    put_frame16(b, 3, frame);
    begin_iret(b, 2);
    finish(b);
    struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->eip, 0x1234);
    ck_assert_uint_eq(s->segment[X86_CS].selector, 0x0400);
    ck_assert_uint_eq(s->segment[X86_CS].base, 0x4000);
    ck_assert_uint_eq(s->eflags, 0x7fd7 | X86_RF);
    ck_assert_uint_eq(s->gpr[X86_ESP], b->before.gpr[X86_ESP] + 6);
    ck_assert_uint_eq(s->count, b->before.count + 1);
    bench_free(b);
}
END_TEST

START_TEST(real_32_bits_loads_rf_but_not_vm)
{
    struct bench *b = bench_real();
    const uint32_t frame[] = {0x1234, 0x0400, X86_VM | X86_RF | X86_AC | X86_ID | X86_CF};
    put_frame(b, 3, frame);
    begin_iret(b, 4);
    finish(b);
    ck_assert_uint_eq(b->c->s.eflags, X86_FIXED | X86_RF | X86_AC | X86_ID | X86_CF);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], b->before.gpr[X86_ESP] + 12);
    bench_free(b);
}
END_TEST

START_TEST(real_pop_beyond_the_segment)
{
    /* SP fffbh: the third word would begin at ffffh. */
    struct bench *b = bench_real();
    b->c->s.gpr[X86_ESP] = 0xfffb;
    begin_iret(b, 2);
    expect_first_fault(b, X86_STEP_REAL_RET_ROOM, X86_SS_FAULT, 0);
    bench_free(b);
}
END_TEST

START_TEST(real_eip_beyond_the_segment)
{
    struct bench *b = bench_real();
    const uint32_t frame[] = {0x10000, 0x0400, 2};
    put_frame(b, 3, frame);
    begin_iret(b, 4);
    expect_first_fault(b, X86_STEP_REAL_RET_LIMIT, X86_GP, 0);
    bench_free(b);
}
END_TEST

/* --- 9.2 V86 mode ----------------------------------------------------------------------------- */

START_TEST(v86_needs_iopl_3)
{
    struct bench *b = bench_v86((unsigned)_i);
    begin_iret(b, 2);
    expect_first_fault(b, X86_STEP_REAL_RET_IOPL, X86_GP, 0);
    bench_free(b);
}
END_TEST

START_TEST(v86_keeps_iopl_and_vm)
{
    struct bench *b = bench_v86(3);
    b->c->s.segment[X86_SS] = (struct x86_segment){0x700, 0xf3, 0x7000, 0xffff};
    const uint32_t frame[] = {0x55, 0x0400, X86_CF | X86_TF};
    put_frame(b, 3, frame);
    begin_iret(b, 4);
    finish(b);
    struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->eflags, X86_FIXED | X86_VM | X86_IOPL | X86_CF | X86_TF);
    ck_assert_uint_eq(s->cpl, 3);
    ck_assert_uint_eq(s->segment[X86_CS].base, 0x4000);
    ck_assert_uint_eq(s->segment[X86_CS].attributes, 0xf3);
    ck_assert_uint_eq(s->eip, 0x55);
    ck_assert_uint_eq(s->attention & X86_ATTEND_DEBUG, X86_ATTEND_DEBUG);
    bench_free(b);
}
END_TEST

/* --- 9.3, 9.4 protected mode: return CS ------------------------------------------------------- */

START_TEST(row_9_3_frame_outside_the_stack)
{
    struct bench *b = bench_protected(0);
    put_descriptor(b, GDT + SPARE, 0, KERNEL_STACK - 1, 0x93, 4);
    load(b, X86_SS, SPARE);
    b->c->s.gpr[X86_ESP] = KERNEL_STACK - (_i == 0 ? 11 : 5);
    begin_iret(b, _i == 0 ? 4 : 2);
    expect_first_fault(b, X86_STEP_RET_ROOM, X86_SS_FAULT, 0);
    bench_free(b);
}
END_TEST

START_TEST(row_9_3_pop_page_fault)
{
    struct bench *b = bench_protected(3);
    bench_paging(b);
    b->c->s.gpr[X86_ESP] = 0x20000 - 4 * (uint32_t)_i;
    put32(b, pte_of(0x20000), 0);
    put_gate(b, 14, 0x8e, KCODE, handler(14));
    begin_iret(b, 4);
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, X86_PF_FAULT);
    ck_assert_uint_eq(event->value, 4); /* a user's read */
    ck_assert_uint_eq(b->c->s.cr2, 0x20000);
    expect_untouched(b);
    bench_free(b);
}
END_TEST

static const struct code_row {
    unsigned cpl;
    uint16_t cs;
    enum x86_step step;
    uint8_t vector;
    uint16_t error;
} code_rows[] = {
    {0, 0x0000, X86_STEP_RET_NULL, X86_GP, 0},
    {0, 0x0003, X86_STEP_RET_NULL, X86_GP, 0},
    {0, GDT_LIMIT + 1, X86_STEP_RET_TABLE, X86_GP, GDT_LIMIT + 1},
    {0, 0x0047, X86_STEP_RET_TABLE, X86_GP, 0x44},
    {0, KDATA, X86_STEP_RET_TYPE, X86_GP, KDATA},
    {0, LDT_SEL, X86_STEP_RET_TYPE, X86_GP, LDT_SEL},
    {3, KCODE, X86_STEP_RET_RPL, X86_GP, KCODE},
    {3, UCODE + 2, X86_STEP_RET_RPL, X86_GP, UCODE},
    {0, UCODE, X86_STEP_RET_DPL, X86_GP, UCODE},                 /* not conforming: DPL 3, RPL 0 */
    {0, KCODE + 3, X86_STEP_RET_DPL, X86_GP, KCODE},             /* DPL 0, RPL 3 */
    {0, CONFORMING3 + 2, X86_STEP_RET_DPL, X86_GP, CONFORMING3}, /* conforming: DPL 3 > RPL 2 */
    {0, ABSENT_CODE, X86_STEP_RET_PRESENT, X86_NP, ABSENT_CODE},
    {0, ABSENT_UCODE + 3, X86_STEP_RET_PRESENT, X86_NP, ABSENT_UCODE},
};

#define CODE_ROWS ((int)(sizeof code_rows / sizeof code_rows[0]))

START_TEST(row_9_4_bad_return_cs)
{
    const struct code_row *row = &code_rows[_i];
    struct bench *b = bench_protected(row->cpl);
    const uint32_t frame[] = {HERE, row->cs, 2, USER_STACK, UDATA + 3};
    put_frame(b, 5, frame);
    begin_iret(b, 4);
    expect_fault(b, row->step, row->vector, row->error);
    bench_free(b);
}
END_TEST

START_TEST(row_9_4_privilege_comes_before_present)
{
    struct bench *b = bench_protected(0);
    const uint32_t frame[] = {HERE, ABSENT_UCODE, 2};
    put_frame(b, 3, frame);
    begin_iret(b, 4);
    expect_fault(b, X86_STEP_RET_DPL, X86_GP, ABSENT_UCODE);
    bench_free(b);
}
END_TEST

START_TEST(row_9_4a_eip_outside_code)
{
    struct bench *b = bench_protected(0);
    const uint32_t frame[] = {0x6000, SHORT_CODE, 2};
    put_frame(b, 3, frame);
    begin_iret(b, 4);
    expect_fault(b, X86_STEP_SAME_RET_LIMIT, X86_GP, 0);
    bench_free(b);
}
END_TEST

START_TEST(same_level)
{
    struct bench *b = bench_protected(0);
    b->ram.bytes[GDT + CODE16 + 5] = 0x9a;
    const uint32_t frame[] = {0x4321, 0xffff0000u | CODE16, X86_ZF | X86_IF};
    put_frame(b, 3, frame);
    begin_iret(b, 4);
    finish(b);
    struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->eip, 0x4321);
    ck_assert_uint_eq(s->segment[X86_CS].selector, CODE16);
    ck_assert_uint_eq(s->segment[X86_CS].limit, 0xffff);
    ck_assert_uint_eq(s->gpr[X86_ESP], FRAME + 12);
    ck_assert_uint_eq(s->eflags, X86_FIXED | X86_ZF | X86_IF);
    ck_assert_uint_eq(b->ram.bytes[GDT + CODE16 + 5], 0x9b);
    ck_assert_uint_eq(s->segment[X86_SS].selector, KDATA);
    bench_free(b);
}
END_TEST

START_TEST(same_level_16_bits)
{
    struct bench *b = bench_protected(0);
    b->c->s.eflags |= X86_AC;
    const uint16_t frame[] = {0x4321, KCODE, X86_ZF};
    put_frame16(b, 3, frame);
    begin_iret(b, 2);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, 0x4321);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], FRAME + 6);
    ck_assert_uint_eq(b->c->s.eflags, X86_FIXED | X86_ZF | X86_AC);
    bench_free(b);
}
END_TEST

START_TEST(vm_in_the_image_is_ignored_outside_ring_0)
{
    struct bench *b = bench_protected(3);
    const uint32_t frame[] = {0x4321, UCODE + 3, X86_VM | X86_ZF};
    put_frame(b, 3, frame);
    begin_iret(b, 4);
    finish(b);
    ck_assert_uint_eq(b->c->s.eflags & X86_VM, 0);
    ck_assert_uint_eq(b->c->s.eip, 0x4321);
    bench_free(b);
}
END_TEST

/* --- 9.5 outer level -------------------------------------------------------------------------- */

START_TEST(row_9_5_five_slots)
{
    struct bench *b = bench_protected(0);
    put_descriptor(b, GDT + SPARE, 0, KERNEL_STACK - 1, 0x93, 4);
    load(b, X86_SS, SPARE);
    b->c->s.gpr[X86_ESP] = KERNEL_STACK - 19;
    put32(b, KERNEL_STACK - 15, UCODE + 3);
    begin_iret(b, 4);
    expect_first_fault(b, X86_STEP_OUTER_ROOM, X86_SS_FAULT, 0);
    bench_free(b);
}
END_TEST

static const struct {
    uint16_t ss;
    enum x86_step step;
    uint8_t vector;
    uint16_t error;
} outer_rows[] = {
    {0x0000, X86_STEP_OUTER_NULL, X86_GP, 0},
    {0x0003, X86_STEP_OUTER_NULL, X86_GP, 0},
    {GDT_LIMIT + 1 + 3, X86_STEP_OUTER_TABLE, X86_GP, GDT_LIMIT + 1},
    {UDATA, X86_STEP_OUTER_RPL, X86_GP, UDATA},
    {UDATA + 2, X86_STEP_OUTER_RPL, X86_GP, UDATA},
    {UCODE + 3, X86_STEP_OUTER_TYPE, X86_GP, UCODE},
    {READ_ONLY + 3, X86_STEP_OUTER_TYPE, X86_GP, READ_ONLY},
    {LDT_SEL + 3, X86_STEP_OUTER_TYPE, X86_GP, LDT_SEL},
    {KDATA + 3, X86_STEP_OUTER_DPL, X86_GP, KDATA},
    {DATA1 + 3, X86_STEP_OUTER_DPL, X86_GP, DATA1},
    {ABSENT_UDATA + 3, X86_STEP_OUTER_PRESENT, X86_SS_FAULT, ABSENT_UDATA},
};

START_TEST(row_9_5_bad_ss)
{
    struct bench *b = bench_protected(0);
    const uint32_t frame[] = {HERE, UCODE + 3, 2, USER_STACK, outer_rows[_i].ss};
    put_frame(b, 5, frame);
    begin_iret(b, 4);
    expect_fault(b, outer_rows[_i].step, outer_rows[_i].vector, outer_rows[_i].error);
    bench_free(b);
}
END_TEST

START_TEST(row_9_5_eip_outside_code)
{
    struct bench *b = bench_protected(0);
    const uint32_t frame[] = {0x6000, SHORT_UCODE + 3, 2, USER_STACK, UDATA + 3};
    put_frame(b, 5, frame);
    begin_iret(b, 4);
    expect_fault(b, X86_STEP_OUTER_LIMIT, X86_GP, 0);
    bench_free(b);
}
END_TEST

START_TEST(outer_level)
{
    struct bench *b = bench_protected(0);
    b->ram.bytes[GDT + UCODE + 5] = 0xfa;
    b->ram.bytes[GDT + UDATA + 5] = 0xf2;
    const uint32_t frame[] = {0x4321, UCODE + 3, X86_IF | X86_CF, 0x9ff0, UDATA + 3};
    put_frame(b, 5, frame);
    begin_iret(b, 4);
    finish(b);
    struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->cpl, 3);
    ck_assert_uint_eq(s->eip, 0x4321);
    ck_assert_uint_eq(s->segment[X86_CS].selector, UCODE + 3);
    ck_assert_uint_eq(s->segment[X86_SS].selector, UDATA + 3);
    ck_assert_uint_eq(s->gpr[X86_ESP], 0x9ff0);
    ck_assert_uint_eq(s->eflags, X86_FIXED | X86_IF | X86_CF);
    ck_assert_uint_eq(b->ram.bytes[GDT + UCODE + 5], 0xfb);
    ck_assert_uint_eq(b->ram.bytes[GDT + UDATA + 5], 0xf3);
    /* KDATA in DS, ES, FS, GS is of ring 0: gone. */
    static const uint8_t nulls[] = {X86_ES, X86_DS, X86_FS, X86_GS};
    for (unsigned i = 0; i < 4; i++)
        ck_assert_uint_eq(s->segment[nulls[i]].selector | s->segment[nulls[i]].attributes, 0);
    bench_free(b);
}
END_TEST

START_TEST(outer_level_keeps_what_it_may_use)
{
    struct bench *b = bench_protected(0);
    load(b, X86_DS, UDATA + 3);
    load(b, X86_ES, CONFORMING); /* conforming code of ring 0 may stay */
    load(b, X86_FS, KCODE);      /* other code of ring 0 may not */
    b->c->s.segment[X86_GS] = (struct x86_segment){.selector = 3};
    const uint32_t frame[] = {0x4321, UCODE + 3, 2, 0x9ff0, UDATA + 3};
    put_frame(b, 5, frame);
    begin_iret(b, 4);
    finish(b);
    struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->segment[X86_DS].selector, UDATA + 3);
    ck_assert_uint_eq(s->segment[X86_ES].selector, CONFORMING);
    ck_assert_uint_eq(s->segment[X86_FS].selector, 0);
    ck_assert_uint_eq(s->segment[X86_GS].selector, 0);
    bench_free(b);
}
END_TEST

START_TEST(outer_level_16_bit_stack_leaves_upper_half_of_esp)
{
    struct bench *b = bench_protected(0);
    put_descriptor(b, GDT + SPARE, 0, 0xffff, 0xf3, 0);
    b->c->s.segment[X86_SS].base = 0xfff00000; /* so that ESP has an upper half to leak */
    const uint32_t frame[] = {0x4321, UCODE + 3, 2, 0xabcd9ff0, SPARE + 3};
    put_frame(b, 5, frame);
    begin_iret(b, 4);
    finish(b);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], (b->before.gpr[X86_ESP] & 0xffff0000u) | 0x9ff0);
    bench_free(b);
}
END_TEST

/* --- 9.6 to V86 mode -------------------------------------------------------------------------- */

static const uint32_t v86_frame[] = {
    0x1234,      0x0501, X86_VM | X86_IOPL | X86_IF | X86_NT | X86_RF | X86_CF,
    0xdead8000u, 0x0502, 0x0503,
    0x0504,      0x0505, 0x0506};

START_TEST(row_9_6_nine_slots)
{
    struct bench *b = bench_protected(0);
    put_descriptor(b, GDT + SPARE, 0, KERNEL_STACK - 1, 0x93, 4);
    load(b, X86_SS, SPARE);
    b->c->s.gpr[X86_ESP] = KERNEL_STACK - 35;
    put32(b, KERNEL_STACK - 35 + 8, X86_VM);
    begin_iret(b, 4);
    expect_first_fault(b, X86_STEP_V86_ROOM, X86_SS_FAULT, 0);
    bench_free(b);
}
END_TEST

START_TEST(row_9_6_eip_is_16_bits)
{
    struct bench *b = bench_protected(0);
    put_frame(b, 9, v86_frame);
    put32(b, FRAME, 0x10000);
    begin_iret(b, 4);
    expect_fault(b, X86_STEP_V86_LIMIT, X86_GP, 0);
    bench_free(b);
}
END_TEST

START_TEST(to_v86_mode)
{
    struct bench *b = bench_protected(0);
    put_frame(b, 9, v86_frame);
    begin_iret(b, 4);
    finish(b);
    struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->eflags, v86_frame[2] | X86_FIXED);
    ck_assert_uint_eq(s->cpl, 3);
    ck_assert_uint_eq(s->eip, 0x1234);
    ck_assert_uint_eq(s->gpr[X86_ESP], 0xdead8000u);
    static const uint8_t order[] = {X86_CS, X86_SS, X86_ES, X86_DS, X86_FS, X86_GS};
    for (unsigned i = 0; i < 6; i++) {
        const struct x86_segment *segment = &s->segment[order[i]];
        ck_assert_uint_eq(segment->selector, 0x501 + i);
        ck_assert_uint_eq(segment->base, 0x5010 + 16 * i);
        ck_assert_uint_eq(segment->limit, 0xffff);
        ck_assert_uint_eq(segment->attributes & (X86_ATTR_P | X86_ATTR_DPL | X86_ATTR_S), 0xf0);
    }
    bench_free(b);
}
END_TEST

START_TEST(a_16_bit_iret_never_goes_to_v86_mode)
{
    struct bench *b = bench_protected(0);
    const uint16_t frame[] = {0x4321, KCODE, 2, 2};
    put_frame16(b, 4, frame);
    begin_iret(b, 2);
    finish(b);
    ck_assert_uint_eq(b->c->s.eflags & X86_VM, 0);
    ck_assert_uint_eq(b->c->s.cpl, 0);
    bench_free(b);
}
END_TEST

/* --- 9.8 which flags -------------------------------------------------------------------------- */

#define ALWAYS (X86_ARITHMETIC | X86_TF | X86_DF | X86_NT)

static const struct {
    unsigned cpl, iopl, size;
    uint32_t changes; /* of everything but VM */
} flag_rows[] = {
    {0, 0, 4, ALWAYS | X86_RF | X86_AC | X86_ID | X86_IF | X86_IOPL | X86_VIF | X86_VIP},
    {0, 3, 4, ALWAYS | X86_RF | X86_AC | X86_ID | X86_IF | X86_IOPL | X86_VIF | X86_VIP},
    {3, 3, 4, ALWAYS | X86_RF | X86_AC | X86_ID | X86_IF},
    {3, 2, 4, ALWAYS | X86_RF | X86_AC | X86_ID},
    {3, 0, 4, ALWAYS | X86_RF | X86_AC | X86_ID},
    {0, 0, 2, ALWAYS | X86_IF | X86_IOPL},
    {3, 3, 2, ALWAYS | X86_IF},
    {3, 0, 2, ALWAYS},
};

/* Every flag flips, or not, by the CPL and IOPL before the return. */
START_TEST(flags_by_cpl_and_iopl)
{
    struct bench *b = bench_protected(flag_rows[_i].cpl);
    uint32_t all = X86_ARITHMETIC | X86_TF | X86_IF | X86_DF | X86_IOPL | X86_RF | X86_AC |
                   X86_VIF | X86_VIP | X86_ID;
    uint32_t before = X86_FIXED | flag_rows[_i].iopl << 12;
    b->c->s.eflags = before;
    uint32_t code = flag_rows[_i].cpl == 0 ? KCODE : UCODE + 3;
    uint32_t image = (all | X86_NT) & ~(before & X86_IOPL);
    if (flag_rows[_i].size == 4) {
        const uint32_t frame[] = {0x4321, code, image};
        put_frame(b, 3, frame);
    } else {
        const uint16_t frame[] = {0x4321, (uint16_t)code, (uint16_t)image};
        put_frame16(b, 3, frame);
    }
    begin_iret(b, flag_rows[_i].size);
    finish(b);
    uint32_t changes = flag_rows[_i].changes;
    uint32_t expected = (before & ~changes) | (image & changes) | X86_FIXED;
    ck_assert_uint_eq(b->c->s.eflags, expected);
    bench_free(b);
}
END_TEST

START_TEST(flags_use_the_cpl_before_an_outer_return)
{
    struct bench *b = bench_protected(0);
    b->c->s.eflags = X86_FIXED;
    const uint32_t frame[] = {0x4321, UCODE + 3, X86_IF | X86_IOPL, 0x9ff0, UDATA + 3};
    put_frame(b, 5, frame);
    begin_iret(b, 4);
    finish(b);
    ck_assert_uint_eq(b->c->s.eflags, X86_FIXED | X86_IF | X86_IOPL);
    bench_free(b);
}
END_TEST

START_TEST(iret_unmasks_nmi)
{
    struct bench *b = bench_protected(0);
    b->c->s.nmi_masked = 1;
    const uint32_t frame[] = {0x4321, KCODE, 2};
    put_frame(b, 3, frame);
    begin_iret(b, 4);
    finish(b);
    ck_assert_uint_eq(b->c->s.nmi_masked, 0);
    bench_free(b);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, real_16_bits);
    tcase_add_test(t, real_32_bits_loads_rf_but_not_vm);
    tcase_add_test(t, real_pop_beyond_the_segment);
    tcase_add_test(t, real_eip_beyond_the_segment);
    tcase_add_loop_test(t, v86_needs_iopl_3, 0, 3);
    tcase_add_test(t, v86_keeps_iopl_and_vm);
    tcase_add_loop_test(t, row_9_3_frame_outside_the_stack, 0, 2);
    tcase_add_loop_test(t, row_9_3_pop_page_fault, 0, 3);
    tcase_add_loop_test(t, row_9_4_bad_return_cs, 0, CODE_ROWS);
    tcase_add_test(t, row_9_4_privilege_comes_before_present);
    tcase_add_test(t, row_9_4a_eip_outside_code);
    tcase_add_test(t, same_level);
    tcase_add_test(t, same_level_16_bits);
    tcase_add_test(t, vm_in_the_image_is_ignored_outside_ring_0);
    tcase_add_test(t, row_9_5_five_slots);
    tcase_add_loop_test(t, row_9_5_bad_ss, 0, 11);
    tcase_add_test(t, row_9_5_eip_outside_code);
    tcase_add_test(t, outer_level);
    tcase_add_test(t, outer_level_keeps_what_it_may_use);
    tcase_add_test(t, outer_level_16_bit_stack_leaves_upper_half_of_esp);
    tcase_add_test(t, row_9_6_nine_slots);
    tcase_add_test(t, row_9_6_eip_is_16_bits);
    tcase_add_test(t, to_v86_mode);
    tcase_add_test(t, a_16_bit_iret_never_goes_to_v86_mode);
    tcase_add_loop_test(t, flags_by_cpl_and_iopl, 0, 8);
    tcase_add_test(t, flags_use_the_cpl_before_an_outer_return);
    tcase_add_test(t, iret_unmasks_nmi);
}

int main(void)
{
    return bench_main("x86_trap_iret", add);
}
