/* stage_tlb: an address on its way through the TLB: what is looked for, the entries that come near,
 * and which comparison or flag decided. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/stage_parts.h"

#define PAGE_COLUMN 7
#define ASID_COLUMN 19
#define FLAG_COLUMN 24
#define FLAG_CELLS  4
#define WIDE        60 /* columns from which on physical pages are told */

struct row {
    const struct part *part;
    float y;
};

/* A field that has to be so: equal or not, in words of one sign. */
static void draw_field(const struct row *row, float column, bool fine, bool matters,
                       const char *text)
{
    enum draw_ink ink = !matters ? INK_DIM : fine ? INK_GOOD : INK_BAD;
    struct draw_item *item = part_text(row->part, column, row->y, ink, "%s%s", text,
                                       !matters ? ""
                                       : fine   ? "✓"
                                                : "✗");
    item->bold = matters && !fine;
}

static void draw_flags(const struct row *row, const struct translation *t,
                       const struct translation_entry *entry)
{
    bool asked = entry->has_page && entry->has_asid, store = t->use == USE_STORE;
    float column = FLAG_COLUMN;
    draw_field(row, column, entry->valid, asked, entry->valid ? "V1" : "V0");
    column += FLAG_CELLS;
    draw_field(row, column, entry->writable, asked && entry->valid && store,
               entry->writable ? "D1" : "D0");
    column += FLAG_CELLS;
    part_text(row->part, column, row->y, INK_DIM, "%s", entry->global ? "G1" : "G0");
    if (row->part->columns >= WIDE)
        part_text(row->part, column + FLAG_CELLS, row->y, INK_DIM,
                  "%" PRIu32 "K at physical %08" PRIx32, entry->size / 1024, entry->physical);
}

static void draw_compared(const struct row *row, const struct translation *t,
                          const struct translation_entry *entry)
{
    char text[16];
    bool match = entry->has_page && entry->has_asid;
    if (match)
        part_box(row->part, 0, row->y, (float)row->part->columns, 1, INK_MARK,
                 t->end == LOOKUP_HIT ? INK_GOOD : INK_BAD);
    part_text(row->part, 0.3F, row->y, INK_TEXT, "[%u]", entry->number)->bold = match;
    snprintf(text, sizeof text, "%05" PRIx32, entry->page >> 12);
    draw_field(row, PAGE_COLUMN, entry->has_page, true, text);
    part_text(row->part, PAGE_COLUMN + 7, row->y, INK_DIM, "%s", entry->half);
    snprintf(text, sizeof text, "%u", entry->asid);
    draw_field(row, ASID_COLUMN, entry->has_asid, entry->has_page, text);
    draw_flags(row, t, entry);
}

/* What the TLB is asked for: these have to be equal, those have to be 1. */
static void draw_wanted(const struct row *row, const struct translation *t)
{
    const struct part *part = row->part;
    part_text(part, 0, row->y, INK_DIM, "wanted");
    part_text(part, PAGE_COLUMN, row->y, INK_TEXT, "%05" PRIx32, t->address >> 12)->bold = true;
    part_text(part, ASID_COLUMN - 5, row->y, INK_DIM, "ASID");
    part_text(part, ASID_COLUMN, row->y, INK_TEXT, "%u", t->asid)->bold = true;
    part_text(part, FLAG_COLUMN, row->y, INK_TEXT, "V1")->bold = true;
    if (t->use == USE_STORE)
        part_text(part, FLAG_COLUMN + FLAG_CELLS, row->y, INK_TEXT, "D1")->bold = true;
}

static void draw_end(const struct row *row, const struct translation *t, unsigned beat)
{
    char words[80];
    bool good = t->end == LOOKUP_HIT;
    translation_text(t, words, sizeof words);
    enum draw_ink ink = good ? INK_GOOD : INK_BAD;
    part_text(row->part, 0, row->y, ink, "%s", good ? "✓" : "✗")->bold = true;
    stage_value(row->part, 2, row->y, ink, beat, words)->bold = true;
}

/* `beat`: with it the answer is known. */
void translation_draw(const struct part *part, const struct translation *t, unsigned beat)
{
    static const char *const uses[] = {"fetch from", "load from", "store to"};
    struct stage *stage = part->stage;
    char title[64];
    snprintf(title, sizeof title, "TLB: %s %08" PRIx32, uses[t->use], t->address);
    part_title(part, title);
    struct row row = {part, 1};
    draw_wanted(&row, t);
    if (stage_show(stage, beat) > 0 && !stage_hides(stage, beat)) {
        unsigned room = part->rows > 3 ? (unsigned)part->rows - 3 : 0;
        for (unsigned i = 0; i < t->entries && i < room; i++) {
            row.y++;
            draw_compared(&row, t, &t->entry[i]);
        }
        row.y++;
        draw_end(&row, t, beat);
    }
    stage_all(stage);
}

/* Until the kernel has been entered that of the trap, then that of the present instruction. */
static const struct translation *lookup_of(const struct stage *stage)
{
    const struct scene *scene = stage->scene;
    const struct scene_mips *m = &scene->mips;
    bool entered = stage->beat < scene->beats && scene->beat[stage->beat].phase > PHASE_GATE;
    const struct translation *t = entered && m->lookup_beat == 0 ? &m->present : &m->lookup;
    return t->end == LOOKUP_NONE ? NULL : t;
}

int stage_tlb_rows(const struct stage *stage)
{
    const struct translation *t = lookup_of(stage);
    int entries = t == NULL ? 0 : t->entries < 2 ? (int)t->entries : 2;
    return t == NULL ? 0 : 3 + entries;
}

void stage_tlb(const struct part *part)
{
    const struct scene_mips *m = &part->stage->scene->mips;
    const struct translation *t = lookup_of(part->stage);
    if (t != NULL)
        translation_draw(part, t, t == &m->lookup ? m->lookup_beat : 0);
}
