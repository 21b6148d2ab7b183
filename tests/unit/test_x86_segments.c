/* Unit tests of x86 segments: logical accesses, loads of every segment register, LAR LSL VERR VERW.
 * Sources: SDM vol. 2 (the instructions' pages), vol. 3 chapter 5. */
#include "tests/unit/x86_bench.h"

/* --- logical accesses ------------------------------------------------------------------------- */

static const struct {
    uint16_t selector;
    uint32_t offset;
    unsigned size;
    enum x86_intent intent;
    bool good;
} access_rows[] = {
    {KDATA, 0x5000, 4, X86_WRITE, true},
    {KDATA, 0xfffffffc, 4, X86_READ, true},
    {KDATA, 0xfffffffd, 4, X86_READ, false}, /* wraps */
    {SHORT_STACK, 0x7fc, 4, X86_READ, true},
    {SHORT_STACK, 0x7fd, 4, X86_READ, false},
    {SHORT_STACK, 0x7ff, 1, X86_WRITE, true},
    {SHORT_STACK, 0x800, 1, X86_WRITE, false},
    {READ_ONLY, 0x5000, 4, X86_READ, true},
    {READ_ONLY, 0x5000, 4, X86_WRITE, false},
    {KCODE, 0x5000, 4, X86_READ, true},
    {KCODE, 0x5000, 4, X86_WRITE, false},
    {EXECUTE_ONLY, 0x5000, 4, X86_READ, false},
    {EXECUTE_ONLY, 0x5000, 4, X86_FETCH, true},
    {DOWN, 0x8000, 4, X86_READ, true}, /* expand-down: above the limit 7fffh */
    {DOWN, 0x7fff, 1, X86_READ, false},
    {DOWN, 0xfffffffc, 4, X86_READ, true},
    {SPARE, 0xfffc, 4, X86_READ, true}, /* expand-down with B = 0: up to ffffh */
    {SPARE, 0xfffd, 4, X86_READ, false},
    {SPARE, 0x10000, 1, X86_READ, false},
    {0, 0, 1, X86_READ, false},
};

#define ACCESS_ROWS ((int)(sizeof access_rows / sizeof access_rows[0]))

START_TEST(logical_access)
{
    struct bench *b = bench_protected(0);
    put_descriptor(b, GDT + SPARE, 0, 0x7fff, 0x97, 0);
    unsigned segment = _i % 2 ? X86_SS : X86_DS;
    if (access_rows[_i].selector == 0)
        b->c->s.segment[segment] = (struct x86_segment){0};
    else
        load(b, segment, access_rows[_i].selector);
    bench_mark(b);
    uint32_t linear;
    bool good = x86_seg_linear(b->c, segment, access_rows[_i].offset, access_rows[_i].size,
                               access_rows[_i].intent, &linear);
    if (access_rows[_i].good) {
        ck_assert(good);
        ck_assert_uint_eq(linear, access_rows[_i].offset);
    } else {
        expect_refused(b, good, segment == X86_SS ? X86_SS_FAULT : X86_GP, 0);
    }
    bench_free(b);
}
END_TEST

START_TEST(real_mode_access)
{
    struct bench *b = bench_real();
    uint32_t linear;
    bench_mark(b);
    ck_assert(x86_seg_linear(b->c, X86_CS, 0xfffe, 2, X86_WRITE, &linear));
    ck_assert_uint_eq(linear, 0x11ffe);
    expect_refused(b, x86_seg_linear(b->c, X86_DS, 0xffff, 2, X86_READ, &linear), X86_GP, 0);
    expect_refused(b, x86_seg_linear(b->c, X86_SS, 0xfffd, 4, X86_READ, &linear), X86_SS_FAULT, 0);
    bench_free(b);
}
END_TEST

/* --- MOV, POP, Lxx ---------------------------------------------------------------------------- */

