/* scene_find: which trap the present moment belongs to, and what can be said before it. */
#include <inttypes.h>
#include <stdio.h>

#include "debugger/gui/scene_parts.h"
#include "debugger/origin.h"
#include "debugger/show.h"
#include "debugger/tale.h"

#define LOOK_AHEAD 3000000u /* instructions of the known future that a scene takes in */

struct found {
    struct timeline_position where;
    uint32_t steps_before;
};

/* The ring holds the near past without a gap; what it does not hold is searched for. */
static bool last_trap(struct session *session, struct found *found)
{
    const struct trace *trace = &session->machine->trace;
    const struct trace_event *event;
    *found = (struct found){0};
    for (uint64_t n = trace->written; n-- > 0 && (event = trace_at(trace, n)) != NULL;) {
        if (event->kind != TRACE_TRAP || event->old == 0)
            continue;
        found->where = (struct timeline_position){event->tick, event->count, 0};
        while (n-- > 0 && (event = trace_at(trace, n)) != NULL &&
               event->count == found->where.count)
            found->steps_before += event->kind == TRACE_STEP;
        return true;
    }
    return stories_last_trap(session, &found->where);
}

static struct timeline_position how_far(struct session *session, struct timeline_position from)
{
    struct timeline_position now = timeline_now(session->timeline);
    struct timeline_position end = timeline_frontier(session->timeline);
    if (end.count <= from.count + LOOK_AHEAD)
        return end;
    return now.count < from.count + LOOK_AHEAD ? TIMELINE_AT_COUNT(from.count + LOOK_AHEAD) : now;
}

/* On the trap instruction, and nothing is known of what comes. scene->call and heading are said. */
static void gather_coming(struct session *session, struct scene *scene, const char *text)
{
    struct process process;
    struct gathering g = {.session = session, .scene = scene};
    scene->state = SCENE_COMING;
    scene->when = timeline_now(session->timeline);
    scene->tick = scene->when.tick;
    if (process_current(session, &process)) {
        scene->pid = process.pid;
        scene_text(scene->program, sizeof scene->program, "%s", process.name);
    }
    scene_gather_user(&g);
    if (scene->machine == SCENE_MIPS)
        scene_mips_coming(session, scene);
    struct scene_beat *beat = scene_add_beat(scene, BEAT_USER, PHASE_USER, 3);
    beat->at = scene->when;
    beat->tick = scene->tick;
    beat->sp = scene->user_sp;
    scene_text(beat->name, sizeof beat->name, "%s", scene->user_insn);
    scene_text(beat->text, sizeof beat->text, "%s", text);
    scene_text(beat->value, sizeof beat->value, "at %08" PRIx32 " %s", scene->user_pc,
               scene->user_symbol);
}

static void gather_coming_call(struct session *session, struct scene *scene,
                               const struct profile *path, int64_t number)
{
    const struct profile_syscall *call = profile_syscall(path, number);
    scene->is_call = true;
    scene->number = number;
    scene->vector = path->vector;
    scene_text(scene->call, sizeof scene->call, "%s",
               call == NULL ? "an unknown call" : call->name);
    show_call(session, path, number, scene->heading, sizeof scene->heading);
    scene_text(scene->question, sizeof scene->question, "%s", scene->heading);
    gather_coming(session, scene, "The instruction that leaves user mode comes next.");
}

/* A catchpoint has stopped in front of the trap. */
static bool is_caught(struct session *session)
{
    const struct stop *stop = &session->stop;
    struct timeline_position now = timeline_now(session->timeline);
    return stop->kind == STOP_CATCHPOINT && stop->trap.kind == TRACE_TRAP && stop->trap.old != 0 &&
           stop->trap.count == now.count && now.micro == 0;
}

static void gather_coming_fault(struct session *session, struct scene *scene)
{
    const char *title = session->arch->vector_title(session->stop.trap.vector);
    scene->vector = session->stop.trap.vector;
    scene_text(scene->call, sizeof scene->call, "%s", title == NULL ? "a trap" : title);
    scene_text(scene->heading, sizeof scene->heading, "%s", scene->call);
    scene_text(scene->question, sizeof scene->question, "%s", scene->heading);
    gather_coming(session, scene,
                  "The processor is about to leave this instruction for the kernel.");
}

