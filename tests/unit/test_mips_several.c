/* Unit tests of several MIPS processors on one bus: they start and stop one by one, share memory
 * and nothing else, and are told apart. Sources: the System/161 machine (lamebus.c, mips.c). */
#include "tests/unit/mips_bench.h"

#define LL(rt, rs, offset) i_type(0x30, rt, rs, offset)
#define SC(rt, rs, offset) i_type(0x38, rt, rs, offset)

static struct mips *second_of(struct bench *b)
{
    struct mips *c = mips_create(&mips_r3000, 1, &b->clock, &b->bus, &b->trace);
    c->s.status = 0;
    return c;
}

static enum cpu_stop go(struct mips *c, unsigned actions)
{
    return c->cpu.ops->run(&c->cpu, (struct cpu_limit){CLOCK_NEVER, c->s.count + actions, 0});
}

START_TEST(second_waits_to_be_started)
{
    struct bench *b = bench_new();
    struct mips *second = second_of(b);
    put32(b, HERE, ADDIU(V0, A0, 1));
    mips_pin(second, 0, true); /* no pin starts it */
    ck_assert_int_eq(go(second, 1), CPU_HALTED);
    ck_assert_uint_eq(b->clock.s.now, 0);
    mips_start(second, HERE, 41, 0x9fff8800);
    ck_assert_int_eq(go(second, 1), CPU_LIMIT);
    ck_assert_uint_eq(second->s.gpr[V0], 42);
    ck_assert_uint_eq(second->s.gpr[SP], 0x9fff8800);
    mips_stop(second);
    ck_assert_int_eq(go(second, 1), CPU_HALTED);
    second->cpu.ops->reset(&second->cpu);
    ck_assert_int_eq(go(second, 1), CPU_HALTED);
    second->cpu.ops->free(&second->cpu);
    bench_free(b);
}
END_TEST

START_TEST(start_leaves_no_half_done_branch)
{
    struct bench *b = bench_new();
    struct mips *second = second_of(b);
    put32(b, HERE, i_type(4, 0, 0, 8)); /* BEQ */
    put32(b, HERE + 0x100, NOP);
    mips_start(second, HERE, 0, 0);
    go(second, 1);
    ck_assert(second->s.in_slot);
    mips_stop(second);
    mips_start(second, HERE + 0x100, 0, 0);
    go(second, 1);
    ck_assert_uint_eq(second->s.pc, HERE + 0x104);
    second->cpu.ops->free(&second->cpu);
    bench_free(b);
}
END_TEST

START_TEST(they_share_memory_only)
{
    struct bench *b = bench_new();
    struct mips *second = second_of(b);
    bench_code(b, SW(T1, T0, 0), MTC0(T1, 10), I_TLBWI, NOP, NOP);
    put32(b, HERE + 0x100, LW(V0, A0, 0));
    b->c->s.gpr[T0] = DATA;
    b->c->s.gpr[T1] = 0x12345000;
    mips_start(second, HERE + 0x100, DATA, 0);
    bench_run(b, 4);
    uint32_t count = second->s.count_register;
    go(second, 1);
    ck_assert_uint_eq(second->s.gpr[V0], 0x12345000);
    ck_assert_uint_eq(second->s.entryhi, 0);
    ck_assert_uint_ne(second->s.tlb[0].hi, 0x12345000);
    ck_assert_uint_eq(second->s.count_register, count + 1); /* its own ticks only */
    ck_assert_uint_eq(b->c->s.count_register, 1 + 4);
    mips_pin(second, 1, true);
    ck_assert_uint_eq(b->c->s.cause & MIPS_IP, 0);
    ck_assert_uint_eq(second->s.cause & MIPS_IP, MIPS_IP2 << 1);
    second->cpu.ops->free(&second->cpu);
    bench_free(b);
}
END_TEST

/* System/161: SC stores when memory still holds what LL found. */
static uint32_t conditional_store(uint32_t other_stores)
{
    struct bench *b = bench_new();
    struct mips *second = second_of(b);
    bench_code(b, LL(V0, T0, 0), SC(V1, T0, 0));
    put32(b, HERE + 0x100, SW(V0, A0, 0));
    put32(b, DATA, 7);
    b->c->s.gpr[T0] = DATA;
    b->c->s.gpr[V1] = 9;
    mips_start(second, HERE + 0x100, DATA, 0);
    second->s.gpr[V0] = other_stores;
    bench_run(b, 1);
    go(second, 1);
    bench_run(b, 1);
    uint32_t stored = b->c->s.gpr[V1];
    ck_assert_uint_eq(get32(b, DATA), stored ? 9 : other_stores);
    second->cpu.ops->free(&second->cpu);
    bench_free(b);
    return stored;
}

