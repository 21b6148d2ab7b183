/* output: one way to say a fact, as text for people and as JSON for programs. */
#include "debugger/output.h"

#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

struct cell {
    char *text;
    enum out_style style;
};

struct out_table {
    struct out_column column[OUT_COLUMNS];
    unsigned columns;
    unsigned indent;
    struct cell *cell; /* row by row */
    size_t cells, room;
    enum out_style style; /* of the next cell; OUT_STYLES = the column's */
};

static const char *const escapes[OUT_STYLES] = {
    [OUT_PLAIN] = "\033[0m", [OUT_HEAD] = "\033[1m",     [OUT_FUNCTION] = "\033[33m",
    [OUT_FILE] = "\033[32m", [OUT_ADDRESS] = "\033[34m", [OUT_VARIABLE] = "\033[36m",
    [OUT_GOOD] = "\033[32m", [OUT_BAD] = "\033[1;31m",   [OUT_CHANGED] = "\033[1;35m",
    [OUT_DIM] = "\033[2m",
};

void out_init(struct output *out, FILE *text, FILE *errors)
{
    *out = (struct output){.text = text, .errors = errors};
}

static void free_table(struct output *out)
{
    if (out->table == NULL)
        return;
    for (size_t i = 0; i < out->table->cells; i++)
        free(out->table->cell[i].text);
    free(out->table->cell);
    free(out->table);
    out->table = NULL;
}

void out_free(struct output *out)
{
    free_table(out);
    if (out->depth > 0)
        json_decref(out->stack[0]);
    out->depth = 0;
}

void out_begin(struct output *out, bool json)
{
    bug_unless(out->depth == 0 && out->table == NULL);
    out->json = json;
    out->lines = 0;
    out->columns = 0;
    out->dropped = false;
    if (json)
        out->stack[out->depth++] = json_object();
}

void out_end(struct output *out)
{
    free_table(out); /* of a command that failed half way */
    if (out->json) {
        json_dumpf(out->stack[0], out->text, JSON_COMPACT);
        fputc('\n', out->text);
        json_decref(out->stack[0]);
        out->depth = 0;
        out->json = false;
    }
    fflush(out->text);
}

