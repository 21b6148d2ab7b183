/* Unit tests of several x86 processors on one bus: INIT and startup IPIs, and what each sees of
 * what another changes. Sources: SDM vol. 3, 8.4 and table 9-1. */
#include "tests/unit/x86_bench.h"

static struct x86 *second_of(struct bench *b)
{
    struct x86 *c = x86_create(1, &b->clock, &b->memory, &b->ports, &b->trace);
    x86_share(c, b->c);
    return c;
}

static void both_free(struct bench *b, struct x86 *second)
{
    second->cpu.ops->free(&second->cpu);
    bench_free(b);
}

static enum cpu_stop go(struct x86 *c, unsigned actions)
{
    return c->cpu.ops->run(&c->cpu, (struct cpu_limit){CLOCK_NEVER, c->s.count + actions, 0});
}

static enum cpu_rest rest(const struct x86 *c)
{
    return c->cpu.ops->rest(&c->cpu);
}

START_TEST(others_wait_for_a_startup_ipi)
{
    struct bench *b = bench_new();
    struct x86 *second = second_of(b);
    ck_assert_int_eq(rest(b->c), CPU_AWAKE);
    ck_assert_int_eq(rest(second), CPU_DEAF);
    x86_intr_pin(second, 0, true); /* no pin starts it */
    x86_nmi_pin(second, 0, true);
    ck_assert_int_eq(rest(second), CPU_DEAF);
    ck_assert_int_eq(go(second, 1), CPU_HALTED);
    ck_assert_uint_eq(second->s.count, 0);
    ck_assert_uint_eq(b->clock.s.now, 0);
    x86_intr_pin(second, 0, false);
    b->ram.bytes[0x7000] = 0x90;
    x86_startup(second, 7);
    x86_startup(second, 9); /* the first one counts */
    ck_assert_int_eq(rest(second), CPU_AWAKE);
    ck_assert_int_eq(go(second, 1), CPU_LIMIT);
    ck_assert_uint_eq(second->s.count, 1);
    ck_assert_uint_eq(second->s.segment[X86_CS].selector, 0x700);
    ck_assert_uint_eq(second->s.segment[X86_CS].base, 0x7000);
    ck_assert_uint_eq(second->s.eip, 0);
    ck_assert_uint_eq(second->s.cr0 & X86_CR0_PE, 0);
    x86_startup(second, 9); /* it waits no more */
    ck_assert_uint_eq(second->s.attention & X86_ATTEND_STARTUP, 0);
    second->s.attention &= ~(uint32_t)X86_ATTEND_NMI;
    ck_assert_int_eq(go(second, 1), CPU_LIMIT);
    ck_assert_uint_eq(second->s.eip, 1);
    both_free(b, second);
}
END_TEST

static void disturb(struct x86 *c)
{
    c->s.gpr[X86_EBX] = 5;
    c->s.cr0 = X86_CR0_PE | X86_CR0_ET;
    c->s.cr3 = 0x10000;
    c->s.eflags = X86_FIXED | X86_IF;
    c->s.tsc_offset = 77;
    c->s.fpu.control = 0x27f;
    c->s.attention |= X86_ATTEND_HALT;
}

/* Table 9-1: the FPU, CD and NW, and the time stamp stay. */
static void undisturbed_by_init(const struct x86 *c)
{
    ck_assert_uint_eq(c->s.gpr[X86_EBX], 0);
    ck_assert_uint_eq(c->s.gpr[X86_EDX], X86_SIGNATURE);
    ck_assert_uint_eq(c->s.cr0, X86_CR0_ET);
    ck_assert_uint_eq(c->s.cr3, 0);
    ck_assert_uint_eq(c->s.eflags, X86_FIXED);
    ck_assert_uint_eq(c->s.tsc_offset, 77);
    ck_assert_uint_eq(c->s.fpu.control, 0x27f);
}

START_TEST(init_and_startup_may_come_back_to_back)
{
    struct bench *b = bench_new();
    struct x86 *second = second_of(b);
    x86_startup(second, 7);
    go(second, 1);
    disturb(second);
    x86_init_pin(second, 0, true);
    x86_init_pin(second, 0, false);
    x86_startup(second, 8);
    ck_assert_int_eq(rest(second), CPU_AWAKE);
    ck_assert_int_eq(go(second, 1), CPU_LIMIT);
    undisturbed_by_init(second);
    ck_assert_int_eq(go(second, 1), CPU_LIMIT);
    ck_assert_uint_eq(second->s.segment[X86_CS].base, 0x8000);
    ck_assert_int_eq(rest(second), CPU_AWAKE);
    x86_init_pin(second, 0, true); /* alone: it waits again */
    ck_assert_int_eq(go(second, 2), CPU_HALTED);
    ck_assert_uint_eq(second->s.count, 4);
    ck_assert_int_eq(rest(second), CPU_DEAF);
    both_free(b, second);
}
END_TEST

START_TEST(init_starts_the_first_one_at_its_reset_vector)
{
    struct bench *b = bench_new();
    struct x86 *second = second_of(b);
    disturb(b->c);
    x86_init_pin(b->c, 0, true);
    x86_startup(b->c, 7); /* means nothing to it */
    ck_assert_int_eq(go(b->c, 1), CPU_LIMIT);
    undisturbed_by_init(b->c);
    ck_assert_uint_eq(b->c->cpu.ops->pc(&b->c->cpu), 0xfffffff0);
    ck_assert_int_eq(rest(b->c), CPU_AWAKE);
    both_free(b, second);
}
END_TEST

