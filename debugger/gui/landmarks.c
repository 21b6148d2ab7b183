/* landmarks: every system call, interrupt, fault and process switch from power-on to the furthest
 * moment, small enough for millions of them. */
#include "debugger/gui/landmarks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

#define OPEN (sizeof((struct landmarks *)0)->open / sizeof((struct landmarks *)0)->open[0])

static void drop_behind(struct landmarks *landmarks, struct timeline_position position);

void landmarks_init(struct landmarks *landmarks, struct session *session)
{
    struct timeline_position origin = timeline_origin(session->timeline);
    *landmarks = (struct landmarks){.covered = origin.count,
                                    .covered_tick = origin.tick,
                                    .processes = 1,
                                    .first = {.tick = CLOCK_NEVER},
                                    .posts = session->machine->input.posts,
                                    .seen = session->machine->trace.written};
    landmarks->process[0].pid = -1;
}

void landmarks_free(struct landmarks *landmarks)
{
    free(landmarks->landmark);
    landmarks->landmark = NULL;
}

/* --- filling ---------------------------------------------------------------------------------- */

/* Of the older half every other one goes. */
static void thin(struct landmarks *landmarks)
{
    size_t half = landmarks->used / 2, kept = 0;
    for (size_t i = 0; i < half; i += 2)
        landmarks->landmark[kept++] = landmarks->landmark[i];
    memmove(landmarks->landmark + kept, landmarks->landmark + half,
            (landmarks->used - half) * sizeof *landmarks->landmark);
    landmarks->used -= half - kept;
    landmarks->thinned = true;
}

static void add(struct landmarks *landmarks, struct landmark landmark)
{
    if (landmarks->used == LANDMARK_MOST)
        thin(landmarks);
    if (landmarks->used == landmarks->room) {
        landmarks->room = landmarks->room == 0 ? 4096 : landmarks->room * 2;
        struct landmark *bigger = realloc(landmarks->landmark, landmarks->room * sizeof *bigger);
        bug_unless(bigger != NULL);
        landmarks->landmark = bigger;
    }
    landmarks->landmark[landmarks->used++] = landmark;
    landmarks->total[landmark.kind]++;
}

/* The process that the CPU runs. What is known of it holds until another one runs, or until it has
 * another address space: exec gives it another name. */
static uint8_t who(struct landmarks *landmarks, struct session *session, uint32_t address)
{
    struct process process;
    uint32_t space = session->cpu->ops->space(session->cpu);
    if (address == 0)
        return 0;
    if (address == landmarks->known.address && space == landmarks->known.space)
        return landmarks->known.index;
    session->spaces = 0;
    if (!process_current(session, &process))
        return 0;
    unsigned i = 1;
    while (i < landmarks->processes && (landmarks->process[i].pid != process.pid ||
                                        strcmp(landmarks->process[i].name, process.name) != 0))
        i++;
    if (i == LANDMARK_PROCESSES)
        i--;
    landmarks->process[i].pid = process.pid;
    landmarks->process[i].image = process.image;
    snprintf(landmarks->process[i].name, sizeof landmarks->process[i].name, "%s", process.name);
    if (i == landmarks->processes)
        landmarks->processes++;
    landmarks->known.address = address;
    landmarks->known.space = space;
    landmarks->known.index = (uint8_t)i;
    return (uint8_t)i;
}

static enum landmark_kind kind_of(const struct session *session, const struct trace_event *trap)
{
    switch (session->arch->trap(trap)) {
    case ARCH_INTERRUPT: return LANDMARK_IRQ;
    case ARCH_FAULT: return LANDMARK_FAULT;
    default: break;
    }
    bool call = session->profile != NULL ? profile_of_vector(session->profile, trap->vector) != NULL
                                         : session->arch->may_be_call(trap);
    return call ? LANDMARK_CALL : LANDMARK_FAULT;
}

/* What it is, of all of its kind: of a call its number and path, else the vector. */
static void note_what(struct session *session, const struct trace_event *trap,
                      struct landmark *landmark)
{
    int64_t number = -1;
    const struct profile *path =
        landmark->kind == LANDMARK_CALL ? path_of_call(session, trap->vector, &number) : NULL;
    landmark->what = (uint16_t)trap->vector;
    if (path == NULL || number < 0 || number >= UINT16_MAX)
        return;
    landmark->what = (uint16_t)number;
    for (const struct profile *p = session->profile; p != path; p = p->next)
        landmark->path = (landmark->path + 1) & 0xf;
}

