/* commands_time: running backwards, and travel. */
#include <string.h>

#include "debugger/commands.h"
#include "debugger/show.h"
#include "debugger/stepping.h"

static bool told(struct session *session)
{
    say_stop(session);
    return true;
}

static bool at_origin(struct session *session)
{
    return timeline_compare(timeline_now(session->timeline), timeline_origin(session->timeline)) <=
           0;
}

static bool begin(struct session *session, const struct command_args *args, long long *count)
{
    return session_needs_machine(session) && command_count(session, args->text, count);
}

bool cmd_reverse_stepi(struct session *session, const struct command_args *args)
{
    long long count;
    if (!begin(session, args, &count))
        return false;
    struct timeline_position now = timeline_now(session->timeline);
    /* The inside of a delivery is one instruction back from its end, like any other. */
    uint64_t back = (uint64_t)count - (now.micro > 0);
    uint64_t origin = timeline_origin(session->timeline).count;
    bool beyond = back > now.count - origin;
    stops_goto(session, TIMELINE_AT_COUNT(beyond ? origin : now.count - back));
    if (beyond)
        session->stop = (struct stop){.kind = STOP_HISTORY};
    return told(session);
}

/* How many micro-steps the action that begins at `count` has. */
static uint32_t micro_steps_at(struct session *session, uint64_t count)
{
    const struct trace *trace = &session->machine->trace;
    uint32_t steps = 0;
    stops_goto(session, TIMELINE_AT_COUNT(count));
    stops_step(session, false);
    for (uint64_t n = trace->written; n-- > 0;) {
        const struct trace_event *event = trace_at(trace, n);
        if (event == NULL || event->count < count)
            break;
        steps += event->kind == TRACE_STEP && event->count == count;
    }
    return steps;
}

bool cmd_reverse_cycle(struct session *session, const struct command_args *args)
{
    long long count;
    if (!begin(session, args, &count))
        return false;
    for (; count > 0; count--) {
        struct timeline_position to = timeline_now(session->timeline);
        if (at_origin(session)) {
            session->stop = (struct stop){.kind = STOP_HISTORY};
            break;
        }
        if (to.micro > 0) {
            to.micro--;
        } else {
            uint32_t steps = micro_steps_at(session, to.count - 1);
            to.count--;
            to.micro = steps > 0 ? steps - 1 : 0;
        }
        to.tick = 0;
        stops_goto(session, to);
        if (count > 1 && !stops_next_round(session))
            break;
    }
    return told(session);
}

static bool back_lines(struct session *session, const struct command_args *args,
                       enum stepping_way way)
{
    long long count;
    if (!begin(session, args, &count))
        return false;
    while (count-- > 0) {
        struct stepping stepping;
        if (!stepping_begin(&stepping, session, way))
            return false;
        stepping_run_back(&stepping);
        if (count > 0 && !stops_next_round(session))
            break;
    }
    return told(session);
}

bool cmd_reverse_step(struct session *session, const struct command_args *args)
{
    return back_lines(session, args, STEP_INTO);
}

bool cmd_reverse_next(struct session *session, const struct command_args *args)
{
    return back_lines(session, args, STEP_OVER);
}

bool cmd_reverse_continue(struct session *session, const struct command_args *args)
{
    (void)args;
    if (!session_needs_machine(session))
        return false;
    stops_run_back(session, true, NULL, NULL);
    return told(session);
}

/* Backwards to the instruction that called this function, or that the trap interrupted. */
struct call {
    uint32_t pc, sp; /* at the function's first instruction */
    uint32_t space;
    bool user;
    uint32_t process;
    bool trapped;
};

static bool at_entry(void *context, struct session *session, uint32_t pc)
{
    const struct call *call = context;
    const struct cpu *cpu = session->cpu;
    if ((cpu->ops->privilege(cpu) != 0) != call->user)
        return false;
    if (!call->trapped && cpu->ops->sp(cpu) != call->sp)
        return false;
    if (call->process != 0 ? process_current_address(session) != call->process
                           : cpu->ops->space(cpu) != call->space)
        return false;
    return call->trapped || pc == call->pc;
}

static uint32_t start_of(const struct frame *frame)
{
    uint32_t pc = frame_lookup_pc(frame);
    const struct function *function =
        frame->image == NULL ? NULL : image_function(frame->image, pc);
    const struct symbol *symbol = frame->image == NULL ? NULL : image_symbol(frame->image, pc);
    return function != NULL ? function->low : symbol != NULL ? symbol->address : pc;
}

bool cmd_reverse_finish(struct session *session, const struct command_args *args)
{
    (void)args;
    if (!session_needs_machine(session))
        return false;
    frames_unwind(session);
    unsigned level = session->current;
    if (level + 1 >= session->frames)
        return out_error(&session->out,
                         "\"reverse-finish\" not meaningful in the outermost frame.");
    const struct frame *frame = &session->frame[level], *caller = frame + 1;
    bool to_user = caller->image == NULL || caller->image->kind == IMAGE_PROGRAM;
    struct call call = {
        .pc = start_of(frame),
        .sp = frame->cfa - (session->arch->calls_push ? 4 : 0),
        .space = session->cpu->ops->space(session->cpu),
        .process = process_current_address(session),
        .trapped = caller->trapped && to_user,
        .user = caller->trapped ? to_user : !session_in_kernel(session),
    };
    if (caller->trapped && !to_user)
        return out_error(&session->out, "The trap interrupted the kernel itself; use catch irq "
                                        "and reverse-continue.");
    out_text(&session->out, "Run back to call of ");
    out_object(&session->out, "from");
    say_frame(session, level, true);
    out_close(&session->out);
    bool entering = frame->innermost && frame->pc == call.pc &&
                    frame->reg[session->arch->sp] == call.sp && !call.trapped;
    if (entering)
        session->stop = (struct stop){.kind = STOP_STEPPED};
    else
        stops_run_back(session, true, at_entry, &call);
    if (session->stop.kind == STOP_STEPPED && !call.trapped)
        stops_goto(session, TIMELINE_AT_COUNT(timeline_now(session->timeline).count - 1));
    if (session->stop.kind == STOP_STEPPED && session->arch->in_delay_slot(session->cpu))
        stops_goto(session, TIMELINE_AT_COUNT(timeline_now(session->timeline).count - 1));
    return told(session);
}

bool cmd_goto(struct session *session, const struct command_args *args)
{
    int64_t tick;
    if (!session_needs_machine(session))
        return false;
    if (*args->text == '\0')
        return out_error(&session->out, "Argument required (a tick; `timeline` lists some).");
    if (!session_number(session, args->text, &tick))
        return false;
    if (tick < 0)
        return out_error(&session->out, "A tick is 0 or more");
    stops_travel(session, TIMELINE_AT_TICK((ticks)tick));
    return told(session);
}
