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

static bool find(struct session *session, const struct profile *path, struct dispatch *dispatch)
{
    *dispatch = (struct dispatch){.session = session, .profile = path};
    dispatch->kernel = symbols_kernel(&session->symbols);
    if (dispatch->kernel == NULL)
        return out_error(&session->out,
                         "The kernel's symbols are not known: give it with --kernel");
    if (path->dispatch == NULL)
        return out_error(&session->out,
                         "The profile %s does not say how calls are dispatched: add a "
                         "line `dispatch table SYMBOL`",
                         path->file);
    const struct symbol *symbol = image_symbol_named(dispatch->kernel, path->dispatch);
    if (symbol == NULL)
        return out_error(&session->out, "The kernel has no symbol %s, which its profile names",
                         path->dispatch);
    dispatch->table = symbol->address;
    dispatch->entries = path->is_switch ? 0 : symbol->size / 4;
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

const char *show_dispatch_source(struct session *session, const struct profile *path,
                                 const char *call, const char **file, unsigned *line)
{
    struct dispatch dispatch = {
        .session = session, .profile = path, .kernel = symbols_kernel(&session->symbols)};
    char label[NAME];
    snprintf(label, sizeof label, "SYS_%s", call);
    bool is_switch = path->is_switch;
    if (dispatch.kernel == NULL || path->dispatch == NULL)
        return NULL;
    *line = source_of(&dispatch, is_switch ? label : path->dispatch, is_switch ? '\0' : '[', file);
    return *line == 0 ? NULL : trimmed(source_line(&session->symbols, *file, *line));
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
    out_text(out, "number %" PRId64 "%s = %s", number,
             path_by(dispatch->session, dispatch->profile),
             call == NULL ? "no call that the profile knows" : call->name);
    if (dispatch->profile->path != NULL)
        out_string(out, "path", "%s", dispatch->profile->path);
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
    int64_t index = number - dispatch->profile->low;
    uint32_t address = dispatch->table + (uint32_t)index * 4, word;
    char text[NAME], from[NAME] = "";
    if (dispatch->profile->low != 0)
        snprintf(from, sizeof from, "%" PRId64 " - %u = ", number, dispatch->profile->low);
    uint8_t bytes[4];
    out_text(out, "  table      %s at %08" PRIx32 ", %" PRIu32 " entries of 4 bytes\n",
             dispatch->profile->dispatch, dispatch->table, dispatch->entries);
    out_string(out, "table", "%s", dispatch->profile->dispatch);
    out_number(out, "table_address", dispatch->table);
    out_number(out, "entries", dispatch->entries);
    if (index < 0 || index >= dispatch->entries) {
        out_text(out,
                 "  bounds     %s%" PRId64 " is outside 0 to %" PRIu32 ": the kernel must refuse "
                 "it before it indexes\n",
                 from, index, dispatch->entries - 1);
        out_boolean(out, "inside", false);
        say_source_line(dispatch, "index", dispatch->profile->dispatch, '\0');
        return true;
    }
    out_boolean(out, "inside", true);
    out_text(out, "  bounds     %s%" PRId64 " is inside 0 to %" PRIu32 "\n", from, index,
             dispatch->entries - 1);
    out_text(out, "  entry      %08" PRIx32 " + 4 * %" PRId64 " = %08" PRIx32, dispatch->table,
             index, address);
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

/* --- a switch --------------------------------------------------------------------------------- */

/* Where the number lies in the trapframe that the function is given. */
static bool number_field(const struct dispatch *dispatch, uint32_t *offset)
{
    const struct profile *profile = dispatch->profile;
    struct member member;
    const struct type *type = profile->trapframe_type == NULL
                                  ? NULL
                                  : type_named(dispatch->kernel, profile->trapframe_type);
    if (type == NULL || profile->trapframe_number == NULL ||
        !type_member(type, profile->trapframe_number, &member))
        return false;
    *offset = member.offset;
    return true;
}

static bool follow(const struct dispatch *dispatch, int64_t number, struct arch_switch *path)
{
    const struct symbol *function =
        image_symbol_named(dispatch->kernel, dispatch->profile->dispatch);
    const struct arch *arch = dispatch->session->arch;
    uint32_t offset;
    return arch->follow_switch != NULL && function != NULL && number_field(dispatch, &offset) &&
           arch->follow_switch(dispatch->kernel, function, offset, (uint32_t)number, path);
}

/* Does the way end where that of a number ends which no call has? */
static bool is_default(const struct dispatch *dispatch, const struct arch_switch *path)
{
    struct arch_switch none = {.steps = 0};
    return follow(dispatch, INT32_MAX, &none) &&
           none.step[none.steps - 1].pc == path->step[path->steps - 1].pc;
}

bool show_switch_handler(struct session *session, const struct profile *path, int64_t number,
                         uint32_t *handler)
{
    struct dispatch dispatch = {
        .session = session, .profile = path, .kernel = symbols_kernel(&session->symbols)};
    struct arch_switch way = {.steps = 0};
    if (dispatch.kernel == NULL || path->dispatch == NULL || !follow(&dispatch, number, &way) ||
        is_default(&dispatch, &way))
        return false;
    *handler = way.handler;
    return true;
}

static void say_step(struct dispatch *dispatch, const struct arch_switch_step *step)
{
    static const char *const names[] = {"compare", "table", "call"};
    struct session *session = dispatch->session;
    struct output *out = &session->out;
    struct arch_insn insn = {.text = ""};
    char where[NAME], text[sizeof insn.text];
    session_symbol(session, step->pc, where, sizeof where);
    show_instruction_at(session, step->pc, &insn);
    snprintf(text, sizeof text, "%s", insn.text);
    text[strcspn(text, "\t")] = insn.text[0] == '\0' ? '\0' : ' ';
    out_text(out, "  %-10s %s: %s   ", names[step->kind], where, text);
    out_object(out, NULL);
    out_string(out, "kind", "%s", names[step->kind]);
    out_number(out, "pc", step->pc);
    out_string(out, "instruction", "%s", text);
    out_number(out, "address", step->address);
    if (step->kind == ARCH_SWITCH_COMPARE)
        out_text(out, "%s taken: on to %08" PRIx32 "\n", step->value ? "is" : "is not",
                 step->address);
    else if (step->kind == ARCH_SWITCH_TABLE)
        out_text(out, "entry at %08" PRIx32 " = %08" PRIx32 "\n", step->address, step->value);
    else
        out_text(out, "\n");
    if (step->kind != ARCH_SWITCH_CALL)
        out_number(out, "value", step->value);
    out_close(out);
}

/* The line of the case: where its call stands. */
static void say_case_line(struct dispatch *dispatch, uint32_t pc)
{
    struct session *session = dispatch->session;
    struct output *out = &session->out;
    const struct line_row *row = image_line(dispatch->kernel, pc);
    if (row == NULL)
        return;
    const char *text = trimmed(source_line(&session->symbols, row->file, row->line));
    out_text(out, "  case       %s%s:%u%s   %s\n", out_style(out, OUT_FILE), say_file(row->file),
             row->line, out_style(out, OUT_PLAIN), text == NULL ? "" : text);
    out_object(out, "case");
    out_string(out, "file", "%s", row->file);
    out_number(out, "line", row->line);
    if (text != NULL)
        out_string(out, "source", "%s", text);
    out_close(out);
}

static void say_handler(struct dispatch *dispatch, uint32_t address)
{
    struct session *session = dispatch->session;
    struct output *out = &session->out;
    char text[NAME];
    session_describe(session, address, text, sizeof text);
    out_text(out, "  function   %s%s%s\n", out_style(out, OUT_FUNCTION), text,
             out_style(out, OUT_PLAIN));
    out_number(out, "handler_address", address);
    out_string(out, "handler", "%s", text);
    say_prototype(dispatch, address);
}

/* Without the way through its code: the label, spelled by convention SYS_name, and the function
 * that is called as the call is. */
static void say_by_name(struct dispatch *dispatch, const struct profile_syscall *call)
{
    char text[NAME];
    if (call == NULL) {
        out_text(&dispatch->session->out, "  no case: the default of the switch must refuse it\n");
        return;
    }
    snprintf(text, sizeof text, "SYS_%s", call->name);
    say_source_line(dispatch, "case", text, '\0');
    snprintf(text, sizeof text, "%s%s",
             dispatch->profile->handler_prefix == NULL ? "" : dispatch->profile->handler_prefix,
             call->name);
    const struct symbol *symbol = image_symbol_named(dispatch->kernel, text);
    if (symbol != NULL)
        say_handler(dispatch, symbol->address);
}

static bool say_switch(struct dispatch *dispatch, int64_t number)
{
    struct session *session = dispatch->session;
    struct output *out = &session->out;
    struct arch_switch path = {.steps = 0};
    char text[NAME];
    session_describe(session, dispatch->table, text, sizeof text);
    out_text(out, "  switch     in %s%s%s\n", out_style(out, OUT_FUNCTION), text,
             out_style(out, OUT_PLAIN));
    out_string(out, "switch", "%s", text);
    if (!follow(dispatch, number, &path)) {
        say_by_name(dispatch, profile_syscall(dispatch->profile, number));
        return true;
    }
    out_array(out, "path");
    for (unsigned i = 0; i < path.steps; i++)
        say_step(dispatch, &path.step[i]);
    out_close(out);
    say_case_line(dispatch, path.step[path.steps - 1].pc);
    if (is_default(dispatch, &path)) {
        out_text(out, "  no case: the default of the switch refuses it\n");
        out_boolean(out, "default", true);
        return true;
    }
    say_handler(dispatch, path.handler);
    return true;
}

/* Numbers that lead where one leads that no call has are the default's. */
static bool say_cases(struct dispatch *dispatch)
{
    static const struct out_column columns[] = {
        {"number", "number", true, OUT_PLAIN},
        {"call", "name", false, OUT_PLAIN},
        {"case", "case", true, OUT_ADDRESS},
        {"function", "handler", false, OUT_FUNCTION},
    };
    struct session *session = dispatch->session;
    struct output *out = &session->out;
    struct arch_switch path = {.steps = 0};
    if (!follow(dispatch, INT32_MAX, &path))
        return out_error(out, "The way through the switch of %s cannot be followed: give a number",
                         dispatch->profile->dispatch);
    out_table(out, "cases", 0, columns, sizeof columns / sizeof *columns);
    for (uint32_t i = 0; i < PROFILE_SYSCALLS; i++) {
        uint32_t n = dispatch->profile->low + i;
        const struct profile_syscall *call = profile_syscall(dispatch->profile, n);
        char text[NAME];
        path.steps = 0;
        bool found = follow(dispatch, n, &path) && !is_default(dispatch, &path);
        if (!found && call == NULL)
            continue;
        out_cell_number(out, n, "%" PRIu32, n);
        out_cell(out, "%s", call == NULL ? "" : call->name);
        if (found)
            out_cell_number(out, path.step[path.steps - 1].pc, "%08" PRIx32,
                            path.step[path.steps - 1].pc);
        else
            out_cell(out, "-");
        out_cell(out, "%s",
                 found ? session_describe(session, path.handler, text, sizeof text)
                       : "(none: the default refuses it)");
    }
    out_table_end(out);
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
        return say_cases(dispatch);
    out_text(out, "%s at %08" PRIx32 ", %" PRIu32 " entries of 4 bytes\n",
             dispatch->profile->dispatch, dispatch->table, dispatch->entries);
    out_table(out, "table", 0, columns, sizeof columns / sizeof *columns);
    for (uint32_t n = 0; n < dispatch->entries && n < PROFILE_SYSCALLS; n++) {
        uint32_t number = dispatch->profile->low + n;
        const struct profile_syscall *call = profile_syscall(dispatch->profile, number);
        uint32_t word = 0, entry = dispatch->table + 4 * n;
        char text[NAME] = "";
        bool there = session_peek_word(session, entry, &word);
        if (there && word != 0)
            session_describe(session, word, text, sizeof text);
        out_cell_number(out, number, "%" PRIu32, number);
        out_cell(out, "%s", call == NULL ? "" : call->name);
        out_cell_number(out, entry, "%08" PRIx32, entry);
        out_cell_number(out, word, "%08" PRIx32, word);
        out_cell(out, "%s", !there ? "(not mapped at present)" : word == 0 ? "(empty)" : text);
    }
    out_table_end(out);
    return true;
}

/* --- which number ----------------------------------------------------------------------------- */

/* --- the last call before the present */

struct last_call {
    const struct profile *profile;
    uint64_t seen;
    bool found;
    unsigned vector;
    struct timeline_position when;
};

static bool on_micro(void *context, struct cpu *cpu, const struct trace_event *ignored)
{
    struct last_call *last = context;
    (void)ignored;
    for (; last->seen < cpu->trace->written; last->seen++) {
        const struct trace_event *event = trace_at(cpu->trace, last->seen);
        if (event == NULL || event->kind != TRACE_TRAP || event->old == 0 ||
            profile_of_vector(last->profile, event->vector) == NULL)
            continue;
        last->found = true;
        last->vector = event->vector;
        last->when = (struct timeline_position){event->tick, event->count, 0};
    }
    return false;
}

/* Its path; NULL = none, or not known. */
static const struct profile *last_call(struct session *session, int64_t *number, ticks *tick)
{
    struct last_call last = {.profile = session->profile};
    struct cpu_observer observer = {.context = &last, .micro = on_micro};
    struct timeline_position from, to = timeline_now(session->timeline);
    const struct profile *path = NULL;
    struct origin_trip trip;
    bool fine = true;
    origin_depart(session, &trip);
    while (fine && !last.found && timeline_before(session->timeline, to, &from)) {
        origin_visit(session, from);
        last.seen = session->machine->trace.written;
        fine = stops_scan(session, from, to, &observer);
        to = from;
    }
    if (fine && last.found && origin_visit(session, last.when))
        path = path_of_call(session, last.vector, number);
    origin_return(session, &trip);
    *tick = last.when.tick;
    return path;
}

static bool say_dispatch(struct session *session, const struct profile *path, int64_t number,
                         const char *from)
{
    struct dispatch dispatch;
    if (!find(session, path, &dispatch))
        return false;
    say_number(&dispatch, number, from);
    return path->is_switch ? say_switch(&dispatch, number) : say_entry(&dispatch, number);
}

static bool say_path(struct session *session, const struct profile *path)
{
    struct dispatch dispatch;
    return find(session, path, &dispatch) && say_all(&dispatch);
}

/* A name or a number: of the path at hand, or else of the first that has it. */
static bool say_wanted(struct session *session, const struct profile *path, const char *text)
{
    struct wanted_call wanted;
    const struct profile_syscall *call = profile_syscall_named(path, text);
    if (call != NULL)
        return say_dispatch(session, path, call->number, "");
    if (!show_wanted_call(session, text, &wanted))
        return false;
    if (wanted.name == NULL)
        return say_dispatch(session, path, wanted.number, "");
    for (path = session->profile; (call = profile_syscall_named(path, text)) == NULL;)
        path = path->next;
    return say_dispatch(session, path, call->number, "");
}

bool cmd_dispatch(struct session *session, const struct command_args *args)
{
    int64_t number = -1;
    ticks tick = 0;
    char from[80] = ", at this instruction";
    if (!session_needs_machine(session) || !session_needs_profile(session))
        return false;
    const struct profile *named = profile_named(session->profile, args->text);
    if (named != NULL)
        return say_path(session, named);
    const struct profile *path =
        show_at_syscall(session, session->cpu->ops->pc(session->cpu), &number);
    if (path == NULL) {
        path = last_call(session, &number, &tick);
        snprintf(from, sizeof from, ", at the last call, tick %" PRIu64, tick);
    }
    bool is_known = path != NULL && number != -1;
    path = path == NULL ? session->profile : path;
    if (strcmp(args->text, "all") == 0 || (*args->text == '\0' && !is_known))
        return say_path(session, path);
    return *args->text != '\0' ? say_wanted(session, path, args->text)
                               : say_dispatch(session, path, number, from);
}
