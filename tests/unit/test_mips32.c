/* Unit tests of what MIPS32 Release 1 does in another way than the R3000: its state, exceptions,
 * TLB, ERET, timer and instructions. Sources: MIPS32 Architecture for Programmers, vols. 2 and 3;
 * MIPS32 4K Processor Core Family Software User's Manual. */
#include "tests/unit/mips_bench.h"

#define I_ERET             0x42000018u
#define LL(rt, rs, offset) i_type(0x30, rt, rs, offset)
#define SC(rt, rs, offset) i_type(0x38, rt, rs, offset)
#define GENERAL            0x80000180u
#define REFILL             0x80000000u
#define OLD_EPC            0x1234u
#define VALID              (MIPS32_LO_V | MIPS32_LO_D)

enum {
    INDEX = 0,
    RANDOM,
    ENTRYLO0,
    ENTRYLO1,
    CONTEXT,
    PAGEMASK,
    WIRED,
    BADVADDR = 8,
    COUNT,
    ENTRYHI,
    COMPARE,
    STATUS,
    CAUSE,
    EPC,
    PRID,
    CONFIG,
    LLADDR,
    ERROREPC = 30,
};

static uint32_t frame(uint32_t physical)
{
    return physical >> 6;
}

static struct bench *bench32(void)
{
    struct bench *b = bench_new_of(&mips_mips32);
    b->c->s.epc = OLD_EPC;
    return b;
}

static void map_pair(struct bench *b, unsigned entry, struct mips_tlb_entry what)
{
    b->c->s.tlb[entry] = what;
    mips_soft_flush(b->c);
}

static uint32_t cp0(struct bench *b, unsigned number)
{
    uint32_t value = 0xdeadbeef;
    ck_assert(mips_cp0_get(b->c, number, 0, &value));
    return value;
}

static uint32_t write_ones(struct bench *b, unsigned number)
{
    ck_assert(mips_cp0_set(b->c, number, 0, 0xffffffff));
    return cp0(b, number);
}

/* --- B1: state -----------------------------------------------------------------------------------
 */

START_TEST(b1_reset)
{
    struct bench *b = bench32();
    bench_code(b, i_type(4, 0, 0, 4), NOP);
    bench_run(b, 1); /* at the slot */
    b->c->s.config = (b->c->s.config & ~7u) | 3;
    b->c->s.wired = 4;
    b->c->cpu.ops->reset(&b->c->cpu);
    ck_assert_uint_eq(b->c->s.pc, 0xbfc00000);
    ck_assert_uint_eq(b->c->s.status, MIPS_ERL | MIPS_BEV);
    ck_assert_uint_eq(b->c->s.errorepc, HERE); /* the branch */
    ck_assert_uint_eq(cp0(b, WIRED), 0);
    ck_assert_uint_eq(cp0(b, RANDOM), 15);
    ck_assert_uint_eq(cp0(b, CONFIG) & 7, 2); /* kseg0 uncached */
    ck_assert_uint_eq(cp0(b, CONFIG) >> 7 & 7, 1);
    ck_assert_uint_eq(cp0(b, CONFIG) >> 15 & 1, 1); /* big-endian */
    uint32_t config1;
    ck_assert(mips_cp0_get(b->c, CONFIG, 1, &config1));
    ck_assert_uint_eq((config1 >> 25 & 63) + 1, 16);
    ck_assert_uint_eq(cp0(b, PRID), 0x18000);
    bench_free(b);
}
END_TEST

START_TEST(b1_writable_bits)
{
    struct bench *b = bench32();
    ck_assert_uint_eq(write_ones(b, INDEX), 0x8000000f);
    ck_assert_uint_eq(write_ones(b, ENTRYLO0), 0x03ffffff);
    ck_assert_uint_eq(write_ones(b, ENTRYLO1), 0x03ffffff);
    ck_assert_uint_eq(write_ones(b, CONTEXT), 0xff800000);
    ck_assert_uint_eq(write_ones(b, PAGEMASK), 0x01ffe000);
    ck_assert_uint_eq(write_ones(b, WIRED), 15);
    ck_assert_uint_eq(write_ones(b, BADVADDR), 0);
    ck_assert_uint_eq(write_ones(b, ENTRYHI), 0xffffe0ff);
    ck_assert_uint_eq(write_ones(b, STATUS), 0x1060ff17);
    ck_assert_uint_eq(write_ones(b, CAUSE), 0x00800300);
    ck_assert_uint_eq(write_ones(b, EPC), 0xffffffff);
    ck_assert_uint_eq(write_ones(b, ERROREPC), 0xffffffff);
    ck_assert_uint_eq(write_ones(b, PRID), 0x18000);
    ck_assert_uint_eq(write_ones(b, CONFIG), 0x80008087);
    ck_assert_uint_eq(cp0(b, 18), 0); /* no Watch registers */
    bench_free(b);
}
END_TEST

