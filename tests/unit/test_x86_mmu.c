/* Unit tests of x86 paging: rights, accessed and dirty bits, error codes, large and global pages,
 * and that the soft TLB can never be told from none. Sources: SDM vol. 3
 * chapters 3.6, 3.7, 4.11, 5.12. */
#include "tests/unit/x86_bench.h"

#define PAGE 0x20000u /* the page under test */

static struct bench *bench_pages(void)
{
    struct bench *b = bench_protected(0);
    bench_paging(b);
    return b;
}

static bool touch(struct bench *b, uint32_t linear, enum x86_intent intent, bool user)
{
    uint32_t value;
    return intent == X86_WRITE ? x86_linear_write(b->c, linear, 4, user, 0x11223344)
                               : x86_linear_read(b->c, linear, 4, user, &value);
}

static void expect_page_fault(struct bench *b, uint32_t linear, uint16_t error)
{
    ck_assert_uint_eq(b->c->fault.vector, X86_PF_FAULT);
    ck_assert(b->c->fault.has_error);
    ck_assert_uint_eq(b->c->fault.error, error);
    ck_assert_uint_eq(b->c->s.cr2, linear);
}

/* Every combination of rights in both levels, WP, who and what (SDM vol. 3, table 5-3). */
START_TEST(rights)
{
    for (unsigned n = 0; n < 128; n++) {
        bool pde_w = n & 1, pde_u = n & 2, pte_w = n & 4, pte_u = n & 8;
        bool wp = n & 16, user = n & 32, write = n & 64;
        struct bench *b = bench_pages();
        put32(b, PAGE_DIRECTORY, PAGE_TABLE | 1u | (pde_w ? 2u : 0) | (pde_u ? 4u : 0));
        put32(b, pte_of(PAGE), PAGE | 1u | (pte_w ? 2u : 0) | (pte_u ? 4u : 0));
        b->c->s.cr0 = wp ? b->c->s.cr0 | X86_CR0_WP : b->c->s.cr0 & ~(uint32_t)X86_CR0_WP;
        bool can_write = pde_w && pte_w, is_user = pde_u && pte_u;
        bool allowed = user ? is_user && (!write || can_write) : !write || can_write || !wp;
        uint32_t pde = get32(b, PAGE_DIRECTORY), pte = get32(b, pte_of(PAGE));
        ck_assert_msg(touch(b, PAGE + 8, write ? X86_WRITE : X86_READ, user) == allowed, "n %u", n);
        if (allowed) {
            ck_assert_uint_eq(get32(b, PAGE_DIRECTORY), pde | 0x20);
            ck_assert_uint_eq(get32(b, pte_of(PAGE)), pte | 0x20 | (write ? 0x40u : 0));
        } else {
            expect_page_fault(b, PAGE + 8, (uint16_t)(1 | (write ? 2 : 0) | (user ? 4 : 0)));
            ck_assert_uint_eq(get32(b, PAGE_DIRECTORY), pde);
            ck_assert_uint_eq(get32(b, pte_of(PAGE)), pte);
        }
        bench_free(b);
    }
}
END_TEST

START_TEST(not_present)
{
    /* In the directory or in the table; nothing is marked, the other bits do not count. */
    struct bench *b = bench_pages();
    uint32_t at = _i < 4 ? PAGE_DIRECTORY : pte_of(PAGE);
    put32(b, at, get32(b, at) & ~1u);
    bench_mark(b);
    bool write = _i & 1, user = _i & 2;
    ck_assert(!touch(b, PAGE + 0x123, write ? X86_WRITE : X86_READ, user));
    expect_page_fault(b, PAGE + 0x123, (uint16_t)((write ? 2 : 0) | (user ? 4 : 0)));
    expect_memory_untouched(b);
    bench_free(b);
}
END_TEST

START_TEST(dirty_bit_is_set_by_the_first_write)
{
    struct bench *b = bench_pages();
    ck_assert(touch(b, PAGE, X86_READ, false));
    ck_assert_uint_eq(get32(b, pte_of(PAGE)) & 0x60, 0x20);
    ck_assert(touch(b, PAGE, X86_WRITE, false));
    ck_assert_uint_eq(get32(b, pte_of(PAGE)) & 0x60, 0x60);
    ck_assert_uint_eq(get32(b, PAGE), 0x11223344);
    ck_assert_uint_eq(get32(b, PAGE_DIRECTORY) & 0x60, 0x20);
    bench_free(b);
}
END_TEST

