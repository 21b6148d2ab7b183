/* Unit tests of what goes wrong on top of something going wrong, of clocks, and of stopping between
 * any two micro-steps. Sources: SDM vol. 3 6.15, the 80386 PRM chapter 9, the i486 PRM's clocks. */
#include "tests/unit/x86_bench.h"

/* --- double and triple faults (SDM vol. 3, tables 6-4 and 6-5) -------------------------------- */

enum outcome { SERIAL, DOUBLE };

/* Rows: being delivered; columns: #UD (benign), #NP (contributory), #PF while doing so. A benign
 * second fault cannot be found by a delivery, so the matrix has two columns. */
static const struct {
    enum x86_cause cause;
    uint8_t vector;
    bool has_error;
    enum outcome contributory, page;
} matrix[] = {
    {X86_CAUSE_INT_N, 0x40, false, SERIAL, SERIAL},
    {X86_CAUSE_INT_N, X86_GP, false, SERIAL, SERIAL}, /* INT 13 is an INT n all the same */
    {X86_CAUSE_INT_N, X86_PF_FAULT, false, SERIAL, SERIAL},
    {X86_CAUSE_INTR, X86_GP, false, SERIAL, SERIAL},
    {X86_CAUSE_NMI, X86_NMI, false, SERIAL, SERIAL},
    {X86_CAUSE_INT3, X86_BP, false, SERIAL, SERIAL},
    {X86_CAUSE_FAULT, X86_UD, false, SERIAL, SERIAL},
    {X86_CAUSE_FAULT, X86_DB, false, SERIAL, SERIAL},
    {X86_CAUSE_FAULT, X86_BR, false, SERIAL, SERIAL},
    {X86_CAUSE_FAULT, X86_NM, false, SERIAL, SERIAL},
    {X86_CAUSE_FAULT, X86_MF, false, SERIAL, SERIAL},
    {X86_CAUSE_FAULT, X86_DE, false, DOUBLE, SERIAL},
    {X86_CAUSE_FAULT, X86_TS, true, DOUBLE, SERIAL},
    {X86_CAUSE_FAULT, X86_NP, true, DOUBLE, SERIAL},
    {X86_CAUSE_FAULT, X86_SS_FAULT, true, DOUBLE, SERIAL},
    {X86_CAUSE_FAULT, X86_GP, true, DOUBLE, SERIAL},
    {X86_CAUSE_FAULT, X86_PF_FAULT, true, DOUBLE, DOUBLE},
};

#define MATRIX ((int)(sizeof matrix / sizeof matrix[0]))

static struct bench *begin_matrix(int i, bool page)
{
    struct bench *b = bench_protected(0);
    bench_paging(b);
    if (page) { /* the gate leads to a descriptor on a missing page */
        b->c->s.gdtr.limit = 0x3fff;
        put_gate(b, matrix[i].vector, 0xee, 0x3008, handler(matrix[i].vector));
        put32(b, pte_of(GDT + 0x3008), 0);
    } else { /* the gate leads to a segment that is not present: #NP */
        put_gate(b, matrix[i].vector, 0xee, ABSENT_CODE, handler(matrix[i].vector));
    }
    bench_mark(b);
    if (matrix[i].cause == X86_CAUSE_FAULT)
        begin_exception(b, matrix[i].vector, matrix[i].has_error, 0x18);
    else
        begin_cause(b, matrix[i].cause, matrix[i].vector);
    return b;
}

static void expect_outcome(struct bench *b, enum outcome outcome, uint8_t vector, uint32_t error)
{
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, vector);
    ck_assert_uint_eq(event->value, error);
    finish(b);
    bool doubled = outcome == DOUBLE;
    ck_assert_uint_eq(b->c->s.eip, handler(doubled ? X86_DF_ABORT : vector));
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 16), doubled ? 0 : error);
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 12), HERE);
    bench_free(b);
}

