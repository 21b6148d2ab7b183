/* pane_registers: the processor's registers; what changed since the last stop is marked. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/pane.h"

struct grid {
    const struct view *view;
    struct draw_list *list;
    struct box box;
    int columns, rows; /* of registers */
    int width;         /* cells of one */
    int skip;
    int used;
};

static int widest_name(const struct view *view)
{
    int widest = 3;
    for (unsigned i = 0; i < view->registers; i++)
        if (strcmp(view->reg[i].group, "general") == 0 && (int)strlen(view->reg[i].name) > widest)
            widest = (int)strlen(view->reg[i].name);
    return widest > 8 ? 8 : widest;
}

/* Columns are filled downwards. */
static void draw_register(struct grid *grid, const struct view_register *reg, int name_width)
{
    int index = grid->used++ - grid->skip;
    char value[24];
    if (index < 0 || index >= grid->columns * grid->rows)
        return;
    int column = index / grid->rows * grid->width, row = index % grid->rows;
    bool changed = reg->changed;
    snprintf(value, sizeof value, "%0*" PRIx64, (reg->bits + 3) / 4, reg->value);
    pane_text(grid->list, grid->box, column, row, INK_CHANGED, "%s", changed ? "●" : " ");
    pane_text(grid->list, grid->box, column + 1, row, INK_DIM, "%-*.*s", name_width, name_width,
              reg->name);
    pane_value(grid->view, grid->list, grid->box, column + 2 + name_width, row, changed, INK_TEXT,
               value);
}

void pane_registers(const struct view *view, const struct pane_state *state, struct draw_list *list,
                    struct box box)
{
    static const char *const order[] = {"general", "control", "segment", "system", "debug"};
    int name_width = widest_name(view);
    struct grid grid = {view, list, box, 1, pane_rows(list, box), name_width + 11, 0, 0};
    grid.columns = pane_columns(list, box) / grid.width;
    if (grid.columns < 1)
        grid.columns = 1;
    if (grid.rows < 1)
        return;
    grid.skip =
        pane_first_row(state, (int)view->registers / grid.columns, grid.rows) * grid.columns;
    for (unsigned group = 0; group < sizeof order / sizeof *order; group++)
        for (unsigned i = 0; i < view->registers; i++)
            if (strcmp(view->reg[i].group, order[group]) == 0)
                draw_register(&grid, &view->reg[i], name_width);
    for (unsigned i = 0; i < view->registers; i++) {
        bool known = false;
        for (unsigned group = 0; group < sizeof order / sizeof *order; group++)
            known |= strcmp(view->reg[i].group, order[group]) == 0;
        if (!known)
            draw_register(&grid, &view->reg[i], name_width);
    }
}
