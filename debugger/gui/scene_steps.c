/* scene_steps: the micro-steps of a trap's delivery and return as beats of a scene. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/explain.h"
#include "debugger/gui/scene_parts.h"
#include "emu/base/bug.h"

static struct arch_step row_of(const struct gathering *g, const struct trace_event *event)
{
    struct arch_step row = {.name = "", .text = "", .manual = ""};
    g->session->arch->step(event->step, &row);
    return row;
}

static bool is_return(const struct gathering *g, const struct trace_event *event)
{
    return row_of(g, event).program == ARCH_RETURN;
}

/* A check's operands, or its remedy, with the numbers put in. */
static void fill(const struct gathering *g, const struct trace_event *event, const char *format,
                 char *to, size_t room)
{
    char words[2 * SCENE_LINE];
    if (format != NULL)
        scene_text(to, room, "%s", g->session->arch->step_fill(event, format, words, sizeof words));
}

/* --- beats ------------------------------------------------------------------------------------ */

static enum beat_kind kind_of(const struct gathering *g, const struct trace_event *event)
{
    const char *name = row_of(g, event).name;
    if (event->flags & TRACE_CHECK)
        return BEAT_CHECK;
    if (event->flags & TRACE_READ)
        return strncmp(name, "pop ", 4) == 0 ? BEAT_POP : BEAT_READ;
    return event->flags & TRACE_WRITE && strncmp(name, "push ", 5) == 0 ? BEAT_PUSH : BEAT_SET;
}

static void say_step(const struct gathering *g, const struct trace_event *event,
                     struct scene_beat *beat)
{
    struct arch_step row = row_of(g, event);
    beat->step = event->step;
    beat->tick = event->tick;
    beat->cost = event->cost;
    beat->failed = (event->flags & (TRACE_CHECK | TRACE_FAILED)) == (TRACE_CHECK | TRACE_FAILED);
    scene_text(beat->name, sizeof beat->name, "%s", row.name);
    scene_text(beat->text, sizeof beat->text, "%s", row.text);
    scene_text(beat->manual, sizeof beat->manual, "%s", row.manual);
    if (event->flags & TRACE_CHECK && row.format != NULL)
        fill(g, event, row.format, beat->value, sizeof beat->value);
    else if (event->flags & (TRACE_READ | TRACE_WRITE))
        scene_text(beat->value, sizeof beat->value, "%0*" PRIx32 " %s %08" PRIx32, event->size * 2,
                   event->value, event->flags & TRACE_READ ? "from" : "to", event->addr);
    else
        scene_text(beat->value, sizeof beat->value, "%" PRIx32 " → %" PRIx32, event->old,
                   event->value);
}

static void add_check(const struct gathering *g, const struct trace_event *event, uint16_t beat)
{
    struct scene *scene = g->scene;
    struct arch_step row = row_of(g, event);
    if (scene->checks == SCENE_CHECKS)
        return;
    struct scene_check *check = &scene->check[scene->checks++];
    *check = (struct scene_check){.beat = beat,
                                  .passed = !(event->flags & TRACE_FAILED),
                                  .returning = row.program == ARCH_RETURN};
    scene_text(check->name, sizeof check->name, "%s", row.name);
    scene_text(check->text, sizeof check->text, "%s", row.text);
    fill(g, event, row.format, check->words, sizeof check->words);
    if (!check->passed)
        fill(g, event, row.remedy, check->remedy, sizeof check->remedy);
}

static void give_up(struct gathering *g, const struct scene_beat *beat)
{
    struct scene *scene = g->scene;
    struct scene_fault *fault = &scene->fault;
    const struct scene_check *check = scene->checks > 0 ? &scene->check[scene->checks - 1] : NULL;
    const char *title = g->session->arch->vector_title(g->story->refused_vector);
    fault->there = true;
    fault->beat = (uint16_t)(beat - scene->beat);
    fault->vector = g->story->refused_vector;
    fault->error = g->story->refused_error;
    fault->has_error = g->session->arch->vector_has_error(fault->vector);
    scene_text(fault->title, sizeof fault->title, "%s", title == NULL ? "exception" : title);
    if (check != NULL && !check->passed) {
        scene_text(fault->check, sizeof fault->check, "%s", check->words);
        scene_text(fault->reason, sizeof fault->reason, "%s", check->text);
        scene_text(fault->remedy, sizeof fault->remedy, "%s", check->remedy);
    } else {
        scene_text(fault->check, sizeof fault->check, "%s", beat->name);
        scene_text(fault->reason, sizeof fault->reason,
                   "The memory for this step is not mapped, or may not be used so.");
    }
}

/* --- steps ------------------------------------------------------------------------------------ */

static struct scene_word *word_at(struct scene *scene, uint32_t address)
{
    for (unsigned i = 0; i < scene->words; i++)
        if (scene->word[i].address == address)
            return &scene->word[i];
    return NULL;
}

/* The last one is that of the delivery or return that succeeded. */
static const struct trace_event *last_step(const struct gathering *g, bool returning)
{
    const struct trace_event *last = NULL;
    for (unsigned i = 0; i < g->tale->steps; i++)
        if (is_return(g, &g->tale->step[i]) == returning)
            last = &g->tale->step[i];
    return last;
}

