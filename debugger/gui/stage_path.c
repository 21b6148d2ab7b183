/* stage_path: the way through the phases on the stage: where we are, and what each took. */
#include <stdio.h>
#include <string.h>

#include "debugger/gui/stage_parts.h"
#include "debugger/story_say.h"

#define WIDE 42 /* columns from which on a row has room for source lines, too */

struct station {
    enum story_phase phase;
    enum draw_ink ink;
};

static const struct station stations[] = {
    {PHASE_USER, INK_USER},      {PHASE_GATE, INK_CPU},        {PHASE_SAVE, INK_KERNEL},
    {PHASE_TRAP, INK_KERNEL},    {PHASE_DISPATCH, INK_KERNEL}, {PHASE_HANDLER, INK_KERNEL},
    {PHASE_RESTORE, INK_KERNEL}, {PHASE_RETURN, INK_CPU},
};

#define STATIONS (sizeof stations / sizeof *stations)
_Static_assert(STATIONS == STAGE_PATH_ROWS, "a row each");

enum story_phase stage_phase(const struct stage *stage)
{
    const struct scene *scene = stage->scene;
    return stage->beat < scene->beats ? scene->beat[stage->beat].phase : PHASE_USER;
}

static const char *phase_title(const struct stage *stage, enum story_phase phase)
{
    return phase == PHASE_GATE ? stage->scene->delivery : story_phase_name(phase);
}

static void say_station(const struct part *part, float row, const struct station *station)
{
    const struct scene *scene = part->stage->scene;
    const struct scene_phase *phase = &scene->phase[station->phase];
    char ticks[32] = "";
    bool over = phase->over && scene->phase[station->phase].beat <= part->stage->beat;
    if (over && stage_phase(part->stage) != station->phase)
        story_say_ticks(phase->spent, ticks, sizeof ticks);
    part_text(part, 1, row, INK_TEXT, "%s", phase_title(part->stage, station->phase))->bold = true;
    part_text(part, (float)(part->columns - 1 - (int)strlen(ticks)), row, INK_TEXT, "%s", ticks);
    if (station->phase == PHASE_GATE || station->phase == PHASE_RETURN)
        part_text(part, 1, row + 1, INK_DIM, "%s",
                  station->phase == PHASE_GATE ? "the CPU, checking" : phase->insn);
    else if (station->phase == PHASE_HANDLER && (scene->interrupts > 0 || scene->away > 0))
        part_text(part, 1, row + 1, INK_DIM, "%s%s%s", phase->symbol,
                  scene->away > 0 ? ", waited" : "", scene->interrupts > 0 ? ", irq" : "");
    else if (station->phase == PHASE_USER)
        part_text(part, 1, row + 1, INK_DIM, "%s: %s", phase->symbol, scene->user_insn);
    else if (draw_cells(phase->symbol) + draw_cells(phase->where) + 3 <= part->columns)
        part_text(part, 1, row + 1, INK_DIM, "%s %s", phase->symbol, phase->where);
    else
        part_text(part, 1, row + 1, INK_DIM, "%s", phase->symbol);
}

static void draw_station(const struct part *part, float row, const struct station *station)
{
    struct stage *stage = part->stage;
    const struct scene_phase *phase = &stage->scene->phase[station->phase];
    bool now = stage_phase(stage) == station->phase;
    float shown = phase->there ? stage_show(stage, phase->beat) : 0;
    stage_all(stage);
    if (shown <= 0) {
        part_box(part, 0, row, (float)part->columns, 2, INK_NONE, INK_EDGE)->dashed = true;
        part_text(part, 1, row, INK_DIM, "%s", phase_title(stage, station->phase));
        return;
    }
    struct draw_item *box =
        part_box(part, 0, row, (float)part->columns, 2, now ? INK_MARK : INK_PAPER, station->ink);
    box->bold = true;
    part_box(part, 0, row, 0.5F, 2, station->ink, INK_NONE);
    say_station(part, row, station);
}

/* Without room for two: all in one row. */
static void draw_station_row(const struct part *part, float row, const struct station *station)
{
    struct stage *stage = part->stage;
    const struct scene_phase *phase = &stage->scene->phase[station->phase];
    bool there = phase->there && phase->beat <= stage->beat;
    char ticks[32] = "";
    if (stage_phase(stage) == station->phase)
        part_box(part, 0, row, (float)part->columns, 1, INK_MARK, INK_NONE);
    else if (phase->over && there)
        story_say_ticks(phase->spent, ticks, sizeof ticks);
    part_box(part, 0, row, 0.5F, 1, there ? station->ink : INK_EDGE, INK_NONE);
    part_text(part, 1, row, there ? INK_TEXT : INK_DIM, "%s", phase_title(stage, station->phase))
        ->bold = there;
    if (there)
        part_text(part, 10, row, INK_DIM, "%s %s", phase->symbol,
                  part->columns < WIDE ? "" : phase->where);
    part_text(part, (float)(part->columns - 1 - (int)strlen(ticks)), row, INK_TEXT, "%s", ticks);
}

void stage_path(const struct part *part)
{
    float step = (float)part->box.h / (float)(part->stage->ch * (int)STATIONS), row = 0;
    if (step < 2) {
        for (unsigned i = 0; i < STATIONS; i++)
            draw_station_row(part, (float)i, &stations[i]);
        return;
    }
    if (step > 3)
        step = 3;
    for (unsigned i = 0; i < STATIONS; i++, row += step) {
        draw_station(part, row, &stations[i]);
        int x = part_x(part, 3);
        if (i + 1 < STATIONS && step > 2.2F)
            draw_arrow(part->stage->list, x, part_y(part, row + 2), x, part_y(part, row + step),
                       INK_DIM);
    }
}
