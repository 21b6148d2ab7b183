/* commands_system: the guest as a whole: its processes and its console. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Undoes C's escapes, in place. Returns the length. */
static size_t unescape(char *text)
{
    static const char names[] = "abtnvfre\\\"", bytes[] = "\a\b\t\n\v\f\r\033\\\"";
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        const char *name = *from == '\\' && from[1] != '\0' ? strchr(names, from[1]) : NULL;
        if (*from == '\\' && from[1] == 'x' && isxdigit((unsigned char)from[2]) &&
            isxdigit((unsigned char)from[3])) {
            char digits[3] = {from[2], from[3], '\0'};
            *to++ = (char)strtoul(digits, NULL, 16);
            from += 3;
        } else if (name != NULL) {
            *to++ = bytes[name - names];
            from++;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return (size_t)(to - text);
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
        char *text = strdup(args->text);
        size_t length = text == NULL ? 0 : unescape(text);
        bool fits = text != NULL && console_type(&session->console, text, length) &&
                    console_type(&session->console, "\n", 1);
        free(text);
        if (!fits)
            return out_error(&session->out, "Too much is waiting to be typed; let the guest run.");
    }
    console_feed(&session->console, session->machine, session->program_input);
    out_number(&session->out, "waiting", session->console.used);
    return true;
}
