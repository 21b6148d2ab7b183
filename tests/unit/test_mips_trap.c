/* Unit tests of the R3000's exceptions: vectors, EPC and BD, Cause, the status stack, BadVAddr,
 * Context and EntryHi, RFE. Sources: Kane, MIPS RISC Architecture, ch. 6; IDT R30xx manual. */
#include "tests/unit/mips_bench.h"

/* --- one of each ---------------------------------------------------------------------------------
 */

#define PROBED      0x00401234u /* an address of user space, not the first of its page */
#define OLD_BAD     0x12345678u
#define OLD_HI      (0x7777u << 12 | 5u << 6)
#define OLD_CONTEXT 0xabc00000u

enum special { NO, USER_MODE = 1, MISS = 2, INVALID = 4, CLEAN = 8, INTERRUPTED = 16 };

struct event {
    const char *name;
    uint32_t word;    /* the instruction; T0 is the address, T1 and T2 are 7fffffff */
    uint32_t address; /* in T0 */
    unsigned special;
    enum mips_exception code;
    bool has_address, tlb, refill;
    unsigned stage; /* IF 1, RD 2, ALU 3, MEM 4: the ticks it takes */
};

static const struct event events[] = {
    {"user load miss, kernel", LW(V0, T0, 0), PROBED, NO, MIPS_TLBL, true, true, true, 3},
    {"user store miss, kernel", SW(V0, T0, 0), PROBED, NO, MIPS_TLBS, true, true, true, 3},
    {"load miss, user", LW(V0, T0, 0), PROBED + 0x1000, USER_MODE, MIPS_TLBL, true, true, true, 3},
    {"store miss, user", SW(V0, T0, 0), PROBED + 0x1000, USER_MODE, MIPS_TLBS, true, true, true, 3},
    {"kseg2 load miss", LW(V0, T0, 0), 0xc0123454, NO, MIPS_TLBL, true, true, false, 3},
    {"kseg2 store miss", SW(V0, T0, 0), 0xffffe004, NO, MIPS_TLBS, true, true, false, 3},
    {"load, V = 0", LW(V0, T0, 0), PROBED, INVALID, MIPS_TLBL, true, true, false, 3},
    {"store, V = 0", SW(V0, T0, 0), PROBED, INVALID, MIPS_TLBS, true, true, false, 3},
    {"store, D = 0", SW(V0, T0, 0), PROBED, CLEAN, MIPS_MOD, true, true, false, 3},
    {"SB, D = 0", i_type(0x28, V0, T0, 0), PROBED + 1, CLEAN, MIPS_MOD, true, true, false, 3},
    {"SWR miss", i_type(0x2e, V0, T0, 0), PROBED + 3, NO, MIPS_TLBS, true, true, true, 3},
    {"LWL miss", i_type(0x22, V0, T0, 0), PROBED + 1, NO, MIPS_TLBL, true, true, true, 3},
    {"SC miss", i_type(0x38, V0, T0, 0), PROBED, NO, MIPS_TLBS, true, true, true, 3},
    {"LW not aligned", LW(V0, T0, 2), DATA, NO, MIPS_ADEL, true, false, false, 4},
    {"LH odd", i_type(0x21, V0, T0, 1), DATA, NO, MIPS_ADEL, true, false, false, 4},
    {"LHU odd", i_type(0x25, V0, T0, 3), DATA, NO, MIPS_ADEL, true, false, false, 4},
    {"LL not aligned", i_type(0x30, V0, T0, 1), DATA, NO, MIPS_ADEL, true, false, false, 4},
    {"SW not aligned", SW(V0, T0, 1), DATA, NO, MIPS_ADES, true, false, false, 4},
    {"SH odd", i_type(0x29, V0, T0, 1), DATA, NO, MIPS_ADES, true, false, false, 4},
    {"SC not aligned", i_type(0x38, V0, T0, 2), DATA, NO, MIPS_ADES, true, false, false, 4},
    {"LW kernel's, user", LW(V0, T0, 0), DATA, USER_MODE, MIPS_ADEL, true, false, false, 4},
    {"SW kernel's, user", SW(V0, T0, 0), DATA, USER_MODE, MIPS_ADES, true, false, false, 4},
    {"LB kseg2, user", i_type(0x20, V0, T0, 0), 0xc0000001, USER_MODE, MIPS_ADEL, true, false,
     false, 4},
    {"not aligned before miss", LW(V0, T0, 1), PROBED, NO, MIPS_ADEL, true, false, false, 4},
    {"load from nowhere", LW(V0, T0, 0), NOTHING, NO, MIPS_DBE, false, false, false, 4},
    {"store to nowhere", SW(V0, T0, 0), NOTHING, NO, MIPS_DBE, false, false, false, 4},
    {"store to ROM", SW(V0, T0, 0), ROM, NO, MIPS_DBE, false, false, false, 4},
    {"register not there", LW(V0, T0, 0x100), DEVICE, NO, MIPS_DBE, false, false, false, 4},
    {"SYSCALL", I_SYSCALL | 0x3ffc0, 0, NO, MIPS_SYS, false, false, false, 2},
    {"SYSCALL, user", I_SYSCALL, 0, USER_MODE, MIPS_SYS, false, false, false, 2},
    {"BREAK", I_BREAK | 7 << 16, 0, NO, MIPS_BP, false, false, false, 2},
    {"reserved SPECIAL", I_RESERVED, 0, NO, MIPS_RI, false, false, false, 2},
    {"reserved major", 0x7c000000, 0, NO, MIPS_RI, false, false, false, 2},
    {"BEQL", i_type(0x14, 0, 0, 4), 0, NO, MIPS_RI, false, false, false, 2},
    {"TEQ", 0x34, 0, NO, MIPS_RI, false, false, false, 2},
    {"MOVZ", 0x0a, 0, NO, MIPS_RI, false, false, false, 2},
    {"ERET", 0x42000018, 0, NO, MIPS_RI, false, false, false, 2},
    {"LD", i_type(0x37, 0, 0, 0), 0, NO, MIPS_RI, false, false, false, 2},
    {"BLTZALL", 0x04120000, 0, NO, MIPS_RI, false, false, false, 2},
    {"RFE not exact", I_RFE | 1 << 11, 0, NO, MIPS_RI, false, false, false, 2},
    {"MFC0 of none", MFC0(V0, 3), 0, NO, MIPS_RI, false, false, false, 2},
    {"MTC0 of none", MTC0(V0, 17), 0, NO, MIPS_RI, false, false, false, 2},
    {"CFC0", 0x40400000, 0, NO, MIPS_RI, false, false, false, 2},
    {"ADD", ADD(V0, T1, T2), 0, NO, MIPS_OV, false, false, false, 3},
    {"ADDI", i_type(8, V0, T1, 1), 0, NO, MIPS_OV, false, false, false, 3},
    {"SUB", r_type(0x22, V0, T1, A3, 0), 0, NO, MIPS_OV, false, false, false, 3},
    {"interrupt", NOP, 0, INTERRUPTED, MIPS_INT, false, false, false, 3},
    {"interrupt before SYSCALL", I_SYSCALL, 0, INTERRUPTED, MIPS_INT, false, false, false, 3},
    {"interrupt, user", NOP, 0, INTERRUPTED | USER_MODE, MIPS_INT, false, false, false, 3},
};

