/* report: a judgement told to people, to programs and to Gradescope. */
#include "debugger/lab/report.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/output.h"
#include "emu/base/bug.h"

/* "syscall.c:24" or "syscall.c". */
static void place(const struct judge_verdict *verdict, char *to, size_t room)
{
    if (verdict->line != 0)
        snprintf(to, room, "%s:%u", verdict->file, verdict->line);
    else
        snprintf(to, room, "%s", verdict->file);
}

static unsigned count_done(const struct judge *judge)
{
    unsigned done = 0;
    for (unsigned i = 0; i < judge->sites; i++)
        done += judge->verdict[i].state == JUDGE_DONE;
    return done;
}

/* --- text ------------------------------------------------------------------------------------- */

/* Names of files and symbols are the submission's: none of them acts on a terminal. */
static const char *clean(const char *text, char to[2 * JUDGE_TEXT])
{
    size_t used = 0;
    for (; *text != '\0' && used + 1 < 2 * JUDGE_TEXT; text++) {
        unsigned char byte = (unsigned char)*text;
        to[used++] = byte < 0x20 || byte == 0x7f ? '?' : *text;
    }
    to[used] = '\0';
    return to;
}

static void say_site(const struct judge_verdict *verdict, FILE *to, bool color)
{
    static const char *const style[] = {"\033[32m", "\033[33m", "\033[31m"};
    char where[200], line[2 * JUDGE_TEXT];
    place(verdict, where, sizeof where);
    fprintf(to, "  %s%-7s%s  %-14s  %s\n", color ? style[verdict->state] : "",
            judge_state_name(verdict->state), color ? "\033[0m" : "", verdict->site,
            clean(where, line));
    fprintf(to, "           %s\n", clean(verdict->what, line));
    if (verdict->remedy[0] != '\0')
        fprintf(to, "           -> %s\n", clean(verdict->remedy, line));
    if (verdict->seen[0] != '\0')
        fprintf(to, "           seen: %s\n", clean(verdict->seen, line));
}

void report_text(const struct judge *judge, FILE *to, bool color)
{
    char line[2 * JUDGE_TEXT];
    fprintf(to, "%s\n\n", lab_text(judge->lab->data, "title"));
    for (unsigned i = 0; i < judge->sites; i++)
        say_site(&judge->verdict[i], to, color);
    if (judge->kernel[0] != '\0')
        fprintf(to, "\n  nothing was seen at work: %s\n", clean(judge->kernel, line));
    if (judge->refused[0] != '\0')
        fprintf(to, "\n  not taken: %s\n", clean(judge->refused, line));
    fprintf(to, "\n%u of %u done%s\n", count_done(judge), judge->sites,
            judge_done(judge) ? ": the call works" : "");
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *text(const char *bytes)
{
    char clean[2 * JUDGE_TEXT];
    json_t *plain = json_string(bytes);
    if (plain != NULL)
        return plain;
    out_escape(clean, sizeof clean, bytes, strlen(bytes));
    return json_string(clean);
}

static json_t *site_object(const struct judge_verdict *verdict)
{
    json_t *object = json_object();
    json_object_set_new(object, "site", text(verdict->site));
    json_object_set_new(object, "state", text(judge_state_name(verdict->state)));
    json_object_set_new(object, "file", text(verdict->file));
    json_object_set_new(object, "line",
                        verdict->line == 0 ? json_null() : json_integer(verdict->line));
    json_object_set_new(object, "what", text(verdict->what));
    json_object_set_new(object, "remedy",
                        verdict->remedy[0] == '\0' ? json_null() : text(verdict->remedy));
    json_object_set_new(object, "seen",
                        verdict->seen[0] == '\0' ? json_null() : text(verdict->seen));
    return object;
}

void report_json(const struct judge *judge, FILE *to)
{
    json_t *object = json_object(), *sites = json_array();
    json_object_set_new(object, "lab", text(judge->lab->name));
    json_object_set_new(object, "call", text(judge->lab->call));
    json_object_set_new(object, "number", json_integer(judge->lab->number));
    for (unsigned i = 0; i < judge->sites; i++)
        json_array_append_new(sites, site_object(&judge->verdict[i]));
    json_object_set_new(object, "sites", sites);
    json_object_set_new(object, "problem",
                        judge->kernel[0] == '\0' ? json_null() : text(judge->kernel));
    json_object_set_new(object, "not_taken",
                        judge->refused[0] == '\0' ? json_null() : text(judge->refused));
    json_object_set_new(object, "done", json_boolean(judge_done(judge)));
    json_dumpf(object, to, JSON_COMPACT);
    fputc('\n', to);
    json_decref(object);
}

/* Gradescope, "Autograder specifications", output format. */
static json_t *test_object(const struct judge_verdict *verdict)
{
    char where[200], words[4 * JUDGE_TEXT];
    bool done = verdict->state == JUDGE_DONE;
    place(verdict, where, sizeof where);
    snprintf(words, sizeof words, "%s, %s: %s%s%s%s%s", judge_state_name(verdict->state), where,
             verdict->what, verdict->remedy[0] == '\0' ? "" : "\n-> ", verdict->remedy,
             verdict->seen[0] == '\0' ? "" : "\nseen: ", verdict->seen);
    json_t *object = json_object();
    json_object_set_new(object, "name", text(verdict->site));
    json_object_set_new(object, "score", json_real(done ? 1 : 0));
    json_object_set_new(object, "max_score", json_real(1));
    json_object_set_new(object, "status", text(done ? "passed" : "failed"));
    json_object_set_new(object, "output", text(words));
    return object;
}

bool report_gradescope(const struct judge *judge, const char *path)
{
    json_t *object = json_object(), *tests = json_array();
    char words[2 * JUDGE_TEXT + 1100];
    snprintf(words, sizeof words, "%s%s%s%s%s", lab_text(judge->lab->data, "title"),
             judge->kernel[0] == '\0' ? "" : "\nNothing was seen at work: ", judge->kernel,
             judge->refused[0] == '\0' ? "" : "\nNot taken: ", judge->refused);
    for (unsigned i = 0; i < judge->sites; i++)
        json_array_append_new(tests, test_object(&judge->verdict[i]));
    json_object_set_new(object, "score", json_real(count_done(judge)));
    json_object_set_new(object, "output", text(words));
    json_object_set_new(object, "tests", tests);
    FILE *file = fopen(path, "we");
    bool done =
        file != NULL && json_dumpf(object, file, JSON_INDENT(2)) == 0 && fputc('\n', file) >= 0;
    if (file != NULL)
        done = fclose(file) == 0 && done;
    json_decref(object);
    return done;
}
