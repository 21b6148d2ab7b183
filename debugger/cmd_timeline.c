/* cmd_timeline: `timeline`: system calls, interrupts, faults and process switches, in their order.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/origin.h"
#include "debugger/show.h"
#include "devices/lapic.h"

#define ROWS  65536u /* remembered; the counts are of all */
#define OPEN  256u
#define SHOWN 20u       /* when nothing else is asked for */
#define NEAR  64000000u /* instructions that are looked at then */
#define WHAT  200u
#define WIDE  64u /* columns of what a call was called with, as text */

/* Refills of the TLB are counted, and shown only when they are asked for: they come by the
 * thousand. */
enum kind { KIND_SYSCALL, KIND_IRQ, KIND_FAULT, KIND_SWITCH, KIND_REFILL, KIND_START, KINDS };

static const char *const kind_names[KINDS] = {"syscall", "irq",    "fault",
                                              "switch",  "refill", "start"};
static const char *const kind_plurals[KINDS] = {"system calls", "interrupts",
                                                "faults",       "process switches",
                                                "TLB refills",  "INITs and startups"};

struct row {
    ticks tick;
    uint64_t count;
    enum kind kind;
    const struct profile *path; /* of a call; NULL = not known */
    int64_t pid;                /* -1 = no process */
    char name[32];
    char what[WHAT];
    char result[40]; /* of a call: " = -1 ENOENT" */
    bool kernel;     /* hit the kernel, not a program */
    bool over;
    uint8_t cpu;
    ticks took;
};

/* A trap that has not been returned from. */
struct open_trap {
    uint64_t row;     /* its number; its place in the ring may be another's by now */
    uint32_t process; /* of a trap out of a program */
    uint32_t pc;      /* of one inside the kernel: where it goes back to, */
    uint8_t cpu;      /* ... most often on this processor */
    bool kernel;
};

struct lister {
    struct session *session;
    struct row *row;
    uint64_t rows;
    uint64_t total[KINDS];
    uint64_t seen;
    struct open_trap open[OPEN];
    unsigned opened;
    uint32_t runs[MACHINE_PROCESSORS]; /* process that was in user mode last, on each */
    int only;                          /* enum kind; -1 = all */
};

static struct row *add_row(struct lister *lister, const struct trace_event *event, enum kind kind)
{
    struct session *session = lister->session;
    struct process process;
    lister->total[kind]++;
    if (lister->only >= 0 ? lister->only != (int)kind : kind == KIND_REFILL)
        return NULL;
    struct row *row = &lister->row[lister->rows++ % ROWS];
    *row = (struct row){.tick = event->tick,
                        .count = event->count,
                        .kind = kind,
                        .pid = -1,
                        .kernel = event->old == 0,
                        .cpu = event->cpu};
    session->spaces = 0;
    if (process_current(session, &process)) {
        row->pid = process.pid;
        snprintf(row->name, sizeof row->name, "%s", process.name);
    }
    return row;
}

static struct row *row_at(struct lister *lister, uint64_t number)
{
    return lister->rows - number <= ROWS ? &lister->row[number % ROWS] : NULL;
}

/* --- traps begin ------------------------------------------------------------------------------ */

static void call_words(struct session *session, const struct trace_event *trap, struct row *row)
{
    int64_t number;
    session_changed(session);
    row->path = path_of_call(session, trap->vector, &number);
    if (row->path == NULL)
        snprintf(row->what, sizeof row->what, "%s %" PRIu32, session->arch->software_trap,
                 trap->vector);
    else
        show_call(session, row->path, number, row->what, sizeof row->what);
    session_changed(session);
}

static void fault_words(struct session *session, const struct trace_event *trap, struct row *row)
{
    char where[WHAT], number[24];
    const char *title = session->arch->vector_title(trap->vector);
    uint32_t address;
    snprintf(number, sizeof number, "vector %" PRIu32, trap->vector);
    session_describe(session, trap->addr, where, sizeof where);
    size_t used = (size_t)snprintf(row->what, sizeof row->what, "%s at %.120s",
                                   title == NULL ? number : title, where);
    if (used < sizeof row->what &&
        session->arch->fault_address(session->cpu, trap->vector, &address))
        snprintf(row->what + used, sizeof row->what - used, ", address %08" PRIx32, address);
}

static void irq_words(struct session *session, const struct trace_event *trap, struct row *row)
{
    const char *title = profile_vector(session->profile, trap->vector);
    char source[64];
    bool told = show_source(session, trap, source, sizeof source);
    const char *from = told ? ", from " : "";
    if (!told)
        source[0] = '\0';
    if (title != NULL)
        snprintf(row->what, sizeof row->what, "%s (vector %" PRIu32 ")%s%s", title, trap->vector,
                 from, source);
    else
        snprintf(row->what, sizeof row->what, "vector %" PRIu32 "%s%s", trap->vector, from, source);
}

