/* stage_mips: a MIPS exception on the stage: registers of coprocessor 0, and the stack of modes. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/stage_parts.h"

/* --- EPC, Cause, vector ----------------------------------------------------------------------- */

struct kept {
    const char *name;
    uint32_t value;
    uint16_t beat;
    const char *words;
};

static void draw_kept(const struct part *part, float row, const struct kept *kept)
{
    struct stage *stage = part->stage;
    char value[16];
    bool now = kept->beat == stage->beat;
    if (stage_show(stage, kept->beat) <= 0) {
        stage_all(stage);
        part_box(part, 0, row, (float)part->columns, 1, INK_NONE, INK_EDGE)->dashed = true;
        part_text(part, 1, row, INK_DIM, "%s", kept->name);
        return;
    }
    part_box(part, 0, row, (float)part->columns, 1, now ? INK_MARK : INK_PAPER, INK_CPU)->bold =
        true;
    part_text(part, 1, row, INK_TEXT, "%s", kept->name)->bold = true;
    snprintf(value, sizeof value, "%08" PRIx32, kept->value);
    stage_value(part, 10, row, INK_TEXT, kept->beat, value)->bold = true;
    if (!stage_hides(stage, kept->beat))
        part_wrap(part, 20, row, part->columns - 21, 1, INK_CPU, kept->words);
    stage_all(stage);
}

/* The check that made the exception: SYSCALL itself, or what failed. */
static void draw_reason(const struct part *part, float row)
{
    struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    const struct scene_check *check = scene->checks > 0 ? &scene->check[0] : NULL;
    if (check == NULL || check->beat > stage->beat)
        return;
    bool bad = scene->fault.there;
    part_text(part, 0, row, bad ? INK_BAD : INK_GOOD, "%s %s", bad ? "✗" : "✓", check->name)->bold =
        true;
    stage_value(part, (float)draw_cells(check->name) + 4, row, INK_TEXT, check->beat, check->words);
}

void stage_exception(const struct part *part)
{
    const struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    const struct scene_mips *m = &scene->mips;
    const char *cause = m->cause_words;
    const char *to = m->refill ? "the refill vector" : "the general vector";
    const struct kept kept[] = {
        {"EPC", m->epc, m->epc_beat, scene->user_symbol},
        {"Cause", m->cause, m->cause_beat, strncmp(cause, "ExcCode ", 8) == 0 ? cause + 8 : cause},
        {"BadVAddr", m->badvaddr, m->badvaddr_beat, "the address it is about"},
        {"PC", m->vector, m->vector_beat, to},
    };
    float row = 2.2F;
    part_title(part, "The exception: registers only");
    draw_reason(part, 1);
    for (unsigned i = 0; i < sizeof kept / sizeof *kept; i++) {
        bool never = kept[i].beat == SCENE_NEVER && scene->phase[PHASE_SAVE].there;
        if (never)
            continue;
        draw_kept(part, row, &kept[i]);
        row += 1.2F;
    }
    if (stage->beat >= m->vector_beat)
        part_text(part, 0, row, INK_DIM, "nothing is pushed; sp stays the program's");
}

/* --- Status ----------------------------------------------------------------------------------- */

#define PAIR_COLUMNS 13

/* Pair 0 is the present one, at the right. */
static void say_pair(uint32_t status, unsigned pair, char *to, size_t room)
{
    unsigned bits = status >> 2 * pair & 3;
    snprintf(to, room, "%s %s", bits & 2 ? "user" : "kernel", bits & 1 ? "on" : "off");
}

static float pair_column(unsigned pair)
{
    return (float)((2 - pair) * (PAIR_COLUMNS + 1)) + 1;
}

static void draw_pairs(const struct part *part, float row, uint32_t status, unsigned beat,
                       const char *name)
{
    char words[32];
    part_text(part, 0, row - 1, INK_DIM, "%s", name);
    for (unsigned pair = 0; pair < 3; pair++) {
        float column = pair_column(pair);
        enum draw_ink ink = status >> 2 * pair & 2 ? INK_USER : INK_KERNEL;
        say_pair(status, pair, words, sizeof words);
        part_box(part, column, row, PAIR_COLUMNS, 1, pair == 0 ? INK_MARK : INK_PAPER, ink)->bold =
            pair == 0;
        stage_value(part, column + 1, row, ink, beat, words)->bold = pair == 0;
    }
}

/* Each pair moves one place: up at the exception, down at the return. */
static void draw_moves(const struct part *part, float row, bool up)
{
    for (unsigned pair = 0; pair < 2; pair++) {
        float from = pair_column(up ? pair : pair + 1), to = pair_column(up ? pair + 1 : pair);
        draw_arrow(part->stage->list, part_x(part, from + PAIR_COLUMNS / 2.0F), part_y(part, row),
                   part_x(part, to + PAIR_COLUMNS / 2.0F), part_y(part, row + 1), INK_CPU);
    }
}

static void draw_exl(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene_mips *m = &stage->scene->mips;
    part_text(part, 0, 1, INK_TEXT, "Status %08" PRIx32, m->status);
    if (stage_show(stage, m->status_beat) > 0)
        part_text(part, 0, 3, INK_KERNEL, "EXL := 1: kernel mode, interrupts off")->bold = true;
    if (stage_show(stage, m->pop_beat) > 0)
        part_text(part, 0, 5, INK_USER, "EXL := 0: what UM and IE say counts again")->bold = true;
    stage_all(stage);
}

void stage_status(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene_mips *m = &stage->scene->mips;
    if (m->exl) {
        part_title(part, "Status: the exception level");
        draw_exl(part);
        return;
    }
    part_title(part, "Status: old      previous      now");
    if (m->status_beat == SCENE_NEVER)
        return;
    draw_pairs(part, 2, m->status, SCENE_NEVER, "before: mode, interrupts");
    if (stage_show(stage, m->status_beat) > 0) {
        draw_moves(part, 3, true);
        draw_pairs(part, 4, m->pushed, m->status_beat, "");
    }
    if (stage_show(stage, m->pop_beat) > 0) {
        draw_moves(part, 5, false);
        draw_pairs(part, 6, m->popped, m->pop_beat, "");
        part_text(part, 0, 7, INK_DIM, "%s takes them back down",
                  stage->scene->phase[PHASE_RETURN].insn);
    }
    stage_all(stage);
}
