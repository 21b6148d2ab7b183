/* Unit tests of the pipeline's picture: the stages, stalls and squashed instructions of small
 * programs by the rules (IDT R30xx manual: which stage finds what; Kane: 12 and 35 ticks until HI
 * and LO are there), and that its ticks are the clock's over long random programs. */
#include "cpu/mips/pipeline.h"

#include <stdio.h>

#include "tests/unit/mips_bench.h"

#define I_MULT(rs, rt) r_type(0x18, 0, rs, rt, 0)
#define I_DIV(rs, rt)  r_type(0x1a, 0, rs, rt, 0)
#define I_MFLO(rd)     r_type(0x12, rd, 0, 0, 0)
#define I_MFHI(rd)     r_type(0x10, rd, 0, 0, 0)
#define BEQ(rs, rt, n) i_type(4, rt, rs, n)
#define I_ERET         0x42000018u

/* --- watching -----------------------------------------------------------------------------------
 */

#define ROOM 64u

struct picture {
    struct bench *b;
    struct mips_log log;
    struct cpu_observer observer;
    struct mips_issue issue[ROOM];
    struct mips_passage passage[ROOM];
    ticks start;
};

static bool before(void *log, struct cpu *cpu, uint32_t pc)
{
    (void)pc;
    mips_log_before(log, (const struct mips *)cpu);
    return false;
}

static bool stepped(void *log, struct cpu *cpu, const struct trace_event *event)
{
    mips_log_step(log, (const struct mips *)cpu, event);
    return false;
}

static struct cpu_observer watch(struct mips_log *log)
{
    return (struct cpu_observer){.context = log, .insn = before, .micro = stepped};
}

static struct picture *picture_new_of(const struct mips_model *model)
{
    struct picture *p = calloc(1, sizeof *p);
    ck_assert_ptr_nonnull(p);
    p->b = bench_new_of(model);
    p->log = (struct mips_log){.issue = p->issue, .room = ROOM};
    p->observer = watch(&p->log);
    return p;
}

static struct picture *picture_new(void)
{
    return picture_new_of(&mips_r3000);
}

static void picture_free(struct picture *p)
{
    bench_free(p->b);
    free(p);
}

static void take(struct picture *p, unsigned actions)
{
    struct mips *c = p->b->c;
    p->start = p->b->clock.s.now;
    c->cpu.ops->observe(&c->cpu, &p->observer);
    bench_run(p->b, actions);
    c->cpu.ops->observe(&c->cpu, NULL);
    mips_pipeline(c->model, p->issue, p->log.used, p->start, p->passage);
}

/* "IF RD ALU MEM WB" from the tick of the picture's beginning on: a stage that goes on is "+",
 * where it is killed "!", and nothing ".". */
static void expect_row(const struct picture *p, unsigned number, const char *expected)
{
    char text[200] = "";
    const struct mips_passage *passage = &p->passage[number];
    ck_assert_uint_lt(number, p->log.used);
    for (ticks tick = p->start; tick < passage->leave; tick++) {
        unsigned stage = mips_stage_at(passage, tick);
        bool goes_on = tick > p->start && stage != 0 && stage == mips_stage_at(passage, tick - 1);
        bool found = p->issue[number].end == MIPS_TRAPPED && tick == passage->leave - 1;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s%s", used > 0 ? " " : "",
                 stage == 0 ? "."
                 : goes_on  ? "+"
                            : mips_stage_name(p->b->c->model, (enum mips_stage)stage),
                 found ? "!" : "");
    }
    ck_assert_str_eq(text, expected);
}

static void expect_squashed(const struct picture *p, unsigned number, uint32_t pc, uint32_t word)
{
    ck_assert_uint_lt(number, p->log.used);
    ck_assert_uint_eq(p->issue[number].end, MIPS_SQUASHED);
    ck_assert_uint_eq(p->issue[number].pc, pc);
    ck_assert(p->issue[number].readable);
    ck_assert_uint_eq(p->issue[number].word, word);
}

/* --- one after another --------------------------------------------------------------------------
 */

