/* cmd_tlb: `tlb` and `walk`: the entries of the TLB, which one matches an address, and why none. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/mips/page.h"
#include "debugger/mips/parts.h"
#include "debugger/show.h"

/* --- all of them ------------------------------------------------------------------------------ */

static const char *use_of(const struct mips *c, const struct mips_page *page)
{
    if (!page->valid)
        return "invalid: its use is TLBL or TLBS, at the general vector";
    if (page->global)
        return "every address space's";
    return page->asid == mips_asid(c) ? "this address space's" : "another address space's";
}

static void say_row(struct output *out, const struct mips *c, unsigned number, unsigned half)
{
    struct mips_page page = mips_page(c, number, half);
    out_cell_number(out, number, "%u", number);
    out_cell_number(out, page.address, "%08" PRIx32, page.address);
    out_cell_number(out, page.size, "%" PRIu32, page.size);
    out_cell_number(out, page.asid, "%u", page.asid);
    out_cell_number(out, page.physical, "%08" PRIx32, page.physical);
    out_cell(out, "%s%s%s%s", page.valid ? "V" : "-", page.writable ? "D" : "-",
             page.global ? "G" : "-", page.uncached ? "N" : "-");
    out_cell(out, "%s", use_of(c, &page));
}

/* Kernels fill unused entries with pages of kseg0, which never go through the TLB. */
static bool is_unused(const struct mips *c, unsigned number)
{
    const struct mips_tlb_entry *entry = &c->s.tlb[number];
    bool valid =
        mips_page(c, number, 0).valid || (c->model->pairs && mips_page(c, number, 1).valid);
    return !valid && (entry->hi >> 30 == 2 || (entry->hi | entry->lo) == 0);
}

static bool say_all(struct session *session)
{
    static const struct out_column columns[] = {
        {"entry", "entry", true, OUT_PLAIN},
        {"page", "page", true, OUT_ADDRESS},
        {"bytes", "size", true, OUT_DIM},
        {"ASID", "asid", true, OUT_PLAIN},
        {"physical", "physical", true, OUT_ADDRESS},
        {"VDGN", "bits", false, OUT_PLAIN},
        {"", "what", false, OUT_DIM},
    };
    const struct mips *c = mips_of(session->cpu);
    struct output *out = &session->out;
    unsigned unused = 0;
    out_text(out, "%u entries; ASID %u in EntryHi; TLBWR would choose entry %u\n",
             c->model->tlb_entries, mips_asid(c), mips_random(c));
    out_number(out, "asid", mips_asid(c));
    out_number(out, "random", mips_random(c));
    out_table(out, "entries", 2, columns, sizeof columns / sizeof *columns);
    for (unsigned i = 0; i < c->model->tlb_entries; i++) {
        bool hide = is_unused(c, i) && !out->json;
        unused += hide;
        for (unsigned half = 0; half < mips_pages(c) && !hide; half++)
            say_row(out, c, i, half);
    }
    out_table_end(out);
    if (unused > 0)
        out_text(out, "  and %u that hold nothing\n", unused);
    return true;
}

/* --- one address ------------------------------------------------------------------------------ */

/* The same page in another address space. */
static void say_nearest(struct session *session, uint32_t address)
{
    const struct mips *c = mips_of(session->cpu);
    struct output *out = &session->out;
    unsigned found = 0;
    struct mips_page page;
    out_array(out, "nearest");
    for (unsigned i = 0; i < c->model->tlb_entries; i++) {
        if (!mips_page_has(c, i, address, &page))
            continue;
        found++;
        out_text(out, "  nearest: [%u] has the page, but ASID %u; ours is %u, and G is not set\n",
                 i, page.asid, mips_asid(c));
        out_object(out, NULL);
        out_number(out, "entry", i);
        out_number(out, "asid", page.asid);
        out_close(out);
    }
    out_close(out);
    if (found == 0)
        out_text(out, "  no entry has that page, whatever its ASID\n");
}

static void say_match(struct session *session, unsigned number, uint32_t address)
{
    struct output *out = &session->out;
    const struct mips *c = mips_of(session->cpu);
    char words[96];
    struct mips_page page;
    if (!mips_page_has(c, number, address, &page))
        return;
    out_text(out, "  matched [%u]: %s\n", number, mips_page_text(&page, words, sizeof words));
    out_number(out, "entry", number);
    if (!page.valid) {
        out_text(out, "  V = 0: any use is TLBL or TLBS, at the general vector\n");
        out_string(out, "stopped", "the entry is not valid");
        return;
    }
    uint32_t physical = page.physical + (address - page.address);
    out_text(out, "  = physical %08" PRIx32 "   read%s\n", physical,
             page.writable ? " and write" : "; D = 0: a store is Mod");
    out_number(out, "physical", physical);
    out_boolean(out, "writable", page.writable);
}

#define COMPARED 3u /* entries that are told of */

/* The entries that come nearest: those that have the page, else those whose page is next to it. */
struct nearest {
    unsigned entry[COMPARED], used;
    uint32_t far[COMPARED];
};

static void note_nearest(struct nearest *nearest, unsigned entry, uint32_t far)
{
    unsigned at = nearest->used;
    while (at > 0 && nearest->far[at - 1] > far)
        at--;
    if (at == COMPARED)
        return;
    nearest->used += nearest->used < COMPARED;
    for (unsigned i = nearest->used - 1; i > at; i--) {
        nearest->entry[i] = nearest->entry[i - 1];
        nearest->far[i] = nearest->far[i - 1];
    }
    nearest->entry[at] = entry;
    nearest->far[at] = far;
}

