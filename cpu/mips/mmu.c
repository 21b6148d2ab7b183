/* mmu: from an address to bytes: the segments, the TLB that software fills, loads and stores. */
#include <string.h>

#include "cpu/mips/trap.h"

#define KSEG0  0x80000000u /* from here to KSEG2 not mapped; kernel mode only */
#define KSEG2  0xc0000000u
#define DIRECT 0x1fffffffu /* physical address of kseg0 and kseg1 */

/* --- the TLB (Kane, ch. 6) -------------------------------------------------------------------- */

static bool matches(const struct mips *c, const struct mips_tlb_entry *entry, uint32_t address)
{
    return ((entry->hi ^ address) & MIPS_VPN) == 0 &&
           ((entry->lo & MIPS_LO_G) != 0 || ((entry->hi ^ c->s.entryhi) & MIPS_HI_ASID) == 0);
}

static struct mips_lookup search(const struct mips *c, uint32_t address)
{
    struct mips_lookup found = {MIPS_MISS, 0};
    if ((c->s.status & MIPS_TS) != 0)
        return found;
    for (unsigned n = 0; n < c->model->tlb_entries; n++) {
        if (!matches(c, &c->s.tlb[n], address))
            continue;
        if (found.match == MIPS_MATCH)
            return (struct mips_lookup){MIPS_TWICE, n};
        found = (struct mips_lookup){MIPS_MATCH, n};
    }
    return found;
}

struct mips_lookup mips_look_up(const struct mips *c, uint32_t address)
{
    if (address >= KSEG0 && address < KSEG2)
        return (struct mips_lookup){MIPS_UNMAPPED, 0};
    return search(c, address);
}

/* As the hardware searches: two matches shut the TLB down. */
static struct mips_lookup hardware_search(struct mips *c, uint32_t address)
{
    struct mips_lookup found = search(c, address);
    if (found.match == MIPS_TWICE) {
        c->s.status |= MIPS_TS;
        mips_soft_flush(c);
    }
    return found;
}

static uint32_t asid(const struct mips *c)
{
    return (c->s.entryhi & MIPS_HI_ASID) >> 6;
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
                     address, address & MIPS_VPN, asid(c));
        c->fault.miss = true;
        return false;
    }
    uint32_t lo = c->s.tlb[found.entry].lo;
    if ((lo & MIPS_LO_V) == 0)
        return mips_fail_at(c, fetch ? MIPS_STEP_FETCH_VALID : MIPS_STEP_DATA_VALID,
                            miss_code(intent), address, found.entry, lo);
    if (intent == MIPS_WRITE && (lo & MIPS_LO_D) == 0)
        return mips_fail_at(c, MIPS_STEP_DATA_DIRTY, MIPS_MOD, address, found.entry, lo);
    *physical = (lo & MIPS_VPN) | (address & ~MIPS_VPN);
    return true;
}

bool mips_check(struct mips *c, uint32_t address, enum mips_intent intent, uint32_t *physical)
{
    if (address >= KSEG0 && mips_user(c))
        return mips_fail_at(c,
                            intent == MIPS_FETCH ? MIPS_STEP_FETCH_ALLOWED : MIPS_STEP_DATA_ALLOWED,
                            intent == MIPS_WRITE ? MIPS_ADES : MIPS_ADEL, address, address, KSEG0);
    if (address < KSEG0 || address >= KSEG2)
        return map(c, address, intent, physical);
    *physical = address & DIRECT;
    return true;
}

bool mips_translate(const struct mips *c, uint32_t address, uint32_t *physical)
{
    struct mips_lookup found = mips_look_up(c, address);
    if (found.match == MIPS_UNMAPPED) {
        *physical = address & DIRECT;
        return true;
    }
    uint32_t lo = found.match == MIPS_MATCH ? c->s.tlb[found.entry].lo : 0;
    *physical = (lo & MIPS_VPN) | (address & ~MIPS_VPN);
    return (lo & MIPS_LO_V) != 0;
}

/* --- the soft TLB ----------------------------------------------------------------------------- */

