/* cmd_compare: `trapscope compare`: one program on both machines, phase against phase. */
#include "debugger/cmd_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debugger/options.h"
#include "debugger/story_say.h"
#include "debugger/watch.h"
#include "emu/base/bug.h"
#include "emu/host/terminal.h"

enum { X86, MIPS, MACHINES };

struct comparison {
    struct options options;
    const char *format, *syscall;
    bool json;
    struct watched_run side[MACHINES];
    struct output out;
};

static const char *const machine_names[MACHINES] = {"x86", "mips"};

/* 0, or a trouble of ours that was told. */
static int run_side(struct comparison *comparison, unsigned which, int input, int argc, char **argv)
{
    struct options options = comparison->options;
    options.machine = machine_names[which];
    return watch_program(&comparison->side[which], "compare", &options, input, argc, argv);
}

/* --- pairs ------------------------------------------------------------------------------------ */

/* The n-th call of this name. */
static const struct watched_trap *nth_call(const struct watched_run *side, const char *name,
                                           unsigned n)
{
    for (unsigned i = 0; i < side->traps; i++)
        if (strcmp(side->trap[i].name, name) == 0 && n-- == 0)
            return &side->trap[i];
    return NULL;
}

static unsigned number_of(const struct watched_run *side, unsigned index)
{
    unsigned n = 0;
    for (unsigned i = 0; i < index; i++)
        n += strcmp(side->trap[i].name, side->trap[index].name) == 0;
    return n;
}

/* --- as text ---------------------------------------------------------------------------------- */

static const char *ticks_text(const struct watched_trap *call, unsigned phase, char to[32])
{
    if (call == NULL || !call->there[phase])
        return "-";
    return story_say_ticks(call->ticks[phase], to, 32);
}

static void say_phase(struct output *out, const struct watched_run *side,
                      const struct watched_trap *const call[MACHINES], unsigned phase)
{
    char number[MACHINES][32], name[32];
    if ((call[X86] == NULL || !call[X86]->there[phase]) &&
        (call[MIPS] == NULL || !call[MIPS]->there[phase]))
        return;
    snprintf(name, sizeof name, "%s", story_phase_name(phase));
    if (phase == PHASE_GATE)
        snprintf(name, sizeof name, "%s / %s", side[X86].delivery, side[MIPS].delivery);
    out_text(out, "  %-16s", name);
    for (unsigned i = 0; i < MACHINES; i++)
        out_text(out, "  %12s  %-22.22s", ticks_text(call[i], phase, number[i]),
                 call[i] == NULL ? "" : call[i]->symbol[phase]);
    out_text(out, "\n");
}

static void say_sum(struct output *out, const char *name,
                    const struct watched_trap *const call[MACHINES], const ticks sum[MACHINES])
{
    char number[32];
    out_text(out, "  %-16s", name);
    for (unsigned i = 0; i < MACHINES; i++)
        out_text(out, "  %12s  %-22s",
                 call[i] == NULL ? "-" : story_say_ticks(sum[i], number, sizeof number), "");
    out_text(out, "\n");
}

static void say_sums(struct output *out, const struct watched_trap *const call[MACHINES])
{
    ticks hardware[MACHINES] = {0}, code[MACHINES] = {0}, kernel[MACHINES] = {0};
    ticks whole[MACHINES] = {0};
    for (unsigned i = 0; i < MACHINES; i++) {
        if (call[i] == NULL)
            continue;
        hardware[i] = call[i]->sums.hardware;
        code[i] = call[i]->sums.code;
        kernel[i] = call[i]->sums.kernel;
        whole[i] = call[i]->whole;
    }
    say_sum(out, "hardware", call, hardware);
    say_sum(out, "entry, exit code", call, code);
    say_sum(out, "kernel work", call, kernel);
    if (call[X86] != NULL && call[MIPS] != NULL && !call[X86]->open && !call[MIPS]->open)
        say_sum(out, "all of it", call, whole);
}

