/* stage_stack: both stacks on the stage, and every word of the trapframe in its slot. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/stage_parts.h"

#define LEFT  4  /* cells for the stack pointer's mark */
#define EMPTY 5  /* slots of a stack on which there is nothing */
#define WIDE  38 /* from here on addresses and authors are whole */

/* Cells that an address takes, and where what follows it begins. */
static int address_cells(const struct part *part)
{
    return part->columns >= WIDE ? 8 : 4;
}

static void draw_address(const struct part *part, float row, uint32_t address)
{
    char text[16];
    snprintf(text, sizeof text, "%08" PRIx32, address);
    part_text(part, LEFT + 1, row, INK_DIM, "%s", text + 8 - address_cells(part));
}

/* --- the stack pointer ------------------------------------------------------------------------ */

struct rows {
    const struct part *part;
    float kernel, user;   /* row of the first word of each */
    unsigned first, last; /* words of the frame that are shown: [first, last) */
};

/* The row at whose word a stack pointer points; negative = not in the picture. */
static float row_of(const struct rows *rows, uint32_t sp)
{
    const struct scene *scene = rows->part->stage->scene;
    for (unsigned i = 0; i < scene->stack_words; i++)
        if (scene->stack[i].address == sp)
            return rows->user + (float)i;
    bool empty = scene->words == 0 && scene->x86.esp0_beat != SCENE_NEVER && sp == scene->x86.esp0;
    if (empty || (scene->words > 0 && sp == scene->word[0].address + 4))
        return rows->kernel - 1;
    for (unsigned i = rows->first; i < rows->last; i++)
        if (scene->word[i].address == sp)
            return rows->kernel + (float)(i - rows->first);
    bool below = scene->words > 0 && sp < scene->word[scene->words - 1].address &&
                 scene->word[0].address - sp < 0x4000;
    return below ? rows->kernel + (float)(rows->last - rows->first) : -1;
}

/* Behind the last beat the code goes on, and moves it. */
static uint32_t stack_pointer(const struct stage *stage)
{
    const struct scene *scene = stage->scene;
    bool present = scene->present_sp != 0 && scene->present_beat == stage->beat;
    return present ? scene->present_sp : scene->beat[stage->beat].sp;
}

static void draw_pointer(const struct rows *rows)
{
    const struct part *part = rows->part;
    struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    if (stage->beat >= scene->beats)
        return;
    uint32_t sp = stack_pointer(stage);
    uint32_t before = stage->beat > 0 ? scene->beat[stage->beat - 1].sp : sp;
    float to = row_of(rows, sp), from = row_of(rows, before);
    if (to < 0)
        return;
    float row = from < 0 ? to : from + (to - from) * stage->shown;
    part_text(part, 0, row, INK_FOCUS, "%3s", scene->sp_name)->bold = true;
    int y = part_y(part, row + 0.5F);
    struct draw_item *arrow =
        draw_arrow(stage->list, part_x(part, 3), y, part_x(part, LEFT - 0.1F), y, INK_FOCUS);
    arrow->bold = true;
}

/* --- the kernel's ----------------------------------------------------------------------------- */

static void draw_stripe(const struct part *part, float column, float row, enum scene_author author)
{
    part_box(part, column, row, 0.7F, 1, stage_author_ink(author), INK_NONE)->fill =
        author == AUTHOR_STUB ? FILL_HATCH : FILL_SOLID;
}

static void draw_author(const struct part *part, float row, const struct scene_word *word)
{
    draw_stripe(part, LEFT, row, word->author);
    int column = LEFT + address_cells(part) + 18;
    part_text(part, (float)column, row, stage_author_ink(word->author), "%s", word->by);
}

/* Has an author of this name pushed a word before this one? */
static bool is_named(const struct scene *scene, unsigned number)
{
    for (unsigned i = 0; i < number; i++)
        if (strcmp(scene->word[i].by, scene->word[number].by) == 0)
            return true;
    return false;
}

/* Whole names: where they stand at the words there may be no room for them. */
static void draw_authors(const struct part *part, float row)
{
    const struct scene *scene = part->stage->scene;
    float column = LEFT;
    for (unsigned i = 0; i < scene->words; i++) {
        const struct scene_word *word = &scene->word[i];
        if (word->beat > part->stage->beat || is_named(scene, i))
            continue;
        draw_stripe(part, column, row, word->author);
        part_text(part, column + 1, row, stage_author_ink(word->author), "%s", word->by);
        column += (float)draw_cells(word->by) + 2;
    }
}

