/* judge_run: what a running kernel showed, put beside what the sources say. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/lab/judge.h"
#include "debugger/output.h"

#define RESULTS 4u /* as many are told */

static unsigned kept(const struct watch *watch)
{
    return watch->calls < WATCH_CALLS ? (unsigned)watch->calls : WATCH_CALLS;
}

/* "2, 2, 3, 6" or "-1 (error 38)". */
static void say_results(const struct watch *watch, char to[JUDGE_TEXT])
{
    size_t used = 0;
    to[0] = '\0';
    for (unsigned i = 0; i < kept(watch) && i < RESULTS && used < JUDGE_TEXT; i++) {
        const struct watch_call *call = &watch->call[i];
        const char *comma = i == 0 ? "" : ", ";
        if (!call->returned)
            used += (size_t)snprintf(to + used, JUDGE_TEXT - used, "%snothing", comma);
        else if (call->failed)
            used += (size_t)snprintf(to + used, JUDGE_TEXT - used, "%s-1 (error %" PRId64 ")",
                                     comma, call->reason);
        else
            used += (size_t)snprintf(to + used, JUDGE_TEXT - used, "%s%" PRId32, comma,
                                     (int32_t)call->result);
    }
    if (watch->calls > RESULTS && used < JUDGE_TEXT)
        snprintf(to + used, JUDGE_TEXT - used, ", ...");
}

/* The last line that the guest said. */
static void last_words(const char *said, char to[JUDGE_TEXT])
{
    size_t length = strlen(said);
    while (length > 0 && said[length - 1] == '\n')
        length--;
    size_t begin = length;
    while (begin > 0 && said[begin - 1] != '\n')
        begin--;
    size_t most = length - begin < 120 ? length - begin : 120;
    out_escape(to, JUDGE_TEXT, said + begin, most);
}

/* --- the kernel's side ------------------------------------------------------------------------ */

/* The program's own way to the call is not there yet. */
static bool wrapper_is_open(struct judge *judge)
{
    const json_t *site;
    const struct judge_verdict *verdict = judge_site(judge, "wrapper", &site);
    return verdict != NULL && verdict->state != JUDGE_DONE;
}

/* The call that tells most: one that reached the handler, if any did. */
static const struct watch_call *telling_call(const struct watch *watch)
{
    for (unsigned i = 0; i < kept(watch); i++)
        if (watch->call[i].handler[0] != '\0')
            return &watch->call[i];
    return kept(watch) == 0 ? NULL : &watch->call[0];
}

static void see_number(struct judge *judge, const struct watch_call *call)
{
    const json_t *site;
    struct judge_verdict *verdict = judge_site(judge, "number", &site);
    const char *dispatcher = judge->probe.dispatcher;
    if (verdict == NULL)
        return;
    if (call->dispatched)
        judge_say(verdict->seen, "number %u reached %s()", judge->lab->number, dispatcher);
    else
        judge_say(verdict->seen, "number %u did not reach %s()", judge->lab->number, dispatcher);
}

/* A table or a switch: where did the number lead? */
static void see_entry(struct judge *judge, const struct watch_call *call)
{
    const json_t *site;
    const struct watch *probe = &judge->probe;
    struct judge_verdict *verdict = judge_site(judge, "table", &site);
    uint32_t number = judge->lab->number;
    bool table = verdict != NULL;
    if (!table)
        verdict = judge_site(judge, "switch", &site);
    if (verdict == NULL)
        return;
    if (call->handler[0] != '\0')
        judge_say(verdict->seen, "number %u reached %s(), which called %s()", number,
                  probe->dispatcher, call->handler);
    else if (table && probe->has_slot && probe->slot != 0)
        judge_say(verdict->seen, "number %u reached %s(); the table entry is %08x <%s>", number,
                  probe->dispatcher, probe->slot, probe->slot_symbol);
    else if (table)
        judge_say(verdict->seen, "number %u reached %s(), the table %s", number, probe->dispatcher,
                  probe->has_slot ? "entry is empty" : "ends before this entry");
    else
        judge_say(verdict->seen, "number %u reached %s(), %s", number, probe->dispatcher,
                  verdict->state == JUDGE_DONE && judge->build->give_handler
                      ? "whose case has no function to call"
                      : "no case took it");
    bool other = call->handler[0] != '\0' && strcmp(call->handler, judge->lab->handler) != 0;
    const char *empty = lab_text(site, "empty");
    if (verdict->state == JUDGE_DONE && judge->given == number && call->dispatched &&
        !judge->build->give_handler && (other || (!table && call->handler[0] == '\0'))) {
        verdict->state = JUDGE_WRONG;
        judge_say(verdict->what, "number %u leads to %s%s, and has to lead to %s()", number,
                  other ? call->handler : "no function", other ? "()" : "", judge->lab->handler);
        judge_say(verdict->remedy, "make it: %s", lab_text(site, "add"));
    }
    if (other && empty != NULL && strcmp(call->handler, empty) == 0)
        judge_say(verdict->seen, "number %u reached %s(), the table entry is empty (%s)", number,
                  probe->dispatcher, empty);
}

