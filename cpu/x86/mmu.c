/* mmu: linear to physical: page walks, the rights they find, and the soft TLB that saves most of
 * them.
 *
 * Walks follow SDM vol. 3, 3.6 and 4.11 (two-level paging, 4 KiB and 4 MiB pages). Accessed and
 * dirty bits are written back only when the whole walk has succeeded, as the 80386 does. */
#include <string.h>

#include "cpu/x86/micro.h"
#include "cpu/x86/x86.h"

enum page_bits {
    PAGE_P = 1,
    PAGE_W = 2,
    PAGE_U = 4,
    PAGE_A = 0x20,
    PAGE_D = 0x40,
    PAGE_SIZE = 0x80,
    PAGE_GLOBAL = 0x100,
    PAGE_LARGE_RESERVED = 0x3ff000,
};

enum fault_bits { FAULT_PRESENT = 1, FAULT_WRITE = 2, FAULT_USER = 4, FAULT_RESERVED = 8 };

enum mark_bits { MARK_LISTED = 1, MARK_GLOBAL = 2 };

struct translation {
    uint32_t physical;
    uint32_t directory, table; /* physical pages the entries came from; directory = 1: no paging */
    bool global;
    struct bus_host host; /* of the page; no bytes: a device */
};

static uint32_t masked(const struct x86 *c, uint32_t physical)
{
    return c->s.a20 ? physical : physical & ~(1u << 20);
}

/* --- the soft TLB ----------------------------------------------------------------------------- */

static struct x86_tlb_entry *entries(struct x86 *c)
{
    return &c->tlb.read[0][0];
}

_Static_assert(offsetof(struct x86_tlb, filled) ==
                   sizeof(struct x86_tlb_entry) * X86_TLB_SETS * X86_TLB_ENTRIES,
               "the sets are one array");

void x86_tlb_init(struct x86 *c)
{
    memset(&c->tlb, 0, sizeof c->tlb);
    for (unsigned i = 0; i < X86_TLB_SETS * X86_TLB_ENTRIES; i++)
        entries(c)[i].tag = 1;
    for (unsigned i = 0; i < X86_TLB_KNOWN; i++)
        c->tlb.known[i].physical = 1;
    c->tlb.noted[0] = c->tlb.noted[1] = 1;
}

void x86_tlb_flush(struct x86 *c, bool globals_too)
{
    struct x86_tlb *tlb = &c->tlb;
    struct x86_tlb_entry *entry = entries(c);
    unsigned kept = 0;
    for (unsigned i = 0; i < tlb->filled_count; i++) {
        unsigned at = tlb->filled[i];
        if (!globals_too && (tlb->mark[at] & MARK_GLOBAL) != 0) {
            tlb->filled[kept++] = (uint16_t)at;
            continue;
        }
        entry[at].tag = 1;
        tlb->mark[at] = 0;
    }
    tlb->filled_count = kept;
    if (kept == 0) {
        tlb->table_count = 0;
        tlb->table_filter = 0;
        tlb->directories = 0;
        tlb->noted[0] = tlb->noted[1] = 1;
    }
}

void x86_tlb_flush_page(struct x86 *c, uint32_t linear)
{
    struct x86_tlb_entry *entry = entries(c) + ((linear >> 12) & (X86_TLB_ENTRIES - 1));
    for (unsigned set = 0; set < X86_TLB_SETS; set++, entry += X86_TLB_ENTRIES)
        if (entry->tag == (linear & 0xfffff000u))
            entry->tag = 1;
}

static void forbid_writes(struct x86 *c, uint32_t physical)
{
    struct x86_tlb_entry *entry = entries(c);
    unsigned write = (unsigned)(&c->tlb.write[0][0] - entry);
    unsigned mixed = (unsigned)(&c->tlb.mixed[0][0] - entry);
    for (unsigned i = 0; i < c->tlb.filled_count; i++) {
        unsigned at = c->tlb.filled[i];
        bool for_writing = at - write < 2 * X86_TLB_ENTRIES || at - mixed < 2 * X86_TLB_ENTRIES;
        if (for_writing && entry[at].physical == (physical & 0xfffff000u))
            entry[at].tag = 1;
    }
}

