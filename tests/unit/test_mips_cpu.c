/* Unit tests of what is particular to the R3000 and to the System/161 machine around it:
 * coprocessor 0, the TLB, Count and Compare, WAIT, LL and SC, HI and LO, devices, and what a
 * debugger asks. */
#include "tests/unit/mips_bench.h"

/* --- coprocessor 0
 * ---------------------------------------------------------------------------------- */

static const struct {
    unsigned number;
    uint32_t ones, zeros; /* what is read after ffffffff, and 0, was written */
} control[] = {
    {0, 0x80003f00, 0},  {1, 62u << 8, 62u << 8},
    {2, 0xffffff00, 0},  {4, 0xffe00000, 0},
    {8, 0, 0},           {10, 0xffffffc0, 0},
    {11, 0xffffffff, 0}, {12, 0xf040ff3f, 0},
    {13, 0x300, 0},      {14, 0, 0},
    {15, 0xa1, 0xa1},    {16, 0x800083f3, 0x800083f3},
};

START_TEST(control_registers)
{
    struct bench *b = bench_new();
    b->c->s.gpr[T0] = 0xffffffff;
    bench_code(b, MTC0(T0, control[_i].number), NOP);
    put32(b, HERE + 4, MFC0(V0, control[_i].number));
    b->c->s.cycles = 0;
    bench_run(b, 1);
    b->c->s.status &= ~(uint32_t)MIPS_KUC;
    bench_run(b, 1);
    uint32_t ones = control[_i].ones;
    if (control[_i].number == 12)
        ones &= ~(uint32_t)MIPS_KUC;
    ck_assert_uint_eq(b->c->s.gpr[V0], ones);
    b->c->s.gpr[T0] = 0;
    bench_go_to(b, HERE);
    b->c->s.cycles = 0;
    bench_run(b, 2);
    ck_assert_uint_eq(b->c->s.gpr[V0], control[_i].zeros);
    bench_free(b);
}
END_TEST

START_TEST(selected_registers)
{
    struct bench *b = bench_new();
    bench_code(b, MFC0(V0, 15) | 1, MFC0(V1, 16) | 1, MTC0(V0, 16) | 5, MFC0(A0, 15) | 2,
               MFC0(V0, 16) | 2);
    b->c->s.gpr[V0] = b->c->s.gpr[A0] = 5;
    bench_run(b, 4);
    ck_assert_uint_eq(b->c->s.gpr[V0], 0);
    ck_assert_uint_eq(b->c->s.gpr[V1], 0x7e1b0d80);
    ck_assert_uint_eq(b->c->s.gpr[A0], 0);
    ck_assert_uint_eq(b->c->s.pc, HERE + 16);
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), MIPS_RI);
    bench_free(b);
}
END_TEST

START_TEST(random_counts_down_and_wraps)
{
    struct bench *b = bench_new();
    bool seen[64] = {false};
    for (unsigned n = 0; n < 112; n++) {
        b->c->s.cycles = n;
        ck_assert_uint_eq(mips_random(b->c), 63 - n % 56);
        seen[mips_random(b->c)] = true;
    }
    for (unsigned n = 0; n < 64; n++)
        ck_assert_int_eq(seen[n], n >= 8);
    bench_free(b);
}
END_TEST

/* --- the TLB
 * ------------------------------------------------------------------------------------------ */

static void write_tlb(struct bench *b, unsigned entry, uint32_t hi, uint32_t lo)
{
    b->c->s.index = entry << 8;
    b->c->s.entryhi = hi;
    b->c->s.entrylo = lo;
    bench_code(b, I_TLBWI);
    bench_run(b, 1);
}

static bool loads(struct bench *b, uint32_t address, uint32_t *value)
{
    b->c->s.gpr[T0] = address;
    bench_code(b, LW(V0, T0, 0));
    bench_run(b, 1);
    *value = b->c->s.gpr[V0];
    return b->c->s.pc == HERE + 4;
}

static bool stores(struct bench *b, uint32_t address)
{
    b->c->s.gpr[T0] = address;
    bench_code(b, SW(ZERO, T0, 0));
    bench_run(b, 1);
    return b->c->s.pc == HERE + 4;
}

