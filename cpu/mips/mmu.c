/* mmu: from an address to bytes: the segments, the TLB that software fills, loads and stores. */
#include <string.h>

#include "cpu/mips/trap.h"

#define KSEG0  0x80000000u /* from here to KSEG2 not mapped; kernel mode only */
#define KSEG2  0xc0000000u
#define DIRECT 0x1fffffffu /* physical address of kseg0 and kseg1 */

/* --- the TLB (Kane, ch. 6; MIPS32 vol. 3, ch. 4) ---------------------------------------------- */

/* Bits of an address that say where in its page it is. */
static uint32_t offset_bits(const struct mips *c, const struct mips_tlb_entry *entry)
{
    return c->model->pairs ? (entry->mask | ~MIPS32_VPN2) >> 1 : ~MIPS_VPN;
}

/* Of the page, or of that one of a pair, in which the address is. */
static uint32_t lo_of(const struct mips *c, const struct mips_tlb_entry *entry, uint32_t address)
{
    bool second = c->model->pairs && (address & (offset_bits(c, entry) + 1)) != 0;
    return second ? entry->lo1 : entry->lo;
}

static uint32_t physical_of(const struct mips *c, const struct mips_tlb_entry *entry,
                            uint32_t address)
{
    uint32_t offset = offset_bits(c, entry);
    uint32_t base = (lo_of(c, entry, address) << c->model->lo_shift) & MIPS_VPN;
    return (base & ~offset) | (address & offset);
}

static bool matches(const struct mips *c, const struct mips_tlb_entry *entry, uint32_t address)
{
    return ((entry->hi ^ address) & c->model->entryhi_vpn & ~entry->mask) == 0 &&
           ((entry->lo & c->model->lo_g) != 0 ||
            ((entry->hi ^ c->s.entryhi) & c->model->entryhi_asid) == 0);
}

static unsigned chain_of(const struct mips *c, uint32_t address)
{
    uint32_t number = address >> (c->model->pairs ? 13 : 12);
    return (number ^ number >> 6) % MIPS_TLB_CHAINS;
}

static void chain_entry(struct mips *c, unsigned number)
{
    const struct mips_tlb_entry *entry = &c->s.tlb[number];
    uint8_t *first = &c->chains.first[chain_of(c, entry->hi)];
    c->chains.next[number] = *first;
    *first = (uint8_t)(number + 1);
    c->chains.large += entry->mask != 0;
}

static void unchain_entry(struct mips *c, unsigned number)
{
    const struct mips_tlb_entry *entry = &c->s.tlb[number];
    uint8_t *at = &c->chains.first[chain_of(c, entry->hi)];
    while (*at != number + 1)
        at = &c->chains.next[*at - 1];
    *at = c->chains.next[number];
    c->chains.large -= entry->mask != 0;
}

static void chain_all(struct mips *c)
{
    memset(&c->chains, 0, sizeof c->chains);
    for (unsigned n = 0; n < c->model->tlb_entries; n++)
        chain_entry(c, n);
}

/* What `entry` makes of a search that has found this much. */
static struct mips_lookup narrowed(const struct mips *c, struct mips_lookup found, unsigned entry,
                                   uint32_t address)
{
    if (!matches(c, &c->s.tlb[entry], address))
        return found;
    return (struct mips_lookup){found.match == MIPS_MISS ? MIPS_MATCH : MIPS_TWICE, entry};
}

/* Pages of one size are in the chain of their number. */
static struct mips_lookup search(const struct mips *c, uint32_t address)
{
    struct mips_lookup found = {MIPS_MISS, 0};
    if ((c->s.status & c->model->status_hardware) != 0)
        return found;
    if (c->chains.large != 0)
        for (unsigned n = 0; n < c->model->tlb_entries; n++)
            found = narrowed(c, found, n, address);
    else
        for (unsigned n = c->chains.first[chain_of(c, address)]; n != 0; n = c->chains.next[n - 1])
            found = narrowed(c, found, n - 1, address);
    return found;
}

static bool unmapped(const struct mips *c, uint32_t address)
{
    return (address >= KSEG0 && address < KSEG2) ||
           (address < KSEG0 && (c->s.status & c->model->erl) != 0);
}

