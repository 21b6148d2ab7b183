/* pane_devices: the board's chips and their registers. */
#include <inttypes.h>
#include <stdio.h>

#include "debugger/gui/pane.h"

struct shelf {
    struct draw_list *list;
    struct box box;
    int first, rows; /* that are seen */
    int row, column;
};

static bool seen(const struct shelf *shelf)
{
    return shelf->row >= shelf->first && shelf->row < shelf->first + shelf->rows;
}

/* "IMR b8 (3 4 5 7)", as many in a row as there is room for. */
static void draw_register(struct shelf *shelf, const json_t *reg)
{
    char value[24], set[64] = "";
    const char *name = view_string(reg, "name"), *bits = view_string(reg, "set");
    snprintf(value, sizeof value, "%0*" PRIx64, (int)view_number(reg, "bits") / 4,
             (uint64_t)view_number(reg, "value"));
    int digits = draw_cells(value);
    if (*bits != '\0')
        snprintf(set, sizeof set, " (%s)", bits);
    int w = draw_cells(name) + 1 + digits + draw_cells(set) + 3;
    if (shelf->column + w > pane_columns(shelf->list, shelf->box) + 3) {
        shelf->row++;
        shelf->column = 2;
    }
    if (seen(shelf)) {
        int row = shelf->row - shelf->first, column = shelf->column;
        pane_text(shelf->list, shelf->box, column, row, INK_DIM, "%s", name);
        column += draw_cells(name) + 1;
        pane_text(shelf->list, shelf->box, column, row, INK_TEXT, "%s", value)->bold = true;
        pane_text(shelf->list, shelf->box, column + digits, row, INK_DIM, "%s", set);
        draw_hit(shelf->list, shelf->box.x + shelf->column * shelf->list->metrics.cell_w,
                 shelf->box.y + row * shelf->list->metrics.cell_h, w * shelf->list->metrics.cell_w,
                 shelf->list->metrics.cell_h, "", view_string(reg, "help"));
    }
    shelf->column += w;
}

static void draw_chip(struct shelf *shelf, const json_t *chip)
{
    const json_t *reg;
    size_t i;
    if (seen(shelf))
        pane_text(shelf->list, shelf->box, 0, shelf->row - shelf->first, INK_TITLE, "%s",
                  view_string(chip, "title"))
            ->bold = true;
    shelf->row++;
    shelf->column = 2;
    json_array_foreach(json_object_get(chip, "registers"), i, reg) draw_register(shelf, reg);
    shelf->row++;
}

void pane_devices(const struct view *view, const struct pane_state *state, struct draw_list *list,
                  struct box box)
{
    const json_t *chip, *all = json_object_get(view->devices, "devices");
    struct shelf shelf = {.list = list, .box = box, .rows = pane_rows(list, box)};
    size_t i;
    if (json_array_size(all) == 0) {
        pane_nothing(list, box, "Nothing is known of this machine's chips.");
        return;
    }
    shelf.first = state->scroll > 0 ? state->scroll : 0;
    json_array_foreach(all, i, chip) draw_chip(&shelf, chip);
}