static void say_counts(struct output *out, const struct watched_trap *const call[MACHINES])
{
    char words[MACHINES][64], checks[MACHINES][64];
    for (unsigned i = 0; i < MACHINES; i++) {
        words[i][0] = checks[i][0] = '\0';
        if (call[i] == NULL)
            continue;
        snprintf(words[i], sizeof words[i], "%u by the CPU, %u by code", call[i]->words_cpu,
                 call[i]->words_code);
        snprintf(checks[i], sizeof checks[i], "%u, %u registers set", call[i]->checks,
                 call[i]->registers);
    }
    out_text(out, "  %-16s  %-36s  %s\n", "words saved", words[X86], words[MIPS]);
    out_text(out, "  %-16s  %-36s  %s\n", "CPU's checks", checks[X86], checks[MIPS]);
}

static void say_disturbed(struct output *out, const struct watched_trap *call, const char *machine)
{
    char interrupted[32], away[32];
    if (call == NULL || (call->interrupts == 0 && call->away == 0))
        return;
    out_text(out, "  on %s: traps inside it %u, %s ticks; other processes ran %s ticks meanwhile\n",
             machine, call->interrupts,
             story_say_ticks(call->interrupted, interrupted, sizeof interrupted),
             story_say_ticks(call->away, away, sizeof away));
}

static void say_pair(struct comparison *comparison, const struct watched_trap *const call[MACHINES])
{
    struct output *out = &comparison->out;
    const struct watched_trap *known = call[X86] != NULL ? call[X86] : call[MIPS];
    const char *other = call[X86] != NULL && call[MIPS] != NULL ? call[MIPS]->text : known->text;
    out_text(out, "%s%s%s\n", out_style(out, OUT_HEAD), known->text, out_style(out, OUT_PLAIN));
    if (strcmp(other, known->text) != 0)
        out_text(out, "  on mips: %s\n", other);
    out_text(out, "  %-16s  %12s  %-22s  %12s\n", "ticks", machine_names[X86], "",
             machine_names[MIPS]);
    for (unsigned phase = 0; phase < STORY_PHASES; phase++)
        say_phase(out, comparison->side, call, phase);
    say_sums(out, call);
    say_counts(out, call);
    for (unsigned i = 0; i < MACHINES; i++)
        say_disturbed(out, call[i], machine_names[i]);
    out_text(out, "\n");
}

/* --- as JSON ---------------------------------------------------------------------------------- */

static void json_call(struct output *out, const struct watched_run *side, const char *key,
                      const struct watched_trap *call)
{
    if (call == NULL) {
        out_null(out, key);
        return;
    }
    out_object(out, key);
    out_string(out, "call", "%s", call->text);
    out_boolean(out, "returned", !call->open);
    out_array(out, "phases");
    for (unsigned phase = 0; phase < STORY_PHASES; phase++) {
        if (!call->there[phase])
            continue;
        out_object(out, NULL);
        out_string(out, "phase", "%s",
                   phase == PHASE_GATE ? side->delivery : story_phase_name(phase));
        out_string(out, "symbol", "%s", call->symbol[phase]);
        out_number(out, "ticks", (int64_t)call->ticks[phase]);
        out_close(out);
    }
    out_close(out);
    if (!call->open)
        out_number(out, "ticks", (int64_t)call->whole);
    out_number(out, "hardware_ticks", (int64_t)call->sums.hardware);
    out_number(out, "code_ticks", (int64_t)call->sums.code);
    out_number(out, "kernel_ticks", (int64_t)call->sums.kernel);
    out_number(out, "words_by_cpu", call->words_cpu);
    out_number(out, "words_by_code", call->words_code);
    out_number(out, "checks", call->checks);
    out_number(out, "registers_set", call->registers);
    out_number(out, "traps_inside", call->interrupts);
    out_number(out, "traps_inside_ticks", (int64_t)call->interrupted);
    out_number(out, "away_ticks", (int64_t)call->away);
    out_close(out);
}

static void json_pair(struct comparison *comparison, const char *name, unsigned nth,
                      const struct watched_trap *const call[MACHINES])
{
    struct output *out = &comparison->out;
    out_string(out, "name", "%s", name);
    out_number(out, "nth", nth + 1);
    for (unsigned i = 0; i < MACHINES; i++)
        json_call(out, &comparison->side[i], machine_names[i], call[i]);
}

/* --- all of them ------------------------------------------------------------------------------ */