START_TEST(a_stage_a_tick)
{
    struct picture *p = picture_new();
    bench_code(p->b, ADDIU(V0, ZERO, 1), BEQ(ZERO, ZERO, 2), ADDIU(V1, ZERO, 2), NOP,
               LW(T0, T1, 0));
    p->b->c->s.gpr[T1] = DATA;
    take(p, 4);
    expect_row(p, 0, "IF RD ALU MEM WB");
    expect_row(p, 1, ". IF RD ALU MEM WB");
    expect_row(p, 2, ". . IF RD ALU MEM WB");
    expect_row(p, 3, ". . . IF RD ALU MEM WB");
    ck_assert(p->issue[2].in_slot && !p->issue[1].in_slot && !p->issue[3].in_slot);
    ck_assert_uint_eq(p->issue[3].pc, HERE + 16);
    ck_assert_uint_eq(p->log.used, 4);
    picture_free(p);
}
END_TEST

START_TEST(return_without_a_bubble)
{
    struct picture *p = picture_new();
    bench_code(p->b, JR(K0), I_RFE, NOP);
    p->b->c->s.gpr[K0] = DATA;
    take(p, 3);
    expect_row(p, 0, "IF RD ALU MEM WB");
    expect_row(p, 1, ". IF RD ALU MEM WB");
    expect_row(p, 2, ". . IF RD ALU MEM WB");
    ck_assert_uint_eq(p->issue[2].pc, DATA);
    picture_free(p);
}
END_TEST

/* --- HI and LO ----------------------------------------------------------------------------------
 */

START_TEST(product_is_waited_for)
{
    struct picture *p = picture_new();
    bench_code(p->b, I_MULT(T0, T1), I_MFLO(V0), NOP, NOP);
    take(p, 4);
    expect_row(p, 0, "IF RD ALU MEM WB");
    expect_row(p, 1, ". IF RD + + + + + + + + + + + ALU MEM WB");
    expect_row(p, 2, ". . IF + + + + + + + + + + + RD ALU MEM WB");
    expect_row(p, 3, ". . . . . . . . . . . . . . IF RD ALU MEM WB");
    ck_assert_uint_eq(p->passage[1].waited, 11);
    ck_assert_uint_eq(p->passage[1].maker, 0);
    ck_assert_uint_eq(p->passage[2].waited, 0);
    picture_free(p);
}
END_TEST

START_TEST(quotient_is_waited_for)
{
    struct picture *p = picture_new();
    bench_code(p->b, I_DIV(T0, T1), NOP, I_MFHI(V0), I_MFLO(V0));
    take(p, 4);
    ck_assert_uint_eq(p->passage[2].waited, 33);
    ck_assert_uint_eq(p->passage[2].maker, 0);
    ck_assert_uint_eq(p->passage[3].waited, 0);
    ck_assert_uint_eq(p->passage[3].enter[MIPS_ALU], p->start + 38);
    picture_free(p);
}
END_TEST

START_TEST(two_products_in_a_row)
{
    struct picture *p = picture_new();
    bench_code(p->b, I_MULT(T0, T1), I_MULT(T0, T1), I_MFLO(V0));
    take(p, 3);
    ck_assert_uint_eq(p->passage[1].waited, 11);
    ck_assert_uint_eq(p->passage[2].waited, 11);
    ck_assert_uint_eq(p->passage[2].maker, 1);
    picture_free(p);
}
END_TEST

START_TEST(work_hides_the_wait)
{
    struct picture *p = picture_new();
    uint32_t code[14] = {I_MULT(T0, T1)};
    code[12] = I_MFLO(V0);
    bench_code_words(p->b, code, 14);
    take(p, 13);
    ck_assert_uint_eq(p->passage[12].waited, 0);
    ck_assert_uint_eq(p->b->clock.s.now, p->start + 13);
    picture_free(p);
}
END_TEST

START_TEST(made_before_the_list)
{
    struct picture *p = picture_new();
    bench_code(p->b, I_MULT(T0, T1), I_MFLO(V0), NOP);
    bench_run(p->b, 1);
    ticks ready = p->b->clock.s.now + 11;
    take(p, 2);
    mips_pipeline(p->b->c->model, p->issue, p->log.used, ready, p->passage);
    ck_assert_uint_eq(p->passage[0].waited, 11);
    ck_assert(p->passage[0].maker == MIPS_NO_MAKER);
    ck_assert_uint_eq(p->passage[1].late, 0);
    ck_assert(!p->passage[1].early);
    picture_free(p);
}
END_TEST