/* 0: it matches; 1: it has the page, but another ASID; else how far away its page is. */
static uint32_t distance(const struct mips *c, unsigned number, uint32_t address)
{
    struct mips_page page = mips_page(c, number, 0);
    uint32_t size = page.size * mips_pages(c);
    if (address - page.address < size)
        return page.global || page.asid == mips_asid(c) ? 0 : 1;
    return address < page.address ? page.address - address : address - (page.address + size) + 2;
}

/* The half of an entry that an address is compared with. */
static struct mips_page half_for(const struct mips *c, unsigned number, uint32_t address)
{
    struct mips_page page = mips_page(c, number, 0);
    return mips_pages(c) > 1 && (address & page.size) != 0 ? mips_page(c, number, 1) : page;
}

static void json_compared(struct output *out, const struct mips *c, unsigned number,
                          uint32_t address)
{
    struct mips_page page = half_for(c, number, address);
    out_object(out, NULL);
    out_number(out, "entry", number);
    out_number(out, "page", page.address);
    out_number(out, "size", page.size);
    if (mips_pages(c) > 1)
        out_string(out, "half", (page.address & page.size) != 0 ? "odd" : "even");
    out_number(out, "asid", page.asid);
    out_number(out, "physical", page.physical);
    out_boolean(out, "valid", page.valid);
    out_boolean(out, "writable", page.writable);
    out_boolean(out, "global", page.global);
    out_boolean(out, "has_page", address - page.address < page.size);
    out_boolean(out, "has_asid", page.global || page.asid == mips_asid(c));
    out_close(out);
}

/* What the hardware compares, entry by entry, where it comes near to a match. */
static void say_compared(struct output *out, const struct mips *c, uint32_t address)
{
    struct nearest nearest = {.used = 0};
    for (unsigned i = 0; i < c->model->tlb_entries; i++)
        if (!is_unused(c, i) || distance(c, i, address) == 0)
            note_nearest(&nearest, i, distance(c, i, address));
    bool any = nearest.used > 0 && nearest.far[0] < 2;
    out_number(out, "asid", mips_asid(c));
    out_array(out, "compared");
    for (unsigned i = 0; i < nearest.used; i++)
        if (!any || nearest.far[i] < 2)
            json_compared(out, c, nearest.entry[i], address);
    out_close(out);
}

static void say_lookup(struct session *session, uint32_t address)
{
    const struct mips *c = mips_of(session->cpu);
    struct output *out = &session->out;
    struct mips_lookup lookup = mips_look_up(c, address);
    char segment[96];
    uint32_t physical;
    mips_segment_text(address, segment, sizeof segment);
    out_text(out, "%08" PRIx32 "  %s\n", address, segment);
    out_number(out, "address", address);
    out_string(out, "segment", "%s", segment);
    if (lookup.match != MIPS_UNMAPPED)
        say_compared(out, c, address);
    switch (lookup.match) {
    case MIPS_MATCH: say_match(session, lookup.entry, address); break;
    case MIPS_MISS:
        out_text(out, "  no match: an access is TLBL or TLBS, at the %s vector\n",
                 address <= c->model->refill_last ? "refill" : "general");
        out_string(out, "stopped", "no entry matches");
        say_nearest(session, address);
        break;
    case MIPS_TWICE:
        out_text(out,
                 "  several entries match: Status.TS is set, and nothing matches until reset\n");
        out_string(out, "stopped", "several entries match");
        break;
    case MIPS_UNMAPPED:
        if (mips_translate(c, address, &physical))
            out_number(out, "physical", physical);
        break;
    }
}

bool cmd_tlb(struct session *session, const struct command_args *args)
{
    int64_t address;
    if (!session_needs_machine(session))
        return false;
    if (*args->text == '\0')
        return say_all(session);
    if (!session_number(session, args->text, &address))
        return false;
    if (address < INT32_MIN || address > UINT32_MAX)
        return out_error(&session->out, "%s is no 32-bit address", args->text);
    say_lookup(session, (uint32_t)address);
    return true;
}

/* --- walk ------------------------------------------------------------------------------------- */

/* The profile's expression gives a word as EntryLo has it. */
bool mips_page_table(struct session *session, uint32_t address, uint32_t *physical)
{
    const struct mips_model *model = mips_of(session->cpu)->model;
    struct scope scope;
    uint32_t entry;
    if ((address >= 0x80000000u && address < 0xc0000000u) ||
        !process_page_table(session, address, &entry, &scope) || (entry & model->lo_v) == 0)
        return false;
    *physical = (entry << model->lo_shift & MIPS_VPN) | (address & ~MIPS_VPN);
    return true;
}

static void say_page_table(struct session *session, uint32_t address)
{
    struct output *out = &session->out;
    const struct mips_model *model = mips_of(session->cpu)->model;
    struct scope scope;
    uint32_t entry;
    char words[96];
    if (session->profile == NULL || session->profile->expression[PROFILE_PAGE_TABLE] == NULL ||
        (address >= 0x80000000u && address < 0xc0000000u))
        return;
    if (!process_page_table(session, address, &entry, &scope)) {
        out_text(out, "  the kernel's page table cannot be read: %s\n", scope.why);
        return;
    }
    mips_register_meaning(session->cpu, "entrylo", entry, words, sizeof words);
    out_text(out, "  the kernel's page table: %08" PRIx32 "   %s\n", entry,
             (entry & model->lo_v) != 0 ? words : "no page there, yet");
    out_number(out, "page_table", entry);
}

void mips_say_walk(struct session *session, uint32_t address)
{
    uint32_t physical, byte;
    say_lookup(session, address);
    if (mips_translate(mips_of(session->cpu), address, &physical) &&
        !bus_peek(session->cpu->memory, physical, 1, &byte))
        out_text(&session->out, "  nothing can be looked at there: a device, or a bus error\n");
    say_page_table(session, address);
}