START_TEST(translation_follows_the_tlb)
{
    struct bench *b = bench_new();
    uint32_t value;
    put32(b, 0x10008, 0x1111);
    put32(b, 0x11008, 0x2222);
    write_tlb(b, 3, USER | 1 << 6, 0x10000 | MIPS_LO_V);
    ck_assert(loads(b, USER + 8, &value));
    ck_assert_uint_eq(value, 0x1111);
    ck_assert(!stores(b, USER + 8)); /* D = 0 */
    write_tlb(b, 4, USER | 2 << 6, 0x11000 | MIPS_LO_V | MIPS_LO_D);
    ck_assert(loads(b, USER + 8, &value)); /* ASID is 2 now */
    ck_assert_uint_eq(value, 0x2222);
    ck_assert(stores(b, USER + 12));
    b->c->s.entryhi = 1 << 6;
    ck_assert(loads(b, USER + 8, &value));
    ck_assert_uint_eq(value, 0x1111);
    b->c->s.entryhi = 3 << 6;
    ck_assert(!loads(b, USER + 8, &value)); /* nobody's */
    b->c->s.entryhi = 1 << 6;
    ck_assert(loads(b, USER + 8, &value));
    write_tlb(b, 3, (USER + 0x1000) | 1 << 6, 0x10000 | MIPS_LO_V | MIPS_LO_G);
    ck_assert(!loads(b, USER + 8, &value)); /* entry 3 is another page now */
    b->c->s.entryhi = 60 << 6;
    ck_assert(loads(b, USER + 0x1008, &value)); /* G: any ASID */
    ck_assert_uint_eq(value, 0x1111);
    b->c->s.entryhi = 2 << 6;
    ck_assert(stores(b, USER + 12));
    write_tlb(b, 4, USER | 2 << 6, 0x11000 | MIPS_LO_V);
    ck_assert(!stores(b, USER + 12)); /* it was writable, and was written */
    ck_assert(loads(b, USER + 8, &value));
    ck_assert_uint_eq(value, 0x2222);
    write_tlb(b, 4, USER | 2 << 6, 0x10000 | MIPS_LO_V);
    ck_assert(loads(b, USER + 8, &value)); /* another frame */
    ck_assert_uint_eq(value, 0x1111);
    bench_free(b);
}
END_TEST

START_TEST(probe_read_write)
{
    struct bench *b = bench_new();
    struct mips_state *s = &b->c->s;
    write_tlb(b, 17, USER | 7 << 6, 0x12000);
    bench_code(b, I_TLBP, I_TLBR, I_TLBP, I_TLBWR);
    s->index = 0;
    s->entryhi = USER | 7 << 6;
    bench_run(b, 1);
    ck_assert_uint_eq(s->index, 17 << 8); /* V is not looked at */
    s->entryhi = s->entrylo = 0;
    bench_run(b, 1);
    ck_assert_uint_eq(s->entryhi, USER | 7 << 6);
    ck_assert_uint_eq(s->entrylo, 0x12000);
    s->entryhi = USER | 8 << 6;
    bench_run(b, 1);
    ck_assert_uint_eq(s->index, MIPS_INDEX_P);
    s->cycles = 10; /* Random is 53 */
    bench_run(b, 1);
    ck_assert_uint_eq(s->tlb[53].hi, USER | 8 << 6);
    ck_assert_uint_eq(s->pc, HERE + 16);
    bench_free(b);
}
END_TEST

START_TEST(two_matches_shut_the_tlb_down)
{
    struct bench *b = bench_new();
    uint32_t value;
    write_tlb(b, 1, USER, 0x10000 | MIPS_LO_V);
    write_tlb(b, 9, USER + 0x1000, 0x10000 | MIPS_LO_V);
    ck_assert(loads(b, USER + 0x1000, &value));
    ck_assert(loads(b, USER, &value));
    write_tlb(b, 2, USER, 0x11000 | MIPS_LO_V);
    ck_assert(!loads(b, USER, &value));
    ck_assert_uint_eq(exccode(b), MIPS_TLBL);
    ck_assert((b->c->s.status & MIPS_TS) != 0);
    ck_assert(!loads(b, USER + 0x1000, &value)); /* nothing matches any more */
    b->c->s.gpr[T0] = 0;
    bench_code(b, MTC0(T0, 12));
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->s.status, MIPS_TS); /* until reset */
    b->c->cpu.ops->reset(&b->c->cpu);
    ck_assert_uint_eq(b->c->s.status, MIPS_BEV);
    bench_free(b);
}
END_TEST

