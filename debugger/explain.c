/* explain: the last exception before a moment, taken apart: which check failed, with which
 * operands, and what set them. */
#include "debugger/explain.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- finding it ------------------------------------------------------------------------------- */

#define OPEN_FAULTS 64u

/* An action of the CPU that had an exception in it. */
struct candidate {
    struct timeline_position when;
    uint32_t pc; /* that the handler will go back to */
    uint32_t sp; /* the handler's */
    unsigned privilege;
    bool entered, served;
    bool refill; /* gone back from, it is no news at all */
    ticks served_at;
};

struct finder {
    const struct arch *arch;
    uint64_t seen;
    struct candidate list[OPEN_FAULTS]; /* the newest ones */
    unsigned used;
    struct trace_event returning;
};

/* Room for one more: what was gone back from is no answer while there is another. */
static void make_room(struct finder *finder)
{
    unsigned oldest = 0;
    while (oldest + 1 < finder->used && !finder->list[oldest].served)
        oldest++;
    if (!finder->list[oldest].served)
        oldest = 0;
    finder->used--;
    memmove(&finder->list[oldest], &finder->list[oldest + 1],
            (finder->used - oldest) * sizeof finder->list[0]);
}

static void note_exception(struct finder *finder, const struct trace_event *trap)
{
    struct candidate *last = finder->used > 0 ? &finder->list[finder->used - 1] : NULL;
    if (last == NULL || last->when.count != trap->count) {
        if (finder->used == OPEN_FAULTS)
            make_room(finder);
        last = &finder->list[finder->used++];
        *last = (struct candidate){.when = {trap->tick, trap->count, 0}};
    }
    last->pc = trap->addr;
    last->privilege = trap->old;
    last->refill = finder->arch->trap(trap) == ARCH_REFILL;
}

/* The handler's frame lies at its stack pointer, with or without an error code in front. */
static void note_return(struct finder *finder, const struct trace_event *returned)
{
    for (unsigned i = finder->used; i-- > 0;) {
        struct candidate *c = &finder->list[i];
        if (!c->entered || c->served || returned->addr != c->pc ||
            returned->value != c->privilege || finder->returning.b - c->sp > 8)
            continue;
        c->served = true;
        c->served_at = returned->tick;
        return;
    }
}

static void find_in(struct finder *finder, const struct trace_event *event)
{
    struct candidate *last = finder->used > 0 ? &finder->list[finder->used - 1] : NULL;
    switch (event->kind) {
    case TRACE_TRAP:
        if (finder->arch->is_exception(event))
            note_exception(finder, event);
        break;
    case TRACE_ENTERED:
        if (last != NULL && last->when.count == event->count) {
            last->entered = true;
            last->sp = event->b;
        }
        break;
    case TRACE_RETURN: finder->returning = *event; break;
    case TRACE_RETURNED: note_return(finder, event); break;
    default: break;
    }
}

static bool find_micro(void *context, struct cpu *cpu, const struct trace_event *ignored)
{
    struct finder *finder = context;
    (void)ignored;
    for (; finder->seen < cpu->trace->written; finder->seen++) {
        const struct trace_event *event = trace_at(cpu->trace, finder->seen);
        if (event != NULL)
            find_in(finder, event);
    }
    return false;
}

static bool scan(struct session *session, struct finder *finder, struct timeline_position from,
                 struct timeline_position to)
{
    struct cpu_observer observer = {.context = finder, .micro = find_micro};
    origin_visit(session, from);
    finder->seen = session->machine->trace.written;
    return stops_scan(session, from, to, &observer);
}

static bool choose(const struct finder *finder, bool served, struct candidate *chosen)
{
    for (unsigned i = finder->used; i-- > 0;)
        if (finder->list[i].served == served && !(served && finder->list[i].refill)) {
            *chosen = finder->list[i];
            return true;
        }
    return false;
}

/* Backwards, stretch by stretch; what a stretch leaves open may have been gone back from later. */
static enum explain_found find(struct session *session, struct timeline_position present,
                               struct candidate *chosen)
{
    struct timeline_position from, to = present;
    struct candidate fallback;
    bool has_fallback = false;
    while (timeline_before(session->timeline, to, &from)) {
        struct finder finder = {.arch = session->arch};
        if (!scan(session, &finder, from, to))
            return EXPLAIN_INTERRUPTED;
        if (choose(&finder, false, chosen) && timeline_compare(to, present) < 0 &&
            !scan(session, &finder, to, present))
            return EXPLAIN_INTERRUPTED;
        if (choose(&finder, false, chosen))
            return EXPLAIN_FOUND;
        has_fallback = has_fallback || choose(&finder, true, &fallback);
        to = from;
    }
    if (has_fallback)
        *chosen = fallback;
    return has_fallback ? EXPLAIN_FOUND : EXPLAIN_NONE;
}

/* --- its events ------------------------------------------------------------------------------- */

struct collector {
    struct explain *explain;
    uint64_t seen;
};