void x86_tlb_forbid_writes(struct x86 *c, uint32_t physical)
{
    struct x86 *one = c;
    do {
        forbid_writes(one, physical);
        one = one->peer;
    } while (one != c);
}

/* Where the page stands among those that live entries were walked from; -1 = nowhere. */
static int table_number(const struct x86 *c, uint32_t physical)
{
    uint32_t page = physical & 0xfffff000u;
    if ((c->tlb.table_filter >> (page >> 12 & 63) & 1) == 0)
        return -1;
    for (unsigned i = 0; i < c->tlb.table_count; i++)
        if (c->tlb.table[i] == page)
            return (int)i;
    return -1;
}

/* Were live entries of this processor, or of one that shares its memory, walked from the page? */
static bool holds_table(const struct x86 *c, uint32_t physical)
{
    const struct x86 *one = c;
    do {
        if (table_number(one, physical) >= 0)
            return true;
        one = one->peer;
    } while (one != c);
    return false;
}

static void note_table(struct x86 *c, uint32_t physical, bool directory)
{
    uint32_t page = physical & 0xfffff000u;
    int number = table_number(c, page);
    if (number < 0) {
        number = (int)c->tlb.table_count++;
        c->tlb.table[number] = page;
        c->tlb.table_filter |= (uint64_t)1 << (page >> 12 & 63);
        x86_tlb_forbid_writes(c, page);
    }
    c->tlb.directories |= (uint64_t)directory << number;
}

_Static_assert(X86_TLB_TABLES <= 64 && X86_TLB_ENTRIES <= 1024, "a bit a table; see below");

/* What was walked through this page-table entry: its place in the table is bits 21..12 of the
 * linear address, whose low part is the place in the TLB. */
static void drop_place(struct x86 *c, uint32_t entry_address)
{
    unsigned place = entry_address >> 2 & (X86_TLB_ENTRIES - 1);
    for (unsigned user = 0; user < 2; user++) {
        c->tlb.read[user][place].tag = 1;
        c->tlb.write[user][place].tag = 1;
        c->tlb.code[user][place].tag = 1;
        c->tlb.mixed[user][place].tag = 1;
    }
}

/* An entry that was not present or not accessed was never the source of anything in the TLB. */
static void drop_walked(struct x86 *c, int table, uint32_t physical, unsigned size)
{
    bool directory = (c->tlb.directories >> table & 1) != 0;
    for (uint32_t at = physical & ~3u; at < physical + size; at += 4) {
        uint32_t old;
        bool known = bus_peek(c->cpu.memory, at, 4, &old);
        if (known && (old & (PAGE_P | PAGE_A)) != (PAGE_P | PAGE_A))
            continue;
        if (directory || !known) {
            x86_tlb_flush(c, true);
            return;
        }
        drop_place(c, at);
    }
}

static void before_table_write(struct x86 *c, uint32_t physical, unsigned size)
{
    struct x86 *one = c;
    do {
        int table = table_number(one, physical);
        if (table >= 0)
            drop_walked(one, table, physical, size);
        one = one->peer;
    } while (one != c);
}

static bool has_code_entry(const struct x86 *c, uint32_t entry_address)
{
    unsigned place = entry_address >> 2 & (X86_TLB_ENTRIES - 1);
    return c->tlb.code[0][place].tag != 1 || c->tlb.code[1][place].tag != 1;
}

/* Code that is being executed, which is c's alone, must not move while nobody looks. */
static bool table_changes(struct x86 *one, const struct x86 *c, uint32_t physical, unsigned size)
{
    int number = table_number(one, physical);
    if (number < 0)
        return true;
    if ((one->tlb.directories >> number & 1) != 0)
        return false;
    for (uint32_t at = physical & ~3u; at < physical + size; at += 4) {
        if (one == c && has_code_entry(one, at))
            return false;
        drop_place(one, at);
    }
    return true;
}