/* Of an address that is not mapped. Where ERL makes kuseg one, the address is the physical one. */
static uint32_t direct(uint32_t address)
{
    return address >= KSEG0 ? address & DIRECT : address;
}

struct mips_lookup mips_look_up(const struct mips *c, uint32_t address)
{
    return unmapped(c, address) ? (struct mips_lookup){MIPS_UNMAPPED, 0} : search(c, address);
}

static void forget_pages(struct mips *c)
{
    memset(c->soft, 0, sizeof c->soft);
}

/* As the hardware searches: two matches shut the TLB down. */
static struct mips_lookup hardware_search(struct mips *c, uint32_t address)
{
    struct mips_lookup found = search(c, address);
    if (found.match == MIPS_TWICE) {
        c->s.status |= MIPS_TS;
        forget_pages(c);
    }
    return found;
}

static uint32_t asid(const struct mips *c)
{
    return (c->s.entryhi & c->model->entryhi_asid) >> c->model->asid_shift;
}

static enum mips_exception miss_code(enum mips_intent intent)
{
    return intent == MIPS_WRITE ? MIPS_TLBS : MIPS_TLBL;
}

static bool map(struct mips *c, uint32_t address, enum mips_intent intent, uint32_t *physical)
{
    bool fetch = intent == MIPS_FETCH;
    struct mips_lookup found = hardware_search(c, address);
    if (found.match != MIPS_MATCH) {
        mips_fail_at(c, fetch ? MIPS_STEP_FETCH_MATCH : MIPS_STEP_DATA_MATCH, miss_code(intent),
                     address, address & c->model->entryhi_vpn, asid(c));
        c->fault.miss = true;
        return false;
    }
    const struct mips_tlb_entry *entry = &c->s.tlb[found.entry];
    uint32_t lo = lo_of(c, entry, address);
    if ((lo & c->model->lo_v) == 0)
        return mips_fail_at(c, fetch ? MIPS_STEP_FETCH_VALID : MIPS_STEP_DATA_VALID,
                            miss_code(intent), address, found.entry, lo);
    if (intent == MIPS_WRITE && (lo & c->model->lo_d) == 0)
        return mips_fail_at(c, MIPS_STEP_DATA_DIRTY, MIPS_MOD, address, found.entry, lo);
    *physical = physical_of(c, entry, address);
    return true;
}

bool mips_check(struct mips *c, uint32_t address, enum mips_intent intent, uint32_t *physical)
{
    if (address >= KSEG0 && mips_user(c))
        return mips_fail_at(c,
                            intent == MIPS_FETCH ? MIPS_STEP_FETCH_ALLOWED : MIPS_STEP_DATA_ALLOWED,
                            intent == MIPS_WRITE ? MIPS_ADES : MIPS_ADEL, address, address, KSEG0);
    if (!unmapped(c, address))
        return map(c, address, intent, physical);
    *physical = direct(address);
    return true;
}

bool mips_translate(const struct mips *c, uint32_t address, uint32_t *physical)
{
    struct mips_lookup found = mips_look_up(c, address);
    *physical = direct(address);
    if (found.match == MIPS_UNMAPPED)
        return true;
    if (found.match != MIPS_MATCH)
        return false;
    const struct mips_tlb_entry *entry = &c->s.tlb[found.entry];
    *physical = physical_of(c, entry, address);
    return (lo_of(c, entry, address) & c->model->lo_v) != 0;
}

/* --- the soft TLB ----------------------------------------------------------------------------- */

void mips_soft_flush(struct mips *c)
{
    forget_pages(c);
    chain_all(c);
}

static void forget_page(struct mips *c, uint32_t address)
{
    for (unsigned user = 0; user < 2; user++)
        for (unsigned intent = 0; intent < MIPS_INTENTS; intent++)
            c->soft[user][intent][address >> 12 & (MIPS_SOFT_ENTRIES - 1)].tag = 0;
}

/* What an entry maps, or mapped. */
static void forget_entry(struct mips *c, const struct mips_tlb_entry *entry)
{
    if (entry->mask != 0) {
        forget_pages(c);
        return;
    }
    forget_page(c, entry->hi);
    if (c->model->pairs)
        forget_page(c, entry->hi | MEMORY_PAGE);
}

