/* cmd_dispatch: `dispatch [N]`: how a system call's number becomes a function, as the profile says.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/origin.h"
#include "debugger/show.h"

#define NAME 160u

struct dispatch {
    struct session *session;
    struct image *kernel;
    const struct profile *profile;
    uint32_t table;   /* address; of a switch: of its function */
    uint32_t entries; /* of the table; 0 = unknown */
};

static bool find(struct session *session, struct dispatch *dispatch)
{
    *dispatch = (struct dispatch){.session = session, .profile = session->profile};
    dispatch->kernel = symbols_kernel(&session->symbols);
    if (dispatch->kernel == NULL)
        return out_error(&session->out,
                         "The kernel's symbols are not known: give it with --kernel");
    if (session->profile->dispatch == NULL)
        return out_error(&session->out,
                         "The profile %s does not say how calls are dispatched: add a "
                         "line `dispatch table SYMBOL`",
                         session->profile->path);
    const struct symbol *symbol = image_symbol_named(dispatch->kernel, session->profile->dispatch);
    if (symbol == NULL)
        return out_error(&session->out, "The kernel has no symbol %s, which its profile names",
                         session->profile->dispatch);
    dispatch->table = symbol->address;
    dispatch->entries = session->profile->is_switch ? 0 : symbol->size / 4;
    return true;
}

/* --- source ----------------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* `name` as a word of its own, with this behind it. */
static bool mentions(const char *text, const char *name, char behind)
{
    size_t length = strlen(name);
    for (const char *at = text; (at = strstr(at, name)) != NULL; at++)
        if ((at == text || !is_word(at[-1])) && !is_word(at[length]) &&
            (behind == '\0' || at[length] == behind))
            return true;
    return false;
}

/* Of the dispatch stage's functions: the last line that indexes the table, which is the one that
 * calls; for a switch, the line with its label of this call. */
static unsigned source_of(const struct dispatch *dispatch, const char *name, char behind,
                          const char **file)
{
    struct session *session = dispatch->session;
    unsigned found = 0;
    for (unsigned i = 0; i < dispatch->kernel->functions; i++) {
        const struct function *function = &dispatch->kernel->function[i];
        if (!profile_stage_has(dispatch->profile, STAGE_DISPATCH, function->name))
            continue;
        for (uint32_t pc = function->low; pc < function->high; pc++) {
            const struct line_row *row = image_line(dispatch->kernel, pc);
            if (row == NULL)
                continue;
            const char *text = source_line(&session->symbols, row->file, row->line);
            if (text != NULL && row->line > found && mentions(text, name, behind)) {
                found = row->line;
                *file = row->file;
            }
            pc = row->end > pc ? row->end - 1 : pc;
        }
    }
    return found;
}

static const char *trimmed(const char *text)
{
    while (text != NULL && (*text == ' ' || *text == '\t'))
        text++;
    return text;
}

static void say_source_line(struct dispatch *dispatch, const char *key, const char *name,
                            char behind)
{
    struct session *session = dispatch->session;
    struct output *out = &session->out;
    const char *file = NULL;
    unsigned line = source_of(dispatch, name, behind, &file);
    if (line == 0)
        return;
    out_text(out, "  %s%s:%u%s   %s\n", out_style(out, OUT_FILE), say_file(file), line,
             out_style(out, OUT_PLAIN), trimmed(source_line(&session->symbols, file, line)));
    out_object(out, key);
    out_string(out, "file", "%s", file);
    out_number(out, "line", line);
    out_string(out, "source", "%s", trimmed(source_line(&session->symbols, file, line)));
    out_close(out);
}

/* --- one number ------------------------------------------------------------------------------- */

static void say_prototype(struct dispatch *dispatch, uint32_t address)
{
    struct session *session = dispatch->session;
    const struct function *function = image_function(dispatch->kernel, address);
    Dwarf_Die die;
    char text[400];
    if (function == NULL || dispatch->kernel->dwarf == NULL ||
        dwarf_offdie(dispatch->kernel->dwarf, function->die, &die) == NULL)
        return;
    type_declare(type_of_die(dispatch->kernel, &die), function->name, text, sizeof text);
    out_text(&session->out, "  prototype  %s\n", text);
    out_string(&session->out, "prototype", "%s", text);
}