START_TEST(access_across_two_pages)
{
    struct bench *b = bench_pages();
    put32(b, pte_of(PAGE), 0x30000 | 7);
    put32(b, pte_of(PAGE + 0x1000), 0x28000 | 7);
    for (unsigned i = 1; i < 4; i++) {
        uint32_t linear = PAGE + 0x1000 - i, value, old, physical;
        ck_assert(x86_linear_write(b->c, linear, 4, false, 0xa1b2c3d4 + i));
        ck_assert(x86_linear_read(b->c, linear, 4, false, &value));
        ck_assert_uint_eq(value, 0xa1b2c3d4 + i);
        ck_assert_uint_eq(b->ram.bytes[0x31000 - i], (0xd4 + i) & 0xff);
        ck_assert_uint_eq(b->ram.bytes[0x28000 + 3 - i], 0xa1);
        ck_assert(x86_linear_write_at(b->c, linear, 4, false, 1, &old, &physical));
        ck_assert_uint_eq(old, 0xa1b2c3d4 + i);
        ck_assert_uint_eq(physical, 0x31000 - i);
    }
    bench_free(b);
}
END_TEST

START_TEST(access_across_two_pages_checks_both_first)
{
    struct bench *b = bench_pages();
    put32(b, pte_of(PAGE + 0x1000), _i == 0 ? 0 : (PAGE + 0x1000) | 1);
    uint32_t before = get32(b, PAGE + 0xffc);
    ck_assert(!x86_linear_write(b->c, PAGE + 0xffe, 4, true, 0xffffffff));
    expect_page_fault(b, PAGE + 0x1000, _i == 0 ? 6 : 7);
    ck_assert_uint_eq(get32(b, PAGE + 0xffc), before);
    bench_free(b);
}
END_TEST

START_TEST(large_pages)
{
    struct bench *b = bench_pages();
    b->c->s.cr4 |= X86_CR4_PSE;
    put32(b, PAGE_DIRECTORY + 4, 0x87); /* 400000h.. -> 0.. */
    uint32_t value;
    put32(b, PAGE + 0x234, 0x5566);
    ck_assert(x86_linear_read(b->c, 0x400000 + PAGE + 0x234, 4, true, &value));
    ck_assert_uint_eq(value, 0x5566);
    ck_assert_uint_eq(get32(b, PAGE_DIRECTORY + 4), 0xa7);
    ck_assert(x86_linear_write(b->c, 0x400000 + PAGE, 4, true, 1));
    ck_assert_uint_eq(get32(b, PAGE_DIRECTORY + 4), 0xe7);
    /* A reserved bit: error code bit 3. */
    put32(b, PAGE_DIRECTORY + 8, 0x2087);
    ck_assert(!x86_linear_read(b->c, 0x800000, 4, false, &value));
    expect_page_fault(b, 0x800000, 9);
    /* A read-only large page. */
    put32(b, PAGE_DIRECTORY + 8, 0x85);
    ck_assert(!x86_linear_write(b->c, 0x800000, 4, true, 1));
    expect_page_fault(b, 0x800000, 7);
    bench_free(b);
}
END_TEST

START_TEST(size_bit_without_pse_is_ignored)
{
    struct bench *b = bench_pages();
    put32(b, PAGE_DIRECTORY, PAGE_TABLE | 0x87);
    ck_assert(touch(b, PAGE, X86_WRITE, false));
    ck_assert_uint_eq(get32(b, pte_of(PAGE)) & 0x60, 0x60);
    bench_free(b);
}
END_TEST

START_TEST(a20_masks_physical_addresses)
{
    struct bench *b = bench_protected(0);
    put32(b, 0x500, 0xcafe);
    uint32_t value;
    b->c->s.a20 = 0;
    x86_tlb_flush(b->c, true);
    ck_assert(x86_linear_read(b->c, 0x100500, 4, false, &value));
    ck_assert_uint_eq(value, 0xcafe);
    b->c->s.a20 = 1;
    x86_tlb_flush(b->c, true);
    ck_assert(x86_linear_read(b->c, 0x100500, 4, false, &value));
    ck_assert_uint_eq(value, 0xffffffff); /* nobody there */
    bench_free(b);
}
END_TEST

