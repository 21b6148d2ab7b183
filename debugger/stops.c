/* stops: the points, and the observer that watches for them while the machine runs. */
#include "debugger/stops.h"

#include <stdlib.h>
#include <string.h>

#include "cpu/x86/x86.h"
#include "debugger/session.h"
#include "emu/base/bug.h"

/* Host time between looks at Ctrl-C and at the guest's output, in guest ticks. */
#define SLICE 2000000u

/* A slice with no more instructions than this is spent waiting: clock interrupts are all there is. */
#define IDLE_INSTRUCTIONS 20000u

void stops_init(struct stops *stops)
{
    *stops = (struct stops){.next_number = 1};
}

static void clear(struct point *point)
{
    free(point->condition);
    free(point->what);
    *point = (struct point){0};
}

void stops_free(struct stops *stops)
{
    for (unsigned i = 0; i < POINTS; i++)
        clear(&stops->point[i]);
}

struct point *stops_add(struct stops *stops, enum point_kind kind, const char *what)
{
    for (unsigned i = 0; i < POINTS; i++) {
        struct point *point = &stops->point[i];
        if (point->number != 0)
            continue;
        *point = (struct point){.number = stops->next_number++, .kind = kind, .enabled = true,
                                .what = strdup(what), .vector = -1};
        return point;
    }
    return NULL;
}

struct point *stops_find(struct stops *stops, unsigned number)
{
    for (unsigned i = 0; i < POINTS; i++)
        if (number != 0 && stops->point[i].number == number)
            return &stops->point[i];
    return NULL;
}

void stops_remove(struct stops *stops, struct point *point)
{
    clear(point);
    stops_changed(stops);
}

static void mark(struct stops *stops, uint32_t address)
{
    uint32_t bit = (address ^ address >> 16) & 0xffff;
    stops->filter[bit >> 3] |= (uint8_t)(1u << (bit & 7));
}

static bool is_watch(const struct point *point)
{
    return point->kind == POINT_WATCH || point->kind == POINT_READ_WATCH ||
           point->kind == POINT_ACCESS_WATCH;
}

void stops_changed(struct stops *stops)
{
    memset(stops->filter, 0, sizeof stops->filter);
    stops->has_access = false;
    for (unsigned i = 0; i < POINTS; i++) {
        const struct point *point = &stops->point[i];
        if (point->number == 0 || !point->enabled)
            continue;
        stops->has_access |= is_watch(point);
        for (unsigned j = 0; j < point->locations; j++)
            mark(stops, point->location[j].address);
    }
    for (unsigned i = 0; i < stops->waypoints; i++)
        mark(stops, stops->waypoint[i].address);
}

bool stops_add_waypoint(struct stops *stops, uint32_t address, uint32_t number)
{
    unsigned at = 0;
    while (at < stops->waypoints && stops->waypoint[at].address < address)
        at++;
    if (at < stops->waypoints && stops->waypoint[at].address == address) {
        stops->waypoint[at].number = number;
        return true;
    }
    if (stops->waypoints == WAYPOINTS)
        return false;
    memmove(&stops->waypoint[at + 1], &stops->waypoint[at],
            (stops->waypoints - at) * sizeof stops->waypoint[0]);
    stops->waypoint[at] = (struct waypoint){address, number};
    stops->waypoints++;
    stops_changed(stops);
    return true;
}

/* --- the observer ----------------------------------------------------------------------------- */

/* One run under observation, forwards. Searching backwards is such a run too, with `search`: every
 * hit is noted and none stops. */
struct run {
    struct session *session;
    bool points;
    stops_when_fn *when;
    void *when_context;
    bool search;
    struct timeline_position start; /* a breakpoint there does not stop again, */
    bool caught;                    /* and neither does a catchpoint that stopped there */
    bool to_syscall;
    int64_t syscall;                /* with to_syscall: its number, -1 = any */
    uint64_t seen;                  /* events of the trace that were looked at */
    bool hit;
    struct stop stop;               /* the last hit, */
    struct timeline_position where; /* and where it was */
};

static struct timeline_position here(const struct cpu *cpu)
{
    return (struct timeline_position){cpu->clock->s.now, cpu_count(cpu), cpu->ops->micro(cpu)};
}

