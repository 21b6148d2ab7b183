/* The x87 inside the processor: who may use it, when its exceptions are told, what lies in memory.
 * What its instructions compute is compared with silicon by tests/oracle. */
#include "cpu/x86/fpu.h"

#include "tests/unit/x86_bench.h"

enum { CODE_AT = 0x9000, DATA_AT = 0xa000 };

/* Ring 0, flat, with this code, and CR0.NE set. */
static struct bench *with_code(const void *code, size_t length)
{
    struct bench *b = bench_protected(0);
    memcpy(b->ram.bytes + CODE_AT, code, length);
    b->c->s.eip = CODE_AT;
    b->c->s.cr0 |= X86_CR0_NE;
    b->c->cpu.ops->memory_changed(&b->c->cpu, 0, 0);
    return b;
}

#define CODE(...) with_code((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void run(struct bench *b, uint64_t instructions)
{
    struct cpu *cpu = &b->c->cpu;
    cpu->ops->run(cpu,
                  (struct cpu_limit){.tick = CLOCK_NEVER, .count = b->c->s.count + instructions});
}

/* Vector of the newest trap, -1 = none. */
static int trapped(const struct bench *b)
{
    const struct trace_event *trap = newest(b, TRACE_TRAP);
    return trap == NULL ? -1 : (int)trap->vector;
}

/* SDM vol. 3, table 9-3. */
static const struct {
    uint32_t cr0;
    uint8_t code[2];
    int vector;
} absent[] = {
    {X86_CR0_EM, {0xd9, 0xe8}, X86_NM},
    {X86_CR0_TS, {0xd9, 0xe8}, X86_NM},
    {X86_CR0_EM, {0xdb, 0x08}, X86_NM},
    {0, {0xdb, 0x08}, X86_UD},
    {X86_CR0_EM, {0x9b, 0x90}, -1},
    {X86_CR0_MP, {0x9b, 0x90}, -1},
    {X86_CR0_TS, {0x9b, 0x90}, -1},
    {X86_CR0_MP | X86_CR0_TS, {0x9b, 0x90}, X86_NM},
    {0, {0xd9, 0xe8}, -1},
};

START_TEST(device_not_available)
{
    struct bench *b = with_code(absent[_i].code, 2);
    b->c->s.cr0 |= absent[_i].cr0;
    bench_mark(b);
    run(b, 1);
    ck_assert_int_eq(trapped(b), absent[_i].vector);
    bench_free(b);
}
END_TEST

/* FLDCW with ZE unmasked; FLD1, FLDZ, FDIVP; then this instruction. */
static struct bench *divided(const uint8_t next[4])
{
    uint8_t code[] = {0xd9, 0x2d, 0x00, 0xa0, 0, 0, 0xd9, 0xe8, 0xd9, 0xee, 0xde, 0xf9, 0, 0, 0, 0};
    memcpy(code + 12, next, 4);
    struct bench *b = with_code(code, sizeof code);
    put16(b, DATA_AT, 0x37b);
    run(b, 4);
    return b;
}

/* SDM vol. 1, 8.6: the exception is told by the next instruction that waits. */
static const struct {
    const char *what;
    uint8_t code[4];
    bool told;
} after[] = {
    {"WAIT", {0x9b}, true},           {"FLD1", {0xd9, 0xe8}, true},
    {"FNOP", {0xd9, 0xd0}, true},     {"FLDCW", {0xd9, 0x28}, true},
    {"FNCLEX", {0xdb, 0xe2}, false},  {"FNINIT", {0xdb, 0xe3}, false},
    {"FNSTSW", {0xdf, 0xe0}, false},  {"FNSTCW", {0xd9, 0x38}, false},
    {"FNSTENV", {0xd9, 0x30}, false}, {"FNSAVE", {0xdd, 0x30}, false},
    {"NOP", {0x90}, false},
};

START_TEST(exceptions_wait)
{
    struct bench *b = divided(after[_i].code);
    ck_assert_int_eq(trapped(b), -1);
    ck_assert_uint_ne(b->c->s.fpu.status & X86_FPU_ES, 0);
    b->c->s.gpr[X86_EAX] = DATA_AT + 0x100;
    uint32_t at = b->c->s.eip;
    bench_mark(b);
    run(b, 1);
    ck_assert_msg((trapped(b) == X86_MF) == after[_i].told, "%s", after[_i].what);
    if (after[_i].told)
        ck_assert_uint_eq(newest(b, TRACE_TRAP)->addr, at);
    bench_free(b);
}
END_TEST

static unsigned ferr_pin;
static bool ferr_level;

static void ferr(void *sink, unsigned pin, bool level)
{
    (void)sink;
    ferr_pin = pin;
    ferr_level = level;
}

/* CR0.NE = 0: the PC's way, by an interrupt (i486 PRM, 16.2.2). */
START_TEST(ferr_follows_the_exception)
{
    struct bench *b = divided((const uint8_t[4]){0x9b, 0xdb, 0xe2});
    b->c->s.cr0 &= ~(uint32_t)X86_CR0_NE;
    b->c->ferr = (struct irq_line){ferr, NULL, 13};
    b->c->s.eip = CODE_AT + 10;
    run(b, 1); /* FDIVP again: on an empty stack, but what waits stays */
    ck_assert_uint_eq(ferr_pin, 13);
    ck_assert(ferr_level);
    bench_mark(b);
    run(b, 2);
    ck_assert_int_eq(trapped(b), -1);
    ck_assert(!ferr_level);
    bench_free(b);
}
END_TEST

