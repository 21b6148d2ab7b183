/* pane_memory: the stack's words, and bytes of memory. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "debugger/gui/pane.h"

void pane_stack(const struct view *view, const struct pane_state *state, struct draw_list *list,
                struct box box)
{
    int rows = pane_rows(list, box), first = pane_first_row(state, (int)view->words, rows);
    if (view->words == 0) {
        pane_nothing(list, box, "The stack pointer points to no memory.");
        return;
    }
    for (int i = 0; i < rows && first + i < (int)view->words; i++) {
        const struct view_word *word = &view->word[first + i];
        char value[12];
        if (word->address == (view->sp & ~3u))
            pane_mark(list, box, i);
        snprintf(value, sizeof value, "%08" PRIx32, word->value);
        pane_text(list, box, 0, i, INK_DIM, "%08" PRIx32, word->address);
        pane_text(list, box, 9, i, INK_CHANGED, "%s", word->changed ? "●" : " ");
        pane_value(view, list, box, 10, i, word->changed, INK_TEXT, value);
        pane_text(list, box, 19, i, INK_TITLE, "%s", word->name);
        pane_text(list, box, word->name[0] != '\0' ? 31 : 19, i, INK_DIM, "%s", word->means);
    }
}

static void draw_bytes(const struct view *view, struct draw_list *list, struct box box, int row,
                       unsigned from, unsigned count)
{
    char text[17] = "";
    uint32_t before = view->memory - view->memory_before;
    pane_text(list, box, 0, row, INK_DIM, "%08" PRIx32, view->memory + from);
    for (unsigned i = 0; i < count; i++) {
        unsigned at = from + i;
        char value[4] = "--";
        bool known = view->memory_before != UINT32_MAX && before + at < VIEW_MEMORY;
        bool changed = view->there[at] && known && view->byte_before[before + at] != view->byte[at];
        if (view->there[at])
            snprintf(value, sizeof value, "%02x", view->byte[at]);
        pane_value(view, list, box, 9 + 3 * (int)i, row, changed,
                   view->there[at] && view->byte[at] != 0 ? INK_TEXT : INK_DIM, value);
        text[i] = view->there[at] && isprint(view->byte[at]) ? (char)view->byte[at] : '.';
    }
    if (pane_columns(list, box) >= 10 + 4 * (int)count)
        pane_text(list, box, 10 + 3 * (int)count, row, INK_DIM, "%s", text);
}

void pane_memory(const struct view *view, const struct pane_state *state, struct draw_list *list,
                 struct box box)
{
    unsigned count = pane_columns(list, box) >= 10 + 4 * 16 ? 16 : 8;
    int rows = pane_rows(list, box), all = (int)(VIEW_MEMORY / count);
    int first = pane_first_row(state, all, rows);
    for (int i = 0; i < rows && first + i < all; i++)
        draw_bytes(view, list, box, i, (unsigned)(first + i) * count, count);
}