START_TEST(second_fault_contributory)
{
    if (matrix[_i].vector == X86_NP) /* its own gate is the broken one: #NP in #NP */
        return;
    struct bench *b = begin_matrix(_i, false);
    uint32_t ext = matrix[_i].cause > X86_CAUSE_INTO;
    expect_outcome(b, matrix[_i].contributory, X86_NP, ABSENT_CODE + ext);
}
END_TEST

START_TEST(second_fault_page)
{
    if (matrix[_i].vector == X86_PF_FAULT)
        return;
    struct bench *b = begin_matrix(_i, true);
    expect_outcome(b, matrix[_i].page, X86_PF_FAULT, 0);
}
END_TEST

START_TEST(page_fault_in_page_fault_is_double)
{
    struct bench *b = bench_protected(0);
    bench_paging(b);
    b->c->s.gdtr.limit = 0x3fff;
    put_gate(b, X86_PF_FAULT, 0x8e, 0x3008, handler(14));
    put32(b, pte_of(GDT + 0x3008), 0);
    b->c->s.cr2 = 0x12345678;
    begin_exception(b, X86_PF_FAULT, true, 2);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, handler(X86_DF_ABORT));
    ck_assert_uint_eq(get32(b, KERNEL_STACK - 16), 0);
    ck_assert_uint_eq(b->c->s.cr2, GDT + 0x300c); /* the second address replaces the first */
    bench_free(b);
}
END_TEST

START_TEST(np_in_np_is_double)
{
    struct bench *b = bench_protected(0);
    put_gate(b, X86_NP, 0x0e, KCODE, handler(X86_NP));
    begin_exception(b, X86_NP, true, 0x18);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, handler(X86_DF_ABORT));
    bench_free(b);
}
END_TEST

/* After the handler's first instruction is ready a fault is an ordinary one. */
START_TEST(a_fault_of_the_handler_is_not_double)
{
    struct bench *b = bench_protected(0);
    begin_exception(b, X86_GP, true, 0);
    finish(b);
    begin_exception(b, X86_GP, true, 0);
    finish(b);
    ck_assert_uint_eq(b->c->s.eip, handler(X86_GP));
    bench_free(b);
}
END_TEST

START_TEST(triple_fault_is_shutdown)
{
    /* #GP, whose gate is not present (#NP), so #DF, whose gate is null in its selector: #GP(1). */
    struct bench *b = bench_protected(3);
    put_gate(b, X86_GP, 0x0e, UCODE + 3, handler(X86_GP));
    put_gate(b, X86_DF_ABORT, 0x8e, 0, handler(8));
    begin_exception(b, X86_GP, true, 0x20);
    uint64_t count = b->c->s.count;
    finish(b);
    struct x86_state *s = &b->c->s;
    ck_assert_uint_eq(s->shutdown, 1);
    ck_assert_uint_eq(s->attention, X86_ATTEND_SHUTDOWN);
    expect_untouched(b);
    expect_memory_untouched(b);
    ck_assert_uint_eq(s->count, count);
    ck_assert_uint_eq(s->last_fault[2].vector, X86_GP);
    ck_assert_uint_eq(s->last_fault[2].error, 0x20);
    ck_assert_uint_eq(s->last_fault[1].vector, X86_NP);
    ck_assert_uint_eq(s->last_fault[1].error, X86_GP * 8 + 3);
    ck_assert_uint_eq(s->last_fault[0].vector, X86_GP);
    ck_assert_uint_eq(s->last_fault[0].error, 1);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(s->last_fault_eip[i], HERE);
    ck_assert_ptr_nonnull(newest(b, TRACE_SHUTDOWN));
    ck_assert_uint_eq(newest(b, TRACE_TRAP)->vector, X86_DF_ABORT);
    s->attention |= X86_ATTEND_INTR | X86_ATTEND_NMI;
    ck_assert(!x86_boundary(b->c));
    ck_assert(!in_progress(b));
    bench_free(b);
}
END_TEST

/* --- clocks (i486 PRM) ------------------------------------------------------------------------ */