void mips_soft_flush(struct mips *c)
{
    memset(c->soft, 0, sizeof c->soft);
}

static void flush_page(struct mips *c, uint32_t address)
{
    for (unsigned user = 0; user < 2; user++)
        for (unsigned intent = MIPS_FETCH; intent <= MIPS_WRITE; intent++)
            c->soft[user][intent][address >> 12 & (MIPS_SOFT_ENTRIES - 1)].tag = 0;
}

static uint32_t tag_of(const struct mips *c, uint32_t address)
{
    return (address & MIPS_VPN) | (c->s.entryhi & MIPS_HI_ASID) | 1;
}

static struct mips_soft_entry *soft_entry(struct mips *c, uint32_t address, enum mips_intent intent)
{
    return &c->soft[mips_user(c)][intent][address >> 12 & (MIPS_SOFT_ENTRIES - 1)];
}

/* The entry of a page of memory, or NULL: a fault, or something that is not memory, whose physical
 * address is in *device then. */
static const struct mips_soft_entry *reach(struct mips *c, uint32_t address,
                                           enum mips_intent intent, bool *faulted, uint32_t *device)
{
    struct mips_soft_entry *entry = soft_entry(c, address, intent);
    *faulted = false;
    if (entry->tag == tag_of(c, address))
        return entry;
    if (!mips_check(c, address, intent, device)) {
        *faulted = true;
        return NULL;
    }
    uint8_t *host = bus_page(c->cpu.memory, *device, intent == MIPS_WRITE);
    if (host == NULL)
        return NULL;
    *entry = (struct mips_soft_entry){tag_of(c, address), *device & MIPS_VPN, host};
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
    const struct mips_soft_entry *entry = reach(c, address, MIPS_FETCH, &faulted, &physical);
    if (entry == NULL)
        return !faulted ? mips_fail(c, MIPS_STEP_FETCH_ANSWERED, MIPS_IBE, physical, 4) : false;
    *word = get(entry->host + (address & ~MIPS_VPN), 4);
    return true;
}

bool mips_load(struct mips *c, uint32_t address, unsigned size, uint32_t *value,
               struct mips_place *place)
{
    bool faulted;
    if ((address & (size - 1)) != 0)
        return mips_fail_at(c, MIPS_STEP_DATA_ALIGNED, MIPS_ADEL, address, address, size);
    const struct mips_soft_entry *entry = reach(c, address, MIPS_READ, &faulted, &place->physical);
    if (entry != NULL) {
        place->physical = entry->physical | (address & ~MIPS_VPN);
        *value = place->old = get(entry->host + (address & ~MIPS_VPN), size);
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
    const struct mips_soft_entry *entry = reach(c, address, MIPS_WRITE, &faulted, &place->physical);
    if (entry != NULL) {
        uint8_t *at = entry->host + (address & ~MIPS_VPN);
        place->physical = entry->physical | (address & ~MIPS_VPN);
        place->old = get(at, size);
        put(at, size, value);
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
    c->s.index = found.match == MIPS_MATCH ? found.entry << MIPS_SLOT_SHIFT : MIPS_INDEX_P;
}

static unsigned indexed(const struct mips *c)
{
    return ((c->s.index & MIPS_INDEX_SLOT) >> MIPS_SLOT_SHIFT) % c->model->tlb_entries;
}

void mips_tlb_read(struct mips *c)
{
    const struct mips_tlb_entry *entry = &c->s.tlb[indexed(c)];
    c->s.entryhi = entry->hi;
    c->s.entrylo = entry->lo;
}

static void write_entry(struct mips *c, unsigned number)
{
    struct mips_tlb_entry *entry = &c->s.tlb[number];
    flush_page(c, entry->hi);
    *entry = (struct mips_tlb_entry){c->s.entryhi, c->s.entrylo};
    flush_page(c, entry->hi);
}

void mips_tlb_write_indexed(struct mips *c)
{
    write_entry(c, indexed(c));
}

void mips_tlb_write_random(struct mips *c)
{
    write_entry(c, mips_random(c));
}
