/* stops: running the machine forwards and backwards to the points. */
#include "debugger/stops.h"

#include <string.h>

#include "debugger/lookout.h"
#include "debugger/session.h"

/* Host time between looks at Ctrl-C and at the guest's output, in guest ticks. */
#define SLICE 2000000u

/* A slice with no more instructions than this is spent waiting: clock interrupts are all there is.
 */
#define IDLE_INSTRUCTIONS 20000u

/* --- forwards --------------------------------------------------------------------------------- */

static bool interrupted(const struct session *session)
{
    return session->interrupted != NULL && *session->interrupted != 0;
}

bool stops_interrupted(struct session *session)
{
    if (session->pulse != NULL)
        session->pulse(session->slice_context);
    return interrupted(session);
}

bool stops_next_round(struct session *session)
{
    if (session->stop.kind == STOP_STEPPED && stops_interrupted(session))
        session->stop = (struct stop){.kind = STOP_INTERRUPTED};
    return session->stop.kind == STOP_STEPPED;
}

bool stops_pulse(void *context)
{
    struct session *session = context;
    if (session->pulse != NULL && !session->stops.forwards)
        session->pulse(session->slice_context);
    return session->stops.travels && interrupted(session);
}

static struct machine_limit slice_of(const struct session *session, struct machine_limit limit)
{
    ticks until = session->machine->clock.s.now + SLICE;
    if (until < limit.tick)
        limit.tick = until;
    return limit;
}

static bool reached(const struct session *session, const struct machine_limit *limit)
{
    struct timeline_position now = timeline_now(session->timeline);
    return now.tick >= limit->tick || now.count > limit->count ||
           (now.count == limit->count && now.micro >= limit->micro);
}

/* Ends with the reason in run->stop. */
static void run_slices(struct run *run, struct machine_limit limit)
{
    struct session *session = run->session;
    ticks busy = session->machine->clock.s.now;
    for (;;) {
        uint64_t before = machine_count(session->machine);
        struct machine_stop stop = timeline_run(session->timeline, slice_of(session, limit));
        if (run->hit)
            return;
        if (stop.reason != MACHINE_LIMIT && stop.reason != MACHINE_OBSERVED) {
            run->stop = (struct stop){.kind = STOP_MACHINE, .machine = stop};
            return;
        }
        if (reached(session, &limit)) {
            run->stop = (struct stop){.kind = STOP_LIMIT};
            return;
        }
        if (interrupted(session)) {
            run->stop = (struct stop){.kind = STOP_INTERRUPTED};
            return;
        }
        if (session->slice != NULL)
            session->slice(session->slice_context);
        ticks now = session->machine->clock.s.now;
        if (machine_count(session->machine) - before > IDLE_INSTRUCTIONS)
            busy = now;
        if (now - busy > (ticks)STOPS_IDLE_SECONDS * session->machine->hz) {
            run->stop = (struct stop){.kind = STOP_IDLE};
            return;
        }
    }
}

static void remove_temporary(struct session *session)
{
    struct stops *stops = &session->stops;
    if (session->stop.point == NULL || !session->stop.point->temporary)
        return;
    struct point *point = &stops->point[session->stop.point - stops->point];
    session->stop.number = point->number;
    session->stop.temporary = true;
    session->stop.point = NULL;
    stops_remove(stops, point);
}