static bool collect(void *context, struct cpu *cpu, const struct trace_event *ignored)
{
    struct collector *collector = context;
    struct explain *explain = collector->explain;
    (void)ignored;
    for (; collector->seen < cpu->trace->written; collector->seen++) {
        const struct trace_event *event = trace_at(cpu->trace, collector->seen);
        if (event != NULL && event->count == explain->when.count && event->kind != TRACE_WAYPOINT &&
            explain->events < EXPLAIN_EVENTS)
            explain->event[explain->events++] = *event;
    }
    return false;
}

static bool read_events(struct session *session, struct explain *explain,
                        struct timeline_position present)
{
    struct timeline_position to = {0, explain->when.count + 1, 0};
    struct collector collector = {.explain = explain};
    struct cpu_observer observer = {.context = &collector, .micro = collect};
    explain->when.tick = 0;
    if (timeline_compare(present, to) < 0)
        to = present;
    origin_visit(session, explain->when);
    explain->when = timeline_now(session->timeline);
    collector.seen = session->machine->trace.written;
    bool fine = stops_scan(session, explain->when, to, &observer);
    return fine && explain->events > 0;
}

static struct explain_fault *new_fault(struct explain *explain)
{
    static const struct explain_fault empty;
    struct explain_fault *fault = &explain->fault[explain->faults];
    if (explain->faults + 1 < EXPLAIN_CHAIN)
        explain->faults++;
    *fault = empty;
    return fault;
}

static bool asked_for(const struct arch *arch, const struct explain *explain)
{
    if (explain->faults == 0)
        return false;
    const struct explain_fault *last = &explain->fault[explain->faults - 1];
    return !last->by_step && arch->trap(&last->trap) == ARCH_SOFTWARE;
}

/* Splits the events into what was found, in order: by the instruction, then by deliveries. */
static void split(const struct arch *arch, struct explain *explain)
{
    uint32_t steps = 0;
    const struct trace_event *failed = NULL;
    struct explain_fault *open = NULL; /* found, its TRACE_TRAP is still to come */
    for (unsigned i = 0; i < explain->events; i++) {
        const struct trace_event *event = &explain->event[i];
        if (event->kind == TRACE_STEP) {
            steps++;
            failed = (event->flags & TRACE_FAILED) != 0 ? event : NULL;
        } else if (event->kind == TRACE_FAULTED && failed != NULL) {
            if (asked_for(arch, explain)) /* an INT n that was refused: it is no exception itself */
                explain->faults--;
            open = new_fault(explain);
            open->when = (struct timeline_position){0, event->count, steps};
            open->vector = event->vector;
            open->error = event->value;
            open->has_error = arch->vector_has_error(event->vector);
            open->by_step = true;
            open->step = *failed;
        } else if (event->kind == TRACE_TRAP) {
            if (explain->faults == 0 && open == NULL)
                explain->first_vector = event->vector;
            if (open == NULL && arch->is_exception(event)) {
                open = new_fault(explain);
                open->when = (struct timeline_position){0, event->count, steps + 1};
                open->vector = event->vector;
                open->error = event->value;
                open->has_error =
                    arch->trap(event) == ARCH_FAULT && arch->vector_has_error(event->vector);
            }
            explain->interrupt |= arch->trap(event) == ARCH_INTERRUPT;
            if (open != NULL)
                open->trap = *event;
            open = NULL;
        } else if (event->kind == TRACE_SHUTDOWN) {
            explain->shutdown = true;
        }
    }
}

enum explain_found explain_last(struct session *session, struct explain *explain)
{
    struct timeline_position present = timeline_now(session->timeline);
    struct origin_trip trip;
    struct candidate chosen;
    memset(explain, 0, sizeof *explain);
    origin_depart(session, &trip);
    enum explain_found found = find(session, present, &chosen);
    if (found == EXPLAIN_FOUND) {
        explain->when = chosen.when;
        explain->served = chosen.served;
        explain->served_at = chosen.served_at;
        if (!read_events(session, explain, present))
            found = EXPLAIN_INTERRUPTED;
        split(session->arch, explain);
        origin_visit(session, explain->when);
        explain->pc = session->cpu->ops->pc(session->cpu);
        explain->privilege = session->cpu->ops->privilege(session->cpu);
        explain->has_insn = session->arch->operands(session, explain->pc, &explain->operands);
        origin_describe(session, explain->pc, &explain->place);
        if (explain->faults == 0)
            found = EXPLAIN_NONE;
    }
    origin_return(session, &trip);
    return found;
}

/* --- words ------------------------------------------------------------------------------------ */

void words_check(struct explain_words *words, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(words->check, sizeof words->check, format, args);
    va_end(args);
}

void words_fact(struct explain_words *words, const char *format, ...)
{
    va_list args;
    if (words->facts == EXPLAIN_FACTS)
        return;
    va_start(args, format);
    vsnprintf(words->fact[words->facts++], EXPLAIN_TEXT, format, args);
    va_end(args);
}