/* Did this delivery or return come to its end? */
static bool is_complete(const struct gathering *g, bool returning)
{
    if (returning)
        return g->story->end == STORY_RETURNED;
    return g->story->end != STORY_REFUSED && g->story->mark[PHASE_SAVE].there;
}

static void note_word(struct scene *scene, const struct trace_event *event, enum beat_kind kind,
                      uint16_t beat)
{
    struct scene_word *word = word_at(scene, event->addr);
    char *value = scene->beat[beat].value;
    size_t used = strlen(value);
    if (word != NULL && kind == BEAT_PUSH) {
        word->beat = beat;
        if (word->meaning[0] != '\0')
            scene_text(value + used, SCENE_LINE - used, "   %s", word->meaning);
    }
    if (word != NULL && kind == BEAT_POP)
        word->popped_beat = beat;
}

static void take_step(struct gathering *g, const struct trace_event *event, bool returning,
                      uint32_t done, struct scene_now *now)
{
    struct scene *scene = g->scene;
    bool last = event == last_step(g, returning), over = last && is_complete(g, returning);
    enum beat_kind kind = over && returning ? BEAT_BACK : kind_of(g, event);
    struct scene_beat *beat =
        scene_add_beat(scene, kind, returning ? PHASE_RETURN : PHASE_GATE, now->ring);
    if (beat == NULL)
        return;
    uint16_t number = (uint16_t)(beat - scene->beat);
    say_step(g, event, beat);
    if (kind == BEAT_PUSH)
        now->sp = event->addr;
    if (scene->machine == SCENE_MIPS)
        scene_mips_take(scene, event, number, now);
    else
        scene_x86_take(scene, event, number, now);
    beat->at =
        (struct timeline_position){event->tick + event->cost, event->count + over, over ? 0 : done};
    beat->sp = now->sp;
    beat->ring = (uint8_t)now->ring;
    if (event->flags & TRACE_CHECK)
        add_check(g, event, number);
    note_word(scene, event, kind, number);
    if (last && !returning && g->story->end == STORY_REFUSED) {
        beat->kind = BEAT_FAULT;
        give_up(g, beat);
    }
}

void scene_steps(struct gathering *g, bool returning)
{
    uint32_t done = returning ? 0 : g->steps_before;
    struct scene_now now = {.sp = returning ? g->story->mark[PHASE_RETURN].sp : g->story->user_sp,
                            .ring = returning ? 0 : 3};
    for (unsigned i = 0; i < g->tale->steps; i++)
        if (is_return(g, &g->tale->step[i]) == returning)
            take_step(g, &g->tale->step[i], returning, ++done, &now);
}

/* --- exceptions of instructions --------------------------------------------------------------- */

static void take_reason(struct scene_fault *fault, const struct explain_words *words)
{
    scene_text(fault->check, sizeof fault->check, "%s", words->check);
    if (words->facts > 0)
        scene_text(fault->reason, sizeof fault->reason, "%s", words->fact[0]);
    scene_text(fault->remedy, sizeof fault->remedy, "%s", words->remedy);
}

/* Looked for from just behind the fault, so that it is the last one. */
static void find_reason(struct gathering *g, struct scene_fault *fault)
{
    struct origin_trip trip;
    struct explain *explain = bug_alloc(1, sizeof *explain);
    origin_depart(g->session, &trip);
    origin_visit(g->session, TIMELINE_AT_COUNT(g->story->count + 1));
    if (explain_last(g->session, explain) == EXPLAIN_FOUND)
        for (unsigned i = 0; i < explain->faults; i++) {
            struct explain_fault *found = &explain->fault[i];
            if (found->trap.tick != g->story->tick || found->by_step)
                continue;
            origin_visit(g->session, found->when);
            found->has_address =
                g->session->arch->fault_address(g->session->cpu, found->vector, &found->address);
            g->session->arch->explain(g->session, explain, found);
            take_reason(fault, &found->words);
            fault->has_address = found->has_address;
            fault->address = found->address;
        }
    origin_return(g->session, &trip);
    free(explain);
}

void scene_cause(struct gathering *g)
{
    const struct story *story = g->story;
    struct scene_fault *fault = &g->scene->fault;
    const struct arch *arch = g->session->arch;
    struct trace_event trap = {.a = story->cause, .vector = story->vector, .addr = story->pc};
    enum arch_trap kind = arch->trap(&trap);
    const char *title = arch->vector_title(story->vector);
    g->scene->is_interrupt = kind == ARCH_INTERRUPT;
    if (kind != ARCH_FAULT || story->end == STORY_REFUSED || title == NULL)
        return;
    fault->there = true;
    fault->vector = story->vector;
    fault->error = story->error;
    fault->has_error = arch->vector_has_error(story->vector);
    scene_text(fault->title, sizeof fault->title, "%s", title);
    if (g->steps_before == 0)
        find_reason(g, fault);
    else
        scene_text(fault->reason, sizeof fault->reason,
                   "A check refused the delivery before this one.");
}