/* Writes through a page held for writing are marked anew after a snapshot cleared the marks. */
START_TEST(dirty_marks_come_back)
{
    struct bench *b = bench_new();
    ck_assert(stores(b, DATA));
    memory_clean(&b->ram);
    b->c->cpu.ops->memory_changed(&b->c->cpu, 0, 0);
    ck_assert(stores(b, DATA));
    ck_assert_uint_eq(memory_next(&b->ram, 0, MEMORY_DIRTY), 2);
    bench_free(b);
}
END_TEST

/* --- time
 * --------------------------------------------------------------------------------------------- */

START_TEST(timer)
{
    struct bench *b = bench_new();
    struct mips_state *s = &b->c->s;
    for (unsigned n = 0; n < 64; n++)
        put32(b, HERE + 4 * n, NOP);
    s->gpr[T0] = 10;
    bench_code(b, MTC0(T0, 11));
    s->count_register = 400; /* beyond Compare: starts again */
    bench_run(b, 10);
    ck_assert_uint_eq(s->count_register, 0);
    ck_assert_uint_eq(s->cause, MIPS_IP7);
    bench_run(b, 9);
    ck_assert_uint_eq(s->count_register, 9);
    s->status = MIPS_IEC | MIPS_IP7;
    bench_run(b, 1);
    ck_assert_uint_eq(exccode(b), MIPS_INT);
    ck_assert_uint_eq(s->count_register, 2); /* 3 ticks: 10, and 2 that are not lost */
    bench_code(b, MTC0(T0, 11), MFC0(V0, 9));
    bench_run(b, 2);
    ck_assert_uint_eq(s->cause & MIPS_IP, 0);
    ck_assert_uint_eq(s->gpr[V0], 3);
    bench_free(b);
}
END_TEST

START_TEST(count_without_compare_never_interrupts)
{
    struct bench *b = bench_new();
    b->c->s.count_register = 0xffffffff;
    bench_code(b, NOP, NOP);
    bench_run(b, 2);
    ck_assert_uint_eq(b->c->s.count_register, 1);
    ck_assert_uint_eq(b->c->s.cause, 0);
    bench_free(b);
}
END_TEST

/* A line high, masked: WAIT does nothing. Low: it waits for one, masked or not, and takes none. */
START_TEST(wait)
{
    struct bench *b = bench_new();
    bench_code(b, I_WAIT, I_WAIT, NOP);
    mips_pin(b->c, 0, true);
    ck_assert_int_eq(bench_run(b, 1), CPU_LIMIT);
    mips_pin(b->c, 0, false);
    ck_assert_int_eq(bench_run(b, 2), CPU_HALTED);
    uint32_t count = b->c->s.count_register;
    b->clock.s.now += 1000;
    ck_assert_int_eq(bench_run(b, 2), CPU_HALTED);
    ck_assert_uint_eq(b->c->s.count_register, count);
    mips_pin(b->c, 1, true);
    ck_assert_int_eq(bench_run(b, 1), CPU_LIMIT);
    ck_assert_uint_eq(b->c->s.pc, HERE + 12);
    bench_free(b);
}
END_TEST

START_TEST(wait_ends_in_an_interrupt)
{
    struct bench *b = bench_new();
    b->c->s.status = MIPS_IEC | MIPS_IP2;
    bench_code(b, I_WAIT, NOP);
    ck_assert_int_eq(bench_run(b, 2), CPU_HALTED);
    mips_pin(b->c, 0, true);
    bench_run(b, 1);
    ck_assert_uint_eq(b->c->s.pc, 0x80000080);
    ck_assert_uint_eq(b->c->s.epc, HERE + 4);
    bench_free(b);
}
END_TEST

START_TEST(tick_limit_and_horizon)
{
    struct bench *b = bench_new();
    for (unsigned n = 0; n < 64; n++)
        put32(b, HERE + 4 * n, NOP);
    bench_go_to(b, HERE);
    struct cpu *cpu = &b->c->cpu;
    ck_assert_int_eq(cpu->ops->run(cpu, (struct cpu_limit){7, UINT64_MAX, 0}), CPU_LIMIT);
    ck_assert_uint_eq(b->clock.s.now, 7);
    ck_assert_uint_eq(cpu_count(cpu), 7);
    b->clock.horizon = 9;
    ck_assert_int_eq(cpu->ops->run(cpu, (struct cpu_limit){20, UINT64_MAX, 0}), CPU_LIMIT);
    ck_assert_uint_eq(b->clock.s.now, 9);
    bench_free(b);
}
END_TEST