START_TEST(b1_random_stays_above_wired)
{
    struct bench *b = bench32();
    b->c->s.gpr[T0] = 14;
    bench_code(b, MTC0(T0, WIRED), MFC0(V0, RANDOM), MFC0(V1, RANDOM), MFC0(A0, RANDOM));
    bench_run(b, 4);
    ck_assert_uint_eq(b->c->s.gpr[V0], 14); /* a tick after Wired was written: 15 then */
    ck_assert_uint_eq(b->c->s.gpr[V1], 15);
    ck_assert_uint_eq(b->c->s.gpr[A0], 14);
    bench_free(b);
}
END_TEST

/* Kernel mode when EXL or ERL or UM = 0: a load of kseg0 tells. */
START_TEST(b1_modes)
{
    static const struct {
        uint32_t status;
        bool user;
    } modes[] = {
        {0, false},
        {MIPS_UM, true},
        {MIPS_UM | MIPS_EXL, false},
        {MIPS_UM | MIPS_ERL, false},
        {MIPS_UM | MIPS_EXL | MIPS_ERL, false},
    };
    struct bench *b = bench32();
    b->c->s.status = modes[_i].status;
    ck_assert_uint_eq(b->c->cpu.ops->privilege(&b->c->cpu), modes[_i].user);
    bench_free(b);
}
END_TEST

START_TEST(b1_kuseg_is_not_mapped_in_error_level)
{
    struct bench *b = bench32();
    b->c->s.gpr[T0] = 0x2000;
    put32(b, DATA, 0x600d);
    bench_code(b, LW(V0, T0, 0), MTC0(ZERO, STATUS), LW(V1, T0, 0));
    b->c->s.status = MIPS_ERL;
    bench_run(b, 3);
    ck_assert_uint_eq(b->c->s.gpr[V0], 0x600d);
    ck_assert_uint_eq(exccode(b), MIPS_TLBL);
    ck_assert_uint_eq(b->c->s.pc, REFILL);
    bench_free(b);
}
END_TEST

/* --- B2: the general exception -------------------------------------------------------------------
 */

static const struct {
    uint32_t word, status, cause;
    enum mips_exception code;
    uint32_t vector;
} exceptions[] = {
    {I_SYSCALL, 0, 0, MIPS_SYS, GENERAL},
    {I_SYSCALL, MIPS_BEV, 0, MIPS_SYS, 0xbfc00380},
    {I_SYSCALL, 0, MIPS_IV, MIPS_SYS, GENERAL},
    {I_BREAK, 0, 0, MIPS_BP, GENERAL},
    {I_RESERVED, 0, 0, MIPS_RI, GENERAL},
    {I_RFE, 0, 0, MIPS_RI, GENERAL},
    {ADD(V0, T1, T1), 0, 0, MIPS_OV, GENERAL},
    {r_type(0x34, 0, 0, 0, 0), 0, 0, MIPS_TR, GENERAL},
    {LW(V0, T2, 1), 0, 0, MIPS_ADEL, GENERAL},
    {SW(V0, T2, 2), 0, 0, MIPS_ADES, GENERAL},
    {LW(V0, T3, 0), 0, 0, MIPS_DBE, GENERAL},
    {NOP, MIPS_IE | MIPS_IP2, MIPS_IP2, MIPS_INT, GENERAL},
    {NOP, MIPS_IE | MIPS_IP2, MIPS_IP2 | MIPS_IV, MIPS_INT, 0x80000200},
    {NOP, MIPS_IE | MIPS_IP2 | MIPS_BEV, MIPS_IP2 | MIPS_IV, MIPS_INT, 0xbfc00400},
    {NOP, MIPS_IE | MIPS_IP2 | MIPS_BEV, MIPS_IP2, MIPS_INT, 0xbfc00380},
};

static struct bench *before(int n, uint32_t more)
{
    struct bench *b = bench32();
    struct mips_state *s = &b->c->s;
    bench_code(b, exceptions[n].word);
    s->status = exceptions[n].status | more;
    s->cause = exceptions[n].cause;
    s->badvaddr = 77;
    s->entryhi = 0x5005;
    s->context = 0x12345670;
    s->gpr[T1] = 0x7fffffff;
    s->gpr[T2] = DATA;
    s->gpr[T3] = NOTHING;
    return b;
}

START_TEST(b2_general_exception)
{
    struct bench *b = before(_i, 0);
    const struct mips_state *s = &b->c->s;
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), exceptions[_i].code);
    ck_assert_uint_eq(s->pc, exceptions[_i].vector);
    ck_assert_uint_eq(s->epc, HERE);
    ck_assert(!in_slot(b));
    ck_assert_uint_eq(s->status, exceptions[_i].status | MIPS_EXL);
    ck_assert_uint_eq(s->cause & (MIPS_IV | MIPS_IP), exceptions[_i].cause);
    bool address = exceptions[_i].code == MIPS_ADEL || exceptions[_i].code == MIPS_ADES;
    ck_assert_uint_eq(s->badvaddr, address ? DATA + (exceptions[_i].word & 3) : 77);
    ck_assert_uint_eq(s->entryhi, 0x5005);
    ck_assert_uint_eq(s->context, 0x12345670);
    bench_free(b);
}
END_TEST

