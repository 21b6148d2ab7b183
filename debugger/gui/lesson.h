/* lesson: an HTML file that steps through traps, beat by beat: for a class, for a screen reader,
 * with no network and no server.
 *
 * Each picture is a list of items, and most items are in many pictures: the file has each once. All
 * that comes from the guest is escaped for where it stands. */
#ifndef DEBUGGER_GUI_LESSON_H
#define DEBUGGER_GUI_LESSON_H

#include <stdio.h>

#include "debugger/gui/palette.h"
#include "debugger/gui/scene.h"

struct lesson;

struct lesson *lesson_begin(enum palette palette);
/* One trap more. */
void lesson_add(struct lesson *lesson, const struct scene *scene);
/* Writes it all and frees the lesson; write errors are left for the caller to find. */
void lesson_end(struct lesson *lesson, FILE *to, const char *title);

/* A page that does not move: one picture, and the same as text. */
void lesson_page(FILE *to, const struct draw_list *list, enum palette palette, const char *title,
                 const char *words, const char *text);

#endif