START_TEST(open_bus_reads_as_ones)
{
    struct bench *b = bench_protected(0);
    uint32_t value;
    static const uint32_t ones[] = {0xff, 0xffff, 0xffffffff};
    for (unsigned i = 0; i < 3; i++) {
        ck_assert(x86_linear_read(b->c, 0x80000000, 1u << i, false, &value));
        ck_assert_uint_eq(value, ones[i]);
        ck_assert(x86_linear_write(b->c, 0x80000000, 1u << i, false, 0));
    }
    bench_free(b);
}
END_TEST

/* --- the soft TLB must not be seen ------------------------------------------------------------ */

static const struct {
    uint32_t keeps; /* bits of the PTE that stay */
    bool write;     /* what must fault then */
} changes[] = {{~1u, false}, {~2u, true}, {~4u, false}};

START_TEST(a_changed_entry_counts_at_once)
{
    struct bench *b = bench_pages();
    ck_assert(touch(b, PAGE, X86_WRITE, true));
    ck_assert(touch(b, PAGE, X86_READ, true));
    uint32_t at = _i < 3 ? pte_of(PAGE) : PAGE_DIRECTORY;
    ck_assert(x86_linear_write(b->c, at, 4, false, get32(b, at) & changes[_i % 3].keeps));
    ck_assert(!touch(b, PAGE, changes[_i % 3].write ? X86_WRITE : X86_READ, true));
    bench_free(b);
}
END_TEST

START_TEST(a_change_of_one_byte_counts_at_once)
{
    struct bench *b = bench_pages();
    ck_assert(touch(b, PAGE, X86_READ, true));
    ck_assert(x86_linear_write(b->c, pte_of(PAGE) + 2, 1, false, 0x03)); /* now 30000h */
    put32(b, 0x30000, 0x777);
    uint32_t value;
    ck_assert(x86_linear_read(b->c, PAGE, 4, true, &value));
    ck_assert_uint_eq(value, 0x777);
    bench_free(b);
}
END_TEST

START_TEST(a_change_by_others_counts)
{
    struct bench *b = bench_pages();
    ck_assert(touch(b, PAGE, X86_READ, true));
    put32(b, pte_of(PAGE), 0);
    x86_tlb_memory_changed(b->c, pte_of(PAGE), 4);
    ck_assert(!touch(b, PAGE, X86_READ, true));
    bench_free(b);
}
END_TEST

START_TEST(cleared_accessed_and_dirty_bits_are_set_again)
{
    struct bench *b = bench_pages();
    ck_assert(touch(b, PAGE, X86_WRITE, false));
    ck_assert(x86_linear_write(b->c, pte_of(PAGE), 4, false, PAGE | 7));
    ck_assert(touch(b, PAGE, X86_WRITE, false));
    ck_assert_uint_eq(get32(b, pte_of(PAGE)), PAGE | 0x67);
    bench_free(b);
}
END_TEST

START_TEST(a_read_entry_does_not_write)
{
    struct bench *b = bench_pages();
    put32(b, pte_of(PAGE), PAGE | 5);
    ck_assert(touch(b, PAGE, X86_READ, false));
    ck_assert(!touch(b, PAGE, X86_WRITE, false));
    ck_assert(touch(b, PAGE, X86_READ, true));
    ck_assert(!touch(b, PAGE, X86_WRITE, true));
    bench_free(b);
}
END_TEST

START_TEST(a_supervisor_entry_is_not_the_users)
{
    struct bench *b = bench_pages();
    put32(b, pte_of(PAGE), PAGE | 3);
    ck_assert(touch(b, PAGE, X86_WRITE, false));
    ck_assert(!touch(b, PAGE, X86_READ, true));
    expect_page_fault(b, PAGE, 5);
    bench_free(b);
}
END_TEST

static bool cached(struct bench *b, uint32_t linear)
{
    return x86_tlb_find(b->c->tlb.read[0], linear) != NULL;
}