/* --- HI and LO
 * ------------------------------------------------------------------------------------------ */

static const struct {
    unsigned function;
    uint32_t a, b, hi, lo;
    unsigned ticks; /* until MFLO has it (Kane) */
} products[] = {
    {0x18, 0xffffffff, 2, 0xffffffff, 0xfffffffe, 13}, {0x19, 0xffffffff, 2, 1, 0xfffffffe, 13},
    {0x1a, 0xfffffff9, 2, 0xffffffff, 0xfffffffd, 36}, {0x1b, 0xfffffff9, 2, 1, 0x7ffffffc, 36},
    {0x1a, 0x80000000, 0xffffffff, 0, 0x80000000, 36}, {0x1a, 5, 0, 0, 0x7fffffff, 36},
    {0x1a, 0xfffffffb, 0, 0, 0xffffffff, 36},          {0x1b, 5, 0, 0, 0xffffffff, 36},
};

START_TEST(multiply_and_divide)
{
    struct bench *b = bench_new();
    b->c->s.gpr[T0] = products[_i].a;
    b->c->s.gpr[T1] = products[_i].b;
    bench_code(b, r_type(products[_i].function, 0, T0, T1, 0), r_type(0x12, V0, 0, 0, 0),
               r_type(0x10, V1, 0, 0, 0));
    bench_run(b, 2);
    ck_assert_uint_eq(b->clock.s.now, products[_i].ticks);
    bench_run(b, 1);
    ck_assert_uint_eq(b->clock.s.now, products[_i].ticks + 1);
    ck_assert_uint_eq(b->c->s.gpr[V0], products[_i].lo);
    ck_assert_uint_eq(b->c->s.gpr[V1], products[_i].hi);
    bench_free(b);
}
END_TEST

/* --- memory
 * -----------------------------------------------------------------------------------------------
 */

/* MIPS-I cores look at no field that should be zero, but in operations of coprocessor 0. */
START_TEST(fields_that_should_be_zero)
{
    struct bench *b = bench_new();
    b->c->s.gpr[T0] = 6;
    b->c->s.gpr[T1] = 7;
    bench_code(b, r_type(0x19, 5, T0, T1, 9), r_type(0x12, V0, 3, 4, 5), r_type(0x02, V1, 9, T0, 1),
               r_type(0x21, A0, T0, T1, 31), i_type(6, 5, 0, 1));
    bench_run(b, 5);
    ck_assert_uint_eq(b->c->s.gpr[V0], 42);
    ck_assert_uint_eq(b->c->s.gpr[V1], 3);
    ck_assert_uint_eq(b->c->s.gpr[A0], 13);
    ck_assert(b->c->s.in_slot); /* BLEZ with something in rt */
    bench_free(b);
}
END_TEST

START_TEST(register_zero)
{
    struct bench *b = bench_new();
    b->c->s.gpr[T0] = DATA;
    put32(b, DATA, 77);
    bench_code(b, ADDIU(ZERO, ZERO, 5), LW(ZERO, T0, 0), r_type(9, ZERO, RA, 0, 0),
               r_type(0x21, V0, ZERO, ZERO, 0));
    bench_run(b, 4);
    ck_assert_uint_eq(b->c->s.gpr[V0], 0);
    ck_assert_uint_eq(b->c->s.gpr[ZERO], 0);
    bench_free(b);
}
END_TEST

START_TEST(linked)
{
    enum { GOOD, CHANGED, EXCEPTION, ELSEWHERE, NEVER };
    struct bench *b = bench_new();
    struct mips_state *s = &b->c->s;
    s->gpr[T0] = DATA;
    s->gpr[V1] = 0x99;
    put32(b, DATA, 0x55);
    bench_code(b, _i == NEVER ? NOP : i_type(0x30, V0, T0, 0),
               i_type(0x38, V1, T0, _i == ELSEWHERE ? 4 : 0), I_SYSCALL, i_type(0x38, A0, T0, 0));
    bench_run(b, 1);
    if (_i == CHANGED)
        put32(b, DATA, 0x56);
    if (_i == EXCEPTION) {
        bench_go_to(b, HERE + 8);
        bench_run(b, 1);
        bench_go_to(b, HERE + 4);
    }
    bench_run(b, 1);
    ck_assert_uint_eq(s->gpr[V1], _i == GOOD);
    ck_assert_uint_eq(get32(b, DATA), _i == GOOD ? 0x99u : _i == CHANGED ? 0x56u : 0x55u);
    if (_i == GOOD) { /* a success does not end it: what LL found is there again */
        put32(b, DATA, 0x55);
        bench_go_to(b, HERE + 12);
        s->gpr[A0] = 7;
        bench_run(b, 1);
        ck_assert_uint_eq(s->gpr[A0], 1);
        ck_assert_uint_eq(get32(b, DATA), 7);
    }
    bench_free(b);
}
END_TEST