/* Its own time stands still while the processor waits. */
START_TEST(waiting_makes_nothing_ready)
{
    struct picture *p = picture_new();
    bench_code(p->b, I_MULT(T0, T1), I_WAIT, I_MFLO(V0), NOP);
    take(p, 2);
    p->b->clock.s.now += 100;
    mips_pin(p->b->c, 0, true);
    ticks start = p->start;
    take(p, 2);
    mips_pipeline(p->b->c->model, p->issue, p->log.used, start, p->passage);
    ck_assert_uint_eq(p->passage[2].late, 100);
    ck_assert_uint_eq(p->passage[2].waited, 10);
    ck_assert_uint_eq(p->passage[3].late, 0);
    ck_assert(!p->passage[3].early);
    picture_free(p);
}
END_TEST

/* --- exceptions ---------------------------------------------------------------------------------
 */

START_TEST(found_in_rd)
{
    struct picture *p = picture_new();
    bench_code(p->b, ADDIU(V0, ZERO, 6), I_SYSCALL, ADDIU(S0, V0, 0), NOP);
    take(p, 3);
    expect_row(p, 0, "IF RD ALU MEM WB");
    expect_row(p, 1, ". IF RD!");
    expect_row(p, 2, ". . IF");
    expect_row(p, 3, ". . . IF RD ALU MEM WB");
    expect_squashed(p, 2, HERE + 8, ADDIU(S0, V0, 0));
    ck_assert_uint_eq(p->issue[1].exception, MIPS_SYS);
    ck_assert_uint_eq(p->issue[1].step, MIPS_STEP_SYSCALL);
    ck_assert_uint_eq(p->issue[3].pc, 0x80000080);
    picture_free(p);
}
END_TEST

START_TEST(found_in_alu)
{
    struct picture *p = picture_new();
    bench_code(p->b, ADD(V0, T0, T0), 1 << 6, 2 << 6, 3 << 6);
    p->b->c->s.gpr[T0] = 0x7fffffff;
    take(p, 2);
    expect_row(p, 0, "IF RD ALU!");
    expect_row(p, 1, ". IF RD");
    expect_row(p, 2, ". . IF");
    expect_row(p, 3, ". . . IF RD ALU MEM WB");
    expect_squashed(p, 1, HERE + 4, 1 << 6);
    expect_squashed(p, 2, HERE + 8, 2 << 6);
    picture_free(p);
}
END_TEST

START_TEST(found_in_mem)
{
    struct picture *p = picture_new();
    bench_code(p->b, LW(V0, T0, 1), 1 << 6, 2 << 6, 3 << 6);
    p->b->c->s.gpr[T0] = DATA;
    take(p, 2);
    expect_row(p, 0, "IF RD ALU MEM!");
    expect_row(p, 1, ". IF RD ALU");
    expect_row(p, 2, ". . IF RD");
    expect_row(p, 3, ". . . IF");
    expect_row(p, 4, ". . . . IF RD ALU MEM WB");
    expect_squashed(p, 3, HERE + 12, 3 << 6);
    picture_free(p);
}
END_TEST

START_TEST(found_in_if)
{
    struct picture *p = picture_new();
    bench_code(p->b, JR(T0), NOP);
    p->b->c->s.gpr[T0] = DATA + 2;
    take(p, 4);
    expect_row(p, 1, ". IF RD ALU MEM WB");
    expect_row(p, 2, ". . IF!");
    expect_row(p, 3, ". . . IF RD ALU MEM WB");
    ck_assert(!p->issue[2].readable);
    ck_assert_uint_eq(p->issue[2].pc, DATA + 2);
    picture_free(p);
}
END_TEST

