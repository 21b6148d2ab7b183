/* Unit tests of x86 instruction boundaries: which event wins, shadows, breakpoints, NMI, HLT.
 * Sources: SDM vol. 3 6.9 and 17.3, the 80386 PRM chapters 9 and 12. */
#include "tests/unit/x86_bench.h"

/* --- boundaries: who wins (80386 PRM, table 9-2) ---------------------------------------------- */

static uint8_t acknowledge(void *context)
{
    ++*(unsigned *)context;
    return 0x50;
}

static unsigned acknowledged;

static struct bench *bench_boundary(void)
{
    struct bench *b = bench_protected(0);
    put_gate(b, 0x50, 0x8e, KCODE, handler(0x50));
    acknowledged = 0;
    b->c->acknowledge = acknowledge;
    b->c->acknowledge_context = &acknowledged;
    return b;
}

static void attend(struct bench *b, uint32_t bits)
{
    b->c->s.attention |= bits;
    x86_attend_debug(b->c);
}

/* What the boundary delivers: a vector, or -1 when the instruction may go on. */
static int boundary(struct bench *b)
{
    if (x86_boundary(b->c))
        return -1;
    ck_assert(in_progress(b));
    int vector = b->c->s.micro.vector;
    finish(b);
    return vector;
}

START_TEST(debug_trap_then_nmi_then_intr)
{
    struct bench *b = bench_boundary();
    b->c->s.debug_pending = 0x40;
    for (unsigned v = 1; v < 3; v++)
        put_gate(b, v, 0x8f, KCODE, handler(v)); /* trap gates: IF stays on */
    attend(b, X86_ATTEND_INTR | X86_ATTEND_NMI);
    ck_assert_int_eq(boundary(b), X86_DB);
    ck_assert_int_eq(boundary(b), X86_NMI);
    ck_assert_int_eq(boundary(b), 0x50);
    ck_assert_uint_eq(acknowledged, 1);
    /* Each was looked at before the first instruction of the handler before it. */
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 12), HERE);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 24), handler(X86_DB));
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 36), handler(X86_NMI));
    bench_free(b);
}
END_TEST

START_TEST(debug_trap_comes_before_a_breakpoint_on_the_next)
{
    struct bench *b = bench_boundary();
    b->c->s.dr[0] = HERE;
    b->c->s.dr[7] = 2; /* G0, execute */
    b->c->s.debug_pending = 0x40;
    attend(b, 0);
    ck_assert_int_eq(boundary(b), X86_DB);
    ck_assert_uint_eq(b->c->s.dr[6] & 0xe00f, 0x4000); /* BS, not B0 */
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 4) & X86_RF, 0);
    bench_free(b);
}
END_TEST

START_TEST(instruction_breakpoint_is_a_fault)
{
    struct bench *b = bench_boundary();
    unsigned n = (unsigned)_i;
    b->c->s.dr[n] = HERE;
    b->c->s.dr[7] = 1u << 2 * n;
    attend(b, X86_ATTEND_NMI);
    ck_assert_int_eq(boundary(b), X86_DB);
    ck_assert_uint_eq(b->c->s.dr[6] & 0xe00f, 1u << n);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 12), HERE);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 4) & X86_RF, X86_RF);
    bench_free(b);
}
END_TEST

START_TEST(instruction_breakpoints_that_do_not_hit)
{
    struct bench *b = bench_boundary();
    b->c->s.dr[0] = HERE;
    b->c->s.dr[7] = 2;
    switch (_i) {
    case 0: b->c->s.eflags |= X86_RF; break;
    case 1: b->c->s.dr[0] = HERE + 1; break;
    case 2: b->c->s.dr[7] = 0; break;
    case 3: b->c->s.dr[7] |= 1u << 16; break; /* a data write breakpoint */
    case 4: b->c->s.attention |= X86_ATTEND_SHADOW; break;
    }
    attend(b, 0);
    ck_assert_int_eq(boundary(b), -1);
    bench_free(b);
}
END_TEST

START_TEST(data_breakpoints_are_traps)
{
    struct bench *b = bench_boundary();
    b->c->s.debug_pending = 0x0a;
    attend(b, 0);
    ck_assert_int_eq(boundary(b), X86_DB);
    ck_assert_uint_eq(b->c->s.dr[6] & 0xe00f, 0x0a);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 4) & X86_RF, 0);
    ck_assert_uint_eq(b->c->s.debug_pending, 0);
    bench_free(b);
}
END_TEST