static const struct {
    const char *what;
    enum x86_cause cause;
    uint8_t vector;
    unsigned clocks;
} clock_rows[] = {
    {"real", X86_CAUSE_INT_N, 0x40, 30},
    {"real", X86_CAUSE_INT3, 3, 26},
    {"real", X86_CAUSE_INTO, 4, 28},
    {"real", X86_CAUSE_INTR, 0x40, 26 + 11},
    {"same", X86_CAUSE_INT_N, 0x40, 44},
    {"same", X86_CAUSE_INT3, 3, 44},
    {"same", X86_CAUSE_INTO, 4, 46},
    {"same", X86_CAUSE_FAULT, X86_UD, 44},
    {"same", X86_CAUSE_FAULT, X86_PF_FAULT, 44 + 24},
    {"same", X86_CAUSE_NMI, 2, 44 + 3},
    {"same", X86_CAUSE_INTR, 0x40, 44 + 11},
    {"inner", X86_CAUSE_INT_N, 0x40, 71},
    {"inner", X86_CAUSE_INT3, 3, 71},
    {"inner", X86_CAUSE_INTO, 4, 73},
    {"inner", X86_CAUSE_INTR, 0x42, 71 + 11},
    {"inner", X86_CAUSE_FAULT, X86_PF_FAULT, 71 + 24},
    {"v86", X86_CAUSE_INT_N, 0x40, 86},
    {"v86", X86_CAUSE_INT3, 3, 82},
    {"v86", X86_CAUSE_INTO, 4, 84},
};

#define CLOCK_ROWS ((int)(sizeof clock_rows / sizeof clock_rows[0]))

static struct bench *bench_case(const char *what)
{
    if (strcmp(what, "real") == 0)
        return bench_real();
    struct bench *b = strcmp(what, "v86") == 0
                          ? bench_v86(3)
                          : bench_protected(strcmp(what, "inner") == 0 ? 3 : 0);
    for (unsigned v = 0; v < 32; v++)
        put_gate(b, v, 0xee, KCODE, handler(v));
    return b;
}

START_TEST(clocks_of_deliveries)
{
    struct bench *b = bench_case(clock_rows[_i].what);
    ticks begun = b->clock.s.now;
    bool fault = clock_rows[_i].cause == X86_CAUSE_FAULT;
    if (fault)
        begin_exception(b, clock_rows[_i].vector, clock_rows[_i].vector == X86_PF_FAULT, 0);
    else
        begin_cause(b, clock_rows[_i].cause, clock_rows[_i].vector);
    finish(b);
    ck_assert_uint_eq(b->clock.s.now - begun, clock_rows[_i].clocks);
    ck_assert_uint_eq(events_of(b, TRACE_FAULTED), 0);
    bench_free(b);
}
END_TEST

/* The total is the same when the descriptors' accessed bits have to be set, and with error code. */
START_TEST(clocks_do_not_depend_on_accessed_bits)
{
    struct bench *b = bench_case(_i == 0 ? "same" : _i == 1 ? "inner" : "v86");
    b->ram.bytes[GDT + KCODE + 5] = 0x9a;
    b->ram.bytes[GDT + KDATA + 5] = 0x92;
    ticks begun = b->clock.s.now;
    begin_exception(b, X86_GP, true, 0);
    finish(b);
    static const unsigned clocks[] = {44, 71, 82};
    ck_assert_uint_eq(b->clock.s.now - begun, clocks[_i]);
    bench_free(b);
}
END_TEST

START_TEST(clocks_of_returns)
{
    struct bench *b = _i == 0 ? bench_real() : _i == 1 ? bench_v86(3) : bench_protected(0);
    uint32_t at = b->c->s.segment[X86_SS].base + b->c->s.gpr[X86_ESP] - 64;
    b->c->s.gpr[X86_ESP] -= 64;
    const uint32_t code[] = {0x300, 0x300, KCODE, UCODE + 3, 0x300};
    put32(b, at, 0x44);
    put32(b, at + 4, code[_i]);
    put32(b, at + 8, _i == 4 ? X86_VM : 0);
    put32(b, at + 12, 0x1000);
    put32(b, at + 16, UDATA + 3);
    ticks begun = b->clock.s.now;
    begin_iret(b, 4);
    finish(b);
    static const unsigned clocks[] = {15, 15, 20, 36, 36};
    ck_assert_uint_eq(b->clock.s.now - begun, clocks[_i]);
    ck_assert_uint_eq(events_of(b, TRACE_FAULTED), 0);
    bench_free(b);
}
END_TEST