bool x86_table_changes(struct x86 *c, uint32_t physical, unsigned size)
{
    struct x86 *one = c;
    do {
        if (!table_changes(one, c, physical, size))
            return false;
        one = one->peer;
    } while (one != c);
    return true;
}

void x86_tlb_memory_changed(struct x86 *c, uint32_t physical, uint32_t length)
{
    if (length == 0) {
        x86_tlb_flush(c, true);
        return;
    }
    uint64_t end = (uint64_t)physical + length;
    for (uint64_t at = physical & 0xfffff000u; at < end; at += 4096)
        if (table_number(c, (uint32_t)at) >= 0) {
            x86_tlb_flush(c, true);
            return;
        }
}

static void fill(struct x86 *c, struct x86_tlb_entry *set, uint32_t linear,
                 const struct translation *to, uint8_t *host)
{
    struct x86_tlb *tlb = &c->tlb;
    struct x86_tlb_entry *entry = &set[(linear >> 12) & (X86_TLB_ENTRIES - 1)];
    unsigned at = (unsigned)(entry - entries(c));
    if (tlb->mark[at] == 0)
        tlb->filled[tlb->filled_count++] = (uint16_t)at;
    tlb->mark[at] = (uint8_t)(MARK_LISTED | (to->global ? MARK_GLOBAL : 0));
    entry->tag = linear & 0xfffff000u;
    entry->physical = to->physical & 0xfffff000u;
    entry->host = host;
}

static __attribute__((noinline)) struct bus_host search_page(struct x86 *c, uint32_t page,
                                                             struct x86_host_page *known)
{
    struct bus_host host = {0};
    if (bus_host_page(c->cpu.memory, page, &host))
        *known = (struct x86_host_page){page, host};
    return host;
}

/* As bus_host_page, most often without the search; no bytes: a device. */
static inline __attribute__((always_inline)) struct bus_host host_page(struct x86 *c,
                                                                       uint32_t physical)
{
    uint32_t page = physical & 0xfffff000u;
    struct x86_host_page *known = &c->tlb.known[page >> 12 & (X86_TLB_KNOWN - 1)];
    return known->physical == page ? known->host : search_page(c, page, known);
}

static void mark_page(const struct bus_host *host)
{
    *host->marks |= MEMORY_DIRTY | MEMORY_USED;
}

static void remember(struct x86 *c, uint32_t linear, enum x86_intent intent, bool user,
                     const struct translation *to)
{
    uint8_t *host = to->host.bytes;
    if (host == NULL)
        return;
    if (to->directory != 1 && (to->directory != c->tlb.noted[0] || to->table != c->tlb.noted[1])) {
        if (c->tlb.table_count + 2 > X86_TLB_TABLES)
            x86_tlb_flush(c, true);
        note_table(c, to->directory, true);
        note_table(c, to->table, to->table == to->directory);
        c->tlb.noted[0] = to->directory;
        c->tlb.noted[1] = to->table;
    }
    fill(c, intent == X86_FETCH ? c->tlb.code[user] : c->tlb.read[user], linear, to, host);
    if (intent != X86_WRITE || to->host.marks == NULL)
        return;
    mark_page(&to->host);
    bool mixed = x86_page_has_code(c, to->physical) || holds_table(c, to->physical);
    fill(c, mixed ? c->tlb.mixed[user] : c->tlb.write[user], linear, to, host);
}

/* --- the walk --------------------------------------------------------------------------------- */

static void show_entry(struct x86 *c, uint16_t step, uint32_t linear, uint32_t physical,
                       uint32_t value, uint32_t old, bool write)
{
    const struct cpu_observer *observer = c->observer;
    if (observer->access == NULL)
        return;
    struct cpu_access access = {.linear = linear,
                                .physical = physical,
                                .value = value,
                                .old = old,
                                .size = 4,
                                .write = write,
                                .micro = true,
                                .step = step};
    c->stop_requested |= observer->access(observer->context, &c->cpu, &access);
}

