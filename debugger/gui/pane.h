/* pane: the table of panes: what each is called, needs and draws.
 *
 * A pane draws the inside of its box from a view, as a list of items; it changes nothing. */
#ifndef DEBUGGER_GUI_PANE_H
#define DEBUGGER_GUI_PANE_H

#include "debugger/gui/draw.h"
#include "debugger/gui/layout.h"
#include "debugger/gui/view.h"

#define PANE_INPUT 240u

/* What the user has done to a pane. */
struct pane_state {
    int scroll; /* rows away from where it would be */
    bool focused;
    char input[PANE_INPUT]; /* the line that is being typed, in a pane that takes text */
    unsigned cursor;        /* byte in it */
};

typedef void pane_draw_fn(const struct view *view, const struct pane_state *state,
                          struct draw_list *list, struct box box);

struct pane {
    const char *name, *key, *title;
    unsigned parts; /* enum view_part */
    bool takes_text;
    pane_draw_fn *draw;
    const char *help;
};

extern const struct pane panes[];
extern const unsigned panes_count;

int pane_number(const char *name); /* -1 = none */

#define PANE(name, key, title, parts, takes_text, draw, help) pane_draw_fn draw;
#include "debugger/gui/panes.def"
#undef PANE

/* --- shared by panes (pane.c) */
/* Text at cell (column, row) of the box, cut at its right edge. */
struct draw_item *pane_text(struct draw_list *list, struct box box, int column, int row,
                            enum draw_ink ink, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
int pane_columns(const struct draw_list *list, struct box box);
int pane_rows(const struct draw_list *list, struct box box);
/* A background for a whole row, with a bar at its left as the second cue. */
void pane_mark(struct draw_list *list, struct box box, int row);
/* A value that is new: marked, or covered when the quiz hides it. */
void pane_value(const struct view *view, struct draw_list *list, struct box box, int column,
                int row, bool changed, enum draw_ink ink, const char *text);
/* One dim line for a pane that has nothing to show. */
void pane_nothing(struct draw_list *list, struct box box, const char *why);
/* Lines of text, each cut at the pane's edge. */
void pane_lines(const char *text, const struct pane_state *state, struct draw_list *list,
                struct box box);
/* How far a list of `rows` rows can be scrolled, and where it is: the first row shown. */
int pane_first_row(const struct pane_state *state, int rows, int shown);

#endif