__attribute__((format(printf, 1, 0))) static char *formatted(const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    bug_unless(length >= 0);
    char *text = bug_alloc((size_t)length + 1, 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

/* Columns that a string takes: one a code point; escape sequences take none. */
static size_t width_of(const char *text)
{
    size_t width = 0;
    for (; *text != '\0' && *text != '\n'; text++) {
        if (*text == '\033') {
            text += strcspn(text, "m");
            if (*text == '\0')
                break;
            continue;
        }
        width += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return width;
}

/* Writes whole text, pausing at each full screen. */
static void write_text(struct output *out, const char *text)
{
    while (*text != '\0' && !out->dropped) {
        const char *newline = strchr(text, '\n');
        size_t length = newline == NULL ? strlen(text) : (size_t)(newline - text) + 1;
        out->columns += width_of(text);
        fwrite(text, 1, length, out->text);
        text += length;
        if (newline == NULL)
            break;
        out->lines += 1 + (out->width == 0 || out->columns == 0
                               ? 0
                               : (unsigned)((out->columns - 1) / out->width));
        out->columns = 0;
        if (out->height > 2 && out->more != NULL && out->lines >= out->height - 1) {
            out->lines = 0;
            fflush(out->text);
            out->dropped = !out->more(out->more_context);
        }
    }
}

void out_vtext(struct output *out, const char *format, va_list args)
{
    if (out->json || out->dropped)
        return;
    char *text = formatted(format, args);
    write_text(out, text);
    free(text);
}

void out_text(struct output *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    out_vtext(out, format, args);
    va_end(args);
}

const char *out_style(const struct output *out, enum out_style style)
{
    return out->color ? escapes[style] : "";
}

/* Takes over `value`. */
static void put(struct output *out, const char *key, json_t *value)
{
    json_t *top = out->stack[out->depth - 1];
    if (json_is_array(top))
        json_array_append_new(top, value);
    else
        json_object_set_new_nocheck(top, key, value);
}

void out_number(struct output *out, const char *key, int64_t value)
{
    if (out->json)
        put(out, key, json_integer(value));
}

void out_boolean(struct output *out, const char *key, bool value)
{
    if (out->json)
        put(out, key, json_boolean(value));
}

void out_null(struct output *out, const char *key)
{
    if (out->json)
        put(out, key, json_null());
}

/* A JSON string; bytes that are not UTF-8 are escaped as C does. */
static json_t *string_of(const char *text)
{
    json_t *value = json_string(text);
    if (value != NULL)
        return value;
    size_t room = strlen(text) * 4 + 1;
    char *escaped = bug_alloc(room, 1);
    out_escape(escaped, room, text, strlen(text));
    value = json_string(escaped);
    free(escaped);
    return value;
}

void out_string(struct output *out, const char *key, const char *format, ...)
{
    if (!out->json)
        return;
    va_list args;
    va_start(args, format);
    char *text = formatted(format, args);
    va_end(args);
    put(out, key, string_of(text));
    free(text);
}

void out_bytes(struct output *out, const char *key, const void *bytes, size_t length)
{
    const uint8_t *from = bytes;
    if (!out->json)
        return;
    char *text = bug_alloc(2 * length + 1, 1), *to = text;
    for (size_t i = 0; i < length; i++) {
        if (from[i] >= 0x80)
            *to++ = (char)(0xc0 | from[i] >> 6);
        *to++ = from[i] >= 0x80 ? (char)(0x80 | (from[i] & 0x3f)) : (char)from[i];
    }
    put(out, key, json_stringn(text, (size_t)(to - text)));
    free(text);
}

static void open_container(struct output *out, const char *key, json_t *container)
{
    bug_unless(out->depth < OUT_DEPTH);
    put(out, key, container);
    out->stack[out->depth++] = container;
}

void out_object(struct output *out, const char *key)
{
    if (out->json)
        open_container(out, key, json_object());
}

void out_array(struct output *out, const char *key)
{
    if (out->json)
        open_container(out, key, json_array());
}

void out_close(struct output *out)
{
    if (!out->json)
        return;
    bug_unless(out->depth > 1);
    out->depth--;
}

void out_table(struct output *out, const char *key, unsigned indent,
               const struct out_column *columns, unsigned count)
{
    bug_unless(out->table == NULL && count > 0 && count <= OUT_COLUMNS);
    out->table = bug_alloc(1, sizeof *out->table);
    out->table->columns = count;
    out->table->indent = indent;
    out->table->style = OUT_STYLES;
    memcpy(out->table->column, columns, count * sizeof *columns);
    out_array(out, key);
}

void out_cell_style(struct output *out, enum out_style style)
{
    out->table->style = style;
}

/* Takes over `text` and, in a JSON reply, `value`. */
static void add_cell(struct output *out, char *text, json_t *value)
{
    struct out_table *table = out->table;
    unsigned at = (unsigned)(table->cells % table->columns);
    const struct out_column *column = &table->column[at];
    if (out->json && at == 0)
        out_object(out, NULL);
    if (out->json && column->key != NULL)
        put(out, column->key, value);
    else if (value != NULL)
        json_decref(value);
    if (table->cells == table->room) {
        table->room = table->room * 2 + 64;
        table->cell = realloc(table->cell, table->room * sizeof *table->cell);
        if (table->cell == NULL)
            bug("the host has no memory left for a table");
    }
    table->cell[table->cells++] =
        (struct cell){text, table->style == OUT_STYLES ? column->style : table->style};
    table->style = OUT_STYLES;
    if (out->json && at == table->columns - 1)
        out_close(out);
}

void out_cell(struct output *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = formatted(format, args);
    va_end(args);
    add_cell(out, text, out->json ? string_of(text) : NULL);
}

void out_cell_number(struct output *out, int64_t value, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = formatted(format, args);
    va_end(args);
    add_cell(out, text, out->json ? json_integer(value) : NULL);
}

static void write_cell(struct output *out, const struct out_column *column, const char *text,
                       enum out_style style, size_t width, bool last)
{
    int pad = (int)(width - width_of(text));
    if (column->right)
        out_text(out, "%*s", pad, "");
    if (style != OUT_PLAIN)
        out_text(out, "%s%s%s", out_style(out, style), text, out_style(out, OUT_PLAIN));
    else
        out_text(out, "%s", text);
    if (!last)
        out_text(out, "%*s  ", column->right ? 0 : pad, "");
}

static void write_table(struct output *out)
{
    const struct out_table *table = out->table;
    size_t width[OUT_COLUMNS] = {0};
    bool titles = false;
    for (unsigned i = 0; i < table->columns; i++) {
        width[i] = width_of(table->column[i].title);
        titles |= width[i] > 0;
    }
    for (size_t i = 0; i < table->cells; i++) {
        size_t w = width_of(table->cell[i].text);
        if (w > width[i % table->columns])
            width[i % table->columns] = w;
    }
    size_t rows = table->cells / table->columns;
    for (size_t row = titles ? 0 : 1; row <= rows; row++) {
        unsigned last = table->columns - 1; /* no blanks at the end of a line */
        while (row > 0 && last > 0 && table->cell[(row - 1) * table->columns + last].text[0] == 0)
            last--;
        out_text(out, "%*s", (int)table->indent, "");
        for (unsigned i = 0; i <= last; i++) {
            const struct cell *cell = &table->cell[row == 0 ? 0 : (row - 1) * table->columns + i];
            write_cell(out, &table->column[i], row == 0 ? table->column[i].title : cell->text,
                       row == 0 ? OUT_HEAD : cell->style, width[i], i == last);
        }
        out_text(out, "\n");
    }
}

void out_table_end(struct output *out)
{
    bug_unless(out->table != NULL && out->table->cells % out->table->columns == 0);
    if (!out->json)
        write_table(out);
    out_close(out);
    free_table(out);
}

bool out_error(struct output *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = formatted(format, args);
    va_end(args);
    fflush(out->text);
    fprintf(out->errors, "%s\n", text);
    fflush(out->errors);
    if (out->json && out->depth > 0)
        json_object_set_new_nocheck(out->stack[0], "error", string_of(text));
    free(text);
    return false;
}

void out_escape(char *to, size_t room, const void *bytes, size_t length)
{
    const unsigned char *from = bytes;
    size_t used = 0;
    for (size_t i = 0; i < length && used + 5 <= room; i++) {
        static const char letters[] = "\a\b\t\n\v\f\r\"\\", names[] = "abtnvfr\"\\";
        const char *letter = from[i] == 0 ? NULL : strchr(letters, from[i]);
        if (letter != NULL) {
            to[used++] = '\\';
            to[used++] = names[letter - letters];
        } else if (from[i] >= 0x20 && from[i] < 0x7f) {
            to[used++] = (char)from[i];
        } else {
            used += (size_t)snprintf(to + used, room - used, "\\%03o", from[i]);
        }
    }
    if (room > 0)
        to[used] = '\0';
}