START_TEST(cache_and_sync)
{
    struct bench *b = bench_new();
    b->c->s.gpr[T0] = DATA;
    b->c->s.gpr[T1] = USER;
    bench_code(b, 0x0f, i_type(0x2f, 0x10, T0, 1), i_type(0x2f, 0, T1, 0),
               i_type(0x2f, 0x15, T1, 0));
    bench_run(b, 3);
    ck_assert_uint_eq(b->c->s.pc, HERE + 12);
    bench_run(b, 1); /* by address: has to be mapped */
    ck_assert_uint_eq(exccode(b), MIPS_TLBL);
    ck_assert_uint_eq(b->c->s.badvaddr, USER);
    bench_free(b);
}
END_TEST

/* The first byte of a register is at its address: bits 7..0 of the bus. */
START_TEST(device_bytes)
{
    struct bench *b = bench_new();
    b->device_read = 0x44332211;
    b->c->s.gpr[T0] = DEVICE;
    b->c->s.gpr[T1] = 0xa1b2c3d4;
    bench_code(b, LW(V0, T0, 4), SW(T1, T0, 8), i_type(0x29, T1, T0, 0), i_type(0x28, T1, T0, 0));
    bench_run(b, 2);
    ck_assert_uint_eq(b->c->s.gpr[V0], 0x11223344);
    ck_assert_uint_eq(b->device_written, 0xd4c3b2a1);
    ck_assert_uint_eq(b->device_size, 4);
    bench_run(b, 1);
    ck_assert_uint_eq(b->device_written, 0xd4c3);
    bench_run(b, 1);
    ck_assert_uint_eq(b->device_written, 0xd4);
    ck_assert_uint_eq(b->device_size, 1);
    bench_free(b);
}
END_TEST

/* --- what a debugger asks
 * ----------------------------------------------------------------------------------- */

START_TEST(registers_by_name)
{
    struct bench *b = bench_new();
    struct cpu *cpu = &b->c->cpu;
    uint64_t value;
    for (int n = 0; cpu->ops->registers[n].name != NULL; n++) {
        ck_assert(cpu->ops->reg_get(cpu, (unsigned)n, &value));
        ck_assert_int_eq(cpu_register_number(cpu, cpu->ops->registers[n].name), n);
    }
    ck_assert(!cpu->ops->reg_get(cpu, MIPS_REGISTERS, &value));
    ck_assert_int_eq(cpu_register_number(cpu, "sp"), SP);
    ck_assert_int_eq(cpu_register_number(cpu, "epc"), MIPS_REG_EPC);
    ck_assert(cpu->ops->reg_set(cpu, RA, 0x1234));
    ck_assert_uint_eq(b->c->s.gpr[RA], 0x1234);
    b->c->s.in_slot = 1;
    ck_assert(cpu->ops->reg_set(cpu, MIPS_REG_PC, HERE + 0x40));
    ck_assert_uint_eq(b->c->s.next_pc, HERE + 0x44);
    ck_assert_uint_eq(b->c->s.in_slot, 0);
    ck_assert(cpu->ops->reg_set(cpu, MIPS_REG_LLBIT, 1));
    ck_assert_uint_eq(b->c->s.linked, 1);
    bench_free(b);
}
END_TEST

START_TEST(registers_that_cannot_be_set)
{
    static const struct {
        unsigned number;
        uint64_t value;
    } refused[] = {{ZERO, 1},
                   {MIPS_REG_RANDOM, 0},
                   {MIPS_REG_PRID, 1},
                   {MIPS_REG_NEXT_PC, 8},
                   {MIPS_REG_CAUSE, 0x400},
                   {MIPS_REG_STATUS, 0x10000},
                   {MIPS_REG_ENTRYHI, 1},
                   {V0, 0x100000000},
                   {MIPS_REG_LLBIT, 2},
                   {MIPS_REGISTERS, 0}};
    struct bench *b = bench_new();
    struct mips_state before = b->c->s;
    for (unsigned n = 0; n < sizeof refused / sizeof refused[0]; n++)
        ck_assert(!b->c->cpu.ops->reg_set(&b->c->cpu, refused[n].number, refused[n].value));
    ck_assert_mem_eq(&before, &b->c->s, sizeof before);
    bench_free(b);
}
END_TEST