START_TEST(linked_store_fails_when_the_other_wrote)
{
    ck_assert_uint_eq(conditional_store(8), 0);
    ck_assert_uint_eq(conditional_store(7), 1);
}
END_TEST

/* One runs a routine, the other changes it, and what is beside it. */
START_TEST(code_that_the_other_changes)
{
    struct bench *b = bench_new();
    struct mips *second = second_of(b);
    mips_share_code(second, b->c);
    bench_code(b, ADDIU(V0, V0, 1), j_type(2, HERE), NOP);
    put32(b, HERE + 0x200, SW(V0, A0, 0));
    put32(b, HERE + 0x204, SW(V0, A0, 0x100));
    bench_run(b, 3000);
    ck_assert_uint_eq(b->c->s.gpr[V0], 1000);
    mips_start(second, HERE + 0x200, HERE, 0);
    second->s.gpr[V0] = ADDIU(V0, V0, 2);
    go(second, 2);
    ck_assert_uint_eq(get32(b, HERE + 0x100), ADDIU(V0, V0, 2));
    bench_run(b, 3000);
    ck_assert_uint_eq(b->c->s.gpr[V0], 3000);
    second->cpu.ops->free(&second->cpu);
    bench_run(b, 3); /* what they shared is still there */
    ck_assert_uint_eq(b->c->s.gpr[V0], 3002);
    bench_free(b);
}
END_TEST

START_TEST(wait_ends_with_a_pin_enabled_or_not)
{
    for (unsigned pin = 0; pin < 2; pin++) {
        struct bench *b = bench_new();
        bench_code(b, I_WAIT, ADDIU(V0, 0, 1));
        ck_assert_int_eq(bench_run(b, 2), CPU_HALTED);
        mips_pin(b->c, pin, true);
        ck_assert_int_eq(bench_run(b, 1), CPU_LIMIT);
        ck_assert_uint_eq(b->c->s.gpr[V0], 1);
        bench_free(b);
    }
}
END_TEST

START_TEST(device_is_told_who_asks)
{
    struct bench *b = bench_new();
    struct mips *second = second_of(b);
    put32(b, HERE, LW(V0, A0, 0));
    put32(b, HERE + 4, SW(V0, A0, 0));
    mips_start(second, HERE, DEVICE, 0);
    go(second, 1);
    ck_assert_uint_eq(b->who, 1);
    b->who = 99;
    go(second, 1);
    ck_assert_uint_eq(b->who, 1);
    second->cpu.ops->free(&second->cpu);
    bench_free(b);
}
END_TEST

START_TEST(states_have_names_of_their_own)
{
    struct bench *b = bench_new();
    struct mips *second = second_of(b);
    static struct state_map map;
    state_init(&map);
    b->c->cpu.ops->add_state(&b->c->cpu, &map);
    second->cpu.ops->add_state(&second->cpu, &map);
    ck_assert_str_eq(map.block[0].name, "r3000");
    ck_assert_str_eq(map.block[1].name, "r3000.1");
    ck_assert(map.block[1].valid(&second->s));
    second->s.stopped = 2;
    ck_assert(!map.block[1].valid(&second->s));
    second->cpu.ops->free(&second->cpu);
    bench_free(b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mips_several");
    TCase *tcase = tcase_create("several");
    tcase_add_test(tcase, second_waits_to_be_started);
    tcase_add_test(tcase, start_leaves_no_half_done_branch);
    tcase_add_test(tcase, they_share_memory_only);
    tcase_add_test(tcase, linked_store_fails_when_the_other_wrote);
    tcase_add_test(tcase, code_that_the_other_changes);
    tcase_add_test(tcase, wait_ends_with_a_pin_enabled_or_not);
    tcase_add_test(tcase, device_is_told_who_asks);
    tcase_add_test(tcase, states_have_names_of_their_own);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