START_TEST(costs_of_the_steps_are_their_ticks)
{
    struct bench *b = bench_protected(3);
    begin_int(b, 0x40);
    finish(b);
    ticks now = 0;
    for (uint64_t n = 0; n < b->trace.written; n++) {
        const struct trace_event *event = trace_at(&b->trace, n);
        ck_assert_uint_eq(event->tick, now);
        ck_assert_uint_eq(event->count, b->before.count);
        now += event->cost;
    }
    ck_assert_uint_eq(now, 71);
    bench_free(b);
}
END_TEST

/* --- stopping between any two steps ----------------------------------------------------------- */

enum scene {
    SCENE_REAL,
    SCENE_SAME,
    SCENE_INNER,
    SCENE_V86,
    SCENE_TASK,
    SCENE_TO_V86,
    SCENE_OUTER,
    SCENE_TASK_RETURN,
    SCENE_DOUBLE_FAULT,
    SCENE_TRIPLE_FAULT,
    SCENES,
};

static struct bench *begin_scene(int scene)
{
    struct bench *b = scene == SCENE_REAL    ? bench_real()
                      : scene == SCENE_V86   ? bench_v86(3)
                      : scene == SCENE_INNER ? bench_protected(3)
                                             : bench_protected(0);
    b->ram.bytes[GDT + KCODE + 5] &= 0xfe;
    put32(b, TSS2 + 0x20, 0x7000);
    put32(b, TSS2 + 0x28 + 4 * X86_ESP, TASK2_STACK);
    for (unsigned i = 0; i < 6; i++)
        put32(b, TSS2 + 0x48 + 4 * i, i == X86_CS ? KCODE : KDATA);
    if (scene == SCENE_TASK)
        put_gate(b, 0x40, 0x85, TSS2_SEL, 0);
    if (scene <= SCENE_TASK) {
        if (scene == SCENE_TASK)
            begin_cause(b, X86_CAUSE_INTR, 0x40);
        else
            begin_int(b, 0x40);
        return b;
    }
    uint32_t at = KERNEL_STACK - 64;
    b->c->s.gpr[X86_ESP] = at;
    put32(b, at, 0x44);
    put32(b, at + 4, scene == SCENE_OUTER ? UCODE + 3u : 0x300);
    put32(b, at + 8, scene == SCENE_TO_V86 ? X86_VM : 0);
    put32(b, at + 12, 0x1000);
    put32(b, at + 16, UDATA + 3);
    if (scene == SCENE_TASK_RETURN) {
        b->c->s.eflags |= X86_NT;
        put16(b, TSS, TSS2_SEL);
        b->ram.bytes[GDT + TSS2_SEL + 5] = 0x8b;
    }
    if (scene <= SCENE_TASK_RETURN) {
        begin_iret(b, 4);
        return b;
    }
    put_gate(b, X86_GP, 0x0e, KCODE, handler(X86_GP));
    if (scene == SCENE_TRIPLE_FAULT)
        put_gate(b, X86_DF_ABORT, 0x0e, KCODE, handler(8));
    begin_exception(b, X86_GP, true, 0x20);
    return b;
}

static void expect_same_machine(const struct bench *a, const struct bench *b)
{
    ck_assert_int_eq(memcmp(&a->c->s, &b->c->s, sizeof a->c->s), 0);
    ck_assert_int_eq(memcmp(a->ram.bytes, b->ram.bytes, RAM_SIZE), 0);
    ck_assert_uint_eq(a->clock.s.now, b->clock.s.now);
}

