/* build_parts: command lines of the tools, and what they answered. */
#define _GNU_SOURCE /* vasprintf */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/lab/build.h"
#include "debugger/output.h"
#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/host/terminal.h"

#define MOST_LOG (UINT64_C(64) << 20)

void build_add(struct build_words *words, const char *word)
{
    bug_unless(words->used < BUILD_WORDS);
    words->word[words->used++] = word;
}

const char *build_join(struct build *build, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    bug_unless(vasprintf(&text, format, args) >= 0);
    va_end(args);
    if (build->texts == build->text_room) {
        build->text_room = build->text_room == 0 ? 256 : 2 * build->text_room;
        build->text = realloc(build->text, build->text_room * sizeof *build->text);
        bug_unless(build->text != NULL);
    }
    build->text[build->texts++] = text;
    return text;
}

static void add_list(struct build_words *words, const json_t *data, const char *path)
{
    const char *word;
    for (size_t i = 0; (word = lab_item(data, path, i)) != NULL; i++)
        build_add(words, word);
}

/* What the user forgot is made up for with what the lab would have there. */
static void add_number(struct build *build, struct build_words *words)
{
    if (build->give_number)
        build_add(words, build_join(build, "-D%s=%u", build->macro, build->lab->number));
}

void build_kernel_words(struct build *build, struct build_words *words)
{
    const json_t *data = build->lab->data;
    const char *folder;
    add_list(words, data, "compiler");
    for (size_t i = 0; (folder = lab_item(data, "include", i)) != NULL; i++)
        build_add(words, build_join(build, "-I%s", folder));
    add_number(build, words);
    build_add(words, build->prefix_map);
}

void build_program_words(struct build *build, struct build_words *words)
{
    const json_t *data = build->lab->data;
    const char *folder;
    build_add(words, build->compiler);
    build_add(words, "--machine");
    build_add(words, build->lab->machine);
    build_add(words, build_join(build, "--%s", lab_text(data, "user.world")));
    if (lab_text(data, "user.path") != NULL) {
        build_add(words, "--path");
        build_add(words, lab_text(data, "user.path"));
    }
    build_add(words, "-Og");
    add_list(words, data, "user.flags");
    for (size_t i = 0; (folder = lab_item(data, "user.include", i)) != NULL; i++)
        build_add(words, build_join(build, "-I%s", folder));
    add_number(build, words);
    build_add(words, build->prefix_map);
}

bool build_run(struct build *build, struct confine_job *job, unsigned jobs)
{
    return confine_run(&build->confine, job, jobs, terminal_signal);
}

/* --- what was said ---------------------------------------------------------------------------- */

/* The first line with "error" or "undefined" in it, else the first of all. */
static const char *telling_line(const char *log)
{
    static const char *const words[] = {"error:", "Error:", "undefined reference",
                                        "multiple definition"};
    for (const char *line = log; line != NULL && *line != '\0';) {
        size_t length = strcspn(line, "\n");
        for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
            const char *found = strstr(line, words[i]);
            if (found != NULL && found < line + length)
                return line;
        }
        line = line[length] == '\0' ? NULL : line + length + 1;
    }
    return log;
}

/* Names of our own folders are nobody's business. */
static void without_folders(const struct build *build, char *text)
{
    const char *const folder[] = {build->copy, build->made, build->work};
    for (unsigned i = 0; i < sizeof folder / sizeof folder[0]; i++) {
        size_t length = strlen(folder[i]);
        for (char *at; (at = strstr(text, folder[i])) != NULL;) {
            size_t more = at[length] == '/';
            memmove(at, at + length + more, strlen(at + length + more) + 1);
        }
    }
}

bool build_judge(struct build *build, const struct confine_job *job, const char *about,
                 char said[BUILD_SAID])
{
    const char *why;
    size_t size;
    if (job->end == CONFINE_EXITED && job->status == 0)
        return true;
    if (said == NULL)
        return false;
    uint8_t *log = file_read(job->log, MOST_LOG, &size, &why);
    char line[2 * BUILD_SAID] = "";
    if (log != NULL) {
        const char *first = telling_line((const char *)log);
        bool named =
            strstr(first, about) != NULL && strstr(first, about) < first + strcspn(first, "\n");
        snprintf(line, sizeof line, "%s%s%.*s", named ? "" : about, named ? "" : ": ",
                 (int)strcspn(first, "\n"), first);
    }
    free(log);
    without_folders(build, line);
    if (job->end == CONFINE_LIMIT)
        snprintf(line, sizeof line,
                 "%s: needs more than %u s or %u MiB to be built: is there no end to it?", about,
                 build->confine.processor_seconds, (unsigned)(build->confine.memory >> 20));
    else if (job->end == CONFINE_NOT_STARTED)
        snprintf(line, sizeof line, "%s: %s could not be started", about, job->argv[0]);
    else if (line[0] == '\0' || job->end == CONFINE_CRASHED)
        snprintf(line, sizeof line, "%s: the compiler gave up (%s %d)", about,
                 job->end == CONFINE_CRASHED ? "signal" : "status", job->status);
    out_escape(said, BUILD_SAID, line, strlen(line));
    return false;
}
