/* stories_past: finding and replaying one trap of the past. */
#include <stdlib.h>
#include <string.h>

#include "debugger/stories.h"
#include "emu/base/bug.h"

/* --- the last call ---------------------------------------------------------------------------- */

struct search {
    struct session *session;
    uint64_t seen;
    bool begun; /* seen is that of this scan */
    bool found;
    bool calls_only, no_refills;
    const struct process *process; /* only its traps; NULL = any */
    struct timeline_position where;
    struct trace_event trap;   /* at `where` */
    struct trace_event before; /* the one found before it; kind 0 = none */
};

static void find(struct search *search, const struct trace_event *event)
{
    search->before = search->found ? search->trap : (struct trace_event){0};
    search->trap = *event;
    search->found = true;
    search->where = (struct timeline_position){event->tick, event->count, 0};
}

static bool is_wanted(const struct search *search)
{
    struct session *session = search->session;
    struct process process;
    session_changed(session);
    if (search->process != NULL)
        return process_current(session, &process) && process.pid == search->process->pid;
    return session->program == NULL || session_program(session) == session->program;
}

/* The delivery that was found has been abandoned: it left no frame. */
static void refuse(struct search *search, const struct trace_event *event)
{
    if (!search->found || search->process == NULL || event->count != search->trap.count ||
        event->cpu != search->trap.cpu)
        return;
    search->found = search->before.kind != 0;
    if (search->found)
        find(search, &search->before);
}

static bool look(void *context, struct cpu *cpu, const struct trace_event *step)
{
    struct search *search = context;
    struct session *session = search->session;
    (void)step;
    if (!search->begun) /* this step's own beginning may stand right before it */
        search->seen = cpu->trace->written < 2 ? 0 : cpu->trace->written - 2;
    search->begun = true;
    for (; search->seen < cpu->trace->written; search->seen++) {
        const struct trace_event *event = trace_at(cpu->trace, search->seen);
        if (event != NULL && event->kind == TRACE_FAULTED)
            refuse(search, event);
        if (event == NULL || event->kind != TRACE_TRAP || event->old == 0 ||
            (search->calls_only && profile_of_vector(session->profile, event->vector) == NULL) ||
            (search->no_refills && session->arch->trap(event) == ARCH_REFILL))
            continue;
        if (is_wanted(search))
            find(search, event);
    }
    return false;
}

/* False = interrupted. */
static bool look_through(struct search *search, struct timeline_position from,
                         struct timeline_position to)
{
    struct cpu_observer observer = {.context = search, .micro = look};
    search->begun = false;
    return stops_scan(search->session, from, to, &observer);
}

enum found { FOUND, NONE, NOT_KNOWN, INTERRUPTED };

/* Stretch by stretch backwards, as far as `end.count - far`. */
static enum found find_before(struct search *search, struct timeline_position end, uint64_t far)
{
    struct timeline_position from;
    uint64_t limit = end.count > far ? end.count - far : 0;
    while (end.count > limit && timeline_before(search->session->timeline, end, &from)) {
        if (!look_through(search, from, end))
            return INTERRUPTED;
        if (search->found)
            return FOUND;
        end = from;
    }
    return limit == 0 && timeline_origin(search->session->timeline).count == 0 ? NONE : NOT_KNOWN;
}

#define TRIES 4u   /* traps that turn out to be another program's */
#define ABOUT 200u /* more ticks, or instructions, than one instruction takes before it traps */

/* Around the tick of a trap, not as far as `end`. */
static bool look_at(struct search *search, ticks tick, struct timeline_position end)
{
    struct timeline *timeline = search->session->timeline;
    struct timeline_position present = timeline_now(timeline);
    timeline_seek(timeline, TIMELINE_AT_TICK(tick > ABOUT ? tick - ABOUT : 0));
    struct timeline_position from = timeline_now(timeline), to = {0, from.count + 2 * ABOUT, 0};
    bool fine = look_through(search, from, timeline_compare(end, to) < 0 ? end : to);
    timeline_seek(timeline, present);
    session_changed(search->session);
    return fine;
}

/* Where somebody keeps a list of the traps there is little to replay. */
static enum found find_in_list(struct search *search, struct timeline_position end)
{
    struct session *session = search->session;
    struct stops *stops = &session->stops;
    struct trap_question question = {
        .before = end,
        .pid = search->process == NULL ? -1 : search->process->pid,
        .program = search->process == NULL ? session->program : NULL,
        .calls = search->calls_only,
    };
    struct trap_answer answer;
    for (unsigned i = 0; i < TRIES && stops->last_trap_hook != NULL &&
                         stops->last_trap_hook(stops->event_context, &question, &answer);
         i++) {
        bool unlisted = session->arch->refills && !search->no_refills && !search->calls_only;
        if (i == 0 && unlisted && !look_through(search, TIMELINE_AT_TICK(answer.ran), end))
            return INTERRUPTED;
        if (search->found)
            return FOUND;
        if (!answer.any)
            return NONE;
        if (!look_at(search, answer.trap, end))
            return INTERRUPTED;
        if (search->found)
            return FOUND;
        question.before.tick = answer.trap;
    }
    return NOT_KNOWN;
}

static bool find_last(struct session *session, bool calls_only, struct timeline_position *position)
{
    struct search search = {.session = session, .calls_only = calls_only};
    struct timeline_position now = timeline_now(session->timeline);
    enum found how = find_in_list(&search, now);
    if (how == NOT_KNOWN)
        how = find_before(&search, now, UINT64_MAX);
    bool found = how == FOUND;
    if (found)
        *position = search.where;
    return found;
}

