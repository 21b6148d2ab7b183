/* picture_tables: pictures of the processor's and the kernel's tables. */
#include "debugger/gui/picture_tables.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/picture.h"
#include "debugger/story_say.h"

#define MARGIN 12

/* --- tables ----------------------------------------------------------------------------------- */

enum cell_form { CELL_TEXT, CELL_NUMBER, CELL_HEX4, CELL_HEX8 };

struct cell_column {
    const char *key, *title;
    int column, columns; /* cells */
    enum cell_form form;
    enum draw_ink ink;
};

static void cell_text(const json_t *row, const struct cell_column *column, char *to, size_t room)
{
    const json_t *value = json_object_get(row, column->key);
    json_int_t number = json_integer_value(value);
    if (json_is_string(value))
        snprintf(to, room, "%s", json_string_value(value));
    else if (!json_is_integer(value))
        to[0] = '\0';
    else if (column->form == CELL_HEX8)
        snprintf(to, room, "%08" PRIx32, (uint32_t)number);
    else if (column->form == CELL_HEX4)
        snprintf(to, room, "%04" PRIx32, (uint32_t)number);
    else
        snprintf(to, room, "%" JSON_INTEGER_FORMAT, number);
}

static struct draw_item *put(struct draw_list *list, int column, int y, enum draw_ink ink,
                             const char *text, int columns)
{
    struct draw_item *item = draw_text(list, MARGIN + column * PICTURE_CELL_W, y, ink, "%s", text);
    item->w = columns * PICTURE_CELL_W;
    return item;
}

static void draw_titles(struct draw_list *list, const struct cell_column *column, unsigned count,
                        int y)
{
    for (unsigned i = 0; i < count; i++)
        put(list, column[i].column, y, INK_TITLE, column[i].title, column[i].columns)->bold = true;
    draw_line(list, MARGIN, y + PICTURE_CELL_H, PICTURE_WIDTH - MARGIN, y + PICTURE_CELL_H,
              INK_EDGE);
}

static void draw_row(struct draw_list *list, const struct cell_column *column, unsigned count,
                     const json_t *row, int y, bool marked)
{
    char text[400];
    if (marked) {
        draw_box(list, MARGIN - 6, y, PICTURE_WIDTH - 2 * MARGIN + 12, PICTURE_CELL_H, INK_MARK,
                 INK_FOCUS)
            ->bold = true;
        draw_box(list, MARGIN - 6, y, 5, PICTURE_CELL_H, INK_FOCUS, INK_NONE);
    }
    for (unsigned i = 0; i < count; i++) {
        cell_text(row, &column[i], text, sizeof text);
        put(list, column[i].column, y, column[i].ink, text, column[i].columns)->bold = marked;
    }
}

#define FIRST_Y (10 + 2 * PICTURE_CELL_H)
#define ROWS    ((PICTURE_HEIGHT - FIRST_Y) / PICTURE_CELL_H - 1)

/* The first of `rows` rows that are shown, so that the wanted one is in the middle. */
static size_t window_of(size_t all, size_t rows, size_t wanted)
{
    size_t first = wanted > rows / 2 ? wanted - rows / 2 : 0;
    if (all <= rows)
        return 0;
    return first > all - rows ? all - rows : first;
}

typedef bool mark_fn(const json_t *row, const struct scene *scene);
/* What else a row has. */
typedef void extra_fn(struct draw_list *list, const struct scene *scene, const json_t *row, int y);

static void draw_table(struct draw_list *list, const json_t *rows, const struct scene *scene,
                       const struct cell_column *column, unsigned count, mark_fn *marks,
                       extra_fn *extra)
{
    size_t index, wanted = 0, all = json_array_size(rows);
    const json_t *row;
    json_array_foreach(rows, index, row) if (marks(row, scene)) wanted = index;
    size_t first = window_of(all, ROWS, wanted);
    draw_titles(list, column, count, FIRST_Y);
    for (size_t i = first; i < all && i < first + ROWS; i++) {
        int y = FIRST_Y + 2 + (int)(i - first + 1) * PICTURE_CELL_H;
        row = json_array_get(rows, i);
        draw_row(list, column, count, row, y, marks(row, scene));
        if (extra != NULL)
            extra(list, scene, row, y);
    }
}