/* EXL set already: EPC and BD stay, everything else happens. */
START_TEST(b2_nested_exception_keeps_epc)
{
    struct bench *b = before(_i, MIPS_EXL);
    if (exceptions[_i].code != MIPS_INT) { /* which EXL keeps out */
        b->c->s.cause |= MIPS_BD;
        bench_run(b, 1);
        ck_assert_uint_eq(exccode(b), exceptions[_i].code);
        ck_assert_uint_eq(b->c->s.epc, OLD_EPC);
        ck_assert(in_slot(b));
        ck_assert_uint_eq(b->c->s.pc, exceptions[_i].vector);
    } else {
        bench_run(b, 1);
        ck_assert_uint_eq(b->c->s.pc, HERE + 4);
    }
    bench_free(b);
}
END_TEST

START_TEST(b2_slot)
{
    struct bench *b = bench32();
    bench_code(b, j_type(3, HERE + 0x100), I_SYSCALL);
    b->c->s.status = 0;
    bench_run(b, 2);
    ck_assert_uint_eq(b->c->s.epc, HERE);
    ck_assert(in_slot(b));
    ck_assert_uint_eq(b->c->s.gpr[RA], HERE + 8);
    bench_free(b);
}
END_TEST

START_TEST(b2_interrupt_needs)
{
    static const uint32_t off[] = {0, MIPS_IE | MIPS_EXL, MIPS_IE | MIPS_ERL};
    struct bench *b = bench32();
    bench_code(b, NOP, NOP);
    mips_pin(b->c, 0, true);
    b->c->s.status = off[_i] | MIPS_IP2;
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->s.pc, HERE + 4);
    b->c->s.status = MIPS_IE | MIPS_IP2;
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->s.pc, GENERAL);
    bench_free(b);
}
END_TEST

START_TEST(b2_coprocessor_unusable)
{
    static const struct {
        uint32_t word;
        unsigned unit;
    } words[] = {
        {0x44000000, 1},
        {0x48000000, 2},
        {i_type(0x31, 0, 0, 0), 1},
        {i_type(0x35, 0, 0, 0), 1},
        {i_type(0x3d, 0, 0, 0), 1},
        {i_type(0x3e, 0, 0, 0), 2},
        {0x00000001, 1} /* MOVF */,
        {MFC0(V0, 12), 0},
        {I_ERET, 0},
    };
    struct bench *b = bench32();
    map_pair(b, 3, (struct mips_tlb_entry){.lo = VALID | frame(0), .lo1 = VALID | frame(0x1000)});
    put32(b, 0x1000, words[_i].word);
    bench_go_to(b, 0x1000);
    b->c->s.status = MIPS_UM;
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), MIPS_CPU);
    ck_assert_uint_eq(unit_of(b), words[_i].unit);
    bench_free(b);
}
END_TEST

/* --- B3: refill, invalid, modified ---------------------------------------------------------------
 */

static const struct {
    uint32_t address;
    uint32_t lo, lo1; /* 0, 0: no entry at all */
    bool store, nested;
    enum mips_exception code;
    uint32_t vector;
} misses[] = {
    {0x00403004, 0, 0, false, false, MIPS_TLBL, REFILL},
    {0x00403004, 0, 0, true, false, MIPS_TLBS, REFILL},
    {0xc0403004, 0, 0, false, false, MIPS_TLBL, REFILL}, /* any segment */
    {0xfffff004, 0, 0, true, false, MIPS_TLBS, REFILL},
    {0x00403004, 0, 0, false, true, MIPS_TLBL, GENERAL},
    {0x00403004, VALID, MIPS32_LO_D, false, false, MIPS_TLBL, GENERAL}, /* odd page invalid */
    {0x00402004, MIPS32_LO_D, VALID, true, false, MIPS_TLBS, GENERAL},  /* even one */
    {0x00403004, VALID, MIPS32_LO_V, true, false, MIPS_MOD, GENERAL},
    {0x00402004, MIPS32_LO_V, VALID, true, false, MIPS_MOD, GENERAL},
};

START_TEST(b3_misses)
{
    struct bench *b = bench32();
    struct mips_state *s = &b->c->s;
    uint32_t address = misses[_i].address;
    if ((misses[_i].lo | misses[_i].lo1) != 0)
        map_pair(b, 5, (struct mips_tlb_entry){0x00402007, misses[_i].lo, misses[_i].lo1, 0});
    s->entryhi = 7;
    s->context = 0x11800000;
    s->gpr[T0] = address;
    bench_code(b, misses[_i].store ? SW(V0, T0, 0) : LW(V0, T0, 0));
    s->status = misses[_i].nested ? MIPS_EXL : 0;
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), misses[_i].code);
    ck_assert_uint_eq(s->pc, misses[_i].vector);
    ck_assert_uint_eq(s->badvaddr, address);
    ck_assert_uint_eq(s->entryhi, (address & 0xffffe000) | 7);
    ck_assert_uint_eq(s->context, 0x11800000 | (address >> 13) << 4);
    ck_assert_uint_eq(s->status, MIPS_EXL);
    bench_free(b);
}
END_TEST