static const struct {
    unsigned cpl, segment;
    uint16_t selector;
    int vector; /* 0 = loads */
} load_rows[] = {
    {0, X86_DS, KDATA, 0},
    {0, X86_DS, UDATA + 3, 0},
    {0, X86_ES, KCODE, 0},
    {0, X86_DS, READ_ONLY, 0},
    {0, X86_DS, DOWN, 0},
    {0, X86_FS, 0, 0},
    {0, X86_GS, 3, 0},
    {3, X86_DS, UDATA + 3, 0},
    {3, X86_DS, UDATA, 0},
    {3, X86_DS, UCODE + 3, 0},
    {3, X86_DS, CONFORMING + 3, 0}, /* conforming code of any ring may be read */
    {0, X86_DS, GDT_LIMIT + 1, X86_GP},
    {0, X86_DS, 0x44, X86_GP},
    {0, X86_DS, LDT_SEL, X86_GP},
    {0, X86_DS, TSS_SEL, X86_GP},
    {0, X86_DS, EXECUTE_ONLY, X86_GP},
    {3, X86_DS, KDATA, X86_GP},     /* CPL above DPL */
    {0, X86_DS, KDATA + 3, X86_GP}, /* RPL above DPL */
    {3, X86_DS, KCODE + 3, X86_GP},
    {0, X86_GS, ABSENT_DATA, X86_NP},
    {3, X86_DS, ABSENT_DATA, X86_GP}, /* privilege comes before presence */
    {0, X86_SS, KDATA, 0},
    {3, X86_SS, UDATA + 3, 0},
    {0, X86_SS, DOWN, 0},
    {0, X86_SS, GDT_LIMIT + 1, X86_GP},
    {0, X86_SS, KDATA + 1, X86_GP},
    {0, X86_SS, UDATA, X86_GP},
    {3, X86_SS, UDATA, X86_GP},
    {0, X86_SS, READ_ONLY, X86_GP},
    {0, X86_SS, KCODE, X86_GP},
    {0, X86_SS, LDT_SEL, X86_GP},
    {0, X86_SS, ABSENT_DATA, X86_SS_FAULT},
    {3, X86_SS, DATA1 + 3, X86_GP},
};

#define LOAD_ROWS ((int)(sizeof load_rows / sizeof load_rows[0]))

START_TEST(load_of_a_data_segment)
{
    struct bench *b = bench_protected(load_rows[_i].cpl);
    uint16_t selector = load_rows[_i].selector;
    unsigned segment = load_rows[_i].segment;
    bench_mark(b);
    bool good = x86_load_segment(b->c, segment, selector);
    if (load_rows[_i].vector != 0) {
        expect_refused(b, good, (uint8_t)load_rows[_i].vector, selector & ~3u);
    } else {
        ck_assert(good);
        const struct x86_segment *now = &b->c->s.segment[segment];
        struct x86_segment expected = segment_of(b, selector);
        ck_assert_uint_eq(now->selector, selector);
        if (selector < 4) {
            ck_assert_uint_eq(now->attributes & X86_ATTR_P, 0);
        } else {
            ck_assert_uint_eq(now->attributes, expected.attributes);
            ck_assert_uint_eq(now->limit, expected.limit);
        }
    }
    bench_free(b);
}
END_TEST

START_TEST(null_ss_is_refused)
{
    struct bench *b = bench_protected(_i == 0 ? 0 : 3);
    bench_mark(b);
    expect_refused(b, x86_load_segment(b->c, X86_SS, _i == 0 ? 0 : 3), X86_GP, 0);
    bench_free(b);
}
END_TEST

START_TEST(load_sets_the_accessed_bit)
{
    struct bench *b = bench_protected(0);
    b->ram.bytes[GDT + UDATA + 5] = 0xf2;
    ck_assert(x86_load_segment(b->c, X86_DS, UDATA));
    ck_assert_uint_eq(b->ram.bytes[GDT + UDATA + 5], 0xf3);
    ck_assert_uint_eq(b->c->s.segment[X86_DS].attributes & X86_ATTR_ACCESSED, 1);
    bench_free(b);
}
END_TEST

