/* stage_pipeline: instructions in the stages of a pipeline, a column a tick: who is where, who is
 * killed by an exception, and who never arrives. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/stage_parts.h"
#include "debugger/story_say.h"

#define OLDER   2  /* rows in front of the one that traps, */
#define HANDLER 1  /* and of the handler, when there is no room for more */
#define WIDE    80 /* columns from which on there is room for addresses */

/* How much of it has happened. */
enum happened {
    BEGUN,   /* the instruction that will trap is fetched */
    KILLED,  /* and is found out, and the younger ones die with it */
    FETCHED, /* the handler's first instruction is */
    ALL,
};

struct grid {
    const struct part *part;
    const struct pipe *pipe;
    enum happened happened;
    float names, cell; /* cells of an instruction's name, and of a tick */
    unsigned columns;
    ticks first, now; /* of the first column; the last tick that is seen, unless it is ALL */
};

static float tick_column(const struct grid *grid, ticks tick)
{
    return grid->names + (float)(tick - grid->first) * grid->cell;
}

static bool is_seen(const struct grid *grid, ticks tick)
{
    return tick >= grid->first && tick < grid->first + grid->columns &&
           (grid->happened == ALL || grid->happened == KILLED || tick <= grid->now);
}

static void draw_ticks(const struct grid *grid, unsigned rows)
{
    const struct part *part = grid->part;
    struct draw_list *list = part->stage->list;
    char base[32];
    ticks thousands = grid->first / 1000 * 1000;
    part_title(part, "Pipeline");
    story_say_ticks(thousands, base, sizeof base);
    part_text(part, 9, 0, INK_DIM, "%.*s+", (int)grid->names - 11, base);
    for (unsigned i = 0; i < grid->columns; i++) {
        float column = tick_column(grid, grid->first + i);
        part_text(part, column, 0, INK_DIM, "%" PRIu64, grid->first + i - thousands);
        int x = part_x(part, column) - 2;
        draw_line(list, x, part_y(part, 1), x, part_y(part, (float)rows + 1), INK_EDGE)->dashed =
            true;
    }
}

static void draw_stages(const struct grid *grid, const struct pipe_row *row, float y)
{
    const struct part *part = grid->part;
    for (unsigned i = 0; i < row->stages; i++) {
        const struct pipe_stage *stage = &row->stage[i];
        bool found = row->trapped && i + 1 == row->stages && grid->happened != BEGUN;
        float column = tick_column(grid, stage->tick);
        float wide = (float)(stage->ticks > 1 ? stage->ticks : 1) * grid->cell - 0.3F;
        if (!is_seen(grid, stage->tick))
            continue;
        if (found)
            wide += 0.25F;
        if (column + wide > (float)part->columns)
            wide = (float)part->columns - column;
        part_box(part, column, y + 0.06F, wide, 0.88F, found ? INK_MARK : INK_PAPER,
                 found ? INK_BAD : INK_CPU)
            ->bold = true;
        part_text(part, column + (found ? 0.05F : 0.3F), y, found ? INK_BAD : INK_TEXT, "%s%s",
                  stage->name, found ? "✗" : "")
            ->bold = true;
    }
}

/* Where it would have gone on. */
static void draw_death(const struct grid *grid, const struct pipe_row *row, float y)
{
    const struct part *part = grid->part;
    const struct pipe_stage *last = row->stages == 0 ? NULL : &row->stage[row->stages - 1];
    if (last == NULL || grid->happened == BEGUN || !is_seen(grid, last->tick + last->ticks))
        return;
    float column = tick_column(grid, last->tick + last->ticks);
    part_box(part, column, y + 0.06F, grid->cell - 0.3F, 0.88F, INK_DIM, INK_DIM)->fill =
        FILL_HATCH;
    column += grid->cell + 0.3F;
    if (!row->trapped)
        part_text(part, column, y, INK_BAD, "squashed")->bold = true;
    else if (!stage_hides(part->stage, part->stage->beat))
        part_text(part, column, y, INK_BAD, "%s: %u %slost", row->exception, row->lost,
                  part->columns < WIDE ? ""
                  : row->lost == 1     ? "tick "
                                       : "ticks ")
            ->bold = true;
}