START_TEST(b3_fetch)
{
    struct bench *b = bench32();
    b->c->s.status = 0;
    bench_go_to(b, 0x00403000);
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->s.pc, REFILL);
    ck_assert_uint_eq(b->c->s.epc, 0x00403000);
    b->c->s.status = 0;
    bench_go_to(b, HERE + 2);
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), MIPS_ADEL);
    ck_assert_uint_eq(b->c->s.epc, HERE + 2);
    b->c->s.status = 0;
    bench_go_to(b, NOTHING);
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), MIPS_IBE);
    bench_free(b);
}
END_TEST

/* Each page of a pair, of every size; another ASID; global. */
START_TEST(b3_page_sizes)
{
    struct bench *b = bench32();
    uint32_t mask = (0x1000u << 2 * _i << 1) - 0x2000, size = (mask + 0x2000) / 2, physical;
    uint32_t pair = 0x08000000;
    map_pair(b, 2,
             (struct mips_tlb_entry){pair | 9, VALID | frame(0x10000000), VALID | frame(0x20000000),
                                     mask});
    b->c->s.entryhi = 9;
    ck_assert(mips_translate(b->c, pair, &physical));
    ck_assert_uint_eq(physical, 0x10000000);
    ck_assert(mips_translate(b->c, pair + size - 4, &physical));
    ck_assert_uint_eq(physical, 0x10000000 + size - 4);
    ck_assert(mips_translate(b->c, pair + size, &physical));
    ck_assert_uint_eq(physical, 0x20000000);
    ck_assert(mips_translate(b->c, pair + 2 * size - 4, &physical));
    ck_assert_uint_eq(physical, 0x20000000 + size - 4);
    ck_assert(!mips_translate(b->c, pair + 2 * size, &physical));
    ck_assert(!mips_translate(b->c, pair - 4, &physical));
    b->c->s.entryhi = 8;
    ck_assert(!mips_translate(b->c, pair, &physical));
    bench_free(b);
}
END_TEST

/* TLBWI, TLBP, TLBR; G only when both have it; PageMask comes back; what was mapped is forgotten.
 */
START_TEST(b3_write_probe_read)
{
    struct bench *b = bench32();
    struct mips_state *s = &b->c->s;
    s->status = 0;
    s->index = 6;
    s->entryhi = 0x00402000 | 3;
    s->entrylo = VALID | MIPS32_LO_G | frame(0x10000);
    s->entrylo1 = VALID | frame(0x12000);
    put32(b, 0x10004, 0x111);
    put32(b, 0x12004, 0x222);
    s->gpr[T0] = 0x00402004;
    bench_code(b, I_TLBWI, LW(V0, T0, 0), LW(V1, T0, 0x1000), I_TLBP, I_TLBR);
    bench_run(b, 5);
    ck_assert_uint_eq(s->gpr[V0], 0x111);
    ck_assert_uint_eq(s->gpr[V1], 0x222);
    ck_assert_uint_eq(s->index, 6);
    ck_assert_uint_eq(s->entrylo, VALID | frame(0x10000)); /* not global: the other is not */
    ck_assert_uint_eq(s->entrylo1, VALID | frame(0x12000));
    s->entryhi = 0x00402000 | 4;
    bench_code(b, I_TLBP);
    bench_run(b, 1);
    ck_assert_uint_eq(s->index & MIPS_INDEX_P, MIPS_INDEX_P);
    s->index = 6;
    s->entryhi = 0x00802000 | 3;
    s->pagemask = 0x6000;
    s->entrylo |= MIPS32_LO_G;
    s->entrylo1 |= MIPS32_LO_G;
    bench_code(b, I_TLBWI, I_TLBR, MTC0(ZERO, ENTRYHI), LW(V0, T0, 0));
    bench_run(b, 2);
    ck_assert_uint_eq(s->entryhi, 0x00800000 | 3); /* without the bits that the mask covers */
    ck_assert_uint_eq(s->pagemask, 0x6000);
    ck_assert_uint_eq(s->entrylo & MIPS32_LO_G, 1);
    bench_run(b, 2);
    ck_assert_uint_eq(exccode(b), MIPS_TLBL); /* the old pair is gone */
    ck_assert_uint_eq(s->pc, REFILL);
    bench_free(b);
}
END_TEST

/* --- B4: ERET ------------------------------------------------------------------------------------
 */