void words_remedy(struct explain_words *words, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(words->remedy, sizeof words->remedy, format, args);
    va_end(args);
}

static struct explain_cause *new_cause(struct explain_words *words, const char *label)
{
    if (words->causes == EXPLAIN_CAUSES)
        return NULL;
    struct explain_cause *cause = &words->cause[words->causes++];
    memset(cause, 0, sizeof *cause);
    snprintf(cause->label, sizeof cause->label, "%s", label);
    return cause;
}

void words_ask_physical(struct explain_words *words, uint32_t physical, uint32_t length,
                        const char *label, bool software)
{
    struct explain_cause *cause = new_cause(words, label);
    if (cause == NULL)
        return;
    cause->has_write = true;
    cause->write = (struct origin){.physical = physical, .length = length, .software = software};
}

void words_ask_memory(struct session *session, struct explain_words *words, uint32_t linear,
                      uint32_t length, const char *label)
{
    uint32_t physical;
    char variable[48], named[96];
    origin_variable(session, linear, variable, sizeof variable);
    snprintf(named, sizeof named, "%s%s%s", label, variable[0] == '\0' ? "" : ", ", variable);
    if (session_translate(session, linear, &physical))
        words_ask_physical(words, physical, length, named, false);
}

void words_ask_system(struct explain_words *words, const char *reg, const char *label)
{
    struct explain_cause *cause = new_cause(words, label);
    if (cause == NULL)
        return;
    cause->has_write = true;
    cause->write = (struct origin){.reg = reg};
}

void words_ask_register(const struct session *session, struct explain_words *words, unsigned gpr)
{
    const struct arch *arch = session->arch;
    struct explain_cause *cause =
        new_cause(words, arch_register(arch, gpr == ORIGIN_PC ? arch->pc : gpr));
    if (cause == NULL)
        return;
    cause->is_register = true;
    cause->by.pc = gpr; /* the question, until it is answered */
}

/* --- the stack ---------------------------------------------------------------------------------
 */

void words_stack(struct session *session, struct explain_words *words)
{
    const struct arch *arch = session->arch;
    unsigned frames = frames_unwind(session);
    words_fact(words, "%s is %08" PRIx32 ": the stack has grown down out of its last page",
               arch_register(arch, arch->sp), session->frame[0].reg[arch->sp]);
    unsigned same = 0;
    char first[128], name[128];
    session_symbol(session, session->frame[0].pc, first, sizeof first);
    first[strcspn(first, "+")] = '\0';
    for (unsigned i = 0; i < frames; i++) {
        session_symbol(session, session->frame[i].pc, name, sizeof name);
        name[strcspn(name, "+")] = '\0';
        same += first[0] != '\0' && strcmp(name, first) == 0;
    }
    if (same > 2)
        words_fact(words, "%s is on the stack %s%u times: it calls itself (see bt)", first,
                   frames == SESSION_FRAMES ? "at least " : "", same);
    words_remedy(words, "%s",
                 same > 2 ? "End the recursion, or use less stack in each call."
                          : "Make large local arrays static or allocate them.");
}

/* --- answers ---------------------------------------------------------------------------------- */

static bool answer_registers(struct session *session, struct explain_fault *fault)
{
    for (unsigned i = 0; i < fault->words.causes; i++) {
        struct explain_cause *cause = &fault->words.cause[i];
        if (!cause->is_register)
            continue;
        unsigned gpr = cause->by.pc;
        struct timeline_position at = {0, fault->when.count, 0};
        cause->is_register = origin_register(session, at, gpr, &cause->by);
        if (cause->is_register && cause->by.from_memory) {
            cause->has_write = true;
            cause->write = (struct origin){.physical = cause->by.physical, .length = 4};
            if (!origin_search(session, &cause->write, 1, cause->by.when))
                return false;
        }
    }
    return true;
}

static bool answer(struct session *session, struct explain_fault *fault)
{
    struct origin origin[EXPLAIN_CAUSES];
    unsigned asked = 0;
    for (unsigned i = 0; i < fault->words.causes; i++)
        if (fault->words.cause[i].has_write)
            origin[asked++] = fault->words.cause[i].write;
    struct timeline_position before = {0, fault->when.count, 0};
    if (asked > 0 && !origin_search(session, origin, asked, before))
        return false;
    asked = 0;
    for (unsigned i = 0; i < fault->words.causes; i++)
        if (fault->words.cause[i].has_write)
            fault->words.cause[i].write = origin[asked++];
    return answer_registers(session, fault);
}

bool explain_words(struct session *session, struct explain *explain)
{
    struct origin_trip trip;
    bool fine = true;
    origin_depart(session, &trip);
    for (unsigned i = 0; fine && i < explain->faults; i++) {
        struct explain_fault *fault = &explain->fault[i];
        origin_visit(session, fault->when);
        fault->has_address =
            session->arch->fault_address(session->cpu, fault->vector, &fault->address);
        session->arch->explain(session, explain, fault);
        fine = answer(session, fault);
    }
    origin_return(session, &trip);
    return fine;
}