#define EVENTS ((int)(sizeof events / sizeof events[0]))
#define FROM   0x0000f00cu /* where the instruction is, seen by user mode: page 0f000 */

/* CpU by unit and instruction. */
static const struct {
    uint32_t word;
    unsigned unit;
    bool user;
    uint32_t status;
} unusable[] = {
    {0x44000000, 1, false, 0},
    {0x48000000, 2, false, 0},
    {0x4c000000, 3, false, 0},
    {0x46000000, 1, false, MIPS_CU},
    {0x44400000, 1, true, 0},
    {0x45000000, 1, false, 0},
    {i_type(0x31, 0, 0, 0), 1, false, MIPS_CU},
    {i_type(0x32, 0, 0, 0), 2, false, 0},
    {i_type(0x33, 0, 0, 0), 3, false, 0},
    {i_type(0x39, 0, 0, 0), 1, false, 0},
    {i_type(0x3a, 0, 0, 0), 2, true, 0},
    {i_type(0x3b, 0, 0, 0), 3, false, MIPS_CU},
    {MFC0(V0, 12), 0, true, 0},
    {MTC0(V0, 12), 0, true, 0},
    {I_RFE, 0, true, 0},
    {I_TLBR, 0, true, 0},
    {I_TLBWI, 0, true, 0},
    {I_TLBWR, 0, true, 0},
    {I_TLBP, 0, true, 0},
    {I_WAIT, 0, true, 0},
    {i_type(0x2f, 0, 0, 0), 0, true, 0},
    {0x42000018, 0, true, 0},
    {0x40400000, 0, true, 0},
    {MFC0(V0, 3), 0, true, 0},
};