/* --- idt, gdt, dispatch ----------------------------------------------------------------------- */

static json_int_t number_of(const json_t *row, const char *key)
{
    return json_integer_value(json_object_get(row, key));
}

static void register_title(const json_t *answer, const char *what, char *to, size_t room)
{
    const json_t *reg = json_object_get(answer, "register");
    snprintf(to, room, "%s: %s base %08" PRIx32 ", limit %04" PRIx32, what,
             json_string_value(json_object_get(reg, "name")) == NULL
                 ? ""
                 : json_string_value(json_object_get(reg, "name")),
             (uint32_t)number_of(reg, "base"), (uint32_t)number_of(reg, "limit"));
}

static bool is_vector(const json_t *row, const struct scene *scene)
{
    return number_of(row, "vector") == (json_int_t)scene->vector;
}

void picture_idt(const json_t *answer, const struct scene *scene, struct draw_list *list)
{
    static const struct cell_column columns[] = {
        {"vector", "vector", 0, 6, CELL_NUMBER, INK_TEXT},
        {"gate", "gate", 8, 16, CELL_TEXT, INK_CPU},
        {"dpl", "DPL", 26, 3, CELL_NUMBER, INK_TEXT},
        {"present", "P", 31, 2, CELL_NUMBER, INK_TEXT},
        {"selector", "selector", 34, 8, CELL_HEX4, INK_TEXT},
        {"offset", "offset", 44, 8, CELL_HEX8, INK_DIM},
        {"handler", "handler", 54, 18, CELL_TEXT, INK_KERNEL},
        {"for", "for", 74, 31, CELL_TEXT, INK_TEXT},
    };
    char title[200];
    register_title(answer, "Interrupt descriptor table", title, sizeof title);
    picture_begin(list, title, scene);
    draw_table(list, json_object_get(answer, "gates"), scene, columns,
               sizeof columns / sizeof *columns, is_vector, NULL);
}

static bool is_handler_code(const json_t *row, const struct scene *scene)
{
    return scene->x86.code.beat != SCENE_NEVER &&
           number_of(row, "selector") == (json_int_t)(scene->x86.code.selector & ~7u);
}

void picture_gdt(const json_t *answer, const struct scene *scene, struct draw_list *list)
{
    static const struct cell_column columns[] = {
        {"selector", "selector", 0, 8, CELL_HEX4, INK_TEXT},
        {"address", "address", 10, 8, CELL_HEX8, INK_DIM},
        {"bytes", "bytes", 20, 23, CELL_TEXT, INK_CPU},
        {"what", "what", 46, 30, CELL_TEXT, INK_TEXT},
        {"base", "base", 78, 8, CELL_HEX8, INK_DIM},
        {"limit", "limit", 88, 8, CELL_HEX8, INK_DIM},
        {"present", "P", 99, 2, CELL_NUMBER, INK_TEXT},
    };
    char title[200], note[200];
    register_title(answer, "Global descriptor table", title, sizeof title);
    picture_begin(list, title, scene);
    const json_t *rows = json_object_get(answer, "entries");
    draw_table(list, rows, scene, columns, sizeof columns / sizeof *columns, is_handler_code, NULL);
    if (scene->x86.code.beat == SCENE_NEVER || json_array_size(rows) + 2 > ROWS)
        return;
    int y = FIRST_Y + (int)(json_array_size(rows) + 2) * PICTURE_CELL_H;
    snprintf(note, sizeof note,
             "Marked: the code segment of the handler, %04x in gate %" PRIu32 ".",
             scene->x86.code.selector, scene->vector);
    put(list, 0, y, INK_DIM, note, 105);
    snprintf(note, sizeof note, "Its DPL %u is the ring in which the handler runs.",
             scene->x86.code.is.dpl);
    put(list, 0, y + PICTURE_CELL_H, INK_DIM, note, 105);
}

static bool is_number(const json_t *row, const struct scene *scene)
{
    return scene->is_call && number_of(row, "number") == scene->number;
}

