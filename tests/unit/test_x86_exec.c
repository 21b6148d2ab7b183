/* Instructions one by one: results, faults and ticks that the manuals print. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/x86/x86.h"

enum { RAM = 0x40000, CODE = 0x1000, DATA = 0x8000, STACK = 0x10000, TSS = 0x3000 };

static struct {
    struct clock clock;
    struct bus memory, ports;
    struct trace trace;
    struct memory ram;
    struct state_map state;
    struct x86 *x86;
    uint32_t port_value;
} board;

static bool port_read(void *context, unsigned who, uint32_t offset, unsigned size, uint32_t *out)
{
    (void)context;
    (void)who;
    *out = (0x11223300u + offset) & (0xffffffffu >> (32 - 8 * size));
    return true;
}

static bool port_write(void *context, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    (void)context;
    (void)who;
    (void)offset;
    (void)size;
    board.port_value = value;
    return true;
}

static const struct bus_ops port_ops = {.read = port_read, .write = port_write};

static void set_up(void)
{
    memset(&board, 0, sizeof board);
    clock_init(&board.clock);
    bus_init(&board.memory);
    bus_init(&board.ports);
    trace_init(&board.trace);
    ck_assert(memory_init(&board.ram, "ram", RAM));
    bus_add_memory(&board.memory, "ram", 0, RAM, &board.ram, 0, false);
    bus_add_device(&board.ports, "ports", 0x60, 16, &port_ops, NULL);
    board.x86 = x86_create(0, &board.clock, &board.memory, &board.ports, &board.trace);
    state_init(&board.state);
    board.x86->cpu.ops->add_state(&board.x86->cpu, &board.state);
}

static void tear_down(void)
{
    board.x86->cpu.ops->free(&board.x86->cpu);
    memory_free(&board.ram);
    trace_free(&board.trace);
}

/* Flat 32-bit protected mode at a privilege level, code at CODE. */
static struct x86_state *flat(unsigned cpl, const void *code, size_t length)
{
    struct x86_state *s = &board.x86->s;
    board.x86->cpu.ops->reset(&board.x86->cpu);
    s->cr0 = X86_CR0_PE | X86_CR0_ET;
    s->cpl = (uint8_t)cpl;
    for (unsigned n = X86_ES; n <= X86_GS; n++)
        s->segment[n] =
            (struct x86_segment){.selector = (uint16_t)((n == X86_CS ? 8 : 16) | cpl),
                                 .attributes = (uint16_t)((n == X86_CS ? 0x9b : 0x93) | cpl << 5 |
                                                          X86_ATTR_BIG | X86_ATTR_G),
                                 .limit = 0xffffffff};
    s->segment[X86_TR] = (struct x86_segment){0};
    s->idtr = (struct x86_table){0, 0};
    s->eip = CODE;
    s->gpr[X86_ESP] = STACK;
    memset(board.ram.bytes, 0, RAM);
    memcpy(board.ram.bytes + CODE, code, length);
    board.x86->cpu.ops->memory_changed(&board.x86->cpu, 0, 0);
    x86_mode_changed(board.x86);
    return s;
}