/* FSAVE that runs into a page that is not there leaves x87 and memory as they were. */
START_TEST(fault_in_the_middle)
{
    struct bench *b =
        CODE(0xd9, 0xe8, 0xdd, 0x35, 0xf0, 0xaf, 0x00, 0x00); /* FLD1; FNSAVE [AFF0] */
    bench_paging(b);
    put32(b, pte_of(0xb000), 0);
    run(b, 1);
    struct x86_fpu before = b->c->s.fpu;
    uint32_t word = get32(b, 0xaff0);
    bench_mark(b);
    run(b, 1);
    ck_assert_int_eq(trapped(b), X86_PF_FAULT);
    ck_assert_uint_eq(b->c->s.cr2, 0xb000);
    ck_assert_mem_eq(&before, &b->c->s.fpu, sizeof before);
    ck_assert_uint_eq(get32(b, 0xaff0), word);
    bench_free(b);
}
END_TEST

/* FLD1; FSTP [DATA]; FNSTENV [DATA+40]: pointers of the last instruction (SDM vol. 1, figure 8-9).
 */
START_TEST(environment)
{
    struct bench *b = CODE(0xd9, 0xe8, 0xd9, 0x1d, 0x00, 0xa0, 0, 0, 0xd9, 0x35, 0x40, 0xa0, 0, 0);
    run(b, 3);
    ck_assert_uint_eq(get32(b, DATA_AT), 0x3f800000);
    ck_assert_uint_eq(get32(b, DATA_AT + 0x40), 0xffff037f);
    ck_assert_uint_eq(get32(b, DATA_AT + 0x48), 0xffffffff);
    ck_assert_uint_eq(get32(b, DATA_AT + 0x4c), CODE_AT + 2);
    ck_assert_uint_eq(get16(b, DATA_AT + 0x50), b->c->s.segment[X86_CS].selector);
    ck_assert_uint_eq(get16(b, DATA_AT + 0x52), 0x11d);
    ck_assert_uint_eq(get32(b, DATA_AT + 0x54), DATA_AT);
    ck_assert_uint_eq(get32(b, DATA_AT + 0x58), 0xffff0000u | b->c->s.segment[X86_DS].selector);
    bench_free(b);
}
END_TEST

/* Real mode, 16 bits: linear addresses (SDM vol. 1, figure 8-12). */
START_TEST(environment_real)
{
    struct bench *b = bench_real();
    struct x86_state *s = &b->c->s;
    const uint8_t code[] = {0xd9, 0xe8, 0xd9, 0x1e, 0x00, 0x01, 0xd9, 0x36, 0x40, 0x01};
    s->segment[X86_CS] =
        (struct x86_segment){0x1000, s->segment[X86_CS].attributes, 0x10000, 0xffff};
    s->segment[X86_DS] =
        (struct x86_segment){0x1200, s->segment[X86_DS].attributes, 0x12000, 0xffff};
    s->eip = 0x20;
    memcpy(b->ram.bytes + 0x10020, code, sizeof code);
    b->c->cpu.ops->memory_changed(&b->c->cpu, 0, 0);
    x86_mode_changed(b->c);
    run(b, 3);
    ck_assert_uint_eq(get16(b, 0x12140), 0x37f);
    ck_assert_uint_eq(get16(b, 0x12146), 0x0022);
    ck_assert_uint_eq(get16(b, 0x12148), 0x1000 | 0x11e);
    ck_assert_uint_eq(get16(b, 0x1214a), 0x2100);
    ck_assert_uint_eq(get16(b, 0x1214c), 0x1000);
    bench_free(b);
}
END_TEST

/* i486 PRM, ch. 26. */
static const struct {
    uint8_t code[6];
    unsigned ticks;
} costs[] = {
    {{0xd9, 0xe8}, 4},                /* FLD1 */
    {{0xd9, 0xeb}, 8},                /* FLDPI */
    {{0xdf, 0xe0}, 3},                /* FNSTSW AX */
    {{0xdb, 0xe3}, 17},               /* FNINIT */
    {{0xd9, 0x05, 0, 0xa0, 0, 0}, 3}, /* FLD m32 */
    {{0xdb, 0x2d, 0, 0xa0, 0, 0}, 6}, /* FLD m80 */
};

START_TEST(published_clocks)
{
    struct bench *b = with_code(costs[_i].code, sizeof costs[_i].code);
    ticks before = b->clock.s.now;
    run(b, 1);
    ck_assert_uint_eq(b->clock.s.now - before, costs[_i].ticks);
    bench_free(b);
}
END_TEST

/* A state from a file: an ES without an exception, bits that no control word has. */
START_TEST(state_is_judged)
{
    struct x86_fpu fpu = {0};
    x86_fpu_init(&fpu);
    ck_assert(x86_fpu_valid(&fpu));
    fpu.status = X86_FPU_ES | X86_FPU_B;
    ck_assert(!x86_fpu_valid(&fpu));
    fpu.status = 0;
    fpu.control = 0xffff;
    ck_assert(!x86_fpu_valid(&fpu));
    fpu.control = 0x37f;
    fpu.opcode = 0x800;
    ck_assert(!x86_fpu_valid(&fpu));
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, device_not_available, 0, sizeof absent / sizeof absent[0]);
    tcase_add_loop_test(tests, exceptions_wait, 0, sizeof after / sizeof after[0]);
    tcase_add_test(tests, ferr_follows_the_exception);
    tcase_add_test(tests, fault_in_the_middle);
    tcase_add_test(tests, environment);
    tcase_add_test(tests, environment_real);
    tcase_add_loop_test(tests, published_clocks, 0, sizeof costs / sizeof costs[0]);
    tcase_add_test(tests, state_is_judged);
}

int main(void)
{
    return bench_main("x86_fpu", add);
}