/* The instructions that a compiler has made of the switch, in the order in which they decide. */
static void draw_path(struct draw_list *list, const json_t *answer, int y)
{
    size_t index;
    const json_t *step, *path = json_object_get(answer, "path");
    char text[300];
    json_array_foreach(path, index, step)
    {
        const char *kind = json_string_value(json_object_get(step, "kind"));
        const char *insn = json_string_value(json_object_get(step, "instruction"));
        draw_box(list, MARGIN, y, 90 * PICTURE_CELL_W, 2 * PICTURE_CELL_H, INK_PAPER, INK_KERNEL)
            ->bold = true;
        snprintf(text, sizeof text, "%-8s %08" PRIx32 "  %.80s", kind == NULL ? "" : kind,
                 (uint32_t)number_of(step, "pc"), insn == NULL ? "" : insn);
        put(list, 1, y, INK_TEXT, text, 88)->bold = true;
        snprintf(text, sizeof text, "%08" PRIx32, (uint32_t)number_of(step, "address"));
        if (json_integer_value(json_object_get(step, "value")) != 0)
            snprintf(text, sizeof text, "entry at %08" PRIx32 " = %08" PRIx32,
                     (uint32_t)number_of(step, "address"), (uint32_t)number_of(step, "value"));
        put(list, 10, y + PICTURE_CELL_H, INK_DIM, text, 79);
        y += 3 * PICTURE_CELL_H;
        draw_arrow(list, MARGIN + 4 * PICTURE_CELL_W, y - PICTURE_CELL_H,
                   MARGIN + 4 * PICTURE_CELL_W, y, INK_KERNEL);
    }
    const char *handler = json_string_value(json_object_get(answer, "handler"));
    draw_box(list, MARGIN, y, 90 * PICTURE_CELL_W, PICTURE_CELL_H, INK_MARK, INK_KERNEL)->bold =
        true;
    put(list, 1, y, INK_KERNEL, handler == NULL ? "no case: refused" : handler, 88)->bold = true;
}

static void draw_switch(const json_t *answer, const struct scene *scene, struct draw_list *list)
{
    char text[300];
    const json_t *label = json_object_get(answer, "case");
    const char *name = json_string_value(json_object_get(answer, "switch"));
    const char *source = json_string_value(json_object_get(label, "source"));
    snprintf(text, sizeof text, "From number to function: a switch in %.200s",
             name == NULL ? scene->dispatch.table : name);
    picture_begin(list, text, scene);
    snprintf(text, sizeof text, "%" PRId64, scene->number);
    draw_box(list, MARGIN, FIRST_Y + 6, 7 * PICTURE_CELL_W, PICTURE_CELL_H, INK_MARK, INK_KERNEL)
        ->bold = true;
    put(list, 1, FIRST_Y + 6, INK_TEXT, text, 6)->bold = true;
    put(list, 9, FIRST_Y + 6, INK_DIM, scene->dispatch.number_from, 10);
    put(list, 20, FIRST_Y + 6, INK_TEXT, source == NULL ? "" : source, 85);
    draw_arrow(list, MARGIN + 4 * PICTURE_CELL_W, FIRST_Y + 6 + PICTURE_CELL_H,
               MARGIN + 4 * PICTURE_CELL_W, FIRST_Y + 6 + 2 * PICTURE_CELL_H, INK_KERNEL);
    draw_path(list, answer, FIRST_Y + 6 + 2 * PICTURE_CELL_H);
}

void picture_dispatch(const json_t *answer, const struct scene *scene, struct draw_list *list)
{
    static const struct cell_column columns[] = {
        {"number", "number", 0, 6, CELL_NUMBER, INK_TEXT},
        {"name", "call", 9, 16, CELL_TEXT, INK_USER},
        {"entry", "entry at", 27, 8, CELL_HEX8, INK_DIM},
        {"handler_address", "holds", 38, 8, CELL_HEX8, INK_TEXT},
        {"handler", "function", 49, 50, CELL_TEXT, INK_KERNEL},
    };
    char title[300];
    if (json_object_get(answer, "switch") != NULL) {
        draw_switch(answer, scene, list);
        return;
    }
    snprintf(title, sizeof title, "From number to function: %s%s%s", scene->dispatch.table,
             scene->dispatch.source[0] == '\0' ? "" : "   ", scene->dispatch.source);
    picture_begin(list, title, scene);
    draw_table(list, json_object_get(answer, "table"), scene, columns,
               sizeof columns / sizeof *columns, is_number, NULL);
}

