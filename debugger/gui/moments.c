/* moments: every system call, interrupt, fault and process switch from power-on to the furthest
 * moment, small enough for millions of them. */
#include "debugger/gui/moments.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

#define OPEN (sizeof((struct moments *)0)->open / sizeof((struct moments *)0)->open[0])

static void drop_behind(struct moments *moments, struct timeline_position position);

void moments_init(struct moments *moments, struct session *session)
{
    struct timeline_position origin = timeline_origin(session->timeline);
    *moments = (struct moments){.covered = origin.count,
                                .covered_tick = origin.tick,
                                .processes = 1,
                                .posts = session->machine->input.posts,
                                .seen = session->machine->trace.written};
    moments->process[0].pid = -1;
}

void moments_free(struct moments *moments)
{
    free(moments->moment);
    moments->moment = NULL;
}

/* --- filling ---------------------------------------------------------------------------------- */

/* Of the older half every other one goes. */
static void thin(struct moments *moments)
{
    size_t half = moments->used / 2, kept = 0;
    for (size_t i = 0; i < half; i += 2)
        moments->moment[kept++] = moments->moment[i];
    memmove(moments->moment + kept, moments->moment + half,
            (moments->used - half) * sizeof *moments->moment);
    moments->used -= half - kept;
    moments->thinned = true;
}

static void add(struct moments *moments, struct moment moment)
{
    if (moments->used == MOMENTS_MOST)
        thin(moments);
    if (moments->used == moments->room) {
        moments->room = moments->room == 0 ? 4096 : moments->room * 2;
        struct moment *bigger = realloc(moments->moment, moments->room * sizeof *bigger);
        bug_unless(bigger != NULL);
        moments->moment = bigger;
    }
    moments->moment[moments->used++] = moment;
    moments->total[moment.kind]++;
}

/* Asked for only when another process has come. */
static uint8_t who(struct moments *moments, struct session *session, uint32_t address)
{
    struct process process;
    if (address == 0)
        return 0;
    session->spaces = 0;
    if (address == moments->known.address && moments->known.index != 0 &&
        !process_ended(session, address, moments->known.pid))
        return moments->known.index;
    if (!process_current(session, &process))
        return 0;
    unsigned i = 1;
    while (i < moments->processes && (moments->process[i].pid != process.pid ||
                                      strcmp(moments->process[i].name, process.name) != 0))
        i++;
    if (i == MOMENTS_PROCESSES)
        i--;
    moments->process[i].pid = process.pid;
    snprintf(moments->process[i].name, sizeof moments->process[i].name, "%s", process.name);
    if (i == moments->processes)
        moments->processes++;
    moments->known.address = address;
    moments->known.pid = process.pid;
    moments->known.index = (uint8_t)i;
    return (uint8_t)i;
}

static enum moment_kind kind_of(const struct session *session, const struct trace_event *trap)
{
    switch (session->arch->trap(trap)) {
    case ARCH_INTERRUPT: return MOMENT_IRQ;
    case ARCH_FAULT: return MOMENT_FAULT;
    default: break;
    }
    bool call = session->profile != NULL ? trap->vector == session->profile->vector
                                         : session->arch->may_be_call(trap);
    return call ? MOMENT_CALL : MOMENT_FAULT;
}

static uint16_t number_of(struct session *session, const struct trace_event *trap,
                          enum moment_kind kind)
{
    struct scope scope = {
        .arch = session->arch, .symbols = &session->symbols, .target = &session->target};
    int64_t number;
    if (kind == MOMENT_CALL && session->profile != NULL &&
        session->profile->expression[PROFILE_NUMBER] != NULL &&
        expression_number(&scope, session->profile->expression[PROFILE_NUMBER], &number) &&
        number >= 0 && number < UINT16_MAX)
        return (uint16_t)number;
    return (uint16_t)trap->vector;
}

/* The way back to a trap's instruction, and on, passes it twice. */
static bool is_known(const struct moments *moments, ticks tick, enum moment_kind kind)
{
    for (size_t i = moments->used; i-- > 0 && moments->moment[i].tick >= tick;)
        if (moments->moment[i].tick == tick && moments->moment[i].kind == kind)
            return true;
    return false;
}

static void note_trap(struct moments *moments, struct session *session,
                      const struct trace_event *trap)
{
    if (session->arch->trap(trap) == ARCH_REFILL ||
        session->arch->is_firmware_call(session->cpu, trap))
        return;
    enum moment_kind kind = kind_of(session, trap);
    uint32_t process = process_current_address(session);
    if (is_known(moments, trap->tick, kind))
        return;
    if (moments->opened == OPEN)
        memmove(moments->open, moments->open + 1, --moments->opened * sizeof moments->open[0]);
    moments->open[moments->opened++] =
        (struct open_moment){trap->tick, trap->addr, process, trap->old == 0};
    add(moments, (struct moment){.tick = trap->tick,
                                 .took = UINT32_MAX,
                                 .what = number_of(session, trap, kind),
                                 .kind = (uint8_t)kind,
                                 .who = who(moments, session, process)});
}

static void set_took(struct moments *moments, ticks tick, ticks end)
{
    size_t i = moments_at(moments, tick);
    while (i < moments->used && moments->moment[i].tick == tick &&
           moments->moment[i].kind == MOMENT_SWITCH)
        i++;
    if (i < moments->used && moments->moment[i].tick == tick)
        moments->moment[i].took = end - tick < UINT32_MAX ? (uint32_t)(end - tick) : UINT32_MAX;
}