START_TEST(flushes)
{
    struct bench *b = bench_pages();
    b->c->s.cr4 |= X86_CR4_PGE;
    put32(b, pte_of(PAGE), PAGE | 0x107);
    ck_assert(touch(b, PAGE, X86_READ, false) && touch(b, PAGE + 0x1000, X86_READ, false));
    ck_assert(cached(b, PAGE) && cached(b, PAGE + 0x1000));
    x86_tlb_flush_page(b->c, PAGE + 0x1000);
    ck_assert(cached(b, PAGE) && !cached(b, PAGE + 0x1000));
    ck_assert(touch(b, PAGE + 0x1000, X86_READ, false));
    x86_tlb_flush(b->c, false);
    ck_assert(cached(b, PAGE) && !cached(b, PAGE + 0x1000));
    x86_tlb_flush_page(b->c, PAGE);
    ck_assert(!cached(b, PAGE));
    ck_assert(touch(b, PAGE, X86_READ, false));
    x86_tlb_flush(b->c, true);
    ck_assert(!cached(b, PAGE));
    bench_free(b);
}
END_TEST

START_TEST(never_a_write_entry_for_a_page_table)
{
    struct bench *b = bench_pages();
    ck_assert(touch(b, PAGE, X86_READ, false));
    ck_assert(x86_linear_write(b->c, PAGE_TABLE + 0x800, 4, false, 0));
    ck_assert_ptr_null(x86_tlb_find(b->c->tlb.write[0], PAGE_TABLE));
    ck_assert(x86_linear_write(b->c, PAGE, 4, false, 0));
    ck_assert_ptr_nonnull(x86_tlb_find(b->c->tlb.write[0], PAGE));
    x86_tlb_forbid_writes(b->c, PAGE);
    ck_assert_ptr_null(x86_tlb_find(b->c->tlb.write[0], PAGE));
    bench_free(b);
}
END_TEST

/* More page tables than the TLB remembers, in turn; every entry stays right. */
START_TEST(many_page_tables)
{
    struct bench *b = bench_pages();
    for (unsigned i = 1; i < 200; i++) { /* all directory entries lead to one of 16 tables */
        uint32_t table = 0x20000 + i % 16 * 0x1000;
        put32(b, PAGE_DIRECTORY + 4 * i, table | 7);
        put32(b, table, (0x30000 + i % 16 * 0x1000) | 7);
    }
    for (unsigned i = 0; i < 16; i++)
        put32(b, 0x30000 + i * 0x1000, 0x1000 + i);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 1; i < 200; i++) {
            uint32_t value;
            ck_assert(x86_linear_read(b->c, i << 22, 4, false, &value));
            ck_assert_uint_eq(value, 0x1000 + i % 16);
        }
    }
    bench_free(b);
}
END_TEST

/* A thousand random accesses, page table changes and CR3 loads: with the TLB, and with a TLB that
 * is flushed before each, everything comes out the same. */
START_TEST(random_walks)
{
    struct bench *a = bench_pages(), *b = bench_pages();
    uint32_t seed = 12345 + (uint32_t)_i;
    for (unsigned n = 0; n < 4000; n++) {
        seed = seed * 1664525 + 1013904223;
        uint32_t what = seed >> 28, page = 0x20 + (seed >> 8 & 15), rights = seed >> 16 & 0x167;
        uint32_t linear = page << 12 | (seed & 0xfff), in_a = 0, in_b = 0;
        bool user = seed >> 20 & 1, good_a, good_b;
        x86_tlb_flush(b->c, true);
        if (what < 6) {
            good_a = x86_linear_read(a->c, linear, 4, user, &in_a);
            good_b = x86_linear_read(b->c, linear, 4, user, &in_b);
        } else if (what < 12) {
            good_a = x86_linear_write(a->c, linear, 2, user, seed);
            good_b = x86_linear_write(b->c, linear, 2, user, seed);
        } else if (what < 15) {
            uint32_t entry = (0x20 + (seed >> 12 & 15)) << 12 | rights;
            good_a = x86_linear_write(a->c, pte_of(page << 12), 4, false, entry);
            good_b = x86_linear_write(b->c, pte_of(page << 12), 4, false, entry);
        } else {
            x86_tlb_flush(a->c, user);
            good_a = good_b = true;
        }
        ck_assert_int_eq(good_a, good_b);
        ck_assert_uint_eq(in_a, in_b);
        ck_assert_uint_eq(a->c->s.cr2, b->c->s.cr2);
    }
    ck_assert_int_eq(memcmp(a->ram.bytes, b->ram.bytes, RAM_SIZE), 0);
    bench_free(a);
    bench_free(b);
}
END_TEST

