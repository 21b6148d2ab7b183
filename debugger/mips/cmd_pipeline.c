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
        if (n >= view->first)
            session_symbol(watch->session, view->issue[n].pc, view->symbol[n], PIPELINE_SYMBOL);
    session_changed(watch->session);
}

/* Is it one of ours? `count` is the processor's own. */
static bool wanted(struct pipeline_view *view, const struct mips *c, uint64_t count)
{
    if (c != view->cpu || count < view->from || count >= view->end)
        return false;
    note_ready(view, c);
    if (count >= view->shown && view->first > view->log.used)
        view->first = view->log.used;
    return true;
}

static bool before(void *context, struct cpu *cpu, uint32_t pc)
{
    struct watch *watch = context;
    struct pipeline_view *view = watch->view;
    const struct mips *c = (const struct mips *)cpu;
    size_t used = view->log.used;
    (void)pc;
    if (!wanted(view, c, cpu_count(cpu)))
        return false;
    mips_log_before(&view->log, c);
    name(watch, used);
    return false;
}

static bool stepped(void *context, struct cpu *cpu, const struct trace_event *event)
{
    struct watch *watch = context;
    struct pipeline_view *view = watch->view;
    const struct mips *c = (const struct mips *)cpu;
    size_t used = view->log.used;
    if (event == NULL || !wanted(view, c, event->count - cpu->others))
        return false;
    mips_log_step(&view->log, c, event);
    name(watch, used);
    if (event->count - cpu->others >= view->shown && view->steps < PIPELINE_STEPS)
        view->step[view->steps++] = *event;
    return false;
}

/* From the machine's count `from` on until `to`, as far as is known. */
static bool record(struct session *session, struct pipeline_view *view, uint64_t from,
                   struct timeline_position to)
{
    struct watch watch = {session, view};
    struct cpu_observer observer = {.context = &watch, .insn = before, .micro = stepped};
    struct timeline_position frontier = timeline_frontier(session->timeline);
    view->log = (struct mips_log){.issue = view->issue, .room = PIPELINE_ISSUES};
    view->first = PIPELINE_ISSUES;
    if (timeline_compare(to, frontier) > 0)
        to = frontier;
    if (!stops_scan(session, TIMELINE_AT_COUNT(from), to, &observer))
        return false;
    mips_pipeline(view->cpu->model, view->issue, view->log.used, view->ready, view->passage);
    if (view->first > view->log.used)
        view->first = view->log.used;
    return true;
}

/* A count of the machine at which the processor had not yet begun view->from: others may have had
 * their turns since. */
static uint64_t count_before(struct session *session, const struct pipeline_view *view)
{
    const struct cpu *cpu = &view->cpu->cpu;
    uint64_t origin = timeline_origin(session->timeline).count, now = view->moment.count;
    uint64_t back = cpu_count(cpu) - view->from, count;
    do {
        count = now - origin > back ? now - back : origin;
        timeline_seek(session->timeline, TIMELINE_AT_COUNT(count));
        back *= 2;
    } while (count > origin && cpu_count(cpu) > view->from);
    return count;
}

static uint64_t less(uint64_t count, uint64_t by)
{
    return count > by ? count - by : 0;
}

/* `number` instructions around the moment, which the machine is at: every third from it on, when
 * those are known. */
static bool look(struct session *session, struct pipeline_view *view, unsigned number)
{
    struct timeline_position frontier = timeline_frontier(session->timeline);
    uint64_t own = cpu_count(&view->cpu->cpu) + (view->moment.micro > 0);
    uint64_t begun = view->moment.count + (view->moment.micro > 0);
    uint64_t known = frontier.count + (frontier.micro > 0) - begun;
    uint64_t past = begun - timeline_origin(session->timeline).count;
    uint64_t behind = known < (number + 1) / 3 ? known : (number + 1) / 3;
    if (past < number - behind)
        behind = known < number - past ? known : number - past;
    view->shown = less(own, number - behind);
    view->from = less(view->shown, BEFORE);
    view->end = own + behind;
    uint64_t turns = (session->machine->processors - 1) * session->machine->turn.quantum;
    struct timeline_position to = TIMELINE_AT_COUNT(begun + behind + turns);
    if (behind == 0)
        to = view->moment;
    return record(session, view, count_before(session, view), to);
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