/* True = stop the machine. */
static bool hit(struct run *run, struct cpu *cpu, struct stop stop)
{
    run->hit = true;
    run->stop = stop;
    run->where = here(cpu);
    return !run->search;
}

static bool condition_holds(struct session *session, const struct point *point)
{
    int64_t number;
    if (point->condition == NULL)
        return true;
    session_changed(session);
    struct scope scope = session_scope(session);
    bool stops = !expression_number(&scope, point->condition, &number) || number != 0;
    session_changed(session);
    return stops;
}

/* The point's turn has come, but for its condition and count of hits to pass over. */
static bool counts(struct run *run, struct point *point)
{
    if (!condition_holds(run->session, point))
        return false;
    if (run->search)
        return true;
    point->hits++;
    if (point->ignore == 0)
        return true;
    point->ignore--;
    return false;
}

static bool at_location(struct run *run, const struct point *point, uint32_t pc)
{
    for (unsigned i = 0; i < point->locations; i++) {
        const struct image *image = point->location[i].image;
        if (point->location[i].address != pc)
            continue;
        if (image == NULL || image->kind == IMAGE_KERNEL)
            return true;
        run->session->spaces = 0; /* which program this space runs may have changed */
        if (session_program(run->session) == image)
            return true;
    }
    return false;
}

static const struct waypoint *waypoint_at(const struct stops *stops, uint32_t pc)
{
    unsigned low = 0, high = stops->waypoints;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (stops->waypoint[middle].address < pc)
            low = middle + 1;
        else
            high = middle;
    }
    return low < stops->waypoints && stops->waypoint[low].address == pc ? &stops->waypoint[low]
                                                                       : NULL;
}

static void record_waypoint(struct run *run, struct cpu *cpu, uint32_t pc)
{
    const struct waypoint *waypoint = waypoint_at(&run->session->stops, pc);
    const struct trace_event *last = trace_at(cpu->trace, cpu->trace->written - 1);
    if (waypoint == NULL)
        return;
    /* A run that begins where the last one stopped passes the same place once. */
    if (last != NULL && last->kind == TRACE_WAYPOINT && last->count == cpu_count(cpu) &&
        last->addr == pc)
        return;
    struct trace_event *event = trace_next(cpu->trace);
    event->tick = cpu->clock->s.now;
    event->count = cpu_count(cpu);
    event->kind = TRACE_WAYPOINT;
    event->cpu = (uint8_t)cpu->number;
    event->addr = pc;
    event->b = cpu->ops->sp(cpu);
    event->a = cpu->ops->space(cpu);
    event->value = waypoint->number;
    event->old = cpu->ops->privilege(cpu);
}

static bool is_start(const struct run *run, const struct cpu *cpu)
{
    return !run->search && cpu_count(cpu) == run->start.count && run->start.micro == 0;
}

static void note_restart(struct stops *stops, const struct cpu *cpu,
                         const struct trace_event *trap)
{
    if (trap->a == X86_CAUSE_FAULT)
        stops->restart[stops->next_restart++ % RESTARTS] =
            (struct restart){trap->addr, trap->b, cpu->ops->space(cpu)};
}

static bool is_restart(struct stops *stops, const struct cpu *cpu, uint32_t pc)
{
    for (unsigned i = 0; i < RESTARTS; i++) {
        struct restart *restart = &stops->restart[i];
        if (restart->pc != pc || restart->sp != cpu->ops->sp(cpu) ||
            restart->space != cpu->ops->space(cpu))
            continue;
        restart->pc = 0;
        return true;
    }
    return false;
}

static void forget_restarts(struct stops *stops)
{
    memset(stops->restart, 0, sizeof stops->restart);
}

static bool before_insn(void *context, struct cpu *cpu, uint32_t pc)
{
    struct run *run = context;
    struct stops *stops = &run->session->stops;
    record_waypoint(run, cpu, pc);
    if (is_start(run, cpu))
        return false;
    bool news = !is_restart(stops, cpu, pc);
    for (unsigned i = 0; news && run->points && i < POINTS; i++) {
        struct point *point = &stops->point[i];
        if (point->number == 0 || !point->enabled || point->locations == 0 ||
            !at_location(run, point, pc) || !counts(run, point))
            continue;
        return hit(run, cpu, (struct stop){.kind = STOP_BREAKPOINT, .point = point});
    }
    if (run->when != NULL && run->when(run->when_context, run->session, pc))
        return hit(run, cpu, (struct stop){.kind = STOP_STEPPED});
    return false;
}