/* It belongs to the instruction in ALU, here a branch: the slot and the target are fetched. */
START_TEST(interrupt)
{
    struct picture *p = picture_new();
    bench_code(p->b, NOP, BEQ(ZERO, ZERO, 3), 1 << 6, 2 << 6, 3 << 6, 4 << 6);
    take(p, 1);
    p->b->c->s.status = MIPS_IEC | MIPS_IM;
    p->b->c->s.cause |= 1u << 8;
    take(p, 2);
    expect_row(p, 1, "IF RD ALU!");
    expect_row(p, 2, ". IF RD");
    expect_row(p, 3, ". . IF");
    expect_row(p, 4, ". . . IF RD ALU MEM WB");
    ck_assert_uint_eq(p->issue[1].cause, MIPS_CAUSE_INTERRUPT);
    expect_squashed(p, 2, HERE + 8, 1 << 6);
    expect_squashed(p, 3, HERE + 20, 4 << 6);
    ck_assert(p->issue[2].in_slot && !p->issue[3].in_slot);
    picture_free(p);
}
END_TEST

/* Behind the slot is the target; behind a branch that does not jump, what follows the slot. */
START_TEST(squashed_behind_branches)
{
    struct picture *p = picture_new();
    bench_code(p->b, BEQ(ZERO, ZERO, 3), LW(V0, T0, 1), 2 << 6, 3 << 6, BEQ(T0, ZERO, 5), 5 << 6,
               6 << 6, 7 << 6);
    p->b->c->s.gpr[T0] = DATA;
    take(p, 2);
    expect_row(p, 1, ". IF RD ALU MEM!");
    expect_squashed(p, 2, HERE + 16, BEQ(T0, ZERO, 5));
    expect_squashed(p, 3, HERE + 20, 5 << 6);
    expect_squashed(p, 4, HERE + 24, 6 << 6);
    ck_assert(p->issue[1].in_slot && !p->issue[2].in_slot && p->issue[3].in_slot);
    picture_free(p);
}
END_TEST

/* A victim behind an instruction that is held has waited for its place. */
START_TEST(behind_a_wait)
{
    struct picture *p = picture_new();
    bench_code(p->b, I_DIV(T0, T1), I_MFLO(V0), I_BREAK, NOP);
    take(p, 4);
    ck_assert_uint_eq(p->passage[1].waited, 34);
    ck_assert_uint_eq(p->passage[2].enter[MIPS_IF], p->start + 2);
    ck_assert_uint_eq(p->passage[2].enter[MIPS_RD], p->start + 37);
    ck_assert_uint_eq(p->passage[3].enter[MIPS_IF], p->start + 37);
    ck_assert_uint_eq(p->passage[4].enter[MIPS_IF], p->start + 38);
    picture_free(p);
}
END_TEST

START_TEST(a_full_log_drops_the_rest)
{
    struct picture *p = picture_new();
    bench_code(p->b, NOP, I_SYSCALL);
    p->log.room = 2;
    take(p, 5);
    ck_assert_uint_eq(p->log.used, 2);
    ck_assert_uint_eq(p->issue[1].end, MIPS_TRAPPED);
    picture_free(p);
}
END_TEST

/* --- the 4Kc ------------------------------------------------------------------------------------
 * Stages I E M A W. Exceptions are taken in M; an interrupt takes 5 clocks (IDT 79RC32438 manual).
 */

START_TEST(taken_in_m)
{
    static const uint32_t words[] = {I_SYSCALL, I_BREAK, I_RESERVED, LW(V0, T0, 1)};
    struct picture *p = picture_new_of(&mips_mips32);
    bench_code(p->b, words[_i], 1 << 6, 2 << 6, 3 << 6);
    p->b->c->s.gpr[T0] = DATA;
    take(p, 2);
    expect_row(p, 0, "I E M!");
    expect_row(p, 1, ". I E");
    expect_row(p, 2, ". . I");
    expect_row(p, 3, ". . . I E M A W");
    expect_squashed(p, 2, HERE + 8, 2 << 6);
    ck_assert_uint_eq(p->issue[3].pc, 0x80000180);
    picture_free(p);
}
END_TEST

START_TEST(interrupt_of_five_clocks)
{
    struct picture *p = picture_new_of(&mips_mips32);
    bench_code(p->b, NOP, NOP, NOP);
    p->b->c->s.status = MIPS_IE | MIPS_IM;
    p->b->c->s.cause |= 1u << 8;
    take(p, 2);
    expect_row(p, 0, "I E M!");
    expect_row(p, 2, ". . I");
    expect_row(p, 3, ". . . . . I E M A W");
    picture_free(p);
}
END_TEST

