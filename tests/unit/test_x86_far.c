/* Unit tests of x86 far JMP, CALL and RET: every refusal, call gates with parameters, levels,
 * clocks. Sources: SDM vol. 2 CALL, JMP, RET, vol. 3 5.8, the i486 PRM's clock counts. */
#include "tests/unit/x86_bench.h"

/* --- far JMP and CALL ------------------------------------------------------------------------- */

static bool far(struct bench *b, bool call, uint16_t selector, uint32_t offset)
{
    return call ? x86_far_call(b->c, selector, offset, 4, NEXT)
                : x86_far_jump(b->c, selector, offset, 4, NEXT);
}

static const struct {
    unsigned cpl;
    uint16_t selector;
    uint32_t offset;
    int vector;
    uint16_t error;
} far_rows[] = {
    {0, 0, 0, X86_GP, 0},
    {0, 3, 0, X86_GP, 0},
    {0, GDT_LIMIT + 1, 0, X86_GP, GDT_LIMIT + 1},
    {0, KDATA, 0, X86_GP, KDATA},
    {0, LDT_SEL, 0, X86_GP, LDT_SEL},
    {3, KCODE, 0, X86_GP, KCODE}, /* not conforming: DPL = CPL */
    {0, UCODE, 0, X86_GP, UCODE},
    {0, KCODE + 1, 0, X86_GP, KCODE},         /* RPL <= CPL */
    {0, CONFORMING3, 0, X86_GP, CONFORMING3}, /* conforming: DPL <= CPL */
    {0, ABSENT_CODE, 0, X86_NP, ABSENT_CODE},
    {3, ABSENT_CODE, 0, X86_GP, ABSENT_CODE}, /* privilege comes before presence */
    {0, SHORT_CODE, 0x6000, X86_GP, 0},
};

#define FAR_ROWS ((int)(sizeof far_rows / sizeof far_rows[0]))

START_TEST(far_refused)
{
    for (unsigned call = 0; call < 2; call++) {
        struct bench *b = bench_protected(far_rows[_i].cpl);
        bench_mark(b);
        expect_refused(b, far(b, call, far_rows[_i].selector, far_rows[_i].offset),
                       (uint8_t)far_rows[_i].vector, far_rows[_i].error);
        bench_free(b);
    }
}
END_TEST

START_TEST(far_direct)
{
    /* 0: JMP, 1: CALL, 2: JMP to conforming code of ring 0 from ring 3 */
    struct bench *b = bench_protected(_i == 2 ? 3 : 0);
    uint16_t selector = _i == 2 ? CONFORMING : KCODE;
    ticks begun = b->clock.s.now;
    bench_mark(b);
    ck_assert(far(b, _i == 1, selector, 0x6000));
    const struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->eip, 0x6000);
    ck_assert_uint_eq(s->segment[X86_CS].selector, selector + (_i == 2 ? 3 : 0));
    ck_assert_uint_eq(s->cpl, b->before.cpl);
    static const unsigned clocks[] = {19, 20, 19};
    ck_assert_uint_eq(b->clock.s.now - begun, clocks[_i]);
    if (_i == 1) {
        ck_assert_uint_eq(s->gpr[X86_ESP], KERNEL_STACK - 8);
        ck_assert_uint_eq(get32(b, KERNEL_STACK - 4), KCODE);
        ck_assert_uint_eq(get32(b, KERNEL_STACK - 8), NEXT);
    } else {
        ck_assert_uint_eq(s->gpr[X86_ESP], b->before.gpr[X86_ESP]);
    }
    bench_free(b);
}
END_TEST

START_TEST(far_call_needs_room)
{
    struct bench *b = bench_protected(0);
    load(b, X86_SS, SHORT_STACK);
    bench_mark(b);
    expect_refused(b, far(b, true, KCODE, 0x6000), X86_SS_FAULT, 0);
    bench_free(b);
}
END_TEST

START_TEST(far_call_page_fault_changes_nothing)
{
    struct bench *b = bench_protected(0);
    bench_paging(b);
    b->c->s.gpr[X86_ESP] = 0x20004; /* the second push is on a missing page */
    put32(b, pte_of(0x1f000), 0);
    bench_mark(b);
    ck_assert(!far(b, true, KCODE, 0x6000));
    ck_assert_uint_eq(b->c->fault.vector, X86_PF_FAULT);
    ck_assert_uint_eq(b->c->s.cr2, 0x1fffc);
    expect_untouched(b);
    ck_assert_uint_eq(get32(b, 0x20000), 0);
    bench_free(b);
}
END_TEST

