/* stage_registers: registers of coprocessor 0 on the stage: what a MIPS exception keeps in them,
 * and the stack of modes in Status. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/stage_parts.h"

/* --- EPC, Cause, BadVAddr, PC ----------------------------------------------------------------- */

struct kept {
    const char *name;
    uint32_t value;
    uint16_t beat;
    const char *words;
    bool stays; /* of this exception: it is not written */
};

#define VALUE_COLUMN 9
#define WORDS_COLUMN 18

static void draw_kept(const struct part *part, float row, const struct kept *kept)
{
    struct stage *stage = part->stage;
    char value[16];
    bool now = kept->beat == stage->beat;
    if (stage_show(stage, kept->beat) <= 0) {
        stage_all(stage);
        part_box(part, 0, row, (float)part->columns, 1, INK_NONE, INK_EDGE)->dashed = true;
        part_text(part, 0.4F, row, INK_DIM, "%s%s", kept->name,
                  kept->stays ? " stays as it is" : "");
        return;
    }
    part_box(part, 0, row, (float)part->columns, 1, now ? INK_MARK : INK_PAPER, INK_CPU)->bold =
        now;
    part_text(part, 0.4F, row, INK_TEXT, "%s", kept->name)->bold = true;
    snprintf(value, sizeof value, "%08" PRIx32, kept->value);
    stage_value(part, VALUE_COLUMN, row, INK_TEXT, kept->beat, value)->bold = true;
    if (!stage_hides(stage, kept->beat))
        part_cut(part, WORDS_COLUMN, row, part->columns - WORDS_COLUMN, INK_CPU, kept->words);
    stage_all(stage);
}

/* "8 Sys system call", or where that has no room, "8 Sys". */
static void say_cause(const struct part *part, char *to, size_t room)
{
    const char *words = part->stage->scene->mips.cause_words;
    if (strncmp(words, "ExcCode ", 8) == 0)
        words += 8;
    size_t length = strlen(words);
    if (draw_cells(words) > part->columns - WORDS_COLUMN) {
        length = strcspn(words, " ");
        length += words[length] == '\0' ? 0 : 1 + strcspn(words + length + 1, " ");
    }
    snprintf(to, room, "%.*s", (int)length, words);
}

void stage_exception(const struct part *part)
{
    const struct scene *scene = part->stage->scene;
    const struct scene_mips *m = &scene->mips;
    bool narrow = part->columns < WORDS_COLUMN + 14;
    const char *vector = m->refill ? "refill" : "general";
    char cause[SCENE_NAME], to[20];
    snprintf(to, sizeof to, "%s%s", vector, narrow ? "" : " vector");
    say_cause(part, cause, sizeof cause);
    const struct kept kept[] = {
        {"EPC", m->epc, m->epc_beat, scene->user_symbol, false},
        {"Cause", m->cause, m->cause_beat, cause, false},
        {"BadVAddr", m->badvaddr, m->badvaddr_beat, "failed", !m->addressed},
        {"PC", m->vector, m->vector_beat, to, false},
    };
    part_title(part, "Registers; nothing is pushed");
    for (unsigned i = 0; i < sizeof kept / sizeof *kept; i++)
        draw_kept(part, (float)i + 1, &kept[i]);
}

/* --- Status: three pairs ---------------------------------------------------------------------- */

#define PAIR_COLUMNS 11

/* Pair 0 is the present one, at the right. */
static void say_pair(uint32_t status, unsigned pair, char *to, size_t room)
{
    unsigned bits = status >> 2 * pair & 3;
    snprintf(to, room, "%s %s", bits & 2 ? "user" : "kernel", bits & 1 ? "on" : "off");
}

static float pair_column(unsigned pair)
{
    return (float)((2 - pair) * (PAIR_COLUMNS + 1));
}

static void draw_pairs(const struct part *part, float row, uint32_t status, unsigned beat)
{
    char words[32];
    for (unsigned pair = 0; pair < 3; pair++) {
        float column = pair_column(pair);
        enum draw_ink ink = status >> 2 * pair & 2 ? INK_USER : INK_KERNEL;
        say_pair(status, pair, words, sizeof words);
        part_box(part, column, row, PAIR_COLUMNS, 1, pair == 0 ? INK_MARK : INK_PAPER, ink)->bold =
            pair == 0;
        stage_value(part, column + 0.5F, row, ink, beat, words)->bold = pair == 0;
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

struct shift {
    uint32_t from, to;
    unsigned beat;
    bool up;
};

static void draw_pair_shift(const struct part *part, const struct shift *shift)
{
    static const char *const names[] = {"now", "before", "Status: old"};
    struct stage *stage = part->stage;
    part_title(part, "");
    for (unsigned pair = 0; pair < 3; pair++)
        part_text(part, pair_column(pair), 0, INK_TITLE, "%s", names[pair])->bold = true;
    draw_pairs(part, 1, shift->from, SCENE_NEVER);
    if (stage_show(stage, shift->beat) > 0) {
        draw_moves(part, 2, shift->up);
        draw_pairs(part, 3, shift->to, shift->beat);
    }
    stage_all(stage);
}

/* --- Status: the exception level ---------------------------------------------------------------
 */

#define STATUS_IE  1u
#define STATUS_EXL 2u
#define STATUS_UM  0x10u

static void draw_bit(const struct part *part, float column, float row, const char *name, bool set,
                     bool changed)
{
    part_box(part, column, row, 6, 1, changed ? INK_MARK : INK_PAPER, INK_CPU)->bold = changed;
    part_text(part, column + 0.5F, row, INK_TEXT, "%-3s %d", name, set)->bold = changed;
}

static void draw_level(const struct part *part, float row, uint32_t status, unsigned beat,
                       bool changed)
{
    bool level = status & STATUS_EXL, user = !level && status & STATUS_UM;
    char words[32];
    draw_bit(part, 0, row, "UM", status & STATUS_UM, false);
    draw_bit(part, 7, row, "EXL", level, changed);
    draw_bit(part, 14, row, "IE", status & STATUS_IE, false);
    snprintf(words, sizeof words, "%s %s", user ? "user" : "kernel",
             !level && status & STATUS_IE ? "on" : "off");
    part_text(part, 20.5F, row, INK_DIM, "=");
    stage_value(part, 22, row, user ? INK_USER : INK_KERNEL, beat, words)->bold = true;
}

static void draw_level_shift(const struct part *part, const struct shift *shift)
{
    struct stage *stage = part->stage;
    part_title(part, "Status: exception level, EXL");
    draw_level(part, 1, shift->from, SCENE_NEVER, false);
    if (stage_show(stage, shift->beat) > 0) {
        draw_arrow(stage->list, part_x(part, 10), part_y(part, 2), part_x(part, 10),
                   part_y(part, 3), INK_CPU);
        part_text(part, 11, 2, INK_CPU,
                  shift->up ? "set: UM and IE wait" : "cleared: UM, IE count");
        draw_level(part, 3, shift->to, shift->beat, true);
    }
    stage_all(stage);
}

void stage_status(const struct part *part)
{
    const struct stage *stage = part->stage;
    const struct scene_mips *m = &stage->scene->mips;
    bool popped = m->pop_beat != SCENE_NEVER;
    struct shift shift = {m->status, m->pushed, m->status_beat, true};
    if (stage_phase(stage) >= PHASE_RESTORE)
        shift = (struct shift){popped ? m->popping : m->pushed, m->popped, m->pop_beat, false};
    if (m->exl)
        draw_level_shift(part, &shift);
    else
        draw_pair_shift(part, &shift);
}