/* No delay slot: what was fetched is thrown away. */
START_TEST(eret_has_no_slot)
{
    struct picture *p = picture_new_of(&mips_mips32);
    bench_code(p->b, NOP, I_ERET, 1 << 6, 2 << 6);
    p->b->c->s.status = MIPS_EXL;
    p->b->c->s.epc = DATA;
    take(p, 3);
    expect_row(p, 1, ". I E M A W");
    expect_row(p, 2, ". . I");
    expect_row(p, 3, ". . . I E M A W");
    expect_squashed(p, 2, HERE + 8, 1 << 6);
    ck_assert_uint_eq(p->issue[1].end, MIPS_RETIRED);
    ck_assert_uint_eq(p->issue[3].pc, DATA);
    picture_free(p);
}
END_TEST

START_TEST(slips_in_e)
{
    struct picture *p = picture_new_of(&mips_mips32);
    bench_code(p->b, I_MULT(T0, T1), I_MFLO(V0), I_DIV(T0, T1), I_MFHI(V0));
    take(p, 4);
    expect_row(p, 1, ". I E + M A W");
    ck_assert_uint_eq(p->passage[3].waited, 32);
    picture_free(p);
}
END_TEST

/* --- long random programs -----------------------------------------------------------------------
 * In kernel and user mode, with every exception, software, timer and pin interrupts, RFE; the
 * handler takes where to go on, Status, Cause and Compare from a table. */

#define CODE       0x80010000u
#define USER_CODE  0x00010000u /* the same for user mode; jumps name the low 28 bits */
#define USER_DATA  0x00020000u
#define CODE_PAGES 4u
#define CODE_WORDS (CODE_PAGES * MEMORY_PAGE / 4)
#define TABLE      0x80040000u
#define ENTRIES    4096u
#define NEXT_ENTRY 0x80003000u
#define HANDLER    0x80000400u
#define NO_PAGE    0x00500000u
#define INVALID    0x00600000u
#define CLEAN      0x00700000u
#define ACTIONS    20000u
#define RANDOM_MAX (ACTIONS * 5)

static uint32_t seed;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

/* What only MIPS32 has. */
static uint32_t random_word32(uint32_t a, uint32_t b, uint32_t d)
{
    static const uint8_t special[] = {0x0a, 0x0b, 0x30, 0x31, 0x32, 0x33, 0x34, 0x36};
    static const uint8_t special2[] = {0x00, 0x01, 0x02, 0x04, 0x05, 0x20, 0x21};
    switch (any(5)) {
    case 0: return r_type(special[any(8)], d, a, b, 0);
    case 1: return 0x1cu << 26 | r_type(special2[any(7)], d, a, d, 0);
    case 2: return i_type(0x14 + any(4), any(2) ? a : 0, b, any(64) - 32);
    case 3: return i_type(1, 2 + any(2) + 16 * any(2), a, any(64) - 32);
    default: return any(3) ? i_type(1, 8 + any(5), a, any(4)) : any(3) ? I_ERET : I_TLBWI;
    }
}

/* Registers 2 to 11 are written, 16 to 23 are bases. */
static uint32_t random_word(bool is32)
{
    static const uint8_t functions[] = {0x00, 0x02, 0x03, 0x04, 0x06, 0x07, 0x20, 0x20, 0x21,
                                        0x22, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2a, 0x2b};
    static const uint8_t hilo[] = {0x10, 0x11, 0x12, 0x13, 0x18, 0x19, 0x1a, 0x1b};
    static const uint8_t memory[] = {0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26,
                                     0x28, 0x29, 0x2a, 0x2b, 0x2e, 0x30, 0x38};
    const uint32_t rare[] = {I_SYSCALL,           I_BREAK,      I_RESERVED,
                             0x44000000,          MFC0(V0, 12), MFC0(V0, 9),
                             is32 ? NOP : I_TLBP, I_TLBR,       i_type(0x31, 2, 16, 0),
                             JR(S0 + 5),          0x0000000f,   I_WAIT};
    uint32_t a = 2 + any(10), b = 2 + any(10), d = 2 + any(10);
    if (is32 && any(6) == 0)
        return random_word32(a, b, d);
    switch (any(16)) {
    case 0:
    case 1: return i_type(4 + any(4), any(2) ? a : 0, b, any(64) - 32);
    case 2: return i_type(1, any(2) | any(2) << 4, a, any(64) - 32);
    case 3: return r_type(hilo[any(8)], d, a, b, 0);
    case 4:
    case 5:
    case 6: return i_type(memory[any(14)], a, 16 + any(8), any(2) ? any(16) : 4 * any(4));
    case 7:
        if (any(6) == 0)
            return rare[any(12)];
        return j_type(2 + any(2), USER_CODE + 4 * any(CODE_WORDS));
    case 8:
    case 9: return i_type(8 + any(8), a, b, any(65536));
    case 10: return i_type(15, a, 0, any(65536));
    default: return r_type(functions[any(18)], d, a, b, any(32));
    }
}