static enum kind kind_of(const struct session *session, const struct trace_event *trap)
{
    switch (session->arch->trap(trap)) {
    case ARCH_INTERRUPT: return KIND_IRQ;
    case ARCH_REFILL: return KIND_REFILL;
    case ARCH_FAULT: return KIND_FAULT;
    case ARCH_SOFTWARE: break;
    }
    bool call = session->profile != NULL ? profile_of_vector(session->profile, trap->vector) != NULL
                                         : session->arch->may_be_call(trap);
    return call ? KIND_SYSCALL : KIND_FAULT;
}

static void open_trap(struct lister *lister, const struct trace_event *trap, bool shown)
{
    if (!shown)
        return;
    if (lister->opened == OPEN)
        memmove(lister->open, lister->open + 1, --lister->opened * sizeof lister->open[0]);
    lister->open[lister->opened++] = (struct open_trap){
        .row = lister->rows - 1,
        .pc = trap->addr,
        .cpu = trap->cpu,
        .kernel = trap->old == 0,
        .process = process_current_address(lister->session),
    };
}

static void note_trap(struct lister *lister, const struct trace_event *trap)
{
    struct session *session = lister->session;
    if (session->arch->is_firmware_call(session->cpu, trap))
        return;
    enum kind kind = kind_of(session, trap);
    struct row *row = add_row(lister, trap, kind);
    open_trap(lister, trap, row != NULL);
    if (row == NULL)
        return;
    if (kind == KIND_SYSCALL)
        call_words(session, trap, row);
    else if (kind == KIND_IRQ)
        irq_words(session, trap, row);
    else
        fault_words(session, trap, row);
}

/* --- and end ---------------------------------------------------------------------------------- */

/* In the program again: its registers hold the result. */
static void result_words(struct session *session, struct row *row)
{
    struct scope scope = {
        .arch = session->arch, .symbols = &session->symbols, .target = &session->target};
    const struct profile *profile = row->path;
    int64_t result, failed = 0, reason;
    if (profile->expression[PROFILE_RESULT] == NULL ||
        !expression_number(&scope, profile->expression[PROFILE_RESULT], &result))
        return;
    struct value value = value_of_number(type_basic(BASIC_INT), result);
    session_set_variable(session, "result", &value);
    int used = snprintf(row->result, sizeof row->result, " = %" PRId32, (int32_t)result);
    if (profile->expression[PROFILE_ERROR] == NULL ||
        !expression_number(&scope, profile->expression[PROFILE_ERROR], &failed) || failed == 0 ||
        profile->expression[PROFILE_ERRNO] == NULL ||
        !expression_number(&scope, profile->expression[PROFILE_ERRNO], &reason))
        return;
    const struct profile_name *name = profile_errno(profile, reason);
    if (name != NULL)
        snprintf(row->result + used, sizeof row->result - (size_t)used, " %s", name->name);
}

static bool closes(const struct open_trap *open, const struct trace_event *returned,
                   uint32_t process)
{
    if (open->kernel != (returned->value == 0))
        return false;
    return open->kernel ? open->pc == returned->addr : open->process == process;
}

/* The newest that this closes, one of the same processor before those of others; -1 = none. */
static int closed_by(const struct lister *lister, const struct trace_event *returned,
                     uint32_t process)
{
    int found = -1;
    for (int i = (int)lister->opened - 1; i >= 0; i--) {
        if (!closes(&lister->open[i], returned, process))
            continue;
        if (lister->open[i].cpu == returned->cpu)
            return i;
        if (found < 0)
            found = i;
    }
    return found;
}

static void note_switch(struct lister *lister, const struct trace_event *returned, uint32_t process)
{
    uint32_t *runs = &lister->runs[returned->cpu % MACHINE_PROCESSORS];
    if (process == 0 || process == *runs)
        return;
    bool first = *runs == 0;
    *runs = process;
    struct row *row = first ? NULL : add_row(lister, returned, KIND_SWITCH);
    if (row == NULL)
        return;
    row->over = true;
    row->kernel = false;
    snprintf(row->what, sizeof row->what, "runs now");
}

static void note_return(struct lister *lister, const struct trace_event *returned)
{
    struct session *session = lister->session;
    uint32_t process = process_current_address(session);
    int i = closed_by(lister, returned, process);
    struct row *row = i < 0 ? NULL : row_at(lister, lister->open[i].row);
    if (i >= 0) {
        lister->opened--;
        memmove(&lister->open[i], &lister->open[i + 1],
                (lister->opened - (unsigned)i) * sizeof lister->open[0]);
    }
    if (row != NULL) {
        row->over = true;
        row->took = returned->tick + returned->cost - row->tick;
        if (row->path != NULL)
            result_words(session, row);
    }
    if (returned->value != 0)
        note_switch(lister, returned, process);
}

