/* picture_paths: one call of a program by every path, one above the other on one scale of ticks.
 *
 * Pure: what was watched in, draw list out. */
#ifndef DEBUGGER_GUI_PICTURE_PATHS_H
#define DEBUGGER_GUI_PICTURE_PATHS_H

#include "debugger/gui/draw.h"
#include "debugger/say_paths.h"

void picture_paths(const struct paths *paths, const struct watched_call *const call[LAUNCH_PATHS],
                   struct draw_list *list);

#endif
