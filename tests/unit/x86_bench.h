/* x86_bench: a processor with a small RAM, a GDT of every kind of segment and an IDT of good gates,
 * for tests that break one thing and look at what the delivery makes of it. */
#ifndef TESTS_UNIT_X86_BENCH_H
#define TESTS_UNIT_X86_BENCH_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/x86/trap.h"
#include "cpu/x86/x86.h"

#define RAM_SIZE 0x40000u

enum {
    IDT = 0x1000,
    GDT = 0x2000,
    LDT = 0x2800,
    TSS = 0x3000,
    TSS2 = 0x3200,
    TSS16 = 0x3400,
    KERNEL_STACK = 0x8000,
    USER_STACK = 0xa000,
    RING1_STACK = 0xc000,
    PAGE_DIRECTORY = 0x10000,
    PAGE_TABLE = 0x11000,
    HERE = 0x5000,
    NEXT = 0x5002,
    HANDLER = 0x6000,
    TASK2_STACK = 0xe000,
};

/* Selectors of the GDT, without RPL. */
enum {
    KCODE = 0x08,
    KDATA = 0x10,
    UCODE = 0x18,
    UDATA = 0x20,
    TSS_SEL = 0x28,
    TSS2_SEL = 0x30,
    CONFORMING = 0x38,
    CODE1 = 0x40,
    DATA1 = 0x48,
    LDT_SEL = 0x50,
    ABSENT_DATA = 0x58,
    ABSENT_CODE = 0x60,
    READ_ONLY = 0x68,
    SHORT_CODE = 0x70,
    SHORT_STACK = 0x78,
    TSS16_SEL = 0x80,
    CALL_GATE = 0x88,
    TASK_GATE = 0x90,
    DOWN = 0x98,
    EXECUTE_ONLY = 0xa0,
    ABSENT_UDATA = 0xa8,
    ABSENT_UCODE = 0xb0,
    CONFORMING3 = 0xb8,
    SHORT_UCODE = 0xc0,
    SHORT_USTACK = 0xc8,
    STACK16 = 0xd0,
    CODE16 = 0xd8,
    SPARE = 0xe0,
    GDT_LIMIT = 0xff,
};

struct bench {
    struct clock clock;
    struct bus memory, ports;
    struct memory ram;
    struct trace trace;
    struct x86 *c;
    struct x86_state before; /* when the delivery began */
    uint8_t *ram_before;
};

/* --- memory and descriptors ------------------------------------------------------------------- */

static inline void put32(struct bench *b, uint32_t at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        b->ram.bytes[at + i] = (uint8_t)(value >> 8 * i);
}

static inline void put16(struct bench *b, uint32_t at, uint32_t value)
{
    b->ram.bytes[at] = (uint8_t)value;
    b->ram.bytes[at + 1] = (uint8_t)(value >> 8);
}

