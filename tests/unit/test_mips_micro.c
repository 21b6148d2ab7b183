/* Unit tests of exceptions and RFE as micro-programs: their steps and events, stopping, saving and
 * going on between any two of them, and observers. */
#include "tests/unit/mips_bench.h"

/* --- programs: an exception with every step, one with the fewest, a return -----------------------
 */

#define MISSED 0x00401234u

enum { MISS, CALL, RETURN, SCENES };

static const uint16_t miss_steps[] = {
    MIPS_STEP_DATA_MATCH, MIPS_STEP_LINK,    MIPS_STEP_EPC,     MIPS_STEP_CAUSE,  MIPS_STEP_STATUS,
    MIPS_STEP_BADVADDR,   MIPS_STEP_CONTEXT, MIPS_STEP_ENTRYHI, MIPS_STEP_REFILL, MIPS_STEP_VECTOR};
static const uint16_t call_steps[] = {MIPS_STEP_SYSCALL, MIPS_STEP_EPC,    MIPS_STEP_CAUSE,
                                      MIPS_STEP_STATUS,  MIPS_STEP_REFILL, MIPS_STEP_VECTOR};
static const uint16_t return_steps[] = {MIPS_STEP_RFE_STATUS, MIPS_STEP_RFE_PC};

static const struct {
    const uint16_t *steps;
    unsigned count;
    uint32_t end; /* PC */
} scenes[SCENES] = {
    {miss_steps, 10, 0x80000000}, {call_steps, 6, 0x80000080}, {return_steps, 2, 0x00403000}};

/* Ready to begin it with the next action. */
static struct bench *scene(int which)
{
    struct bench *b = bench_new();
    struct mips_state *s = &b->c->s;
    s->gpr[T0] = DATA;
    s->gpr[T1] = MISSED;
    s->gpr[K0] = 0x00403000;
    s->gpr[SP] = 0x7ffffff0;
    s->entryhi = 5u << 6;
    s->context = 0xabc00000;
    s->status = MIPS_IEC | MIPS_KUP | MIPS_IEP;
    switch (which) {
    case MISS: bench_code(b, i_type(0x30, V0, T0, 0), i_type(4, 0, 0, 9), SW(V0, T1, 0)); break;
    case CALL: bench_code(b, NOP, NOP, I_SYSCALL); break;
    default: bench_code(b, NOP, JR(K0), I_RFE); break;
    }
    bench_run(b, 2);
    return b;
}

static const struct trace_event *event(const struct bench *b, uint64_t number)
{
    const struct trace_event *found = trace_at(&b->trace, number);
    ck_assert_ptr_nonnull(found);
    return found;
}

/* --- events
 * ---------------------------------------------------------------------------------------- */

START_TEST(steps_in_order)
{
    struct bench *b = scene(_i);
    uint64_t count = b->c->s.count;
    bench_run(b, 1);
    ck_assert_uint_eq(b->trace.written, scenes[_i].count + 2);
    ck_assert_uint_eq(event(b, 0)->kind, _i == RETURN ? TRACE_RETURN : TRACE_TRAP);
    for (unsigned n = 0; n < scenes[_i].count; n++) {
        const struct trace_event *e = event(b, n + 1);
        ck_assert_uint_eq(e->kind, TRACE_STEP);
        ck_assert_uint_eq(e->step, scenes[_i].steps[n]);
        ck_assert_uint_eq(e->count, count);
        ck_assert_uint_eq(e->flags & ~TRACE_FAILED, mips_steps[e->step].kind);
        ck_assert_uint_eq(e->cost, mips_steps[e->step].cost);
    }
    const struct trace_event *last = event(b, scenes[_i].count + 1);
    ck_assert_uint_eq(last->kind, _i == RETURN ? TRACE_RETURNED : TRACE_ENTERED);
    ck_assert_uint_eq(last->addr, scenes[_i].end);
    ck_assert_uint_eq(last->b, 0x7ffffff0);
    ck_assert_uint_eq(last->value, _i == RETURN ? 1 : 0);
    ck_assert_uint_eq(b->c->s.count, count + 1);
    bench_free(b);
}
END_TEST