START_TEST(debug_delivery_clears_gd)
{
    struct bench *b = bench_boundary();
    b->c->s.dr[7] = 1u << 13;
    b->c->s.debug_pending = 0x40;
    attend(b, 0);
    ck_assert_int_eq(boundary(b), X86_DB);
    ck_assert_uint_eq(b->c->s.dr[7], 0);
    bench_free(b);
}
END_TEST

START_TEST(shadow_of_mov_ss_holds_everything_for_one_boundary)
{
    struct bench *b = bench_boundary();
    b->c->s.debug_pending = 0x40;
    attend(b, X86_ATTEND_INTR | X86_ATTEND_NMI | X86_ATTEND_SHADOW);
    ck_assert_int_eq(boundary(b), -1);
    ck_assert_int_eq(boundary(b), X86_DB);
    bench_free(b);
}
END_TEST

START_TEST(shadow_of_sti_holds_intr_only)
{
    struct bench *b = bench_boundary();
    attend(b, X86_ATTEND_INTR | X86_ATTEND_STI);
    ck_assert_int_eq(boundary(b), -1);
    ck_assert_int_eq(boundary(b), 0x50);
    b->c->s.eflags |= X86_IF;
    attend(b, X86_ATTEND_INTR | X86_ATTEND_STI | X86_ATTEND_NMI);
    ck_assert_int_eq(boundary(b), X86_NMI);
    bench_free(b);
}
END_TEST

START_TEST(intr_needs_if)
{
    struct bench *b = bench_boundary();
    b->c->s.eflags &= ~(uint32_t)X86_IF;
    attend(b, X86_ATTEND_INTR);
    ck_assert_int_eq(boundary(b), -1);
    ck_assert_uint_eq(acknowledged, 0);
    bench_free(b);
}
END_TEST

START_TEST(nmi_is_masked_until_iret)
{
    struct bench *b = bench_boundary();
    attend(b, X86_ATTEND_NMI);
    ck_assert_int_eq(boundary(b), X86_NMI);
    ck_assert_uint_eq(b->c->s.nmi_masked, 1);
    attend(b, X86_ATTEND_NMI);
    ck_assert_int_eq(boundary(b), -1);
    begin_iret(b, 4);
    finish(b);
    ck_assert_int_eq(boundary(b), X86_NMI);
    bench_free(b);
}
END_TEST

START_TEST(halt_waits_for_an_interrupt_that_may_come)
{
    struct bench *b = bench_boundary();
    attend(b, X86_ATTEND_HALT);
    ck_assert(!x86_boundary(b->c));
    ck_assert(!in_progress(b));
    b->c->s.eflags &= ~(uint32_t)X86_IF;
    attend(b, X86_ATTEND_INTR);
    ck_assert(!x86_boundary(b->c));
    ck_assert(!in_progress(b));
    if (_i == 0)
        b->c->s.eflags |= X86_IF;
    else
        attend(b, X86_ATTEND_NMI);
    ck_assert_int_eq(boundary(b), _i == 0 ? 0x50 : X86_NMI);
    ck_assert_uint_eq(b->c->s.attention & X86_ATTEND_HALT, 0);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 12), HERE);
    bench_free(b);
}
END_TEST

START_TEST(interrupt_inside_rep_keeps_rf)
{
    /* The loop sets RF between iterations of REP: the image has it (SDM vol. 3, 17.3.1.1). */
    struct bench *b = bench_boundary();
    b->c->s.eflags |= X86_RF;
    attend(b, X86_ATTEND_INTR);
    ck_assert_int_eq(boundary(b), 0x50);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 4) & X86_RF, X86_RF);
    bench_free(b);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, debug_trap_then_nmi_then_intr);
    tcase_add_test(t, debug_trap_comes_before_a_breakpoint_on_the_next);
    tcase_add_loop_test(t, instruction_breakpoint_is_a_fault, 0, 4);
    tcase_add_loop_test(t, instruction_breakpoints_that_do_not_hit, 0, 5);
    tcase_add_test(t, data_breakpoints_are_traps);
    tcase_add_test(t, debug_delivery_clears_gd);
    tcase_add_test(t, shadow_of_mov_ss_holds_everything_for_one_boundary);
    tcase_add_test(t, shadow_of_sti_holds_intr_only);
    tcase_add_test(t, intr_needs_if);
    tcase_add_test(t, nmi_is_masked_until_iret);
    tcase_add_loop_test(t, halt_waits_for_an_interrupt_that_may_come, 0, 2);
    tcase_add_test(t, interrupt_inside_rep_keeps_rf);
}

int main(void)
{
    return bench_main("x86_boundary", add);
}