/* --- trapframe -------------------------------------------------------------------------------- */

static bool is_changed(const json_t *row, const struct scene *scene)
{
    (void)scene;
    const char *since = json_string_value(json_object_get(row, "since"));
    return since != NULL && strncmp(since, "was ", 4) == 0;
}

/* Who pushed a word is told by colour, hatch and word. */
static enum draw_ink author_ink(const struct scene *scene, const json_t *row, bool *hatched)
{
    *hatched = false;
    for (unsigned i = 0; i < scene->words; i++) {
        const struct scene_word *word = &scene->word[i];
        if (word->address != (uint32_t)number_of(row, "address"))
            continue;
        *hatched = word->author == AUTHOR_STUB;
        return word->author == AUTHOR_CPU ? INK_CPU : *hatched ? INK_STUB : INK_SAVE;
    }
    return INK_DIM;
}

static void draw_author(struct draw_list *list, const struct scene *scene, const json_t *row, int y)
{
    bool hatched;
    enum draw_ink ink = author_ink(scene, row, &hatched);
    const char *by = json_string_value(json_object_get(row, "pushed_by"));
    draw_box(list, MARGIN, y + 1, 8, PICTURE_CELL_H - 2, ink, INK_NONE)->fill =
        hatched ? FILL_HATCH : FILL_SOLID;
    put(list, 72, y, ink, by == NULL ? "" : by, 33)->bold = is_changed(row, scene);
}

/* Below the table: what became of words since they were pushed. */
static void draw_changes(struct draw_list *list, const json_t *rows, const struct scene *scene)
{
    char text[300];
    size_t index;
    const json_t *row;
    int y = FIRST_Y + (int)(json_array_size(rows) + 2) * PICTURE_CELL_H;
    json_array_foreach(rows, index, row)
    {
        const char *field = json_string_value(json_object_get(row, "field"));
        if (!is_changed(row, scene) || field == NULL || y > PICTURE_HEIGHT - PICTURE_CELL_H)
            continue;
        snprintf(text, sizeof text, "* %s %s", field,
                 json_string_value(json_object_get(row, "since")));
        put(list, 0, y, INK_CHANGED, text, 105)->bold = true;
        y += PICTURE_CELL_H;
    }
}

/* Of the trap that the column "last trap" is of; where there is none, why. */
static void say_last_trap(const json_t *last, char *to, size_t room)
{
    const char *what = json_string_value(json_object_get(last, "what"));
    const char *why = json_string_value(json_object_get(last, "why"));
    char tick[32];
    if (what == NULL || why != NULL)
        snprintf(to, room, "%s", why == NULL ? "" : why);
    else
        snprintf(to, room, "%.60s at tick %s", what,
                 story_say_ticks((uint64_t)number_of(last, "tick"), tick, sizeof tick));
}

void picture_trapframe(const json_t *answer, const struct scene *scene, struct draw_list *list)
{
    static const struct cell_column columns[] = {
        {"address", "address", 1, 8, CELL_HEX8, INK_DIM},
        {"field", "field", 11, 8, CELL_TEXT, INK_TEXT},
        {"value", "value", 20, 8, CELL_HEX8, INK_TEXT},
        {"last", "last trap", 30, 9, CELL_HEX8, INK_CHANGED},
        {"meaning", "meaning", 41, 30, CELL_TEXT, INK_TEXT},
        {"", "pushed by", 72, 33, CELL_TEXT, INK_TEXT},
    };
    char title[300];
    const char *type = json_string_value(json_object_get(answer, "type"));
    const json_t *rows = json_object_get(answer, "words");
    size_t used = (size_t)snprintf(
        title, sizeof title, "%s at %08" PRIx32 "; last trap: ", type == NULL ? "trapframe" : type,
        (uint32_t)number_of(answer, "address"));
    say_last_trap(json_object_get(answer, "last_trap"), title + used, sizeof title - used);
    picture_begin(list, title, scene);
    draw_table(list, rows, scene, columns, sizeof columns / sizeof *columns, is_changed,
               draw_author);
    draw_changes(list, rows, scene);
}
