/* say: the delivery of an exception, as `journey` and `trapframe` tell it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/mips/parts.h"
#include "debugger/stories.h"
#include "debugger/story_say.h"

static void say_set(struct session *session, const struct tale *tale, unsigned row,
                    const char *name)
{
    const struct trace_event *event = story_step(tale, row);
    char words[200] = "";
    if (event == NULL)
        return;
    mips_register_meaning(session->cpu, name, event->value, words, sizeof words);
    story_say_more(&session->out, "%-8s %08" PRIx32 " -> %08" PRIx32 "%s%s", name, event->old,
                   event->value, words[0] == '\0' ? "" : "   ", words);
}

static void say_why(struct session *session, const struct tale *tale)
{
    char words[200];
    for (unsigned i = 0; i < tale->steps; i++) {
        const struct trace_event *event = &tale->step[i];
        const struct mips_step_info *info = &mips_steps[event->step];
        if (event->step > MIPS_STEP_DATA_ANSWERED || info->format == NULL)
            continue;
        story_say_more(&session->out, "%s: %s   %s", info->name,
                       mips_step_fill(event, info->format, words, sizeof words), info->text);
        return;
    }
}

static void say_vector(struct session *session, const struct tale *tale)
{
    const struct trace_event *own = story_step(tale, MIPS_STEP_REFILL);
    const struct trace_event *vector = story_step(tale, MIPS_STEP_VECTOR);
    char symbol[TALE_TEXT];
    if (own == NULL || vector == NULL)
        return;
    story_say_more(&session->out, "to %08" PRIx32 " (%s, BEV %" PRIu32 ")   %s", vector->value,
                   own->a ? "the refill vector" : "the general vector", own->b,
                   session_symbol(session, vector->value, symbol, sizeof symbol));
}

void mips_say_delivery(struct session *session, const struct story *story)
{
    const struct tale *tale = story->extra;
    say_why(session, tale);
    say_set(session, tale, MIPS_STEP_EPC, "epc");
    say_set(session, tale, MIPS_STEP_CAUSE, "cause");
    say_set(session, tale, MIPS_STEP_STATUS, "status");
    say_set(session, tale, MIPS_STEP_EXL, "status");
    say_set(session, tale, MIPS_STEP_BADVADDR, "badvaddr");
    say_vector(session, tale);
    story_say_more(&session->out, "nothing is pushed, and the stack pointer stays the program's");
}

void mips_say_trap_registers(struct session *session, const struct story *story)
{
    static const struct {
        unsigned row;
        const char *name;
    } kept[] = {{MIPS_STEP_EPC, "epc"},
                {MIPS_STEP_CAUSE, "cause"},
                {MIPS_STEP_STATUS, "status"},
                {MIPS_STEP_EXL, "status"},
                {MIPS_STEP_BADVADDR, "badvaddr"}};
    struct output *out = &session->out;
    const struct tale *tale = story->extra;
    char words[200];
    out_text(out, "  the CPU kept, in coprocessor 0:\n");
    out_object(out, "registers");
    for (unsigned i = 0; i < sizeof kept / sizeof *kept; i++) {
        const struct trace_event *event = story_step(tale, kept[i].row);
        if (event == NULL)
            continue;
        words[0] = '\0';
        if (!mips_register_meaning(session->cpu, kept[i].name, event->value, words, sizeof words))
            session_symbol(session, event->value, words, sizeof words);
        out_text(out, "    %-9s %08" PRIx32 "  %s\n", kept[i].name, event->value, words);
        out_number(out, kept[i].name, event->value);
    }
    out_close(out);
    out_text(out, "  and the kernel's entry code has stored:\n");
}