/* Takes the state out after k steps, puts it into another machine, goes on there. */
START_TEST(resumes_between_any_two_steps)
{
    for (unsigned k = 0;; k++) {
        struct bench *straight = begin_scene(_i), *first = begin_scene(_i), *second = bench_new();
        x86_micro_run(straight->c);
        ck_assert(!in_progress(straight));
        for (unsigned i = 0; i < k && in_progress(first); i++)
            x86_micro_step(first->c);
        bool more = in_progress(first);
        if (more)
            ck_assert_uint_eq(first->c->s.micro.done, k);
        ck_assert(x86_micro_valid(&first->c->s.micro));
        second->c->s = first->c->s;
        second->clock.s.now = first->clock.s.now;
        memcpy(second->ram.bytes, first->ram.bytes, RAM_SIZE);
        memset(&first->c->s, 0xcc, sizeof first->c->s);
        while (in_progress(second))
            x86_micro_step(second->c);
        expect_same_machine(straight, second);
        bench_free(straight);
        bench_free(first);
        bench_free(second);
        if (!more)
            break;
    }
}
END_TEST

START_TEST(a_run_writes_the_records_of_the_steps)
{
    struct bench *a = begin_scene(_i), *b = begin_scene(_i);
    x86_micro_run(a->c);
    finish(b);
    expect_same_machine(a, b);
    ck_assert_uint_eq(a->trace.written, b->trace.written);
    for (uint64_t n = 0; n < a->trace.written; n++) {
        const struct trace_event *x = trace_at(&a->trace, n), *y = trace_at(&b->trace, n);
        ck_assert_uint_eq(x->tick, y->tick);
        ck_assert_uint_eq(x->count, y->count);
        ck_assert_int_eq(
            memcmp(&x->kind, &y->kind,
                   offsetof(struct trace_event, b) + 4 - offsetof(struct trace_event, kind)),
            0);
    }
    bench_free(a);
    bench_free(b);
}
END_TEST

START_TEST(a_run_wraps_in_the_ring)
{
    for (uint64_t at = TRACE_EVENTS - 70; at <= TRACE_EVENTS; at++) {
        struct bench *a = begin_scene(SCENE_INNER), *b = begin_scene(SCENE_INNER);
        a->trace.written = at;
        x86_micro_run(a->c);
        x86_micro_run(b->c);
        expect_same_machine(a, b);
        ck_assert_uint_eq(a->trace.written - at, b->trace.written - 1);
        const struct trace_event *x = trace_at(&a->trace, a->trace.written - 1);
        ck_assert_uint_eq(x->kind, TRACE_ENTERED);
        ck_assert_uint_eq(x->addr, handler(0x40));
        bench_free(a);
        bench_free(b);
    }
}
END_TEST

static struct seen {
    unsigned micro, accesses, stop_at;
    uint32_t last_write;
} seen;

static bool see_micro(void *context, struct cpu *cpu, const struct trace_event *event)
{
    (void)context;
    (void)cpu;
    ck_assert_uint_eq(event->kind, TRACE_STEP);
    return ++seen.micro == seen.stop_at;
}

static bool see_access(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    (void)context;
    (void)cpu;
    seen.accesses++;
    ck_assert(access->micro);
    if (access->write)
        seen.last_write = access->linear;
    return false;
}

START_TEST(observers_see_each_step)
{
    struct cpu_observer observer = {.access = see_access, .micro = see_micro};
    struct bench *plain = begin_scene(SCENE_INNER), *b = begin_scene(SCENE_INNER);
    seen = (struct seen){.stop_at = 5};
    b->c->observer = &observer;
    for (unsigned i = 0; i < 5; i++) {
        ck_assert(!b->c->stop_requested);
        ck_assert(x86_micro_run(b->c));
    }
    ck_assert(b->c->stop_requested);
    while (x86_micro_run(b->c))
        ;
    x86_micro_run(plain->c);
    expect_same_machine(plain, b);
    ck_assert_uint_eq(seen.micro, events_of(plain, TRACE_STEP));
    ck_assert_uint_eq(seen.accesses, 8 + 5 + 1); /* one accessed bit was clear */
    ck_assert_uint_eq(seen.last_write, KERNEL_STACK - 20);
    bench_free(plain);
    bench_free(b);
}
END_TEST

