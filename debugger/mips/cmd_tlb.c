/* cmd_tlb: `tlb` and `walk`: the entries of the TLB, which one matched an address, and why none. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/mips/parts.h"

static void say_entry_cells(struct output *out, const struct mips *c, unsigned number)
{
    const struct mips_tlb_entry *entry = &c->s.tlb[number];
    bool ours = ((entry->hi ^ c->s.entryhi) & MIPS_HI_ASID) == 0;
    bool global = (entry->lo & MIPS_LO_G) != 0, valid = (entry->lo & MIPS_LO_V) != 0;
    out_cell_number(out, number, "%u", number);
    out_cell_number(out, entry->hi & MIPS_VPN, "%08" PRIx32, entry->hi & MIPS_VPN);
    out_cell_number(out, (entry->hi & MIPS_HI_ASID) >> 6, "%" PRIu32,
                    (entry->hi & MIPS_HI_ASID) >> 6);
    out_cell_number(out, entry->lo & MIPS_VPN, "%08" PRIx32, entry->lo & MIPS_VPN);
    out_cell(out, "%s%s%s%s", valid ? "V" : "-", entry->lo & MIPS_LO_D ? "D" : "-",
             global ? "G" : "-", entry->lo & MIPS_LO_N ? "N" : "-");
    out_cell(out, "%s",
             !valid   ? "invalid: its use is TLBL or TLBS at the general vector"
             : global ? "every address space's"
             : ours   ? "this address space's"
                      : "another address space's");
}

static bool is_empty(const struct mips_tlb_entry *entry)
{
    /* Kernels fill unused entries with pages of kseg0, which never go through the TLB. */
    return (entry->lo & MIPS_LO_V) == 0 && (entry->hi >> 30 == 2 || (entry->hi | entry->lo) == 0);
}

static bool say_all(struct session *session)
{
    static const struct out_column columns[] = {
        {"", "entry", true, OUT_PLAIN},     {"page", "page", true, OUT_ADDRESS},
        {"ASID", "asid", true, OUT_PLAIN},  {"frame", "frame", true, OUT_ADDRESS},
        {"VDGN", "bits", false, OUT_PLAIN}, {"", "what", false, OUT_DIM},
    };
    const struct mips *c = mips_of(session->cpu);
    struct output *out = &session->out;
    unsigned empty = 0;
    out_text(out, "%u entries; ASID %" PRIu32 " in EntryHi; Random %u, never below %u\n",
             c->model->tlb_entries, (c->s.entryhi & MIPS_HI_ASID) >> 6, mips_random(c),
             c->model->tlb_wired);
    out_number(out, "asid", (c->s.entryhi & MIPS_HI_ASID) >> 6);
    out_number(out, "random", mips_random(c));
    out_table(out, "entries", 2, columns, sizeof columns / sizeof *columns);
    for (unsigned i = 0; i < c->model->tlb_entries; i++) {
        if (is_empty(&c->s.tlb[i]) && !out->json)
            empty++;
        else
            say_entry_cells(out, c, i);
    }
    out_table_end(out);
    if (empty > 0)
        out_text(out, "  and %u that were never used or are invalidated\n", empty);
    return true;
}

/* The same page in another address space. */
static void say_nearest(struct session *session, uint32_t address)
{
    const struct mips *c = mips_of(session->cpu);
    struct output *out = &session->out;
    unsigned found = 0, asid = (c->s.entryhi & MIPS_HI_ASID) >> 6;
    out_array(out, "nearest");
    for (unsigned i = 0; i < c->model->tlb_entries; i++) {
        const struct mips_tlb_entry *entry = &c->s.tlb[i];
        unsigned other = (entry->hi & MIPS_HI_ASID) >> 6;
        if (((entry->hi ^ address) & MIPS_VPN) != 0)
            continue;
        found++;
        out_text(out, "  nearest: [%u] has the page, but ASID %u; ours is %u, and G is not set\n",
                 i, other, asid);
        out_object(out, NULL);
        out_number(out, "entry", i);
        out_number(out, "asid", other);
        out_close(out);
    }
    out_close(out);
    if (found == 0)
        out_text(out, "  no entry has page %05" PRIx32 ", whatever its ASID\n", address >> 12);
}

static void say_match(struct session *session, unsigned number, uint32_t address)
{
    const struct mips *c = mips_of(session->cpu);
    struct output *out = &session->out;
    const struct mips_tlb_entry *entry = &c->s.tlb[number];
    uint32_t physical = (entry->lo & MIPS_VPN) | (address & ~MIPS_VPN);
    char hi[64], lo[64];
    out_text(out, "  matched [%u]: %s   %s\n", number,
             mips_entryhi_text(c->model, entry->hi, hi, sizeof hi),
             mips_entrylo_text(entry->lo, lo, sizeof lo));
    out_number(out, "entry", number);
    if ((entry->lo & MIPS_LO_V) == 0) {
        out_text(out, "  V = 0: any use is TLBL or TLBS, at the general vector\n");
        out_string(out, "stopped", "the entry is not valid");
        return;
    }
    out_text(out, "  = physical %08" PRIx32 "   read%s\n", physical,
             entry->lo & MIPS_LO_D ? " and write" : "; D = 0: a store is Mod");
    out_number(out, "physical", physical);
    out_boolean(out, "writable", (entry->lo & MIPS_LO_D) != 0);
}

static void say_lookup(struct session *session, uint32_t address)
{
    const struct mips *c = mips_of(session->cpu);
    struct output *out = &session->out;
    struct mips_lookup lookup = mips_look_up(c, address);
    char segment[96];
    uint32_t physical;
    out_text(out, "%08" PRIx32 "  %s\n", address,
             mips_segment_text(address, segment, sizeof segment));
    out_number(out, "address", address);
    out_string(out, "segment", "%s", segment);
    switch (lookup.match) {
    case MIPS_MATCH: say_match(session, lookup.entry, address); break;
    case MIPS_MISS:
        out_text(out, "  no match: an access is TLBL or TLBS, at the %s vector\n",
                 address < 0x80000000u ? "refill" : "general");
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

void mips_say_walk(struct session *session, uint32_t address)
{
    uint32_t physical, byte;
    say_lookup(session, address);
    if (mips_translate(mips_of(session->cpu), address, &physical) &&
        !bus_peek(session->cpu->memory, physical, 1, &byte))
        out_text(&session->out, "  nothing answers at physical %08" PRIx32 ": a bus error\n",
                 physical);
}
