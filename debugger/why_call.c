/* why_call: why a system call failed: where the kernel said no, and what the program gave it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/show.h"
#include "debugger/stories.h"

static void say_chain(struct session *session, const struct tale *tale)
{
    struct output *out = &session->out;
    const struct image *kernel = symbols_kernel(&session->symbols);
    out_array(out, "refused_by");
    for (unsigned i = 0; i < tale->refusals; i++) {
        const struct line_row *row = image_line(kernel, tale->refusal_pc[i]);
        const char *text =
            row == NULL ? NULL : source_line(&session->symbols, row->file, row->line);
        out_text(out, "  %-10s %s\n", i == 0 ? "refused in" : "called by", tale->refusal[i]);
        if (text != NULL)
            out_text(out, "    %s\n", text + strspn(text, " \t"));
        out_object(out, NULL);
        out_string(out, "where", "%s", tale->refusal[i]);
        if (text != NULL)
            out_string(out, "source", "%s", text + strspn(text, " \t"));
        out_close(out);
    }
    out_close(out);
}

/* What is wrong with an address that the program passed, at the moment of the call. */
static void say_pointer(struct session *session, const char *name, uint32_t address, bool writes)
{
    struct output *out = &session->out;
    const char *problem = session->arch->pointer_problem(session->cpu, address, writes);
    if (problem == NULL)
        return;
    out_text(out, "  argument   %s = %08" PRIx32 ": %s; %s 0x%" PRIx32 " shows the entries\n", name,
             address, problem, session->arch->page_command, address);
    out_object(out, NULL);
    out_string(out, "argument", "%s", name);
    out_number(out, "address", address);
    out_string(out, "problem", "%s", problem);
    out_close(out);
}

static void say_pointers(struct session *session, const struct story *story)
{
    const struct tale *tale = story->extra;
    struct timeline_position present = timeline_now(session->timeline);
    timeline_seek(session->timeline, TIMELINE_AT_COUNT(story->count));
    out_array(&session->out, "pointers");
    for (unsigned i = 0; i < tale->arguments; i++) {
        const struct parameter *parameter = &tale->call->parameter[i];
        uint32_t word = tale->argument[i].word;
        if (parameter->kind == PARAMETER_INT || parameter->kind == PARAMETER_WORD)
            continue;
        uint32_t length = parameter->length >= 0 ? tale->argument[parameter->length].word : 1;
        bool writes = parameter->kind == PARAMETER_OUT || parameter->kind == PARAMETER_POINTER;
        say_pointer(session, parameter->name, word, writes);
        if (length > 1 && length < 1u << 20 && (word ^ (word + length - 1)) >> 12 != 0)
            say_pointer(session, parameter->name, word + length - 1, writes);
    }
    out_close(&session->out);
    timeline_seek(session->timeline, present);
    session_changed(session);
}

static void say_failed(struct session *session, const struct story *story, bool last)
{
    struct output *out = &session->out;
    const struct tale *tale = story->extra;
    char call[512];
    const struct profile_name *reason =
        tale->has_reason ? profile_errno(tale->path, tale->reason) : NULL;
    stories_call_text(story, call, sizeof call);
    out_text(out, "%s: refused by the kernel%s%s.\n", call, reason == NULL ? "" : ", ",
             reason == NULL         ? ""
             : reason->text == NULL ? reason->name
                                    : reason->text);
    out_string(out, "call", "%s", call);
    if (!last)
        out_text(out, "  (the program has made other calls since, which did not fail)\n");
    out_number(out, "errno", tale->reason);
    if (reason != NULL)
        out_string(out, "error", "%s", reason->name);
    out_number(out, "tick", (int64_t)story->tick);
    if (tale->caller[0] != '\0')
        out_text(out, "  made in    %s\n", tale->caller);
    say_chain(session, tale);
    if (tale->call != NULL)
        say_pointers(session, story);
    out_text(out, "  see also   journey; goto %" PRIu64 " goes to the call\n", story->tick);
}

bool stories_why_failed(struct session *session, struct timeline_position call, bool last)
{
    struct story *story = stories_replay(session, call);
    const struct tale *tale = story == NULL ? NULL : story->extra;
    bool failed = tale != NULL && tale->failed;
    if (failed)
        say_failed(session, story, last);
    story_free(story);
    return failed;
}
