/* judge: each place that the lab's document edits: done, missing or wrong, where, what to do, what
 * was seen. */
#include "debugger/lab/judge.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"
#include "emu/host/files.h"

const char *judge_state_name(enum judge_state state)
{
    static const char *const name[] = {"done", "missing", "wrong"};
    return name[state];
}

void judge_say(char to[JUDGE_TEXT], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(to, JUDGE_TEXT, format, args);
    va_end(args);
}

struct judge_verdict *judge_site(struct judge *judge, const char *kind, const json_t **site)
{
    const json_t *sites = json_object_get(judge->lab->data, "sites");
    for (unsigned i = 0; i < judge->sites; i++) {
        *site = json_array_get(sites, i);
        if (strcmp(lab_text(*site, "kind"), kind) == 0)
            return &judge->verdict[i];
    }
    return NULL;
}

/* --- places ----------------------------------------------------------------------------------- */

static bool part_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The line of the last, or the first, whole word; 0 = it is nowhere. */
static unsigned word_line(const char *text, const char *word, bool first)
{
    size_t length = strlen(word);
    unsigned line = 1, found = 0;
    for (const char *at = text; *at != '\0'; at++) {
        bool is_word = strncmp(at, word, length) == 0 && !part_of_word(at[length]) &&
                       (at == text || !part_of_word(at[-1]));
        if (is_word && (!first || found == 0))
            found = line;
        line += *at == '\n';
    }
    return found;
}

void judge_where(struct judge *judge, struct judge_verdict *verdict, const json_t *site,
                 const char *word)
{
    char *text = build_text(judge->build, verdict->file);
    const char *behind = lab_text(site, "behind");
    verdict->line = 0;
    if (text != NULL && word != NULL)
        verdict->line = word_line(text, word, strcmp(lab_text(site, "kind"), "table") != 0);
    if (text != NULL && verdict->line == 0 && behind != NULL) {
        unsigned line = build_line(text, behind, true);
        verdict->line = line == 0 ? 0 : line + 1;
    }
    free(text);
}

void judge_missing(struct judge *judge, struct judge_verdict *verdict, const json_t *site,
                   const char *what)
{
    verdict->state = JUDGE_MISSING;
    judge_where(judge, verdict, site, NULL);
    judge_say(verdict->what, "%s", what);
    judge_say(verdict->remedy, "add: %s", lab_text(site, "add"));
}

/* --- all of them ------------------------------------------------------------------------------ */

static void begin(struct judge *judge)
{
    const json_t *sites = json_object_get(judge->lab->data, "sites");
    size_t count = json_array_size(sites);
    judge->sites = count > JUDGE_SITES ? JUDGE_SITES : (unsigned)count;
    judge->given = judge->lab->number;
    for (unsigned i = 0; i < judge->sites; i++) {
        const json_t *site = json_array_get(sites, i);
        judge->verdict[i].site = lab_text(site, "site");
        snprintf(judge->verdict[i].file, sizeof judge->verdict[i].file, "%s",
                 lab_text(site, "file"));
    }
}

static bool missing(struct judge *judge, const char *kind)
{
    const json_t *site;
    const struct judge_verdict *verdict = judge_site(judge, kind, &site);
    return verdict != NULL && verdict->state == JUDGE_MISSING;
}

/* The rest shall be seen at work although this is missing. */
static void make_up(struct judge *judge)
{
    struct build *build = judge->build;
    const json_t *site;
    build->give_number = missing(judge, "number");
    if (judge_site(judge, "number", &site) != NULL)
        build->macro = lab_text(site, "macro");
    build->give_declaration = missing(judge, "declaration") || missing(judge, "included");
    if (judge_site(judge, "declaration", &site) != NULL) {
        const char *needed_by = lab_text(site, "needed_by");
        build->declaration = lab_text(site, "add");
        build->declaring_file = needed_by != NULL ? needed_by : lab_text(site, "file");
    }
    if (judge_site(judge, "handler", &site) != NULL)
        build->handler_file = lab_text(site, "file");
}

static bool run(struct judge *judge)
{
    const struct build *build = judge->build;
    const struct build_unit *made = build_program(build, "probe");
    char *probe = made != NULL ? strdup(made->object) : file_join(judge->lab->folder, "probe");
    const char *program = lab_text(judge->lab->data, "test.program");
    const struct build_unit *test = build_program(build, program);
    bool done = watch_run(&judge->probe, build, probe, "probe");
    free(probe);
    judge->test_ran = done && test != NULL && test->done;
    if (judge->test_ran)
        done = watch_run(&judge->test, judge->build, NULL, program);
    return done;
}

/* What judges each kind of site, and whether it asks before the build or after the compiling. */
static const struct {
    const char *kind;
    bool before;
    void (*judge)(struct judge *judge, struct judge_verdict *verdict, const json_t *site);
} kinds[] = {
    {"number", true, judge_number},        {"declaration", true, judge_declaration},
    {"included", true, judge_declaration}, {"prototype", true, judge_declaration},
    {"table", false, judge_table},         {"switch", false, judge_switch},
    {"source", false, judge_source},       {"handler", false, judge_handler},
    {"stub", false, judge_stub},           {"wrapper", false, judge_wrapper},
    {"function", false, judge_function},   {"line", false, judge_line},
};

static void judge_sites(struct judge *judge, bool before)
{
    const json_t *sites = json_object_get(judge->lab->data, "sites");
    for (unsigned i = 0; i < judge->sites; i++) {
        const json_t *site = json_array_get(sites, i);
        const char *kind = lab_text(site, "kind");
        for (unsigned k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
            if (kinds[k].before == before && strcmp(kinds[k].kind, kind) == 0)
                kinds[k].judge(judge, &judge->verdict[i], site);
        if (before)
            make_up(judge); /* what the next questions need */
    }
}

bool judge_all(struct judge *judge)
{
    struct build *build = judge->build;
    begin(judge);
    judge_sites(judge, true);
    if (!build_compile(build))
        return false;
    judge_sites(judge, false);
    build->give_handler = missing(judge, "handler");
    build->give_stub = missing(judge, "stub");
    if (!build_link(build))
        return false;
    const struct build_unit *probe = build_program(build, "probe");
    if (!build->kernel_there)
        judge_say(judge->kernel, "the kernel was not built: %s", build->kernel_said);
    else if (probe != NULL && !probe->done)
        judge_say(judge->kernel, "no program can be linked: %s", probe->said);
    else if (!run(judge))
        return false;
    judge_run_kernel(judge);
    judge_run_test(judge);
    return true;
}

bool judge_done(const struct judge *judge)
{
    for (unsigned i = 0; i < judge->sites; i++)
        if (judge->verdict[i].state != JUDGE_DONE)
            return false;
    return judge->kernel[0] == '\0';
}