static inline void show(struct x86 *c, uint16_t step, uint32_t linear, uint32_t physical,
                        uint32_t value, uint32_t old, bool write)
{
    if (c->observer != NULL)
        show_entry(c, step, linear, physical, value, old, write);
}

/* False: the entry is in a device, and the block engine must leave first and come again when time
 * is exact. */
static inline bool read_entry(struct x86 *c, uint16_t step, uint32_t linear, uint32_t address,
                              uint32_t *entry)
{
    const uint8_t *page = host_page(c, address).bytes;
    if (page != NULL) {
        *entry = micro_bytes_get(page + (address & 0xfff), 4);
    } else if (c->in_block) {
        c->leaving = true;
        return false;
    } else if (!bus_read(c->cpu.memory, c->cpu.number, address, 4, entry)) {
        *entry = 0xffffffff;
    }
    show(c, step, linear, address, *entry, *entry, false);
    return true;
}

static void mark_entry(struct x86 *c, uint16_t step, uint32_t linear, uint32_t address,
                       uint32_t old, uint32_t bits)
{
    if ((old & bits) == bits)
        return;
    struct bus_host page = host_page(c, address);
    if (page.marks != NULL) {
        mark_page(&page);
        micro_bytes_put(page.bytes + (address & 0xfff), 4, old | bits);
    } else {
        bus_write(c->cpu.memory, c->cpu.number, address, 4, old | bits);
    }
    if (x86_page_has_code(c, address))
        x86_code_written(c, address, 4);
    show(c, step, linear, address, old | bits, old, true);
}

static bool page_fault(struct x86 *c, uint32_t linear, enum x86_intent intent, bool user,
                       unsigned reason)
{
    c->s.cr2 = linear;
    return x86_fault_error(
        c, X86_PF_FAULT,
        (uint16_t)(reason | (intent == X86_WRITE ? FAULT_WRITE : 0) | (user ? FAULT_USER : 0)));
}

static bool allowed(const struct x86 *c, uint32_t rights, enum x86_intent intent, bool user)
{
    if (user && (rights & PAGE_U) == 0)
        return false;
    if (intent != X86_WRITE || (rights & PAGE_W) != 0)
        return true;
    return !user && (c->s.cr0 & X86_CR0_WP) == 0;
}

/* In the middle of a block: an access that only the careful interpreter can make must not mark
 * entries here, because it will be made again from its beginning, which may read those entries. */
static bool must_leave(struct x86 *c, const struct translation *to, enum x86_intent intent,
                       bool accessed)
{
    if (!c->in_block)
        return false;
    c->leaving = to->host.bytes == NULL ||
                 (intent == X86_WRITE && (to->host.marks == NULL || holds_table(c, to->physical) ||
                                          x86_page_has_code(c, to->physical)));
    c->at_device = to->host.bytes == NULL && accessed;
    c->device_at = to->physical;
    return c->leaving;
}

static void lead_to(struct x86 *c, struct translation *to, uint32_t physical)
{
    to->physical = physical;
    to->host = host_page(c, physical);
}