static void note_return(struct moments *moments, struct session *session,
                        const struct trace_event *returned)
{
    uint32_t process = process_current_address(session);
    bool kernel = returned->value == 0;
    for (unsigned i = moments->opened; i-- > 0;) {
        const struct open_moment *open = &moments->open[i];
        if (open->kernel != kernel ||
            (kernel ? open->pc != returned->addr : open->process != process))
            continue;
        set_took(moments, open->tick, returned->tick + returned->cost);
        moments->opened--;
        memmove(&moments->open[i], &moments->open[i + 1],
                (moments->opened - i) * sizeof moments->open[0]);
        break;
    }
    if (kernel || process == 0 || process == moments->runs)
        return;
    bool first = moments->runs == 0;
    moments->runs = process;
    if (!first)
        add(moments, (struct moment){.tick = returned->tick,
                                     .kind = MOMENT_SWITCH,
                                     .who = who(moments, session, process)});
}

void moments_note(struct moments *moments, struct session *session, const struct trace_event *event)
{
    if (moments->posts != session->machine->input.posts) { /* from here on, another future */
        moments->posts = session->machine->input.posts;
        if (event->count < moments->covered)
            drop_behind(moments, (struct timeline_position){event->tick, event->count, 0});
    }
    if (event->count < moments->covered)
        return;
    if (event->kind == TRACE_TRAP)
        note_trap(moments, session, event);
    else if (event->kind == TRACE_RETURNED)
        note_return(moments, session, event);
}

void moments_ran(struct moments *moments, struct session *session, struct timeline_position from)
{
    struct timeline_position now = timeline_now(session->timeline);
    if (from.count <= moments->covered && now.count > moments->covered)
        moments->covered = now.count;
}

/* --- keeping up ------------------------------------------------------------------------------- */

static void drop_behind(struct moments *moments, struct timeline_position position)
{
    while (moments->used > 0 && moments->moment[moments->used - 1].tick >= position.tick) {
        const struct moment *last = &moments->moment[--moments->used];
        moments->total[last->kind] -= moments->total[last->kind] > 0;
    }
    while (moments->opened > 0 && moments->open[moments->opened - 1].tick >= position.tick)
        moments->opened--;
    moments->covered = position.count;
    moments->covered_tick = position.tick;
    moments->known.address = moments->runs = 0;
}

struct catching_up {
    struct moments *moments;
    struct session *session;
};

static bool on_micro(void *context, struct cpu *cpu, const struct trace_event *ignored)
{
    struct catching_up *up = context;
    (void)ignored;
    for (; up->moments->seen < cpu->trace->written; up->moments->seen++) {
        const struct trace_event *event = trace_at(cpu->trace, up->moments->seen);
        if (event != NULL)
            moments_note(up->moments, up->session, event);
    }
    return false;
}

bool moments_catch_up(struct moments *moments, struct session *session, uint64_t most)
{
    struct timeline_position frontier = timeline_frontier(session->timeline), to = frontier;
    struct timeline_position from = {0, moments->covered, 0};
    if (frontier.count < moments->covered)
        drop_behind(moments, frontier);
    if (frontier.count > moments->covered) {
        struct catching_up up = {moments, session};
        struct cpu_observer observer = {.context = &up, .micro = on_micro};
        if (to.count - from.count > most)
            to = (struct timeline_position){0, from.count + most, 0};
        struct timeline_position now = timeline_now(session->timeline);
        struct stop stop = session->stop;
        timeline_seek(session->timeline, from);
        moments->seen = session->machine->trace.written;
        stops_scan(session, from, to, &observer);
        timeline_seek(session->timeline, now);
        session_changed(session);
        session->stop = stop;
        moments->covered = to.count;
    }
    moments->covered_tick = frontier.tick;
    moments->posts = session->machine->input.posts;
    return to.count == frontier.count;
}

/* --- asking ----------------------------------------------------------------------------------- */

size_t moments_at(const struct moments *moments, ticks tick)
{
    size_t low = 0, high = moments->used;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (moments->moment[middle].tick < tick)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void moments_describe(const struct moments *moments, const struct session *session,
                      const struct moment *moment, char *to, size_t room)
{
    const struct moment_process *process = &moments->process[moment->who];
    const struct profile_syscall *call =
        session->profile == NULL ? NULL : profile_syscall(session->profile, moment->what);
    const char *title =
        session->profile == NULL ? NULL : profile_vector(session->profile, moment->what);
    const char *vector = session->arch->vector_name(moment->what);
    switch ((enum moment_kind)moment->kind) {
    case MOMENT_CALL:
        if (call != NULL)
            snprintf(to, room, "%s", call->name);
        else
            snprintf(to, room, "call %u", moment->what);
        break;
    case MOMENT_IRQ:
        if (title != NULL)
            snprintf(to, room, "%s", title);
        else
            snprintf(to, room, "interrupt %u", moment->what);
        break;
    case MOMENT_FAULT:
        if (*vector != '\0')
            snprintf(to, room, "%s", vector);
        else
            snprintf(to, room, "vector %u", moment->what);
        break;
    default: snprintf(to, room, "%" PRId64 " %s", process->pid, process->name); break;
    }
}