static uint32_t tag_of(const struct mips *c, uint32_t address)
{
    return (address & MIPS_VPN) | asid(c) << 4 | 8;
}

static struct mips_soft_entry *soft_entry(struct mips *c, uint32_t address, enum mips_intent intent)
{
    return &c->soft[mips_user(c)][intent][address >> 12 & (MIPS_SOFT_ENTRIES - 1)];
}

void mips_soft_forbid_writes(struct mips *c, uint32_t physical)
{
    for (unsigned user = 0; user < 2; user++)
        for (unsigned n = 0; n < MIPS_SOFT_ENTRIES; n++) {
            struct mips_soft_entry *entry = &c->soft[user][MIPS_WRITE][n];
            if (entry->physical == (physical & MIPS_VPN))
                entry->tag = 0;
        }
}

const struct mips_soft_entry *mips_reach(struct mips *c, uint32_t address, enum mips_intent intent,
                                         bool *faulted, uint32_t *device)
{
    struct mips_soft_entry *entry = soft_entry(c, address, intent);
    *faulted = false;
    if (entry->tag == tag_of(c, address))
        return entry;
    if (intent == MIPS_WRITE && soft_entry(c, address, MIPS_MIXED)->tag == tag_of(c, address))
        return soft_entry(c, address, MIPS_MIXED);
    if (!mips_check(c, address, intent, device)) {
        *faulted = true;
        return NULL;
    }
    uint8_t *host = bus_page(c->cpu.memory, *device, intent == MIPS_WRITE);
    if (host == NULL)
        return NULL;
    if (intent == MIPS_WRITE && mips_page_has_code(c, *device))
        entry = soft_entry(c, address, MIPS_MIXED);
    *entry = (struct mips_soft_entry){tag_of(c, address), *device & MIPS_VPN,
                                      (uintptr_t)host - (address & MIPS_VPN)};
    return entry;
}

/* --- accesses --------------------------------------------------------------------------------- */

static uint32_t get(const uint8_t *p, unsigned size)
{
    if (size == 4)
        return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    return size == 2 ? (uint32_t)p[0] << 8 | p[1] : p[0];
}

static void put(uint8_t *p, unsigned size, uint32_t value)
{
    for (unsigned i = size; i-- > 0; value >>= 8)
        p[i] = (uint8_t)value;
}

/* Between the order of the bus and ours. */
static uint32_t turned(uint32_t value, unsigned size)
{
    return __builtin_bswap32(value) >> (32 - 8 * size);
}

bool mips_fetch(struct mips *c, uint32_t address, uint32_t *word)
{
    bool faulted;
    uint32_t physical;
    if ((address & 3) != 0)
        return mips_fail_at(c, MIPS_STEP_FETCH_ALIGNED, MIPS_ADEL, address, address, address & 3);
    const struct mips_soft_entry *entry = mips_reach(c, address, MIPS_FETCH, &faulted, &physical);
    if (entry == NULL)
        return !faulted ? mips_fail(c, MIPS_STEP_FETCH_ANSWERED, MIPS_IBE, physical, 4) : false;
    *word = get(mips_soft_bytes(entry, address), 4);
    return true;
}

bool mips_load(struct mips *c, uint32_t address, unsigned size, uint32_t *value,
               struct mips_place *place)
{
    bool faulted;
    if ((address & (size - 1)) != 0)
        return mips_fail_at(c, MIPS_STEP_DATA_ALIGNED, MIPS_ADEL, address, address, size);
    const struct mips_soft_entry *entry =
        mips_reach(c, address, MIPS_READ, &faulted, &place->physical);
    if (entry != NULL) {
        place->physical = entry->physical | (address & ~MIPS_VPN);
        *value = place->old = get(mips_soft_bytes(entry, address), size);
        return true;
    }
    if (faulted)
        return false;
    uint32_t read = 0;
    if (!bus_read(c->cpu.memory, c->cpu.number, place->physical, size, &read))
        return mips_fail(c, MIPS_STEP_DATA_ANSWERED, MIPS_DBE, place->physical, size);
    *value = place->old = turned(read, size);
    return true;
}