static bool walk(struct x86 *c, uint32_t linear, enum x86_intent intent, bool user,
                 struct translation *to)
{
    uint32_t pde_at = masked(c, (c->s.cr3 & 0xfffff000u) + (linear >> 22) * 4);
    uint32_t pde;
    if (!read_entry(c, X86_STEP_WALK_PDE, linear, pde_at, &pde))
        return false;
    if ((pde & PAGE_P) == 0)
        return page_fault(c, linear, intent, user, 0);
    uint32_t used = PAGE_A | (intent == X86_WRITE ? (uint32_t)PAGE_D : 0);
    to->directory = to->table = pde_at & 0xfffff000u;
    uint32_t leaf = pde;
    if ((pde & PAGE_SIZE) != 0 && (c->s.cr4 & X86_CR4_PSE) != 0) {
        if ((pde & PAGE_LARGE_RESERVED) != 0)
            return page_fault(c, linear, intent, user, FAULT_PRESENT | FAULT_RESERVED);
        if (!allowed(c, pde, intent, user))
            return page_fault(c, linear, intent, user, FAULT_PRESENT);
        lead_to(c, to, masked(c, (pde & 0xffc00000u) | (linear & 0x3fffffu)));
        if (must_leave(c, to, intent, (pde & PAGE_A) != 0))
            return false;
        mark_entry(c, X86_STEP_WALK_PDE, linear, pde_at, pde, used);
    } else {
        uint32_t pte_at = masked(c, (pde & 0xfffff000u) + (linear >> 12 & 0x3ff) * 4);
        if (!read_entry(c, X86_STEP_WALK_PTE, linear, pte_at, &leaf))
            return false;
        if ((leaf & PAGE_P) == 0)
            return page_fault(c, linear, intent, user, 0);
        if (!allowed(c, pde & leaf, intent, user))
            return page_fault(c, linear, intent, user, FAULT_PRESENT);
        lead_to(c, to, masked(c, (leaf & 0xfffff000u) | (linear & 0xfffu)));
        if (must_leave(c, to, intent, (pde & leaf & PAGE_A) != 0))
            return false;
        mark_entry(c, X86_STEP_WALK_PDE, linear, pde_at, pde, PAGE_A);
        if (pte_at == pde_at) /* a directory that is its own table */
            leaf |= PAGE_A;
        mark_entry(c, X86_STEP_WALK_PTE, linear, pte_at, leaf, used);
        to->table = pte_at & 0xfffff000u;
    }
    to->global = (leaf & PAGE_GLOBAL) != 0 && (c->s.cr4 & X86_CR4_PGE) != 0;
    return true;
}

static bool translate(struct x86 *c, uint32_t linear, enum x86_intent intent, bool user,
                      uint32_t *physical)
{
    struct translation to = {.directory = 1};
    if ((c->s.cr0 & X86_CR0_PG) == 0)
        lead_to(c, &to, masked(c, linear));
    else if (!walk(c, linear, intent, user, &to))
        return false;
    remember(c, linear, intent, user, &to);
    *physical = to.physical;
    return true;
}

/* Both pages of an access; second is meaningful when the access crosses. */
static bool translate_span(struct x86 *c, uint32_t linear, unsigned size, enum x86_intent intent,
                           bool user, uint32_t *first, uint32_t *second)
{
    if (!translate(c, linear, intent, user, first))
        return false;
    if ((linear & 0xfff) + size <= 4096)
        return true;
    return translate(c, (linear & 0xfffff000u) + 4096, intent, user, second);
}

bool x86_linear_check(struct x86 *c, uint32_t linear, unsigned size, enum x86_intent intent,
                      bool user, uint32_t *physical)
{
    uint32_t second;
    return translate_span(c, linear, size, intent, user, physical, &second);
}

/* --- accesses --------------------------------------------------------------------------------- */

static uint32_t read_physical(struct x86 *c, uint32_t physical, unsigned size)
{
    uint32_t value;
    if (!bus_read(c->cpu.memory, c->cpu.number, physical, size, &value))
        value = 0xffffffffu >> (32 - 8 * size); /* nobody drives the bus */
    return value;
}

static void write_physical(struct x86 *c, uint32_t physical, unsigned size, uint32_t value)
{
    if (holds_table(c, physical))
        before_table_write(c, physical, size);
    bus_write(c->cpu.memory, c->cpu.number, physical, size, value);
    if (x86_page_has_code(c, physical))
        x86_code_written(c, physical, size);
}

/* Physical address of byte i of an access whose first page ends after `room` bytes. */
static uint32_t byte_address(uint32_t first, uint32_t second, unsigned room, unsigned i)
{
    return i < room ? first + i : second + (i - room);
}

