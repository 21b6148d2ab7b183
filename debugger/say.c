/* say: frames, stops and instructions in words, the same way everywhere. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/session.h"
#include "debugger/show.h"

const char *say_file(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

struct arguments {
    struct session *session;
    struct scope *scope;
    unsigned count;
};

static bool say_argument(void *context, const char *name, bool argument, const struct value *value)
{
    struct arguments *arguments = context;
    struct output *out = &arguments->session->out;
    char text[300];
    if (!argument)
        return true;
    bool large = value->type->kind == TYPE_STRUCT || value->type->kind == TYPE_UNION ||
                 value->type->kind == TYPE_ARRAY;
    if (large)
        strcpy(text, "...");
    else if (!value_format(arguments->scope, value, 0, text, sizeof text))
        snprintf(text, sizeof text, "<%s>", arguments->scope->why);
    /* Pointers without their type, which is too long here. */
    const char *shown = text;
    if (value->type->kind == TYPE_POINTER && text[0] == '(' && strstr(text, ") 0x") != NULL)
        shown = strstr(text, ") 0x") + 2;
    out_text(out, "%s%s%s%s=%s", arguments->count++ > 0 ? ", " : "", out_style(out, OUT_VARIABLE),
             name, out_style(out, OUT_PLAIN), shown);
    out_string(out, name, "%s", shown);
    return true;
}

static struct scope scope_of(struct session *session, const struct frame *frame)
{
    return (struct scope){.arch = session->arch,
                          .symbols = &session->symbols,
                          .target = &session->target,
                          .frame = frame};
}

static const char *function_name(const struct frame *frame)
{
    if (frame->image == NULL)
        return NULL;
    uint32_t pc = frame_lookup_pc(frame);
    const struct function *function = image_function(frame->image, pc);
    const struct symbol *symbol = image_symbol(frame->image, pc);
    return function != NULL ? function->name : symbol != NULL ? symbol->name : NULL;
}

static void say_arguments(struct session *session, const struct frame *frame)
{
    struct scope scope = scope_of(session, frame);
    struct arguments arguments = {session, &scope, 0};
    out_text(&session->out, " (");
    out_object(&session->out, "args");
    if (session->hide_arguments && !session->out.json)
        out_text(&session->out, "...");
    else
        scope_variables(&scope, say_argument, &arguments);
    out_close(&session->out);
    out_text(&session->out, ")");
}

void say_frame(struct session *session, unsigned level, bool number)
{
    struct output *out = &session->out;
    const struct frame *frame = &session->frame[level];
    const struct line_row *row =
        frame->image == NULL ? NULL : image_line(frame->image, frame_lookup_pc(frame));
    const char *name = function_name(frame);
    bool line_begins =
        row != NULL && frame->innermost && image_linked(frame->image, frame->pc) == row->address;
    if (number)
        out_text(out, "#%-2u ", level);
    if (!line_begins && !session->hide_addresses)
        out_text(out, "%s0x%08" PRIx32 "%s in ", out_style(out, OUT_ADDRESS), frame->pc,
                 out_style(out, OUT_PLAIN));
    out_text(out, "%s%s%s", out_style(out, OUT_FUNCTION), name == NULL ? "??" : name,
             out_style(out, OUT_PLAIN));
    out_number(out, "level", level);
    out_number(out, "pc", frame->pc);
    if (name != NULL)
        out_string(out, "function", "%s", name);
    if (frame->image != NULL)
        out_string(out, "image", "%s", frame->image->name);
    say_arguments(session, frame);
    if (row != NULL) {
        out_text(out, " at %s%s%s:%u", out_style(out, OUT_FILE), say_file(row->file),
                 out_style(out, OUT_PLAIN), row->line);
        out_string(out, "file", "%s", row->file);
        out_number(out, "line", row->line);
    }
    out_text(out, "\n");
}

bool show_instruction_at(struct session *session, uint32_t address, struct arch_insn *insn)
{
    uint8_t bytes[16];
    unsigned length = sizeof bytes;
    while (length > 0 && !session_peek(session, address, bytes, length))
        length--;
    unsigned bits = session->cpu == NULL ? 32 : session->cpu->ops->code_bits(session->cpu);
    return length > 0 && session->arch->decode(bits, session->intel, address, bytes, length, insn);
}

