/* cmd_record_html: `trapscope record-html`: a lesson about a program's system calls, as one file.
 */
#include "debugger/cmd_record_html.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/debuggee.h"
#include "debugger/gui/lesson.h"
#include "debugger/gui/moment.h"
#include "emu/base/bug.h"

#define CALLS_USUAL 4u
#define CALLS_MOST  64u

struct recorder {
    struct debuggee debuggee;
    struct moment moment;
    const char *path, *palette_name;
    uint64_t calls, insn_limit;
    enum palette palette;
    struct scene *scene;
};

/* The traps, one after another, until the program ends or there are enough. How many. */
static unsigned record(struct recorder *recorder, struct lesson *lesson)
{
    struct session *session = recorder->debuggee.session;
    unsigned found = 0;
    session->insn_limit = recorder->insn_limit;
    debuggee_run_to_start(&recorder->debuggee);
    while (found < recorder->calls && moment_next(session, &recorder->moment, recorder->scene)) {
        lesson_add(lesson, recorder->scene);
        found++;
        if (recorder->scene->end != STORY_RETURNED)
            break;
    }
    if (found == 0)
        moment_say_none(session, &recorder->moment);
    return found;
}

/* A file that no lesson came into is taken away again. */
static int write_lesson(struct recorder *recorder, const char *program)
{
    char title[200];
    const char *name = strrchr(program, '/');
    snprintf(title, sizeof title, "%.150s: from user to kernel and back",
             name == NULL ? program : name + 1);
    FILE *file = fopen(recorder->path, "we");
    if (file == NULL)
        return options_trouble("record-html", "%s: %s", recorder->path, strerror(errno));
    struct lesson *lesson = lesson_begin(recorder->palette);
    bool found = record(recorder, lesson) > 0;
    lesson_end(lesson, file, title);
    bool failed = ferror(file) != 0;
    failed |= fclose(file) != 0;
    if (!found)
        remove(recorder->path);
    else if (failed)
        return options_trouble("record-html", "%s: %s", recorder->path, strerror(errno));
    return found ? 0 : EXIT_TROUBLE;
}

static const char *booted(const struct options *options)
{
    const char *names[] = {options->kernel, options->bios, options->restore};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i] != NULL)
            return names[i];
    return options->disk.item[0];
}

/* The session's own remarks about stops are nobody's answer here. */
static int record_program(struct recorder *recorder, int argc, char **argv)
{
    FILE *nowhere = fopen("/dev/null", "we");
    if (nowhere == NULL)
        return options_trouble("record-html", "/dev/null: %s", strerror(errno));
    int status = debuggee_begin(&recorder->debuggee, argc, argv, nowhere, stderr, stderr);
    if (status == 0) {
        status = write_lesson(recorder, argc > 0 ? argv[0] : booted(&recorder->debuggee.options));
        int trouble = debuggee_end(&recorder->debuggee);
        status = status == 0 ? trouble : status;
    }
    fclose(nowhere);
    return status;
}

static bool judge(struct recorder *recorder)
{
    if (recorder->path == NULL)
        options_trouble("record-html", "where to? trapscope record-html -o lesson.html hello.c");
    else if (!palette_named(recorder->palette_name, &recorder->palette))
        options_trouble("record-html", "--palette %s: there are light and dark",
                        recorder->palette_name);
    else if (recorder->calls == 0 || recorder->calls > CALLS_MOST)
        options_trouble("record-html", "--calls takes a number from 1 to %u", CALLS_MOST);
    else
        return true;
    return false;
}

static int record_html(struct recorder *recorder, int argc, char **argv)
{
    struct option_set set = {
        .command = "record-html",
        .usage = "[OPTION...] -o FILE [PROGRAM [ARG...]]",
        .about =
            "Runs a guest program and writes a lesson about its system calls: one HTML file that\n"
            "steps through each of them with buttons, keys and a slider, in any browser, without\n"
            "a network, with words for screen readers. PROGRAM may be left out with --kernel,\n"
            "--bios, --disk or --restore: whatever that runs is the program.",
    };
    int rest;
    options_share(&recorder->debuggee.options, &set,
                  OPTIONS_MACHINE | OPTIONS_BOOT | OPTIONS_PROFILE | OPTIONS_PATH);
    option_add(&set, (struct option_row){"--insn-limit", OPTION_NUMBER, &recorder->insn_limit, "N",
                                         "give up after N instructions; 100 million without this"});
    option_add(&set, (struct option_row){"-o", OPTION_TEXT, &recorder->path, "FILE",
                                         "write the lesson to FILE"});
    option_add(&set, (struct option_row){"--calls", OPTION_NUMBER, &recorder->calls, "N",
                                         "the first N calls or faults; 4 without this"});
    option_add(&set, (struct option_row){"--syscall", OPTION_TEXT, &recorder->moment.syscall,
                                         "NAME", "only calls of NAME"});
    option_add(&set, (struct option_row){"--fault", OPTION_FLAG, &recorder->moment.fault, NULL,
                                         "only faults"});
    option_add(&set, (struct option_row){"--palette", OPTION_TEXT, &recorder->palette_name,
                                         "light|dark", "of the pictures"});
    switch (options_parse(&set, argc, argv, &rest)) {
    case OPTIONS_DONE: return 0;
    case OPTIONS_BAD: return EXIT_TROUBLE;
    case OPTIONS_GO_ON: break;
    }
    if (rest == argc && !options_boot(&recorder->debuggee.options))
        return options_trouble("record-html",
                               "which program? trapscope record-html -o lesson.html hello.c");
    return judge(recorder) ? record_program(recorder, argc - rest, argv + rest) : EXIT_TROUBLE;
}

int cmd_record_html(int argc, char **argv)
{
    struct recorder *recorder = bug_alloc(1, sizeof *recorder);
    recorder->scene = bug_alloc(1, sizeof *recorder->scene);
    recorder->palette_name = "light";
    recorder->calls = CALLS_USUAL;
    recorder->insn_limit = MOMENT_INSTRUCTIONS;
    recorder->moment.any = true;
    recorder->debuggee.command = "record-html";
    int status = record_html(recorder, argc, argv);
    free(recorder->scene);
    free(recorder);
    return status;
}