START_TEST(load_from_the_ldt)
{
    struct bench *b = bench_protected(0);
    put_descriptor(b, LDT + 0x10, 0x12345678, 0x12, 0x92, 0x8);
    ck_assert(x86_load_segment(b->c, X86_ES, 0x14));
    const struct x86_segment *es = &b->c->s.segment[X86_ES];
    ck_assert_uint_eq(es->base, 0x12345678);
    ck_assert_uint_eq(es->limit, 0x12fff);
    b->c->s.segment[X86_LDTR] = (struct x86_segment){0};
    bench_mark(b);
    expect_refused(b, x86_load_segment(b->c, X86_ES, 0x14), X86_GP, 0x14);
    bench_free(b);
}
END_TEST

START_TEST(load_in_real_and_v86_mode)
{
    struct bench *b = bench_real();
    b->c->s.segment[X86_DS].limit = 0xffffffff; /* "unreal": the limit stays */
    ck_assert(x86_load_segment(b->c, X86_DS, 0xb800));
    ck_assert_uint_eq(b->c->s.segment[X86_DS].base, 0xb8000);
    ck_assert_uint_eq(b->c->s.segment[X86_DS].limit, 0xffffffff);
    bench_free(b);
    b = bench_v86(0);
    ck_assert(x86_load_segment(b->c, X86_SS, 0));
    ck_assert_uint_eq(b->c->s.segment[X86_SS].base, 0);
    ck_assert_uint_eq(b->c->s.segment[X86_SS].limit, 0xffff);
    ck_assert_uint_eq(b->c->s.segment[X86_SS].attributes, 0xf3);
    bench_free(b);
}
END_TEST

/* --- LLDT, LTR -------------------------------------------------------------------------------- */

START_TEST(lldt)
{
    struct bench *b = bench_protected(0);
    put_descriptor(b, GDT + SPARE, LDT, 0x3f, 0x02, 0);
    bench_mark(b);
    expect_refused(b, x86_lldt(b->c, LDT_SEL + 4), X86_GP, LDT_SEL + 4);
    expect_refused(b, x86_lldt(b->c, GDT_LIMIT + 1), X86_GP, GDT_LIMIT + 1);
    expect_refused(b, x86_lldt(b->c, KDATA), X86_GP, KDATA);
    expect_refused(b, x86_lldt(b->c, SPARE), X86_NP, SPARE);
    ck_assert(x86_lldt(b->c, 0));
    ck_assert_uint_eq(b->c->s.segment[X86_LDTR].attributes & X86_ATTR_P, 0);
    ck_assert(x86_lldt(b->c, LDT_SEL));
    ck_assert_uint_eq(b->c->s.segment[X86_LDTR].base, LDT);
    ck_assert_uint_eq(b->c->s.segment[X86_LDTR].limit, 0x3f);
    bench_free(b);
}
END_TEST

START_TEST(ltr)
{
    struct bench *b = bench_protected(0);
    put_descriptor(b, GDT + SPARE, TSS2, 103, 0x09, 0);
    bench_mark(b);
    expect_refused(b, x86_ltr(b->c, 0), X86_GP, 0);
    expect_refused(b, x86_ltr(b->c, TSS2_SEL + 4), X86_GP, TSS2_SEL + 4);
    expect_refused(b, x86_ltr(b->c, TSS_SEL), X86_GP, TSS_SEL); /* busy */
    expect_refused(b, x86_ltr(b->c, KDATA), X86_GP, KDATA);
    expect_refused(b, x86_ltr(b->c, SPARE), X86_NP, SPARE);
    ck_assert(x86_ltr(b->c, TSS2_SEL));
    ck_assert_uint_eq(b->ram.bytes[GDT + TSS2_SEL + 5], 0x8b);
    ck_assert_uint_eq(b->c->s.segment[X86_TR].base, TSS2);
    ck_assert_uint_eq(b->c->s.segment[X86_TR].attributes & X86_ATTR_TYPE, 0xb);
    bench_free(b);
}
END_TEST