#define UNUSABLE ((int)(sizeof unusable / sizeof unusable[0]))

/* Code that user mode may run: page 0f000 of user space is physical f000. */
static void put_user_code(struct bench *b, uint32_t word)
{
    bench_map(b, 20, FROM & MIPS_VPN, (FROM & MIPS_VPN) | MIPS_LO_V | MIPS_LO_G);
    put32(b, FROM, word);
    bench_go_to(b, FROM);
}

static struct bench *set_up(const struct event *e, uint32_t status)
{
    struct bench *b = bench_new();
    struct mips_state *s = &b->c->s;
    s->badvaddr = OLD_BAD;
    s->entryhi = OLD_HI;
    s->context = OLD_CONTEXT | 0x1234;
    s->gpr[T0] = e->address;
    s->gpr[T1] = s->gpr[T2] = 0x7fffffff;
    s->gpr[A3] = 0xffffffff;
    s->gpr[V0] = 0x55aa55aa;
    s->status = status;
    put_user_code(b, e->word);
    if ((e->special & USER_MODE) != 0)
        s->status |= MIPS_KUC;
    if ((e->special & INVALID) != 0)
        bench_map(b, 21, PROBED & MIPS_VPN, USER_PHYS | MIPS_LO_G | MIPS_LO_D);
    if ((e->special & CLEAN) != 0)
        bench_map(b, 21, PROBED & MIPS_VPN, USER_PHYS | MIPS_LO_G | MIPS_LO_V);
    if ((e->special & INTERRUPTED) != 0) {
        s->status |= MIPS_IEC | MIPS_IP2;
        mips_pin(b->c, 0, true);
    }
    return b;
}

static uint32_t vector(bool bootstrap, bool refill)
{
    return bootstrap ? refill ? 0xbfc00100 : 0xbfc00180 : refill ? 0x80000000 : 0x80000080;
}

static void expect_registers(const struct bench *b, const struct event *e)
{
    const struct mips_state *s = &b->c->s;
    uint32_t address = e->address + (e->word & 0xffff);
    ck_assert_uint_eq(s->badvaddr, e->has_address ? address : OLD_BAD);
    ck_assert_uint_eq(s->entryhi, e->tlb ? (address & MIPS_VPN) | (OLD_HI & MIPS_HI_ASID) : OLD_HI);
    ck_assert_uint_eq(s->context, OLD_CONTEXT | (e->tlb ? address >> 10 & 0x1ffffc : 0x1234));
    ck_assert_uint_eq(s->gpr[V0], 0x55aa55aa); /* no result was written */
}

