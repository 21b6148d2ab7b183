/* cmd_why: `why`: the last exception, the check that failed, who set its operands, what to do. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/explain.h"
#include "debugger/show.h"
#include "debugger/stories.h"

#define LABEL 13 /* columns of the words at the left */

static void say_label(struct session *session, const char *label)
{
    struct output *out = &session->out;
    out_text(out, "  %s%-*s%s", out_style(out, OUT_DIM), LABEL, label, out_style(out, OUT_PLAIN));
}

/* "#GP(202)", "#DE", "vector 33". */
static const char *name_of(const struct session *session, const struct explain_fault *fault,
                           char *to, size_t room)
{
    const char *name = session->arch->vector_name(fault->vector);
    if (fault->has_error)
        snprintf(to, room, "%s(%" PRIx32 ")", name, fault->error);
    else if (name[0] != '\0')
        snprintf(to, room, "%s", name);
    else
        snprintf(to, room, "vector %" PRIu32, fault->vector);
    return to;
}

static const char *title_of(const struct session *session, uint32_t vector)
{
    const char *title = session->arch->vector_title(vector),
               *space = title == NULL ? NULL : strchr(title, ' ');
    return space == NULL ? "" : space + 1;
}

/* --- who set it ------------------------------------------------------------------------------- */

static void say_source_of(struct session *session, const struct origin_place *place)
{
    if (place->source == NULL || *place->source == '\0')
        return;
    say_label(session, "");
    out_text(&session->out, "    %s\n", place->source);
}

static const char *writer(const struct session *session, const struct origin *write, char *to,
                          size_t room)
{
    struct arch_step step = {.name = ""};
    if (!write->micro)
        return write->place.insn;
    session->arch->step(write->step, &step);
    snprintf(to, room, "%s: %s", step.program == ARCH_WALK ? "a page walk" : "the CPU", step.name);
    return to;
}

static void say_write(struct session *session, const struct explain_cause *cause, const char *what)
{
    struct output *out = &session->out;
    const struct origin *write = &cause->write;
    char where[2 * ORIGIN_TEXT], how[ORIGIN_TEXT];
    say_label(session, "Set by");
    if (!write->found) {
        out_text(out, "%s was never %s since power-on\n", what,
                 write->reg != NULL ? "changed" : "written");
        return;
    }
    out_text(out, "%s was %s at tick %" PRIu64 " by %s%s%s: %s", what,
             write->reg != NULL ? "loaded" : "written", write->when.tick,
             out_style(out, OUT_FUNCTION), origin_where(&write->place, where, sizeof where),
             out_style(out, OUT_PLAIN), writer(session, write, how, sizeof how));
    out_text(out, "   %0*" PRIx32 " -> %0*" PRIx32 "\n", write->size * 2, write->old,
             write->size * 2, write->value);
    say_source_of(session, &write->place);
    if (cause->is_register && write->place.kernel && !cause->by.place.kernel) {
        say_label(session, "");
        out_text(out, "    That was the kernel, not the program.\n");
    }
}

static void say_register(struct session *session, const struct explain_cause *cause)
{
    struct output *out = &session->out;
    const struct origin_register *by = &cause->by;
    char where[2 * ORIGIN_TEXT], what[160];
    say_label(session, by->jump ? "Came from" : "Set by");
    if (!by->jump)
        out_text(out, "%s%s%s was set ", cause->label, by->through[0] == '\0' ? "" : ", through ",
                 by->through);
    out_text(out, "%sat tick %" PRIu64 " by %s%s%s: %s\n", by->jump ? "a jump " : "", by->when.tick,
             out_style(out, OUT_FUNCTION), origin_where(&by->place, where, sizeof where),
             out_style(out, OUT_PLAIN), by->place.insn);
    say_source_of(session, &by->place);
    if (!cause->has_write)
        return;
    if (by->variable[0] != '\0')
        snprintf(what, sizeof what, "%s, at %08" PRIx32 ",", by->variable, by->linear);
    else
        snprintf(what, sizeof what, "its memory at %08" PRIx32, by->linear);
    say_write(session, cause, what);
}

static void cause_json(struct session *session, const struct explain_cause *cause)
{
    struct output *out = &session->out;
    out_object(out, NULL);
    out_string(out, "operand", "%s", cause->label);
    if (cause->is_register) {
        struct origin by = {
            .found = true, .when = cause->by.when, .pc = cause->by.pc, .place = cause->by.place};
        origin_say_json(session, "set", &by);
        if (cause->by.variable[0] != '\0')
            out_string(out, "variable", "%s", cause->by.variable);
    }
    if (cause->has_write)
        origin_say_json(session, "written", &cause->write);
    out_close(out);
}

