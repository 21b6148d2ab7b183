/* transcript: what was said, as bytes with the tick at which each was said, and as rows of a pane.
 *
 * A ring: whoever says more than it holds is remembered by the last of it, and the rows say so.
 * Bytes that are later than one that is added are another future and go. */
#ifndef DEBUGGER_GUI_TRANSCRIPT_H
#define DEBUGGER_GUI_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "debugger/gui/draw.h"
#include "emu/base/clock.h"

#define TRANSCRIPT_BYTES   (1u << 18) /* a power of two */
#define TRANSCRIPT_COLUMNS 512u       /* of the widest pane */
#define TRANSCRIPT_ROWS    4000u      /* that can be scrolled back */

struct transcript {
    char *byte;
    ticks *tick; /* ascending */
    uint64_t written;
};

struct transcript_cell {
    char text[5]; /* one character in UTF-8 */
    uint8_t ink;  /* enum draw_ink */
    bool bold;
};

/* Rows of cells, `width` of each; unused cells have no text. */
struct transcript_rows {
    struct transcript_cell *cell;
    unsigned width, used;
};

void transcript_init(struct transcript *transcript);
void transcript_free(struct transcript *transcript);
void transcript_add(struct transcript *transcript, const char *bytes, size_t length, ticks tick);

/* What was said until `until`, wrapped at `width`: the last `rows` of it that are more than `back`
 * rows from its end. The terminal's colours that output.h uses become inks; every other escape
 * sequence is left out; control characters but newline, tab and backspace do nothing. What it costs
 * depends on the rows, not on how much was said (but for lines without an end). Each call needs its
 * transcript_rows_free. */
struct transcript_rows transcript_rows(const struct transcript *transcript, ticks until,
                                       unsigned width, unsigned rows, unsigned back);
void transcript_rows_free(struct transcript_rows *rows);

/* Draws them from row `first` on, one below the other. */
void transcript_draw(const struct transcript_rows *rows, unsigned first, struct draw_list *list,
                     int x, int y);

#endif