START_TEST(translate_is_pure)
{
    struct bench *b = bench_new();
    struct cpu *cpu = &b->c->cpu;
    uint32_t physical;
    bench_map(b, 1, USER | 3 << 6, 0x12000 | MIPS_LO_V);
    bench_map(b, 2, KSEG2_PAGE, 0x13000 | MIPS_LO_V | MIPS_LO_G);
    bench_map(b, 4, USER + 0x1000, 0x14000 | MIPS_LO_G);
    b->c->s.entryhi = 3 << 6;
    b->c->s.status = MIPS_KUC; /* a debugger sees the kernel's half all the same */
    struct mips_state before = b->c->s;
    ck_assert(cpu->ops->translate(cpu, 0x80001234, &physical));
    ck_assert_uint_eq(physical, 0x1234);
    ck_assert(cpu->ops->translate(cpu, 0xbfc00010, &physical));
    ck_assert_uint_eq(physical, 0x1fc00010);
    ck_assert(cpu->ops->translate(cpu, USER + 0x678, &physical));
    ck_assert_uint_eq(physical, 0x12678);
    ck_assert(cpu->ops->translate(cpu, KSEG2_PAGE + 4, &physical));
    ck_assert_uint_eq(physical, 0x13004);
    ck_assert(!cpu->ops->translate(cpu, USER + 0x1000, &physical)); /* V = 0 */
    ck_assert(!cpu->ops->translate(cpu, USER + 0x2000, &physical));
    ck_assert_mem_eq(&before, &b->c->s, sizeof before);
    ck_assert_uint_eq(cpu->ops->space(cpu), 3);
    ck_assert_uint_eq(cpu->ops->privilege(cpu), 1);
    ck_assert_uint_eq(cpu->ops->code_bits(cpu), 32);
    ck_assert(cpu->ops->big_endian);
    uint8_t bytes[4] = {1, 2, 3, 4};
    ck_assert(cpu_poke(cpu, USER + 0x10, bytes, 4));
    ck_assert_uint_eq(get32(b, 0x12010), 0x01020304);
    bench_free(b);
}
END_TEST

START_TEST(instructions_by_name)
{
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_R3000, 0x27bdffe8), "ADDIU");
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_R3000, I_SYSCALL), "SYSCALL");
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_R3000, 0x04110001), "BGEZAL");
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_R3000, I_RFE), "RFE");
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_R3000, MFC0(V0, 12)), "MFC0");
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_R3000, I_RESERVED), "");
    ck_assert_str_eq(mips_insn_name(MIPS_ISA_R3000, 0x42000018), "");
}
END_TEST

#define LENGTH(table) ((int)(sizeof(table) / sizeof(table)[0]))

int main(void)
{
    Suite *suite = suite_create("mips_cpu");
    TCase *tests = tcase_create("mips_cpu");
    tcase_add_loop_test(tests, control_registers, 0, LENGTH(control));
    tcase_add_test(tests, selected_registers);
    tcase_add_test(tests, random_counts_down_and_wraps);
    tcase_add_test(tests, translation_follows_the_tlb);
    tcase_add_test(tests, probe_read_write);
    tcase_add_test(tests, two_matches_shut_the_tlb_down);
    tcase_add_test(tests, dirty_marks_come_back);
    tcase_add_test(tests, timer);
    tcase_add_test(tests, count_without_compare_never_interrupts);
    tcase_add_test(tests, wait);
    tcase_add_test(tests, wait_ends_in_an_interrupt);
    tcase_add_test(tests, tick_limit_and_horizon);
    tcase_add_loop_test(tests, multiply_and_divide, 0, LENGTH(products));
    tcase_add_test(tests, fields_that_should_be_zero);
    tcase_add_test(tests, register_zero);
    tcase_add_loop_test(tests, linked, 0, 5);
    tcase_add_test(tests, cache_and_sync);
    tcase_add_test(tests, device_bytes);
    tcase_add_test(tests, registers_by_name);
    tcase_add_test(tests, registers_that_cannot_be_set);
    tcase_add_test(tests, translate_is_pure);
    tcase_add_test(tests, instructions_by_name);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