/* A jump's or call's target gets its symbol. */
void show_operand_symbol(struct session *session, const struct arch_insn *insn, char *to,
                         size_t room)
{
    char name[128];
    unsigned long target;
    const char *operand = strchr(insn->text, '\t');
    to[0] = '\0';
    if ((insn->flow != FLOW_CALL && insn->flow != FLOW_JUMP) || operand == NULL)
        return;
    if (insn->has_target)
        target = insn->target;
    else if (sscanf(operand + 1, "0x%lx", &target) != 1)
        return;
    session_symbol(session, (uint32_t)target, name, sizeof name);
    if (name[0] != '\0')
        snprintf(to, room, " <%s>", name);
}

void say_instruction(struct session *session, uint32_t address, bool arrow)
{
    struct output *out = &session->out;
    struct arch_insn insn;
    char symbol[128], operand[160] = "";
    session_symbol(session, address, symbol, sizeof symbol);
    bool fine = show_instruction_at(session, address, &insn);
    if (fine)
        show_operand_symbol(session, &insn, operand, sizeof operand);
    out_text(out, "%s", arrow ? "=> " : "   ");
    if (!session->hide_addresses || symbol[0] == '\0')
        out_text(out, "%s0x%08" PRIx32 "%s%s", out_style(out, OUT_ADDRESS), address,
                 out_style(out, OUT_PLAIN), symbol[0] == '\0' ? "" : " ");
    out_text(out, "%s%s%s:\t%s%s\n", symbol[0] == '\0' ? "" : "<", symbol,
             symbol[0] == '\0' ? "" : ">", fine ? insn.text : "(bad)", operand);
    out_string(out, "instruction", "%s", fine ? insn.text : "(bad)");
}

void say_source(struct session *session, unsigned level)
{
    struct output *out = &session->out;
    const struct frame *frame = &session->frame[level];
    const struct line_row *row =
        frame->image == NULL ? NULL : image_line(frame->image, frame_lookup_pc(frame));
    const char *text = row == NULL ? NULL : source_line(&session->symbols, row->file, row->line);
    if (text != NULL) {
        out_text(out, "%u\t%s\n", row->line, text);
        out_string(out, "source", "%s", text);
    }
    if (row != NULL) {
        session->list_file = row->file;
        session->list_first = session->list_last = 0;
        session->list_line = row->line;
    }
    if (text == NULL || (level == 0 && image_linked(frame->image, frame->pc) != row->address))
        say_instruction(session, frame->pc, level == 0);
}

/* --- stops -------------------------------------------------------------------------------------
 */

/* The user is told when another process, or the other side of the kernel's door, is looked at. */
static void say_who(struct session *session)
{
    struct output *out = &session->out;
    struct process process = {.pid = 0};
    bool kernel = session_in_kernel(session);
    bool known = process_current(session, &process);
    out_object(out, "process");
    if (known) {
        out_number(out, "pid", process.pid);
        out_string(out, "name", "%s", process.name);
    }
    out_close(out);
    out_string(out, "mode", "%s", kernel ? "kernel" : "user");
    if (session->told.known && session->told.kernel == kernel && session->told.pid == process.pid)
        return;
    bool first = !session->told.known;
    session->told.known = true;
    session->told.kernel = kernel;
    session->told.pid = process.pid;
    if (first && !known)
        return;
    out_text(out, "%s[%s%s", out_style(out, OUT_DIM), kernel ? "kernel" : "user mode",
             known ? (kernel ? ", for " : ", ") : ", no process");
    if (known)
        out_text(out, "pid %" PRId64 " %s", process.pid, process.name);
    out_text(out, "]%s\n", out_style(out, OUT_PLAIN));
}

static void say_watch(struct session *session, const struct stop *stop)
{
    struct output *out = &session->out;
    struct scope scope = session_scope(session);
    const char *kind = stop->point->kind == POINT_WATCH        ? "Hardware watchpoint"
                       : stop->point->kind == POINT_READ_WATCH ? "Hardware read watchpoint"
                                                               : "Hardware access watchpoint";
    char before[200] = "?", after[200] = "?";
    struct value old = value_of_number(stop->point->type, (int64_t)stop->old);
    struct value now = value_of_number(stop->point->type, (int64_t)stop->now);
    value_format(&scope, &old, 0, before, sizeof before);
    value_format(&scope, &now, 0, after, sizeof after);
    out_text(out, "\n%s %u: %s\n\n", kind, stop->point->number, stop->point->what);
    if (stop->written)
        out_text(out, "Old value = %s\nNew value = %s\n", before, after);
    else
        out_text(out, "Value = %s\n", after);
    out_string(out, "old", "%s", before);
    out_string(out, "new", "%s", after);
}