/* --- LAR, LSL, VERR, VERW --------------------------------------------------------------------- */

static const struct {
    unsigned cpl;
    uint16_t selector;
    bool lar, lsl, verr, verw;
} ask_rows[] = {
    {0, KDATA, true, true, true, true},           {0, READ_ONLY, true, true, true, false},
    {0, KCODE, true, true, true, false},          {0, EXECUTE_ONLY, true, true, false, false},
    {3, KDATA, false, false, false, false},       {0, KDATA + 3, false, false, false, false},
    {3, CONFORMING + 3, true, true, true, false}, {3, UDATA + 3, true, true, true, true},
    {0, TSS_SEL, true, true, false, false},       {0, LDT_SEL, true, true, false, false},
    {0, CALL_GATE, true, false, false, false},    {0, TASK_GATE, true, false, false, false},
    {0, SPARE, false, false, false, false}, /* an interrupt gate */
    {0, 0, false, false, false, false},           {0, GDT_LIMIT + 1, false, false, false, false},
    {0, ABSENT_DATA, true, true, true, true},
};

START_TEST(questions_about_selectors)
{
    struct bench *b = bench_protected(ask_rows[_i].cpl);
    uint16_t selector = ask_rows[_i].selector;
    put_gate_at(b, GDT + CALL_GATE, 0x8c, KCODE, 0x6000, 0);
    put_gate_at(b, GDT + TASK_GATE, 0x85, TSS2_SEL, 0, 0);
    put_gate_at(b, GDT + SPARE, 0x8e, KCODE, 0x6000, 0);
    bench_mark(b);
    bool faulted;
    uint32_t rights = 0, limit = 0;
    ck_assert_int_eq(x86_lar(b->c, selector, &rights, &faulted), ask_rows[_i].lar);
    ck_assert(!faulted);
    if (ask_rows[_i].lar)
        ck_assert_uint_eq(rights & 0xf0ff00, get32(b, GDT + (selector & ~7u) + 4) & 0xf0ff00);
    ck_assert_int_eq(x86_lsl(b->c, selector, &limit, &faulted), ask_rows[_i].lsl);
    if (ask_rows[_i].lsl)
        ck_assert_uint_eq(limit, segment_of(b, selector).limit);
    ck_assert_int_eq(x86_verify(b->c, selector, false, &faulted), ask_rows[_i].verr);
    ck_assert_int_eq(x86_verify(b->c, selector, true, &faulted), ask_rows[_i].verw);
    expect_untouched(b);
    expect_memory_untouched(b);
    bench_free(b);
}
END_TEST

START_TEST(questions_can_page_fault)
{
    struct bench *b = bench_protected(0);
    bench_paging(b);
    b->c->s.gdtr.limit = 0x3fff;
    put32(b, pte_of(GDT + 0x3008), 0);
    bool faulted;
    uint32_t out;
    ck_assert(!x86_lar(b->c, 0x3008, &out, &faulted) && faulted);
    ck_assert(!x86_verify(b->c, 0x3008, false, &faulted) && faulted);
    ck_assert_uint_eq(b->c->fault.vector, X86_PF_FAULT);
    bench_free(b);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_loop_test(t, logical_access, 0, ACCESS_ROWS);
    tcase_add_test(t, real_mode_access);
    tcase_add_loop_test(t, load_of_a_data_segment, 0, LOAD_ROWS);
    tcase_add_loop_test(t, null_ss_is_refused, 0, 2);
    tcase_add_test(t, load_sets_the_accessed_bit);
    tcase_add_test(t, load_from_the_ldt);
    tcase_add_test(t, load_in_real_and_v86_mode);
    tcase_add_test(t, lldt);
    tcase_add_test(t, ltr);
    tcase_add_loop_test(t, questions_about_selectors, 0, 16);
    tcase_add_test(t, questions_can_page_fault);
}

int main(void)
{
    return bench_main("x86_segments", add);
}