START_TEST(far_in_real_mode)
{
    struct bench *b = bench_real();
    ck_assert(x86_far_call(b->c, 0x1234, 0x56, 2, 0x9abc));
    ck_assert_uint_eq(b->c->s.segment[X86_CS].base, 0x12340);
    ck_assert_uint_eq(b->c->s.eip, 0x56);
    ck_assert_uint_eq(get16(b, 0x2ffe), 0x0200);
    ck_assert_uint_eq(get16(b, 0x2ffc), 0x9abc);
    ck_assert(x86_far_return(b->c, 2, 4));
    ck_assert_uint_eq(b->c->s.segment[X86_CS].base, 0x2000);
    ck_assert_uint_eq(b->c->s.eip, 0x9abc);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], 0x1004);
    ck_assert_uint_eq(b->clock.s.now, 18 + 14);
    bench_mark(b);
    expect_refused(b, x86_far_jump(b->c, 0x1234, 0x10000, 4, 0), X86_GP, 0);
    bench_free(b);
}
END_TEST

/* --- call gates ------------------------------------------------------------------------------- */

static const struct {
    unsigned cpl;
    uint8_t access;
    uint16_t rpl, code;
    int vector;
    uint16_t error;
} gate_rows[] = {
    {3, 0x8c, 3, KCODE, X86_GP, CALL_GATE}, /* gate.DPL 0 < CPL */
    {0, 0x8c, 3, KCODE, X86_GP, CALL_GATE}, /* gate.DPL 0 < RPL */
    {3, 0x6c, 3, KCODE, X86_NP, CALL_GATE}, /* not present */
    {3, 0xec, 3, 0, X86_GP, 0},             /* null code selector */
    {3, 0xec, 3, GDT_LIMIT + 1, X86_GP, GDT_LIMIT + 1},
    {3, 0xec, 3, KDATA, X86_GP, KDATA},
    {0, 0xec, 0, UCODE, X86_GP, UCODE}, /* code.DPL above CPL */
    {0, 0xec, 0, ABSENT_CODE, X86_NP, ABSENT_CODE},
};

START_TEST(call_gate_refused)
{
    for (unsigned call = 0; call < 2; call++) {
        struct bench *b = bench_protected(gate_rows[_i].cpl);
        put_gate_at(b, GDT + CALL_GATE, gate_rows[_i].access, gate_rows[_i].code, 0x6000, 0);
        bench_mark(b);
        expect_refused(b, far(b, call, CALL_GATE + gate_rows[_i].rpl, 0),
                       (uint8_t)gate_rows[_i].vector, gate_rows[_i].error);
        bench_free(b);
    }
}
END_TEST

START_TEST(jump_through_a_gate_never_changes_the_level)
{
    struct bench *b = bench_protected(3);
    put_gate_at(b, GDT + CALL_GATE, 0xec, KCODE, 0x6000, 0);
    bench_mark(b);
    expect_refused(b, far(b, false, CALL_GATE + 3, 0), X86_GP, KCODE);
    bench_free(b);
}
END_TEST

START_TEST(call_gate_same_level)
{
    struct bench *b = bench_protected(0);
    put_gate_at(b, GDT + CALL_GATE, 0x8c, KCODE, 0x6000, 3);
    ticks begun = b->clock.s.now;
    ck_assert(far(b, _i == 1, CALL_GATE, 0xdead));
    ck_assert_uint_eq(b->c->s.eip, 0x6000);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], KERNEL_STACK - (_i == 1 ? 8 : 0));
    ck_assert_uint_eq(b->clock.s.now - begun, _i == 1 ? 35 : 32);
    bench_free(b);
}
END_TEST