START_TEST(b4_eret)
{
    struct bench *b = bench32();
    struct mips_state *s = &b->c->s;
    bool error = _i != 0;
    s->epc = HERE + 0x100;
    s->errorepc = HERE + 0x200;
    bench_code(b, LL(V0, T0, 0), I_ERET, ADDIU(V1, 0, 1));
    s->gpr[T0] = DATA;
    s->status = MIPS_EXL | (error ? MIPS_ERL : 0);
    bench_run(b, 2);
    ck_assert_uint_eq(s->pc, error ? HERE + 0x200 : HERE + 0x100);
    ck_assert_uint_eq(s->status, error ? MIPS_EXL : 0);
    ck_assert_uint_eq(s->gpr[V1], 0); /* no delay slot */
    ck_assert(!s->linked);
    ck_assert(!s->in_slot);
    bench_free(b);
}
END_TEST

START_TEST(b4_eret_to_user_mode)
{
    struct bench *b = bench32();
    struct mips_state *s = &b->c->s;
    map_pair(b, 1, (struct mips_tlb_entry){.hi = USER, .lo = VALID | frame(USER_PHYS)});
    s->epc = USER;
    s->status = MIPS_EXL | MIPS_UM | MIPS_IE | MIPS_IP2;
    bench_code(b, I_ERET);
    put32(b, USER_PHYS, I_SYSCALL);
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->cpu.ops->privilege(&b->c->cpu), 1);
    mips_pin(b->c, 0, true);
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), MIPS_INT);
    ck_assert_uint_eq(s->epc, USER);
    ck_assert_uint_eq(b->c->cpu.ops->privilege(&b->c->cpu), 0);
    bench_free(b);
}
END_TEST

/* Of every program each step can be the last of a run, and goes on after a save and a load. */
START_TEST(stops_between_any_two_steps)
{
    for (uint32_t step = 1; step < 9; step++) {
        struct bench *b = bench32();
        struct mips_state *s = &b->c->s;
        static struct state_map map;
        s->status = MIPS_UM;
        s->entryhi = 5;
        map_pair(b, 1,
                 (struct mips_tlb_entry){
                     .hi = USER, .lo = VALID | MIPS32_LO_G | frame(USER_PHYS), .lo1 = MIPS32_LO_G});
        put32(b, USER_PHYS, LW(V0, ZERO, 0));
        bench_go_to(b, USER);
        put32(b, REFILL, I_ERET);
        b->c->cpu.ops->run(&b->c->cpu, (struct cpu_limit){CLOCK_NEVER, s->count, step});
        ck_assert_uint_eq(s->micro.done, step);
        state_init(&map);
        b->c->cpu.ops->add_state(&b->c->cpu, &map);
        ck_assert(map.block[0].valid(s));
        bench_run(b, 1);
        ck_assert_uint_eq(s->pc, REFILL);
        ck_assert_uint_eq(s->status, MIPS_UM | MIPS_EXL);
        ck_assert_uint_eq(s->epc, USER);
        ck_assert_uint_eq(s->entryhi, 5);
        if (step < 4) {
            b->c->cpu.ops->run(&b->c->cpu, (struct cpu_limit){CLOCK_NEVER, s->count, step});
            ck_assert_uint_eq(s->micro.done, step < 3 ? step : 0);
            bench_run(b, step < 3);
            ck_assert_uint_eq(s->pc, USER);
            ck_assert_uint_eq(s->status, MIPS_UM);
        }
        bench_free(b);
    }
}
END_TEST

/* --- B5: who wins --------------------------------------------------------------------------------
 */

START_TEST(b5_interrupt_before_a_fetch_that_fails)
{
    struct bench *b = bench32();
    bench_go_to(b, 0x00403000);
    b->c->s.status = MIPS_IE | MIPS_IP2;
    mips_pin(b->c, 0, true);
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), MIPS_INT);
    bench_free(b);
}
END_TEST

START_TEST(b5_alignment_before_the_tlb)
{
    struct bench *b = bench32();
    b->c->s.status = 0;
    b->c->s.gpr[T0] = 0x00403001;
    bench_code(b, LW(V0, T0, 0));
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), MIPS_ADEL);
    bench_free(b);
}
END_TEST

/* Of another entry, valid or not, that matches the same address: nothing is written. */
START_TEST(b5_machine_check)
{
    struct bench *b = bench32();
    struct mips_state *s = &b->c->s;
    map_pair(b, 2, (struct mips_tlb_entry){0x00400000 | 5, 0, 0, _i == 1 ? 0x6000 : 0});
    s->status = 0;
    s->index = 6;
    s->entryhi = (_i == 1 ? 0x00404000 : 0x00400000) | (_i == 2 ? 6 : 5);
    s->entrylo = s->entrylo1 = _i == 3 ? MIPS32_LO_G : 0;
    bench_code(b, I_TLBWI);
    struct mips_tlb_entry old = s->tlb[6];
    bench_run(b, 1);
    if (_i == 2) { /* another ASID: no harm */
        ck_assert_uint_eq(s->pc, HERE + 4);
    } else {
        ck_assert_uint_eq(exccode(b), MIPS_MCHECK);
        ck_assert_uint_eq(s->status, MIPS_TS | MIPS_EXL);
        ck_assert_uint_eq(s->pc, GENERAL);
        ck_assert_int_eq(memcmp(&old, &s->tlb[6], sizeof old), 0);
    }
    bench_free(b);
}
END_TEST

