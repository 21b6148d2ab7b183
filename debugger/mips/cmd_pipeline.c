/* cmd_pipeline: `pipeline`: a stretch around a moment is watched again, and becomes a view. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/mips/pipeline.h"
#include "debugger/origin.h"
#include "debugger/show.h"
#include "emu/base/bug.h"

#define SHOWN 8u /* when nothing else is asked for */
/* So many begin before those shown: a division that is waited for is among them. */
#define BEFORE 40u

/* --- watching --------------------------------------------------------------------------------- */

struct watch {
    struct session *session;
    struct pipeline_view *view;
};

/* The difference stays the same while HI and LO are made. */
static void note_ready(struct pipeline_view *view, const struct mips *c)
{
    if (!view->begun && c->s.hilo_ready > c->s.cycles)
        view->ready = c->cpu.clock->s.now + (c->s.hilo_ready - c->s.cycles);
    view->begun = true;
}

/* Names are those of the moment: of the program that runs then. */
static void name(struct watch *watch, size_t from)
{
    struct pipeline_view *view = watch->view;
    session_changed(watch->session);
    for (size_t n = from; n < view->log.used; n++)
        if (view->issue[n].count >= view->shown_from)
            session_symbol(watch->session, view->issue[n].pc, view->symbol[n], PIPELINE_SYMBOL);
    session_changed(watch->session);
}

static bool before(void *context, struct cpu *cpu, uint32_t pc)
{
    struct watch *watch = context;
    const struct mips *c = (const struct mips *)cpu;
    (void)pc;
    if (c != watch->view->cpu)
        return false;
    size_t used = watch->view->log.used;
    note_ready(watch->view, c);
    mips_log_before(&watch->view->log, c);
    name(watch, used);
    return false;
}

static bool stepped(void *context, struct cpu *cpu, const struct trace_event *event)
{
    struct watch *watch = context;
    struct pipeline_view *view = watch->view;
    const struct mips *c = (const struct mips *)cpu;
    if (c != view->cpu || event == NULL)
        return false;
    size_t used = view->log.used;
    note_ready(view, c);
    mips_log_step(&view->log, c, event);
    name(watch, used);
    if (event->count >= view->shown_from && view->steps < PIPELINE_STEPS)
        view->step[view->steps++] = *event;
    return false;
}

/* From `from` on, as far as is known, until `to`; the machine is at the moment. */
static bool record(struct session *session, struct pipeline_view *view, uint64_t from,
                   struct timeline_position to)
{
    struct watch watch = {session, view};
    struct cpu_observer observer = {.context = &watch, .insn = before, .micro = stepped};
    struct timeline_position frontier = timeline_frontier(session->timeline);
    view->log = (struct mips_log){.issue = view->issue, .room = PIPELINE_ISSUES};
    if (timeline_compare(to, frontier) > 0)
        to = frontier;
    if (!stops_scan(session, TIMELINE_AT_COUNT(from), to, &observer))
        return false;
    mips_pipeline(view->cpu->model, view->issue, view->log.used, view->ready, view->passage);
    while (view->first < view->log.used && view->issue[view->first].count < view->shown_from)
        view->first++;
    return true;
}

/* `number` instructions around the moment: every third from it on, when those are known. */
static bool look(struct session *session, struct pipeline_view *view, unsigned number)
{
    struct timeline_position frontier = timeline_frontier(session->timeline);
    uint64_t origin = timeline_origin(session->timeline).count;
    uint64_t begun = view->moment.count + (view->moment.micro > 0);
    uint64_t known = frontier.count + (frontier.micro > 0);
    uint64_t behind = known > begun ? known - begun : 0;
    if (behind > (number + 1) / 3)
        behind = (number + 1) / 3;
    uint64_t front = number - behind;
    if (front > begun - origin) {
        front = begun - origin;
        behind = known - begun < number - front ? known - begun : number - front;
    }
    view->shown_from = begun - front;
    uint64_t from = view->shown_from - origin < BEFORE ? origin : view->shown_from - BEFORE;
    struct timeline_position to = TIMELINE_AT_COUNT(begun + behind);
    if (behind == 0)
        to = view->moment;
    return record(session, view, from, to);
}

/* What comes next at the frontier: nobody knows yet whether it will be executed. */
static void note_next(struct session *session, struct pipeline_view *view)
{
    struct arch_insn insn;
    uint32_t pc = session->cpu->ops->pc(session->cpu);
    if (view->moment.micro != 0 ||
        timeline_compare(view->moment, timeline_frontier(session->timeline)) < 0)
        return;
    bool known = show_instruction_at(session, pc, &insn);
    char *tab = known ? strchr(insn.text, '\t') : NULL;
    if (tab != NULL)
        *tab = ' ';
    snprintf(view->next, sizeof view->next, "%08" PRIx32 " %.100s", pc,
             known ? insn.text : "(not readable)");
}

/* --- the command ------------------------------------------------------------------------------ */

static bool read_number(struct session *session, const char *word, unsigned *number)
{
    int64_t value;
    if (!session_number(session, word, &value))
        return false;
    if (value < 1 || value > PIPELINE_MOST)
        return out_error(&session->out, "pipeline shows 1 to %u instructions", PIPELINE_MOST);
    *number = (unsigned)value;
    return true;
}

static bool read_tick(struct session *session, const char *word, ticks *tick)
{
    int64_t value;
    ticks frontier = timeline_frontier(session->timeline).tick;
    if (!session_number(session, word, &value))
        return false;
    if (value < 0 || (ticks)value > frontier)
        return out_error(&session->out, "The ticks that are known go from 0 to %" PRIu64, frontier);
    *tick = (ticks)value;
    return true;
}

static bool read_arguments(struct session *session, const char *text, unsigned *number, ticks *tick)
{
    char word[64];
    if (command_word(&text, word, sizeof word) != NULL && !read_number(session, word, number))
        return false;
    if (command_word(&text, word, sizeof word) != NULL && !read_tick(session, word, tick))
        return false;
    return command_word(&text, word, sizeof word) == NULL ||
           out_error(&session->out, "pipeline takes a number of instructions and a tick, not %s",
                     word);
}

bool cmd_pipeline(struct session *session, const struct command_args *args)
{
    unsigned number = SHOWN;
    ticks tick = CLOCK_NEVER;
    struct origin_trip trip;
    if (!session_needs_machine(session))
        return false;
    if (!read_arguments(session, args->text, &number, &tick))
        return false;
    struct pipeline_view *view = bug_alloc(1, sizeof *view);
    origin_depart(session, &trip);
    if (tick != CLOCK_NEVER)
        origin_visit(session, TIMELINE_AT_TICK(tick));
    view->moment = timeline_now(session->timeline);
    view->cpu = (const struct mips *)session->cpu;
    note_next(session, view);
    bool fine = look(session, view, number);
    origin_return(session, &trip);
    if (fine)
        pipeline_say(session, view);
    free(view);
    return fine || out_error(&session->out, "Interrupted: not to the end");
}