static uint32_t random_target(bool *user)
{
    static const uint32_t odd[] = {DATA + 2, NO_PAGE, 0xc0123000, NOTHING, INVALID, DEVICE};
    if (any(24) == 0)
        return odd[any(6)];
    if (any(40) == 0)
        return CODE; /* perhaps in user mode: not allowed */
    *user = any(2);
    return (*user ? USER_CODE : CODE) + 4 * any(CODE_WORDS);
}

static uint32_t random_status(bool is32, bool user)
{
    uint32_t status = (any(3) ? MIPS_IM : 0) | (any(8) ? 0 : MIPS_CU0);
    if (is32)
        return status | MIPS_EXL | (any(3) ? MIPS_IE : 0) | (user ? MIPS_UM : 0);
    return status | (any(3) ? MIPS_IEP : 0) | (user ? MIPS_KUP : 0);
}

static void random_table(struct bench *b, bool is32)
{
    for (unsigned n = 0; n < ENTRIES; n++) {
        bool user = any(2);
        uint32_t target = random_target(&user), at = TABLE + 16 * n;
        put32(b, at, target);
        put32(b, at + 4, random_status(is32, user));
        put32(b, at + 8, (any(6) ? 0 : 1u << (8 + any(2))) | (any(2) ? MIPS_IV : 0));
        put32(b, at + 12, 20 + any(300));
    }
}

static void random_handler(struct bench *b, bool is32)
{
    const uint32_t code[] = {
        i_type(15, K1, 0, NEXT_ENTRY >> 16),
        LW(K0, K1, NEXT_ENTRY & 0xffff),
        ADDIU(K0, K0, 16),
        i_type(12, K0, K0, (16 * ENTRIES - 1) & 0xffff),
        SW(K0, K1, NEXT_ENTRY & 0xffff),
        i_type(15, K1, 0, TABLE >> 16),
        r_type(0x21, K1, K1, K0, 0),
        LW(K0, K1, 4),
        MTC0(K0, 12),
        LW(K0, K1, 8),
        MTC0(K0, 13),
        MTC0(ZERO, 9),
        LW(K0, K1, 12),
        MTC0(K0, 11),
        LW(K0, K1, 0),
        is32 ? MTC0(K0, 14) : JR(K0),
        is32 ? I_ERET : I_RFE,
    };
    static const uint32_t vectors[] = {0x000, 0x080, 0x180, 0x200};
    for (unsigned n = 0; n < sizeof code / 4; n++)
        put32(b, HANDLER + 4 * n, code[n]);
    for (unsigned n = 0; n < sizeof vectors / 4; n++)
        put32(b, 0x80000000u + vectors[n], j_type(2, HANDLER));
}

enum { VALID = 1, WRITABLE = 2 };

/* Entry 0 stays free for TLBWI. MIPS32: an even page and the odd one behind it. */
static void random_map(struct bench *b, unsigned entry, uint32_t page, uint32_t physical,
                       unsigned may)
{
    const struct mips_model *model = b->c->model;
    uint32_t bits =
        model->lo_g | (may & VALID ? model->lo_v : 0) | (may & WRITABLE ? model->lo_d : 0);
    struct mips_tlb_entry what = {.hi = page, .lo = physical >> model->lo_shift | bits};
    if (model->pairs)
        what.lo1 = (physical + MEMORY_PAGE) >> model->lo_shift | bits;
    b->c->s.tlb[1 + entry] = what;
    mips_soft_flush(b->c);
}

