/* picture_pipeline: instructions on their way through the stages of a pipeline, tick by tick. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/picture.h"
#include "debugger/gui/picture_tables.h"

#define NAMES  36 /* cells of an instruction's text */
#define CELL_W (5 * PICTURE_CELL_W)
#define LEFT   (12 + NAMES * PICTURE_CELL_W)
#define TICKS  13
#define TOP    (3 * PICTURE_CELL_H + 6)
#define ROW_H  (PICTURE_CELL_H + 6)
#define ROWS   19u

struct view {
    struct draw_list *list;
    json_int_t first; /* tick of the first column */
};

static const char *word_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

static json_int_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static int column_x(const struct view *view, json_int_t tick)
{
    return LEFT + (int)(tick - view->first) * CELL_W;
}

static bool seen(const struct view *view, json_int_t tick)
{
    return tick >= view->first && tick < view->first + TICKS;
}

/* Found here: the exception that kills this instruction. */
static bool kills(const json_t *instruction, const json_t *stage)
{
    const json_t *exception = json_object_get(instruction, "exception");
    return exception != NULL && strcmp(word_of(exception, "stage"), word_of(stage, "stage")) == 0;
}

static void draw_stage(const struct view *view, const json_t *instruction, const json_t *stage,
                       int y)
{
    json_int_t tick = number_of(stage, "tick");
    bool bad = kills(instruction, stage);
    int width = (int)(number_of(stage, "ticks") < 1 ? 1 : number_of(stage, "ticks")) * CELL_W - 4;
    if (!seen(view, tick))
        return;
    draw_box(view->list, column_x(view, tick), y, width, PICTURE_CELL_H + 2,
             bad ? INK_MARK : INK_PAPER, bad ? INK_BAD : INK_CPU)
        ->bold = true;
    draw_text(view->list, column_x(view, tick) + 6, y + 1, bad ? INK_BAD : INK_TEXT, "%s%s",
              word_of(stage, "stage"), bad ? "✗" : "")
        ->bold = true;
}

/* Where it would have gone on. */
static void draw_squashed(const struct view *view, json_int_t tick, int y, const char *words)
{
    if (!seen(view, tick))
        return;
    int x = column_x(view, tick);
    draw_box(view->list, x, y, CELL_W - 4, PICTURE_CELL_H + 2, INK_DIM, INK_DIM)->fill = FILL_HATCH;
    draw_text(view->list, x + CELL_W + 4, y + 1, INK_BAD, "%s", words)->bold = true;
}

static void draw_instruction(const struct view *view, const json_t *instruction, int y)
{
    const json_t *stages = json_object_get(instruction, "stages"), *stage;
    const json_t *exception = json_object_get(instruction, "exception");
    const char *end = word_of(instruction, "end");
    bool lives = strcmp(end, "retired") == 0;
    size_t index;
    char text[120];
    json_int_t after = number_of(instruction, "tick");
    snprintf(text, sizeof text, "%08" PRIx32 " %s%s", (uint32_t)number_of(instruction, "address"),
             json_is_true(json_object_get(instruction, "slot")) ? " " : "",
             word_of(instruction, "text"));
    struct draw_item *item =
        draw_text(view->list, 12, y + 1, lives ? INK_TEXT : INK_BAD, "%s", text);
    item->w = (NAMES - 1) * PICTURE_CELL_W;
    item->bold = exception != NULL;
    json_array_foreach(stages, index, stage)
    {
        draw_stage(view, instruction, stage, y);
        after = number_of(stage, "tick") + number_of(stage, "ticks");
    }
    if (exception != NULL) {
        snprintf(text, sizeof text, "%s: %" JSON_INTEGER_FORMAT " ticks lost",
                 word_of(exception, "name"), number_of(exception, "lost"));
        draw_squashed(view, after, y, text);
    } else if (strcmp(end, "squashed") == 0) {
        draw_squashed(view, after, y, "squashed");
    }
}

static void draw_ticks(const struct view *view, size_t rows)
{
    int bottom = TOP + (int)(rows + 1) * ROW_H;
    json_int_t thousands = view->first / 1000 * 1000;
    for (int i = 0; i < TICKS; i++) {
        json_int_t tick = view->first + i;
        draw_text(view->list, column_x(view, tick) + 6, TOP, INK_DIM, "%" JSON_INTEGER_FORMAT,
                  tick - thousands);
        draw_line(view->list, column_x(view, tick) - 2, TOP + ROW_H - 4, column_x(view, tick) - 2,
                  bottom, INK_EDGE)
            ->dashed = true;
    }
    draw_text(view->list, 12, TOP, INK_DIM, "tick %" JSON_INTEGER_FORMAT " +", thousands);
}

/* The instructions around the one that trapped. */
static size_t first_row(const json_t *rows)
{
    size_t index, trapped = json_array_size(rows);
    const json_t *row;
    json_array_foreach(rows, index, row) if (json_object_get(row, "exception") != NULL) trapped =
        index;
    return trapped > 6 && trapped < json_array_size(rows) ? trapped - 6 : 0;
}

/* What the exception changes meanwhile, below. */
static void draw_changes(struct draw_list *list, const struct scene *scene, int y)
{
    for (unsigned i = 0; i < scene->beats && y < PICTURE_HEIGHT - PICTURE_CELL_H; i++) {
        const struct scene_beat *beat = &scene->beat[i];
        if (beat->phase != PHASE_GATE || beat->step == 0)
            continue;
        draw_text(list, 12, y, INK_CPU, "%s", beat->name)->bold = true;
        draw_text(list, 12 + 24 * PICTURE_CELL_W, y, INK_TEXT, "%s", beat->value);
        y += PICTURE_CELL_H;
    }
}

void picture_pipeline(const json_t *answer, const struct scene *scene, struct draw_list *list)
{
    const json_t *rows = json_object_get(answer, "instructions");
    size_t first = first_row(rows), all = json_array_size(rows);
    struct view view = {list, number_of(json_array_get(rows, first), "tick")};
    picture_begin(list, "The pipeline: who is in which stage, and who never arrives", scene);
    if (all > first + ROWS)
        all = first + ROWS;
    draw_ticks(&view, all - first);
    for (size_t i = first; i < all; i++)
        draw_instruction(&view, json_array_get(rows, i), TOP + (int)(i - first + 1) * ROW_H);
    draw_changes(list, scene, TOP + (int)(all - first + 2) * ROW_H);
}
