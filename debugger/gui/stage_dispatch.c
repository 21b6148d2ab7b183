/* stage_dispatch: the kernel's work on the stage: number, table, function, result, the way back;
 * and why there is none. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/stage_parts.h"

/* --- number to function ----------------------------------------------------------------------- */

static void draw_entry_row(const struct part *part, float row, const struct scene_entry *entry,
                           bool own)
{
    struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    unsigned beat = scene->phase[PHASE_HANDLER].beat;
    bool called = own && beat <= stage->beat;
    part_box(part, 8, row, (float)(part->columns - 8), 1, called ? INK_MARK : INK_PAPER, INK_EDGE);
    part_text(part, 9, row, own ? INK_TEXT : INK_DIM, "[%" PRId64 "]", entry->number)->bold = own;
    part_text(part, 15, row, own ? INK_TEXT : INK_DIM, "%08" PRIx32, entry->value)->bold = own;
    if (own && !called)
        return;
    stage_show(stage, own ? beat : 0);
    if (own)
        stage_value(part, 24, row, INK_KERNEL, beat, entry->name)->bold = true;
    else
        part_text(part, 24, row, INK_DIM, "%s", entry->name[0] == '\0' ? "(empty)" : entry->name);
    stage_all(stage);
}

static void draw_table(const struct part *part)
{
    const struct scene_dispatch *dispatch = &part->stage->scene->dispatch;
    for (unsigned i = 0; i < dispatch->used; i++)
        draw_entry_row(part, (float)i + 2, &dispatch->entry[i], i == dispatch->own);
    if (!dispatch->known)
        part_text(part, 8, 2, INK_BAD, "✗ no such entry: the kernel must refuse");
}

static void draw_switch(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    const struct scene_phase *handler = &scene->phase[PHASE_HANDLER];
    part_box(part, 8, 2, (float)(part->columns - 8), 3, INK_PAPER, INK_EDGE);
    part_text(part, 9, 2, INK_TEXT, "switch in %s()", scene->dispatch.table);
    part_text(part, 9, 3, INK_DIM, "case %" PRId64, scene->number);
    if (handler->there && stage_show(stage, handler->beat) > 0)
        stage_value(part, 20, 3, INK_KERNEL, handler->beat, handler->symbol)->bold = true;
    stage_all(stage);
    part_text(part, 9, 4, INK_DIM, "%s", handler->where);
}

void stage_dispatch(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    const struct scene_dispatch *dispatch = &scene->dispatch;
    char number[24];
    part_title(part, dispatch->source[0] != '\0' && stage->beat >= dispatch->beat
                         ? dispatch->source
                         : "From number to function");
    if (stage_show(stage, dispatch->beat) <= 0) {
        stage_all(stage);
        return;
    }
    if (!dispatch->is_switch)
        part_text(part, 0, 1, INK_TEXT, "%s[%" PRIu32 "] at %08" PRIx32, dispatch->table,
                  dispatch->entries, dispatch->table_address);
    if (part->columns >= 40)
        part_text(part, (float)(part->columns - draw_cells(dispatch->source_where)), 1, INK_DIM,
                  "%s", dispatch->source_where);
    snprintf(number, sizeof number, "%" PRId64, scene->number);
    part_box(part, 0, 3, 5, 1, INK_MARK, INK_KERNEL)->bold = true;
    stage_value(part, 1, 3, INK_TEXT, dispatch->beat, number)->bold = true;
    part_text(part, 0, 2, INK_DIM, "%.6s", dispatch->number_from);
    draw_arrow(stage->list, part_x(part, 5), part_y(part, 3.5F), part_x(part, 8),
               part_y(part, 3.5F), INK_KERNEL);
    if (dispatch->is_switch)
        draw_switch(part);
    else
        draw_table(part);
    stage_all(stage);
}

/* --- the result ------------------------------------------------------------------------------- */

/* The word of the frame that takes the result. */
static const struct scene_word *result_word(const struct scene *scene)
{
    for (unsigned i = 0; i < scene->words; i++)
        if (scene->word[i].changed_beat == scene->result_beat)
            return &scene->word[i];
    return NULL;
}

