/* commands_run: running forwards: continue, step, next, finish, until, syscall, cycle. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/show.h"
#include "debugger/stepping.h"

/* A machine that switched itself off, or froze, does not run on. */
static bool can_run(struct session *session)
{
    const struct stop *stop = &session->stop;
    struct timeline_position now;
    if (!session_needs_machine(session))
        return false;
    now = timeline_now(session->timeline);
    bool over = stop->kind == STOP_MACHINE && stop->machine.reason != MACHINE_RESET &&
                stop->machine.reason != MACHINE_BREAK &&
                timeline_compare(now, timeline_frontier(session->timeline)) == 0;
    if (!over)
        return true;
    return out_error(&session->out, "The machine has stopped for good; go back with reverse-stepi, "
                                    "reverse-continue or goto.");
}

static bool told(struct session *session)
{
    say_stop(session);
    return true;
}

bool cmd_continue(struct session *session, const struct command_args *args)
{
    long long count;
    if (!can_run(session) || !command_count(session, args->text, &count))
        return false;
    if (count > 1 && session->stop.kind == STOP_BREAKPOINT && session->stop.point != NULL) {
        struct point *point = stops_find(&session->stops, session->stop.point->number);
        point->ignore = (uint64_t)count - 1;
        out_text(&session->out, "Will ignore next %lld crossings of breakpoint %u.  Continuing.\n",
                 count - 1, point->number);
    }
    stops_run(session, true, NULL, NULL, MACHINE_NO_LIMIT);
    return told(session);
}

/* A step is over but for others to come. */
static bool goes_on(const struct session *session)
{
    return session->stop.kind == STOP_STEPPED;
}

/* What became of the process, when the step ended because of that. */
static void say_fate(struct session *session, const struct stepping *stepping)
{
    if (session->stop.kind != STOP_STEPPED || (!stepping->ended && !stepping->replaced))
        return;
    console_close_line(&session->console);
    out_text(&session->out, "Process %" PRId64 " %s.\n", stepping->pid,
             stepping->ended ? "has ended" : "runs another program now");
    out_string(&session->out, "fate", "%s", stepping->ended ? "ended" : "replaced");
}

static bool step_lines(struct session *session, const struct command_args *args,
                       enum stepping_way way, bool instructions)
{
    long long count;
    if (!can_run(session) || !command_count(session, args->text, &count))
        return false;
    while (count-- > 0) {
        struct stepping stepping;
        if (!stepping_begin(&stepping, session, way))
            return false;
        stepping.instructions |= instructions;
        stepping_run(&stepping);
        say_fate(session, &stepping);
        if (stepping.ended || stepping.replaced || (count > 0 && !stops_next_round(session)))
            break;
    }
    return told(session);
}

bool cmd_step(struct session *session, const struct command_args *args)
{
    return step_lines(session, args, STEP_INTO, false);
}

bool cmd_next(struct session *session, const struct command_args *args)
{
    return step_lines(session, args, STEP_OVER, false);
}

bool cmd_nexti(struct session *session, const struct command_args *args)
{
    return step_lines(session, args, STEP_OVER, true);
}

bool cmd_stepi(struct session *session, const struct command_args *args)
{
    long long count;
    if (!can_run(session) || !command_count(session, args->text, &count))
        return false;
    if (count == 1) {
        stops_step(session, false);
    } else {
        struct machine_limit limit = MACHINE_NO_LIMIT;
        limit.count = timeline_now(session->timeline).count + (uint64_t)count;
        stops_run(session, true, NULL, NULL, limit);
        if (session->stop.kind == STOP_LIMIT && !session->stop.bounded)
            session->stop = (struct stop){.kind = STOP_STEPPED};
    }
    return told(session);
}

/* --- finish, until, advance ------------------------------------------------------------------- */

