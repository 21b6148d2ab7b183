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
    for (unsigned i = writer->column; i-- > 0 && row[i].text[0] == '\0';) /* a tab's */
        row[i].text[0] = ' ';
    struct transcript_cell *cell = &row[writer->column++];
    *cell = (struct transcript_cell){.ink = writer->ink, .bold = writer->bold};
    memcpy(cell->text, text, length);
}

/* The parameters of ESC [ ... m, as output.h writes them. */
static bool style(struct writer *writer, const char *parameters)
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
            return true;
        }
    return false;
}

static char byte_at(const struct transcript *from, uint64_t at)
{
    return from->byte[at % TRANSCRIPT_BYTES];
}

static bool is_control(char byte)
{
    return (unsigned char)byte < ' ' || byte == 0x7f;
}

/* ESC [ parameters letter, or ESC and one more; a control character ends it early and is what it
 * is. Answers how many bytes it has; `style`: those of ESC [ parameters m, else "". */
static uint64_t escape(const struct transcript *from, uint64_t at, uint64_t until, char style[16])
{
    unsigned used = 0;
    uint64_t n = 1;
    style[0] = '\0';
    if (at + n == until || is_control(byte_at(from, at + n)))
        return n;
    if (byte_at(from, at + n++) != '[')
        return n;
    for (; at + n < until && n < 32 && !is_control(byte_at(from, at + n)); n++) {
        char byte = byte_at(from, at + n);
        if (byte >= '@' && byte <= '~') {
            style[byte == 'm' ? used : 0] = '\0';
            return n + 1;
        }
        if (used + 1 < 16)
            style[used++] = byte;
    }
    style[0] = '\0';
    return n;
}

/* Bytes of the character at `at`: those that belong together as UTF-8, whatever they are. */
static unsigned character(const struct transcript *from, uint64_t at, uint64_t until)
{
    unsigned char byte = (unsigned char)byte_at(from, at);
    unsigned most = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4, length = 1;
    while (length < most && at + length < until &&
           ((unsigned char)byte_at(from, at + length) & 0xc0) == 0x80)
        length++;
    return length;
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

static void write_all(struct writer *writer, const struct transcript *from, uint64_t begin,
                      uint64_t until)
{
    char text[4], parameters[16];
    for (uint64_t at = begin; at < until;) {
        char byte = byte_at(from, at);
        if (byte == '\033') {
            at += escape(from, at, until, parameters);
            style(writer, parameters);
            continue;
        }
        if (is_control(byte)) {
            control(writer, byte);
            at++;
            continue;
        }
        unsigned length = character(from, at, until);
        for (unsigned i = 0; i < length; i++)
            text[i] = byte_at(from, at + i);
        put(writer, text, length);
        at += length;
    }
}

/* The last place before `until` where so many rows and more are sure to follow: behind a newline,
 * which is one whatever stands around it. */
static uint64_t rows_before(const struct transcript *from, uint64_t until, unsigned rows)
{
    uint64_t at = until;
    for (; at > first(from); at--)
        if (byte_at(from, at - 1) == '\n' && rows-- == 0)
            break;
    return at;
}

/* A ring that has gone round begins somewhere. */
static void say_lost(struct writer *writer)
{
    writer->ink = INK_DIM;
    for (const char *at = "[what was said before is not kept]"; *at != '\0'; at++)
        put(writer, at, 1);
    writer->ink = INK_TEXT;
    next_row(writer);
}

/* The ink that was last chosen before `at`. */
static void style_before(struct writer *writer, const struct transcript *from, uint64_t at)
{
    char parameters[16];
    for (uint64_t end = at; at-- > first(from);)
        if (byte_at(from, at) == '\033') {
            escape(from, at, end, parameters);
            if (style(writer, parameters))
                return;
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
    uint64_t end_byte = later_than(transcript, until),
             begin = rows_before(transcript, end_byte, writer.room);
    if (begin == first(transcript) && begin > 0)
        say_lost(&writer);
    style_before(&writer, transcript, begin);
    write_all(&writer, transcript, begin, end_byte);
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