static void expect_set(const struct bench *b, unsigned number, enum mips_register reg, uint32_t old,
                       uint32_t value)
{
    const struct trace_event *e = event(b, number);
    ck_assert_uint_eq(e->flags, TRACE_SET);
    ck_assert_uint_eq(e->a, reg);
    ck_assert_uint_eq(e->old, old);
    ck_assert_uint_eq(e->value, value);
}

START_TEST(what_a_miss_records)
{
    struct bench *b = scene(MISS);
    bench_run(b, 1);
    const struct trace_event *trap = event(b, 0), *check = event(b, 1);
    ck_assert_uint_eq(trap->a, MIPS_CAUSE_FAULT);
    ck_assert_uint_eq(trap->vector, MIPS_TLBS);
    ck_assert_uint_eq(trap->addr, HERE + 4);
    ck_assert_uint_eq(trap->value, MISSED);
    ck_assert_uint_eq(check->flags, TRACE_CHECK | TRACE_FAILED);
    ck_assert_uint_eq(check->a, MISSED & MIPS_VPN);
    ck_assert_uint_eq(check->b, 5);
    expect_set(b, 2, MIPS_REG_LLBIT, 1, 0);
    expect_set(b, 3, MIPS_REG_EPC, 0, HERE + 4);
    expect_set(b, 4, MIPS_REG_CAUSE, 0, MIPS_BD | MIPS_TLBS << 2);
    expect_set(b, 5, MIPS_REG_STATUS, 0xd, 0x34);
    expect_set(b, 6, MIPS_REG_BADVADDR, 0, MISSED);
    expect_set(b, 7, MIPS_REG_CONTEXT, 0xabc00000, 0xabc00000 | 0x401 << 2);
    expect_set(b, 8, MIPS_REG_ENTRYHI, 5u << 6, 0x401000 | 5u << 6);
    expect_set(b, 10, MIPS_REG_PC, HERE + 8, 0x80000000);
    ck_assert(!b->c->s.linked);
    bench_free(b);
}
END_TEST

START_TEST(asked_for_is_not_failed)
{
    struct bench *b = scene(CALL);
    bench_run(b, 1);
    ck_assert_uint_eq(event(b, 0)->a, MIPS_CAUSE_INSTRUCTION);
    ck_assert_uint_eq(event(b, 0)->vector, MIPS_SYS);
    ck_assert_uint_eq(event(b, 1)->flags, TRACE_CHECK);
    bench_free(b);
}
END_TEST

START_TEST(rows_are_complete)
{
    char words[200];
    struct trace_event e = {.a = 0x12, .b = 34, .vector = 3};
    for (unsigned n = 1; n < MIPS_STEPS; n++) {
        const struct mips_step_info *row = &mips_steps[n];
        ck_assert_ptr_nonnull(row->text);
        ck_assert_ptr_nonnull(row->manual);
        ck_assert_int_eq(row->format != NULL, row->kind == TRACE_CHECK);
    }
    ck_assert_str_eq(mips_step_fill(&e, "page {a:x}, ASID {b}, code {v}", words, sizeof words),
                     "page 12, ASID 34, code 3");
    ck_assert_str_eq(mips_step_fill(&e, "page {a:x}", words, 4), "pag");
    ck_assert_str_eq(mips_exception_name(MIPS_TLBS), "TLBS");
    ck_assert_str_eq(mips_exception_name(MIPS_TR), "Tr");
    ck_assert_str_eq(mips_exception_name(14), "");
    ck_assert_str_eq(mips_cause_name(MIPS_CAUSE_RETURN), "return");
}
END_TEST

/* --- stopping, saving, going on
 * ---------------------------------------------------------------------- */

static enum cpu_stop run_to(struct bench *b, uint64_t count, uint32_t micro)
{
    return b->c->cpu.ops->run(&b->c->cpu, (struct cpu_limit){CLOCK_NEVER, count, micro});
}

static struct state_map map_of(struct bench *b)
{
    struct state_map map;
    state_init(&map);
    b->c->cpu.ops->add_state(&b->c->cpu, &map);
    return map;
}

