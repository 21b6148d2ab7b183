/* lookout: the observer that watches for the points while the machine runs. */
#include "debugger/lookout.h"

#include <string.h>

#include "debugger/session.h"

static struct timeline_position here(const struct cpu *cpu)
{
    return (struct timeline_position){cpu->clock->s.now, cpu_machine_count(cpu),
                                      cpu->ops->micro(cpu)};
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

static bool is_start(const struct run *run, const struct cpu *cpu)
{
    return !run->search && cpu_machine_count(cpu) == run->start.count && run->start.micro == 0;
}

void lookout_note_restart(struct stops *stops, const struct cpu *cpu,
                          const struct trace_event *trap)
{
    enum arch_trap kind = arch_of(cpu)->trap(trap);
    if (kind == ARCH_FAULT || kind == ARCH_REFILL)
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

void lookout_forget_restarts(struct stops *stops)
{
    memset(stops->restart, 0, sizeof stops->restart);
}

static bool before_insn(void *context, struct cpu *cpu, uint32_t pc)
{
    struct run *run = context;
    struct stops *stops = &run->session->stops;
    run->session->cpu = cpu;
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

static uint32_t physical_of(struct session *session, uint32_t linear)
{
    uint32_t physical;
    return session_translate(session, linear, &physical) ? physical : UINT32_MAX;
}

static bool overlaps(uint32_t a, uint32_t a_length, uint32_t b, uint32_t b_length)
{
    return a - b < b_length || b - a < a_length;
}

/* A watched place is meant through every mapping: the kernel writes a program's memory at another
 * address. The place in memory moves when the program's page is copied. */
static bool touches(struct session *session, struct point *point, const struct cpu_access *access)
{
    const struct cpu *cpu = session->cpu;
    bool same_space = point->space == 0 || point->space == cpu->ops->space(cpu);
    if (same_space && overlaps(access->linear, access->size, point->address, point->length)) {
        point->physical = physical_of(session, point->address);
        return true;
    }
    return point->physical != UINT32_MAX &&
           overlaps(access->physical, access->size, point->physical, point->length);
}

uint64_t stops_watched_value(const struct cpu *cpu, const struct point *point)
{
    uint8_t bytes[8] = {0};
    for (uint32_t i = 0; i < point->length && i < sizeof bytes; i++) {
        uint32_t byte = 0;
        if (point->physical != UINT32_MAX)
            bus_peek(cpu->memory, point->physical + i, 1, &byte);
        bytes[i] = (uint8_t)byte;
    }
    return arch_number(arch_of(cpu), bytes, point->length < 8 ? point->length : 8);
}

static bool wants(const struct point *point, bool write)
{
    return point->kind == POINT_ACCESS_WATCH || (point->kind == POINT_WATCH) == write;
}

static bool on_access(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    struct run *run = context;
    run->session->cpu = cpu;
    for (unsigned i = 0; i < POINTS; i++) {
        struct point *point = &run->session->stops.point[i];
        if (point->number == 0 || !point->enabled || !point_is_watch(point) ||
            !wants(point, access->write) || !touches(run->session, point, access))
            continue;
        uint64_t now = stops_watched_value(cpu, point), old = point->old;
        point->old = now;
        if ((point->kind == POINT_WATCH && now == old) || !counts(run, point))
            continue;
        struct stop stop = {.kind = STOP_WATCHPOINT,
                            .point = point,
                            .old = old,
                            .now = now,
                            .written = access->write,
                            .watch_pc = cpu->ops->pc(cpu)};
        return hit(run, cpu, stop);
    }
    return false;
}

/* --- catchpoints */

static bool catches(struct session *session, const struct point *point,
                    const struct trace_event *trap)
{
    enum arch_trap kind = session->arch->trap(trap);
    bool irq = kind == ARCH_INTERRUPT;
    bool syscall =
        kind == ARCH_SOFTWARE && profile_of_vector(session->profile, trap->vector) != NULL;
    switch (point->kind) {
    case POINT_CATCH_TRAP: break;
    case POINT_CATCH_IRQ:
        if (!irq)
            return false;
        break;
    case POINT_CATCH_FAULT:
        if (irq || syscall || (kind == ARCH_REFILL && point->vector < 0))
            return false;
        break;
    case POINT_CATCH_SYSCALL: return syscall && path_wants(session, trap->vector, &point->wanted);
    default: return false;
    }
    return point->vector < 0 || point->vector == (int64_t)trap->vector;
}

static bool is_wanted_syscall(struct run *run, const struct trace_event *trap)
{
    struct session *session = run->session;
    if (!run->to_syscall || session->arch->trap(trap) != ARCH_SOFTWARE ||
        (run->caught && trap->count == run->start.count) ||
        !path_wants(session, trap->vector, &run->wanted))
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
    const struct stops *stops = &run->session->stops;
    bool stop = false;
    (void)event;
    run->session->cpu = cpu;
    for (; run->seen < cpu->trace->written; run->seen++) {
        const struct trace_event *trap = trace_at(cpu->trace, run->seen);
        if (trap != NULL && stops->event_hook != NULL && !run->search)
            stops->event_hook(stops->event_context, run->session, trap);
        if (trap == NULL || trap->kind != TRACE_TRAP)
            continue;
        lookout_note_restart(&run->session->stops, cpu, trap);
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

struct cpu_observer lookout_observer(struct run *run)
{
    struct stops *stops = &run->session->stops;
    struct cpu_observer observer = {.context = run, .micro = on_micro};
    if (run->when != NULL || (run->points && any_point(stops)))
        observer.insn = before_insn;
    observer.filter = run->when == NULL ? stops->filter : stops->when_filter;
    if (run->points && stops->has_access)
        observer.access = on_access;
    return observer;
}

void lookout_refresh(struct session *session)
{
    for (unsigned i = 0; i < POINTS; i++) {
        struct point *point = &session->stops.point[i];
        if (point->number == 0 || !point_is_watch(point))
            continue;
        if (point->space == 0 || point->space == session->cpu->ops->space(session->cpu))
            point->physical = physical_of(session, point->address);
        point->old = stops_watched_value(session->cpu, point);
    }
}
