/* stage: the large pane: one trap's way into the kernel and back as a picture that moves. */
#include "debugger/gui/stage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/stage_parts.h"
#include "debugger/story_say.h"

#define PATH_COLUMNS  22
#define GATE_COLUMNS  42
#define GATE_NARROW   35
#define STACK_COLUMNS 38 /* with whole addresses and authors, */
#define STACK_NARROW  31 /* and with the ends of them */
#define CAPTION_ROWS  2
#define IDT_ROWS      7
#define GDT_ROWS      2.4F
#define CHECK_ROWS    5
#define TSS_ROWS      2.5F
#define ENTRY_ROWS    (IDT_ROWS + GDT_ROWS + CHECK_ROWS + TSS_ROWS)
#define DISPATCH_ROWS 5
#define WORK_ROWS     STAGE_WORK_ROWS

/* --- the pen ---------------------------------------------------------------------------------- */

struct part part_of(struct stage *stage, struct box box)
{
    return (struct part){stage, box, box.w / stage->cw, box.h / stage->ch};
}

int part_x(const struct part *part, float column)
{
    return part->box.x + (int)(column * (float)part->stage->cw);
}

int part_y(const struct part *part, float row)
{
    return part->box.y + (int)(row * (float)part->stage->ch);
}

struct draw_item *part_text(const struct part *part, float column, float row, enum draw_ink ink,
                            const char *format, ...)
{
    char text[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    int x = part_x(part, column);
    return draw_text_in(part->stage->list, x, part_y(part, row), part->box.x + part->box.w - x, ink,
                        text);
}

struct draw_item *part_cut(const struct part *part, float column, float row, int columns,
                           enum draw_ink ink, const char *text)
{
    return draw_text_in(part->stage->list, part_x(part, column), part_y(part, row),
                        columns * part->stage->cw, ink, text);
}

struct draw_item *part_box(const struct part *part, float column, float row, float columns,
                           float rows, enum draw_ink ink, enum draw_ink edge)
{
    int x = part_x(part, column), y = part_y(part, row);
    return draw_box(part->stage->list, x, y, part_x(part, column + columns) - x,
                    part_y(part, row + rows) - y, ink, edge);
}

/* Bytes of the next line of at most `columns` cells, without the space that it ends with. */
static size_t line_length(const char *text, int columns)
{
    size_t length = 0, space = 0;
    for (int cells = 0; text[length] != '\0' && cells <= columns; cells++) {
        if (text[length] == ' ')
            space = length;
        if (cells == columns)
            return space > 0 ? space : length;
        do
            length++;
        while (((unsigned char)text[length] & 0xc0) == 0x80);
    }
    return length;
}

int part_wrap(const struct part *part, float column, float row, int columns, int lines,
              enum draw_ink ink, const char *text)
{
    int used = 0;
    while (*text != '\0' && used < lines && columns > 0) {
        size_t length = line_length(text, columns);
        bool cut = used == lines - 1 && text[length] != '\0';
        part_text(part, column, row + (float)used, ink, "%.*s%s", (int)length, text,
                  cut ? "…" : "");
        text += length;
        text += strspn(text, " ");
        used++;
    }
    return used;
}

void part_title(const struct part *part, const char *title)
{
    part_text(part, 0, 0, INK_TITLE, "%s", title)->bold = true;
    int y = part_y(part, 1) - 1;
    draw_line(part->stage->list, part->box.x, y, part->box.x + part->box.w, y, INK_EDGE);
}

/* --- what has appeared ------------------------------------------------------------------------ */

float stage_show(struct stage *stage, unsigned beat)
{
    float shown = beat < stage->beat ? 1 : beat == stage->beat ? stage->shown : 0;
    stage->list->shown = shown;
    return shown;
}

void stage_all(struct stage *stage)
{
    stage->list->shown = 1;
}

bool stage_hides(const struct stage *stage, unsigned beat)
{
    return stage->quiz && beat == stage->beat;
}

struct draw_item *stage_value(const struct part *part, float column, float row, enum draw_ink ink,
                              unsigned beat, const char *text)
{
    int cells = draw_cells(text);
    if (!stage_hides(part->stage, beat))
        return part_text(part, column, row, ink, "%s", text);
    part_box(part, column, row, (float)cells, 1, INK_HIDDEN, INK_EDGE);
    return part_text(part, column + (float)(cells - 1) / 2, row, INK_TEXT, "?");
}

enum draw_ink stage_author_ink(enum scene_author author)
{
    return author == AUTHOR_CPU ? INK_CPU : author == AUTHOR_STUB ? INK_STUB : INK_SAVE;
}

/* --- the caption ------------------------------------------------------------------------------ */

static void draw_caption(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    if (stage->beat >= scene->beats)
        return;
    const struct scene_beat *beat = &scene->beat[stage->beat];
    enum draw_ink edge = beat->failed ? INK_BAD : INK_FOCUS;
    char tick[32];
    part_box(part, 0, 0, (float)part->columns, 2, INK_PANEL, edge)->bold = true;
    story_say_ticks(beat->tick, tick, sizeof tick);
    float column = 1;
    part_text(part, column, 0, beat->failed ? INK_BAD : INK_TEXT, "%s%s", beat->failed ? "✗ " : "",
              beat->name)
        ->bold = true;
    column += (float)(draw_cells(beat->name) + (beat->failed ? 2 : 0) + 3);
    stage_value(part, column, 0, INK_TEXT, stage->beat, beat->value);
    int manual = draw_cells(beat->manual);
    bool both = draw_cells(beat->text) + manual + 5 <= part->columns;
    part_wrap(part, 1, 1, part->columns - 2, 1, INK_DIM, beat->text);
    if (both && manual > 0)
        part_text(part, (float)(part->columns - manual - 1), 1, INK_DIM, "%s", beat->manual);
}

/* --- layout ----------------------------------------------------------------------------------- */

struct box stage_cut_left(const struct stage *stage, struct box *from, int columns)
{
    struct box part = {from->x, from->y, columns * stage->cw, from->h};
    int gap = part.w + stage->cw;
    *from = (struct box){from->x + gap, from->y, from->w - gap, from->h};
    return part;
}

struct box stage_cut_top(const struct stage *stage, struct box *from, float rows)
{
    int height = (int)(rows * (float)stage->ch + 0.5F);
    struct box part = {from->x, from->y, from->w, height};
    *from = (struct box){from->x, from->y + height, from->w, from->h - height};
    return part;
}

bool stage_has_rows(const struct stage *stage, struct box box, float rows)
{
    return box.h + 1 >= (int)(rows * (float)stage->ch + 0.5F);
}

void stage_rows(struct stage *stage, struct box *box, float rows, stage_part_fn *draw)
{
    if (!stage_has_rows(stage, *box, rows))
        return;
    struct part part = part_of(stage, stage_cut_top(stage, box, rows));
    draw(&part);
}

/* Without room for all of it: what the CPU is at. */
static void draw_entry(struct stage *stage, struct box box)
{
    const struct scene *scene = stage->scene;
    bool all = stage_has_rows(stage, box, ENTRY_ROWS);
    bool most = stage_has_rows(stage, box, IDT_ROWS + GDT_ROWS + CHECK_ROWS);
    bool gate = stage->beat < (most ? scene->x86.esp0_beat : scene->x86.code.beat);
    if (all || gate)
        stage_rows(stage, &box, IDT_ROWS, stage_idt);
    if (all || most || !gate)
        stage_rows(stage, &box, GDT_ROWS, stage_gdt);
    stage_rows(stage, &box, CHECK_ROWS, stage_checks);
    stage_rows(stage, &box, TSS_ROWS, stage_tss);
    if (!all && !gate)
        stage_rows(stage, &box, STAGE_PATH_ROWS, stage_path);
}

void stage_work(struct stage *stage, struct box box)
{
    if (!stage->scene->is_call || stage_has_fault(stage)) {
        struct part part = part_of(stage, box);
        stage_fault(&part);
        return;
    }
    stage_rows(stage, &box, DISPATCH_ROWS, stage_dispatch);
    stage_rows(stage, &box, WORK_ROWS - DISPATCH_ROWS, stage_return);
    if (!stage->has_path)
        stage_rows(stage, &box, STAGE_PATH_ROWS, stage_path);
}

/* The mechanism in the middle: all of it when there is room, else what the beat is about. */
static void draw_middle(struct stage *stage, struct box box)
{
    enum story_phase phase = stage_phase(stage);
    bool fault = stage_has_fault(stage);
    bool refused = fault && stage->scene->end == STORY_REFUSED;
    if (stage_has_rows(stage, box, ENTRY_ROWS + WORK_ROWS)) {
        draw_entry(stage, stage_cut_top(stage, &box, ENTRY_ROWS));
        stage_work(stage, box);
    } else if (refused && phase == PHASE_GATE &&
               stage_has_rows(stage, box, IDT_ROWS + WORK_ROWS - 1)) {
        stage_rows(stage, &box, IDT_ROWS, stage_idt);
        stage_work(stage, box);
    } else if (phase == PHASE_GATE ? !refused : phase < PHASE_TRAP && !fault) {
        draw_entry(stage, box);
    } else {
        stage_work(stage, box);
    }
}

/* From the TSS to the top of the stack that it names. */
static void draw_stack_arrow(struct stage *stage, struct box middle, struct box stacks)
{
    const struct scene_x86 *x = &stage->scene->x86;
    bool fits = stage_has_rows(stage, middle, ENTRY_ROWS);
    if (!fits || stage->scene->machine != SCENE_X86 || stage_show(stage, x->esp_beat) <= 0)
        return;
    int left = middle.x + middle.w, turn = stacks.x - stage->cw / 2, top = stacks.y + stage->ch / 2;
    int from = middle.y + (int)((ENTRY_ROWS - TSS_ROWS + 1.8F) * (float)stage->ch);
    draw_line(stage->list, left, from, turn, from, INK_CPU);
    draw_line(stage->list, turn, from, turn, top, INK_CPU);
    draw_arrow(stage->list, turn, top, stacks.x + 4 * stage->cw - 4, top, INK_CPU);
    stage_all(stage);
}

void stage_split(struct stage *stage, struct box where, stage_middle_fn *draw)
{
    int columns = where.w / stage->cw;
    bool both = columns >= GATE_NARROW + STACK_NARROW + 1;
    struct box middle = {0};
    if (both || stage_phase(stage) != PHASE_SAVE) {
        int wide = both && !stage->has_path && columns - 1 - STACK_NARROW < GATE_COLUMNS
                       ? columns - 1 - STACK_NARROW
                       : GATE_COLUMNS;
        middle = stage_cut_left(stage, &where, columns < wide ? columns : wide);
        draw(stage, middle);
    }
    int stack = where.w >= STACK_COLUMNS * stage->cw ? STACK_COLUMNS : STACK_NARROW;
    if (where.w < stack * stage->cw)
        return;
    int spare = where.w - stack * stage->cw;
    where = (struct box){where.x + spare, where.y, where.w - spare, where.h};
    struct part stacks = part_of(stage, where);
    stage_stacks(&stacks);
    if (both && stage->has_path)
        draw_stack_arrow(stage, middle, where);
}

static void draw_nothing(struct stage *stage, struct box where)
{
    struct part part = part_of(stage, where);
    part_wrap(&part, 1, 1, part.columns - 2, part.rows - 2, INK_DIM, stage->scene->heading);
}

void stage_draw(const struct scene *scene, unsigned beat, float shown, bool quiz,
                struct draw_list *list, struct box where)
{
    struct stage stage = {.scene = scene,
                          .list = list,
                          .beat = beat,
                          .shown = shown,
                          .quiz = quiz,
                          .cw = list->metrics.cell_w,
                          .ch = list->metrics.cell_h};
    if (stage.cw <= 0 || stage.ch <= 0 || where.w < stage.cw || where.h < stage.ch)
        return;
    draw_clip(list, where.x, where.y, where.w, where.h);
    if (scene->state == SCENE_NOTHING) {
        draw_nothing(&stage, where);
        draw_unclip(list);
        return;
    }
    int rows = where.h / stage.ch, columns = where.w / stage.cw;
    if (rows > 8) {
        int height = CAPTION_ROWS * stage.ch;
        struct box below = {where.x, where.y + where.h - height, where.w, height};
        struct part caption = part_of(&stage, below);
        draw_caption(&caption);
        where.h = below.y - where.y;
    }
    if (columns >= PATH_COLUMNS + GATE_COLUMNS + STACK_COLUMNS + 2) {
        struct part path = part_of(&stage, stage_cut_left(&stage, &where, PATH_COLUMNS));
        stage_path(&path);
        stage.has_path = true;
    }
    if (scene->machine == SCENE_MIPS)
        stage_mips(&stage, where);
    else
        stage_split(&stage, where, draw_middle);
    stage_all(&stage);
    draw_unclip(list);
}
