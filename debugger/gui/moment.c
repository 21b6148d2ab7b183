/* moment: running a program to the trap that a picture or a lesson is about. */
#include "debugger/gui/moment.h"

#include <inttypes.h>
#include <string.h>

#include "debugger/show.h"

struct hunt {
    struct wanted_call wanted;
    bool want_call, want_fault;
    bool found, found_fault;
    struct timeline_position call, fault;
};

static bool is_program(struct session *session)
{
    session->spaces = 0;
    return session->program == NULL || session_program(session) == session->program;
}

static void on_trap(void *context, struct session *session, const struct trace_event *trap)
{
    struct hunt *hunt = context;
    enum arch_trap kind = session->arch->trap(trap);
    bool call = kind == ARCH_SOFTWARE && profile_of_vector(session->profile, trap->vector) != NULL;
    bool fault = kind == ARCH_FAULT || (kind == ARCH_SOFTWARE && !call);
    if (trap->old == 0 || hunt->found || (!call && !fault) || !is_program(session))
        return;
    struct timeline_position here = {trap->tick, trap->count, 0};
    if (call && hunt->want_call && path_wants(session, trap->vector, &hunt->wanted)) {
        hunt->found = true;
        hunt->call = here;
    }
    /* The first trap of a count: an INT that is refused comes before its fault. */
    if (fault && !hunt->found_fault) {
        hunt->found_fault = true;
        hunt->fault = here;
        hunt->found = hunt->want_fault;
    }
}

static bool is_over(void *context, struct session *session, uint32_t pc)
{
    const struct hunt *hunt = context;
    (void)pc;
    return hunt->found && !session_in_kernel(session) &&
           (session->program == NULL || session_program(session) == session->program);
}

bool moment_say_none(struct session *session, const struct moment *moment)
{
    if (session->stop.kind == STOP_LIMIT)
        return out_error(&session->out,
                         "gave up after %" PRIu64 " instructions (--insn-limit): no such trap yet",
                         session->insn_limit);
    if (moment->syscall != NULL)
        return out_error(&session->out, "the program never calls %s", moment->syscall);
    if (moment->fault)
        return out_error(&session->out, "the program has no fault");
    return out_error(&session->out, "the program never traps into the kernel");
}

bool moment_next(struct session *session, const struct moment *moment, struct scene *scene)
{
    bool named = moment->syscall != NULL;
    struct hunt hunt = {.wanted = {NULL, -1},
                        .want_call = !moment->fault,
                        .want_fault = moment->fault || (moment->any && !named)};
    if (!session_needs_profile(session) ||
        (named && !show_wanted_call(session, moment->syscall, &hunt.wanted)))
        return false;
    session->stops.trap_hook = on_trap;
    session->stops.trap_context = &hunt;
    stops_run(session, false, is_over, &hunt, MACHINE_NO_LIMIT);
    session->stops.trap_hook = NULL;
    bool call = hunt.found && (!hunt.found_fault || !hunt.want_fault);
    if (!call && (named || !hunt.found_fault))
        return false;
    return scene_gather_trap(session, call ? hunt.call : hunt.fault, scene);
}
