/* pipe: instructions on their way through the stages of a pipeline, as plain data. */
#include "debugger/gui/pipe.h"

#include <stdlib.h>
#include <string.h>

#include "debugger/gui/scene_parts.h"
#include "debugger/gui/view.h"

static void read_stages(const json_t *from, struct pipe_row *row)
{
    size_t index;
    const json_t *stage;
    json_array_foreach(json_object_get(from, "stages"), index, stage)
    {
        if (row->stages == PIPE_STAGES)
            return;
        struct pipe_stage *to = &row->stage[row->stages++];
        to->tick = (ticks)view_number(stage, "tick");
        to->ticks = (ticks)view_number(stage, "ticks");
        scene_text(to->name, sizeof to->name, "%s", view_string(stage, "stage"));
    }
}

static void read_row(const json_t *from, struct pipe_row *row)
{
    const json_t *exception = json_object_get(from, "exception");
    *row = (struct pipe_row){.address = (uint32_t)view_number(from, "address"),
                             .slot = view_true(from, "slot"),
                             .trapped = exception != NULL,
                             .squashed = strcmp(view_string(from, "end"), "squashed") == 0,
                             .lost = (unsigned)view_number(exception, "lost")};
    scene_text(row->text, sizeof row->text, "%s", view_string(from, "text"));
    scene_text(row->exception, sizeof row->exception, "%s", view_string(exception, "name"));
    read_stages(from, row);
}

/* What comes next and has not been done: "80000080 j 0x80000650". It is fetched now. */
static void read_next(const json_t *answer, struct pipe *pipe)
{
    const char *next = view_string(answer, "next");
    const char *space = strchr(next, ' ');
    if (space == NULL || pipe->rows == 0 || pipe->rows == PIPE_ROWS || pipe->victim == PIPE_NONE)
        return;
    struct pipe_row *row = &pipe->row[pipe->rows++];
    *row = (struct pipe_row){.address = (uint32_t)strtoul(next, NULL, 16), .stages = 1};
    scene_text(row->text, sizeof row->text, "%s", space + 1);
    row->stage[0] = pipe->row[0].stage[0];
    row->stage[0].tick = (ticks)view_number(answer, "tick");
    row->stage[0].ticks = 1;
}

void pipe_read(const json_t *answer, unsigned before, struct pipe *pipe)
{
    const json_t *rows = json_object_get(answer, "instructions"), *row;
    size_t index, trapped = json_array_size(rows);
    *pipe = (struct pipe){.victim = PIPE_NONE};
    json_array_foreach(rows, index, row) if (json_object_get(row, "exception") != NULL) trapped =
        index;
    size_t first = trapped > before && trapped < json_array_size(rows) ? trapped - before : 0;
    for (index = first; index < json_array_size(rows) && pipe->rows < PIPE_ROWS; index++) {
        if (index == trapped)
            pipe->victim = pipe->rows;
        read_row(json_array_get(rows, index), &pipe->row[pipe->rows++]);
    }
    read_next(answer, pipe);
}

unsigned pipe_squashed(const struct pipe *pipe)
{
    unsigned squashed = 0;
    if (pipe->victim != PIPE_NONE)
        while (pipe->victim + squashed + 1 < pipe->rows &&
               pipe->row[pipe->victim + squashed + 1].squashed)
            squashed++;
    return squashed;
}
