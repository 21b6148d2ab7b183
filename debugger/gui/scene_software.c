/* scene_software: what the kernel's code does between a trap's delivery and the return as beats. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/scene_parts.h"

/* --- software's beats ------------------------------------------------------------------------- */

/* In the order in which they happen: `count` instructions were complete before each. */
struct milestone {
    uint64_t count;
    ticks tick;
    enum beat_kind kind;
    enum story_phase phase;
    unsigned first, words; /* of the frame, that it pushes or changes */
};

#define MILESTONES (STORY_WORDS * 2 + STORY_PHASES)

struct milestones {
    struct milestone list[MILESTONES];
    unsigned used;
};

static void insert(struct milestones *m, struct milestone milestone)
{
    unsigned at = m->used++;
    while (at > 0 && m->list[at - 1].count > milestone.count) {
        m->list[at] = m->list[at - 1];
        at--;
    }
    m->list[at] = milestone;
}

static void find_milestones(const struct story *story, struct milestones *m)
{
    m->used = 0;
    for (unsigned i = 0; i < story->words; i++) {
        const struct story_word *word = &story->word[i];
        struct milestone *last = m->used > 0 ? &m->list[m->used - 1] : NULL;
        if (word->step != 0)
            continue;
        if (last != NULL && last->count == word->count)
            last->words++;
        else
            m->list[m->used++] = (struct milestone){word->count, 0, BEAT_SAVE, PHASE_SAVE, i, 1};
    }
    for (unsigned phase = PHASE_TRAP; phase <= PHASE_RESTORE; phase++)
        if (story->mark[phase].there)
            insert(m, (struct milestone){story->mark[phase].count, story->mark[phase].begin,
                                         BEAT_PHASE, phase, 0, 0});
    for (unsigned i = 0; i < story->words; i++)
        if (story->word[i].changed_pc != 0 && story->word[i].value != story->word[i].now)
            insert(m, (struct milestone){story->word[i].changed_count, story->word[i].changed,
                                         BEAT_RESULT, PHASE_HANDLER, i, 1});
}

static void say_saved(struct gathering *g, const struct milestone *milestone,
                      struct scene_beat *beat)
{
    struct scene *scene = g->scene;
    size_t used = 0;
    for (unsigned i = milestone->first; i < milestone->first + milestone->words; i++)
        if (used < sizeof beat->value)
            used += (size_t)snprintf(beat->value + used, sizeof beat->value - used,
                                     "%s%s %0*" PRIx32, used > 0 ? ", " : "", scene->word[i].field,
                                     scene->word[i].size * 2, scene->word[i].value);
    const struct scene_word *first = &scene->word[milestone->first];
    scene_insn(g->session, g->story->word[milestone->first].pc, beat->name, sizeof beat->name);
    scene_text(beat->text, sizeof beat->text, "%s %s %s%s.", first->by,
               g->session->arch->calls_push ? "pushes" : "stores", first->field,
               milestone->words > 1 ? " and the other registers" : "");
}

static void say_phase(struct gathering *g, enum story_phase phase, struct scene_beat *beat)
{
    static const char *const texts[STORY_PHASES] = {
        [PHASE_TRAP] = "C code takes over. It gets the address of the trapframe.",
        [PHASE_DISPATCH] = "The system-call dispatcher takes the number from the trapframe.",
        [PHASE_HANDLER] = "The function that does the work begins.",
        [PHASE_RESTORE] = "The saved registers are popped again.",
    };
    scene_text(beat->name, sizeof beat->name, "%s", g->scene->phase[phase].symbol);
    scene_text(beat->text, sizeof beat->text, "%s", texts[phase]);
    scene_text(beat->value, sizeof beat->value, "%s", g->scene->phase[phase].where);
    if (phase == PHASE_HANDLER && g->scene->dispatch.known)
        scene_text(beat->value, sizeof beat->value, "%s[%" PRId64 "] is %08" PRIx32 ", %s",
                   g->scene->dispatch.table, g->tale->number - g->tale->path->low,
                   g->scene->dispatch.entry[g->scene->dispatch.own].value,
                   g->scene->phase[phase].symbol);
}

static void say_result(struct gathering *g, const struct scene_word *word, struct scene_beat *beat)
{
    bool is_result = strcmp(word->field, g->scene->result_field) == 0 && g->tale->is_call;
    scene_text(beat->name, sizeof beat->name, "%s := %s", word->field,
               is_result ? "result" : "new value");
    scene_text(beat->text, sizeof beat->text,
               "%s writes it into the trapframe: the program gets it when its registers come back.",
               word->changer);
    scene_text(beat->value, sizeof beat->value, "%0*" PRIx32 ", was %0*" PRIx32, word->size * 2,
               word->now, word->size * 2, word->value);
}

static void add_milestone(struct gathering *g, const struct milestone *milestone, uint32_t *sp)
{
    struct scene *scene = g->scene;
    struct scene_beat *beat = scene_add_beat(scene, milestone->kind, milestone->phase, 0);
    if (beat == NULL)
        return;
    uint16_t number = (uint16_t)(beat - scene->beat);
    uint64_t after = milestone->kind == BEAT_PHASE ? milestone->count : milestone->count + 1;
    beat->at = (struct timeline_position){0, after, 0};
    beat->tick = milestone->tick;
    if (milestone->kind == BEAT_PHASE) {
        *sp = g->story->mark[milestone->phase].sp;
        scene->phase[milestone->phase].beat = number;
        say_phase(g, milestone->phase, beat);
    } else if (milestone->kind == BEAT_SAVE) {
        for (unsigned i = 0; i < milestone->words; i++)
            scene->word[milestone->first + i].beat = number;
        *sp = g->session->arch->calls_push
                  ? scene->word[milestone->first + milestone->words - 1].address
                  : g->story->mark[PHASE_TRAP].sp;
        say_saved(g, milestone, beat);
    } else {
        scene->word[milestone->first].changed_beat = number;
        if (strcmp(scene->word[milestone->first].field, scene->result_field) == 0)
            scene->result_beat = number;
        say_result(g, &scene->word[milestone->first], beat);
    }
    beat->sp = *sp;
}

void scene_software(struct gathering *g)
{
    struct milestones milestones;
    uint32_t sp = g->story->kernel_sp;
    find_milestones(g->story, &milestones);
    for (unsigned i = 0; i < milestones.used; i++)
        add_milestone(g, &milestones.list[i], &sp);
}