bool stories_last_call(struct session *session, struct timeline_position *position)
{
    return find_last(session, true, position);
}

bool stories_last_trap(struct session *session, struct timeline_position *position)
{
    return find_last(session, false, position);
}

/* A process that sleeps for longer is told from one that has never trapped by saying so. */
#define FAR 4000000u /* instructions: a tenth of a second, where replaying is slowest */

bool stories_trap_before(struct session *session, const struct story *story, bool refills,
                         struct trace_event *trap, bool *whole)
{
    const struct tale *tale = story->extra;
    struct timeline_position end = {story->tick, story->count, 0};
    struct search search = {.session = session, .process = &tale->process, .no_refills = !refills};
    enum found how = find_in_list(&search, end);
    if (how == NOT_KNOWN)
        how = find_before(&search, end, FAR);
    *trap = search.trap;
    *whole = how == NONE;
    return how == FOUND;
}

/* --- the last one that failed -------------------------------------------------------------------
 */

/* A call may begin in one stretch and end in the next. */
#define OVERLAP 200000u /* instructions */

struct failure {
    bool found;
    struct timeline_position where;
};

static void note_failure(void *context, struct stories *stories, struct story *story,
                         struct tale *tale)
{
    struct failure *failure = context;
    const struct session *session = stories->session;
    bool ours = session->program == NULL || tale->process.image == session->program;
    if (!tale->failed || !ours || story->end != STORY_RETURNED ||
        (failure->found && story->count < failure->where.count))
        return;
    failure->found = true;
    failure->where = (struct timeline_position){story->tick, story->count, 0};
}

bool stories_last_failure(struct session *session, struct timeline_position *position)
{
    struct timeline_position end = timeline_now(session->timeline), from;
    struct failure failure = {.found = false};
    bool fine = true;
    while (fine && !failure.found && timeline_before(session->timeline, end, &from)) {
        struct stories *stories = bug_alloc(1, sizeof *stories);
        struct timeline_position early =
            TIMELINE_AT_COUNT(from.count > OVERLAP ? from.count - OVERLAP : 0);
        if (timeline_compare(early, timeline_origin(session->timeline)) < 0)
            early = timeline_origin(session->timeline);
        fine = stories_begin(stories, session, note_failure, &failure);
        if (fine) {
            struct cpu_observer observer = stories_observer(stories, false);
            struct timeline_position present = timeline_now(session->timeline);
            timeline_seek(session->timeline, early);
            stories->seen = session->machine->trace.written;
            timeline_seek(session->timeline, present);
            fine = stops_scan(session, early, end, &observer);
            stories_catch_up(stories);
            stories_free(stories);
        }
        free(stories);
        end = from;
    }
    *position = failure.where;
    return failure.found;
}

/* --- one story, replayed ---------------------------------------------------------------------- */

/* A delivery that was refused and the one for its fault begin at the same count. */
struct replay {
    struct timeline_position from; /* the story's */
    struct story *story;
};

static void keep(void *context, struct stories *stories, struct story *story, struct tale *tale)
{
    struct replay *replay = context;
    if (story->count != replay->from.count || story->tick != replay->from.tick ||
        replay->story != NULL)
        return;
    replay->story = bug_alloc(1, sizeof *story);
    *replay->story = *story;
    replay->story->extra = bug_alloc(1, sizeof *tale);
    memcpy(replay->story->extra, tale, sizeof *tale);
    stories->stop = true;
}

/* Runs from `from` to `to` under the observer. False = interrupted. */
static bool run_to(struct session *session, struct timeline_position to, const bool *enough)
{
    for (;;) {
        struct timeline_position before = timeline_now(session->timeline);
        if (*enough || timeline_compare(before, to) >= 0)
            return true;
        struct machine_limit limit = {before.tick + 1000000, to.count, to.micro, false};
        timeline_run(session->timeline, limit);
        if (stops_interrupted(session))
            return false;
        if (timeline_compare(timeline_now(session->timeline), before) == 0)
            return true;
    }
}

struct story *stories_replay(struct session *session, struct timeline_position from)
{
    return stories_replay_until(session, from, timeline_now(session->timeline));
}

struct story *stories_replay_until(struct session *session, struct timeline_position from,
                                   struct timeline_position until)
{
    struct replay replay = {.from = from};
    struct stories *stories = bug_alloc(1, sizeof *stories);
    struct timeline_position present = timeline_now(session->timeline);
    if (!stories_begin(stories, session, keep, &replay)) {
        free(stories);
        return NULL;
    }
    stories->want_steps = true;
    /* A little before the trap, so that the stub's first instruction is seen. */
    struct timeline_position start = TIMELINE_AT_COUNT(from.count > 4 ? from.count - 4 : 0);
    timeline_seek(session->timeline, start);
    stories->seen = session->machine->trace.written;
    struct cpu_observer observer = stories_observer(stories, true);
    machine_observe(session->machine, &observer);
    bool fine = run_to(session, until, &stories->stop);
    stories_catch_up(stories);
    if (fine && replay.story == NULL)
        stories_arrive(stories);
    machine_observe(session->machine, NULL);
    timeline_seek(session->timeline, present);
    session_changed(session);
    if (fine && replay.story == NULL)
        stories_finish(stories);
    else
        stories_free(stories);
    free(stories);
    if (!fine)
        out_error(&session->out, "Interrupted.");
    else if (replay.story == NULL)
        out_error(&session->out, "That trap cannot be found again.");
    return fine ? replay.story : NULL;
}

void story_free(struct story *story)
{
    if (story != NULL)
        free(story->extra);
    free(story);
}
