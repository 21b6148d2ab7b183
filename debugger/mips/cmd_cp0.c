/* cmd_cp0: `cp0`: the registers of coprocessor 0, raw and decoded, and what the last exception and
 * the last return did to mode and enable. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/mips/parts.h"

/* Their numbers in the coprocessor: Kane, table 6-1; MIPS32 vol. 3, table 8-1. */
static const struct {
    unsigned number, select;
    const char *name;
} numbers[] = {
    {0, 0, "index"},    {1, 0, "random"},   {2, 0, "entrylo"},   {2, 0, "entrylo0"},
    {3, 0, "entrylo1"}, {4, 0, "context"},  {5, 0, "pagemask"},  {6, 0, "wired"},
    {8, 0, "badvaddr"}, {9, 0, "count"},    {10, 0, "entryhi"},  {11, 0, "compare"},
    {12, 0, "status"},  {13, 0, "cause"},   {14, 0, "epc"},      {15, 0, "prid"},
    {16, 0, "config"},  {16, 1, "config1"}, {30, 0, "errorepc"},
};

static void say_registers(struct session *session)
{
    static const struct out_column columns[] = {
        {"", "number", true, OUT_DIM},
        {"register", "name", false, OUT_VARIABLE},
        {"value", "value", true, OUT_PLAIN},
        {"meaning", "meaning", false, OUT_PLAIN},
    };
    struct output *out = &session->out;
    out_table(out, "registers", 0, columns, sizeof columns / sizeof *columns);
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uint64_t value;
        char words[200] = "";
        if (!session_register(session, numbers[i].name, &value))
            continue;
        if (!mips_register_meaning(session->cpu, numbers[i].name, (uint32_t)value, words,
                                   sizeof words) &&
            strstr(numbers[i].name, "epc") != NULL)
            session_symbol(session, (uint32_t)value, words, sizeof words);
        if (numbers[i].select == 0)
            out_cell_number(out, numbers[i].number, "%u", numbers[i].number);
        else
            out_cell(out, "%u.%u", numbers[i].number, numbers[i].select);
        out_cell(out, "%s", numbers[i].name);
        out_cell_number(out, (int64_t)value, "%08" PRIx32, (uint32_t)value);
        out_cell(out, "%s", words);
    }
    out_table_end(out);
}

/* --- the three pairs -------------------------------------------------------------------------- */

/* The newest change of Status by an exception or a return of this processor. */
static const struct trace_event *last_change(struct session *session)
{
    const struct trace *trace = &session->machine->trace;
    for (uint64_t n = trace->written; n-- > 0;) {
        const struct trace_event *event = trace_at(trace, n);
        if (event == NULL)
            return NULL;
        bool changes = event->step == MIPS_STEP_STATUS || event->step == MIPS_STEP_RFE_STATUS ||
                       event->step == MIPS_STEP_EXL || event->step == MIPS_STEP_ERET_STATUS;
        if (event->kind == TRACE_STEP && changes && event->cpu == session->cpu->number)
            return event;
    }
    return NULL;
}

static const char *pair_words(uint32_t pair)
{
    static const char *const words[] = {"kernel, off", "kernel, on", "user, off", "user, on"};
    return words[pair & 3];
}

static void say_pairs(struct session *session, const char *when, const char *key, uint32_t status)
{
    struct output *out = &session->out;
    out_text(out, "  %-22s", when);
    out_array(out, key);
    for (int shift = 4; shift >= 0; shift -= 2) {
        uint32_t pair = status >> shift & 3;
        out_text(out, "  %" PRIu32 " %" PRIu32 " %-11s", pair >> 1, pair & 1, pair_words(pair));
        out_number(out, NULL, pair);
    }
    out_close(out);
    out_text(out, "\n");
}

static void say_stack(struct session *session)
{
    const struct trace_event *change = last_change(session);
    struct output *out = &session->out;
    bool pushed = change != NULL && change->step == MIPS_STEP_STATUS;
    out_text(out, "\n  %-22s  %-15s  %-15s  %-15s\n", "mode and interrupts", "KUo IEo, old",
             "KUp IEp, prev.", "KUc IEc, now");
    if (change != NULL) {
        char when[32];
        snprintf(when, sizeof when, "before tick %" PRIu64, change->tick);
        say_pairs(session, when, "before", change->old);
        out_text(out, "  %-22s%s\n", pushed ? "an exception" : "RFE",
                 pushed ? "          <- pushed up by one; the new one is 0 0: kernel, off"
                        : "          -> popped down by one; the old one stays, too");
        say_pairs(session, "after it", "after", change->value);
        if ((change->value & 0x3f) == (mips_of(session->cpu)->s.status & 0x3f))
            return;
    }
    say_pairs(session, "now", "now", mips_of(session->cpu)->s.status);
}

static void say_level(struct session *session)
{
    const struct trace_event *change = last_change(session);
    char words[2][200];
    if (change == NULL)
        return;
    const struct mips_model *model = mips_of(session->cpu)->model;
    out_text(&session->out, "\n  %s at tick %" PRIu64 ": %s -> %s\n", mips_steps[change->step].name,
             change->tick, mips_status_text(model, change->old, words[0], sizeof words[0]),
             mips_status_text(model, change->value, words[1], sizeof words[1]));
    out_object(&session->out, "last_change");
    out_number(&session->out, "tick", (int64_t)change->tick);
    out_number(&session->out, "old", change->old);
    out_number(&session->out, "value", change->value);
    out_close(&session->out);
}

bool cmd_cp0(struct session *session, const struct command_args *args)
{
    if (*args->text != '\0')
        return out_error(&session->out, "cp0 takes no argument; print $status shows one of them");
    if (!session_needs_machine(session))
        return false;
    say_registers(session);
    if (mips_of(session->cpu)->model->status_stack != 0)
        say_stack(session);
    else
        say_level(session);
    return true;
}