static struct bench *random_bench(const struct mips_model *model, uint32_t number)
{
    static const uint32_t bases[] = {DATA,    USER_DATA, NO_PAGE, 0xc0123000,
                                     INVALID, CLEAN,     NOTHING, DATA + 0x101};
    bool is32 = model == &mips_mips32;
    struct bench *b = bench_new_of(model);
    seed = 2654435761u * (number + 1);
    for (unsigned n = 0; n < CODE_WORDS; n++)
        put32(b, CODE + 4 * n, random_word(is32));
    random_handler(b, is32);
    random_table(b, is32);
    for (unsigned n = 0; n < CODE_PAGES; n += model->pairs ? 2 : 1)
        random_map(b, n, USER_CODE + n * MEMORY_PAGE, (CODE & 0x1fffffff) + n * MEMORY_PAGE,
                   VALID | WRITABLE);
    random_map(b, 4, INVALID, 0, WRITABLE);
    random_map(b, 5, CLEAN, 0x4000, VALID);
    random_map(b, 6, USER_DATA, 0x6000, VALID | WRITABLE);
    for (unsigned n = 0; n < 8; n++)
        b->c->s.gpr[S0 + n] = bases[n];
    bench_go_to(b, CODE);
    return b;
}

struct script {
    uint64_t moved, dropped; /* counts of what comes next */
};