static void say_one(struct comparison *comparison, const char *name, unsigned nth)
{
    const struct watched_trap *const call[MACHINES] = {
        nth_call(&comparison->side[X86], name, nth), nth_call(&comparison->side[MIPS], name, nth)};
    out_begin(&comparison->out, comparison->json);
    if (comparison->json)
        json_pair(comparison, name, nth, call);
    else
        say_pair(comparison, call);
    out_end(&comparison->out);
}

static bool is_asked(const struct comparison *comparison, const char *name)
{
    return comparison->syscall == NULL || strcmp(comparison->syscall, name) == 0;
}

static unsigned say_all(struct comparison *comparison)
{
    const struct watched_run *x86 = &comparison->side[X86], *mips = &comparison->side[MIPS];
    unsigned said = 0;
    for (unsigned i = 0; i < x86->traps; i++)
        if (is_asked(comparison, x86->trap[i].name)) {
            say_one(comparison, x86->trap[i].name, number_of(x86, i));
            said++;
        }
    /* Calls that the program makes on the second machine only. */
    for (unsigned i = 0; i < mips->traps; i++)
        if (is_asked(comparison, mips->trap[i].name) &&
            nth_call(x86, mips->trap[i].name, number_of(mips, i)) == NULL) {
            say_one(comparison, mips->trap[i].name, number_of(mips, i));
            said++;
        }
    return said;
}

static int compare(struct comparison *comparison, int argc, char **argv)
{
    int status = 0;
    int input = watch_keep_input();
    for (unsigned i = 0; i < MACHINES && status == 0; i++)
        status = run_side(comparison, i, input, argc, argv);
    if (input >= 0)
        close(input);
    if (status == 0) {
        out_init(&comparison->out, stdout, stderr);
        unsigned said = say_all(comparison);
        out_free(&comparison->out);
        if (said == 0 && comparison->syscall != NULL)
            status = options_trouble("compare", "--syscall %s: the program makes no such call",
                                     comparison->syscall);
    }
    if (status == 0 && comparison->side[X86].status != comparison->side[MIPS].status)
        fprintf(stderr, "trapscope compare: the exit status is %d on x86 and %d on mips\n",
                comparison->side[X86].status, comparison->side[MIPS].status);
    status = status != 0 ? status : comparison->side[X86].status;
    for (unsigned i = 0; i < MACHINES; i++)
        watched_run_free(&comparison->side[i]);
    return status;
}

static bool judge_format(struct comparison *comparison)
{
    comparison->json = strcmp(comparison->format, "json") == 0;
    if (comparison->json || strcmp(comparison->format, "text") == 0)
        return true;
    options_trouble("compare", "--format %s: there is text, and json", comparison->format);
    return false;
}

int cmd_compare(int argc, char **argv)
{
    struct comparison *comparison = bug_alloc(1, sizeof *comparison);
    comparison->format = "text";
    struct option_set set = {
        .command = "compare",
        .usage = "[OPTION...] PROGRAM [ARG...]",
        .about =
            "Runs a guest program on the x86 and on the MIPS machine, and shows each of its "
            "system\n"
            "calls on both, phase against phase in ticks: what hardware does, what entry and exit\n"
            "code do, what the kernel does; the words saved, by whom; the checks that the CPU\n"
            "makes. Both runs read the same standard input; what the program writes is not shown.\n"
            "The exit status is as for `trapscope run`, on x86.",
    };
    int rest, status = EXIT_TROUBLE;
    options_share(&comparison->options, &set, OPTIONS_LIMITS | OPTIONS_PATH);
    option_add(&set, (struct option_row){"--syscall", OPTION_TEXT, &comparison->syscall, "NAME",
                                         "only these calls"});
    option_add(&set, (struct option_row){"--format", OPTION_TEXT, &comparison->format, "text|json",
                                         "text for people, or one JSON object a line"});
    enum options_answer answer = options_parse(&set, argc, argv, &rest);
    if (answer == OPTIONS_DONE)
        status = 0;
    else if (answer == OPTIONS_GO_ON && rest == argc)
        options_trouble("compare",
                        "which program? Give a file or a name: trapscope compare hello.c");
    else if (answer == OPTIONS_GO_ON && judge_format(comparison)) {
        terminal_watch_signals();
        status = compare(comparison, argc - rest, argv + rest);
    }
    free(comparison);
    return status;
}