/* --- Count and Compare ---------------------------------------------------------------------------
 */

START_TEST(count_runs_free_at_half_the_clock)
{
    struct bench *b = bench32();
    struct mips_state *s = &b->c->s;
    s->status = 0;
    s->gpr[T0] = 100;
    s->gpr[T1] = 103;
    for (unsigned n = 0; n < 16; n++)
        put32(b, HERE + 4 * n, NOP);
    put32(b, HERE, MTC0(T0, COUNT));
    put32(b, HERE + 4, MTC0(T1, COMPARE));
    bench_go_to(b, HERE);
    bench_run(b, 5);
    ck_assert_uint_eq(s->count_register, 102);
    ck_assert_uint_eq(s->cause & MIPS_IP7, 0);
    bench_run(b, 1);
    ck_assert_uint_eq(s->count_register, 103);
    ck_assert_uint_eq(s->cause & MIPS_IP7, MIPS_IP7);
    bench_run(b, 4);
    ck_assert_uint_eq(s->count_register, 105); /* it does not begin anew */
    s->gpr[T1] = 50;
    bench_code(b, MTC0(T1, COMPARE), NOP);
    bench_run(b, 1);
    ck_assert_uint_eq(s->cause & MIPS_IP7, 0); /* a write takes it back */
    ck_assert_uint_eq(s->count_register, 105);
    bench_free(b);
}
END_TEST

/* WAIT with IP7 enabled: the timer wakes it, however the time until then is sliced. */
START_TEST(timer_ends_a_wait)
{
    struct bench *b = bench32();
    struct mips_state *s = &b->c->s;
    s->status = MIPS_IE | MIPS_IP7;
    s->count_register = 0;
    s->compare = 1000;
    bench_code(b, I_WAIT, NOP);
    if (_i == 1)
        for (unsigned n = 1; n < 1990; n += 7)
            ck_assert_int_eq(b->c->cpu.ops->run(&b->c->cpu, (struct cpu_limit){n, UINT64_MAX, 0}),
                             CPU_LIMIT);
    ck_assert_int_eq(bench_run(b, _i == 1 ? 1 : 2), CPU_LIMIT);
    ck_assert_uint_eq(exccode(b), MIPS_INT);
    ck_assert_uint_eq(s->epc, HERE + 4);
    ck_assert_uint_eq(b->clock.s.now, 2000 + 5);
    s->status = MIPS_IE; /* masked: it is halted */
    s->cause = 0;
    bench_code(b, I_WAIT, NOP);
    ck_assert_int_eq(bench_run(b, 2), CPU_HALTED);
    bench_free(b);
}
END_TEST

/* --- instructions (vol. 2) -----------------------------------------------------------------------
 */

#define T_FUNCTION(function, a, b)   r_type(function, 0, a, b, 0)
#define T_IMMEDIATE(code, rs, value) i_type(1, code, rs, value)

/* T0 = 5, T1 = -3, T2 = 5 */
static const struct {
    uint32_t word;
    bool traps;
} traps[] = {
    {T_FUNCTION(0x30, T0, T1), true},   {T_FUNCTION(0x30, T1, T0), false},
    {T_FUNCTION(0x30, T0, T2), true},   {T_FUNCTION(0x31, T0, T1), false},
    {T_FUNCTION(0x31, T1, T0), true},   {T_FUNCTION(0x32, T0, T1), false},
    {T_FUNCTION(0x32, T1, T0), true},   {T_FUNCTION(0x33, T0, T1), true},
    {T_FUNCTION(0x33, T0, T2), false},  {T_FUNCTION(0x34, T0, T2), true},
    {T_FUNCTION(0x34, T0, T1), false},  {T_FUNCTION(0x36, T0, T1), true},
    {T_FUNCTION(0x36, T0, T2), false},  {T_IMMEDIATE(0x08, T0, -3), true},
    {T_IMMEDIATE(0x08, T1, 5), false},  {T_IMMEDIATE(0x09, T0, -3), false},
    {T_IMMEDIATE(0x09, T1, 5), true},   {T_IMMEDIATE(0x0a, T1, 5), true},
    {T_IMMEDIATE(0x0a, T0, 5), false},  {T_IMMEDIATE(0x0b, T0, -3), true},
    {T_IMMEDIATE(0x0b, T1, 5), false},  {T_IMMEDIATE(0x0c, T0, 5), true},
    {T_IMMEDIATE(0x0c, T1, 5), false},  {T_IMMEDIATE(0x0e, T1, 5), true},
    {T_IMMEDIATE(0x0e, T1, -3), false},
};

START_TEST(conditional_traps)
{
    struct bench *b = bench32();
    b->c->s.status = 0;
    b->c->s.gpr[T0] = b->c->s.gpr[T2] = 5;
    b->c->s.gpr[T1] = (uint32_t)-3;
    bench_code(b, traps[_i].word);
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->s.pc, traps[_i].traps ? GENERAL : HERE + 4);
    if (traps[_i].traps)
        ck_assert_uint_eq(exccode(b), 13);
    bench_free(b);
}
END_TEST

