/* pipeline_say: the stages of a stretch as a table, a column a tick, and in words; or as JSON. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/mips/pipeline.h"
#include "debugger/show.h"
#include "debugger/story_say.h"

#define COLUMNS 13u  /* of a page */
#define BASE    100u /* what a page's ticks are counted from is a multiple of this, */
#define REACH   900u /* and they are less than so far from it, so that three digits are enough */
#define SAME    4u   /* so many ticks in which nothing moves become two columns */
#define LABEL   35u  /* columns in front of the first tick */
#define NOTE    19u  /* ... and behind the last */
#define WORDS   200u
#define NUMBER  32u

static const struct mips_issue *maker_of(const struct pipeline_view *view, size_t n)
{
    size_t maker = view->passage[n].maker;
    return maker == MIPS_NO_MAKER ? NULL : &view->issue[maker];
}

static bool is_victim(const struct mips_issue *issue)
{
    return issue->end == MIPS_TRAPPED;
}

static unsigned lost(const struct pipeline_view *view, const struct mips_issue *issue)
{
    return mips_entry_ticks(view->cpu->model, (enum mips_step)issue->step);
}

static enum mips_stage stage_of(const struct pipeline_view *view, const struct mips_issue *issue)
{
    return mips_stage_of(view->cpu->model, (enum mips_step)issue->step);
}

static const char *name_of(const struct pipeline_view *view, unsigned stage)
{
    return mips_stage_name(view->cpu->model, (enum mips_stage)stage);
}

static const char *found_in(const struct pipeline_view *view, const struct mips_issue *issue)
{
    return name_of(view, stage_of(view, issue));
}

static const char *insn_text(struct session *session, const struct mips_issue *issue, char *to,
                             size_t room)
{
    struct arch_insn insn;
    const uint8_t bytes[4] = {(uint8_t)(issue->word >> 24), (uint8_t)(issue->word >> 16),
                              (uint8_t)(issue->word >> 8), (uint8_t)issue->word};
    if (!issue->readable)
        snprintf(to, room, "(not readable)");
    else if (session->arch->decode(32, session->intel, issue->pc, bytes, sizeof bytes, &insn))
        snprintf(to, room, "%s", insn.text);
    else
        snprintf(to, room, ".word 0x%08" PRIx32, issue->word);
    char *tab = strchr(to, '\t');
    if (tab != NULL)
        *tab = ' ';
    return to;
}

/* --- the table: columns ---------------------------------------------------------------------- */

struct column {
    ticks tick;
    bool gap; /* for all ticks from here to the next column: nothing moves */
};

struct page {
    struct column column[COLUMNS];
    unsigned columns;
    ticks base;
    ticks end; /* the next page begins there */
};

static ticks end_of_row(const struct pipeline_view *view, size_t n)
{
    return view->passage[n].leave + (view->issue[n].end == MIPS_SQUASHED); /* it is marked once */
}

static ticks end_of_rows(const struct pipeline_view *view)
{
    ticks end = 0;
    for (size_t n = view->first; n < view->log.used; n++)
        if (end_of_row(view, n) > end)
            end = end_of_row(view, n);
    return end;
}

static void earlier(ticks *next, ticks tick, ticks than)
{
    if (tick > than && tick < *next)
        *next = tick;
}

/* The first tick behind this one in which some row changes, or the end. */
static ticks next_change(const struct pipeline_view *view, ticks tick, ticks end)
{
    ticks next = end;
    for (size_t n = view->first; n < view->log.used; n++) {
        const struct mips_passage *passage = &view->passage[n];
        for (unsigned stage = MIPS_IF; stage <= passage->reached; stage++)
            earlier(&next, passage->enter[stage], tick);
        earlier(&next, passage->leave, tick);
        if (is_victim(&view->issue[n]))
            earlier(&next, passage->leave - 1, tick);
    }
    return next;
}

static struct page page_from(const struct pipeline_view *view, ticks tick, ticks end)
{
    struct page page = {.base = tick - tick % BASE, .end = tick};
    while (page.end < end && page.end - page.base < REACH) {
        ticks next = next_change(view, page.end, end);
        bool gap = next - page.end >= SAME;
        if (page.columns + 1 + gap > COLUMNS)
            break;
        page.column[page.columns++] = (struct column){page.end++, false};
        if (gap) {
            page.column[page.columns++] = (struct column){page.end, true};
            page.end = next;
        }
    }
    return page;
}

