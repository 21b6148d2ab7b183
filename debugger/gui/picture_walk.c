/* picture_walk: an address on its way through directory and table to memory. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/picture.h"
#include "debugger/gui/picture_tables.h"
#include "debugger/gui/stage_parts.h"

#define X(column) (12 + (column)*PICTURE_CELL_W)
#define Y(row)    (10 + (row)*PICTURE_CELL_H)

static uint32_t number_of(const json_t *object, const char *key)
{
    return (uint32_t)json_integer_value(json_object_get(object, key));
}

static struct draw_item *put(struct draw_list *list, int column, int row, enum draw_ink ink,
                             const char *text)
{
    struct draw_item *item = draw_text(list, X(column), Y(row), ink, "%s", text);
    item->w = PICTURE_WIDTH - X(column) - 12;
    return item;
}

#define FIELD_COLUMNS 20
#define ENTRY_COLUMN  32
#define ENTRY_COLUMNS 72

/* A part of the linear address, and the arrow to what it chooses. */
static void draw_part(struct draw_list *list, int row, const char *bits, const char *name,
                      uint32_t value)
{
    char text[40];
    int middle = Y(row) + 3 * PICTURE_CELL_H / 2;
    draw_box(list, X(1), Y(row), FIELD_COLUMNS * PICTURE_CELL_W, 3 * PICTURE_CELL_H, INK_PAPER,
             INK_USER)
        ->bold = true;
    put(list, 2, row, INK_DIM, bits);
    put(list, 2, row + 1, INK_TEXT, name);
    snprintf(text, sizeof text, "%" PRIu32 " = %" PRIx32 "h", value, value);
    put(list, 2, row + 2, INK_TEXT, text)->bold = true;
    draw_arrow(list, X(FIELD_COLUMNS + 1), middle, X(ENTRY_COLUMN), middle, INK_USER);
}

/* What a box names lies in the next one. */
static void draw_next(struct draw_list *list, int row, const char *name, uint32_t address)
{
    char text[60];
    draw_arrow(list, X(ENTRY_COLUMN + 3), Y(row), X(ENTRY_COLUMN + 3), Y(row + 2), INK_CPU);
    snprintf(text, sizeof text, "%s %08" PRIx32, name, address);
    draw_text(list, X(ENTRY_COLUMN + 5), Y(row) + PICTURE_CELL_H / 2, INK_CPU, "%s", text);
}

static void draw_entry(struct draw_list *list, int row, const char *title, const json_t *entry,
                       bool stopped)
{
    char text[120];
    const char *bits = json_string_value(json_object_get(entry, "bits"));
    draw_box(list, X(ENTRY_COLUMN), Y(row), ENTRY_COLUMNS * PICTURE_CELL_W, 3 * PICTURE_CELL_H,
             stopped ? INK_MARK : INK_PAPER, stopped ? INK_BAD : INK_CPU)
        ->bold = true;
    snprintf(text, sizeof text, "%s[%" PRIu32 "] at physical %08" PRIx32, title,
             number_of(entry, "index"), number_of(entry, "address"));
    put(list, ENTRY_COLUMN + 1, row, INK_TEXT, text);
    snprintf(text, sizeof text, "= %08" PRIx32, number_of(entry, "value"));
    put(list, ENTRY_COLUMN + 1, row + 1, INK_TEXT, text)->bold = true;
    snprintf(text, sizeof text, "%s %s", stopped ? "✗" : "✓", bits == NULL ? "" : bits);
    put(list, ENTRY_COLUMN + 1, row + 2, stopped ? INK_BAD : INK_GOOD, text)->bold = stopped;
}

static void draw_end(struct draw_list *list, int row, const json_t *answer)
{
    char first[200], second[80];
    const char *stopped = json_string_value(json_object_get(answer, "stopped"));
    enum draw_ink ink = stopped != NULL ? INK_BAD : INK_GOOD;
    if (stopped != NULL) {
        snprintf(first, sizeof first, "✗ stopped: the %s", stopped);
        snprintf(second, sizeof second, "any access is a page fault, #PF");
    } else {
        snprintf(first, sizeof first, "✓ physical %08" PRIx32, number_of(answer, "physical"));
        snprintf(second, sizeof second, "%s, %s",
                 json_is_true(json_object_get(answer, "user")) ? "user and kernel" : "kernel only",
                 json_is_true(json_object_get(answer, "writable")) ? "read and write"
                                                                   : "read only");
    }
    draw_box(list, X(ENTRY_COLUMN), Y(row), ENTRY_COLUMNS * PICTURE_CELL_W, 3 * PICTURE_CELL_H,
             INK_PAPER, ink)
        ->bold = true;
    put(list, ENTRY_COLUMN + 1, row, ink, first)->bold = true;
    put(list, ENTRY_COLUMN + 1, row + 1, INK_TEXT, second);
}