START_TEST(each_exception)
{
    const struct event *e = &events[_i / 2];
    bool bootstrap = _i % 2;
    struct bench *b = set_up(e, bootstrap ? MIPS_BEV : 0);
    uint32_t status = b->c->s.status;
    ck_assert_int_eq(bench_run(b, 1), CPU_LIMIT);
    const struct mips_state *s = &b->c->s;
    ck_assert_msg(s->pc == vector(bootstrap, e->refill), "%s: PC %08x", e->name, s->pc);
    ck_assert_msg(exccode(b) == e->code, "%s: ExcCode %u", e->name, exccode(b));
    ck_assert_msg(b->clock.s.now == e->stage, "%s: %u ticks", e->name, (unsigned)b->clock.s.now);
    ck_assert_uint_eq(s->epc, FROM);
    ck_assert(!in_slot(b));
    ck_assert_uint_eq(unit_of(b), 0);
    ck_assert_uint_eq(s->status, (status & ~0x3fu) | (status << 2 & 0x3f));
    ck_assert_uint_eq(s->next_pc, s->pc + 4);
    ck_assert(!s->in_slot);
    expect_registers(b, e);
    bench_free(b);
}
END_TEST

START_TEST(coprocessor_unusable)
{
    struct bench *b = bench_new();
    b->c->s.badvaddr = OLD_BAD;
    b->c->s.status = unusable[_i].status | (unusable[_i].user ? MIPS_KUC : 0);
    put_user_code(b, unusable[_i].word);
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), MIPS_CPU);
    ck_assert_uint_eq(unit_of(b), unusable[_i].unit);
    ck_assert_uint_eq(b->c->s.badvaddr, OLD_BAD);
    ck_assert_uint_eq(b->c->s.pc, vector(false, false));
    b->c->s.status = 0;
    bench_code(b, I_SYSCALL); /* CE is 0 after any other exception */
    bench_run(b, 1);
    ck_assert_uint_eq(unit_of(b), 0);
    bench_free(b);
}
END_TEST

START_TEST(cu0_lets_user_mode_in)
{
    struct bench *b = bench_new();
    b->c->s.status = MIPS_KUC | MIPS_CU0;
    put_user_code(b, MFC0(V0, 12));
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->s.gpr[V0], MIPS_KUC | MIPS_CU0);
    bench_free(b);
}
END_TEST

/* --- fetches: EPC is the target, found there
 * ------------------------------------------------------ */

static const struct {
    uint32_t target;
    bool user;
    enum mips_exception code;
    bool refill, address;
} fetches[] = {
    {HERE + 0x102, false, MIPS_ADEL, false, true}, {HERE + 0x101, false, MIPS_ADEL, false, true},
    {USER, false, MIPS_TLBL, true, true},          {USER, true, MIPS_TLBL, true, true},
    {0xc0001000, false, MIPS_TLBL, false, true},   {DATA, true, MIPS_ADEL, false, true},
    {0xc0001000, true, MIPS_ADEL, false, true},    {NOTHING, false, MIPS_IBE, false, false},
    {DEVICE, false, MIPS_IBE, false, false},
};

START_TEST(fetch_fails_at_its_target)
{
    struct bench *b = bench_new();
    struct mips_state *s = &b->c->s;
    s->badvaddr = OLD_BAD;
    s->gpr[T0] = fetches[_i].target;
    put_user_code(b, JR(T0));
    put32(b, FROM + 4, NOP);
    s->status = fetches[_i].user ? MIPS_KUC : 0;
    bench_run(b, 3);
    ck_assert_uint_eq(exccode(b), fetches[_i].code);
    ck_assert_uint_eq(s->epc, fetches[_i].target);
    ck_assert(!in_slot(b));
    ck_assert_uint_eq(s->pc, vector(false, fetches[_i].refill));
    ck_assert_uint_eq(s->badvaddr, fetches[_i].address ? fetches[_i].target : OLD_BAD);
    ck_assert_uint_eq(b->clock.s.now, 3); /* JR, its slot, the fetch */
    bench_free(b);
}
END_TEST

START_TEST(fetch_of_an_invalid_page)
{
    struct bench *b = bench_new();
    bench_map(b, 21, USER, USER_PHYS | MIPS_LO_G);
    bench_go_to(b, USER + 8);
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), MIPS_TLBL);
    ck_assert_uint_eq(b->c->s.pc, vector(false, false));
    ck_assert_uint_eq(b->c->s.badvaddr, USER + 8);
    ck_assert_uint_eq(b->c->s.epc, USER + 8);
    bench_free(b);
}
END_TEST