/* --- the table: rows ------------------------------------------------------------------------- */

static bool squashed_at(const struct pipeline_view *view, size_t n, ticks tick)
{
    return view->issue[n].end == MIPS_SQUASHED && tick == view->passage[n].leave;
}

static void cell_text(const struct pipeline_view *view, size_t n, ticks tick, char cell[8])
{
    const struct mips_passage *passage = &view->passage[n];
    unsigned stage = mips_stage_at(passage, tick);
    bool found = is_victim(&view->issue[n]) && tick == passage->leave - 1;
    snprintf(cell, 8, "%s%s", name_of(view, stage), found ? "!" : "");
    if (stage != 0 && tick > passage->enter[stage] && !found)
        for (char *c = cell; *c != '\0'; c++)
            *c = (char)tolower((unsigned char)*c);
    if (squashed_at(view, n, tick))
        snprintf(cell, 8, "--");
}

static enum out_style cell_style(const struct pipeline_view *view, size_t n, const char *cell)
{
    return view->issue[n].end == MIPS_SQUASHED ? OUT_DIM
           : strchr(cell, '!') != NULL         ? OUT_BAD
           : islower((unsigned char)cell[0])   ? OUT_CHANGED
                                               : OUT_PLAIN;
}

static void note_text(const struct pipeline_view *view, size_t n, char *to, size_t room)
{
    const struct mips_issue *issue = &view->issue[n], *maker = maker_of(view, n);
    const struct mips_passage *passage = &view->passage[n];
    to[0] = '\0';
    if (is_victim(issue))
        snprintf(to, room, "%s in %s, %u lost",
                 mips_exception_name((enum mips_exception)issue->exception), found_in(view, issue),
                 lost(view, issue));
    else if (issue->end == MIPS_SQUASHED)
        snprintf(to, room, "squashed");
    else if (passage->waited != 0)
        snprintf(to, room, "held %" PRIu64 " for %s", passage->waited,
                 maker == NULL ? "HI, LO"
                               : mips_insn_name((enum mips_isa)view->cpu->model->isa, maker->word));
    else if (passage->late != 0)
        snprintf(to, room, "after %" PRIu64 " idle", passage->late);
}

static bool is_here(const struct pipeline_view *view, size_t n)
{
    return view->issue[n].count == view->moment.count && view->issue[n].end != MIPS_SQUASHED;
}

static bool on_page(const struct pipeline_view *view, size_t n, const struct page *page)
{
    const struct mips_passage *passage = &view->passage[n];
    return passage->reached != 0 && passage->enter[MIPS_IF] < page->end &&
           end_of_row(view, n) > page->column[0].tick;
}

/* "a, b" becomes "a,b". */
static void close_up(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++)
        if (*from != ' ' || from == text || from[-1] != ',')
            *to++ = *from;
    *to = '\0';
}

/* `at` columns of the line are written. */
static void say_at(struct output *out, unsigned *at, unsigned column, enum out_style style,
                   const char *text)
{
    out_text(out, "%*s%s%s%s", (int)(column - *at), "", out_style(out, style), text,
             out_style(out, OUT_PLAIN));
    *at = column + (unsigned)strlen(text);
}