#define FLAT(cpl, ...)                                                                             \
    flat(cpl, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static enum cpu_stop run(uint64_t instructions)
{
    struct cpu *cpu = &board.x86->cpu;
    return cpu->ops->run(
        cpu, (struct cpu_limit){.tick = CLOCK_NEVER, .count = board.x86->s.count + instructions});
}

static uint32_t word(uint32_t at)
{
    uint32_t value;
    memcpy(&value, board.ram.bytes + at, 4);
    return value;
}

static void put_word(uint32_t at, uint32_t value)
{
    memcpy(board.ram.bytes + at, &value, 4);
}

/* Vector of the first trap since `from`, or -1; nothing can be delivered, so that the machine shuts
 * down afterwards, with the processor as the instruction left it. */
static int trapped(uint64_t from)
{
    for (uint64_t n = from; n < board.trace.written; n++)
        if (trace_at(&board.trace, n)->kind == TRACE_TRAP)
            return (int)trace_at(&board.trace, n)->vector;
    return -1;
}

/* --- results ------------------------------------------------------------------------------------
 */

enum { C = X86_CF, P = X86_PF, A = X86_AF, Z = X86_ZF, S = X86_SF, O = X86_OF };

static const struct {
    const char *source;
    uint8_t code[8];
    uint32_t eax, ebx, flags;
    uint32_t expected, expected_flags, compared;
} results[] = {
    /* SDM vol. 2, DAA and DAS, their own examples */
    {"daa", {0x27}, 0xae, 0, 0, 0x14, C | A | P, C | A | P | Z | S},
    {"das", {0x2f}, 0xee, 0, C | A, 0x88, C | A | S | P, C | A | P | Z | S},
    {"aaa", {0x37}, 0x000f, 0, 0, 0x0105, C | A, C | A},
    {"aas", {0x3f}, 0x020f, 0, 0, 0x0109, C | A, C | A},
    {"aam", {0xd4, 10}, 63, 0, 0, 0x0603, P, Z | S | P},
    {"aad", {0xd5, 10}, 0x0603, 0, 0, 63, P, Z | S | P},
    {"salc, carry", {0xd6}, 0x1234, 0, C, 0x12ff, C, C},
    {"salc, no carry", {0xd6}, 0x1234, 0, 0, 0x1200, 0, C},
    {"82 is 80", {0x82, 0xc0, 0x05}, 3, 0, 0, 8, 0, C | Z | S | O},
    {"shl /6", {0xc0, 0xf0, 0x01}, 0x81, 0, 0, 0x02, C | O, C | Z | S | O},
    {"test f6 /1", {0xf6, 0xc8, 0x80}, 0x81, 0, C, 0x81, S, C | Z | S | O},
    {"add overflows", {0x01, 0xd8}, 0x7fffffff, 1, 0, 0x80000000, O | S | A | P, 0x8d5},
    {"sbb borrows", {0x19, 0xd8}, 0, 0, C, 0xffffffff, C | S | A | P, 0x8d5},
    {"inc keeps carry", {0x40}, 0xffffffff, 0, C, 0, C | Z | A | P, 0x8d5},
    {"neg", {0xf7, 0xd8}, 1, 0, 0, 0xffffffff, C | S | A | P, 0x8d5},
    {"rcl 1", {0xd1, 0xd0}, 0x80000000, 0, C, 1, C | O, C | O},
    {"rcr 1", {0xd1, 0xd8}, 1, 0, C, 0x80000000, C | O, C | O},
    {"sar", {0xc1, 0xf8, 4}, 0x80000008, 0, 0, 0xf8000000, C | S | P, C | Z | S | P},
    {"shld", {0x0f, 0xa4, 0xd8, 8}, 0x12345678, 0xabcdef01, 0, 0x345678ab, 0, C},
    {"shrd", {0x0f, 0xac, 0xd8, 8}, 0x12345678, 0xabcdef01, 0, 0x01123456, 0, C},
    {"bswap", {0x0f, 0xc8}, 0x12345678, 0, 0, 0x78563412, 0, 0},
    {"xadd", {0x0f, 0xc1, 0xd8}, 5, 7, 0, 12, 0, C | Z | S | O},
    {"cmpxchg, equal", {0x0f, 0xb1, 0xd9}, 0, 9, 0, 0, Z, Z},
    {"cmovb, carry", {0x0f, 0x42, 0xc3}, 1, 2, C, 2, C, C},
    {"cmovb, none", {0x0f, 0x42, 0xc3}, 1, 2, 0, 1, 0, C},
    {"setg", {0x0f, 0x9f, 0xc0}, 0x55, 0, S | O, 1, S | O, S | O},
    {"bsf", {0x0f, 0xbc, 0xc3}, 0, 0x48, 0, 3, 0, Z},
    {"bsr", {0x0f, 0xbd, 0xc3}, 0, 0x48, 0, 6, 0, Z},
    {"bt", {0x0f, 0xa3, 0xd8}, 0x10, 36, 0, 0x10, C, C},
    {"btc", {0x0f, 0xbb, 0xd8}, 0x10, 4, 0, 0, C, C},
    {"movsx", {0x0f, 0xbe, 0xc3}, 0, 0x80, 0, 0xffffff80, 0, 0},
    {"movzx", {0x0f, 0xb7, 0xc3}, 0, 0xffff8000, 0, 0x8000, 0, 0},
    {"cwde", {0x98}, 0x8000, 0, 0, 0xffff8000, 0, 0},
    {"cbw", {0x66, 0x98}, 0x12340080, 0, 0, 0x1234ff80, 0, 0},
    {"imul", {0x0f, 0xaf, 0xc3}, 0x10000, 0x10000, 0, 0, C | O, C | O},
    {"lea 16", {0x67, 0x8d, 0x47, 0xff}, 0, 0, 0, 0xffff, 0, 0},
    {"sahf", {0x9e}, 0xff00, 0, O, 0xff00, C | P | A | Z | S | O, 0x8d5},
    {"cmc", {0xf5}, 0, 0, C, 0, 0, C},
};

START_TEST(results_of_the_manuals)
{
    for (unsigned n = 0; n < sizeof results / sizeof results[0]; n++) {
        struct x86_state *s = flat(0, results[n].code, sizeof results[n].code);
        s->gpr[X86_EAX] = results[n].eax;
        s->gpr[X86_EBX] = results[n].ebx;
        s->eflags |= results[n].flags;
        run(1);
        ck_assert_msg(s->gpr[X86_EAX] == results[n].expected, "%s: %08x", results[n].source,
                      s->gpr[X86_EAX]);
        ck_assert_msg(((s->eflags ^ results[n].expected_flags) & results[n].compared) == 0,
                      "%s: flags %03x", results[n].source, s->eflags);
    }
}
END_TEST

START_TEST(stack_corners)
{
    struct x86_state *s = FLAT(0, 0x54, 0x5c); /* PUSH ESP; POP ESP */
    run(1);
    ck_assert_uint_eq(word(STACK - 4), STACK); /* the value before, since the 80286 */
    put_word(STACK - 4, 0x1234);
    run(1);
    ck_assert_uint_eq(s->gpr[X86_ESP], 0x1234);
    s = FLAT(0, 0x8f, 0x44, 0x24, 0x04); /* POP [ESP+4]: the address counts as popped */
    put_word(STACK, 0xabcd);
    run(1);
    ck_assert_uint_eq(word(STACK + 8), 0xabcd);
    s = FLAT(0, 0xc8, 0x10, 0x00, 0x00, 0xc9); /* ENTER 16,0; LEAVE */
    s->gpr[X86_EBP] = 0x777;
    run(1);
    ck_assert_uint_eq(s->gpr[X86_EBP], STACK - 4);
    ck_assert_uint_eq(s->gpr[X86_ESP], STACK - 20);
    run(1);
    ck_assert_uint_eq(s->gpr[X86_EBP], 0x777);
    ck_assert_uint_eq(s->gpr[X86_ESP], STACK);
}
END_TEST

START_TEST(eight_bytes_at_once)
{
    struct x86_state *s = FLAT(0, 0x0f, 0xc7, 0x0d, 0x00, 0x80, 0x00, 0x00); /* CMPXCHG8B [DATA] */
    s->gpr[X86_EAX] = 1, s->gpr[X86_EDX] = 2, s->gpr[X86_EBX] = 3, s->gpr[X86_ECX] = 4;
    put_word(DATA, 1);
    put_word(DATA + 4, 2);
    run(1);
    ck_assert_uint_eq(word(DATA), 3);
    ck_assert_uint_eq(word(DATA + 4), 4);
    ck_assert_uint_ne(s->eflags & X86_ZF, 0);
}
END_TEST

/* --- faults -------------------------------------------------------------------------------------
 */

static const struct {
    const char *what;
    uint8_t code[18];
    int vector;
    unsigned cpl;
} faults[] = {
    {"UD2", {0x0f, 0x0b}, X86_UD, 0},
    {"0F FF", {0x0f, 0xff}, X86_UD, 0},
    {"LOCK NOP", {0xf0, 0x90}, X86_UD, 0},
    {"LEA of a register", {0x8d, 0xc0}, X86_UD, 0},
    {"MOV CS", {0x8e, 0xc8}, X86_UD, 0},
    {"CR1", {0x0f, 0x20, 0xc8}, X86_UD, 0},
    {"16 bytes",
     {0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
      0x90},
     X86_GP,
     0},
    {"DIV by 0", {0xf7, 0xf1}, X86_DE, 0},
    {"AAM 0", {0xd4, 0x00}, X86_DE, 0},
    {"BOUND", {0x62, 0x05, 0x00, 0x80, 0x00, 0x00}, X86_BR, 0},
    {"FISTTP", {0xdb, 0x08}, X86_UD, 0},
    {"HLT in ring 3", {0xf4}, X86_GP, 3},
    {"CLI in ring 3", {0xfa}, X86_GP, 3},
    {"IN in ring 3", {0xe4, 0x60}, X86_GP, 3},
    {"MOV CR0 in ring 3", {0x0f, 0x20, 0xc0}, X86_GP, 3},
    {"reserved bits of CR4", {0x0f, 0x22, 0xe0}, X86_GP, 0},
    {"ICEBP", {0xf1}, X86_DB, 0},
    {"INT3", {0xcc}, X86_BP, 0},
};

START_TEST(faults_of_the_manuals)
{
    for (unsigned n = 0; n < sizeof faults / sizeof faults[0]; n++) {
        uint64_t from = board.trace.written;
        struct x86_state *s = flat(faults[n].cpl, faults[n].code, sizeof faults[n].code);
        s->gpr[X86_EAX] = 0xffffffff;
        enum cpu_stop stop = run(1);
        ck_assert_msg(stop == CPU_SHUTDOWN, "%s: %d", faults[n].what, stop); /* there is no IDT */
        int vector = trapped(from);
        ck_assert_msg(vector == faults[n].vector, "%s: vector %d", faults[n].what, vector);
    }
}
END_TEST

/* SDM vol. 1, 16.5.2 */
START_TEST(io_permission_bitmap)
{
    for (unsigned denied = 0; denied < 2; denied++) {
        uint64_t from = board.trace.written;
        struct x86_state *s = FLAT(3, 0xe4, 0x62); /* IN AL, 62h */
        s->segment[X86_TR] = (struct x86_segment){
            .selector = 0x28, .attributes = 0x8b, .base = TSS, .limit = 0x68 + 32};
        put_word(TSS + 102, 0x68);
        board.ram.bytes[TSS + 0x68 + 0x62 / 8] = denied ? 1 << (0x62 & 7) : 0;
        run(1);
        ck_assert_int_eq(trapped(from), denied ? X86_GP : -1);
        if (!denied)
            ck_assert_uint_eq(s->gpr[X86_EAX] & 0xff, 0x02);
    }
}
END_TEST

START_TEST(alignment_check)
{
    for (unsigned on = 0; on < 2; on++) {
        uint64_t from = board.trace.written;
        struct x86_state *s = FLAT(3, 0xa1, 0x02, 0x80, 0x00, 0x00); /* MOV EAX, [DATA+2] */
        s->cr0 |= X86_CR0_AM;
        s->eflags |= on ? X86_AC : 0;
        run(1);
        ck_assert_int_eq(trapped(from), on ? X86_AC_FAULT : -1);
    }
}
END_TEST

START_TEST(data_breakpoint_traps_behind_the_instruction)
{
    uint64_t from = board.trace.written;
    struct x86_state *s = FLAT(0, 0xa2, 0x01, 0x80, 0x00, 0x00, 0x90); /* MOV [DATA+1], AL */
    s->dr[0] = DATA;
    s->dr[7] = 0x400 | 1 | 0xdu << 16; /* writes, 4 bytes */
    x86_attend_debug(board.x86);
    run(2);
    ck_assert_int_eq(trapped(from), X86_DB);
    ck_assert_uint_eq(s->dr[6] & 0xf, 1);
    ck_assert_uint_eq(s->eip, CODE + 5);
}
END_TEST

START_TEST(trap_flag)
{
    uint64_t from = board.trace.written;
    struct x86_state *s = FLAT(0, 0x90, 0x90);
    s->eflags |= X86_TF;
    x86_attend_debug(board.x86);
    run(2);
    ck_assert_int_eq(trapped(from), X86_DB);
    ck_assert_uint_eq(s->eip, CODE + 1);
    ck_assert_uint_ne(s->dr[6] & 1u << 14, 0);
}
END_TEST

/* --- time ---------------------------------------------------------------------------------------
 */

static const struct {
    const char *source;
    uint8_t code[8];
    unsigned ticks; /* i486 PRM, ch. 26 */
} costs[] = {
    {"add r,r", {0x01, 0xd8}, 1},
    {"add r,m", {0x03, 0x05, 0x00, 0x80, 0, 0}, 2},
    {"add m,r", {0x01, 0x05, 0x00, 0x80, 0, 0}, 3},
    {"jz, not taken", {0x74, 0x10}, 1},
    {"jnz, taken", {0x75, 0x10}, 3},
    {"div r32", {0xf7, 0xf3}, 40},
    {"div r16", {0x66, 0xf7, 0xf3}, 24},
    {"pusha", {0x60}, 11},
    {"call", {0xe8, 0x10, 0, 0, 0}, 3},
    {"loop, taken", {0xe2, 0x10}, 7},
    {"movsd", {0xa5}, 7},
};

START_TEST(published_clocks)
{
    for (unsigned n = 0; n < sizeof costs / sizeof costs[0]; n++) {
        struct x86_state *s = flat(0, costs[n].code, sizeof costs[n].code);
        s->gpr[X86_EBX] = s->gpr[X86_ECX] = 3;
        s->gpr[X86_EDX] = 0;
        s->gpr[X86_ESI] = s->gpr[X86_EDI] = DATA;
        ticks before = board.clock.s.now;
        run(1);
        ck_assert_msg(board.clock.s.now - before == costs[n].ticks, "%s: %lu ticks",
                      costs[n].source, (unsigned long)(board.clock.s.now - before));
    }
}
END_TEST

/* However a REP instruction is sliced, it ends at the same tick in the same state. */
START_TEST(rep_stops_between_elements)
{
    ticks whole = 0;
    struct cpu *cpu = &board.x86->cpu;
    for (unsigned slice = 0; slice < 3; slice++) {
        struct x86_state *s = FLAT(0, 0xf3, 0xaa, 0x90); /* REP STOSB */
        s->gpr[X86_EAX] = 0x5a;
        s->gpr[X86_ECX] = 1000;
        s->gpr[X86_EDI] = DATA;
        ticks begin = board.clock.s.now;
        uint64_t count = s->count;
        while (s->count == count) {
            ticks until = slice == 0 ? CLOCK_NEVER : board.clock.s.now + 1 + 90 * (slice - 1);
            cpu->ops->run(cpu, (struct cpu_limit){.tick = until, .count = count + 1});
        }
        if (slice == 0)
            whole = board.clock.s.now - begin;
        ck_assert_uint_eq(board.clock.s.now - begin, whole);
        ck_assert_uint_eq(s->gpr[X86_ECX], 0);
        ck_assert_uint_eq(s->gpr[X86_EDI], DATA + 1000);
        ck_assert_uint_eq(s->eip, CODE + 2);
        ck_assert_uint_eq(s->eflags & X86_RF, 0);
        for (unsigned n = 0; n < 1000; n++)
            ck_assert_uint_eq(board.ram.bytes[DATA + n], 0x5a);
    }
}
END_TEST

START_TEST(limits_are_exact)
{
    uint8_t nops[64];
    memset(nops, 0x90, sizeof nops);
    struct x86_state *s = flat(0, nops, sizeof nops);
    struct cpu *cpu = &board.x86->cpu;
    uint64_t count = s->count;
    ck_assert_int_eq(run(17), CPU_LIMIT);
    ck_assert_uint_eq(s->count, count + 17);
    ck_assert_uint_eq(s->eip, CODE + 17);
    ticks until = board.clock.s.now + 5;
    cpu->ops->run(cpu, (struct cpu_limit){.tick = until, .count = UINT64_MAX});
    ck_assert_uint_eq(board.clock.s.now, until);
    ck_assert_uint_eq(s->eip, CODE + 22);
}
END_TEST

START_TEST(halt_waits)
{
    struct x86_state *s = FLAT(0, 0xf4);
    uint64_t count = s->count;
    ck_assert_int_eq(run(10), CPU_HALTED);
    ck_assert_uint_eq(s->count, count + 1);
    ck_assert_int_eq(run(10), CPU_HALTED);
    ck_assert_uint_eq(s->count, count + 1);
}
END_TEST

/* --- code that changes, the processor as a whole -------------------------------------------------
 */

START_TEST(code_that_patches_itself)
{
    /* MOV [next+1], AL; next: MOV BL, 0; twenty times with another AL, through blocks */
    struct x86_state *s = FLAT(0, 0xa2, 0x06, 0x10, 0x00, 0x00, 0xb3, 0x00, 0x04, 0x03, 0x00, 0xdf,
                               0xfe, 0xc9, 0x75, 0xf1, 0xf4);
    uint32_t sum = 0;
    s->gpr[X86_ECX] = 20;
    for (uint32_t n = 0, al = 0; n < 20; n++, al += 3)
        sum += al & 0xff;
    ck_assert_int_eq(run(1000), CPU_HALTED);
    ck_assert_uint_eq(s->gpr[X86_EBX] >> 8 & 0xff, sum & 0xff); /* BH collects BL */
}
END_TEST

START_TEST(reset_state)
{
    struct x86_state *s = &board.x86->s;
    board.x86->cpu.ops->reset(&board.x86->cpu);
    ck_assert_uint_eq(board.x86->cpu.ops->pc(&board.x86->cpu), 0xfffffff0);
    ck_assert_uint_eq(s->segment[X86_CS].selector, 0xf000);
    ck_assert_uint_eq(s->eflags, 2);
    ck_assert_uint_eq(s->gpr[X86_EDX] >> 8, 4); /* family 4 */
    ck_assert_uint_eq(s->idtr.limit, 0xffff);
    ck_assert_uint_eq(s->cr0 & (X86_CR0_PE | X86_CR0_PG), 0);
}
END_TEST

START_TEST(registers_by_name)
{
    struct cpu *cpu = &board.x86->cpu;
    uint64_t value;
    FLAT(0, 0x90);
    ck_assert(cpu->ops->reg_set(cpu, (unsigned)cpu_register_number(cpu, "eax"), 0x1234));
    ck_assert(cpu->ops->reg_get(cpu, (unsigned)cpu_register_number(cpu, "eax"), &value));
    ck_assert_uint_eq(value, 0x1234);
    ck_assert(cpu->ops->reg_get(cpu, (unsigned)cpu_register_number(cpu, "cs.limit"), &value));
    ck_assert_uint_eq(value, 0xffffffff);
    ck_assert_int_eq(cpu_register_number(cpu, "xyz"), -1);
    ck_assert(!cpu->ops->reg_set(cpu, (unsigned)cpu_register_number(cpu, "cpl"), 3));
    ck_assert(!cpu->ops->reg_set(cpu, (unsigned)cpu_register_number(cpu, "eax"), 1ull << 32));
}
END_TEST

START_TEST(a_state_from_a_file_is_judged)
{
    FLAT(0, 0x90);
    size_t size = state_size(&board.state);
    uint8_t *saved = malloc(size);
    const char *why;
    size_t head = size - sizeof(struct x86_state);
    state_save(&board.state, saved);
    ck_assert(state_load(&board.state, saved, size, &why));
    struct x86_state bad;
    memcpy(&bad, saved + head, sizeof bad);
    bad.cpl = 4;
    memcpy(saved + head, &bad, sizeof bad);
    ck_assert(!state_load(&board.state, saved, size, &why));
    ck_assert_str_eq(why, "x86");
    free(saved);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("x86 exec");
    TCase *tcase = tcase_create("exec");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, results_of_the_manuals);
    tcase_add_test(tcase, stack_corners);
    tcase_add_test(tcase, eight_bytes_at_once);
    tcase_add_test(tcase, faults_of_the_manuals);
    tcase_add_test(tcase, io_permission_bitmap);
    tcase_add_test(tcase, alignment_check);
    tcase_add_test(tcase, data_breakpoint_traps_behind_the_instruction);
    tcase_add_test(tcase, trap_flag);
    tcase_add_test(tcase, published_clocks);
    tcase_add_test(tcase, rep_stops_between_elements);
    tcase_add_test(tcase, limits_are_exact);
    tcase_add_test(tcase, halt_waits);
    tcase_add_test(tcase, code_that_patches_itself);
    tcase_add_test(tcase, reset_state);
    tcase_add_test(tcase, registers_by_name);
    tcase_add_test(tcase, a_state_from_a_file_is_judged);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
