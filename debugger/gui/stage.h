/* stage: the large pane: one trap's way into the kernel and back as a picture that moves.
 *
 * Pure: a scene and a moment in, boxes and lines out. */
#ifndef DEBUGGER_GUI_STAGE_H
#define DEBUGGER_GUI_STAGE_H

#include "debugger/gui/draw.h"
#include "debugger/gui/scene.h"

/* Draws the moment after `beat`; `shown` 0..1 is how far what this beat brings has appeared.
 * `quiz`: the value that the beat brings is covered. */
void stage_draw(const struct scene *scene, unsigned beat, float shown, bool quiz,
                struct draw_list *list, struct box where);

#endif