/* --- watchpoints */

static uint32_t physical_of(const struct cpu *cpu, uint32_t linear)
{
    uint32_t physical;
    return cpu->ops->translate(cpu, linear, &physical) ? physical : UINT32_MAX;
}

static bool overlaps(uint32_t a, uint32_t a_length, uint32_t b, uint32_t b_length)
{
    return a - b < b_length || b - a < a_length;
}

/* A watched place is meant through every mapping: the kernel writes a program's memory at another
 * address. The place in memory moves when the program's page is copied. */
static bool touches(struct point *point, const struct cpu *cpu, const struct cpu_access *access)
{
    bool same_space = point->space == 0 || point->space == cpu->ops->space(cpu);
    if (same_space && overlaps(access->linear, access->size, point->address, point->length)) {
        point->physical = physical_of(cpu, point->address);
        return true;
    }
    return point->physical != UINT32_MAX &&
           overlaps(access->physical, access->size, point->physical, point->length);
}

uint64_t stops_watched_value(const struct cpu *cpu, const struct point *point)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < point->length && i < 8; i++) {
        uint32_t byte = 0;
        if (point->physical != UINT32_MAX)
            bus_peek(cpu->memory, point->physical + i, 1, &byte);
        value |= (uint64_t)(byte & 0xff) << 8 * i;
    }
    return value;
}

static bool wants(const struct point *point, bool write)
{
    return point->kind == POINT_ACCESS_WATCH || (point->kind == POINT_WATCH) == write;
}

static bool on_access(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    struct run *run = context;
    for (unsigned i = 0; i < POINTS; i++) {
        struct point *point = &run->session->stops.point[i];
        if (point->number == 0 || !point->enabled || !is_watch(point) ||
            !wants(point, access->write) || !touches(point, cpu, access))
            continue;
        uint64_t now = stops_watched_value(cpu, point), old = point->old;
        point->old = now;
        if ((point->kind == POINT_WATCH && now == old) || !counts(run, point))
            continue;
        struct stop stop = {.kind = STOP_WATCHPOINT, .point = point, .old = old, .now = now,
                            .written = access->write, .watch_pc = cpu->ops->pc(cpu)};
        return hit(run, cpu, stop);
    }
    return false;
}

/* --- catchpoints */

static bool is_number(struct session *session, int64_t wanted)
{
    struct scope scope = {.arch = session->arch, .symbols = &session->symbols,
                          .target = &session->target};
    int64_t number;
    return wanted < 0 ||
           (expression_number(&scope, session->profile->expression[PROFILE_NUMBER], &number) &&
            number == wanted);
}

static bool catches(struct session *session, const struct point *point,
                    const struct trace_event *trap)
{
    bool irq = trap->a == X86_CAUSE_INTR || trap->a == X86_CAUSE_NMI;
    bool software = trap->a <= X86_CAUSE_INTO;
    bool syscall = software && session->profile != NULL && trap->vector == session->profile->vector;
    switch (point->kind) {
    case POINT_CATCH_TRAP: break;
    case POINT_CATCH_IRQ:
        if (!irq)
            return false;
        break;
    case POINT_CATCH_FAULT:
        if (irq || syscall)
            return false;
        break;
    case POINT_CATCH_SYSCALL: return syscall && is_number(session, point->vector);
    default: return false;
    }
    return point->vector < 0 || point->vector == (int64_t)trap->vector;
}

static bool is_wanted_syscall(struct run *run, const struct trace_event *trap)
{
    struct session *session = run->session;
    if (!run->to_syscall || trap->a > X86_CAUSE_INTO || trap->vector != session->profile->vector ||
        (run->caught && trap->count == run->start.count) || !is_number(session, run->syscall))
        return false;
    session->spaces = 0;
    return session->program == NULL || session_program(session) == session->program;
}