static void say_row(struct session *session, const struct pipeline_view *view, size_t n,
                    const struct page *page)
{
    struct output *out = &session->out;
    const struct mips_issue *issue = &view->issue[n];
    char text[WORDS] = " ", note[WORDS], cell[8]; /* a slot's is set in, as assemblers do */
    insn_text(session, issue, text + issue->in_slot, sizeof text - issue->in_slot);
    close_up(text);
    bool squashed = issue->end == MIPS_SQUASHED;
    const char *plain = out_style(out, OUT_PLAIN);
    out_text(out, "%s%s %s%08" PRIx32 "%s %s%-23.23s%s ", out_style(out, OUT_HEAD),
             is_here(view, n) ? ">" : " ", out_style(out, squashed ? OUT_DIM : OUT_ADDRESS),
             issue->pc, plain, out_style(out, squashed ? OUT_DIM : OUT_PLAIN), text, plain);
    unsigned at = 0;
    for (unsigned i = 0; i < page->columns; i++) {
        cell_text(view, n, page->column[i].tick, cell);
        if (cell[0] != '\0')
            say_at(out, &at, 4 * i, cell_style(view, n, cell), cell);
    }
    note_text(view, n, note, sizeof note);
    note[NOTE] = '\0';
    bool ends =
        view->passage[n].leave <= page->end && view->passage[n].leave > page->column[0].tick;
    if (note[0] != '\0' && ends)
        say_at(out, &at, 4 * COLUMNS, OUT_DIM, note);
    out_text(out, "\n");
}

static void say_ticks(struct session *session, const struct pipeline_view *view,
                      const struct page *page)
{
    struct output *out = &session->out;
    char base[NUMBER];
    story_say_ticks(page->base, base, sizeof base);
    out_text(out, "%s  tick %s +%*s%s", out_style(out, OUT_HEAD), base,
             (int)(LABEL - 8 - strlen(base) - 1), "", out_style(out, OUT_PLAIN));
    unsigned at = 0;
    for (unsigned i = 0; i < page->columns; i++) {
        char offset[NUMBER] = "..";
        if (!page->column[i].gap)
            snprintf(offset, sizeof offset, "%" PRIu64, page->column[i].tick - page->base);
        say_at(out, &at, 4 * i, OUT_HEAD, offset);
    }
    out_text(out, "\n");
    for (unsigned i = 0; i < page->columns; i++) {
        ticks next = i + 1 < page->columns ? page->column[i + 1].tick : page->end;
        if (view->moment.tick >= page->column[i].tick && view->moment.tick < next)
            out_text(out, "%*s%snow%s\n", (int)(LABEL + 4 * i), "", out_style(out, OUT_CHANGED),
                     out_style(out, OUT_PLAIN));
    }
}

static size_t function_length(const char *symbol)
{
    return strcspn(symbol, "+");
}

static void say_table(struct session *session, const struct pipeline_view *view,
                      const struct page *page)
{
    const char *function = "";
    say_ticks(session, view, page);
    for (size_t n = view->first; n < view->log.used; n++) {
        const char *symbol = view->symbol[n];
        size_t length = function_length(symbol);
        if (!on_page(view, n, page))
            continue;
        bool other = length != function_length(function) || strncmp(symbol, function, length) != 0;
        if (other && view->issue[n].end != MIPS_SQUASHED) {
            out_text(&session->out, "%s%.*s:%s\n", out_style(&session->out, OUT_FUNCTION),
                     length == 0 ? 4 : (int)length, length == 0 ? "code" : symbol,
                     out_style(&session->out, OUT_PLAIN));
            function = symbol;
        }
        say_row(session, view, n, page);
    }
}

/* --- in words -------------------------------------------------------------------------------- */

static const char *step_words(struct session *session, const struct trace_event *event, char *to,
                              size_t room)
{
    const struct mips_step_info *info = &mips_steps[event->step];
    const struct cpu_register *registers = session->cpu->ops->registers;
    char meaning[WORDS];
    to[0] = '\0';
    if (event->flags & TRACE_CHECK)
        return info->format == NULL ? to : mips_step_fill(event, info->format, to, room);
    int used = snprintf(to, room, "%08" PRIx32, event->value);
    if (event->a < MIPS_REGISTERS &&
        session->arch->register_meaning(session->cpu, registers[event->a].name, event->value,
                                        meaning, sizeof meaning))
        snprintf(to + used, room - (size_t)used, "  %.90s", meaning);
    return to;
}

static bool has_steps(const struct pipeline_view *view, uint64_t count)
{
    for (size_t n = 0; n < view->steps; n++)
        if (view->step[n].count == count)
            return true;
    return false;
}