static void draw_row(const struct grid *grid, const struct pipe_row *row, float y)
{
    const struct part *part = grid->part;
    bool dies = (row->trapped || row->squashed) && grid->happened != BEGUN;
    char name[64];
    size_t used = 0;
    if (grid->names > 24)
        used = (size_t)snprintf(name, sizeof name, "%08" PRIx32 " ", row->address);
    snprintf(name + used, sizeof name - used, "%s%s", row->slot ? " " : "", row->text);
    part_cut(part, 0, y, (int)grid->names - 1, dies ? INK_BAD : INK_TEXT, name)->bold =
        row->trapped;
    draw_stages(grid, row, y);
    if (row->trapped || row->squashed)
        draw_death(grid, row, y);
}

/* The tick of the first column: that of the row's, but the victim is in sight. */
static ticks first_tick(const struct pipe *pipe, unsigned row)
{
    ticks first = pipe->row[row].stages > 0 ? pipe->row[row].stage[0].tick : 0;
    if (pipe->victim == PIPE_NONE || pipe->row[pipe->victim].stages == 0)
        return first;
    ticks victim = pipe->row[pipe->victim].stage[0].tick;
    ticks early = victim - (victim < 2 ? victim : 2);
    return victim > first + pipe->victim - row && early > first ? early : first;
}

/* Rows [first, end) that fit: the victim and the squashed always, the handler's before older ones.
 */
static void choose_rows(const struct pipe *pipe, unsigned room, unsigned *first, unsigned *end)
{
    unsigned victim = pipe->victim;
    *first = pipe->rows > room ? pipe->rows - room : 0;
    *end = pipe->rows;
    if (victim == PIPE_NONE)
        return;
    unsigned dead = 1 + pipe_squashed(pipe), spare = room > dead ? room - dead : 0;
    unsigned behind = pipe->rows > victim + dead ? pipe->rows - victim - dead : 0;
    unsigned older = victim < OLDER ? victim : OLDER;
    if (older + HANDLER > spare)
        older = spare > HANDLER ? spare - HANDLER : 0;
    if (behind > spare - older)
        behind = spare - older;
    while (older < victim && older + behind + HANDLER < spare)
        older++;
    *first = victim - older;
    *end = victim + dead + behind;
}

static enum happened happened_by(const struct stage *stage)
{
    const struct scene *scene = stage->scene;
    if (stage->beat >= scene->beats || scene->beat[stage->beat].phase > PHASE_GATE)
        return ALL;
    if (stage->beat >= scene->mips.vector_beat)
        return FETCHED;
    return scene->beat[stage->beat].phase == PHASE_GATE ? KILLED : BEGUN;
}

void pipe_draw(const struct part *part, const struct pipe *pipe, bool all)
{
    struct grid grid = {.part = part,
                        .pipe = pipe,
                        .happened = all ? ALL : happened_by(part->stage),
                        .names = part->columns >= WIDE ? 34
                                 : part->columns >= 60 ? 22
                                                       : 14,
                        .cell = part->columns >= WIDE ? 5 : 4};
    unsigned first, end;
    if (pipe->rows == 0 || part->rows < 2)
        return;
    choose_rows(pipe, (unsigned)part->rows - 1, &first, &end);
    grid.columns = (unsigned)(((float)part->columns - grid.names) / grid.cell);
    grid.first = first_tick(pipe, first);
    if (pipe->victim != PIPE_NONE) {
        const struct pipe_row *victim = &pipe->row[pipe->victim];
        grid.now = victim->stage[0].tick + (grid.happened == FETCHED ? victim->lost : 0);
        if (grid.happened == BEGUN)
            end = pipe->victim + 1;
        else if (grid.happened == KILLED)
            end = pipe->victim + 1 + pipe_squashed(pipe);
    } else {
        grid.happened = ALL;
    }
    draw_ticks(&grid, end - first);
    for (unsigned i = first; i < end; i++)
        draw_row(&grid, &pipe->row[i], (float)(i - first) + 1);
}

int stage_pipeline_rows(const struct stage *stage, int most)
{
    const struct pipe *pipe = &stage->scene->mips.pipe;
    int rows = (int)pipe->rows;
    if (pipe->victim != PIPE_NONE)
        rows = OLDER + 1 + (int)pipe_squashed(pipe) + HANDLER;
    return pipe->rows == 0 ? 0 : rows + 1 < most ? rows + 1 : most;
}

void stage_pipeline(const struct part *part)
{
    pipe_draw(part, &part->stage->scene->mips.pipe, false);
}