static void see_handler(struct judge *judge)
{
    const json_t *site;
    char results[JUDGE_TEXT];
    const struct watch *watch = &judge->probe;
    struct judge_verdict *verdict = judge_site(judge, "handler", &site);
    uint64_t called = 0;
    if (verdict == NULL) /* of a library: its function is what makes the call */
        verdict = judge_site(judge, "function", &site);
    if (verdict == NULL)
        return;
    for (unsigned i = 0; i < kept(watch); i++)
        called += strcmp(watch->call[i].handler, judge->lab->handler) == 0;
    if (called == 0 && judge->test_ran) { /* by a wrong number, perhaps */
        watch = &judge->test;
        for (unsigned i = 0; i < kept(watch); i++)
            called += strcmp(watch->call[i].handler, judge->lab->handler) == 0;
    }
    if (called == 0) {
        judge_say(verdict->seen, "it was never called");
        return;
    }
    say_results(watch, results);
    judge_say(verdict->seen, "called %" PRIu64 " times; answered %s", called, results);
    if (verdict->state != JUDGE_DONE || watch->right == kept(watch))
        return;
    verdict->state = JUDGE_WRONG;
    judge_say(verdict->what, "%s() is called, but %s", judge->lab->handler,
              strcmp(lab_text(site, "kind"), "handler") == 0 ? "answers wrongly"
                                                             : "not with what it should be");
    judge_say(verdict->remedy, "%s", lab_text(site, "also"));
}

void judge_run_kernel(struct judge *judge)
{
    const struct watch *probe = &judge->probe;
    char words[JUDGE_TEXT];
    if (judge->kernel[0] != '\0')
        return;
    const struct watch_call *call = telling_call(probe);
    if (call == NULL && probe->program_started && wrapper_is_open(judge))
        return; /* that is why */
    if (call == NULL) {
        last_words(probe->kernel_said, words);
        judge_say(judge->kernel, "%s: %s%s%s",
                  probe->program_started  ? "the test program made no call of this number"
                  : probe->kernel_started ? "the kernel ran init, but no test program"
                                          : "the kernel did not come to its first program",
                  probe->end, words[0] == '\0' ? "" : "; its last words: ", words);
        return;
    }
    see_number(judge, call);
    see_entry(judge, call);
    see_handler(judge);
}

/* --- the program's side ----------------------------------------------------------------------- */

static void wrong(struct judge_verdict *verdict, const char *remedy)
{
    verdict->state = JUDGE_WRONG;
    judge_say(verdict->remedy, "%s", remedy);
}

static bool says(const struct watch *watch, const json_t *data, const char **line)
{
    for (size_t i = 0; (*line = lab_item(data, "test.output", i)) != NULL; i++)
        if (strstr(watch->said, *line) == NULL)
            return false;
    return true;
}

static bool others_done(const struct judge *judge, const struct judge_verdict *but)
{
    for (unsigned i = 0; i < judge->sites; i++)
        if (&judge->verdict[i] != but && judge->verdict[i].state != JUDGE_DONE)
            return false;
    return true;
}