static void say_number(struct dispatch *dispatch, int64_t number, const char *from)
{
    struct output *out = &dispatch->session->out;
    const struct profile_syscall *call = profile_syscall(dispatch->profile, number);
    const char *expression = dispatch->profile->expression[PROFILE_NUMBER];
    out_text(out, "number %" PRId64 " = %s", number,
             call == NULL ? "no call that the profile knows" : call->name);
    if (expression != NULL)
        out_text(out, "   the kernel finds it in %s%s", expression, from);
    out_text(out, "\n");
    out_number(out, "number", number);
    if (call != NULL)
        out_string(out, "name", "%s", call->name);
    if (expression != NULL)
        out_string(out, "expression", "%s", expression);
}

static bool say_entry(struct dispatch *dispatch, int64_t number)
{
    struct session *session = dispatch->session;
    struct output *out = &session->out;
    uint32_t address = dispatch->table + (uint32_t)number * 4, word;
    char text[NAME];
    uint8_t bytes[4];
    out_text(out, "  table      %s at %08" PRIx32 ", %" PRIu32 " entries of 4 bytes\n",
             dispatch->profile->dispatch, dispatch->table, dispatch->entries);
    out_string(out, "table", "%s", dispatch->profile->dispatch);
    out_number(out, "table_address", dispatch->table);
    out_number(out, "entries", dispatch->entries);
    if (number < 0 || number >= dispatch->entries) {
        out_text(out,
                 "  bounds     %" PRId64 " is outside 0 to %" PRIu32 ": the kernel must refuse "
                 "it before it indexes\n",
                 number, dispatch->entries - 1);
        out_boolean(out, "inside", false);
        say_source_line(dispatch, "index", dispatch->profile->dispatch, '\0');
        return true;
    }
    out_boolean(out, "inside", true);
    out_text(out, "  bounds     %" PRId64 " is inside 0 to %" PRIu32 "\n", number,
             dispatch->entries - 1);
    out_text(out, "  entry      %08" PRIx32 " + 4 * %" PRId64 " = %08" PRIx32, dispatch->table,
             number, address);
    out_number(out, "entry_address", address);
    if (!session_peek(session, address, bytes, 4)) {
        out_text(out, ", which is not mapped at present\n");
        out_string(out, "problem", "not mapped");
        return true;
    }
    word = arch_word(session->arch, bytes);
    out_text(out, "   bytes %02x %02x %02x %02x = %08" PRIx32 "\n", bytes[0], bytes[1], bytes[2],
             bytes[3], word);
    out_string(out, "bytes", "%02x %02x %02x %02x", bytes[0], bytes[1], bytes[2], bytes[3]);
    out_number(out, "handler_address", word);
    if (word == 0) {
        out_text(out, "  function   none: an empty entry, which the kernel must refuse to call\n");
        out_null(out, "handler");
    } else {
        session_describe(session, word, text, sizeof text);
        out_text(out, "  function   %s%s%s\n", out_style(out, OUT_FUNCTION), text,
                 out_style(out, OUT_PLAIN));
        out_string(out, "handler", "%s", text);
        say_prototype(dispatch, word);
    }
    say_source_line(dispatch, "index", dispatch->profile->dispatch, '[');
    return true;
}

/* The label of a switch is spelled by convention: SYS_name. */
static bool say_case(struct dispatch *dispatch, int64_t number)
{
    struct session *session = dispatch->session;
    struct output *out = &session->out;
    const struct profile_syscall *call = profile_syscall(dispatch->profile, number);
    char text[NAME];
    session_describe(session, dispatch->table, text, sizeof text);
    out_text(out, "  switch     in %s%s%s\n", out_style(out, OUT_FUNCTION), text,
             out_style(out, OUT_PLAIN));
    out_string(out, "switch", "%s", text);
    if (call == NULL) {
        out_text(out, "  no case: the default of the switch must refuse it\n");
        return true;
    }
    snprintf(text, sizeof text, "SYS_%s", call->name);
    say_source_line(dispatch, "case", text, '\0');
    snprintf(text, sizeof text, "%s%s",
             dispatch->profile->handler_prefix == NULL ? "" : dispatch->profile->handler_prefix,
             call->name);
    const struct symbol *symbol = image_symbol_named(dispatch->kernel, text);
    if (symbol != NULL) {
        session_describe(session, symbol->address, text, sizeof text);
        out_text(out, "  function   %s%s%s\n", out_style(out, OUT_FUNCTION), text,
                 out_style(out, OUT_PLAIN));
        out_string(out, "handler", "%s", text);
        say_prototype(dispatch, symbol->address);
    }
    return true;
}

/* --- all of them ------------------------------------------------------------------------------ */

