/* draw_png: a draw list as a PNG file, by the painter that also paints the window. */
#ifndef DEBUGGER_GUI_DRAW_PNG_H
#define DEBUGGER_GUI_DRAW_PNG_H

#include <stdbool.h>
#include <stdio.h>

#include "debugger/gui/palette.h"

/* False: *why is a sentence for the user. */
bool draw_png(FILE *to, const struct draw_list *list, enum palette palette, const char **why);

#endif