static void say_causes(struct session *session, const struct explain_words *words)
{
    out_array(&session->out, "causes");
    for (unsigned i = 0; i < words->causes; i++) {
        const struct explain_cause *cause = &words->cause[i];
        if (cause->is_register)
            say_register(session, cause);
        else if (cause->has_write)
            say_write(session, cause, cause->label);
        if (cause->is_register || cause->has_write)
            cause_json(session, cause);
    }
    out_close(&session->out);
}

/* --- one exception ---------------------------------------------------------------------------- */

static void say_check(struct session *session, const struct explain_words *words)
{
    struct output *out = &session->out;
    const char *colon = strchr(words->check, ':');
    int head = colon == NULL ? (int)strlen(words->check) : (int)(colon - words->check);
    out_text(out, "%s%.*s%s  failed%s%s\n", out_style(out, OUT_BAD), head, words->check,
             out_style(out, OUT_PLAIN), words->condition ? "; not true" : "",
             colon == NULL ? "" : colon);
}

static void say_words(struct session *session, const struct explain_fault *fault, bool advise)
{
    struct output *out = &session->out;
    const struct explain_words *words = &fault->words;
    if (words->check[0] != '\0') {
        say_label(session, "The check");
        say_check(session, words);
    }
    out_string(out, "check", "%s", words->check);
    out_array(out, "facts");
    for (unsigned i = 0; i < words->facts; i++) {
        say_label(session, "");
        out_text(out, "%s\n", words->fact[i]);
        out_string(out, NULL, "%s", words->fact[i]);
    }
    out_close(out);
    if (fault->has_error) {
        say_label(session, "Error code");
        out_text(out, "%s\n", words->code);
        out_string(out, "error_text", "%s", words->code);
    }
    say_causes(session, words);
    if (advise && words->remedy[0] != '\0') {
        say_label(session, "What to do");
        out_text(out, "%s\n", words->remedy);
        out_string(out, "remedy", "%s", words->remedy);
    }
}

static void fault_json(struct session *session, const struct explain_fault *fault)
{
    struct output *out = &session->out;
    out_number(out, "vector", fault->vector);
    struct arch_step step;
    out_string(out, "name", "%s", session->arch->vector_name(fault->vector));
    if (fault->has_error)
        out_number(out, "error", fault->error);
    if (fault->has_address)
        out_number(out, "address", fault->address);
    if (fault->step.kind != TRACE_NONE && session->arch->step(fault->step.step, &step)) {
        out_string(out, "step", "%s", step.id);
        out_string(out, "manual", "%s", step.manual);
    }
}

static void say_place(struct session *session, const struct explain *explain)
{
    struct output *out = &session->out;
    char where[2 * ORIGIN_TEXT];
    out_text(out, "%s %08" PRIx32 " %s%s%s", explain->place.kernel ? "kernel" : "user", explain->pc,
             out_style(out, OUT_FUNCTION), origin_where(&explain->place, where, sizeof where),
             out_style(out, OUT_PLAIN));
    out_number(out, "tick", (int64_t)explain->when.tick);
    out_number(out, "count", (int64_t)explain->when.count);
    out_number(out, "pc", explain->pc);
    out_string(out, "symbol", "%s", explain->place.symbol);
    out_string(out, "instruction", "%s", explain->place.insn);
    out_string(out, "mode", "%s", explain->place.kernel ? "kernel" : "user");
    if (explain->place.file != NULL) {
        out_string(out, "file", "%s", explain->place.file);
        out_number(out, "line", explain->place.line);
    }
    if (explain->place.source != NULL)
        out_string(out, "source", "%s", explain->place.source);
    if (explain->place.has_process) {
        out_number(out, "pid", explain->place.pid);
        out_string(out, "program", "%s", explain->place.name);
    }
}

static void say_instruction_of(struct session *session, const struct explain *explain)
{
    struct output *out = &session->out;
    say_label(session, explain->interrupt ? "Interrupted" : "Instruction");
    out_text(out, "%s", explain->has_insn ? explain->place.insn : "(no instruction is there)");
    if (explain->place.source != NULL && *explain->place.source != '\0')
        out_text(out, "      %s", explain->place.source);
    out_text(out, "\n");
    if (explain->place.has_process) {
        say_label(session, "Process");
        out_text(out, "%" PRId64 " %s\n", explain->place.pid, explain->place.name);
    }
}

static void say_one(struct session *session, const struct explain *explain)
{
    struct output *out = &session->out;
    const struct explain_fault *fault = &explain->fault[0];
    char name[40];
    out_text(out, "%s%s%s %s at ", out_style(out, OUT_BAD),
             name_of(session, fault, name, sizeof name), out_style(out, OUT_PLAIN),
             title_of(session, fault->vector));
    fault_json(session, fault);
    say_place(session, explain);
    out_text(out, ", tick %" PRIu64 "\n", explain->when.tick);
    say_instruction_of(session, explain);
    say_words(session, fault, !explain->served);
}

/* --- chains ----------------------------------------------------------------------------------- */

