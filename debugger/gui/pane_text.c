/* pane_text: the panes that are text: the guest's console and the debugger's command line. */
#include <stdio.h>
#include <string.h>

#include "debugger/gui/pane.h"

static void draw_scroll(const struct pane_state *state, struct draw_list *list, struct box box)
{
    if (state->scroll > 0)
        pane_text(list, box, pane_columns(list, box) - 18, 0, INK_TITLE, "%6d lines up ▼",
                  state->scroll);
}

/* The line that is being typed; its end stays in sight. */
static void draw_input(const struct pane_state *state, struct draw_list *list, struct box box,
                       int row, const char *prompt)
{
    int columns = pane_columns(list, box) - draw_cells(prompt) - 1;
    char before[PANE_INPUT];
    snprintf(before, sizeof before, "%.*s", (int)state->cursor, state->input);
    int at = draw_cells(before), skip = at > columns ? at - columns : 0;
    const char *from = state->input;
    for (int i = 0; i < skip && *from != '\0'; i++)
        do
            from++;
        while (((unsigned char)*from & 0xc0) == 0x80);
    int column = draw_cells(prompt);
    pane_text(list, box, 0, row, INK_TITLE, "%s", prompt)->bold = true;
    pane_text(list, box, column, row, INK_TEXT, "%s", from);
    if (!state->focused)
        return;
    int x = box.x + (column + at - skip) * list->metrics.cell_w;
    draw_box(list, x, box.y + row * list->metrics.cell_h, list->metrics.cell_w / 6 + 1,
             list->metrics.cell_h, INK_TEXT, INK_NONE);
}

static void draw_text_pane(const struct transcript *transcript, ticks until,
                           const struct pane_state *state, struct draw_list *list, struct box box,
                           const char *prompt)
{
    int rows = pane_rows(list, box) - 1;
    if (rows > 0) {
        struct transcript_rows text =
            transcript_rows(transcript, until, (unsigned)pane_columns(list, box),
                            (unsigned)rows + 1, state->scroll > 0 ? (unsigned)state->scroll : 0);
        unsigned over = 0;
        if (text.used > 0 && text.cell[(size_t)(text.used - 1) * text.width].text[0] == '\0')
            text.used--; /* only a newline is behind it */
        if (text.used > (unsigned)rows)
            over = text.used - (unsigned)rows;
        transcript_draw(&text, over, list, box.x, box.y);
        transcript_rows_free(&text);
    }
    draw_input(state, list, box, rows > 0 ? rows : 0, prompt);
    draw_scroll(state, list, box);
}

void pane_console(const struct view *view, const struct pane_state *state, struct draw_list *list,
                  struct box box)
{
    draw_text_pane(view->console, view->now.tick, state, list, box, "to the guest> ");
}

void pane_command(const struct view *view, const struct pane_state *state, struct draw_list *list,
                  struct box box)
{
    draw_text_pane(view->commands, CLOCK_NEVER, state, list, box, "(trapscope) ");
}
