/* pane_stage: what happens at this moment, as a picture. */
#include "debugger/gui/pane.h"
#include "debugger/gui/stage.h"

void pane_stage(const struct view *view, const struct pane_state *state, struct draw_list *list,
                struct box box)
{
    (void)state;
    if (view->scene == NULL)
        pane_nothing(
            list, box,
            "No trap out of a program is known here. `call \u25b6` runs to the next one; a "
            "kernel of your own needs its symbols and a profile.");
    else
        stage_draw(view->scene, view->beat, view->shown, view->hide, list, box);
}
