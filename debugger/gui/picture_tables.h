/* picture_tables: pictures of the processor's and the kernel's tables, drawn from what the
 * debugger's own commands answer: a picture says what the command says.
 *
 * Pure: the command's JSON and a scene in, draw list out. */
#ifndef DEBUGGER_GUI_PICTURE_TABLES_H
#define DEBUGGER_GUI_PICTURE_TABLES_H

#include <jansson.h>

#include "debugger/gui/draw.h"
#include "debugger/gui/scene.h"

void picture_idt(const json_t *answer, const struct scene *scene, struct draw_list *list);
void picture_gdt(const json_t *answer, const struct scene *scene, struct draw_list *list);
void picture_walk(const json_t *answer, const struct scene *scene, struct draw_list *list);
/* Of `dispatch all`, or of `dispatch NUMBER` where there is no table. */
void picture_dispatch(const json_t *answer, const struct scene *scene, struct draw_list *list);
void picture_trapframe(const json_t *answer, const struct scene *scene, struct draw_list *list);
void picture_timeline(const json_t *answer, const struct scene *scene, struct draw_list *list);
void picture_pipeline(const json_t *answer, const struct scene *scene, struct draw_list *list);

#endif