static bool on_trap(struct run *run, struct cpu *cpu, const struct trace_event *trap)
{
    if (is_wanted_syscall(run, trap)) {
        hit(run, cpu, (struct stop){.kind = STOP_SYSCALL, .trap = *trap});
        run->where = (struct timeline_position){trap->tick, trap->count, 0};
        return true;
    }
    for (unsigned i = 0; run->points && i < POINTS; i++) {
        struct point *point = &run->session->stops.point[i];
        if (point->number == 0 || !point->enabled || !catches(run->session, point, trap) ||
            (run->caught && trap->count == run->start.count) || !counts(run, point))
            continue;
        hit(run, cpu, (struct stop){.kind = STOP_CATCHPOINT, .point = point, .trap = *trap});
        /* Before the first micro-step: everything is still as the trap found it. */
        run->where = (struct timeline_position){trap->tick, trap->count, 0};
        return !run->search;
    }
    return false;
}

/* Called after every micro-step: the beginning of a trap stands in the ring before it. */
static bool on_micro(void *context, struct cpu *cpu, const struct trace_event *event)
{
    struct run *run = context;
    bool stop = false;
    (void)event;
    for (; run->seen < cpu->trace->written; run->seen++) {
        const struct trace_event *trap = trace_at(cpu->trace, run->seen);
        if (trap == NULL || trap->kind != TRACE_TRAP)
            continue;
        note_restart(&run->session->stops, cpu, trap);
        if (run->session->stops.trap_hook != NULL)
            run->session->stops.trap_hook(run->session->stops.trap_context, run->session, trap);
        stop |= on_trap(run, cpu, trap);
    }
    return stop;
}

static bool any_point(const struct stops *stops)
{
    for (unsigned i = 0; i < POINTS; i++)
        if (stops->point[i].number != 0 && stops->point[i].enabled && stops->point[i].locations > 0)
            return true;
    return false;
}

static struct cpu_observer observer_of(struct run *run)
{
    struct stops *stops = &run->session->stops;
    struct cpu_observer observer = {.context = run, .micro = on_micro};
    if (run->when != NULL || (run->points && any_point(stops)) || stops->waypoints > 0)
        observer.insn = before_insn;
    observer.filter = run->when == NULL ? stops->filter : stops->when_filter;
    if (run->points && stops->has_access)
        observer.access = on_access;
    return observer;
}

static void refresh_watches(struct session *session)
{
    for (unsigned i = 0; i < POINTS; i++) {
        struct point *point = &session->stops.point[i];
        if (point->number == 0 || !is_watch(point))
            continue;
        if (point->space == 0 || point->space == session->cpu->ops->space(session->cpu))
            point->physical = physical_of(session->cpu, point->address);
        point->old = stops_watched_value(session->cpu, point);
    }
}

/* --- forwards --------------------------------------------------------------------------------- */

static bool interrupted(struct session *session)
{
    if (session->interrupted == NULL || *session->interrupted == 0)
        return false;
    *session->interrupted = 0;
    return true;
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
        uint64_t before = cpu_count(session->cpu);
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
        if (cpu_count(session->cpu) - before > IDLE_INSTRUCTIONS)
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
    run->start = timeline_now(session->timeline);
    run->seen = session->machine->trace.written;
    run->caught = session->stop.kind == STOP_CATCHPOINT || session->stop.kind == STOP_SYSCALL;
    uint64_t room = UINT64_MAX - run->start.count;
    if (session->insn_limit < room && run->start.count + session->insn_limit < limit.count) {
        bounded.count = run->start.count + session->insn_limit;
        bounded.micro = 0;
    }
    refresh_watches(session);
    struct cpu_observer observer = observer_of(run);
    session->cpu->ops->observe(session->cpu, &observer);
    run_slices(run, bounded);
    session->cpu->ops->observe(session->cpu, NULL);
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

void stops_run_to_syscall(struct session *session, int64_t number)
{
    struct run run = {.session = session, .points = true, .to_syscall = true, .syscall = number};
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

/* A search may begin inside the kernel, in a trap that a program did not ask for: the newest one that
 * has not returned is told as if it had been seen. */
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
        if (event->a <= X86_CAUSE_INTO || has_returned(trace, n))
            return;
        note_restart(&session->stops, session->cpu, event);
        if (session->stops.trap_hook != NULL)
            session->stops.trap_hook(session->stops.trap_context, session, event);
        return;
    }
}