static void draw_paging(struct draw_list *list, const json_t *answer, uint32_t linear)
{
    const json_t *pde = json_object_get(answer, "pde"), *pte = json_object_get(answer, "pte");
    bool large = json_is_true(json_object_get(answer, "large"));
    bool stopped = json_object_get(answer, "stopped") != NULL;
    uint32_t next = number_of(pde, "value") & 0xfffff000u;
    int row = 6;
    draw_next(list, row - 2, "CR3: directory", number_of(answer, "cr3"));
    draw_part(list, row, "bits 31..22", "directory index", linear >> 22);
    draw_entry(list, row, "page directory entry", pde, stopped && pte == NULL);
    row += 5;
    if (pte != NULL) {
        draw_next(list, row - 2, "table", next);
        draw_part(list, row, "bits 21..12", "table index", linear >> 12 & 0x3ff);
        draw_entry(list, row, "page table entry", pte, stopped);
        next = number_of(pte, "value") & 0xfffff000u;
        row += 5;
    }
    if (!stopped) {
        draw_next(list, row - 2, "page", next);
        draw_part(list, row, large ? "bits 21..0" : "bits 11..0", "offset",
                  large ? linear & 0x3fffff : linear & 0xfff);
    }
    draw_end(list, row, answer);
}

/* MIPS: the segment that the address lies in, and what the TLB makes of it. */
static void draw_segment(struct draw_list *list, const json_t *answer, const struct scene *scene)
{
    char text[80];
    struct stage stage = {
        .scene = scene, .list = list, .shown = 1, .cw = PICTURE_CELL_W, .ch = PICTURE_CELL_H};
    struct box box = {X(1), Y(9), PICTURE_WIDTH - 2 * X(1), 8 * PICTURE_CELL_H};
    struct part part = part_of(&stage, box);
    struct translation t;
    enum translation_use use = scene->mips.lookup_beat != 0 ? scene->mips.lookup.use : USE_LOAD;
    const char *segment = json_string_value(json_object_get(answer, "segment"));
    snprintf(text, sizeof text, "%08" PRIx32, number_of(answer, "address"));
    draw_box(list, X(1), Y(5), 12 * PICTURE_CELL_W, 2 * PICTURE_CELL_H, INK_PAPER, INK_USER)->bold =
        true;
    put(list, 2, 5, INK_DIM, "address");
    put(list, 2, 6, INK_TEXT, text)->bold = true;
    put(list, 15, 5, INK_TEXT, segment == NULL ? "" : segment)->bold = true;
    draw_arrow(list, X(7), Y(7), X(7), Y(9), INK_CPU);
    translation_read(answer, use, &t);
    if (t.end != LOOKUP_NONE) {
        translation_draw(&part, &t, 0);
        return;
    }
    snprintf(text, sizeof text, "✓ physical %08" PRIx32 ": the TLB is not asked",
             number_of(answer, "physical"));
    put(list, 2, 9, INK_GOOD, text)->bold = true;
}

void picture_walk(const json_t *answer, const struct scene *scene, struct draw_list *list)
{
    char text[200];
    const json_t *segment = json_object_get(answer, "segment");
    uint32_t linear = number_of(answer, segment != NULL ? "address" : "linear");
    snprintf(text, sizeof text, "Where %08" PRIx32 " is in memory", linear);
    picture_begin(list, text, scene);
    if (segment != NULL)
        draw_segment(list, answer, scene);
    else if (json_object_get(answer, "pde") != NULL)
        draw_paging(list, answer, linear);
    else
        put(list, 0, 4, INK_TEXT, "Paging is off: the physical address is the linear one.");
}
