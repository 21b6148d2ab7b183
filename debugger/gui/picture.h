/* picture: whole pictures for slides and hand-outs: 1280 by 720 pixels, 106 by 30 characters.
 *
 * Pure: plain data in, draw list out. */
#ifndef DEBUGGER_GUI_PICTURE_H
#define DEBUGGER_GUI_PICTURE_H

#include "debugger/gui/draw.h"
#include "debugger/gui/scene.h"

#define PICTURE_WIDTH  1280
#define PICTURE_HEIGHT 720
#define PICTURE_CELL_W 12
#define PICTURE_CELL_H 24

/* One trap after `beat`: a heading, the stage, and where the ticks went once it is over. `quiz`:
 * what this beat brings is covered. */
void picture_journey(const struct scene *scene, unsigned beat, bool quiz, struct draw_list *list);

/* Begins one of another kind: its title, and which trap of whom it belongs to. */
void picture_begin(struct draw_list *list, const char *title, const struct scene *scene);

/* The picture in words, one line a beat up to `beat`, for those who cannot see it. */
void picture_words(const struct scene *scene, unsigned beat, char *to, size_t room);

#endif