START_TEST(call_gate_to_an_inner_level)
{
    /* Parameters 0 and 3, 32 and 16 bits. */
    unsigned parameters = _i % 2 ? 3 : 0, size = _i < 2 ? 4 : 2;
    struct bench *b = bench_protected(3);
    put_gate_at(b, GDT + CALL_GATE, size == 4 ? 0xec : 0xe4, KCODE, 0x6000, (uint8_t)parameters);
    for (unsigned i = 0; i < 3; i++) {
        if (size == 4)
            put32(b, USER_STACK - 12 + 4 * i, 0x70 + i);
        else
            put16(b, USER_STACK - 12 + 2 * i, 0x70 + i);
    }
    b->c->s.gpr[X86_ESP] = USER_STACK - 12;
    ticks begun = b->clock.s.now;
    bench_mark(b);
    ck_assert(far(b, true, CALL_GATE + 3, 0));
    const struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->cpl, 0);
    ck_assert_uint_eq(s->eip, 0x6000);
    ck_assert_uint_eq(s->segment[X86_CS].selector, KCODE);
    ck_assert_uint_eq(s->segment[X86_SS].selector, KDATA);
    ck_assert_uint_eq(s->gpr[X86_ESP], KERNEL_STACK - (4 + parameters) * size);
    uint32_t frame[7] = {NEXT, UCODE + 3};
    for (unsigned i = 0; i < parameters; i++)
        frame[2 + i] = 0x70 + i;
    frame[2 + parameters] = USER_STACK - 12;
    frame[3 + parameters] = UDATA + 3;
    for (unsigned i = 0; i < 4 + parameters; i++) {
        uint32_t at = s->gpr[X86_ESP] + i * size;
        ck_assert_uint_eq(size == 4 ? get32(b, at) : get16(b, at), frame[i]);
    }
    ck_assert_uint_eq(b->clock.s.now - begun, parameters == 0 ? 69 : 77 + 4 * parameters);
    /* ... and back: RETF releases the parameters on both stacks. */
    bench_mark(b);
    ck_assert(x86_far_return(b->c, size, (uint16_t)(parameters * size)));
    ck_assert_uint_eq(s->cpl, 3);
    ck_assert_uint_eq(s->eip, NEXT);
    ck_assert_uint_eq(s->segment[X86_SS].selector, UDATA + 3);
    ck_assert_uint_eq(s->gpr[X86_ESP], USER_STACK - 12 + parameters * size);
    bench_free(b);
}
END_TEST

static const struct {
    uint16_t ss;
    uint8_t vector;
    uint16_t error;
} inner_rows[] = {
    {0, X86_TS, 0},
    {GDT_LIMIT + 1, X86_TS, GDT_LIMIT + 1},
    {KDATA + 1, X86_TS, KDATA},
    {UDATA, X86_TS, UDATA},
    {READ_ONLY, X86_TS, READ_ONLY},
    {KCODE, X86_TS, KCODE},
    {ABSENT_DATA, X86_SS_FAULT, ABSENT_DATA},
    {SHORT_STACK, X86_SS_FAULT, SHORT_STACK},
};

START_TEST(call_gate_bad_inner_stack)
{
    struct bench *b = bench_protected(3);
    put_gate_at(b, GDT + CALL_GATE, 0xec, KCODE, 0x6000, 0);
    put16(b, TSS + 8, inner_rows[_i].ss);
    bench_mark(b);
    expect_refused(b, far(b, true, CALL_GATE + 3, 0), inner_rows[_i].vector, inner_rows[_i].error);
    bench_free(b);
}
END_TEST

START_TEST(call_gate_short_tss)
{
    struct bench *b = bench_protected(3);
    put_gate_at(b, GDT + CALL_GATE, 0xec, KCODE, 0x6000, 0);
    b->c->s.segment[X86_TR].limit = 10;
    bench_mark(b);
    expect_refused(b, far(b, true, CALL_GATE + 3, 0), X86_TS, TSS_SEL);
    bench_free(b);
}
END_TEST

START_TEST(call_gate_room_counts_parameters)
{
    struct bench *b = bench_protected(3);
    put_gate_at(b, GDT + CALL_GATE, 0xec, KCODE, 0x6000, 2);
    put16(b, TSS + 8, DOWN);
    put32(b, TSS + 4, 0x8000 + 24 - (uint32_t)_i);
    bench_mark(b);
    bool good = far(b, true, CALL_GATE + 3, 0);
    if (_i == 0)
        ck_assert(good && b->c->s.gpr[X86_ESP] == 0x8000);
    else
        expect_refused(b, good, X86_SS_FAULT, DOWN);
    bench_free(b);
}
END_TEST

/* --- RETF ------------------------------------------------------------------------------------- */

static const struct {
    unsigned cpl;
    uint16_t cs, ss;
    uint32_t eip;
    uint8_t vector;
    uint16_t error;
} return_rows[] = {
    {0, 0, 0, 0, X86_GP, 0},
    {0, GDT_LIMIT + 1, 0, 0, X86_GP, GDT_LIMIT + 1},
    {0, KDATA, 0, 0, X86_GP, KDATA},
    {3, KCODE, 0, 0, X86_GP, KCODE},
    {0, UCODE, 0, 0, X86_GP, UCODE},
    {0, KCODE + 3, 0, 0, X86_GP, KCODE},
    {0, CONFORMING3 + 2, 0, 0, X86_GP, CONFORMING3},
    {0, ABSENT_CODE, 0, 0, X86_NP, ABSENT_CODE},
    {0, SHORT_CODE, 0, 0x6000, X86_GP, 0},
    {0, UCODE + 3, 0, 0, X86_GP, 0},
    {0, UCODE + 3, GDT_LIMIT + 4, 0, X86_GP, GDT_LIMIT + 1},
    {0, UCODE + 3, UDATA, 0, X86_GP, UDATA},
    {0, UCODE + 3, READ_ONLY + 3, 0, X86_GP, READ_ONLY},
    {0, UCODE + 3, KDATA + 3, 0, X86_GP, KDATA},
    {0, UCODE + 3, ABSENT_UDATA + 3, 0, X86_SS_FAULT, ABSENT_UDATA},
    {0, SHORT_UCODE + 3, UDATA + 3, 0x6000, X86_GP, 0},
};