/* A branch in the last word of a page: its slot cannot be fetched. */
START_TEST(fetch_of_a_slot_fails)
{
    struct bench *b = bench_new();
    bench_map(b, 21, USER, USER_PHYS | MIPS_LO_G | MIPS_LO_V);
    put32(b, USER_PHYS + 0xffc, i_type(4, 0, 0, 16));
    bench_go_to(b, USER + 0xffc);
    bench_run(b, 2);
    ck_assert_uint_eq(b->c->s.epc, USER + 0xffc);
    ck_assert(in_slot(b));
    ck_assert_uint_eq(b->c->s.badvaddr, USER + 0x1000);
    ck_assert_uint_eq(b->c->s.pc, vector(false, true));
    bench_free(b);
}
END_TEST

/* --- delay slots
 * ---------------------------------------------------------------------------------- */

static const struct {
    uint32_t branch;
    bool links;
} branches[] = {
    {i_type(4, 0, 0, 16), false},    /* BEQ taken */
    {i_type(4, T1, 0, 16), false},   /* BEQ not taken */
    {i_type(5, T1, 0, 16), false},   /* BNE taken */
    {i_type(5, 0, 0, 16), false},    /* BNE not taken */
    {i_type(6, 0, 0, 16), false},    /* BLEZ taken */
    {i_type(6, 0, T1, 16), false},   /* BLEZ not taken */
    {i_type(7, 0, T1, 16), false},   /* BGTZ taken */
    {i_type(7, 0, 0, 16), false},    /* BGTZ not taken */
    {i_type(1, 0, 0, 16), false},    /* BLTZ not taken */
    {i_type(1, 1, 0, 16), false},    /* BGEZ taken */
    {i_type(1, 0x10, T1, 16), true}, /* BLTZAL not taken */
    {i_type(1, 0x10, T2, 16), true}, /* BLTZAL taken */
    {i_type(1, 0x11, T1, 16), true}, /* BGEZAL taken */
    {i_type(1, 0x11, T2, 16), true}, /* BGEZAL not taken */
    {j_type(2, 0x1100), false},      /* J */
    {j_type(3, 0x1100), true},       /* JAL */
    {JR(T3), false},
    {r_type(9, RA, T3, 0, 0), true}, /* JALR */
};

static struct bench *set_up_branch(int i, uint32_t slot)
{
    struct bench *b = bench_new();
    b->c->s.gpr[T1] = 5;
    b->c->s.gpr[T2] = 0x80000000;
    b->c->s.gpr[T3] = HERE + 0x80;
    bench_code(b, branches[i].branch, slot);
    return b;
}

START_TEST(exception_in_a_slot)
{
    struct bench *b = set_up_branch(_i, I_BREAK);
    bench_run(b, 2);
    ck_assert_uint_eq(exccode(b), MIPS_BP);
    ck_assert_uint_eq(b->c->s.epc, HERE);
    ck_assert(in_slot(b));
    ck_assert_uint_eq(b->c->s.gpr[RA], branches[_i].links ? HERE + 8 : 0);
    ck_assert(!b->c->s.in_slot); /* the handler's first instruction is in none */
    put32(b, 0x80000080, I_BREAK);
    bench_run(b, 1);
    ck_assert(!in_slot(b));
    ck_assert_uint_eq(b->c->s.epc, 0x80000080);
    bench_free(b);
}
END_TEST

START_TEST(interrupt_in_a_slot)
{
    struct bench *b = set_up_branch(_i, NOP);
    b->c->s.status = MIPS_IEC | MIPS_IP2;
    bench_run(b, 1);
    mips_pin(b->c, 0, true);
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), MIPS_INT);
    ck_assert_uint_eq(b->c->s.epc, HERE);
    ck_assert(in_slot(b));
    bench_free(b);
}
END_TEST