static const struct {
    uint32_t branch;
    bool taken, links;
} likely[] = {
    {i_type(0x14, T0, T2, 0x10), true, false}, {i_type(0x14, T0, T1, 0x10), false, false},
    {i_type(0x15, T0, T1, 0x10), true, false}, {i_type(0x15, T0, T2, 0x10), false, false},
    {i_type(0x16, 0, T1, 0x10), true, false},  {i_type(0x16, 0, T0, 0x10), false, false},
    {i_type(0x17, 0, T0, 0x10), true, false},  {i_type(0x17, 0, T1, 0x10), false, false},
    {i_type(1, 0x02, T1, 0x10), true, false},  {i_type(1, 0x02, T0, 0x10), false, false},
    {i_type(1, 0x03, T0, 0x10), true, false},  {i_type(1, 0x03, T1, 0x10), false, false},
    {i_type(1, 0x12, T1, 0x10), true, true},   {i_type(1, 0x12, T0, 0x10), false, true},
    {i_type(1, 0x13, T0, 0x10), true, true},   {i_type(1, 0x13, T1, 0x10), false, true},
};

/* Not taken, a branch likely leaves its slot out. */
START_TEST(branches_likely)
{
    struct bench *b = bench32();
    struct mips_state *s = &b->c->s;
    s->status = 0;
    s->gpr[T0] = s->gpr[T2] = 5;
    s->gpr[T1] = (uint32_t)-3;
    bench_code(b, likely[_i].branch, ADDIU(V0, 0, 1), ADDIU(V1, 0, 1));
    bench_run(b, 2);
    ck_assert_uint_eq(s->gpr[V0], likely[_i].taken);
    ck_assert_uint_eq(s->gpr[V1], !likely[_i].taken);
    ck_assert_uint_eq(s->pc, likely[_i].taken ? HERE + 0x44 : HERE + 12);
    ck_assert_uint_eq(s->gpr[RA], likely[_i].links ? HERE + 8 : 0);
    ck_assert(!s->in_slot);
    bench_free(b);
}
END_TEST

START_TEST(multiply_add_and_count_leading)
{
    struct bench *b = bench32();
    struct mips_state *s = &b->c->s;
    s->status = 0;
    s->gpr[T0] = 0xfffffffe;
    s->gpr[T1] = 3;
    s->gpr[T2] = 0x00012345;
    s->gpr[T3] = 0xfff00000;
    bench_code(b, r_type(0x18, 0, T1, T1, 0),    /* MULT: 9 */
               0x70000000 | T0 << 21 | T1 << 16, /* MADD: 3 */
               0x70000001 | T0 << 21 | T1 << 16, /* MADDU: 2fffffffd */
               r_type(0x10, A0, 0, 0, 0), r_type(0x12, A1, 0, 0, 0),
               0x70000005 | T0 << 21 | T1 << 16, /* MSUBU: 3 */
               0x70000004 | T0 << 21 | T1 << 16, /* MSUB: 9 */
               r_type(0x10, A2, 0, 0, 0), r_type(0x12, A3, 0, 0, 0));
    bench_run(b, 9);
    ck_assert_uint_eq(s->gpr[A0], 2);
    ck_assert_uint_eq(s->gpr[A1], 0xfffffffd);
    ck_assert_uint_eq(s->gpr[A2], 0);
    ck_assert_uint_eq(s->gpr[A3], 9);
    bench_code(b, 0x70000002 | T0 << 21 | T1 << 16 | V0 << 11,          /* MUL */
               0x70000020 | T2 << 21 | V1 << 16 | V1 << 11,             /* CLZ */
               0x70000021 | T3 << 21 | A0 << 16 | A0 << 11,             /* CLO */
               0x70000020 | A1 << 16 | A1 << 11,                        /* CLZ of 0 */
               r_type(0x0a, A2, T2, 0, 0), r_type(0x0a, A3, T2, T1, 0), /* MOVZ */
               r_type(0x0b, S0, T2, T1, 0), r_type(0x0b, S8, T2, 0, 0), /* MOVN */
               i_type(0x33, 0, 0, 1));                                  /* PREF: no exception */
    bench_run(b, 9);
    ck_assert_uint_eq(s->gpr[V0], (uint32_t)-6);
    ck_assert_uint_eq(s->gpr[V1], 15);
    ck_assert_uint_eq(s->gpr[A0], 12);
    ck_assert_uint_eq(s->gpr[A1], 32);
    ck_assert_uint_eq(s->gpr[A2], 0x12345);
    ck_assert_uint_eq(s->gpr[A3], 9);
    ck_assert_uint_eq(s->gpr[S0], 0x12345);
    ck_assert_uint_eq(s->gpr[S8], 0);
    ck_assert_uint_eq(s->pc, HERE + 36);
    bench_free(b);
}
END_TEST