START_TEST(stops_between_any_two_steps)
{
    struct bench *whole = scene(_i);
    bench_run(whole, 1);
    for (unsigned micro = 1; micro < scenes[_i].count; micro++) {
        struct bench *b = scene(_i), *other = bench_new();
        uint64_t count = b->c->s.count;
        const char *why;
        ck_assert_int_eq(run_to(b, count, micro), CPU_LIMIT);
        ck_assert_uint_eq(b->c->s.count, count);
        ck_assert_uint_eq(b->c->cpu.ops->micro(&b->c->cpu), micro);
        ck_assert_int_eq(run_to(b, count, 0), CPU_LIMIT); /* already there */
        ck_assert_uint_eq(b->c->cpu.ops->micro(&b->c->cpu), micro);
        struct state_map from = map_of(b), to = map_of(other);
        size_t size = state_size(&from);
        uint8_t *bytes = malloc(size);
        state_save(&from, bytes);
        ck_assert_msg(state_load(&to, bytes, size, &why), "%s", why);
        other->clock.s.now = b->clock.s.now;
        free(bytes);
        run_to(b, count + 1, 0);
        run_to(other, count + 1, 0);
        ck_assert_mem_eq(&b->c->s, &whole->c->s, sizeof b->c->s);
        ck_assert_mem_eq(&other->c->s, &whole->c->s, sizeof other->c->s);
        ck_assert_uint_eq(b->clock.s.now, whole->clock.s.now);
        ck_assert_uint_eq(other->clock.s.now, whole->clock.s.now);
        ck_assert_uint_eq(b->trace.written, whole->trace.written);
        bench_free(b);
        bench_free(other);
    }
    bench_free(whole);
}
END_TEST

/* A block that no processor could have written is refused, and nothing of it taken. */
START_TEST(bad_state_is_refused)
{
    struct bench *b = scene(CALL);
    run_to(b, b->c->s.count, 2);
    struct state_map map = map_of(b);
    size_t size = state_size(&map);
    uint8_t *bytes = malloc(size);
    struct mips_state good = b->c->s;
    const char *why;
    struct mips_state *s = &b->c->s;
    switch (_i) {
    case 0: s->gpr[0] = 1; break;
    case 1: s->in_slot = 2; break;
    case 2: s->branch_pc = 4; break;
    case 3: s->status = 1u << 16; break;
    case 4: s->cause = 1; break;
    case 5: s->entryhi = 1; break;
    case 6: s->tlb[63].lo = 1; break;
    case 7: s->tlb[0].hi = 0x20; break;
    case 8: s->hilo_ready = s->cycles + 1000; break;
    case 9: s->micro.program = MIPS_PROGRAMS; break;
    case 10: s->micro.state = MIPS_STEP_RFE_PC; break;
    case 11: s->micro.state = MIPS_STEP_DATA_MATCH; break;
    case 12: s->micro.reason = MIPS_STEP_VECTOR; break;
    case 13: s->micro.exception = MIPS_EXCEPTIONS; break;
    case 14: s->micro.cause = MIPS_CAUSE_RETURN; break;
    case 15: s->index = 1; break;
    case 16: s->context = 1; break;
    case 17: s->micro.program = MIPS_PROGRAM_NONE; break;
    case 18: s->micro.unit = 4; break;
    default: s->waiting = 255; break;
    }
    state_save(&map, bytes);
    b->c->s = good;
    ck_assert(!state_load(&map, bytes, size, &why));
    ck_assert_mem_eq(&b->c->s, &good, sizeof good);
    state_save(&map, bytes);
    ck_assert(state_load(&map, bytes, size, &why));
    free(bytes);
    bench_free(b);
}
END_TEST

/* --- observers
 * --------------------------------------------------------------------------------------- */

struct seen {
    unsigned insns, micros, reads, writes;
    uint32_t last_pc;
    struct cpu_access access;
    uint16_t step;
    bool stop_insn, stop_micro, stop_access;
};