/* The way back to a trap's instruction, and on, passes it twice. */
static bool is_known(const struct landmarks *landmarks, ticks tick, enum landmark_kind kind)
{
    for (size_t i = landmarks->used; i-- > 0 && landmarks->landmark[i].tick >= tick;)
        if (landmarks->landmark[i].tick == tick && landmarks->landmark[i].kind == kind)
            return true;
    return false;
}

static void note_trap(struct landmarks *landmarks, struct session *session,
                      const struct trace_event *trap)
{
    if (session->arch->trap(trap) == ARCH_REFILL ||
        session->arch->is_firmware_call(session->cpu, trap))
        return;
    enum landmark_kind kind = kind_of(session, trap);
    uint32_t process = process_current_address(session);
    if (is_known(landmarks, trap->tick, kind))
        return;
    if (landmarks->opened == OPEN)
        memmove(landmarks->open, landmarks->open + 1,
                --landmarks->opened * sizeof landmarks->open[0]);
    landmarks->open[landmarks->opened++] =
        (struct open_landmark){trap->tick, trap->addr, process, trap->old == 0};
    struct landmark landmark = {.tick = trap->tick,
                                .took = UINT32_MAX,
                                .kind = kind & 7,
                                .user = trap->old != 0,
                                .who = who(landmarks, session, process)};
    note_what(session, trap, &landmark);
    add(landmarks, landmark);
}

static void set_took(struct landmarks *landmarks, ticks tick, ticks end)
{
    size_t i = landmarks_at(landmarks, tick);
    while (i < landmarks->used && landmarks->landmark[i].tick == tick &&
           landmarks->landmark[i].kind == LANDMARK_SWITCH)
        i++;
    if (i < landmarks->used && landmarks->landmark[i].tick == tick)
        landmarks->landmark[i].took = end - tick < UINT32_MAX ? (uint32_t)(end - tick) : UINT32_MAX;
}

static void note_return(struct landmarks *landmarks, struct session *session,
                        const struct trace_event *returned)
{
    uint32_t process = process_current_address(session);
    bool kernel = returned->value == 0;
    for (unsigned i = landmarks->opened; i-- > 0;) {
        const struct open_landmark *open = &landmarks->open[i];
        if (open->kernel != kernel ||
            (kernel ? open->pc != returned->addr : open->process != process))
            continue;
        set_took(landmarks, open->tick, returned->tick + returned->cost);
        landmarks->opened--;
        memmove(&landmarks->open[i], &landmarks->open[i + 1],
                (landmarks->opened - i) * sizeof landmarks->open[0]);
        break;
    }
    if (kernel || process == 0 || process == landmarks->runs)
        return;
    bool first = landmarks->runs == 0;
    landmarks->runs = process;
    landmarks->known.address = 0;
    if (landmarks->first.tick == CLOCK_NEVER) {
        landmarks->first.tick = returned->tick;
        landmarks->first.who = who(landmarks, session, process);
    }
    if (!first)
        add(landmarks, (struct landmark){.tick = returned->tick,
                                         .kind = LANDMARK_SWITCH,
                                         .who = who(landmarks, session, process)});
}

void landmarks_note(struct landmarks *landmarks, struct session *session,
                    const struct trace_event *event)
{
    if (landmarks->posts != session->machine->input.posts) { /* from here on, another future */
        landmarks->posts = session->machine->input.posts;
        if (event->count < landmarks->covered)
            drop_behind(landmarks, (struct timeline_position){event->tick, event->count, 0});
    }
    if (event->count < landmarks->covered)
        return;
    if (event->kind == TRACE_TRAP)
        note_trap(landmarks, session, event);
    else if (event->kind == TRACE_RETURNED)
        note_return(landmarks, session, event);
}

void landmarks_ran(struct landmarks *landmarks, struct session *session,
                   struct timeline_position from)
{
    struct timeline_position now = timeline_now(session->timeline);
    if (from.count <= landmarks->covered && now.count > landmarks->covered)
        landmarks->covered = now.count;
}

/* --- keeping up ------------------------------------------------------------------------------- */

static void drop_behind(struct landmarks *landmarks, struct timeline_position position)
{
    while (landmarks->used > 0 && landmarks->landmark[landmarks->used - 1].tick >= position.tick) {
        const struct landmark *last = &landmarks->landmark[--landmarks->used];
        landmarks->total[last->kind] -= landmarks->total[last->kind] > 0;
    }
    while (landmarks->opened > 0 && landmarks->open[landmarks->opened - 1].tick >= position.tick)
        landmarks->opened--;
    landmarks->covered = position.count;
    landmarks->covered_tick = position.tick;
    landmarks->known.address = landmarks->runs = 0;
    landmarks->patched = true;
    if (landmarks->first.tick >= position.tick)
        landmarks->first.tick = CLOCK_NEVER;
}