static void draw_word(const struct part *part, float row, const struct scene_word *word)
{
    struct stage *stage = part->stage;
    float wide = (float)(part->columns - LEFT);
    float shown = stage_show(stage, word->beat);
    if (shown <= 0) {
        stage_all(stage);
        part_box(part, LEFT, row, wide, 1, INK_NONE, INK_EDGE)->dashed = true;
        return;
    }
    bool new_value = word->changed && word->changed_beat <= stage->beat;
    unsigned beat = new_value ? word->changed_beat : word->beat;
    bool now = beat == stage->beat || word->popped_beat == stage->beat;
    char value[16];
    stage_all(stage);
    part_box(part, LEFT, row, wide, 1, now ? INK_MARK : INK_PAPER, INK_EDGE);
    draw_author(part, row, word);
    draw_address(part, row, word->address);
    float field = (float)(LEFT + address_cells(part) + 2);
    /* The word slides into its slot. */
    float slide = beat == stage->beat ? (1 - stage->shown) * 3 : 0;
    stage_show(stage, beat);
    part_text(part, field, row, INK_TEXT, "%.6s", word->field)->bold = now;
    snprintf(value, sizeof value, "%0*" PRIx32, word->size * 2,
             new_value ? word->now : word->value);
    float column = field + 15 - (float)strlen(value) + slide;
    struct draw_item *item =
        stage_value(part, column, row, new_value ? INK_CHANGED : INK_TEXT, beat, value);
    item->bold = now || new_value;
    if (new_value)
        part_text(part, field + 15, row, INK_CHANGED, "*")->bold = true;
    stage_all(stage);
}

/* The words that fit: the one that this beat is about, or the lowest. */
static void choose_rows(struct rows *rows, unsigned room)
{
    const struct stage *stage = rows->part->stage;
    const struct scene *scene = stage->scene;
    unsigned focus = 0;
    for (unsigned i = 0; i < scene->words; i++) {
        const struct scene_word *word = &scene->word[i];
        if (word->beat <= stage->beat)
            focus = i;
    }
    for (unsigned i = 0; i < scene->words; i++)
        if (scene->word[i].beat == stage->beat || scene->word[i].changed_beat == stage->beat ||
            scene->word[i].popped_beat == stage->beat)
            focus = i;
    uint32_t sp = stage->beat < scene->beats ? stack_pointer(stage) : 0;
    for (unsigned i = 0; i < scene->words; i++)
        if (scene->word[i].address == sp)
            focus = i;
    rows->first = scene->words > room && focus + 2 > room ? focus + 2 - room : 0;
    if (scene->words > room && rows->first > scene->words - room)
        rows->first = scene->words - room;
    rows->last = rows->first + room < scene->words ? rows->first + room : scene->words;
}

static void draw_kernel_stack(struct rows *rows, unsigned room)
{
    const struct part *part = rows->part;
    const struct scene *scene = part->stage->scene;
    char below[40] = "";
    rows->kernel = 1;
    choose_rows(rows, room);
    if (rows->first > 0)
        snprintf(below, sizeof below, ", %u more above", rows->first);
    else if (scene->words > 0 && part->columns >= WIDE && scene->word[0].beat <= part->stage->beat)
        snprintf(below, sizeof below, ", below %08" PRIx32, scene->word[0].address + 4);
    part_text(part, LEFT, 0, INK_TITLE, "Kernel stack%s", below)->bold = true;
    for (unsigned i = rows->first; i < rows->last; i++)
        draw_word(part, rows->kernel + (float)(i - rows->first), &scene->word[i]);
    for (unsigned i = 0; scene->words == 0 && i < EMPTY && i < room; i++) /* nothing, as yet */
        part_box(part, LEFT, rows->kernel + (float)i, (float)(part->columns - LEFT), 1, INK_NONE,
                 INK_EDGE)
            ->dashed = true;
}

/* --- the user's ------------------------------------------------------------------------------- */

static void draw_user_stack(struct rows *rows, unsigned words)
{
    const struct part *part = rows->part;
    const struct scene *scene = part->stage->scene;
    part_text(part, LEFT, rows->user - 1, INK_TITLE, "User stack")->bold = true;
    for (unsigned i = 0; i < words && i < scene->stack_words; i++) {
        const struct scene_entry *word = &scene->stack[i];
        float row = rows->user + (float)i;
        part_box(part, LEFT, row, (float)(part->columns - LEFT), 1, INK_PAPER, INK_EDGE);
        part_box(part, LEFT, row, 0.7F, 1, INK_USER, INK_NONE);
        float value = (float)(LEFT + address_cells(part) + 2);
        draw_address(part, row, word->address);
        part_text(part, value, row, INK_TEXT, "%08" PRIx32, word->value);
        part_text(part, value + 9, row, INK_USER, "%.12s", word->name);
    }
}

void stage_stacks(const struct part *part)
{
    const struct scene *scene = part->stage->scene;
    struct rows rows = {.part = part};
    unsigned height = part->rows < 8 ? 8 : (unsigned)part->rows;
    unsigned user = height < 12 ? 1 : height < 18 ? 2 : 3, room = height - user - 3;
    if (scene->words > 0 && room > scene->words)
        room = scene->words;
    while (user < SCENE_STACK && room + user + 4 < height)
        user++;
    rows.user = (float)(height - user);
    draw_kernel_stack(&rows, room);
    draw_authors(part, rows.kernel + (float)(rows.last - rows.first));
    draw_user_stack(&rows, user);
    draw_pointer(&rows);
}