static void say_result(struct session *session, const struct type *type, const char *name)
{
    struct output *out = &session->out;
    char text[400];
    const struct arch *arch = session->arch;
    uint64_t low, high = 0;
    if (type->kind == TYPE_VOID || type->size == 0 || type->size > 8 || type->kind == TYPE_STRUCT ||
        type->kind == TYPE_UNION || type->kind == TYPE_FLOAT ||
        !session_register(session, type->size > 4 ? arch->result_low : arch->result, &low))
        return;
    if (type->size > 4)
        session_register(session, arch->result_high, &high);
    struct value value = value_of_number(type, (int64_t)(low | high << 32));
    struct scope scope = session_scope(session);
    if (!value_format(&scope, &value, 0, text, sizeof text))
        return;
    unsigned number = session_remember(session, &value);
    out_text(out, "Value returned is $%u = %s\n", number, text);
    out_string(out, "returned_by", "%s", name);
    out_string(out, "returned", "%s", text);
}

bool cmd_finish(struct session *session, const struct command_args *args)
{
    struct stepping stepping;
    (void)args;
    if (!can_run(session) || !stepping_begin(&stepping, session, STEP_OUT))
        return false;
    const struct frame frame = session->frame[session->current];
    const struct function *function =
        frame.image == NULL ? NULL : image_function(frame.image, frame_lookup_pc(&frame));
    bool trapped = session->frame[session->current + 1].trapped;
    out_text(&session->out, "Run till exit from ");
    out_object(&session->out, "from");
    say_frame(session, session->current, true);
    out_close(&session->out);
    stepping_run(&stepping);
    say_fate(session, &stepping);
    say_stop(session);
    Dwarf_Die die;
    if (goes_on(session) && !stepping.ended && !stepping.replaced && !trapped && function != NULL &&
        dwarf_offdie(frame.image->dwarf, function->die, &die) != NULL)
        say_result(session, type_of_attribute(frame.image, &die), function->name);
    return true;
}

/* Runs to one of some addresses, or until the frame returns. */
struct arrival {
    struct stepping out; /* until this frame has returned */
    bool may_return;
    uint32_t address[POINT_LOCATIONS];
    struct image *image[POINT_LOCATIONS];
    unsigned addresses;
};

static bool arrived(void *context, struct session *session, uint32_t pc)
{
    struct arrival *arrival = context;
    for (unsigned i = 0; i < arrival->addresses; i++) {
        const struct image *image = arrival->image[i];
        if (arrival->address[i] != pc)
            continue;
        session->spaces = 0;
        if (image == NULL || image->kind == IMAGE_KERNEL || session_program(session) == image)
            return true;
    }
    return arrival->may_return && stepping_returned(&arrival->out, pc);
}

static bool run_to(struct session *session, const char *location)
{
    struct arrival arrival = {.addresses = 0};
    arrival.addresses =
        session_location(session, location, arrival.address, arrival.image, POINT_LOCATIONS);
    if (arrival.addresses == 0)
        return false;
    frames_unwind(session);
    arrival.may_return =
        session->current + 1 < session->frames && stepping_begin(&arrival.out, session, STEP_OUT);
    stops_run(session, true, arrived, &arrival, MACHINE_NO_LIMIT);
    return told(session);
}

bool cmd_advance(struct session *session, const struct command_args *args)
{
    if (!can_run(session))
        return false;
    if (*args->text == '\0')
        return out_error(&session->out, "Argument required (a location).");
    return run_to(session, args->text);
}

bool cmd_until(struct session *session, const struct command_args *args)
{
    struct stepping stepping;
    if (!can_run(session))
        return false;
    if (*args->text != '\0')
        return run_to(session, args->text);
    if (!stepping_begin(&stepping, session, STEP_OVER))
        return false;
    stepping.forward_only = true;
    stepping_run(&stepping);
    return told(session);
}

/* --- system calls ----------------------------------------------------------------------------- */

bool show_wanted_call(struct session *session, const char *text, struct wanted_call *wanted)
{
    *wanted = (struct wanted_call){NULL, -1};
    if (*text == '\0')
        return true;
    for (const struct profile *path = session->profile; path != NULL; path = path->next) {
        const struct profile_syscall *call = profile_syscall_named(path, text);
        if (call != NULL) {
            wanted->name = call->name;
            return true;
        }
    }
    char *end;
    long value = strtol(text, &end, 0);
    if (*end != '\0' || value < 0)
        return out_error(&session->out, "No system call is named \"%s\".", text);
    wanted->number = value;
    return true;
}

