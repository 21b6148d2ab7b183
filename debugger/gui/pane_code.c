/* pane_code: source and instructions around the present one, and how we came here. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/pane.h"

/* A click on a line sets a breakpoint there, or deletes the one that is there. */
static void breakpoint_hit(const struct view_line *line, struct draw_list *list, struct box box,
                           int row)
{
    char action[64];
    if (line->breakpoint != 0)
        snprintf(action, sizeof action, "delete %u", line->breakpoint);
    else if (line->source)
        snprintf(action, sizeof action, "break %u", line->number);
    else
        snprintf(action, sizeof action, "break *0x%" PRIx32, line->address);
    draw_hit(list, box.x, box.y + row * list->metrics.cell_h, box.w, list->metrics.cell_h, action,
             action);
}

static void draw_source(const struct view_line *line, struct draw_list *list, struct box box,
                        int row)
{
    enum draw_ink ink = line->present ? INK_TEXT : INK_DIM;
    pane_text(list, box, 0, row, INK_BAD, "%s", line->breakpoint != 0 ? "●" : " ");
    pane_text(list, box, 1, row, INK_DIM, "%4u", line->number);
    if (line->present)
        pane_text(list, box, 5, row, INK_TITLE, "▸")->bold = true;
    pane_text(list, box, 7, row, ink, "%s", line->text)->bold = line->present;
}

static void draw_instruction(const struct view_line *line, struct draw_list *list, struct box box,
                             int row)
{
    if (line->present)
        pane_mark(list, box, row);
    pane_text(list, box, 0, row, INK_BAD, "%s", line->breakpoint != 0 ? "●" : " ");
    if (line->present)
        pane_text(list, box, 1, row, INK_TEXT, "▶")->bold = true;
    pane_text(list, box, 3, row, INK_DIM, "%08" PRIx32, line->address);
    pane_text(list, box, 12, row, INK_TEXT, "%s", line->text)->bold = line->present;
}

/* "called from trap+140 (trap.c:154)"; the place below, where there is no room beside. */
static void draw_why(const struct view *view, struct draw_list *list, struct box box, int row,
                     bool wide)
{
    const char *why = view->code_why, *place = strrchr(why, '(');
    if (wide || place == NULL) {
        pane_text(list, box, 0, row, INK_KERNEL, "%s", why);
        return;
    }
    pane_text(list, box, 0, row, INK_KERNEL, "%.*s", (int)(place - why), why);
    pane_text(list, box, 2, row + 1, INK_KERNEL, "%s", place);
}

/* Indentation that all lines of source share is left out: panes are narrow. */
void pane_code(const struct view *view, const struct pane_state *state, struct draw_list *list,
               struct box box)
{
    bool wide = draw_cells(view->code_why) <= pane_columns(list, box);
    int rows = pane_rows(list, box) - (wide ? 1 : 2), cell_h = list->metrics.cell_h;
    if (view->lines == 0) {
        pane_nothing(list, box, "No instruction can be read here.");
        return;
    }
    int anchor = (int)view->present, middle = rows / 2;
    int first = anchor - middle + state->scroll;
    if (first > (int)view->lines - rows)
        first = (int)view->lines - rows;
    if (first < 0)
        first = 0;
    for (int row = 0; row < rows && first + row < (int)view->lines; row++) {
        const struct view_line *line = &view->line[first + row];
        if (line->source && line->present) {
            draw_box(list, box.x, box.y + row * cell_h, box.w, cell_h, INK_PANEL, INK_NONE);
        }
        if (line->source)
            draw_source(line, list, box, row);
        else
            draw_instruction(line, list, box, row);
        breakpoint_hit(line, list, box, row);
    }
    draw_why(view, list, box, rows, wide);
}
