/* pane_stage: what happens at this moment. */
#include "debugger/gui/pane.h"

/* The last micro-step large, in words, above the steps that led to it. */
void pane_stage(const struct view *view, const struct pane_state *state, struct draw_list *list,
                struct box box)
{
    pane_steps(view, state, list, box);
}