START_TEST(every_step_is_described)
{
    for (unsigned i = 1; i < X86_STEPS; i++) {
        const struct x86_step_info *row = &x86_steps[i];
        ck_assert(row->id != NULL && row->name[0] != '\0' && row->manual[0] != '\0');
        ck_assert_msg(row->text[strlen(row->text) - 1] == '.', "%s: no sentence", row->id);
        ck_assert_uint_ne(row->program, X86_PROGRAM_NONE);
        ck_assert_uint_lt(row->program, X86_PROGRAMS);
        bool check = row->kind == TRACE_CHECK;
        ck_assert_msg(check == (row->format != NULL), "%s: format", row->id);
        ck_assert_msg(row->remedy == NULL || check, "%s: remedy", row->id);
    }
}
END_TEST

START_TEST(operands_in_words)
{
    struct bench *b = bench_protected(3);
    begin_int(b, 0x42);
    until_fault(b);
    const struct trace_event *event = newest(b, TRACE_STEP);
    while (event->step != X86_STEP_GATE_DPL)
        event--;
    char text[160];
    ck_assert_str_eq(x86_step_fill(event, x86_steps[event->step].format, text, sizeof text),
                     "gate.DPL 0 >= CPL 3");
    x86_step_fill(event, x86_steps[event->step].remedy, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "IDT entry 66"));
    x86_step_fill(event, x86_steps[event->step].remedy, text, 8);
    ck_assert_uint_lt(strlen(text), 8);
    bench_free(b);
}
END_TEST

START_TEST(hostile_micro_states_are_refused)
{
    struct x86_micro good = {.program = X86_PROGRAM_GATE,
                             .state = X86_STEP_GATE_TYPE,
                             .cause = X86_CAUSE_INT_N,
                             .size = 4,
                             .first_class = 1};
    ck_assert(x86_micro_valid(&good));
    struct x86_micro bad = good;
    switch (_i) {
    case 0: bad.program = X86_PROGRAMS; break;
    case 1: bad.program = X86_PROGRAM_WALK; break;
    case 2: bad.state = X86_STEP_TASK_EIP; break;
    case 3: bad.state = 255; break;
    case 4: bad.cause = X86_CAUSES; break;
    case 5: bad.size = 3; break;
    case 6: bad.new_cpl = 4; break;
    case 7: bad.index = 8; break;
    case 8: bad.program = X86_PROGRAM_NONE; break;
    case 9: bad.first_class = 5; break;
    }
    ck_assert(!x86_micro_valid(&bad));
}
END_TEST

static void add(TCase *t)
{
    tcase_add_loop_test(t, second_fault_contributory, 0, MATRIX);
    tcase_add_loop_test(t, second_fault_page, 0, MATRIX);
    tcase_add_test(t, page_fault_in_page_fault_is_double);
    tcase_add_test(t, np_in_np_is_double);
    tcase_add_test(t, a_fault_of_the_handler_is_not_double);
    tcase_add_test(t, triple_fault_is_shutdown);
    tcase_add_loop_test(t, clocks_of_deliveries, 0, CLOCK_ROWS);
    tcase_add_loop_test(t, clocks_do_not_depend_on_accessed_bits, 0, 3);
    tcase_add_loop_test(t, clocks_of_returns, 0, 5);
    tcase_add_test(t, costs_of_the_steps_are_their_ticks);
    tcase_add_loop_test(t, resumes_between_any_two_steps, 0, SCENES);
    tcase_add_loop_test(t, a_run_writes_the_records_of_the_steps, 0, SCENES);
    tcase_add_test(t, a_run_wraps_in_the_ring);
    tcase_add_test(t, observers_see_each_step);
    tcase_add_test(t, every_step_is_described);
    tcase_add_test(t, operands_in_words);
    tcase_add_loop_test(t, hostile_micro_states_are_refused, 0, 10);
}

int main(void)
{
    return bench_main("x86_trap_events", add);
}
