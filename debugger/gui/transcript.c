/* transcript: what was said, as bytes with the tick at which each was said, and as rows of a pane.
 */
#include "debugger/gui/transcript.h"

#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

#define TAB 8u

void transcript_init(struct transcript *transcript)
{
    *transcript = (struct transcript){
        .byte = bug_alloc(TRANSCRIPT_BYTES, 1),
        .tick = bug_alloc(TRANSCRIPT_BYTES, sizeof(ticks)),
    };
}

void transcript_free(struct transcript *transcript)
{
    free(transcript->byte);
    free(transcript->tick);
    *transcript = (struct transcript){0};
}

static uint64_t first(const struct transcript *transcript)
{
    return transcript->written > TRANSCRIPT_BYTES ? transcript->written - TRANSCRIPT_BYTES : 0;
}

/* Number of the first byte that is later than `tick`. */
static uint64_t later_than(const struct transcript *transcript, ticks tick)
{
    uint64_t low = first(transcript), high = transcript->written;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (transcript->tick[middle % TRANSCRIPT_BYTES] <= tick)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void transcript_add(struct transcript *transcript, const char *bytes, size_t length, ticks tick)
{
    if (transcript->written > 0 &&
        transcript->tick[(transcript->written - 1) % TRANSCRIPT_BYTES] > tick)
        transcript->written = later_than(transcript, tick);
    for (size_t i = 0; i < length; i++) {
        transcript->byte[transcript->written % TRANSCRIPT_BYTES] = bytes[i];
        transcript->tick[transcript->written++ % TRANSCRIPT_BYTES] = tick;
    }
}

/* --- rows ------------------------------------------------------------------------------------- */

/* The last `room` rows are kept, in a ring. */
struct writer {
    struct transcript_cell *cell;
    unsigned width, room;
    uint64_t row; /* the one that is being written, counted from the first */
    unsigned column;
    uint8_t ink;
    bool bold;
};

static struct transcript_cell *row_of(struct writer *writer, uint64_t row)
{
    return writer->cell + (size_t)(row % writer->room) * writer->width;
}

static void next_row(struct writer *writer)
{
    writer->row++;
    writer->column = 0;
    memset(row_of(writer, writer->row), 0, writer->width * sizeof *writer->cell);
}

static void put(struct writer *writer, const char *text, size_t length)
{
    if (writer->column >= writer->width)
        next_row(writer);
    struct transcript_cell *row = row_of(writer, writer->row);
    for (unsigned i = 0; i < writer->column; i++)
        if (row[i].text[0] == '\0')
            row[i].text[0] = ' ';
    struct transcript_cell *cell = &row[writer->column++];
    *cell = (struct transcript_cell){.ink = writer->ink, .bold = writer->bold};
    memcpy(cell->text, text, length < sizeof cell->text ? length : sizeof cell->text - 1);
}

/* The parameters of ESC [ ... m, as output.h writes them. */
static void style(struct writer *writer, const char *parameters)
{
    static const struct {
        const char *parameters;
        uint8_t ink;
        bool bold;
    } styles[] = {
        {"0", INK_TEXT, false},  {"1", INK_TITLE, true},      {"33", INK_SAVE, false},
        {"32", INK_GOOD, false}, {"34", INK_USER, false},     {"36", INK_CPU, false},
        {"1;31", INK_BAD, true}, {"1;35", INK_CHANGED, true}, {"2", INK_DIM, false},
    };
    for (unsigned i = 0; i < sizeof styles / sizeof *styles; i++)
        if (strcmp(parameters, styles[i].parameters) == 0) {
            writer->ink = styles[i].ink;
            writer->bold = styles[i].bold;
        }
}

/* ESC [ parameters letter, or ESC and one more. Answers how many bytes it has. */
static uint64_t escape(struct writer *writer, const struct transcript *from, uint64_t at,
                       uint64_t until)
{
    char parameters[16] = "";
    unsigned used = 0;
    uint64_t n = 1;
    if (at + n < until && from->byte[(at + n) % TRANSCRIPT_BYTES] != '[')
        return 2;
    for (n = 2; at + n < until && n < 32; n++) {
        char byte = from->byte[(at + n) % TRANSCRIPT_BYTES];
        if (byte >= '@' && byte <= '~') {
            if (byte == 'm')
                style(writer, parameters);
            return n + 1;
        }
        if (used + 1 < sizeof parameters)
            parameters[used++] = byte;
    }
    return n;
}

static unsigned utf8_length(unsigned char byte)
{
    return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

static void control(struct writer *writer, char byte)
{
    if (byte == '\n')
        next_row(writer);
    else if (byte == '\t')
        writer->column = writer->column + TAB - writer->column % TAB;
    else if (byte == '\b' && writer->column > 0)
        writer->column--;
    if (writer->column > writer->width)
        writer->column = writer->width;
}

static void write_all(struct writer *writer, const struct transcript *from, uint64_t until)
{
    for (uint64_t at = first(from); at < until;) {
        char text[5] = "";
        char byte = from->byte[at % TRANSCRIPT_BYTES];
        if (byte == '\033') {
            at += escape(writer, from, at, until);
            continue;
        }
        if ((unsigned char)byte < ' ' || byte == 0x7f) {
            control(writer, byte);
            at++;
            continue;
        }
        unsigned length = utf8_length((unsigned char)byte);
        for (unsigned i = 0; i < length && at + i < until; i++)
            text[i] = from->byte[(at + i) % TRANSCRIPT_BYTES];
        put(writer, text, strlen(text));
        at += length;
    }
}

struct transcript_rows transcript_rows(const struct transcript *transcript, ticks until,
                                       unsigned width, unsigned rows, unsigned back)
{
    width = width < 1 ? 1 : width > TRANSCRIPT_COLUMNS ? TRANSCRIPT_COLUMNS : width;
    rows = rows < 1 ? 1 : rows > TRANSCRIPT_ROWS ? TRANSCRIPT_ROWS : rows;
    back = back > TRANSCRIPT_ROWS ? TRANSCRIPT_ROWS : back;
    struct writer writer = {.width = width, .room = rows + back, .ink = INK_TEXT};
    writer.cell = bug_alloc((size_t)writer.room * width, sizeof *writer.cell);
    write_all(&writer, transcript, later_than(transcript, until));
    uint64_t all = writer.row + 1, kept = all < writer.room ? all : writer.room;
    if (back > kept - 1)
        back = (unsigned)(kept - 1);
    uint64_t end = all - back, from = all - kept;
    if (end - from > rows)
        from = end - rows;
    struct transcript_rows out = {.width = width};
    out.cell = bug_alloc((size_t)rows * width, sizeof *out.cell);
    for (uint64_t row = from; row < end; row++)
        memcpy(out.cell + (size_t)out.used++ * width, row_of(&writer, row),
               width * sizeof *out.cell);
    free(writer.cell);
    return out;
}

void transcript_rows_free(struct transcript_rows *rows)
{
    free(rows->cell);
    *rows = (struct transcript_rows){0};
}

static void draw_row(const struct transcript_cell *cell, unsigned width, struct draw_list *list,
                     int x, int y)
{
    char run[TRANSCRIPT_COLUMNS];
    for (unsigned i = 0; i < width && cell[i].text[0] != '\0';) {
        unsigned from = i, used = 0;
        for (; i < width && cell[i].text[0] != '\0' && cell[i].ink == cell[from].ink &&
               cell[i].bold == cell[from].bold && used + 5 < sizeof run;
             i++) {
            size_t length = strlen(cell[i].text);
            memcpy(run + used, cell[i].text, length);
            used += (unsigned)length;
        }
        run[used] = '\0';
        draw_text(list, x + (int)from * list->metrics.cell_w, y, cell[from].ink, "%s", run)->bold =
            cell[from].bold;
    }
}

void transcript_draw(const struct transcript_rows *rows, unsigned first, struct draw_list *list,
                     int x, int y)
{
    for (unsigned i = first; i < rows->used; i++)
        draw_row(rows->cell + (size_t)i * rows->width, rows->width, list, x,
                 y + (int)(i - first) * list->metrics.cell_h);
}
