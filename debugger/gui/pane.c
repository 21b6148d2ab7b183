/* pane: the table of panes: what each is called, needs and draws. */
#include "debugger/gui/pane.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct pane panes[] = {
#define PANE(name, key, title, parts, takes_text, draw, help)                                      \
    {name, key, title, parts, takes_text, draw, help},
#include "debugger/gui/panes.def"
#undef PANE
};

const unsigned panes_count = sizeof panes / sizeof *panes;

int pane_number(const char *name)
{
    for (unsigned i = 0; i < panes_count; i++)
        if (strcmp(panes[i].name, name) == 0)
            return (int)i;
    return -1;
}

int pane_columns(const struct draw_list *list, struct box box)
{
    return box.w / list->metrics.cell_w;
}

int pane_rows(const struct draw_list *list, struct box box)
{
    return box.h / list->metrics.cell_h;
}

struct draw_item *pane_text(struct draw_list *list, struct box box, int column, int row,
                            enum draw_ink ink, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    int x = box.x + column * list->metrics.cell_w;
    return draw_text_in(list, x, box.y + row * list->metrics.cell_h, box.x + box.w - x, ink, text);
}

void pane_mark(struct draw_list *list, struct box box, int row)
{
    int cell_h = list->metrics.cell_h, y = box.y + row * cell_h;
    int left = list->metrics.cell_w / 2;
    draw_box(list, box.x - left, y, box.w + 2 * left, cell_h, INK_MARK, INK_NONE);
    draw_box(list, box.x - left, y, left / 2 + 1, cell_h, INK_FOCUS, INK_NONE);
}

void pane_value(const struct view *view, struct draw_list *list, struct box box, int column,
                int row, bool changed, enum draw_ink ink, const char *text)
{
    struct draw_metrics cell = list->metrics;
    if (changed && view->hide) {
        draw_box(list, box.x + column * cell.cell_w, box.y + row * cell.cell_h + 1,
                 draw_cells(text) * cell.cell_w, cell.cell_h - 2, INK_HIDDEN, INK_EDGE)
            ->fill = FILL_SOLID;
        pane_text(list, box, column + draw_cells(text) / 2, row, INK_DIM, "?")->bold = true;
        return;
    }
    pane_text(list, box, column, row, changed ? INK_CHANGED : ink, "%s", text)->bold = changed;
}

void pane_nothing(struct draw_list *list, struct box box, const char *why)
{
    int columns = pane_columns(list, box), row = 0;
    while (*why != '\0' && columns > 0) {
        int length = (int)strlen(why), cut = length;
        if (length > columns)
            for (cut = columns; cut > 1 && why[cut] != ' '; cut--)
                ;
        pane_text(list, box, 0, row++, INK_DIM, "%.*s", cut, why);
        why += cut;
        why += strspn(why, " ");
    }
}

int pane_first_row(const struct pane_state *state, int rows, int shown)
{
    int most = rows > shown ? rows - shown : 0;
    return state->scroll < 0 ? 0 : state->scroll > most ? most : state->scroll;
}

void pane_lines(const char *text, const struct pane_state *state, struct draw_list *list,
                struct box box)
{
    int lines = 0, rows = pane_rows(list, box), row = 0;
    for (const char *c = text; *c != '\0'; c++)
        lines += *c == '\n';
    int first = pane_first_row(state, lines, rows);
    for (int i = 0; *text != '\0' && row < rows; i++) {
        size_t length = strcspn(text, "\n");
        if (i >= first)
            pane_text(list, box, 0, row++, INK_TEXT, "%.*s", (int)length, text);
        text += length + (text[length] != '\0');
    }
}
