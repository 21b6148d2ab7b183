/* mips_bench: an R3000 with RAM, a ROM and one device, for tests that run a few instructions and
 * look at what the processor made of them. */
#ifndef TESTS_UNIT_MIPS_BENCH_H
#define TESTS_UNIT_MIPS_BENCH_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/mips/decode.h"
#include "cpu/mips/mips.h"
#include "cpu/mips/trap.h"

#define RAM_SIZE   0x100000u
#define HERE       0x80001000u /* where the code under test is: kseg0 */
#define DATA       0x80002000u
#define USER       0x00400000u /* a page of user space: mapped by bench_map(USER_PHYS) */
#define KSEG2_PAGE 0xc0005000u
#define USER_PHYS  0x00010000u
#define NOTHING    0xb0000000u /* kseg1: physical 10000000, where nobody answers */
#define DEVICE     0xbfe00000u
#define ROM        0xbfc00000u

enum { ZERO, AT, V0, V1, A0, A1, A2, A3, T0, T1, T2, T3, S0 = 16, K0 = 26, K1, GP, SP, S8, RA };

struct bench {
    struct clock clock;
    struct bus bus;
    struct memory ram, rom;
    struct trace trace;
    uint32_t device_read, device_written; /* values of the bus */
    unsigned device_size, who;
    struct mips *c;
};

/* --- instructions -------------------------------------------------------------------------------
 */

#define r_type(function, rd, rs, rt, sa)                                                           \
    ((uint32_t)(rs) << 21 | (uint32_t)(rt) << 16 | (uint32_t)(rd) << 11 | (uint32_t)(sa) << 6 |    \
     (uint32_t)(function))
#define i_type(opcode, rt, rs, immediate)                                                          \
    ((uint32_t)(opcode) << 26 | (uint32_t)(rs) << 21 | (uint32_t)(rt) << 16 |                      \
     ((uint32_t)(immediate)&0xffff))
#define j_type(opcode, target) ((uint32_t)(opcode) << 26 | ((uint32_t)(target) >> 2 & 0x3ffffff))

#define NOP                  0u
#define I_SYSCALL            0x0cu
#define I_BREAK              0x0du
#define I_RFE                0x42000010u
#define I_TLBR               0x42000001u
#define I_TLBWI              0x42000002u
#define I_TLBWR              0x42000006u
#define I_TLBP               0x42000008u
#define I_WAIT               0x42000020u
#define I_RESERVED           0x0000003fu
#define LW(rt, rs, offset)   i_type(0x23, rt, rs, offset)
#define SW(rt, rs, offset)   i_type(0x2b, rt, rs, offset)
#define JR(rs)               r_type(8, 0, rs, 0, 0)
#define MFC0(rt, number)     (0x40000000u | (rt) << 16 | (number) << 11)
#define MTC0(rt, number)     (0x40800000u | (rt) << 16 | (number) << 11)
#define ADD(rd, rs, rt)      r_type(0x20, rd, rs, rt, 0)
#define ADDIU(rt, rs, value) i_type(9, rt, rs, value)

/* --- the machine -------------------------------------------------------------------------------
 */

static inline bool device_read(void *bench, unsigned who, uint32_t offset, unsigned size,
                               uint32_t *out)
{
    struct bench *b = bench;
    b->who = who;
    b->device_size = size;
    *out = b->device_read;
    return offset < 0x100;
}

static inline bool device_write(void *bench, unsigned who, uint32_t offset, unsigned size,
                                uint32_t value)
{
    struct bench *b = bench;
    b->who = who;
    b->device_size = size;
    b->device_written = value;
    return offset < 0x100;
}

static inline struct bench *bench_new_of(const struct mips_model *model)
{
    static const struct bus_ops ops = {.read = device_read, .write = device_write};
    struct bench *b = calloc(1, sizeof *b);
    ck_assert_ptr_nonnull(b);
    clock_init(&b->clock);
    bus_init(&b->bus);
    trace_init(&b->trace);
    ck_assert(memory_init(&b->ram, "ram", RAM_SIZE));
    ck_assert(memory_init(&b->rom, "rom", MEMORY_PAGE));
    bus_add_memory(&b->bus, "ram", 0, RAM_SIZE, &b->ram, 0, false);
    bus_add_memory(&b->bus, "rom", 0x1fc00000, MEMORY_PAGE, &b->rom, 0, true);
    bus_add_device(&b->bus, "device", 0x1fe00000, 0x10000, &ops, b);
    b->c = mips_create(model, 0, &b->clock, &b->bus, &b->trace);
    b->c->s.status = 0;
    b->c->s.pc = HERE;
    b->c->s.next_pc = HERE + 4;
    return b;
}

static inline struct bench *bench_new(void)
{
    return bench_new_of(&mips_r3000);
}

static inline void bench_free(struct bench *b)
{
    b->c->cpu.ops->free(&b->c->cpu);
    memory_free(&b->ram);
    memory_free(&b->rom);
    trace_free(&b->trace);
    free(b);
}

/* Of RAM, by physical or kseg0 address. */
static inline void put32(struct bench *b, uint32_t address, uint32_t value)
{
    uint8_t *p = b->ram.bytes + (address & 0x1fffffff);
    for (unsigned n = 0; n < 4; n++)
        p[n] = (uint8_t)(value >> (24 - 8 * n));
}

static inline uint32_t get32(const struct bench *b, uint32_t address)
{
    const uint8_t *p = b->ram.bytes + (address & 0x1fffffff);
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void bench_go_to(struct bench *b, uint32_t pc)
{
    b->c->s.pc = pc;
    b->c->s.next_pc = pc + 4;
    b->c->s.in_slot = 0;
    b->c->s.branch_pc = 0;
}

/* Instructions at HERE, which is where the processor goes. */
#define bench_code(b, ...)                                                                         \
    bench_code_words((b), (const uint32_t[]){__VA_ARGS__},                                         \
                     sizeof(const uint32_t[]){__VA_ARGS__} / 4)

static inline void bench_code_words(struct bench *b, const uint32_t *words, size_t count)
{
    for (size_t n = 0; n < count; n++)
        put32(b, HERE + 4 * (uint32_t)n, words[n]);
    bench_go_to(b, HERE);
}

static inline void bench_map(struct bench *b, unsigned entry, uint32_t page, uint32_t lo)
{
    b->c->s.tlb[entry] = (struct mips_tlb_entry){.hi = page, .lo = lo};
    mips_soft_flush(b->c);
}

/* Until `actions` more instructions or exceptions are complete. */
static inline enum cpu_stop bench_run(struct bench *b, unsigned actions)
{
    struct cpu_limit limit = {CLOCK_NEVER, b->c->s.count + actions, 0};
    return b->c->cpu.ops->run(&b->c->cpu, limit);
}

static inline unsigned exccode(const struct bench *b)
{
    return (b->c->s.cause & MIPS_EXCCODE) >> MIPS_EXCCODE_SHIFT;
}

static inline unsigned unit_of(const struct bench *b)
{
    return (b->c->s.cause & MIPS_CE) >> MIPS_CE_SHIFT;
}

static inline bool in_slot(const struct bench *b)
{
    return (b->c->s.cause & MIPS_BD) != 0;
}

#endif