static bool see_insn(void *context, struct cpu *cpu, uint32_t pc)
{
    struct seen *seen = context;
    (void)cpu;
    seen->insns++;
    seen->last_pc = pc;
    return seen->stop_insn;
}

static bool see_access(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    struct seen *seen = context;
    (void)cpu;
    seen->access = *access;
    seen->reads += !access->write;
    seen->writes += access->write;
    return seen->stop_access;
}

static bool see_micro(void *context, struct cpu *cpu, const struct trace_event *e)
{
    struct seen *seen = context;
    (void)cpu;
    seen->micros++;
    seen->step = e->step;
    return seen->stop_micro;
}

START_TEST(observer_sees_each_step)
{
    struct bench *b = scene(_i);
    struct seen seen = {.stop_micro = true};
    struct cpu_observer observer = {.context = &seen, .micro = see_micro};
    b->c->cpu.ops->observe(&b->c->cpu, &observer);
    for (unsigned n = 0; n < scenes[_i].count; n++) {
        ck_assert_int_eq(bench_run(b, 1), CPU_OBSERVED);
        ck_assert_uint_eq(seen.micros, n + 1);
        ck_assert_uint_eq(seen.step, scenes[_i].steps[n]);
    }
    ck_assert_uint_eq(b->c->s.pc, scenes[_i].end);
    ck_assert_uint_eq(b->c->cpu.ops->micro(&b->c->cpu), 0);
    bench_free(b);
}
END_TEST

START_TEST(observer_sees_instructions_and_accesses)
{
    struct bench *b = bench_new();
    struct seen seen = {0};
    struct cpu_observer observer = {.context = &seen, .insn = see_insn, .access = see_access};
    b->c->s.gpr[T0] = DATA;
    b->c->s.gpr[T1] = 0x1234;
    put32(b, DATA, 0xaabbccdd);
    bench_code(b, i_type(0x29, T1, T0, 2), LW(V0, T0, 0), NOP);
    b->c->cpu.ops->observe(&b->c->cpu, &observer);
    bench_run(b, 1);
    ck_assert_uint_eq(seen.writes, 1);
    ck_assert_uint_eq(seen.access.linear, DATA + 2);
    ck_assert_uint_eq(seen.access.physical, 0x2002);
    ck_assert_uint_eq(seen.access.old, 0xccdd);
    ck_assert_uint_eq(seen.access.value, 0x1234);
    ck_assert_uint_eq(seen.access.size, 2);
    seen.stop_access = true;
    ck_assert_int_eq(bench_run(b, 5), CPU_OBSERVED); /* behind the access */
    ck_assert_uint_eq(seen.access.value, 0xaabb1234);
    ck_assert_uint_eq(b->c->s.pc, HERE + 8);
    seen.stop_insn = true;
    ck_assert_int_eq(bench_run(b, 5), CPU_OBSERVED); /* before the instruction */
    ck_assert_uint_eq(seen.last_pc, HERE + 8);
    ck_assert_uint_eq(b->c->s.pc, HERE + 8);
    uint8_t none[8192] = {0};
    unsigned before = seen.insns;
    observer.filter = none;
    bench_run(b, 1);
    ck_assert_uint_eq(seen.insns, before);
    bench_free(b);
}
END_TEST

/* The same program plain, observed, and in slices: one end. */
static struct bench *mixed_program(void)
{
    struct bench *b = bench_new();
    b->c->s.gpr[T0] = DATA;
    b->c->s.gpr[T1] = MISSED;
    b->c->s.gpr[S0] = 3;
    bench_code(b, ADDIU(S0, S0, 1), r_type(0x18, 0, S0, T0, 0), r_type(0x12, V0, 0, 0, 0),
               SW(V0, T0, 0), I_SYSCALL, i_type(5, S0, 0, 0xfffa), LW(V1, T1, 0));
    put32(b, 0x80000080, MFC0(K0, 14)); /* both handlers go on behind what trapped */
    put32(b, 0x80000084, ADDIU(K0, K0, 4));
    put32(b, 0x80000088, JR(K0));
    put32(b, 0x8000008c, I_RFE);
    put32(b, 0x80000000, j_type(2, HERE));
    put32(b, 0x80000004, I_RFE);
    b->c->s.compare = 50;
    b->c->s.compare_written = 1;
    return b;
}

