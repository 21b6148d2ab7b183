/* picture_pipeline: instructions on their way through the stages of a pipeline, tick by tick, and
 * what the exception among them changes. */
#include "debugger/gui/picture.h"
#include "debugger/gui/picture_tables.h"
#include "debugger/gui/stage_parts.h"

#define ROW_H   (PICTURE_CELL_H + 6)
#define TOP     (3 * PICTURE_CELL_H)
#define OLDER   6u  /* rows in front of the one that traps */
#define CHANGES 24u /* cells of what a change is called */

/* What the exception changes meanwhile, below. */
static void draw_changes(struct draw_list *list, const struct scene *scene, int y)
{
    for (unsigned i = 0; i < scene->beats && y < PICTURE_HEIGHT - PICTURE_CELL_H; i++) {
        const struct scene_beat *beat = &scene->beat[i];
        if (beat->phase != PHASE_GATE || beat->step == 0)
            continue;
        draw_text(list, 12, y, INK_CPU, "%s", beat->name)->bold = true;
        draw_text(list, 12 + (int)CHANGES * PICTURE_CELL_W, y, INK_TEXT, "%s", beat->value);
        y += PICTURE_CELL_H;
    }
}

void picture_pipeline(const json_t *answer, const struct scene *scene, struct draw_list *list)
{
    struct pipe pipe;
    struct stage stage = {
        .scene = scene, .list = list, .shown = 1, .cw = PICTURE_CELL_W, .ch = ROW_H};
    pipe_read(answer, OLDER, &pipe);
    picture_begin(list, "The pipeline: who is in which stage, and who never arrives", scene);
    int rows = (int)pipe.rows + 1, most = (PICTURE_HEIGHT - TOP) / ROW_H;
    struct part part = part_of(
        &stage, (struct box){12, TOP, PICTURE_WIDTH - 24, (rows < most ? rows : most) * ROW_H});
    pipe_draw(&part, &pipe, true);
    draw_changes(list, scene, TOP + (rows + 1) * ROW_H);
}