START_TEST(init_waits_for_the_end_of_a_delivery)
{
    struct bench *b = bench_protected(3);
    struct x86 *second = second_of(b);
    begin_int(b, 0x40);
    x86_micro_step(b->c);
    x86_init_pin(b->c, 0, true);
    ck_assert_int_eq(go(b->c, 1), CPU_LIMIT);
    ck_assert_uint_eq(b->c->s.eip, handler(0x40));
    ck_assert_int_eq(go(b->c, 1), CPU_LIMIT);
    ck_assert_uint_eq(b->c->s.eip, 0xfff0);
    both_free(b, second);
}
END_TEST

/* A processor in protected mode that begins at `at` too, with the first one's segments. */
static void follow(struct x86 *second, const struct bench *b, uint32_t at)
{
    uint64_t count = second->s.count;
    second->s = b->c->s;
    second->s.count = count;
    second->s.eip = at;
    x86_mode_changed(second);
    x86_tlb_flush(second, true);
}

static void put_code(struct bench *b, uint32_t at, const uint8_t *code, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        b->ram.bytes[at + i] = code[i];
}

#define CODE(b, at, ...)                                                                           \
    put_code(b, at, (const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]){__VA_ARGS__})

/* Code that one has executed, and so decoded, is changed by the other. */
START_TEST(a_store_into_code_is_seen_by_all)
{
    struct bench *b = bench_protected(0);
    struct x86 *second = second_of(b);
    CODE(b, 0x5000, 0xb8, 1, 0, 0, 0, 0xeb, 0xf9);                /* 1: mov $1, %eax; jmp 1b */
    CODE(b, 0xb000, 0xc6, 0x05, 0x01, 0x50, 0, 0, 9, 0xeb, 0xf7); /* 1: movb $9, 5001h; jmp 1b */
    follow(second, b, 0xb000);
    go(second, 1); /* has a TLB entry to write the page before there is code in it */
    b->ram.bytes[0x5001] = 1;
    b->c->cpu.ops->memory_changed(&b->c->cpu, 0x5001, 1);
    for (unsigned i = 0; i < 3; i++) {
        go(b->c, 20);
        ck_assert_uint_eq(b->c->s.gpr[X86_EAX], i == 0 ? 1 : 9);
        go(second, 20);
    }
    both_free(b, second);
}
END_TEST

/* A page table from which one has walked is changed by the other: what it walked is gone. */
START_TEST(a_store_into_a_page_table_is_seen_by_all)
{
    struct bench *b = bench_protected(0);
    struct x86 *second = second_of(b);
    bench_paging(b);
    CODE(b, 0x5000, 0xa1, 0, 0, 2, 0, 0xeb, 0xf9);             /* 1: mov 20000h, %eax; jmp 1b */
    CODE(b, 0x5100, 0x89, 0x1d, 0x80, 0x10, 1, 0, 0xeb, 0xf8); /* 1: mov %ebx, 11080h; jmp 1b */
    put32(b, 0x20000, 0x1111);
    put32(b, 0x21000, 0x2222);
    follow(second, b, 0x5100);
    second->s.gpr[X86_EBX] = 0x20007;
    go(second, 4); /* has a TLB entry to write the table before anybody walked from it */
    for (unsigned i = 0; i < 4; i++) {
        second->s.gpr[X86_EBX] = i % 2 == 0 ? 0x21007 : 0x20007;
        go(second, 4);
        go(b->c, 20);
        ck_assert_uint_eq(b->c->s.gpr[X86_EAX], i % 2 == 0 ? 0x2222 : 0x1111);
    }
    both_free(b, second);
}
END_TEST

START_TEST(cpuid_tells_them_apart)
{
    struct bench *b = bench_protected(0);
    struct x86 *second = second_of(b);
    CODE(b, HERE, 0x0f, 0xa2);
    follow(second, b, HERE);
    b->c->s.gpr[X86_EAX] = second->s.gpr[X86_EAX] = 1;
    go(b->c, 1);
    go(second, 1);
    ck_assert_uint_eq(b->c->s.gpr[X86_EBX] >> 24, 0);
    ck_assert_uint_eq(second->s.gpr[X86_EBX] >> 24, 1);
    ck_assert_uint_eq(second->s.gpr[X86_EDX] & 1u << 9, 1u << 9); /* APIC */
    both_free(b, second);
}
END_TEST

static void add(TCase *tcase)
{
    tcase_add_test(tcase, others_wait_for_a_startup_ipi);
    tcase_add_test(tcase, init_and_startup_may_come_back_to_back);
    tcase_add_test(tcase, init_starts_the_first_one_at_its_reset_vector);
    tcase_add_test(tcase, init_waits_for_the_end_of_a_delivery);
    tcase_add_test(tcase, a_store_into_code_is_seen_by_all);
    tcase_add_test(tcase, a_store_into_a_page_table_is_seen_by_all);
    tcase_add_test(tcase, cpuid_tells_them_apart);
}

int main(void)
{
    return bench_main("x86_several", add);
}
