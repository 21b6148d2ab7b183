/* commands_stack: backtrace, frame, up, down and what a frame holds. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/show.h"

/* Between a frame of the kernel and the program that trapped. */
static void say_boundary(struct session *session, const struct frame *inner,
                         const struct frame *outer)
{
    struct output *out = &session->out;
    struct process process;
    bool user = outer->image == NULL || outer->image->kind == IMAGE_PROGRAM;
    out_text(out, "%s--- trap from %s", out_style(out, OUT_DIM),
             user ? "the program" : "the kernel itself");
    if (user && process_current(session, &process))
        out_text(out, " %s (pid %" PRId64 ")", process.name, process.pid);
    if (inner->trap_frame != 0 && !session->hide_addresses)
        out_text(out, ", trapframe at 0x%08" PRIx32, inner->trap_frame);
    out_text(out, " ---%s\n", out_style(out, OUT_PLAIN));
}

bool cmd_backtrace(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    int64_t most = SESSION_FRAMES;
    if (!session_needs_machine(session))
        return false;
    unsigned frames = frames_unwind(session);
    if (*args->text != '\0' && !session_number(session, args->text, &most))
        return false;
    out_array(out, "frames");
    for (unsigned i = 0; i < frames && (int64_t)i < most; i++) {
        if (session->frame[i].trapped && i > 0)
            say_boundary(session, &session->frame[i - 1], &session->frame[i]);
        out_object(out, NULL);
        out_boolean(out, "trapped", session->frame[i].trapped);
        say_frame(session, i, true);
        out_close(out);
    }
    out_close(out);
    if (most < frames)
        out_text(out, "(More stack frames follow...)\n");
    return true;
}

static bool select_frame(struct session *session, int64_t level)
{
    unsigned frames = frames_unwind(session);
    if (level < 0)
        return out_error(&session->out, "Bottom (innermost) frame selected; you cannot go down.");
    if (level >= frames)
        return out_error(&session->out, "Initial frame selected; you cannot go up.");
    session->current = (unsigned)level;
    out_object(&session->out, "frame");
    say_frame(session, session->current, true);
    say_source(session, session->current);
    out_close(&session->out);
    return true;
}

bool cmd_frame(struct session *session, const struct command_args *args)
{
    int64_t level;
    if (!session_needs_machine(session))
        return false;
    level = session->current;
    if (*args->text != '\0' && !session_number(session, args->text, &level))
        return false;
    if (level < 0 || level >= frames_unwind(session))
        return out_error(&session->out, "No frame at level %s.", args->text);
    return select_frame(session, level);
}

bool cmd_up(struct session *session, const struct command_args *args)
{
    long long count;
    return session_needs_machine(session) && command_count(session, args->text, &count) &&
           select_frame(session, session->current + count);
}

bool cmd_down(struct session *session, const struct command_args *args)
{
    long long count;
    return session_needs_machine(session) && command_count(session, args->text, &count) &&
           select_frame(session, (int64_t)session->current - count);
}

bool cmd_info_frame(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    (void)args;
    if (!session_needs_machine(session))
        return false;
    const struct frame *frame = frames_current(session);
    char words[256];
    session_describe(session, frame->pc, words, sizeof words);
    out_text(out, "Stack level %u, frame at 0x%08" PRIx32 ":\n", session->current, frame->cfa);
    out_text(out, " %s = 0x%08" PRIx32 " in %s\n", session->arch->register_names[session->arch->pc],
             frame->pc, words);
    out_number(out, "level", session->current);
    out_number(out, "cfa", frame->cfa);
    out_number(out, "pc", frame->pc);
    if (session->current + 1 < session->frames) {
        const struct frame *caller = frame + 1;
        session_describe(session, frame_lookup_pc(caller), words, sizeof words);
        out_text(out, " %s %s\n", caller->trapped ? "interrupted" : "called by", words);
    }
    if (frame->trap_frame != 0)
        out_text(out, " trapframe at 0x%08" PRIx32 "\n", frame->trap_frame);
    out_object(out, "registers");
    for (unsigned i = 0; i < session->arch->registers; i++) {
        if ((frame->known >> i & 1) == 0)
            continue;
        out_text(out, " %-6s 0x%08" PRIx32 "\n", session->arch->register_names[i], frame->reg[i]);
        out_number(out, session->arch->register_names[i], frame->reg[i]);
    }
    out_close(out);
    return true;
}

struct listing {
    struct session *session;
    struct scope *scope;
    bool arguments;
    unsigned count;
};

static bool say_variable(void *context, const char *name, bool argument, const struct value *value)
{
    struct listing *listing = context;
    struct output *out = &listing->session->out;
    char text[2048];
    if (argument != listing->arguments)
        return true;
    if (!value_format(listing->scope, value, 0, text, sizeof text))
        snprintf(text, sizeof text, "<%s>", listing->scope->why);
    out_text(out, "%s%s%s = %s\n", out_style(out, OUT_VARIABLE), name, out_style(out, OUT_PLAIN),
             text);
    out_string(out, name, "%s", text);
    listing->count++;
    return true;
}

static bool list_variables(struct session *session, bool arguments, const char *none)
{
    struct output *out = &session->out;
    if (!session_needs_machine(session))
        return false;
    struct scope scope = session_scope(session);
    if (scope.frame->image == NULL ||
        image_function(scope.frame->image, frame_lookup_pc(scope.frame)) == NULL)
        return out_error(out, "No symbol table info available for this frame.");
    struct listing listing = {session, &scope, arguments, 0};
    out_object(out, arguments ? "arguments" : "locals");
    scope_variables(&scope, say_variable, &listing);
    out_close(out);
    if (listing.count == 0)
        out_text(out, "%s\n", none);
    return true;
}

bool cmd_info_locals(struct session *session, const struct command_args *args)
{
    (void)args;
    return list_variables(session, false, "No locals.");
}

bool cmd_info_args(struct session *session, const struct command_args *args)
{
    (void)args;
    return list_variables(session, true, "No arguments.");
}
