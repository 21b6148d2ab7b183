/* story_say: a story as text on one screen and as JSON. */
#include "debugger/story_say.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/show.h"

const char *story_say_ticks(uint64_t number, char *to, size_t room)
{
    char digits[24];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, number), used = 0;
    for (size_t i = 0; i < length && used + 2 < room; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            to[used++] = ',';
        to[used++] = digits[i];
    }
    to[used] = '\0';
    return to;
}

static ticks now_of(struct session *session)
{
    return session->machine->clock.s.now;
}

/* The hardware's own part is called as its manual calls it. */
static const char *phase_name(const struct session *session, enum story_phase phase)
{
    return phase == PHASE_GATE ? session->arch->delivery : story_phase_name(phase);
}

static const char *mode_of(const struct session *session, enum story_phase phase)
{
    if (phase == PHASE_GATE || phase == PHASE_RETURN)
        return "CPU";
    return phase == PHASE_USER ? session->arch->user : session->arch->kernel;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void json_arguments(struct output *out, const struct tale *tale)
{
    out_array(out, "args");
    for (unsigned i = 0; i < tale->arguments; i++) {
        const struct tale_argument *argument = &tale->argument[i];
        out_object(out, NULL);
        out_string(out, "name", "%s", tale->call->parameter[i].name);
        if (argument->has_bytes)
            out_bytes(out, "value", argument->bytes, argument->length);
        else
            out_number(out, "value", (int32_t)argument->word);
        out_number(out, "raw", argument->word);
        out_string(out, "text", "%s", argument->text);
        if (argument->has_bytes)
            out_boolean(out, "cut", argument->length < argument->whole);
        out_close(out);
    }
    out_close(out);
}

static void json_result(struct output *out, const struct tale *tale)
{
    out_boolean(out, "sent_back", tale->sent_back);
    if (!tale->has_result) {
        out_null(out, "result");
        return;
    }
    out_number(out, "result", (int32_t)tale->result);
    out_boolean(out, "failed", tale->failed);
    if (!tale->has_reason)
        return;
    const struct profile_name *name = profile_errno(tale->path, tale->reason);
    out_number(out, "errno", tale->reason);
    if (name != NULL)
        out_string(out, "error", "%s", name->name);
    out_array(out, "refused_by");
    for (unsigned i = 0; i < tale->refusals; i++)
        out_string(out, NULL, "%s", tale->refusal[i]);
    out_close(out);
}

static void json_phases(struct session *session, struct output *out, const struct story *story)
{
    const struct tale *tale = story->extra;
    out_array(out, "phases");
    for (unsigned phase = 0; phase < STORY_PHASES; phase++) {
        if (!story->mark[phase].there)
            continue;
        out_object(out, NULL);
        out_string(out, "phase", "%s", phase_name(session, phase));
        out_string(out, "symbol", "%s", tale->symbol[phase]);
        out_string(out, "where", "%s", tale->where[phase]);
        out_number(out, "tick", (int64_t)story->mark[phase].begin);
        if (story_phase_ends(story, phase))
            out_number(out, "ticks", (int64_t)story_ticks(story, phase, now_of(session)));
        else
            out_null(out, "ticks");
        out_close(out);
    }
    out_close(out);
}

static void json_step(struct session *session, struct output *out, const struct trace_event *event)
{
    struct arch_step info;
    char words[200];
    if (!session->arch->step(event->step, &info))
        return;
    out_object(out, NULL);
    out_string(out, "step", "%s", info.id);
    out_string(out, "name", "%s", info.name);
    out_number(out, "tick", (int64_t)event->tick);
    out_number(out, "ticks", event->cost);
    if (event->flags & TRACE_CHECK) {
        out_boolean(out, "passed", !(event->flags & TRACE_FAILED));
        out_number(out, "a", event->a);
        out_number(out, "b", event->b);
        if (info.format != NULL)
            out_string(out, "check", "%s",
                       session->arch->step_fill(event, info.format, words, sizeof words));
    } else {
        out_number(out, "value", event->value);
    }
    if (event->flags & (TRACE_READ | TRACE_WRITE)) {
        out_string(out, "access", event->flags & TRACE_READ ? "read" : "write");
        out_number(out, "address", event->addr);
        out_number(out, "physical", event->phys);
        out_number(out, "size", event->size);
    }
    if (event->flags & (TRACE_WRITE | TRACE_SET))
        out_number(out, "old", event->old);
    out_close(out);
}

static void json_end(struct output *out, const struct story *story)
{
    static const char *const ends[] = {"open", "returned", "refused", "left"};
    out_string(out, "end", "%s", ends[story->end]);
    if (story->end == STORY_RETURNED)
        out_number(out, "ticks", (int64_t)(story->ended - story->tick));
    out_number(out, "interrupts", story->interrupts);
    out_number(out, "interrupted_ticks", (int64_t)story->interrupted);
    out_number(out, "switches", story->switches);
    out_number(out, "away_ticks", (int64_t)story->away);
}

void story_say_json(struct session *session, struct output *out, const struct story *story,
                    bool steps)
{
    const struct tale *tale = story->extra;
    out_number(out, "tick", (int64_t)story->tick);
    out_number(out, "count", (int64_t)story->count);
    out_number(out, "cpu", story->cpu);
    out_number(out, "pid", tale->process.pid);
    out_string(out, "program", "%s", tale->process.name);
    if (tale->call != NULL)
        out_string(out, "name", "%s", tale->call->name);
    else
        out_null(out, "name");
    out_number(out, "number", tale->number);
    out_number(out, "vector", story->vector);
    if (tale->path->path != NULL)
        out_string(out, "path", "%s", tale->path->path);
    json_arguments(out, tale);
    json_result(out, tale);
    json_phases(session, out, story);
    out_object(out, "trapframe");
    for (unsigned i = 0; i < tale->fields; i++)
        out_number(out, tale->field[i].name, tale->field[i].value);
    out_close(out);
    json_end(out, story);
    if (!steps)
        return;
    out_array(out, "steps");
    for (unsigned i = 0; i < tale->steps; i++)
        json_step(session, out, &tale->step[i]);
    out_close(out);
}

static const char *phase_ticks(struct session *session, const struct story *story, unsigned phase,
                               char *to, size_t room)
{
    if (!story_phase_ends(story, phase))
        return "...";
    return story_say_ticks(story_ticks(story, phase, now_of(session)), to, room);
}

/* --- two lines -------------------------------------------------------------------------------- */

void story_say_lines(struct session *session, struct output *out, const struct story *story)
{
    const struct tale *tale = story->extra;
    char call[512], tick[32], took[32];
    stories_call_text(story, call, sizeof call);
    out_text(out, "%s%13s%s  %3" PRId64 " %-10s  %s%s%s%s", out_style(out, OUT_DIM),
             story_say_ticks(story->tick, tick, sizeof tick), out_style(out, OUT_PLAIN),
             tale->process.pid, tale->process.name, out_style(out, OUT_HEAD), call,
             out_style(out, OUT_PLAIN), path_by(session, tale->path));
    if (story->end == STORY_RETURNED)
        out_text(out, "   %s ticks",
                 story_say_ticks(story->ended - story->tick, took, sizeof took));
    out_text(out, "\n%*s", 15, "");
    for (unsigned phase = 0, shown = 0; phase < STORY_PHASES; phase++)
        if (story->mark[phase].there)
            out_text(out, "%s %s %s ", shown++ > 0 ? "|" : "", phase_name(session, phase),
                     phase_ticks(session, story, phase, took, sizeof took));
    if (story->interrupts > 0)
        out_text(out, "| interrupted %u x, %s", story->interrupts,
                 story_say_ticks(story->interrupted, took, sizeof took));
    if (story->away > 0)
        out_text(out, "| others ran %s", story_say_ticks(story->away, took, sizeof took));
    out_text(out, "\n");
}

const struct trace_event *story_step(const struct tale *tale, unsigned step)
{
    for (unsigned i = 0; i < tale->steps; i++)
        if (tale->step[i].step == step)
            return &tale->step[i];
    return NULL;
}

/* --- the journey ------------------------------------------------------------------------------ */

void story_say_more(struct output *out, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    out_text(out, "%20s%s\n", "", text);
}

static bool is_return(const struct session *session, uint16_t row)
{
    struct arch_step step;
    return session->arch->step(row, &step) && step.program == ARCH_RETURN;
}

static void say_all_steps(struct session *session, const struct tale *tale, bool back)
{
    for (unsigned i = 0; i < tale->steps; i++)
        if (is_return(session, tale->step[i].step) == back)
            show_micro_step(session, &tale->step[i]);
}

static void say_dispatch(struct session *session, const struct story *story)
{
    const struct tale *tale = story->extra;
    const struct image *kernel = symbols_kernel(&session->symbols);
    const struct symbol *table =
        kernel == NULL ? NULL : image_symbol_named(kernel, tale->path->dispatch);
    uint32_t entry;
    char symbol[TALE_TEXT];
    if (tale->path->is_switch || table == NULL) {
        bool known = show_switch_handler(session, tale->path, tale->number, &entry);
        story_say_more(&session->out, "number %" PRId64 " -> switch in %s%s%s%s", tale->number,
                       tale->path->dispatch, known ? " -> <" : "",
                       known ? session_symbol(session, entry, symbol, sizeof symbol) : "",
                       known ? ">" : "");
        return;
    }
    int64_t index = tale->number - tale->path->low;
    uint32_t address = table->address + 4 * (uint32_t)index;
    if (tale->call == NULL || !session_peek_word(session, address, &entry)) {
        story_say_more(&session->out, "number %" PRId64 " has no entry in %s", tale->number,
                       table->name);
        return;
    }
    story_say_more(&session->out,
                   "number %" PRId64 " -> %s[%" PRId64 "] at %08" PRIx32 " = %08" PRIx32 " <%s>",
                   tale->number, table->name, index, address, entry,
                   session_symbol(session, entry, symbol, sizeof symbol));
}

static void say_handler(struct session *session, const struct story *story)
{
    const struct tale *tale = story->extra;
    char ticks_text[32];
    for (unsigned i = 0; i < tale->refusals && tale->failed; i++)
        story_say_more(&session->out, "%s %s", i == 0 ? "refused in" : "called by",
                       tale->refusal[i]);
    if (story->interrupts > 0)
        story_say_more(&session->out, "interrupted %u time%s, %s ticks (last: vector %u)",
                       story->interrupts, story->interrupts > 1 ? "s" : "",
                       story_say_ticks(story->interrupted, ticks_text, sizeof ticks_text),
                       story->last_interrupt);
    if (story->away > 0)
        story_say_more(&session->out, "other processes ran meanwhile: %s ticks",
                       story_say_ticks(story->away, ticks_text, sizeof ticks_text));
}

static void say_software_words(struct session *session, const struct story *story)
{
    unsigned words = 0;
    char symbol[TALE_TEXT], last[TALE_TEXT] = "";
    char line[400];
    size_t used = 0;
    for (unsigned i = 0; i < story->words && used < sizeof line; i++) {
        if (story->word[i].step != 0)
            continue;
        words++;
        session_symbol(session, story->word[i].pc, symbol, sizeof symbol);
        symbol[strcspn(symbol, "+")] = '\0';
        if (strcmp(symbol, last) != 0)
            used += (size_t)snprintf(line + used, sizeof line - used, "%s%s", words > 1 ? ", " : "",
                                     symbol);
        snprintf(last, sizeof last, "%s", symbol);
    }
    if (words > 0)
        story_say_more(&session->out, "%u words onto the kernel stack, by %s", words, line);
}

static void say_detail(struct session *session, const struct story *story, unsigned phase,
                       bool steps)
{
    const struct tale *tale = story->extra;
    switch (phase) {
    case PHASE_GATE:
        if (steps) {
            say_all_steps(session, tale, false);
            break;
        }
        session->arch->say_delivery(session, story);
        break;
    case PHASE_USER:
        if (tale->caller[0] != '\0')
            story_say_more(&session->out, "called from %s", tale->caller);
        break;
    case PHASE_SAVE: say_software_words(session, story); break;
    case PHASE_DISPATCH: say_dispatch(session, story); break;
    case PHASE_HANDLER: say_handler(session, story); break;
    case PHASE_RETURN:
        if (steps)
            say_all_steps(session, tale, true);
        else if (story->end == STORY_RETURNED)
            story_say_more(&session->out, "back in %s at %08" PRIx32 ", stack %08" PRIx32,
                           session->arch->user, story->return_pc, story->user_sp);
        break;
    default: break;
    }
}

static void say_heading(struct session *session, const struct story *story)
{
    struct output *out = &session->out;
    const struct tale *tale = story->extra;
    char call[512], tick[32], took[32];
    if (tale->is_call)
        stories_call_text(story, call, sizeof call);
    else
        snprintf(call, sizeof call, "vector %u", story->vector);
    out_text(out, "%s%s%s%s   %s (pid %" PRId64 ")   tick %s", out_style(out, OUT_HEAD), call,
             out_style(out, OUT_PLAIN), path_by(session, tale->path), tale->process.name,
             tale->process.pid, story_say_ticks(story->tick, tick, sizeof tick));
    if (story->end == STORY_RETURNED)
        out_text(out, ", took %s", story_say_ticks(story->ended - story->tick, took, sizeof took));
    else
        out_text(out, ", %s",
                 story->end == STORY_REFUSED ? "refused"
                 : story->end == STORY_LEFT  ? "never came back"
                                             : "has not come back yet");
    out_text(out, "\n\n");
}

void story_say_journey(struct session *session, const struct story *story, bool steps)
{
    struct output *out = &session->out;
    const struct tale *tale = story->extra;
    char number[32];
    say_heading(session, story);
    for (unsigned phase = 0; phase < STORY_PHASES; phase++) {
        if (!story->mark[phase].there)
            continue;
        out_text(out, " %s%-10s%s %-8s%-48s %10s\n", out_style(out, OUT_FUNCTION),
                 phase_name(session, phase), out_style(out, OUT_PLAIN), mode_of(session, phase),
                 tale->where[phase], phase_ticks(session, story, phase, number, sizeof number));
        say_detail(session, story, phase, steps);
    }
    struct story_sums sums = story_sums(story, now_of(session));
    char a[32], b[32], c[32];
    out_text(out, "\n%20shardware %s   entry and exit code %s   kernel work %s\n", "",
             story_say_ticks(sums.hardware, a, sizeof a), story_say_ticks(sums.code, b, sizeof b),
             story_say_ticks(sums.kernel, c, sizeof c));
    if (tale->sent_back)
        out_text(out, "%20ssent back to the program: no function of the kernel serves it\n", "");
    if (tale->has_result)
        out_text(out, "%20sresult %" PRId32 "%s\n", "", (int32_t)tale->result,
                 tale->failed ? ": failed; `why` tells the check" : "");
}