/* Runs forwards and leaves the reason in session->stop. */
static void run_forwards(struct run *run, struct machine_limit limit)
{
    struct session *session = run->session;
    struct machine_limit bounded = limit;
    session->chosen = NULL;
    run->start = timeline_now(session->timeline);
    run->seen = session->machine->trace.written;
    run->caught = session->stop.kind == STOP_CATCHPOINT || session->stop.kind == STOP_SYSCALL;
    uint64_t room = UINT64_MAX - run->start.count;
    if (session->insn_limit < room && run->start.count + session->insn_limit < limit.count) {
        bounded.count = run->start.count + session->insn_limit;
        bounded.micro = 0;
    }
    lookout_refresh(session);
    struct cpu_observer observer = lookout_observer(run);
    machine_observe(session->machine, &observer);
    session->stops.forwards = true;
    run_slices(run, bounded);
    session->stops.forwards = false;
    machine_observe(session->machine, NULL);
    if (session->stops.ran_hook != NULL)
        session->stops.ran_hook(session->stops.event_context, session, run->start);
    session->stop = run->stop;
    session->stop.bounded = run->stop.kind == STOP_LIMIT && bounded.count != limit.count;
    if (run->stop.kind == STOP_CATCHPOINT || run->stop.kind == STOP_SYSCALL)
        timeline_seek(session->timeline, run->where);
    remove_temporary(session);
    session_changed(session);
}

void stops_run(struct session *session, bool points, stops_when_fn *when, void *context,
               struct machine_limit limit)
{
    struct run run = {.session = session, .points = points, .when = when, .when_context = context};
    run_forwards(&run, limit);
}

void stops_run_to_syscall(struct session *session, const struct wanted_call *wanted)
{
    struct run run = {.session = session, .points = true, .to_syscall = true, .wanted = *wanted};
    run_forwards(&run, MACHINE_NO_LIMIT);
}

void stops_step(struct session *session, bool micro)
{
    struct timeline_position now = timeline_now(session->timeline);
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.count = micro ? now.count : now.count + 1;
    limit.micro = micro ? now.micro + 1 : 0;
    stops_run(session, false, NULL, NULL, limit);
    if (session->stop.kind == STOP_LIMIT)
        session->stop = (struct stop){.kind = STOP_STEPPED};
}

/* --- backwards -------------------------------------------------------------------------------- */

static bool has_returned(const struct trace *trace, uint64_t trap_number)
{
    const struct trace_event *trap = trace_at(trace, trap_number);
    for (uint64_t n = trap_number + 1; n < trace->written; n++) {
        const struct trace_event *event = trace_at(trace, n);
        if (event != NULL && event->kind == TRACE_RETURNED && event->addr == trap->addr &&
            event->b == trap->b)
            return true;
    }
    return false;
}

/* A search may begin inside the kernel, in a trap that a program did not ask for: the newest one
 * that has not returned is told as if it had been seen. */
static void tell_open_trap(struct run *run)
{
    struct session *session = run->session;
    const struct trace *trace = &session->machine->trace;
    for (uint64_t n = trace->written; session_in_kernel(session) && n-- > 0;) {
        const struct trace_event *event = trace_at(trace, n);
        if (event == NULL)
            return;
        if (event->kind != TRACE_TRAP || event->old == 0)
            continue;
        if (session->arch->trap(event) == ARCH_SOFTWARE || has_returned(trace, n))
            return;
        lookout_note_restart(&session->stops, session->cpu, event);
        if (session->stops.trap_hook != NULL)
            session->stops.trap_hook(session->stops.trap_context, session, event);
        return;
    }
}

/* Runs from where the machine is up to `end`, noting hits. */
static void search(struct run *run, struct timeline_position end)
{
    struct session *session = run->session;
    run->seen = session->machine->trace.written;
    lookout_forget_restarts(&session->stops);
    if (session->stops.stretch_hook != NULL)
        session->stops.stretch_hook(session->stops.trap_context);
    tell_open_trap(run);
    lookout_refresh(session);
    struct cpu_observer observer = lookout_observer(run);
    machine_observe(session->machine, &observer);
    while (timeline_compare(timeline_now(session->timeline), end) < 0 && !interrupted(session)) {
        struct timeline_position before = timeline_now(session->timeline);
        struct machine_limit limit = {before.tick + SLICE, end.count, end.micro, false};
        timeline_run(session->timeline, limit);
        if (timeline_compare(timeline_now(session->timeline), before) == 0)
            break;
    }
    machine_observe(session->machine, NULL);
}