/* --- processors are started ------------------------------------------------------------------- */

static void note_signal(struct lister *lister, const struct trace_event *signal)
{
    char source[64];
    if (signal->value != APIC_INIT && signal->value != APIC_STARTUP)
        return;
    struct row *row = add_row(lister, signal, KIND_START);
    if (row == NULL)
        return;
    row->over = true;
    show_source(lister->session, signal, source, sizeof source);
    if (signal->value == APIC_INIT)
        snprintf(row->what, sizeof row->what, "INIT from %s", source);
    else
        snprintf(row->what, sizeof row->what, "startup at %05" PRIx32 " from %s",
                 signal->vector << 12, source);
}

static void note_events(struct lister *lister, const struct trace *trace)
{
    for (; lister->seen < trace->written; lister->seen++) {
        const struct trace_event *event = trace_at(trace, lister->seen);
        if (event != NULL && event->kind == TRACE_TRAP)
            note_trap(lister, event);
        else if (event != NULL && event->kind == TRACE_RETURNED)
            note_return(lister, event);
        else if (event != NULL && event->kind == TRACE_SIGNAL)
            note_signal(lister, event);
    }
}

static bool on_micro(void *context, struct cpu *cpu, const struct trace_event *ignored)
{
    (void)ignored;
    note_events(context, cpu->trace);
    return false;
}

/* --- saying ----------------------------------------------------------------------------------- */

struct span {
    struct timeline_position from, to;
    uint64_t last; /* rows to show */
};

static bool lasts(enum kind kind)
{
    return kind != KIND_SWITCH && kind != KIND_START;
}

static void say_row(struct output *out, const struct row *row, bool several)
{
    static const enum out_style style[KINDS] = {OUT_GOOD, OUT_DIM, OUT_BAD,
                                                OUT_HEAD, OUT_DIM, OUT_HEAD};
    out_cell_number(out, (int64_t)row->tick, "%" PRIu64, row->tick);
    out_cell_style(out, style[row->kind]);
    out_cell(out, "%s", kind_names[row->kind]);
    if (row->pid >= 0)
        out_cell_number(out, row->pid, "%" PRId64, row->pid);
    else
        out_cell(out, "-");
    out_cell(out, "%s", row->name);
    out_cell(out, "%s", row->kernel ? "kernel" : "user");
    if (out->json || strlen(row->what) <= WIDE)
        out_cell(out, "%s%s", row->what, row->result);
    else
        out_cell(out, "%.*s...%s", (int)WIDE - 3, row->what, row->result);
    if (row->over && lasts(row->kind))
        out_cell_number(out, (int64_t)row->took, "%" PRIu64, row->took);
    else
        out_cell(out, "%s", lasts(row->kind) ? "still open" : "");
    if (several)
        out_cell_number(out, row->cpu, "%u", row->cpu);
}

static void say_here(struct session *session, struct output *out, bool several)
{
    ticks now = session->machine->clock.s.now;
    out_cell_number(out, (int64_t)now, "%" PRIu64, now);
    out_cell_style(out, OUT_CHANGED);
    out_cell(out, "here");
    for (unsigned i = 0; i < 3; i++)
        out_cell(out, "%s", "");
    out_cell(out, "<- you are here");
    out_cell(out, "%s", "");
    if (several)
        out_cell(out, "%s", "");
}

static void say_rows(struct session *session, struct lister *lister, uint64_t last)
{
    static const struct out_column columns[] = {
        {"tick", "tick", true, OUT_ADDRESS}, {"kind", "kind", false, OUT_PLAIN},
        {"pid", "pid", true, OUT_PLAIN},     {"program", "program", false, OUT_FUNCTION},
        {"hit", "hit", false, OUT_DIM},      {"what", "what", false, OUT_PLAIN},
        {"ticks", "took", true, OUT_PLAIN},  {"cpu", "cpu", true, OUT_PLAIN}, /* of several */
    };
    struct output *out = &session->out;
    bool several = session->machine->processors > 1;
    uint64_t kept = lister->rows < ROWS ? lister->rows : ROWS;
    uint64_t first = lister->rows - (kept < last ? kept : last);
    struct timeline_position now = timeline_now(session->timeline);
    bool told = false;
    out_table(out, "events", 0, columns, sizeof columns / sizeof *columns - !several);
    for (uint64_t n = first; n < lister->rows; n++) {
        const struct row *row = row_at(lister, n);
        if (!told && row->count >= now.count && row->tick >= now.tick) {
            say_here(session, out, several);
            told = true;
        }
        say_row(out, row, several);
    }
    if (!told)
        say_here(session, out, several);
    out_table_end(out);
    if (first > 0)
        out_text(out, "The last %" PRIu64 " of %" PRIu64 "; `timeline all` shows more.\n",
                 lister->rows - first, lister->rows);
}