#define RETURN_ROWS ((int)(sizeof return_rows / sizeof return_rows[0]))

static void put_return(struct bench *b, uint32_t eip, uint32_t cs, uint32_t esp, uint32_t ss)
{
    b->c->s.gpr[X86_ESP] = 0x7f00;
    put32(b, 0x7f00, eip);
    put32(b, 0x7f04, cs);
    put32(b, 0x7f08, esp);
    put32(b, 0x7f0c, ss);
}

START_TEST(return_refused)
{
    struct bench *b = bench_protected(return_rows[_i].cpl);
    put_return(b, return_rows[_i].eip, return_rows[_i].cs, USER_STACK, return_rows[_i].ss);
    bench_mark(b);
    expect_refused(b, x86_far_return(b->c, 4, 0), return_rows[_i].vector, return_rows[_i].error);
    bench_free(b);
}
END_TEST

START_TEST(return_same_level)
{
    struct bench *b = bench_protected(0);
    put_return(b, 0x6123, KCODE, 0, 0);
    ticks begun = b->clock.s.now;
    ck_assert(x86_far_return(b->c, 4, (uint16_t)(8 * _i)));
    ck_assert_uint_eq(b->c->s.eip, 0x6123);
    ck_assert_uint_eq(b->c->s.gpr[X86_ESP], 0x7f08 + 8 * (uint32_t)_i);
    ck_assert_uint_eq(b->clock.s.now - begun, 17 + (unsigned)_i);
    bench_free(b);
}
END_TEST

START_TEST(return_to_an_outer_level_nulls_segments)
{
    struct bench *b = bench_protected(0);
    put_return(b, 0x6123, UCODE + 3, USER_STACK, UDATA + 3);
    load(b, X86_ES, UDATA + 3);
    load(b, X86_FS, CONFORMING);
    ticks begun = b->clock.s.now;
    ck_assert(x86_far_return(b->c, 4, 0));
    const struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->cpl, 3);
    ck_assert_uint_eq(s->gpr[X86_ESP], USER_STACK);
    ck_assert_uint_eq(s->segment[X86_ES].selector, UDATA + 3);
    ck_assert_uint_eq(s->segment[X86_FS].selector, CONFORMING);
    ck_assert_uint_eq(s->segment[X86_DS].selector | s->segment[X86_GS].selector, 0);
    ck_assert_uint_eq(b->clock.s.now - begun, 35);
    bench_free(b);
}
END_TEST

START_TEST(return_beyond_the_stack)
{
    struct bench *b = bench_protected(0);
    put_descriptor(b, GDT + SPARE, 0, 0x7f0b, 0x93, 4);
    load(b, X86_SS, SPARE);
    put_return(b, 0x6123, UCODE + 3, USER_STACK, UDATA + 3); /* SS is beyond the limit */
    if (_i == 1)
        b->c->s.gpr[X86_ESP] = 0x7f08; /* CS is */
    bench_mark(b);
    expect_refused(b, x86_far_return(b->c, 4, 0), X86_SS_FAULT, 0);
    bench_free(b);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_loop_test(t, far_refused, 0, FAR_ROWS);
    tcase_add_loop_test(t, far_direct, 0, 3);
    tcase_add_test(t, far_call_needs_room);
    tcase_add_test(t, far_call_page_fault_changes_nothing);
    tcase_add_test(t, far_in_real_mode);
    tcase_add_loop_test(t, call_gate_refused, 0, 8);
    tcase_add_test(t, jump_through_a_gate_never_changes_the_level);
    tcase_add_loop_test(t, call_gate_same_level, 0, 2);
    tcase_add_loop_test(t, call_gate_to_an_inner_level, 0, 4);
    tcase_add_loop_test(t, call_gate_bad_inner_stack, 0, 8);
    tcase_add_test(t, call_gate_short_tss);
    tcase_add_loop_test(t, call_gate_room_counts_parameters, 0, 2);
    tcase_add_loop_test(t, return_refused, 0, RETURN_ROWS);
    tcase_add_loop_test(t, return_same_level, 0, 2);
    tcase_add_test(t, return_to_an_outer_level_nulls_segments);
    tcase_add_loop_test(t, return_beyond_the_stack, 0, 2);
}

int main(void)
{
    return bench_main("x86_far", add);
}