const char *show_machine_stop(const struct machine_stop *stop, char *to, size_t room)
{
    switch (stop->reason) {
    case MACHINE_POWER_OFF: return "The guest switched the machine off.";
    case MACHINE_SHUTDOWN:
        return "Triple fault: the machine is frozen just before its reset. See `why`.";
    case MACHINE_RESET: return "The guest reset the machine.";
    case MACHINE_BREAK:
        snprintf(to, room, "The guest asked for the debugger (code %" PRIu64 ").", stop->value);
        return to;
    case MACHINE_DEBUG_EXIT:
        if ((stop->value & 0x80000000u) != 0)
            snprintf(to, room, "The kernel panicked and ended the machine (status 0x%" PRIx64 ").",
                     stop->value);
        else if ((stop->value & 0x7f) != 0)
            snprintf(to, room, "The program was killed by signal %" PRIu64 ".", stop->value & 0x7f);
        else
            snprintf(to, room, "The program ended with status %" PRIu64 ".",
                     stop->value >> 8 & 0xff);
        return to;
    default: return "The machine stopped.";
    }
}

/* Why it stopped, in front of where. False = where needs no saying. */
static bool say_reason(struct session *session, const struct stop *stop, const char **key)
{
    struct output *out = &session->out;
    unsigned number = stop->point != NULL ? stop->point->number : stop->number;
    char words[160];
    switch (stop->kind) {
    case STOP_BREAKPOINT:
        *key = "breakpoint";
        out_text(out, "\n%s %u, ", stop->temporary ? "Temporary breakpoint" : "Breakpoint", number);
        break;
    case STOP_WATCHPOINT:
        *key = "watchpoint";
        say_watch(session, stop);
        break;
    case STOP_CATCHPOINT:
        *key = "catchpoint";
        show_trap(session, &stop->trap, words, sizeof words);
        out_text(out, "\nCatchpoint %u (%s), ", number, words);
        out_string(out, "trap", "%s", words);
        out_number(out, "vector", stop->trap.vector);
        break;
    case STOP_SYSCALL: *key = "syscall"; break;
    case STOP_INTERRUPTED:
        *key = "interrupted";
        out_text(out, "\nInterrupted at tick %" PRIu64 ".\n", session->machine->clock.s.now);
        break;
    case STOP_IDLE:
        *key = "idle";
        out_text(out,
                 "\nThe guest has been idle for %u seconds of its time: it waits for input. "
                 "Type some with `console TEXT`.\n",
                 STOPS_IDLE_SECONDS);
        break;
    case STOP_LIMIT:
        *key = "limit";
        if (stop->bounded)
            out_text(out, "The limit of %" PRIu64 " instructions was reached.\n",
                     session->insn_limit);
        break;
    case STOP_HISTORY:
        *key = "history";
        out_text(out, "\nNo more reverse-execution history: this is power-on.\n");
        break;
    case STOP_MACHINE:
        *key = stop->machine.reason == MACHINE_SHUTDOWN     ? "triple-fault"
               : stop->machine.reason == MACHINE_DEBUG_EXIT ? "exit"
               : stop->machine.reason == MACHINE_POWER_OFF  ? "power-off"
               : stop->machine.reason == MACHINE_RESET      ? "reset"
               : stop->machine.reason == MACHINE_BREAK      ? "break"
                                                            : "machine";
        out_text(out, "\n%s\n", show_machine_stop(&stop->machine, words, sizeof words));
        out_number(out, "value", (int64_t)stop->machine.value);
        return stop->machine.reason == MACHINE_SHUTDOWN;
    default: *key = "step"; break;
    }
    if (number != 0)
        out_number(out, "number", number);
    return true;
}

void say_position(struct session *session)
{
    struct output *out = &session->out;
    struct timeline_position now = timeline_now(session->timeline);
    out_number(out, "tick", (int64_t)now.tick);
    out_number(out, "count", (int64_t)now.count);
    out_number(out, "micro", now.micro);
}

void say_stop(struct session *session)
{
    struct output *out = &session->out;
    const char *key;
    console_close_line(&session->console);
    frames_unwind(session);
    if (session->stop.kind != STOP_MACHINE || session->stop.machine.reason == MACHINE_SHUTDOWN)
        say_who(session);
    bool where = say_reason(session, &session->stop, &key);
    out_string(out, "reason", "%s", key);
    say_position(session);
    if (!where)
        return;
    out_object(out, "frame");
    say_frame(session, 0, false);
    say_source(session, 0);
    out_close(out);
    show_displays(session);
}