void stops_run_back(struct session *session, bool points, stops_when_fn *when, void *context)
{
    struct timeline_position end = timeline_now(session->timeline), from;
    struct timeline_position present = end;
    session->chosen = NULL;
    struct run run = {.session = session,
                      .points = points,
                      .when = when,
                      .when_context = context,
                      .search = true};
    struct stop stop = {.kind = STOP_HISTORY};
    struct timeline_position target = timeline_origin(session->timeline);
    while (timeline_before(session->timeline, end, &from)) {
        timeline_seek(session->timeline, from);
        search(&run, end);
        if (interrupted(session)) { /* a hit may not be the last of its stretch */
            stop = (struct stop){.kind = STOP_INTERRUPTED};
            target = present;
            break;
        }
        /* A hit at the present is where we are. */
        if (run.hit && timeline_compare(run.where, present) < 0) {
            stop = run.stop;
            target = run.where;
            break;
        }
        end = from;
    }
    timeline_seek(session->timeline, target);
    lookout_forget_restarts(&session->stops);
    session->stop = stop;
    session_changed(session);
}

bool stops_goto(struct session *session, struct timeline_position position)
{
    struct machine_stop stop = timeline_seek(session->timeline, position);
    session->chosen = NULL;
    lookout_forget_restarts(&session->stops);
    session_changed(session);
    session->stop = (struct stop){.kind = STOP_STEPPED};
    if (stop.reason == MACHINE_LIMIT)
        return true;
    session->stop = (struct stop){.kind = STOP_MACHINE, .machine = stop};
    return false;
}

bool stops_travel(struct session *session, struct timeline_position position)
{
    session->stops.travels = true;
    bool arrived = stops_goto(session, position);
    session->stops.travels = false;
    if (!arrived && session->stop.machine.reason == MACHINE_OBSERVED)
        session->stop = (struct stop){.kind = STOP_INTERRUPTED};
    return arrived;
}

/* --- looking at the past ---------------------------------------------------------------------- */

struct scan {
    struct session *session;
    const struct cpu_observer *observer;
};

static bool scan_insn(void *context, struct cpu *cpu, uint32_t pc)
{
    struct scan *scan = context;
    scan->session->cpu = cpu;
    scan->observer->insn(scan->observer->context, cpu, pc);
    return false;
}

static bool scan_access(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    struct scan *scan = context;
    scan->session->cpu = cpu;
    scan->observer->access(scan->observer->context, cpu, access);
    return false;
}

static bool scan_micro(void *context, struct cpu *cpu, const struct trace_event *event)
{
    struct scan *scan = context;
    scan->session->cpu = cpu;
    if (scan->observer->micro != NULL)
        scan->observer->micro(scan->observer->context, cpu, event);
    return false;
}

bool stops_scan(struct session *session, struct timeline_position from, struct timeline_position to,
                const struct cpu_observer *observer)
{
    struct timeline_position present = timeline_now(session->timeline);
    struct scan scan = {.session = session, .observer = observer};
    struct cpu_observer own = {.context = &scan, .micro = scan_micro};
    if (observer->access != NULL)
        own.access = scan_access;
    if (observer->insn != NULL)
        own.insn = scan_insn;
    session->chosen = NULL;
    timeline_seek(session->timeline, from);
    machine_observe(session->machine, &own);
    bool fine = true;
    while (fine && timeline_compare(timeline_now(session->timeline), to) < 0) {
        struct timeline_position before = timeline_now(session->timeline);
        struct machine_limit limit = {before.tick + SLICE, to.count, to.micro, false};
        timeline_run(session->timeline, limit);
        fine = !interrupted(session);
        if (timeline_compare(timeline_now(session->timeline), before) == 0)
            break; /* halted or frozen: nothing happens from here on */
    }
    machine_observe(session->machine, NULL);
    timeline_seek(session->timeline, present);
    session_changed(session);
    return fine;
}
