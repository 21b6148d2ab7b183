/* picture_timeline: what happened, by kind on an axis of ticks, and the newest of it as a list. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/picture.h"
#include "debugger/gui/picture_tables.h"
#include "debugger/story_say.h"

#define LEFT   (14 * PICTURE_CELL_W)
#define RIGHT  (PICTURE_WIDTH - 14)
#define LANE   (2 * PICTURE_CELL_H)
#define TOP    (3 * PICTURE_CELL_H)
#define LISTED 15

struct lane {
    const char *kind, *title, *glyph;
    enum draw_ink ink;
    enum draw_fill fill;
};

static const struct lane lanes[] = {
    {"syscall", "system calls", "S", INK_USER, FILL_SOLID},
    {"irq", "interrupts", "I", INK_STUB, FILL_HATCH},
    {"fault", "faults", "F", INK_BAD, FILL_SOLID},
    {"switch", "switches", "W", INK_SAVE, FILL_HATCH},
};

#define LANES ((int)(sizeof lanes / sizeof *lanes))

static json_int_t number_of(const json_t *row, const char *key)
{
    return json_integer_value(json_object_get(row, key));
}

static const char *word_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text == NULL ? "" : text;
}

static int lane_of(const json_t *row)
{
    for (int i = 0; i < LANES; i++)
        if (strcmp(word_of(row, "kind"), lanes[i].kind) == 0)
            return i;
    return -1;
}

struct axis {
    json_int_t from, to;
};

static int x_of(const struct axis *axis, json_int_t tick)
{
    json_int_t span = axis->to > axis->from ? axis->to - axis->from : 1;
    return LEFT + (int)((double)(tick - axis->from) / (double)span * (RIGHT - LEFT));
}

static void draw_event(struct draw_list *list, const struct axis *axis, const json_t *row)
{
    int lane = lane_of(row), x = x_of(axis, number_of(row, "tick"));
    if (lane < 0)
        return;
    int width = x_of(axis, number_of(row, "tick") + number_of(row, "took")) - x;
    int y = TOP + lane * LANE + 6;
    draw_box(list, x, y, width < 3 ? 3 : width, LANE - 14, lanes[lane].ink,
             width < 6 ? INK_NONE : INK_PAPER)
        ->fill = lanes[lane].fill;
    draw_hit(list, x, y, width < 6 ? 6 : width, LANE - 14, "", word_of(row, "what"));
}

static void draw_lanes(struct draw_list *list, const struct axis *axis)
{
    char text[40];
    for (int i = 0; i < LANES; i++) {
        draw_text(list, 12, TOP + i * LANE + 8, lanes[i].ink, "%s", lanes[i].title)->bold = true;
        draw_line(list, LEFT, TOP + (i + 1) * LANE - 6, RIGHT, TOP + (i + 1) * LANE - 6, INK_EDGE);
    }
    for (int i = 0; i <= 4; i++) {
        json_int_t tick = axis->from + (axis->to - axis->from) * i / 4;
        story_say_ticks((uint64_t)tick, text, sizeof text);
        int wide = draw_cells(text) * PICTURE_CELL_W, x = x_of(axis, tick) - wide / 2;
        if (x + wide > RIGHT)
            x = RIGHT - wide;
        draw_text(list, x, TOP + LANES * LANE, INK_DIM, "%s", text);
    }
}

static void draw_listed(struct draw_list *list, const json_t *row, int y, bool own)
{
    char tick[40];
    int lane = lane_of(row);
    enum draw_ink ink = lane < 0 ? INK_DIM : lanes[lane].ink;
    if (own) {
        draw_box(list, 6, y, PICTURE_WIDTH - 12, PICTURE_CELL_H, INK_MARK, INK_FOCUS)->bold = true;
        draw_box(list, 6, y, 5, PICTURE_CELL_H, INK_FOCUS, INK_NONE);
    }
    story_say_ticks((uint64_t)number_of(row, "tick"), tick, sizeof tick);
    draw_text(list, 12 + (14 - draw_cells(tick)) * PICTURE_CELL_W, y, INK_DIM, "%s", tick);
    draw_text(list, 12 + 16 * PICTURE_CELL_W, y, ink, "%s", word_of(row, "kind"))->bold = true;
    if (lane >= 0)
        draw_text(list, 12 + 25 * PICTURE_CELL_W, y, INK_TEXT, "%" JSON_INTEGER_FORMAT " %s",
                  number_of(row, "pid"), word_of(row, "program"))
            ->w = 12 * PICTURE_CELL_W;
    struct draw_item *item =
        draw_text(list, 12 + 38 * PICTURE_CELL_W, y, INK_TEXT, "%s", word_of(row, "what"));
    item->w = 54 * PICTURE_CELL_W;
    item->bold = own;
    if (number_of(row, "took") > 0) {
        story_say_ticks((uint64_t)number_of(row, "took"), tick, sizeof tick);
        draw_text(list, 12 + (105 - draw_cells(tick)) * PICTURE_CELL_W, y, INK_TEXT, "%s", tick);
    }
}

void picture_timeline(const json_t *answer, const struct scene *scene, struct draw_list *list)
{
    const json_t *events = json_object_get(answer, "events"), *row;
    size_t index, all = json_array_size(events);
    struct axis axis = {INT64_MAX, 0};
    picture_begin(list, "What happened, by tick", scene);
    json_array_foreach(events, index, row)
    {
        json_int_t tick = number_of(row, "tick"), end = tick + number_of(row, "took");
        axis.from = tick < axis.from ? tick : axis.from;
        axis.to = end > axis.to ? end : axis.to;
    }
    if (all == 0)
        return;
    draw_lanes(list, &axis);
    json_array_foreach(events, index, row) draw_event(list, &axis, row);
    size_t first = all > LISTED ? all - LISTED : 0;
    for (size_t i = first; i < all; i++) {
        int y = TOP + LANES * LANE + (int)(i - first + 2) * PICTURE_CELL_H;
        row = json_array_get(events, i);
        draw_listed(list, row, y, (ticks)number_of(row, "tick") == scene->tick);
    }
}