START_TEST(slot_is_executed)
{
    struct bench *b = set_up_branch(_i, ADDIU(V0, 0, 7));
    bench_run(b, 2);
    ck_assert_uint_eq(b->c->s.gpr[V0], 7);
    ck_assert(!b->c->s.in_slot);
    bench_free(b);
}
END_TEST

/* Undefined; what mips.h says of it. */
START_TEST(branch_in_a_slot)
{
    struct bench *b = bench_new();
    bench_code(b, i_type(4, 0, 0, 16), i_type(4, 0, 0, 16));
    put32(b, HERE + 0x44, I_SYSCALL);
    bench_run(b, 3);
    ck_assert_uint_eq(exccode(b), MIPS_SYS);
    ck_assert_uint_eq(b->c->s.epc, HERE + 4);
    ck_assert(in_slot(b));
    bench_free(b);
}
END_TEST

/* The link of JALR rX, rX is written before the slot traps: it cannot be run again. */
START_TEST(jalr_of_its_own_link)
{
    struct bench *b = bench_new();
    b->c->s.gpr[T0] = DATA;
    bench_code(b, r_type(9, T0, T0, 0, 0), I_SYSCALL);
    bench_run(b, 2);
    ck_assert_uint_eq(b->c->s.gpr[T0], HERE + 8);
    ck_assert_uint_eq(b->c->s.epc, HERE);
    bench_free(b);
}
END_TEST

/* --- what is older completes
 * ---------------------------------------------------------------------- */

START_TEST(older_instructions_complete)
{
    struct bench *b = bench_new();
    b->c->s.gpr[T0] = DATA;
    b->c->s.gpr[T1] = 0xcafe;
    put32(b, DATA, 0x11223344);
    bench_code(b, SW(T1, T0, 4), LW(V0, T0, 0), I_SYSCALL, ADDIU(V0, 0, 1));
    bench_run(b, 3);
    ck_assert_uint_eq(b->c->s.gpr[V0], 0x11223344);
    ck_assert_uint_eq(get32(b, DATA + 4), 0xcafe);
    ck_assert_uint_eq(b->c->s.epc, HERE + 8);
    bench_free(b);
}
END_TEST

START_TEST(cause_keeps_pending_bits)
{
    struct bench *b = bench_new();
    for (unsigned pin = 0; pin < 5; pin++)
        mips_pin(b->c, pin, pin % 2 == 0);
    b->c->s.cause |= MIPS_IP_SOFT;
    bench_code(b, I_SYSCALL);
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->s.cause, 0x5700 | MIPS_SYS << 2);
    mips_pin(b->c, 0, false);
    ck_assert_uint_eq(b->c->s.cause, 0x5300 | MIPS_SYS << 2);
    bench_free(b);
}
END_TEST

/* --- the status stack
 * ------------------------------------------------------------------------------ */

START_TEST(status_is_pushed)
{
    struct bench *b = bench_new();
    uint32_t others = MIPS_CU | MIPS_IM, stack = (uint32_t)_i;
    put_user_code(b, I_SYSCALL);
    b->c->s.status = others | stack;
    bench_run(b, 1);
    uint32_t previous = stack & 3, older = stack >> 2 & 3;
    ck_assert_uint_eq(b->c->s.status, others | older << 4 | previous << 2);
    bench_free(b);
}
END_TEST

START_TEST(rfe_pops_status)
{
    struct bench *b = bench_new();
    uint32_t others = MIPS_CU | MIPS_IM | MIPS_BEV, stack = (uint32_t)_i;
    put_user_code(b, I_RFE); /* CU0: any mode may */
    b->c->s.status = others | stack;
    bench_run(b, 1);
    uint32_t old = stack >> 4, previous = stack >> 2 & 3;
    ck_assert_uint_eq(b->c->s.status, others | old << 4 | old << 2 | previous);
    ck_assert_uint_eq(b->c->s.pc, FROM + 4); /* it does not jump */
    bench_free(b);
}
END_TEST