static void say_totals(struct session *session, const struct lister *lister,
                       const struct span *span)
{
    struct output *out = &session->out;
    bool whole = timeline_compare(span->from, timeline_origin(session->timeline)) <= 0;
    if (whole)
        out_text(out, "Since power-on");
    else
        out_text(out, "From tick %" PRIu64, span->from.tick);
    out_object(out, "counts");
    for (unsigned i = 0; i < KINDS; i++) {
        if ((i == KIND_REFILL || i == KIND_START) && lister->total[i] == 0)
            continue;
        out_text(out, "%s %s %" PRIu64, i > 0 ? "," : ":", kind_plurals[i], lister->total[i]);
        out_number(out, kind_names[i], (int64_t)lister->total[i]);
    }
    out_close(out);
    out_text(out, "\n");
    out_number(out, "from", (int64_t)span->from.tick);
}

/* --- arguments -------------------------------------------------------------------------------- */

static int kind_named(const char *word)
{
    for (int i = 0; i < KINDS; i++)
        if (strncmp(word, kind_names[i], strlen(word)) == 0)
            return i;
    return -1;
}

static struct timeline_position at_tick(struct session *session, int64_t tick)
{
    struct origin_trip trip;
    origin_depart(session, &trip);
    origin_visit(session, TIMELINE_AT_TICK((ticks)tick));
    struct timeline_position position = timeline_now(session->timeline);
    origin_return(session, &trip);
    return position;
}

static bool read_ticks(struct session *session, const char *text, struct span *span)
{
    struct timeline_position frontier = timeline_frontier(session->timeline);
    char word[64];
    int64_t tick[2];
    unsigned used = 0;
    while (used < 2 && command_word(&text, word, sizeof word) != NULL) {
        if (!session_number(session, word, &tick[used]))
            return false;
        if (tick[used] < 0 || (ticks)tick[used] > frontier.tick)
            return out_error(&session->out, "The ticks that are known go from 0 to %" PRIu64,
                             frontier.tick);
        used++;
    }
    while (isspace((unsigned char)*text))
        text++;
    if (*text != '\0')
        return out_error(&session->out, "timeline takes two ticks, FROM and TO, not %s", text);
    if (used == 2 && tick[1] < tick[0])
        return out_error(&session->out, "FROM %" PRId64 " lies behind TO %" PRId64, tick[0],
                         tick[1]);
    span->from = at_tick(session, tick[0]);
    if (used == 2)
        span->to = at_tick(session, tick[1]);
    span->last = UINT64_MAX;
    return true;
}

static bool read_arguments(struct session *session, const char *text, struct span *span, int *only)
{
    const char *rest = text;
    char word[64];
    *only = -1;
    while (command_word(&rest, word, sizeof word) != NULL) {
        int kind = isalpha((unsigned char)word[0]) ? kind_named(word) : -1;
        if (kind >= 0) {
            *only = kind;
        } else if (strcmp(word, "all") == 0) {
            span->last = UINT64_MAX;
            span->from = timeline_origin(session->timeline);
        } else {
            return read_ticks(session, text, span);
        }
        text = rest;
    }
    return true;
}

bool cmd_timeline(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    struct lister *lister;
    struct origin_trip trip;
    if (!session_needs_machine(session))
        return false;
    struct timeline_position now = timeline_now(session->timeline);
    struct timeline_position origin = timeline_origin(session->timeline);
    struct span span = {.from = origin, .to = now, .last = SHOWN};
    if (now.count - origin.count > NEAR)
        span.from = (struct timeline_position){0, now.count - NEAR, 0};
    int only;
    if (!read_arguments(session, args->text, &span, &only))
        return false;
    lister = calloc(1, sizeof *lister);
    struct row *rows = calloc(ROWS, sizeof *rows);
    bool fine = lister != NULL && rows != NULL;
    if (fine) {
        *lister = (struct lister){.session = session, .row = rows, .only = only};
        struct cpu_observer observer = {.context = lister, .micro = on_micro};
        origin_depart(session, &trip);
        origin_visit(session, span.from);
        span.from = timeline_now(session->timeline);
        lister->seen = session->machine->trace.written;
        fine = stops_scan(session, span.from, span.to, &observer);
        note_events(lister, &session->machine->trace);
        origin_return(session, &trip);
        say_rows(session, lister, span.last);
        say_totals(session, lister, &span);
    }
    free(rows);
    free(lister);
    return fine || out_error(out, "Interrupted: not to the end");
}