static void name_machine(const struct arch *arch, struct scene *scene)
{
    scene->machine = arch == &arch_mips ? SCENE_MIPS : SCENE_X86;
    scene_text(scene->user_mode, sizeof scene->user_mode, "%s", arch->user);
    scene_text(scene->kernel_mode, sizeof scene->kernel_mode, "%s", arch->kernel);
    scene_text(scene->delivery, sizeof scene->delivery, "%s", arch->delivery);
    scene_text(scene->sp_name, sizeof scene->sp_name, "%s", arch->calls_push ? "ESP" : "sp");
}

static void begin(struct session *session, struct scene *scene)
{
    *scene = (struct scene){0};
    if (session->arch != NULL)
        name_machine(session->arch, scene);
    struct scene_mips *m = &scene->mips;
    m->epc_beat = m->cause_beat = m->badvaddr_beat = SCENE_NEVER;
    m->status_beat = m->vector_beat = m->pop_beat = SCENE_NEVER;
    struct scene_x86 *x = &scene->x86;
    x->gate_limit_beat = x->gate_high_beat = x->gate_low_beat = SCENE_NEVER;
    x->code.beat = x->stack.beat = SCENE_NEVER;
    x->esp0_beat = x->ss0_beat = x->esp_beat = SCENE_NEVER;
    scene->dispatch.beat = scene->result_beat = scene->fault.beat = SCENE_NEVER;
    for (unsigned i = 0; i < STORY_PHASES; i++)
        scene->phase[i].beat = SCENE_NEVER;
}

static bool gather_found(struct session *session, const struct found *found, struct scene *scene)
{
    struct story *story =
        stories_replay_until(session, found->where, how_far(session, found->where));
    if (story == NULL)
        return false;
    struct gathering g = {session, scene, story, story->extra, found->steps_before, 0};
    scene_gather_story(&g);
    story_free(story);
    return true;
}

bool scene_gather_trap(struct session *session, struct timeline_position trap, struct scene *scene)
{
    struct found found = {.where = trap};
    begin(session, scene);
    if (!session_needs_machine(session) || !session_needs_profile(session))
        return false;
    found.where.micro = 0;
    found.steps_before = trap.micro;
    return gather_found(session, &found, scene);
}

/* The present instruction is known to trap: the timeline has been there. */
static bool next_trap(struct session *session, struct found *found)
{
    struct timeline_position now = timeline_now(session->timeline);
    struct timeline_position first = {0, now.count, 1};
    const struct trace *trace = &session->machine->trace;
    const struct trace_event *event;
    struct origin_trip trip;
    bool is_trap = false;
    if (now.micro > 0 || session_in_kernel(session) ||
        timeline_compare(first, timeline_frontier(session->timeline)) > 0)
        return false;
    origin_depart(session, &trip);
    origin_visit(session, first);
    for (uint64_t n = trace->written;
         n-- > 0 && (event = trace_at(trace, n)) != NULL && event->count == now.count && !is_trap;)
        if (event->kind == TRACE_TRAP && event->old != 0) {
            is_trap = true;
            found->where = (struct timeline_position){event->tick, event->count, 0};
        }
    origin_return(session, &trip);
    return is_trap;
}

/* The trap that the present belongs to. */
static bool gather_last(struct session *session, struct scene *scene)
{
    struct found found = {0};
    int64_t number;
    struct timeline_position now = timeline_now(session->timeline);
    const struct profile *path =
        now.micro > 0 || session_in_kernel(session)
            ? NULL
            : show_at_syscall(session, session->cpu->ops->pc(session->cpu), &number);
    bool known = timeline_frontier(session->timeline).count > now.count;
    if (path != NULL && !known) {
        gather_coming_call(session, scene, path, number);
        return true;
    }
    if (path != NULL) {
        found.where = now;
    } else if (!known && is_caught(session)) {
        gather_coming_fault(session, scene);
        return true;
    } else if (!next_trap(session, &found) && !last_trap(session, &found)) {
        scene_text(scene->heading, sizeof scene->heading, "No program has trapped yet");
        return true;
    }
    return gather_found(session, &found, scene);
}

bool scene_gather(struct session *session, struct scene *scene)
{
    begin(session, scene);
    if (!session_needs_machine(session) || !session_needs_profile(session) ||
        !gather_last(session, scene))
        return false;
    scene->present_sp = session->cpu->ops->sp(session->cpu);
    scene->present_beat = (uint16_t)scene_beat_at(scene, timeline_now(session->timeline));
    if (scene->machine == SCENE_MIPS)
        scene_mips_present(session, scene);
    return true;
}