bool mips_store(struct mips *c, uint32_t address, unsigned size, uint32_t value,
                struct mips_place *place)
{
    bool faulted;
    if ((address & (size - 1)) != 0)
        return mips_fail_at(c, MIPS_STEP_DATA_ALIGNED, MIPS_ADES, address, address, size);
    const struct mips_soft_entry *entry =
        mips_reach(c, address, MIPS_WRITE, &faulted, &place->physical);
    if (entry != NULL) {
        uint8_t *at = mips_soft_bytes(entry, address);
        place->physical = entry->physical | (address & ~MIPS_VPN);
        place->old = get(at, size);
        put(at, size, value);
        if (mips_page_has_code(c, place->physical))
            mips_code_written(c, place->physical, size);
        return true;
    }
    if (faulted)
        return false;
    place->old = 0;
    bool rom = bus_page(c->cpu.memory, place->physical, false) != NULL;
    if (rom || !bus_write(c->cpu.memory, c->cpu.number, place->physical, size, turned(value, size)))
        return mips_fail(c, MIPS_STEP_DATA_ANSWERED, MIPS_DBE, place->physical, size);
    return true;
}

/* --- the TLB's instructions ------------------------------------------------------------------- */

void mips_tlb_probe(struct mips *c)
{
    struct mips_lookup found = hardware_search(c, c->s.entryhi);
    c->s.index = found.match == MIPS_MATCH ? found.entry << c->model->index_shift : MIPS_INDEX_P;
}

static unsigned indexed(const struct mips *c)
{
    return ((c->s.index & ~MIPS_INDEX_P) >> c->model->index_shift) % c->model->tlb_entries;
}

void mips_tlb_read(struct mips *c)
{
    const struct mips_tlb_entry *entry = &c->s.tlb[indexed(c)];
    c->s.entryhi = entry->hi;
    c->s.entrylo = entry->lo;
    c->s.entrylo1 = entry->lo1;
    c->s.pagemask = entry->mask;
}

/* A pair is global when both its pages are (MIPS32 vol. 3, TLBWI). */
static struct mips_tlb_entry new_entry(const struct mips *c)
{
    if (!c->model->pairs)
        return (struct mips_tlb_entry){.hi = c->s.entryhi, .lo = c->s.entrylo};
    uint32_t local = ~(c->s.entrylo & c->s.entrylo1) & MIPS32_LO_G;
    return (struct mips_tlb_entry){.hi = c->s.entryhi & ~c->s.pagemask,
                                   .lo = c->s.entrylo & ~local,
                                   .lo1 = c->s.entrylo1 & ~local,
                                   .mask = c->s.pagemask};
}

/* 4K manual, 3.4.3: both would match some address, valid or not. */
static bool overlap(const struct mips_tlb_entry *a, const struct mips_tlb_entry *b)
{
    return ((a->hi ^ b->hi) & MIPS32_VPN2 & ~(a->mask | b->mask)) == 0 &&
           (((a->lo | b->lo) & MIPS32_LO_G) != 0 || ((a->hi ^ b->hi) & MIPS32_HI_ASID) == 0);
}

static bool is_unique(const struct mips *c, const struct mips_tlb_entry *entry, unsigned number)
{
    if ((c->chains.large | entry->mask) == 0) {
        unsigned n = c->chains.first[chain_of(c, entry->hi)];
        while (n != 0 && (n - 1 == number || !overlap(entry, &c->s.tlb[n - 1])))
            n = c->chains.next[n - 1];
        return n == 0;
    }
    for (unsigned n = 0; n < c->model->tlb_entries; n++)
        if (n != number && overlap(entry, &c->s.tlb[n]))
            return false;
    return true;
}

static bool write_entry(struct mips *c, unsigned number)
{
    struct mips_tlb_entry *entry = &c->s.tlb[number], new = new_entry(c);
    if (c->model->pairs && !is_unique(c, &new, number))
        return mips_fail(c, MIPS_STEP_TLB_UNIQUE, MIPS_MCHECK, number, new.hi);
    unchain_entry(c, number);
    forget_entry(c, entry);
    *entry = new;
    forget_entry(c, entry);
    chain_entry(c, number);
    return true;
}

bool mips_tlb_write_indexed(struct mips *c)
{
    return write_entry(c, indexed(c));
}

bool mips_tlb_write_random(struct mips *c)
{
    return write_entry(c, mips_random(c));
}