/* --- looking without touching ----------------------------------------------------------------- */

START_TEST(walk_is_pure)
{
    struct bench *b = bench_pages();
    b->c->s.cr4 |= X86_CR4_PSE;
    put32(b, pte_of(PAGE), 0x30000 | 5);
    put32(b, PAGE_DIRECTORY + 4, 0x83);
    bench_mark(b);
    struct x86_walk walk;
    x86_walk(b->c, PAGE + 0x10, &walk);
    ck_assert(walk.present && !walk.large && !walk.writable && walk.user);
    ck_assert_uint_eq(walk.physical, 0x30010);
    ck_assert_uint_eq(walk.pde_address, PAGE_DIRECTORY);
    ck_assert_uint_eq(walk.pte_address, pte_of(PAGE));
    ck_assert_uint_eq(walk.pte, 0x30000 | 5);
    x86_walk(b->c, 0x400000 + PAGE, &walk);
    ck_assert(walk.present && walk.large && walk.writable && !walk.user);
    ck_assert_uint_eq(walk.physical, PAGE);
    x86_walk(b->c, 0x800000, &walk);
    ck_assert(!walk.present && walk.stopped_at_pde);
    put32(b, pte_of(PAGE), 6);
    x86_walk(b->c, PAGE, &walk);
    ck_assert(!walk.present && !walk.stopped_at_pde);
    put32(b, pte_of(PAGE), 0x30000 | 5);
    expect_memory_untouched(b);
    bench_free(b);
}
END_TEST

static struct {
    unsigned count;
    struct cpu_access access[8];
} seen;

static bool see(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    (void)context;
    (void)cpu;
    ck_assert_uint_lt(seen.count, 8);
    seen.access[seen.count++] = *access;
    return false;
}

START_TEST(observers_see_the_walk)
{
    struct bench *b = bench_pages();
    struct cpu_observer observer = {.access = see};
    seen.count = 0;
    b->c->observer = &observer;
    ck_assert(touch(b, PAGE, X86_WRITE, true));
    ck_assert_uint_eq(seen.count, 4);
    const uint32_t addresses[] = {PAGE_DIRECTORY, pte_of(PAGE), PAGE_DIRECTORY, pte_of(PAGE)};
    const uint32_t values[] = {PAGE_TABLE | 7, PAGE | 7, PAGE_TABLE | 0x27, PAGE | 0x67};
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_uint_eq(seen.access[i].physical, addresses[i]);
        ck_assert_uint_eq(seen.access[i].value, values[i]);
        ck_assert_int_eq(seen.access[i].write, i >= 2);
        ck_assert(seen.access[i].micro);
        ck_assert_uint_eq(seen.access[i].linear, PAGE);
    }
    bench_free(b);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, rights);
    tcase_add_loop_test(t, not_present, 0, 8);
    tcase_add_test(t, dirty_bit_is_set_by_the_first_write);
    tcase_add_test(t, access_across_two_pages);
    tcase_add_loop_test(t, access_across_two_pages_checks_both_first, 0, 2);
    tcase_add_test(t, large_pages);
    tcase_add_test(t, size_bit_without_pse_is_ignored);
    tcase_add_test(t, a20_masks_physical_addresses);
    tcase_add_test(t, open_bus_reads_as_ones);
    tcase_add_loop_test(t, a_changed_entry_counts_at_once, 0, 6);
    tcase_add_test(t, a_change_of_one_byte_counts_at_once);
    tcase_add_test(t, a_change_by_others_counts);
    tcase_add_test(t, cleared_accessed_and_dirty_bits_are_set_again);
    tcase_add_test(t, a_read_entry_does_not_write);
    tcase_add_test(t, a_supervisor_entry_is_not_the_users);
    tcase_add_test(t, flushes);
    tcase_add_test(t, never_a_write_entry_for_a_page_table);
    tcase_add_test(t, many_page_tables);
    tcase_add_loop_test(t, random_walks, 0, 5);
    tcase_add_test(t, walk_is_pure);
    tcase_add_test(t, observers_see_the_walk);
}

int main(void)
{
    return bench_main("x86_mmu", add);
}