static void say_steps(struct session *session, const struct pipeline_view *view, uint64_t count)
{
    struct output *out = &session->out;
    char words[WORDS];
    uint32_t done = 0;
    for (size_t n = 0; n < view->steps; n++) {
        const struct trace_event *event = &view->step[n];
        if (event->count != count)
            continue;
        bool here = view->moment.count == count && view->moment.micro == ++done;
        out_text(out, "    %-19s %.70s%s\n", mips_steps[event->step].name,
                 step_words(session, event, words, sizeof words), here ? "   <- now" : "");
    }
}

static void say_victim(struct session *session, const struct pipeline_view *view, size_t n)
{
    struct output *out = &session->out;
    const struct mips_issue *issue = &view->issue[n];
    char tick[NUMBER], next[NUMBER], text[WORDS];
    unsigned killed = stage_of(view, issue) - 1;
    story_say_ticks(view->passage[n].leave - 1, tick, sizeof tick);
    story_say_ticks(issue->tick + lost(view, issue), next, sizeof next);
    out_text(out, "tick %s: %s %s in %s of %08" PRIx32 " %s.\n", tick,
             mips_exception_name((enum mips_exception)issue->exception),
             view->cpu->model->exception_stage != 0 ? "taken" : "found", found_in(view, issue),
             issue->pc, insn_text(session, issue, text, sizeof text));
    out_text(out, "    It dies there%s%s; the vector is fetched in tick %s: %u tick%s lost.\n",
             killed == 0   ? ""
             : killed == 1 ? ", with the one"
             : killed == 2 ? ", with the two"
                           : ", with the three",
             killed == 0 ? "" : " behind it", next, lost(view, issue),
             lost(view, issue) == 1 ? "" : "s");
    say_steps(session, view, issue->count);
}

/* RFE retires, and is a micro-program nevertheless. */
static void say_return(struct session *session, const struct pipeline_view *view, size_t n)
{
    char tick[NUMBER], text[WORDS];
    story_say_ticks(view->issue[n].tick, tick, sizeof tick);
    out_text(&session->out, "tick %s: %s at %08" PRIx32 ".\n", tick,
             insn_text(session, &view->issue[n], text, sizeof text), view->issue[n].pc);
    say_steps(session, view, view->issue[n].count);
}

static void say_held(struct session *session, const struct pipeline_view *view, size_t n)
{
    const struct mips_passage *passage = &view->passage[n];
    const struct mips_issue *maker = maker_of(view, n);
    char tick[NUMBER], text[WORDS], made[WORDS];
    story_say_ticks(passage->enter[MIPS_RD] + 1, tick, sizeof tick);
    out_text(&session->out,
             "tick %s: %s at %08" PRIx32 " is held in %s for %" PRIu64 " tick%s: HI and LO", tick,
             insn_text(session, &view->issue[n], text, sizeof text), view->issue[n].pc,
             name_of(view, MIPS_RD), passage->waited, passage->waited == 1 ? "" : "s");
    if (maker == NULL)
        out_text(&session->out, " are still being made.\n");
    else
        out_text(&session->out, " of %s at %08" PRIx32 " are not ready.\n",
                 insn_text(session, maker, made, sizeof made), maker->pc);
}

static void say_idle(struct session *session, const struct pipeline_view *view, size_t n)
{
    char tick[NUMBER], idle[NUMBER];
    story_say_ticks(view->issue[n].tick - view->passage[n].late, tick, sizeof tick);
    story_say_ticks(view->passage[n].late, idle, sizeof idle);
    out_text(&session->out, "tick %s: nothing begins for %s ticks: %s.\n", tick, idle,
             session->machine->processors > 1 ? "the processor waits, or it is another one's turn"
                                              : "the processor waits");
}

static void say_words(struct session *session, const struct pipeline_view *view)
{
    for (size_t n = view->first; n < view->log.used; n++) {
        const struct mips_issue *issue = &view->issue[n];
        if (view->passage[n].late != 0)
            say_idle(session, view, n);
        if (view->passage[n].waited != 0)
            say_held(session, view, n);
        if (is_victim(issue))
            say_victim(session, view, n);
        else if (issue->end == MIPS_RETIRED && has_steps(view, issue->count))
            say_return(session, view, n);
    }
}