/* user -> miss at 80000000 -> miss of the page table in kseg2 inside the refill handler. */
START_TEST(refill_inside_a_refill)
{
    struct bench *b = bench_new();
    struct mips_state *s = &b->c->s;
    s->context = 0xc0000000;
    s->gpr[T0] = 0x00402468;
    put_user_code(b, LW(V0, T0, 0));
    s->status = MIPS_KUC | MIPS_IEC;
    put32(b, 0x80000000, MFC0(K1, 14));
    put32(b, 0x80000004, MFC0(K0, 4));
    put32(b, 0x80000008, LW(K0, K0, 0));
    bench_run(b, 1);
    ck_assert_uint_eq(s->pc, 0x80000000);
    ck_assert_uint_eq(s->status, MIPS_KUP | MIPS_IEP);
    ck_assert_uint_eq(s->context, 0xc0000000 | 0x402 << 2);
    bench_run(b, 3);
    ck_assert_uint_eq(s->pc, 0x80000080); /* kseg2: the general vector */
    ck_assert_uint_eq(s->status, MIPS_KUO | MIPS_IEO);
    ck_assert_uint_eq(s->gpr[K1], FROM);
    ck_assert_uint_eq(s->epc, 0x80000008);
    ck_assert_uint_eq(s->badvaddr, 0xc0000000 | 0x402 << 2);
    put32(b, 0x80000080, I_RFE);
    put32(b, 0x80000084, JR(K1));
    put32(b, 0x80000088, I_RFE);
    bench_run(b, 3);
    ck_assert_uint_eq(s->pc, FROM);
    ck_assert_uint_eq(s->status & 3, MIPS_KUC | MIPS_IEC);
    bench_free(b);
}
END_TEST

/* --- RFE in the slot of a jump
 * ----------------------------------------------------------------------- */

/* The page may be fetched in kernel mode only: whose mode the fetch has shows. */
START_TEST(rfe_in_a_slot_returns)
{
    struct bench *b = bench_new();
    b->c->s.gpr[K0] = _i ? HERE + 0x80 : FROM;
    put_user_code(b, ADDIU(V0, 0, 9));
    bench_code(b, JR(K0), I_RFE);
    b->c->s.status = MIPS_KUP | MIPS_IEP;
    bench_run(b, 2);
    ck_assert_uint_eq(b->c->s.pc, b->c->s.gpr[K0]);
    ck_assert_uint_eq(b->c->s.status, MIPS_KUC | MIPS_IEC);
    ck_assert_uint_eq(b->clock.s.now, 2); /* no bubble */
    bench_run(b, 1);
    if (_i) {
        ck_assert_uint_eq(exccode(b), MIPS_ADEL);
        ck_assert_uint_eq(b->c->s.epc, HERE + 0x80);
    } else {
        ck_assert_uint_eq(b->c->s.gpr[V0], 9);
    }
    bench_free(b);
}
END_TEST

START_TEST(exception_of_the_rfe_itself)
{
    struct bench *b = bench_new();
    put_user_code(b, JR(K0));
    put32(b, FROM + 4, I_RFE);
    b->c->s.status = MIPS_KUC | MIPS_KUP;
    bench_run(b, 2);
    ck_assert_uint_eq(exccode(b), MIPS_CPU);
    ck_assert(in_slot(b));
    ck_assert_uint_eq(b->c->s.epc, FROM);
    ck_assert_uint_eq(b->c->s.status, (MIPS_KUC | MIPS_KUP) << 2);
    bench_free(b);
}
END_TEST

START_TEST(interrupt_right_after_rfe)
{
    struct bench *b = bench_new();
    put_user_code(b, NOP);
    bench_code(b, JR(K0), I_RFE);
    b->c->s.gpr[K0] = FROM;
    b->c->s.status = MIPS_KUP | MIPS_IEP | MIPS_IP2;
    mips_pin(b->c, 0, true);
    bench_run(b, 3);
    ck_assert_uint_eq(exccode(b), MIPS_INT);
    ck_assert_uint_eq(b->c->s.epc, FROM);
    ck_assert(!in_slot(b));
    bench_free(b);
}
END_TEST

/* --- interrupts
 * -------------------------------------------------------------------------------------- */