static void say_interrupt(struct session *session, const struct explain *explain)
{
    char source[64];
    const struct trace_event *trap = explain->event;
    while (trap->kind != TRACE_TRAP)
        trap++;
    bool told = show_source(session, trap, source, sizeof source);
    out_text(&session->out, ", while delivering the interrupt of vector %" PRIu32 "%s%s",
             explain->first_vector, told ? " from " : "", told ? source : "");
    if (told)
        out_string(&session->out, "source", "%s", source);
}

/* What was being done when this one was found. */
static void say_while(struct session *session, const struct explain *explain, unsigned i)
{
    struct output *out = &session->out;
    const struct explain_fault *fault = &explain->fault[i];
    char words[160];
    if (i == 0 && explain->interrupt)
        say_interrupt(session, explain);
    else if (i == 0 && fault->by_step)
        out_text(out, ", while doing the %s", explain->operands.mnemonic);
    if (i == 0)
        return;
    session->arch->explain_chain(explain, i, words, sizeof words);
    out_text(out, "%s", words);
}

static void say_chain(struct session *session, const struct explain *explain)
{
    struct output *out = &session->out;
    char name[40];
    out_text(out, "%s%s%s at tick %" PRIu64 ", ", out_style(out, OUT_BAD),
             explain->shutdown ? "Triple fault" : "A fault while an event was delivered",
             out_style(out, OUT_PLAIN), explain->when.tick);
    say_place(session, explain);
    out_text(out, "%s\n",
             explain->shutdown ? ". The machine is frozen just before its reset." : "");
    say_instruction_of(session, explain);
    out_array(out, "chain");
    for (unsigned i = 0; i < explain->faults; i++) {
        const struct explain_fault *fault = &explain->fault[i];
        out_text(out, "\n%u  %s%s%s %s", i + 1, out_style(out, OUT_BAD),
                 name_of(session, fault, name, sizeof name), out_style(out, OUT_PLAIN),
                 title_of(session, fault->vector));
        say_while(session, explain, i);
        out_text(out, "\n");
        out_object(out, NULL);
        fault_json(session, fault);
        say_words(session, fault, true);
        out_close(out);
    }
    out_close(out);
    const struct explain_fault *first = &explain->fault[0];
    out_text(out, "\n");
    say_label(session, "First cause");
    if (first->words.check[0] != '\0')
        say_check(session, &first->words);
    else
        out_text(out, "%s\n", title_of(session, first->vector));
}

static void say_end(struct session *session, const struct explain *explain)
{
    struct output *out = &session->out;
    out_boolean(out, "shutdown", explain->shutdown);
    out_boolean(out, "served", explain->served);
    if (!explain->served)
        return;
    out_number(out, "served_at", (int64_t)explain->served_at);
    say_label(session, "Served");
    out_text(out, "the kernel dealt with it and went back to the instruction at tick %" PRIu64 "\n",
             explain->served_at);
}

static void say_explained(struct session *session, const struct explain *explain,
                          enum explain_found found)
{
    struct output *out = &session->out;
    if (found == EXPLAIN_FOUND) {
        if (explain->served)
            out_text(
                out,
                "Nothing has gone wrong so far. The last exception was part of normal work:\n");
        if (explain->faults > 1 || explain->shutdown)
            say_chain(session, explain);
        else
            say_one(session, explain);
        say_end(session, explain);
    } else if (found == EXPLAIN_NONE) {
        out_text(out, "Nothing has faulted yet.\n");
        out_null(out, "fault");
    }
}

/* What happened last is what is asked for; a fault that was dealt with is no answer to it. True =
 * a failed call was the answer. */
static bool call_explained(struct session *session, const struct explain *explain,
                           enum explain_found found)
{
    struct timeline_position call, failed;
    bool wrong = found == EXPLAIN_FOUND && !explain->served;
    if (session->profile == NULL || !stories_last_call(session, &call) ||
        (wrong && timeline_compare(call, explain->when) < 0))
        return false;
    if (stories_why_failed(session, call, true))
        return true;
    return stories_last_failure(session, &failed) &&
           !(wrong && timeline_compare(failed, explain->when) < 0) &&
           stories_why_failed(session, failed, false);
}

bool cmd_why(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    if (*args->text != '\0')
        return out_error(out,
                         "why takes no argument: it explains the last fault before this moment; "
                         "go to another moment with goto");
    if (!session_needs_machine(session))
        return false;
    struct explain *explain = malloc(sizeof *explain);
    if (explain == NULL)
        return out_error(out, "No memory to explain it in");
    enum explain_found found = explain_last(session, explain);
    bool call = found != EXPLAIN_INTERRUPTED && call_explained(session, explain, found);
    if (!call && found == EXPLAIN_FOUND && !explain_words(session, explain))
        found = EXPLAIN_INTERRUPTED;
    if (!call)
        say_explained(session, explain, found);
    free(explain);
    return found != EXPLAIN_INTERRUPTED || out_error(out, "Interrupted: not searched to the end");
}
