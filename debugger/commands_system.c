/* commands_system: the guest as a whole: its processes and its console. */
#include <inttypes.h>
#include <stdio.h>

#include "debugger/commands.h"
#include "debugger/console.h"

struct listing {
    struct session *session;
    uint32_t current;
};

static bool say_process(void *context, const struct process *process)
{
    struct listing *listing = context;
    struct output *out = &listing->session->out;
    bool here = process->address == listing->current;
    out_cell(out, "%s", here ? "*" : "");
    out_cell_number(out, process->pid, "%" PRId64, process->pid);
    out_cell_number(out, process->parent, "%" PRId64, process->parent);
    out_cell(out, "%s", process->state);
    out_cell(out, "%s", process->name);
    out_cell_number(out, process->space, "0x%08" PRIx32, process->space);
    out_cell_number(out, process->trapframe, "0x%08" PRIx32, process->trapframe);
    out_cell_number(out, process->address, "0x%08" PRIx32, process->address);
    return true;
}

bool cmd_ps(struct session *session, const struct command_args *args)
{
    static const struct out_column columns[] = {
        {"", "current", false, OUT_GOOD},
        {"PID", "pid", true, OUT_PLAIN},
        {"Parent", "parent", true, OUT_PLAIN},
        {"State", "state", false, OUT_PLAIN},
        {"Name", "name", false, OUT_FUNCTION},
        {"Space", "space", false, OUT_ADDRESS},
        {"Trapframe", "trapframe", false, OUT_ADDRESS},
        {"Struct", "address", false, OUT_ADDRESS},
    };
    (void)args;
    if (!session_needs_machine(session) || !session_needs_profile(session))
        return false;
    struct listing listing = {session, process_current_address(session)};
    out_table(&session->out, "processes", 0, columns, sizeof columns / sizeof *columns);
    if (!process_each(session, say_process, &listing))
        return false;
    out_table_end(&session->out);
    return true;
}

bool cmd_console(struct session *session, const struct command_args *args)
{
    if (!session_needs_machine(session))
        return false;
    if (*args->text == '\0') {
        if (!session->program_input)
            return out_error(&session->out, "The serial console has no end of input; type a "
                                            "line: console TEXT");
        console_hang_up(&session->console);
    } else {
        if (!console_line(&session->console, args->text))
            return out_error(&session->out, "Too much is waiting to be typed; let the guest run.");
    }
    console_feed(&session->console, session->machine, session->program_input);
    out_number(&session->out, "waiting", session->console.used);
    return true;
}
