/* say: the delivery of a trap through a gate, as `journey` tells it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cpu/x86/trap.h"
#include "debugger/stories.h"
#include "debugger/story_say.h"
#include "debugger/x86/parts.h"
#include "debugger/x86/tables.h"

static void say_gate_bytes(struct session *session, const struct tale *tale)
{
    const struct trace_event *high = story_step(tale, X86_STEP_GATE_HIGH);
    const struct trace_event *low = story_step(tale, X86_STEP_GATE_LOW);
    char name[40], symbol[TALE_TEXT], selector[40];
    if (high == NULL || low == NULL)
        return;
    uint8_t bytes[8];
    memcpy(bytes, &low->value, 4);
    memcpy(bytes + 4, &high->value, 4);
    struct x86_gate gate = x86_gate_decode(bytes);
    story_say_more(&session->out,
                   "IDT entry %u at %08" PRIx32 ": %02x %02x %02x %02x %02x %02x %02x %02x",
                   low->vector, low->addr, bytes[0], bytes[1], bytes[2], bytes[3], bytes[4],
                   bytes[5], bytes[6], bytes[7]);
    story_say_more(&session->out, "  %s, DPL %u, %spresent, to %04x:%08" PRIx32 " (%s, %s)",
                   x86_gate_name(&gate, name, sizeof name), gate.dpl, gate.present ? "" : "not ",
                   gate.selector, gate.offset,
                   x86_selector_name(gate.selector, selector, sizeof selector),
                   session_symbol(session, gate.offset, symbol, sizeof symbol));
}

static bool is_return(uint16_t step)
{
    unsigned program = x86_steps[step].program;
    return program >= X86_PROGRAM_IRET_REAL && program <= X86_PROGRAM_IRET_V86;
}

static bool is_told(uint16_t step)
{
    return step == X86_STEP_GATE_DPL || step == X86_STEP_CODE_PRIVILEGE ||
           step == X86_STEP_STACK_DPL;
}

static void say_checks(struct session *session, const struct tale *tale)
{
    struct output *out = &session->out;
    char words[200];
    unsigned others = 0;
    for (unsigned i = 0; i < tale->steps; i++) {
        const struct trace_event *event = &tale->step[i];
        const struct x86_step_info *info = &x86_steps[event->step];
        if (!(event->flags & TRACE_CHECK) || info->format == NULL || is_return(event->step))
            continue;
        bool failed = event->flags & TRACE_FAILED;
        if (!failed && !is_told(event->step)) {
            others++;
            continue;
        }
        story_say_more(out, "%s%s%s %s   %s%s%s", out_style(out, failed ? OUT_BAD : OUT_GOOD),
                       failed ? "refused" : "ok", out_style(out, OUT_PLAIN),
                       x86_step_fill(event, info->format, words, sizeof words),
                       out_style(out, OUT_DIM), info->text, out_style(out, OUT_PLAIN));
    }
    if (others > 0)
        story_say_more(out, "%sand %u more checks passed: journey steps shows each%s",
                       out_style(out, OUT_DIM), others, out_style(out, OUT_PLAIN));
}

static void say_stack(struct session *session, const struct story *story)
{
    const struct tale *tale = story->extra;
    const struct trace_event *esp = story_step(tale, X86_STEP_TSS_ESP);
    const struct trace_event *ss = story_step(tale, X86_STEP_TSS_SS);
    char line[400];
    size_t used = 0;
    if (esp != NULL && ss != NULL)
        story_say_more(&session->out,
                       "TSS at %08" PRIx32 ": SS0:ESP0 = %04" PRIx32 ":%08" PRIx32
                       "   stack %08" PRIx32 " -> %08" PRIx32,
                       esp->addr - 4, ss->value, esp->value, story->user_sp, esp->value);
    line[0] = '\0';
    for (unsigned i = 0; i < tale->steps && used < sizeof line; i++) {
        const struct trace_event *event = &tale->step[i];
        const char *name = x86_steps[event->step].name;
        if (event->flags & TRACE_WRITE && strncmp(name, "push ", 5) == 0)
            used += (size_t)snprintf(line + used, sizeof line - used, "  %s %0*" PRIx32, name + 5,
                                     event->size * 2, event->value);
    }
    if (used > 0)
        story_say_more(&session->out, "pushed%s", line);
}

void x86_say_delivery(struct session *session, const struct story *story)
{
    say_gate_bytes(session, story->extra);
    say_checks(session, story->extra);
    say_stack(session, story);
}