START_TEST(interrupt_needs_its_mask)
{
    struct bench *b = bench_new();
    unsigned ip = (unsigned)_i;
    bench_code(b, NOP, NOP, NOP);
    if (ip >= 2 && ip < 7)
        mips_pin(b->c, ip - 2, true);
    else
        b->c->s.cause |= 1u << (8 + ip);
    b->c->s.status = MIPS_IEC | (MIPS_IM & ~(1u << (8 + ip)));
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->s.pc, HERE + 4);
    b->c->s.status = 1u << (8 + ip);
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->s.pc, HERE + 8);
    b->c->s.status |= MIPS_IEC;
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->s.pc, 0x80000080);
    ck_assert_uint_eq(exccode(b), MIPS_INT);
    ck_assert_uint_eq(b->c->s.epc, HERE + 8);
    bench_free(b);
}
END_TEST

START_TEST(software_interrupt_by_mtc0)
{
    struct bench *b = bench_new();
    b->c->s.status = MIPS_IEC | MIPS_IM;
    b->c->s.gpr[T0] = 0x200;
    bench_code(b, MTC0(T0, 13), NOP);
    bench_run(b, 2);
    ck_assert_uint_eq(exccode(b), MIPS_INT);
    ck_assert_uint_eq(b->c->s.epc, HERE + 4);
    ck_assert_uint_eq(b->c->s.cause & MIPS_IP, 0x200);
    bench_free(b);
}
END_TEST

START_TEST(reset_vector_and_state)
{
    struct bench *b = bench_new();
    mips_pin(b->c, 1, true);
    b->c->s.status = 0x3f;
    b->c->cpu.ops->reset(&b->c->cpu);
    ck_assert_uint_eq(b->c->s.pc, 0xbfc00000);
    ck_assert_uint_eq(b->c->s.status, MIPS_BEV);
    ck_assert_uint_eq(b->c->s.cause, 0x800);
    ck_assert_uint_eq(b->c->s.count_register, 1);
    ck_assert_uint_eq(mips_random(b->c), 63);
    ck_assert_uint_eq(b->c->s.tlb[63].hi, 0x81000000u + 63 * 0x1000);
    ck_assert_uint_eq(b->c->s.tlb[63].lo, 0);
    bench_free(b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mips_trap");
    TCase *tests = tcase_create("mips_trap");
    tcase_add_loop_test(tests, each_exception, 0, 2 * EVENTS);
    tcase_add_loop_test(tests, coprocessor_unusable, 0, UNUSABLE);
    tcase_add_test(tests, cu0_lets_user_mode_in);
    tcase_add_loop_test(tests, fetch_fails_at_its_target, 0,
                        (int)(sizeof fetches / sizeof fetches[0]));
    tcase_add_test(tests, fetch_of_an_invalid_page);
    tcase_add_test(tests, fetch_of_a_slot_fails);
    int count = (int)(sizeof branches / sizeof branches[0]);
    tcase_add_loop_test(tests, exception_in_a_slot, 0, count);
    tcase_add_loop_test(tests, interrupt_in_a_slot, 0, count);
    tcase_add_loop_test(tests, slot_is_executed, 0, count);
    tcase_add_test(tests, branch_in_a_slot);
    tcase_add_test(tests, jalr_of_its_own_link);
    tcase_add_test(tests, older_instructions_complete);
    tcase_add_test(tests, cause_keeps_pending_bits);
    tcase_add_loop_test(tests, status_is_pushed, 0, 64);
    tcase_add_loop_test(tests, rfe_pops_status, 0, 64);
    tcase_add_test(tests, refill_inside_a_refill);
    tcase_add_loop_test(tests, rfe_in_a_slot_returns, 0, 2);
    tcase_add_test(tests, exception_of_the_rfe_itself);
    tcase_add_test(tests, interrupt_right_after_rfe);
    tcase_add_loop_test(tests, interrupt_needs_its_mask, 0, 8);
    tcase_add_test(tests, software_interrupt_by_mtc0);
    tcase_add_test(tests, reset_vector_and_state);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