struct catching_up {
    struct landmarks *landmarks;
    struct session *session;
};

static bool on_micro(void *context, struct cpu *cpu, const struct trace_event *ignored)
{
    struct catching_up *up = context;
    (void)ignored;
    for (; up->landmarks->seen < cpu->trace->written; up->landmarks->seen++) {
        const struct trace_event *event = trace_at(cpu->trace, up->landmarks->seen);
        if (event != NULL)
            landmarks_note(up->landmarks, up->session, event);
    }
    return false;
}

bool landmarks_catch_up(struct landmarks *landmarks, struct session *session, uint64_t most)
{
    struct timeline_position frontier = timeline_frontier(session->timeline), to = frontier;
    if (frontier.count < landmarks->covered)
        drop_behind(landmarks, frontier);
    struct timeline_position from = {0, landmarks->covered, 0};
    if (frontier.count > landmarks->covered) {
        struct catching_up up = {landmarks, session};
        struct cpu_observer observer = {.context = &up, .micro = on_micro};
        if (most == 0)
            return false;
        if (to.count - from.count > most)
            to = (struct timeline_position){0, from.count + most, 0};
        struct timeline_position now = timeline_now(session->timeline);
        struct stop stop = session->stop;
        timeline_seek(session->timeline, from);
        landmarks->seen = session->machine->trace.written;
        stops_scan(session, from, to, &observer);
        timeline_seek(session->timeline, now);
        session_changed(session);
        session->stop = stop;
        landmarks->covered = to.count;
    }
    landmarks->covered_tick = frontier.tick;
    landmarks->posts = session->machine->input.posts;
    return to.count == frontier.count;
}

/* --- asking ----------------------------------------------------------------------------------- */

size_t landmarks_at(const struct landmarks *landmarks, ticks tick)
{
    size_t low = 0, high = landmarks->used;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (landmarks->landmark[middle].tick < tick)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_of(const struct landmarks *landmarks, uint8_t who,
                  const struct trap_question *question)
{
    const struct landmark_process *process = &landmarks->process[who];
    return (question->pid < 0 || process->pid == question->pid) &&
           (question->program == NULL || process->image == question->program);
}

bool landmarks_last_trap(const struct landmarks *landmarks, const struct trap_question *question,
                         struct trap_answer *answer)
{
    ticks before = question->before.tick;
    *answer = (struct trap_answer){.ran = before};
    if (landmarks->thinned || landmarks->covered < question->before.count ||
        landmarks->processes == LANDMARK_PROCESSES)
        return false;
    for (size_t i = landmarks_at(landmarks, before); i-- > 0;) {
        const struct landmark *landmark = &landmarks->landmark[i];
        if (!is_of(landmarks, landmark->who, question))
            continue;
        if (landmark->kind == LANDMARK_SWITCH)
            answer->ran = landmark->tick;
        if (landmark->kind == LANDMARK_SWITCH || !landmark->user ||
            (question->calls && landmark->kind != LANDMARK_CALL))
            continue;
        bool returned = question->pid >= 0 && landmark->took != UINT32_MAX;
        *answer = (struct trap_answer){true, landmark->tick,
                                       landmark->tick + (returned ? landmark->took : 0)};
        return true;
    }
    if (landmarks->first.tick < before && is_of(landmarks, landmarks->first.who, question))
        answer->ran = landmarks->first.tick;
    return !landmarks->patched;
}

void landmarks_describe(const struct landmarks *landmarks, const struct session *session,
                        const struct landmark *landmark, char *to, size_t room)
{
    const struct landmark_process *process = &landmarks->process[landmark->who];
    const struct profile *path = session->profile;
    for (unsigned i = 0; path != NULL && i < landmark->path; i++)
        path = path->next;
    const struct profile_syscall *call =
        path == NULL ? NULL : profile_syscall(path, landmark->what);
    const char *title = profile_vector(session->profile, landmark->what);
    const char *vector = session->arch->vector_name(landmark->what);
    switch ((enum landmark_kind)landmark->kind) {
    case LANDMARK_CALL:
        if (call != NULL)
            snprintf(to, room, "%s", call->name);
        else
            snprintf(to, room, "call %u", landmark->what);
        break;
    case LANDMARK_IRQ:
        if (title != NULL)
            snprintf(to, room, "%s", title);
        else
            snprintf(to, room, "interrupt %u", landmark->what);
        break;
    case LANDMARK_FAULT:
        if (*vector != '\0')
            snprintf(to, room, "%s", vector);
        else
            snprintf(to, room, "vector %u", landmark->what);
        break;
    default: snprintf(to, room, "%" PRId64 " %s", process->pid, process->name); break;
    }
}
