/* cmd_phase: `phase`, `reverse-phase`, `reverse-syscall`: from one phase of a system call to the
 * next, and back. */
#include <stdlib.h>

#include "debugger/commands.h"
#include "debugger/show.h"
#include "debugger/stories.h"
#include "emu/base/bug.h"

/* A walk through the phases of one process's traps; its interrupts are passed over. */
struct phases {
    struct stories *stories; /* where phases begin */
    uint32_t process;        /* of the kernel's structure; 0 = any */
    bool started;            /* an instruction has been seen: the fields below are known */
    bool kernel;
    unsigned last; /* phase that began last */
};

static const struct stories_place *place_at(const struct stories *stories, uint32_t pc)
{
    unsigned low = 0, high = stories->places;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (stories->place[middle].address < pc)
            low = middle + 1;
        else
            high = middle;
    }
    return low < stories->places && stories->place[low].address == pc ? &stories->place[low] : NULL;
}

/* The newest trap or, with `user`, the newest out of a program; a return counts for the former. */
static const struct trace_event *newest(const struct trace *trace, bool user)
{
    for (uint64_t n = trace->written; n-- > 0;) {
        const struct trace_event *event = trace_at(trace, n);
        if (event == NULL)
            break;
        if (event->kind == TRACE_TRAP ? !user || event->old != 0
                                      : event->kind == TRACE_RETURNED && !user)
            return event;
    }
    return NULL;
}

/* In a trap that a program caused, and in none that interrupted its handling. */
static bool counts(const struct phases *phases)
{
    const struct session *session = phases->stories->session;
    const struct trace *trace = &session->machine->trace;
    const struct trace_event *last = newest(trace, false), *trap = newest(trace, true);
    bool nested = last != NULL && last->kind == TRACE_TRAP && last->old == 0;
    return !nested && trap != NULL && session->arch->trap(trap) != ARCH_INTERRUPT &&
           session->arch->trap(trap) != ARCH_REFILL;
}

static bool is_return(struct session *session, uint32_t pc)
{
    struct arch_insn insn;
    return show_instruction_at(session, pc, &insn) && insn.flow == FLOW_TRAP_RETURN;
}

static bool in_user(struct phases *phases, uint32_t pc, bool arrived)
{
    struct session *session = phases->stories->session;
    int64_t number;
    phases->last = PHASE_USER;
    return (arrived && counts(phases)) || show_at_syscall(session, pc, &number);
}

/* The delivery ends where the kernel saves the registers, whatever that place is called. */
static bool in_kernel(struct phases *phases, uint32_t pc, bool entered)
{
    const struct stories_place *place = place_at(phases->stories, pc);
    unsigned number = entered                                         ? PHASE_SAVE
                      : place != NULL && place->number < STORY_PHASES ? place->number
                      : phases->last == PHASE_RESTORE && is_return(phases->stories->session, pc)
                          ? PHASE_RETURN
                          : phases->last;
    if (number == phases->last || number == PHASE_USER || !counts(phases))
        return false;
    phases->last = number;
    return true;
}

static bool at_phase(void *context, struct session *session, uint32_t pc)
{
    struct phases *phases = context;
    bool kernel = session_in_kernel(session);
    bool changed = phases->started && phases->kernel != kernel;
    if (phases->process != 0 && process_current_address(session) != phases->process)
        return false;
    phases->started = true;
    phases->kernel = kernel;
    return kernel ? in_kernel(phases, pc, changed) : in_user(phases, pc, changed);
}

static void nothing(void *context, struct stories *stories, struct story *story, struct tale *tale)
{
    (void)context, (void)stories, (void)story, (void)tale;
}

static bool go(struct session *session, bool back)
{
    struct stories *stories = bug_alloc(1, sizeof *stories);
    if (!stories_begin(stories, session, nothing, NULL)) {
        free(stories);
        return false;
    }
    const struct stories_place *place = place_at(stories, session->cpu->ops->pc(session->cpu));
    struct phases phases = {
        .stories = stories,
        .process = process_current_address(session),
        .started = !back,
        .kernel = session_in_kernel(session),
        .last = place != NULL && !back ? place->number : STORY_PHASES,
    };
    if (back)
        stops_run_back(session, false, at_phase, &phases);
    else
        stops_run(session, true, at_phase, &phases, MACHINE_NO_LIMIT);
    stories_free(stories);
    free(stories);
    say_stop(session);
    return true;
}

bool cmd_phase(struct session *session, const struct command_args *args)
{
    (void)args;
    return go(session, false);
}

bool cmd_reverse_phase(struct session *session, const struct command_args *args)
{
    (void)args;
    return go(session, true);
}

static bool at_call(void *context, struct session *session, uint32_t pc)
{
    int64_t number;
    (void)context;
    if (!show_at_syscall(session, pc, &number))
        return false;
    session->spaces = 0;
    return session->program == NULL || session_program(session) == session->program;
}

bool cmd_reverse_syscall(struct session *session, const struct command_args *args)
{
    (void)args;
    if (!session_needs_machine(session) || !session_needs_profile(session))
        return false;
    stops_run_back(session, false, at_call, NULL);
    say_stop(session);
    return true;
}