/* Until the call is over only the frame tells what it comes to. */
static void draw_result(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    const struct scene_word *word = result_word(scene);
    bool known = scene->has_result;
    char value[64];
    if (scene->result_beat == SCENE_NEVER || stage_show(stage, scene->result_beat) <= 0 ||
        (!known && word == NULL)) {
        stage_all(stage);
        return;
    }
    int32_t result = known ? scene->result : (int32_t)word->now;
    part_text(part, 0, 1, INK_TEXT, "%s %s", scene->call, known ? "returns" : "gives");
    snprintf(value, sizeof value, "%" PRId32 "%s%s", result,
             scene->result_name[0] == '\0' ? "" : " ", scene->result_name);
    float column = (float)(draw_cells(scene->call) + (known ? 9 : 7));
    stage_value(part, column, 1, scene->failed ? INK_BAD : INK_GOOD, scene->result_beat, value)
        ->bold = true;
    part_text(part, column + (float)draw_cells(value) + 1, 1, INK_DIM, "→ frame's %s",
              scene->result_field);
    stage_all(stage);
}

static void draw_pops(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    const struct scene_phase *back = &scene->phase[PHASE_RETURN];
    char popped[120] = "";
    size_t used = 0;
    if (!back->there || stage->beat < back->beat)
        return;
    for (unsigned i = scene->words; i-- > 0;)
        if (scene->word[i].popped_beat <= stage->beat && used < sizeof popped)
            used +=
                (size_t)snprintf(popped + used, sizeof popped - used, " %s", scene->word[i].field);
    if (scene->end == STORY_RETURNED && stage->beat + 1 >= scene->beats)
        part_text(part, 0, 2, INK_USER, "%s: back in %s%s at %08" PRIx32, back->insn,
                  scene->user_mode, scene->machine == SCENE_MIPS ? " mode" : "", scene->return_pc)
            ->bold = true;
    else
        part_text(part, 0, 2, INK_CPU, "%s pops%s", back->insn, popped);
}

void stage_return(const struct part *part)
{
    part_title(part, "Result and return");
    draw_result(part);
    draw_pops(part);
}

/* --- why not ---------------------------------------------------------------------------------- */

bool stage_has_fault(const struct stage *stage)
{
    return stage->scene->fault.there && stage->scene->fault.beat <= stage->beat;
}

void stage_fault(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    const struct scene_fault *fault = &scene->fault;
    if (!stage_has_fault(stage)) {
        part_title(part, scene->is_interrupt ? "An interrupt" : "A trap");
        part_wrap(part, 0, 1, part->columns, part->rows - 1, INK_DIM,
                  scene->is_interrupt
                      ? "A device asked for it. The program notices nothing: all its "
                        "registers come back."
                      : "");
        return;
    }
    stage_show(stage, fault->beat);
    part_box(part, 0, 0, (float)part->columns, (float)part->rows, INK_PAPER, INK_BAD)->bold = true;
    struct draw_item *title = part_text(part, 1, 0, INK_BAD, "✗ %s", fault->title);
    title->bold = true;
    int wide = part->columns - 2;
    float row = 1;
    char check[SCENE_LINE + 16];
    snprintf(check, sizeof check, "%s%s", scene->end == STORY_REFUSED ? "not true: " : "",
             fault->check);
    row += (float)part_wrap(part, 1, row, wide, 2, INK_BAD,
                            stage_hides(stage, fault->beat) ? "?" : check);
    if (!stage_hides(stage, fault->beat))
        row += (float)part_wrap(part, 1, row, wide, 3, INK_TEXT, fault->reason);
    if (fault->has_error && row < (float)part->rows)
        part_text(part, 1, row++, INK_DIM, "error code %" PRIx32, fault->error);
    int left = part->rows - (int)row;
    if (left > 0)
        part_wrap(part, 1, row, wide, left, INK_DIM, fault->remedy);
    stage_all(stage);
}