/* Runs from where the machine is up to `end`, noting hits. */
static void search(struct run *run, struct timeline_position end)
{
    struct session *session = run->session;
    struct machine_limit limit = {CLOCK_NEVER, end.count, end.micro, false};
    run->seen = session->machine->trace.written;
    forget_restarts(&session->stops);
    if (session->stops.stretch_hook != NULL)
        session->stops.stretch_hook(session->stops.trap_context);
    tell_open_trap(run);
    refresh_watches(session);
    struct cpu_observer observer = observer_of(run);
    session->cpu->ops->observe(session->cpu, &observer);
    while (timeline_compare(timeline_now(session->timeline), end) < 0) {
        struct timeline_position before = timeline_now(session->timeline);
        timeline_run(session->timeline, limit);
        if (timeline_compare(timeline_now(session->timeline), before) == 0)
            break;
    }
    session->cpu->ops->observe(session->cpu, NULL);
}

void stops_run_back(struct session *session, bool points, stops_when_fn *when, void *context)
{
    struct timeline_position end = timeline_now(session->timeline), from;
    struct timeline_position present = end;
    struct run run = {.session = session, .points = points, .when = when, .when_context = context,
                      .search = true};
    struct stop stop = {.kind = STOP_HISTORY};
    struct timeline_position target = timeline_origin(session->timeline);
    while (timeline_before(session->timeline, end, &from)) {
        timeline_seek(session->timeline, from);
        search(&run, end);
        /* A hit at the present is where we are. */
        if (run.hit && timeline_compare(run.where, present) < 0) {
            stop = run.stop;
            target = run.where;
            break;
        }
        if (interrupted(session)) {
            stop = (struct stop){.kind = STOP_INTERRUPTED};
            target = present;
            break;
        }
        end = from;
    }
    timeline_seek(session->timeline, target);
    forget_restarts(&session->stops);
    session->stop = stop;
    session_changed(session);
}

bool stops_goto(struct session *session, struct timeline_position position)
{
    struct machine_stop stop = timeline_seek(session->timeline, position);
    forget_restarts(&session->stops);
    session_changed(session);
    session->stop = (struct stop){.kind = STOP_STEPPED};
    if (stop.reason == MACHINE_LIMIT)
        return true;
    session->stop = (struct stop){.kind = STOP_MACHINE, .machine = stop};
    return false;
}

/* --- looking at the past ---------------------------------------------------------------------- */

struct scan {
    struct run run;
    const struct cpu_observer *observer;
};

static bool scan_insn(void *context, struct cpu *cpu, uint32_t pc)
{
    struct scan *scan = context;
    record_waypoint(&scan->run, cpu, pc);
    if (scan->observer->insn != NULL)
        scan->observer->insn(scan->observer->context, cpu, pc);
    return false;
}

static bool scan_access(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    struct scan *scan = context;
    scan->observer->access(scan->observer->context, cpu, access);
    return false;
}

static bool scan_micro(void *context, struct cpu *cpu, const struct trace_event *event)
{
    struct scan *scan = context;
    if (scan->observer->micro != NULL)
        scan->observer->micro(scan->observer->context, cpu, event);
    return false;
}

bool stops_scan(struct session *session, struct timeline_position from,
                struct timeline_position to, const struct cpu_observer *observer)
{
    struct timeline_position present = timeline_now(session->timeline);
    struct scan scan = {.run = {.session = session}, .observer = observer};
    struct cpu_observer own = {.context = &scan, .insn = scan_insn, .micro = scan_micro};
    if (observer->access != NULL)
        own.access = scan_access;
    /* Without a hook of its own for instructions, only the waypoints are of interest. */
    if (observer->insn == NULL)
        own.filter = session->stops.filter;
    timeline_seek(session->timeline, from);
    session->cpu->ops->observe(session->cpu, &own);
    bool fine = true;
    while (fine && timeline_compare(timeline_now(session->timeline), to) < 0) {
        struct timeline_position before = timeline_now(session->timeline);
        struct machine_limit limit = {before.tick + SLICE, to.count, to.micro, false};
        timeline_run(session->timeline, limit);
        fine = !interrupted(session);
        if (timeline_compare(timeline_now(session->timeline), before) == 0)
            break; /* halted or frozen: nothing happens from here on */
    }
    session->cpu->ops->observe(session->cpu, NULL);
    timeline_seek(session->timeline, present);
    session_changed(session);
    return fine;
}