static void see_stub(struct judge *judge)
{
    const json_t *site;
    struct judge_verdict *verdict = judge_site(judge, "stub", &site);
    const struct watch_call *call = &judge->test.call[0];
    if (verdict == NULL || judge->test.calls == 0)
        return;
    if (verdict->state == JUDGE_MISSING)
        judge_say(verdict->seen, "%s was linked with Trapscope's own stub for this check",
                  lab_text(judge->lab->data, "test.program"));
    else
        judge_say(verdict->seen, "%s trapped in %s() with number %u",
                  lab_text(judge->lab->data, "test.program"),
                  call->stub[0] == '\0' ? "?" : call->stub, judge->lab->number);
}

static void see_wrapper(struct judge *judge)
{
    const json_t *site;
    struct judge_verdict *verdict = judge_site(judge, "wrapper", &site);
    if (verdict != NULL && judge->test_ran)
        judge_say(verdict->seen,
                  "%s() was begun %" PRIu64 " times for %s, %" PRIu64 " of them by a trap",
                  judge->lab->handler, judge->test.entries,
                  lab_text(judge->lab->data, "test.program"), judge->test.calls);
}

/* It ran. */
static void judge_behaviour(struct judge *judge, struct judge_verdict *verdict)
{
    const struct watch *test = &judge->test;
    const json_t *data = judge->lab->data;
    const char *line;
    char words[JUDGE_TEXT];
    last_words(test->said, words);
    judge_say(verdict->seen, "%" PRIu64 " calls of %s; %s; printed: %s", test->calls,
              judge->lab->call, test->end, words[0] == '\0' ? "nothing" : words);
    bool kernel_done = others_done(judge, verdict);
    uint32_t entries = lab_number(data, "test.entries");
    if (entries > 0 && test->entries < entries && !others_done(judge, verdict))
        return;
    if (test->calls < lab_number(data, "test.calls") || test->entries < entries ||
        test->counted < lab_number(data, "test.counts")) {
        if (judge->given != judge->lab->number || wrapper_is_open(judge))
            return; /* the reason is told there */
        wrong(verdict, "do as the sheet says");
        judge_say(verdict->what, "the program does not call %s() %u times, as it should",
                  judge->lab->call, entries > 0 ? entries : lab_number(data, "test.calls"));
    } else if (kernel_done && test->status != 0) {
        wrong(verdict, "let it end with 0");
        judge_say(verdict->what, "the program does not come to a good end: %s", test->end);
    } else if (kernel_done && !says(test, data, &line)) {
        wrong(verdict, "do as the sheet says");
        judge_say(verdict->what, "the program does not print: %s", line);
    }
}

void judge_run_test(struct judge *judge)
{
    const json_t *site;
    struct judge_verdict *verdict = judge_site(judge, "test", &site);
    const char *name = lab_text(judge->lab->data, "test.program");
    const struct build_unit *unit = build_unit(judge->build, verdict->file);
    const struct build_unit *program = build_program(judge->build, name);
    unsigned line;
    see_stub(judge);
    see_wrapper(judge);
    if (unit == NULL) {
        verdict->state = JUDGE_MISSING;
        judge_say(verdict->what, "there is no program %s.c", name);
        judge_say(verdict->remedy, "%s", lab_text(site, "add"));
    } else if (!unit->done) {
        wrong(verdict, "mend this first");
        judge_say(verdict->what, "it cannot be compiled: %s", unit->said);
    } else if (!build_listed(judge->build, name, &line)) {
        verdict->state = JUDGE_MISSING;
        snprintf(verdict->file, sizeof verdict->file, "%s",
                 lab_text(judge->lab->data, "programs.file"));
        verdict->line = line;
        judge_say(verdict->what, "%s is not in the list of programs: it is not built", name);
        judge_say(verdict->remedy, "add: %s%s", lab_text(judge->lab->data, "programs.prefix"),
                  name);
    } else if (program == NULL || !program->done) {
        wrong(verdict, "mend this first");
        judge_say(verdict->what, "it cannot be linked: %s", program == NULL ? "?" : program->said);
    } else {
        judge_say(verdict->what, "%s is built", name);
        if (judge->test_ran)
            judge_behaviour(judge, verdict);
        else
            judge_say(verdict->seen, "it could not run");
    }
}
