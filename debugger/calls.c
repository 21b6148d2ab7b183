/* calls: system calls and traps in words, decoded as the profile says. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/show.h"
#include "devices/lapic.h"

#define STRING_SHOWN 32u

bool show_argument_word(struct session *session, const struct profile *path, unsigned n,
                        uint32_t *word)
{
    const char *text = path->expression[PROFILE_ARGUMENT];
    struct value index = value_of_number(type_basic(BASIC_INT), n);
    int64_t number;
    if (text == NULL)
        return false;
    session_set_variable(session, "n", &index);
    struct scope scope = session_scope(session);
    if (!expression_number(&scope, text, &number))
        return false;
    *word = (uint32_t)number;
    return true;
}

static void quote(struct session *session, uint32_t address, uint32_t length, bool is_string,
                  char *to, size_t room)
{
    char bytes[STRING_SHOWN] = {0}, escaped[4 * STRING_SHOWN + 1];
    uint32_t shown = 0;
    bool ended = false;
    while (shown < STRING_SHOWN && shown < length && !ended) {
        if (!session_peek(session, address + shown, &bytes[shown], 1)) {
            snprintf(to, room, "0x%" PRIx32 " <not readable>", address);
            return;
        }
        ended = is_string && bytes[shown] == '\0';
        shown += !ended;
    }
    out_escape(escaped, sizeof escaped, bytes, shown);
    snprintf(to, room, "\"%s\"%s", escaped, ended || shown == length ? "" : "...");
}

void show_argument(struct session *session, const struct parameter *parameter, uint32_t word,
                   uint32_t length, char *to, size_t room)
{
    switch (parameter->kind) {
    case PARAMETER_INT: snprintf(to, room, "%" PRId32, (int32_t)word); break;
    case PARAMETER_STRING: quote(session, word, UINT32_MAX, true, to, room); break;
    case PARAMETER_IN: quote(session, word, length, false, to, room); break;
    default: snprintf(to, room, "0x%" PRIx32, word); break;
    }
}

void show_call(struct session *session, const struct profile *path, int64_t number, char *to,
               size_t room)
{
    const struct profile_syscall *call = profile_syscall(path, number);
    uint32_t word[PROFILE_PARAMETERS];
    unsigned known = 0;
    if (call == NULL) {
        snprintf(to, room, "number %" PRId64 ", which the profile does not know", number);
        return;
    }
    while (known < call->parameters && show_argument_word(session, path, known, &word[known]))
        known++;
    size_t used = (size_t)snprintf(to, room, "%s(", call->name);
    for (unsigned i = 0; i < call->parameters && used < room; i++) {
        const struct parameter *parameter = &call->parameter[i];
        char text[256] = "?";
        int length = parameter->length;
        if (i < known)
            show_argument(session, parameter, word[i],
                          length >= 0 && (unsigned)length < known ? word[length] : 0, text,
                          sizeof text);
        used += (size_t)snprintf(to + used, room - used, "%s%s", i > 0 ? ", " : "", text);
    }
    if (used < room)
        snprintf(to + used, room - used, ")");
}

/* What a local APIC got that became this trap: the newest before it. One that was before the last
 * trap of the same vector is that one's. */
static const struct trace_event *signal_of(const struct trace *trace,
                                           const struct trace_event *trap)
{
    for (uint64_t n = trace->written; n-- > 0;) {
        const struct trace_event *event = trace_at(trace, n);
        if (event == NULL)
            return NULL;
        if (event->count > trap->count || event->cpu != trap->cpu || event->vector != trap->vector)
            continue;
        if (event->kind == TRACE_SIGNAL)
            return event;
        if (event->kind == TRACE_TRAP && event->tick < trap->tick)
            return NULL;
    }
    return NULL;
}

bool show_source(const struct session *session, const struct trace_event *event, char *to,
                 size_t room)
{
    const struct trace_event *signal =
        event->kind == TRACE_SIGNAL ? event : signal_of(&session->machine->trace, event);
    if (signal == NULL)
        return false;
    if (signal->a < APIC_FROM_PIN)
        snprintf(to, room, "processor %" PRIu32, signal->a);
    else if (signal->a < APIC_FROM_TIMER)
        snprintf(to, room, "the I/O APIC's pin %" PRIu32, signal->a - APIC_FROM_PIN);
    else if (signal->a == APIC_FROM_TIMER)
        snprintf(to, room, "the local APIC's timer");
    else if (signal->a == APIC_FROM_ERROR)
        snprintf(to, room, "an error of the local APIC");
    else
        snprintf(to, room, "the local APIC's LINT%" PRIu32, signal->a - APIC_FROM_LINT0);
    return true;
}

void show_trap(struct session *session, const struct trace_event *trap, char *to, size_t room)
{
    const char *known = session->arch->vector_name(trap->vector);
    const char *name = profile_vector(session->profile, trap->vector);
    char source[64];
    bool told = session->arch->trap(trap) == ARCH_INTERRUPT &&
                show_source(session, trap, source, sizeof source);
    snprintf(to, room, "%s%s%s, vector %" PRIu32 "%s%s%s%s", session->arch->trap_kind(trap),
             known[0] == '\0' ? "" : " ", known, trap->vector, name == NULL ? "" : ": ",
             name == NULL ? "" : name, told ? ", from " : "", told ? source : "");
}