static bool say_all(struct dispatch *dispatch)
{
    static const struct out_column columns[] = {
        {"number", "number", true, OUT_PLAIN},
        {"call", "name", false, OUT_PLAIN},
        {"entry", "entry", true, OUT_ADDRESS},
        {"holds", "handler_address", true, OUT_ADDRESS},
        {"function", "handler", false, OUT_FUNCTION},
    };
    struct session *session = dispatch->session;
    struct output *out = &session->out;
    if (dispatch->profile->is_switch)
        return out_error(out, "%s is a switch, not a table: give a number",
                         dispatch->profile->dispatch);
    out_text(out, "%s at %08" PRIx32 ", %" PRIu32 " entries of 4 bytes\n",
             dispatch->profile->dispatch, dispatch->table, dispatch->entries);
    out_table(out, "table", 0, columns, sizeof columns / sizeof *columns);
    for (uint32_t n = 0; n < dispatch->entries && n < PROFILE_SYSCALLS; n++) {
        const struct profile_syscall *call = profile_syscall(dispatch->profile, n);
        uint32_t word = 0, entry = dispatch->table + 4 * n;
        char text[NAME] = "";
        bool there = session_peek_word(session, entry, &word);
        if (there && word != 0)
            session_describe(session, word, text, sizeof text);
        out_cell_number(out, n, "%" PRIu32, n);
        out_cell(out, "%s", call == NULL ? "" : call->name);
        out_cell_number(out, entry, "%08" PRIx32, entry);
        out_cell_number(out, word, "%08" PRIx32, word);
        out_cell(out, "%s", !there ? "(not mapped at present)" : word == 0 ? "(empty)" : text);
    }
    out_table_end(out);
    return true;
}

/* --- which number ----------------------------------------------------------------------------- */

static bool number_now(struct session *session, int64_t *number)
{
    struct scope scope = {
        .arch = session->arch, .symbols = &session->symbols, .target = &session->target};
    const char *text = session->profile->expression[PROFILE_NUMBER];
    return text != NULL && expression_number(&scope, text, number);
}

/* --- the last call before the present */

struct last_call {
    const struct profile *profile;
    uint64_t seen;
    bool found;
    struct timeline_position when;
};

static bool on_micro(void *context, struct cpu *cpu, const struct trace_event *ignored)
{
    struct last_call *last = context;
    (void)ignored;
    for (; last->seen < cpu->trace->written; last->seen++) {
        const struct trace_event *event = trace_at(cpu->trace, last->seen);
        if (event == NULL || event->kind != TRACE_TRAP || event->vector != last->profile->vector ||
            event->old == 0)
            continue;
        last->found = true;
        last->when = (struct timeline_position){event->tick, event->count, 0};
    }
    return false;
}

static bool last_number(struct session *session, int64_t *number, ticks *tick)
{
    struct last_call last = {.profile = session->profile};
    struct cpu_observer observer = {.context = &last, .micro = on_micro};
    struct timeline_position from, to = timeline_now(session->timeline);
    struct origin_trip trip;
    bool fine = true;
    origin_depart(session, &trip);
    while (fine && !last.found && timeline_before(session->timeline, to, &from)) {
        origin_visit(session, from);
        last.seen = session->machine->trace.written;
        fine = stops_scan(session, from, to, &observer);
        to = from;
    }
    fine = fine && last.found && origin_visit(session, last.when) && number_now(session, number);
    origin_return(session, &trip);
    *tick = last.when.tick;
    return fine;
}

static bool say_dispatch(struct dispatch *dispatch, int64_t number, const char *from)
{
    say_number(dispatch, number, from);
    return dispatch->profile->is_switch ? say_case(dispatch, number) : say_entry(dispatch, number);
}

bool cmd_dispatch(struct session *session, const struct command_args *args)
{
    struct dispatch dispatch;
    int64_t number;
    ticks tick;
    char from[80];
    if (!session_needs_machine(session) || !session_needs_profile(session) ||
        !find(session, &dispatch))
        return false;
    if (strcmp(args->text, "all") == 0)
        return say_all(&dispatch);
    if (*args->text != '\0')
        return show_syscall_number(session, args->text, &number) &&
               say_dispatch(&dispatch, number, "");
    if (show_at_syscall(session, session->cpu->ops->pc(session->cpu), &number))
        return say_dispatch(&dispatch, number, ", at this instruction");
    if (!last_number(session, &number, &tick))
        return say_all(&dispatch);
    snprintf(from, sizeof from, ", at the last call, tick %" PRIu64, tick);
    return say_dispatch(&dispatch, number, from);
}