const struct profile *show_at_syscall(struct session *session, uint32_t pc, int64_t *number)
{
    struct arch_insn insn;
    uint8_t bytes[4];
    if (session_in_kernel(session) || !session_peek(session, pc, bytes, sizeof bytes) ||
        !session->arch->may_trap(bytes) || !show_instruction_at(session, pc, &insn) ||
        insn.flow != FLOW_TRAP)
        return NULL;
    session_changed(session);
    return path_of_call(session, insn.vector, number);
}

static void say_syscall(struct session *session)
{
    struct output *out = &session->out;
    int64_t number;
    if (session->stop.kind != STOP_SYSCALL)
        return;
    const struct profile *path =
        show_at_syscall(session, session->cpu->ops->pc(session->cpu), &number);
    if (path == NULL)
        return;
    char text[512];
    show_call(session, path, number, text, sizeof text);
    out_text(out, "System call %" PRId64 "%s: %s\n", number, path_by(session, path), text);
    if (path->path != NULL)
        out_string(out, "path", "%s", path->path);
    out_string(out, "call", "%s", text);
    out_number(out, "call_number", number);
}

bool cmd_syscall(struct session *session, const struct command_args *args)
{
    struct wanted_call wanted;
    if (!can_run(session) || !session_needs_profile(session) ||
        !show_wanted_call(session, args->text, &wanted))
        return false;
    stops_run_to_syscall(session, &wanted);
    say_stop(session);
    say_syscall(session);
    return true;
}

/* --- micro-steps ------------------------------------------------------------------------------ */

static void say_access(const struct trace_event *event, char *to, size_t room)
{
    to[0] = '\0';
    if ((event->flags & TRACE_CHECK) != 0)
        return;
    if ((event->flags & (TRACE_READ | TRACE_WRITE)) != 0)
        snprintf(to, room, "%08" PRIx32 " %s %0*" PRIx32, event->addr,
                 (event->flags & TRACE_READ) != 0 ? "->" : "<-", event->size * 2, event->value);
    else
        snprintf(to, room, "%" PRIx32 " -> %" PRIx32, event->old, event->value);
}

void show_micro_step(struct session *session, const struct trace_event *event)
{
    struct output *out = &session->out;
    char words[200];
    struct arch_step info;
    if (!session->arch->step(event->step, &info))
        return;
    bool failed = (event->flags & TRACE_FAILED) != 0, check = (event->flags & TRACE_CHECK) != 0;
    if (check && info.format != NULL)
        session->arch->step_fill(event, info.format, words, sizeof words);
    else
        say_access(event, words, sizeof words);
    out_text(out, "%s%-18s%s %-34s %s%s%s%s  tick %" PRIu64 "+%u\n", out_style(out, OUT_HEAD),
             info.name, out_style(out, OUT_PLAIN), words,
             out_style(out, failed ? OUT_BAD : OUT_GOOD),
             failed  ? "refused"
             : check ? "ok"
                     : "",
             out_style(out, OUT_PLAIN), check ? "" : "  ", event->tick, event->cost);
    out_text(out, "   %s%s (%s)%s\n", out_style(out, OUT_DIM), info.text, info.manual,
             out_style(out, OUT_PLAIN));
    out_object(out, NULL);
    out_string(out, "step", "%s", info.id);
    out_string(out, "name", "%s", info.name);
    out_string(out, "detail", "%s", words);
    out_boolean(out, "failed", failed);
    out_number(out, "tick", (int64_t)event->tick);
    out_number(out, "cost", event->cost);
    out_close(out);
}

bool cmd_cycle(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    long long count;
    if (!can_run(session) || !command_count(session, args->text, &count))
        return false;
    const struct trace *trace = &session->machine->trace;
    out_array(out, "steps");
    uint32_t micro = 0;
    while (count-- > 0) {
        uint64_t seen = trace->written;
        stops_step(session, true);
        for (; seen < trace->written; seen++) {
            const struct trace_event *event = trace_at(trace, seen);
            if (event != NULL && event->kind == TRACE_STEP)
                show_micro_step(session, event);
        }
        micro = timeline_now(session->timeline).micro;
        if (count > 0 && !stops_next_round(session))
            break;
    }
    out_close(out);
    if (micro > 0 && session->stop.kind == STOP_STEPPED) {
        say_position(session);
        return true;
    }
    return told(session);
}