static inline uint32_t get32(const struct bench *b, uint32_t at)
{
    const uint8_t *p = b->ram.bytes + at;
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint16_t get16(const struct bench *b, uint32_t at)
{
    return (uint16_t)(b->ram.bytes[at] | b->ram.bytes[at + 1] << 8);
}

/* limit in the descriptor's own unit; flags: bit 3 G, bit 2 D/B (SDM vol. 3, figure 3-8). */
static inline void put_descriptor(struct bench *b, uint32_t at, uint32_t base, uint32_t limit,
                                  uint8_t access, uint8_t flags)
{
    put32(b, at, (limit & 0xffff) | base << 16);
    put32(b, at + 4,
          (base >> 16 & 0xff) | (uint32_t)access << 8 | (limit & 0xf0000) | (uint32_t)flags << 20 |
              (base & 0xff000000u));
}

/* Gates of the IDT and call gates (SDM vol. 3, figures 5-8 and 6-2). */
static inline void put_gate_at(struct bench *b, uint32_t at, uint8_t access, uint16_t selector,
                               uint32_t offset, uint8_t parameters)
{
    put32(b, at, (uint32_t)selector << 16 | (offset & 0xffff));
    put32(b, at + 4, (offset & 0xffff0000u) | (uint32_t)access << 8 | parameters);
}

static inline void put_gate(struct bench *b, unsigned vector, uint8_t access, uint16_t selector,
                            uint32_t offset)
{
    put_gate_at(b, IDT + 8 * vector, access, selector, offset, 0);
}

static inline uint32_t handler(unsigned vector)
{
    return HANDLER + 16 * vector;
}

static inline struct x86_segment segment_of(const struct bench *b, uint16_t selector)
{
    uint32_t at = ((selector & 4) != 0 ? LDT : GDT) + (selector & 0xfff8u);
    uint32_t low = get32(b, at), high = get32(b, at + 4);
    uint32_t limit = (low & 0xffff) | (high & 0xf0000);
    if ((high >> 23 & 1) != 0)
        limit = limit * 4096 + 4095;
    return (struct x86_segment){
        .selector = selector,
        .attributes = (uint16_t)(high >> 8 & 0xd0ff),
        .base = low >> 16 | (high & 0xff) << 16 | (high & 0xff000000u),
        .limit = limit,
    };
}

static inline void load(struct bench *b, unsigned segment, uint16_t selector)
{
    b->c->s.segment[segment] = segment_of(b, selector);
}

/* --- a machine -------------------------------------------------------------------------------- */

static inline void fill_gdt(struct bench *b)
{
    put_descriptor(b, GDT + KCODE, 0, 0xfffff, 0x9b, 0xc);
    put_descriptor(b, GDT + KDATA, 0, 0xfffff, 0x93, 0xc);
    put_descriptor(b, GDT + UCODE, 0, 0xfffff, 0xfb, 0xc);
    put_descriptor(b, GDT + UDATA, 0, 0xfffff, 0xf3, 0xc);
    put_descriptor(b, GDT + TSS_SEL, TSS, 103, 0x8b, 0);
    put_descriptor(b, GDT + TSS2_SEL, TSS2, 103, 0x89, 0);
    put_descriptor(b, GDT + CONFORMING, 0, 0xfffff, 0x9f, 0xc);
    put_descriptor(b, GDT + CODE1, 0, 0xfffff, 0xbb, 0xc);
    put_descriptor(b, GDT + DATA1, 0, 0xfffff, 0xb3, 0xc);
    put_descriptor(b, GDT + LDT_SEL, LDT, 0x3f, 0x82, 0);
    put_descriptor(b, GDT + ABSENT_DATA, 0, 0xfffff, 0x13, 0xc);
    put_descriptor(b, GDT + ABSENT_CODE, 0, 0xfffff, 0x1b, 0xc);
    put_descriptor(b, GDT + READ_ONLY, 0, 0xfffff, 0x91, 0xc);
    put_descriptor(b, GDT + SHORT_CODE, 0, 0x5fff, 0x9b, 4);
    put_descriptor(b, GDT + SHORT_STACK, 0, 0x7ff, 0x93, 4);
    put_descriptor(b, GDT + TSS16_SEL, TSS16, 43, 0x81, 0);
    put_descriptor(b, GDT + DOWN, 0, 0x7fff, 0x97, 4);
    put_descriptor(b, GDT + EXECUTE_ONLY, 0, 0xfffff, 0xf9, 0xc);
    put_descriptor(b, GDT + ABSENT_UDATA, 0, 0xfffff, 0x73, 0xc);
    put_descriptor(b, GDT + ABSENT_UCODE, 0, 0xfffff, 0x7b, 0xc);
    put_descriptor(b, GDT + CONFORMING3, 0, 0xfffff, 0xff, 0xc);
    put_descriptor(b, GDT + SHORT_UCODE, 0, 0x5fff, 0xfb, 4);
    put_descriptor(b, GDT + SHORT_USTACK, 0, 0x7ff, 0xf3, 4);
    put_descriptor(b, GDT + STACK16, 0, 0xffff, 0x93, 0);
    put_descriptor(b, GDT + CODE16, 0, 0xffff, 0x9b, 0);
}

static inline struct bench *bench_new(void)
{
    struct bench *b = calloc(1, sizeof *b);
    ck_assert(memory_init(&b->ram, "ram", RAM_SIZE));
    b->ram_before = calloc(1, RAM_SIZE);
    clock_init(&b->clock);
    bus_init(&b->memory);
    bus_init(&b->ports);
    bus_add_memory(&b->memory, "ram", 0, RAM_SIZE, &b->ram, 0, false);
    trace_init(&b->trace);
    b->c = x86_create(0, &b->clock, &b->memory, &b->ports, &b->trace);
    b->c->s.a20 = 1;
    return b;
}

static inline void bench_free(struct bench *b)
{
    b->c->cpu.ops->free(&b->c->cpu);
    trace_free(&b->trace);
    memory_free(&b->ram);
    free(b->ram_before);
    free(b);
}

/* Protected mode at CPL 0 or 3, flat, at HERE. Faults (0..31) go to handlers of the present level,
 * so that a broken TSS cannot stop them; vectors 40h.. to ring 0: 40h interrupt gate DPL 3, 41h
 * trap gate DPL 3, 42h interrupt gate DPL 0. */
static inline struct bench *bench_protected(unsigned cpl)
{
    struct bench *b = bench_new();
    struct x86_state *s = &b->c->s;
    fill_gdt(b);
    s->cr0 |= X86_CR0_PE;
    s->cpl = (uint8_t)cpl;
    s->gdtr = (struct x86_table){GDT, GDT_LIMIT};
    s->idtr = (struct x86_table){IDT, 0x7ff};
    unsigned code = cpl == 0 ? KCODE : UCODE + 3, data = cpl == 0 ? KDATA : UDATA + 3;
    load(b, X86_CS, (uint16_t)code);
    for (unsigned i = 0; i < 6; i++)
        if (i != X86_CS)
            load(b, i, (uint16_t)data);
    load(b, X86_TR, TSS_SEL);
    load(b, X86_LDTR, LDT_SEL);
    put32(b, TSS + 4, KERNEL_STACK);
    put32(b, TSS + 8, KDATA);
    put32(b, TSS + 12, RING1_STACK);
    put32(b, TSS + 16, DATA1 + 1);
    for (unsigned v = 0; v < 32; v++)
        put_gate(b, v, 0x8e, (uint16_t)code, handler(v));
    put_gate(b, 0x40, 0xee, KCODE, handler(0x40));
    put_gate(b, 0x41, 0xef, KCODE, handler(0x41));
    put_gate(b, 0x42, 0x8e, KCODE, handler(0x42));
    s->eip = HERE;
    s->eflags = X86_FIXED | X86_IF | X86_CF;
    s->gpr[X86_ESP] = cpl == 0 ? KERNEL_STACK : USER_STACK;
    x86_mode_changed(b->c);
    return b;
}

static inline struct bench *bench_real(void)
{
    struct bench *b = bench_new();
    struct x86_state *s = &b->c->s;
    for (unsigned i = 0; i < 6; i++)
        s->segment[i] = (struct x86_segment){
            .selector = 0x0200, .base = 0x2000, .limit = 0xffff, .attributes = 0x93};
    s->idtr = (struct x86_table){0, 0x3ff};
    for (unsigned v = 0; v < 256; v++)
        put32(b, 4 * v, 0x03000000u | (0x100 + v));
    s->eip = HERE;
    s->eflags = X86_FIXED | X86_IF | X86_CF;
    s->gpr[X86_ESP] = 0x1000;
    x86_mode_changed(b->c);
    return b;
}

/* V86 mode with an IOPL, in a segment at 2000h; vectors go to ring 0. */
static inline struct bench *bench_v86(unsigned iopl)
{
    struct bench *b = bench_protected(3);
    struct x86_state *s = &b->c->s;
    for (unsigned v = 0; v < 32; v++)
        put_gate(b, v, 0x8e, KCODE, handler(v));
    s->eflags = X86_FIXED | X86_VM | X86_IF | iopl << 12;
    for (unsigned i = 0; i < 6; i++)
        s->segment[i] = (struct x86_segment){(uint16_t)(0x200 + i), 0xf3, 0x2000 + 16 * i, 0xffff};
    s->eip = HERE;
    s->gpr[X86_ESP] = 0x1000;
    x86_mode_changed(b->c);
    return b;
}

/* --- paging ----------------------------------------------------------------------------------- */

/* All of RAM mapped one to one, user and writable, clean. */
static inline void bench_paging(struct bench *b)
{
    put32(b, PAGE_DIRECTORY, PAGE_TABLE | 7);
    for (unsigned page = 0; page < RAM_SIZE / 4096; page++)
        put32(b, PAGE_TABLE + 4 * page, page << 12 | 7);
    b->c->s.cr3 = PAGE_DIRECTORY;
    b->c->s.cr0 |= X86_CR0_PG | X86_CR0_WP;
    x86_tlb_flush(b->c, true);
}

static inline uint32_t pte_of(uint32_t linear)
{
    return PAGE_TABLE + (linear >> 12) * 4;
}

/* --- deliveries ------------------------------------------------------------------------------- */

static inline void bench_mark(struct bench *b)
{
    b->before = b->c->s;
    memcpy(b->ram_before, b->ram.bytes, RAM_SIZE);
}

static inline void begin_int(struct bench *b, uint8_t vector)
{
    bench_mark(b);
    x86_begin_trap(b->c, X86_CAUSE_INT_N, vector, false, 0, NEXT);
}

static inline void begin_cause(struct bench *b, enum x86_cause cause, uint8_t vector)
{
    bench_mark(b);
    x86_begin_trap(b->c, cause, vector, false, 0, cause <= X86_CAUSE_INTO ? NEXT : HERE);
}

static inline void begin_exception(struct bench *b, uint8_t vector, bool has_error, uint16_t error)
{
    bench_mark(b);
    b->c->fault = (struct x86_fault){vector, has_error, error};
    x86_raise(b->c);
}

static inline void begin_iret(struct bench *b, unsigned size)
{
    bench_mark(b);
    x86_begin_iret(b->c, size, HERE + 1);
}

static inline bool in_progress(const struct bench *b)
{
    return b->c->s.micro.program != X86_PROGRAM_NONE;
}

static inline void finish(struct bench *b)
{
    for (unsigned i = 0; i < 2000 && in_progress(b); i++)
        x86_micro_step(b->c);
    ck_assert(!in_progress(b));
}

/* The newest event of this kind, or NULL. */
static inline const struct trace_event *newest(const struct bench *b, enum trace_kind kind)
{
    for (uint64_t n = b->trace.written; n-- > 0;) {
        const struct trace_event *event = trace_at(&b->trace, n);
        if (event == NULL)
            return NULL;
        if (event->kind == kind)
            return event;
    }
    return NULL;
}

static inline unsigned events_of(const struct bench *b, enum trace_kind kind)
{
    unsigned found = 0;
    for (uint64_t n = 0; n < b->trace.written; n++)
        found += trace_at(&b->trace, n)->kind == kind;
    return found;
}

static inline bool took_step(const struct bench *b, enum x86_step step)
{
    for (uint64_t n = 0; n < b->trace.written; n++)
        if (trace_at(&b->trace, n)->kind == TRACE_STEP && trace_at(&b->trace, n)->step == step)
            return true;
    return false;
}

/* Steps until a fault abandons the program. */
static inline const struct trace_event *until_fault(struct bench *b)
{
    unsigned seen = events_of(b, TRACE_FAULTED);
    while (in_progress(b) && events_of(b, TRACE_FAULTED) == seen)
        x86_micro_step(b->c);
    ck_assert_msg(events_of(b, TRACE_FAULTED) > seen, "the program ended without a fault");
    return newest(b, TRACE_FAULTED);
}

/* --- expectations ----------------------------------------------------------------------------- */

/* Nothing that a program can see changed since bench_mark, CR2 apart. */
static inline void expect_untouched(const struct bench *b)
{
    const struct x86_state *now = &b->c->s, *was = &b->before;
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(now->gpr[i], was->gpr[i]);
    ck_assert_uint_eq(now->eip, was->eip);
    ck_assert_uint_eq(now->eflags, was->eflags);
    ck_assert_uint_eq(now->cpl, was->cpl);
    ck_assert_uint_eq(now->cr0, was->cr0);
    ck_assert_uint_eq(now->cr3, was->cr3);
    for (unsigned i = 0; i < X86_SEGMENTS; i++) {
        ck_assert_uint_eq(now->segment[i].selector, was->segment[i].selector);
        ck_assert_uint_eq(now->segment[i].attributes, was->segment[i].attributes);
        ck_assert_uint_eq(now->segment[i].base, was->segment[i].base);
        ck_assert_uint_eq(now->segment[i].limit, was->segment[i].limit);
    }
}

static inline void expect_memory_untouched(const struct bench *b)
{
    ck_assert_int_eq(memcmp(b->ram.bytes, b->ram_before, RAM_SIZE), 0);
}

/* The check `step` fails with this fault; nothing has changed. */
static inline void expect_first_fault(struct bench *b, enum x86_step step, uint8_t vector,
                                      uint32_t error)
{
    const struct trace_event *event = until_fault(b);
    ck_assert_uint_eq(event->vector, vector);
    ck_assert_uint_eq(event->value, error);
    const struct trace_event *check = event - 1;
    ck_assert_str_eq(x86_steps[check->step].id, x86_steps[step].id);
    ck_assert_uint_ne(check->flags & TRACE_FAILED, 0);
    expect_untouched(b);
    expect_memory_untouched(b);
}

/* ... and is delivered on the present level's stack: error code, EIP of the instruction, CS, EFLAGS
 * with RF. Benches in which faults stay at the same level only. */
static inline void expect_fault(struct bench *b, enum x86_step step, uint8_t vector, uint32_t error)
{
    expect_first_fault(b, step, vector, error);
    finish(b);
    const struct x86_state *s = &b->c->s;
    uint32_t at = s->segment[X86_SS].base + s->gpr[X86_ESP];
    ck_assert_uint_eq(s->eip, handler(vector));
    ck_assert_uint_eq(s->cpl, b->before.cpl);
    ck_assert_uint_eq(s->gpr[X86_ESP], b->before.gpr[X86_ESP] - 16);
    ck_assert_uint_eq(get32(b, at), error);
    ck_assert_uint_eq(get32(b, at + 4), b->before.eip);
    ck_assert_uint_eq(get32(b, at + 8), b->before.segment[X86_CS].selector);
    ck_assert_uint_eq(get32(b, at + 12), b->before.eflags | X86_RF);
    ck_assert_uint_eq(events_of(b, TRACE_FAULTED), 1);
}

/* An instruction was refused with this fault; nothing has changed. */
static inline void expect_refused(const struct bench *b, bool good, uint8_t vector, uint16_t error)
{
    ck_assert(!good);
    ck_assert_uint_eq(b->c->fault.vector, vector);
    ck_assert(b->c->fault.has_error);
    ck_assert_uint_eq(b->c->fault.error, error);
    expect_untouched(b);
    expect_memory_untouched(b);
}

/* --- a Check program -------------------------------------------------------------------------- */

static inline int bench_main(const char *name, void (*add)(TCase *tcase))
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 30);
    add(tcase);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