static uint64_t first(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Until so many actions are complete. Who waits is woken by a pin, for a few actions; who may be
 * in a loop without an end is moved out of it now and then. */
static void drive(struct bench *b, struct script *script, uint64_t to)
{
    struct mips *c = b->c;
    while (c->s.count < to) {
        if (c->s.count >= script->dropped) {
            mips_pin(c, 0, false);
            script->dropped = UINT64_MAX;
        }
        if (c->s.count >= script->moved) {
            bench_go_to(b, HANDLER);
            script->moved = c->s.count + 100;
        }
        uint64_t until = first(to, first(script->dropped, script->moved));
        struct cpu_limit limit = {CLOCK_NEVER, until, 0};
        if (c->cpu.ops->run(&c->cpu, limit) != CPU_HALTED)
            continue;
        b->clock.s.now += 9;
        mips_pin(c, 0, true);
        script->dropped = c->s.count + 5;
    }
}

/* At each place of the list: the unobserved core has the same time on its clock. */
static void same_ticks_unobserved(const struct mips_model *model, uint32_t number,
                                  const struct mips_issue *issue, size_t used)
{
    struct bench *b = random_bench(model, number);
    struct script script = {100, UINT64_MAX};
    for (size_t n = 0; n < used; n++) {
        if (issue[n].end == MIPS_SQUASHED)
            continue;
        drive(b, &script, issue[n].count);
        bool idle = b->c->s.waiting != 0;
        ck_assert_uint_eq(b->c->s.count, issue[n].count);
        ck_assert(b->clock.s.now == issue[n].tick || (idle && b->clock.s.now < issue[n].tick));
    }
    bench_free(b);
}

static bool waits(const struct mips_issue *issue)
{
    return issue->end == MIPS_RETIRED && issue->word == I_WAIT;
}

/* Two instructions are never in one stage, and they stay in order. */
static void no_collision(const struct mips_passage *older, const struct mips_passage *younger)
{
    for (unsigned stage = MIPS_IF; stage <= younger->reached && stage <= older->reached; stage++) {
        ticks left = stage < older->reached ? older->enter[stage + 1] : older->leave;
        ck_assert_uint_ge(younger->enter[stage], left);
    }
}

/* Behind a victim of stage s, s - 1 are squashed; the vector comes when the entry is over. */
static void check_entry(const struct mips_model *model, const struct mips_issue *victim,
                        const struct mips_passage *died, const struct mips_passage *vector,
                        size_t distance)
{
    enum mips_step step = (enum mips_step)victim->step;
    ck_assert_uint_eq(distance, mips_stage_of(model, step));
    ck_assert_uint_eq(died->leave, victim->tick + mips_stage_of(model, step));
    ck_assert_uint_eq(vector->enter[MIPS_IF], victim->tick + mips_entry_ticks(model, step));
}

/* Counts exceptions by the check that found them. */
static void obeys(const struct mips_model *model, const struct mips_issue *issue,
                  const struct mips_passage *passage, size_t used, unsigned found[MIPS_STEPS])
{
    size_t last = 0; /* that was not squashed */
    for (size_t n = 0; n < used; n++) {
        ck_assert_uint_ge(passage[n].reached, MIPS_IF);
        if (n > 0)
            no_collision(&passage[n - 1], &passage[n]);
        if (issue[n].end == MIPS_SQUASHED)
            continue;
        ck_assert(!passage[n].early);
        ck_assert_msg(passage[n].late == 0 || waits(&issue[last]), "%zu: %08x %08x is late by %u",
                      n, issue[n].pc, issue[n].word, (unsigned)passage[n].late);
        if (n > 0 && issue[last].end == MIPS_TRAPPED)
            check_entry(model, &issue[last], &passage[last], &passage[n], n - last);
        found[issue[n].step]++;
        last = n;
    }
}

#define PROGRAMS 12

static void random_program(const struct mips_model *model, uint32_t number, unsigned found[])
{
    struct mips_issue *issue = calloc(RANDOM_MAX, sizeof *issue);
    struct mips_passage *passage = calloc(RANDOM_MAX, sizeof *passage);
    struct mips_log log = {.issue = issue, .room = RANDOM_MAX};
    struct cpu_observer observer = watch(&log);
    struct bench *seen = random_bench(model, number), *plain = random_bench(model, number);
    struct script script[2] = {{100, UINT64_MAX}, {100, UINT64_MAX}};
    seen->c->cpu.ops->observe(&seen->c->cpu, &observer);
    drive(seen, &script[0], ACTIONS);
    drive(plain, &script[1], ACTIONS);
    ck_assert_uint_eq(seen->clock.s.now, plain->clock.s.now);
    ck_assert(memcmp(&seen->c->s, &plain->c->s, sizeof plain->c->s) == 0);
    ck_assert_uint_lt(log.used, RANDOM_MAX);
    mips_pipeline(model, issue, log.used, 0, passage);
    obeys(model, issue, passage, log.used, found);
    same_ticks_unobserved(model, number, issue, log.used);
    bench_free(seen);
    bench_free(plain);
    free(issue);
    free(passage);
}

START_TEST(ticks_are_the_clocks)
{
    unsigned found[MIPS_STEPS] = {0};
    bool is32 = _i == 1;
    for (uint32_t number = 0; number < PROGRAMS; number++)
        random_program(is32 ? &mips_mips32 : &mips_r3000, number, found);
    for (unsigned step = MIPS_STEP_FETCH_ALIGNED; step <= MIPS_STEP_DATA_ANSWERED; step++)
        ck_assert_msg(found[step] >= 20 ||
                          (!is32 && (step == MIPS_STEP_TRAP || step == MIPS_STEP_TLB_UNIQUE)),
                      "%s: %u", mips_steps[step].id, found[step]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mips_pipeline");
    TCase *stages = tcase_create("stages"), *programs = tcase_create("programs");
    tcase_add_test(stages, a_stage_a_tick);
    tcase_add_test(stages, return_without_a_bubble);
    tcase_add_test(stages, product_is_waited_for);
    tcase_add_test(stages, quotient_is_waited_for);
    tcase_add_test(stages, two_products_in_a_row);
    tcase_add_test(stages, work_hides_the_wait);
    tcase_add_test(stages, made_before_the_list);
    tcase_add_test(stages, waiting_makes_nothing_ready);
    tcase_add_test(stages, found_in_rd);
    tcase_add_test(stages, found_in_alu);
    tcase_add_test(stages, found_in_mem);
    tcase_add_test(stages, found_in_if);
    tcase_add_test(stages, interrupt);
    tcase_add_test(stages, squashed_behind_branches);
    tcase_add_test(stages, behind_a_wait);
    tcase_add_test(stages, a_full_log_drops_the_rest);
    tcase_add_loop_test(stages, taken_in_m, 0, 4);
    tcase_add_test(stages, interrupt_of_five_clocks);
    tcase_add_test(stages, eret_has_no_slot);
    tcase_add_test(stages, slips_in_e);
    tcase_add_loop_test(programs, ticks_are_the_clocks, 0, 2);
    tcase_set_timeout(programs, 120);
    suite_add_tcase(suite, stages);
    suite_add_tcase(suite, programs);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
