/* cmd_who: `who ADDR`: the last write to a place in memory, through whatever mapping. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/origin.h"
#include "debugger/show.h"

#define LONGEST 64u

/* An object: its own address and size. A pointer or number: the byte there. */
static bool place_of(struct session *session, const char *text, uint32_t *address, uint32_t *length)
{
    struct value value;
    if (!session_eval(session, text, &value))
        return false;
    if (value.where == VALUE_REGISTER && text[0] != '$')
        return out_error(&session->out,
                         "%s is in a register at present, not in memory: see "
                         "info frame",
                         text);
    bool object = value.where == VALUE_MEMORY && value.type->kind != TYPE_FUNCTION;
    *address = value.address;
    *length = value.type->size == 0 ? 1 : value.type->size;
    if (object)
        return true;
    *length = 1;
    return show_address_of(session, text, address);
}

/* The pieces of the place that lie in different pages. */
static unsigned pieces(struct session *session, uint32_t address, uint32_t length,
                       struct origin *origin, unsigned room)
{
    unsigned used = 0;
    while (length > 0 && used < room) {
        uint32_t here = 4096 - (address & 0xfff), physical;
        here = length < here ? length : here;
        if (!session_translate(session, address, &physical))
            return 0;
        origin[used++] = (struct origin){.physical = physical, .length = here};
        address += here;
        length -= here;
    }
    return used;
}

static const char *maker(const struct session *session, const struct origin *origin, char *to,
                         size_t room)
{
    if (!origin->micro) {
        snprintf(to, room, "%s", origin->place.insn);
        return to;
    }
    struct arch_step step = {.name = ""};
    if (session->arch->step(origin->step, &step) && step.program == ARCH_WALK)
        snprintf(to, room, "a page walk of the CPU marked the %s", step.name);
    else
        snprintf(to, room, "the CPU: %s", step.name);
    return to;
}

static void say_write(struct session *session, const struct origin *origin)
{
    struct output *out = &session->out;
    char words[2 * ORIGIN_TEXT];
    int digits = origin->size * 2;
    out_text(out, "  tick %" PRIu64 ", instruction %" PRIu64 "%s\n", origin->when.tick,
             origin->when.count, origin->micro ? ", between two instructions" : "");
    out_text(out, "  %s%s%s   %s\n", out_style(out, OUT_FUNCTION),
             origin_where(&origin->place, words, sizeof words), out_style(out, OUT_PLAIN),
             origin->place.source == NULL ? "" : origin->place.source);
    out_text(out, "  %08" PRIx32 "  %s   %u byte%s at %08" PRIx32 "\n", origin->pc,
             maker(session, origin, words, sizeof words), origin->size,
             origin->size == 1 ? "" : "s", origin->linear);
    out_text(out, "  %s", origin->place.kernel ? "in the kernel" : "in the program");
    if (origin->place.has_process)
        out_text(out, ", process %" PRId64 " %s", origin->place.pid, origin->place.name);
    out_text(out, "\n  %0*" PRIx32 " -> %0*" PRIx32 "%s\n", digits, origin->old, digits,
             origin->value, origin->old == origin->value ? "   (the same value again)" : "");
    out_text(out, "  to be there: goto %" PRIu64 "\n", origin->when.tick);
}

static const struct origin *latest(const struct origin *origin, unsigned count)
{
    const struct origin *best = NULL;
    for (unsigned i = 0; i < count; i++)
        if (origin[i].found && (best == NULL || timeline_compare(origin[i].when, best->when) > 0))
            best = &origin[i];
    return best;
}

bool cmd_who(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    struct origin origin[2];
    uint32_t address, length;
    char symbol[ORIGIN_TEXT];
    if (!session_needs_machine(session))
        return false;
    if (*args->text == '\0')
        return out_error(out, "who needs a place: who 0x1000, who $esp, who x, who p->next");
    if (!place_of(session, args->text, &address, &length))
        return false;
    length = length > LONGEST ? LONGEST : length;
    unsigned count = pieces(session, address, length, origin, 2);
    if (count == 0)
        return out_error(out, "%08" PRIx32 " is not mapped at present: see %s 0x%" PRIx32, address,
                         session->arch->page_command, address);
    if (!origin_search(session, origin, count, timeline_now(session->timeline)))
        return out_error(out, "Interrupted: not searched to the end");
    session_symbol(session, address, symbol, sizeof symbol);
    out_text(out, "%08" PRIx32 "%s%s%s (physical %08" PRIx32 "), %" PRIu32 " byte%s: ", address,
             symbol[0] == '\0' ? "" : " <", symbol, symbol[0] == '\0' ? "" : ">",
             origin[0].physical, length, length == 1 ? "" : "s");
    out_number(out, "address", address);
    out_number(out, "physical", origin[0].physical);
    out_number(out, "length", length);
    const struct origin *write = latest(origin, count);
    if (write == NULL) {
        out_text(out, "not written since power-on\n  It has what it had then: the ROM's or the "
                      "loader's content, or zero.\n");
        out_null(out, "write");
        return true;
    }
    out_text(out, "last written\n");
    say_write(session, write);
    origin_say_json(session, "write", write);
    return true;
}