START_TEST(observed_and_sliced_are_the_same)
{
    struct bench *plain = mixed_program(), *observed = mixed_program(), *sliced = mixed_program();
    struct seen seen = {0};
    struct cpu_observer observer = {
        .context = &seen, .insn = see_insn, .access = see_access, .micro = see_micro};
    observed->c->cpu.ops->observe(&observed->c->cpu, &observer);
    bench_run(plain, 300);
    bench_run(observed, 300);
    while (sliced->c->s.count < 300)
        sliced->c->cpu.ops->run(
            &sliced->c->cpu,
            (struct cpu_limit){sliced->clock.s.now + 1 + sliced->c->s.count % 5, 300, 0});
    ck_assert_mem_eq(&plain->c->s, &observed->c->s, sizeof plain->c->s);
    ck_assert_mem_eq(&plain->c->s, &sliced->c->s, sizeof plain->c->s);
    ck_assert_uint_eq(plain->clock.s.now, observed->clock.s.now);
    ck_assert_uint_eq(plain->clock.s.now, sliced->clock.s.now);
    ck_assert_uint_gt(seen.micros, 100);
    ck_assert_uint_gt(plain->c->s.gpr[S0], 20);
    bench_free(plain);
    bench_free(observed);
    bench_free(sliced);
}
END_TEST

/* Words at random, in RAM, in the TLB and as registers: whatever a guest does, the state stays one
 * that a file may hold, and the run goes on. */
START_TEST(wild_code)
{
    struct bench *b = bench_new();
    struct state_map map = map_of(b);
    size_t size = state_size(&map);
    uint8_t *bytes = malloc(size);
    uint64_t random = 0x1234567u + (uint64_t)_i;
    const char *why;
    for (uint32_t at = 0; at < 0x40000; at += 4) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        uint32_t word = (uint32_t)(random >> 32);
        static const uint32_t system[] = {I_TLBR, I_TLBWI,    I_TLBWR,    I_TLBP,
                                          I_RFE,  0x40800000, 0x40000000, I_SYSCALL};
        if (word % 4 == 0) /* coprocessor 0 more often than by chance */
            word = system[word >> 8 & 7] | ((word >> 8 & 7) == 5 ? word >> 11 & 0x1ff800 : 0);
        put32(b, at, word);
    }
    for (unsigned n = 1; n < 32; n++)
        b->c->s.gpr[n] = DATA + 0x100 * n;
    for (unsigned n = 0; n < 64; n++)
        bench_map(b, n, n * 0x1000, n * 0x1000 | (n % 16) << 8);
    for (unsigned slice = 0; slice < 200; slice++) {
        uint64_t count = b->c->s.count;
        enum cpu_stop stop = bench_run(b, 500);
        ck_assert(stop == CPU_HALTED || b->c->s.count == count + 500);
        if (slice % 8 == 7) /* it may be going round in a circle */
            bench_go_to(b, HERE + slice * 0x80);
        b->c->s.waiting = 0;
        state_save(&map, bytes);
        ck_assert_msg(state_load(&map, bytes, size, &why), "%s", why);
    }
    free(bytes);
    bench_free(b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mips_micro");
    TCase *tests = tcase_create("mips_micro");
    tcase_add_loop_test(tests, steps_in_order, 0, SCENES);
    tcase_add_test(tests, what_a_miss_records);
    tcase_add_test(tests, asked_for_is_not_failed);
    tcase_add_test(tests, rows_are_complete);
    tcase_add_loop_test(tests, stops_between_any_two_steps, 0, SCENES);
    tcase_add_loop_test(tests, bad_state_is_refused, 0, 20);
    tcase_add_loop_test(tests, observer_sees_each_step, 0, SCENES);
    tcase_add_test(tests, observer_sees_instructions_and_accesses);
    tcase_add_test(tests, observed_and_sliced_are_the_same);
    tcase_add_loop_test(tests, wild_code, 0, 20);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