START_TEST(wait_with_a_code_and_lladdr)
{
    struct bench *b = bench32();
    b->c->s.status = 0;
    b->c->s.gpr[T0] = DATA;
    put32(b, DATA, 7);
    bench_code(b, LL(V0, T0, 0), SC(V1, T0, 0), MFC0(A0, LLADDR), I_WAIT | 0x15 << 6, NOP);
    ck_assert_int_eq(bench_run(b, 5), CPU_HALTED);
    ck_assert_uint_eq(b->c->s.gpr[V1], 1);
    ck_assert_uint_eq(b->c->s.gpr[A0], DATA >> 4);
    bench_free(b);
}
END_TEST

/* What only one of them has is reserved on the other. */
START_TEST(names_by_model)
{
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_MIPS32, I_ERET), "ERET");
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_MIPS32, I_RFE), "");
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_MIPS32, i_type(0x33, 0, 0, 0)), "PREF");
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_MIPS32, 0x70000002), "MUL");
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_MIPS32, i_type(0x3b, 0, 0, 0)), "");
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_R3000, 0x70000002), "");
    ck_assert_ptr_eq(mips_model_named("mips32"), &mips_mips32);
    ck_assert_ptr_eq(mips_model_named("r3000"), &mips_r3000);
    ck_assert_ptr_null(mips_model_named("r4000"));
    struct bench *b = bench32();
    ck_assert_str_eq(b->c->cpu.ops->name, "mips32");
    ck_assert_int_ge(cpu_register_number(&b->c->cpu, "entrylo1"), 0);
    bench_free(b);
    b = bench_new();
    ck_assert_str_eq(b->c->cpu.ops->name, "r3000");
    ck_assert_int_eq(cpu_register_number(&b->c->cpu, "entrylo1"), -1);
    bench_free(b);
}
END_TEST

START_TEST(state_is_judged_by_model)
{
    struct bench *b = bench32();
    static struct state_map map;
    state_init(&map);
    b->c->cpu.ops->add_state(&b->c->cpu, &map);
    struct mips_state good = b->c->s, bad;
    ck_assert_str_eq(map.block[0].name, "mips32");
    ck_assert(map.block[0].valid(&good));
#define BAD(field, value)                                                                          \
    bad = good;                                                                                    \
    bad.field = value;                                                                             \
    ck_assert(!map.block[0].valid(&bad));
    BAD(wired, 16)
    BAD(pagemask, 1)
    BAD(entryhi, 0x1000)
    BAD(tlb[3].mask, 0x1000)
    BAD(tlb[3].lo1, 0x04000000)
    BAD(tlb[16].lo, 2)
    BAD(status, MIPS_CU)
    BAD(config, 0)
    BAD(random_top, 1)
    BAD(micro.nested, 2)
#undef BAD
    bench_free(b);
}
END_TEST

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
    Suite *suite = suite_create("mips32");
    TCase *tests = tcase_create("mips32");
    tcase_add_test(tests, b1_reset);
    tcase_add_test(tests, b1_writable_bits);
    tcase_add_test(tests, b1_random_stays_above_wired);
    tcase_add_loop_test(tests, b1_modes, 0, 5);
    tcase_add_test(tests, b1_kuseg_is_not_mapped_in_error_level);
    tcase_add_loop_test(tests, b2_general_exception, 0, COUNT_OF(exceptions));
    tcase_add_loop_test(tests, b2_nested_exception_keeps_epc, 0, COUNT_OF(exceptions));
    tcase_add_test(tests, b2_slot);
    tcase_add_loop_test(tests, b2_interrupt_needs, 0, 3);
    tcase_add_loop_test(tests, b2_coprocessor_unusable, 0, 9);
    tcase_add_loop_test(tests, b3_misses, 0, COUNT_OF(misses));
    tcase_add_test(tests, b3_fetch);
    tcase_add_loop_test(tests, b3_page_sizes, 0, 7);
    tcase_add_test(tests, b3_write_probe_read);
    tcase_add_loop_test(tests, b4_eret, 0, 2);
    tcase_add_test(tests, b4_eret_to_user_mode);
    tcase_add_test(tests, stops_between_any_two_steps);
    tcase_add_test(tests, b5_interrupt_before_a_fetch_that_fails);
    tcase_add_test(tests, b5_alignment_before_the_tlb);
    tcase_add_loop_test(tests, b5_machine_check, 0, 4);
    tcase_add_test(tests, count_runs_free_at_half_the_clock);
    tcase_add_loop_test(tests, timer_ends_a_wait, 0, 2);
    tcase_add_loop_test(tests, conditional_traps, 0, COUNT_OF(traps));
    tcase_add_loop_test(tests, branches_likely, 0, COUNT_OF(likely));
    tcase_add_test(tests, multiply_add_and_count_leading);
    tcase_add_test(tests, wait_with_a_code_and_lladdr);
    tcase_add_test(tests, names_by_model);
    tcase_add_test(tests, state_is_judged_by_model);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