bool x86_linear_read_at(struct x86 *c, uint32_t linear, unsigned size, bool user, uint32_t *out,
                        uint32_t *physical)
{
    uint32_t second;
    if (!translate_span(c, linear, size, X86_READ, user, physical, &second))
        return false;
    unsigned room = 4096 - (linear & 0xfff);
    const uint8_t *host = x86_tlb_find(c->tlb.read[user], linear);
    if (room >= size && host != NULL) {
        *out = micro_bytes_get(host, size);
        return true;
    }
    if (room >= size) {
        *out = read_physical(c, *physical, size);
        return true;
    }
    *out = 0;
    for (unsigned i = 0; i < size; i++)
        *out |= read_physical(c, byte_address(*physical, second, room, i), 1) << 8 * i;
    return true;
}

bool x86_linear_write_at(struct x86 *c, uint32_t linear, unsigned size, bool user, uint32_t value,
                         uint32_t *old, uint32_t *physical)
{
    uint32_t second;
    if (!translate_span(c, linear, size, X86_WRITE, user, physical, &second))
        return false;
    unsigned room = 4096 - (linear & 0xfff);
    uint8_t *host = x86_tlb_find(c->tlb.write[user], linear);
    if (room >= size && host != NULL) {
        *old = micro_bytes_get(host, size);
        micro_bytes_put(host, size, value);
        return true;
    }
    *old = 0;
    if (room >= size) {
        if (!bus_peek(c->cpu.memory, *physical, size, old))
            *old = 0;
        write_physical(c, *physical, size, value);
        return true;
    }
    for (unsigned i = 0; i < size; i++) {
        uint32_t at = byte_address(*physical, second, room, i), byte;
        if (bus_peek(c->cpu.memory, at, 1, &byte))
            *old |= byte << 8 * i;
        write_physical(c, at, 1, value >> 8 * i & 0xff);
    }
    return true;
}

bool x86_linear_read(struct x86 *c, uint32_t linear, unsigned size, bool user, uint32_t *out)
{
    uint32_t physical;
    return micro_load(c, c->cpu.clock->s.now, linear, size, user, out, &physical);
}

bool x86_linear_write(struct x86 *c, uint32_t linear, unsigned size, bool user, uint32_t value)
{
    uint32_t physical, old;
    return micro_store(c, c->cpu.clock->s.now, linear, size, user, value, &old, &physical);
}

void x86_walk(const struct x86 *c, uint32_t linear, struct x86_walk *walk)
{
    *walk = (struct x86_walk){.physical = masked(c, linear)};
    if ((c->s.cr0 & X86_CR0_PG) == 0) {
        walk->present = walk->writable = walk->user = true;
        return;
    }
    walk->pde_address = masked(c, (c->s.cr3 & 0xfffff000u) + (linear >> 22) * 4);
    if (!bus_peek(c->cpu.memory, walk->pde_address, 4, &walk->pde))
        walk->pde = 0xffffffff;
    uint32_t rights = walk->pde;
    walk->large = (walk->pde & PAGE_SIZE) != 0 && (c->s.cr4 & X86_CR4_PSE) != 0;
    walk->stopped_at_pde = (walk->pde & PAGE_P) == 0;
    walk->present = !walk->stopped_at_pde;
    if (walk->large) {
        walk->physical = masked(c, (walk->pde & 0xffc00000u) | (linear & 0x3fffffu));
    } else if (walk->present) {
        walk->pte_address = masked(c, (walk->pde & 0xfffff000u) + (linear >> 12 & 0x3ff) * 4);
        if (!bus_peek(c->cpu.memory, walk->pte_address, 4, &walk->pte))
            walk->pte = 0xffffffff;
        rights &= walk->pte;
        walk->present = (walk->pte & PAGE_P) != 0;
        walk->physical = masked(c, (walk->pte & 0xfffff000u) | (linear & 0xfffu));
    }
    walk->writable = walk->present && (rights & PAGE_W) != 0;
    walk->user = walk->present && (rights & PAGE_U) != 0;
}