static void say_text(struct session *session, const struct pipeline_view *view)
{
    ticks end = end_of_rows(view);
    struct page page = {.end = view->passage[view->first].enter[MIPS_IF]};
    while (page.end < end) {
        page = page_from(view, page.end, end);
        say_table(session, view, &page);
        out_text(&session->out, "\n");
    }
    say_words(session, view);
    if (view->next[0] != '\0')
        out_text(&session->out, "Next: %s\n", view->next);
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void json_stages(struct output *out, const struct pipeline_view *view, size_t n)
{
    const struct mips_passage *passage = &view->passage[n];
    out_array(out, "stages");
    for (unsigned stage = MIPS_IF; stage <= passage->reached; stage++) {
        ticks end = stage < passage->reached ? passage->enter[stage + 1] : passage->leave;
        out_object(out, NULL);
        out_string(out, "stage", "%s", name_of(view, stage));
        out_number(out, "tick", (int64_t)passage->enter[stage]);
        out_number(out, "ticks", (int64_t)(end - passage->enter[stage]));
        out_close(out);
    }
    out_close(out);
}

static void json_exception(struct output *out, const struct pipeline_view *view, size_t n)
{
    const struct mips_issue *issue = &view->issue[n];
    out_object(out, "exception");
    out_string(out, "name", "%s", mips_exception_name((enum mips_exception)issue->exception));
    out_string(out, "cause", "%s", mips_cause_name((enum mips_cause)issue->cause));
    out_string(out, "stage", "%s", found_in(view, issue));
    out_number(out, "tick", (int64_t)view->passage[n].leave - 1);
    out_number(out, "lost", lost(view, issue));
    out_close(out);
}

static void json_steps(struct session *session, const struct pipeline_view *view, uint64_t count)
{
    struct output *out = &session->out;
    char words[WORDS];
    if (!has_steps(view, count))
        return;
    out_array(out, "steps");
    for (size_t n = 0; n < view->steps; n++) {
        const struct trace_event *event = &view->step[n];
        if (event->count != count)
            continue;
        out_object(out, NULL);
        out_string(out, "step", "%s", mips_steps[event->step].id);
        out_string(out, "detail", "%s", step_words(session, event, words, sizeof words));
        out_close(out);
    }
    out_close(out);
}

static void json_row(struct session *session, const struct pipeline_view *view, size_t n)
{
    static const char *const ends[] = {"retired", "trapped", "squashed"};
    struct output *out = &session->out;
    const struct mips_issue *issue = &view->issue[n], *maker = maker_of(view, n);
    char text[WORDS];
    out_object(out, NULL);
    out_number(out, "address", issue->pc);
    out_string(out, "symbol", "%s", view->symbol[n]);
    out_string(out, "text", "%s", insn_text(session, issue, text, sizeof text));
    out_number(out, "tick", (int64_t)issue->tick);
    out_number(out, "count", (int64_t)issue->count);
    out_string(out, "end", "%s", ends[issue->end]);
    out_boolean(out, "slot", issue->in_slot);
    json_stages(out, view, n);
    out_number(out, "held", (int64_t)view->passage[n].waited);
    if (maker != NULL)
        out_number(out, "held_for", maker->pc);
    out_number(out, "idle", (int64_t)view->passage[n].late);
    if (is_victim(issue))
        json_exception(out, view, n);
    if (issue->end != MIPS_SQUASHED)
        json_steps(session, view, issue->count);
    out_close(out);
}

static void say_json(struct session *session, const struct pipeline_view *view)
{
    struct output *out = &session->out;
    out_string(out, "cpu", "%s", view->cpu->model->name);
    out_number(out, "tick", (int64_t)view->moment.tick);
    out_number(out, "count", (int64_t)view->moment.count);
    out_number(out, "micro", view->moment.micro);
    out_array(out, "instructions");
    for (size_t n = view->first; n < view->log.used; n++)
        json_row(session, view, n);
    out_close(out);
    if (view->next[0] != '\0')
        out_string(out, "next", "%s", view->next);
}

void pipeline_say(struct session *session, const struct pipeline_view *view)
{
    if (session->out.json)
        say_json(session, view);
    else if (view->first == view->log.used)
        out_text(&session->out, "Nothing was executed yet.\nNext: %s\n", view->next);
    else
        say_text(session, view);
}
