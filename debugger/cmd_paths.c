/* cmd_paths: `trapscope paths`: one program's calls down every path that the machine has. */
#include "debugger/cmd_paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debugger/options.h"
#include "debugger/output.h"
#include "debugger/say_paths.h"
#include "emu/base/bug.h"
#include "emu/host/terminal.h"

/* --- running ---------------------------------------------------------------------------------- */

static bool is_wanted(const struct paths *paths, const char *name)
{
    for (unsigned i = 0; i < paths->wanted.used; i++)
        if (strcmp(paths->wanted.item[i], name) == 0)
            return true;
    return paths->wanted.used == 0;
}

/* Every path that is asked for must be one of the machine's. */
static bool judge_wanted(struct paths *paths)
{
    for (unsigned i = 0; i < paths->wanted.used; i++) {
        paths->options.path = paths->wanted.item[i];
        if (!launch_judge_path(paths->command, &paths->options))
            return false;
    }
    return true;
}

int paths_watch(struct paths *paths, int argc, char **argv)
{
    struct launch_path path[LAUNCH_PATHS];
    int status = 0, input = watch_keep_input();
    if (!launch_judge(paths->command, &paths->options, NULL) || !judge_wanted(paths))
        status = EXIT_TROUBLE;
    unsigned known = launch_paths(paths->options.machine, path);
    for (unsigned i = 0; i < known && status == 0; i++) {
        if (!is_wanted(paths, path[i].name))
            continue;
        paths->options.path = path[i].name;
        struct watched_run *run = &paths->run[paths->runs++];
        status = watch_program(run, paths->command, &paths->options, input, argc, argv);
        if (status == 0 && run->cut)
            status = run->status;
    }
    if (input >= 0)
        close(input);
    return status;
}

void paths_free(struct paths *paths)
{
    for (unsigned i = 0; i < paths->runs; i++)
        watched_run_free(&paths->run[i]);
}

/* --- the command ------------------------------------------------------------------------------ */

static void tell_statuses(const struct paths *paths)
{
    for (unsigned i = 1; i < paths->runs; i++)
        if (paths->run[i].status != paths->run[0].status)
            fprintf(stderr, "trapscope %s: the exit status is %d by %s and %d by %s\n",
                    paths->command, paths->run[0].status, paths->run[0].path, paths->run[i].status,
                    paths->run[i].path);
}

static int run_and_say(struct paths *paths, const char *syscall, bool json, int argc, char **argv)
{
    int status = paths_watch(paths, argc, argv);
    if (status != 0)
        return status;
    if (!paths_say(paths, syscall, json, stdout))
        return options_trouble(paths->command, "--syscall %s: the program makes no such call",
                               syscall);
    tell_statuses(paths);
    return paths->run[0].status;
}

static bool judge_format(const char *format, bool *json)
{
    *json = strcmp(format, "json") == 0;
    if (*json || strcmp(format, "text") == 0)
        return true;
    options_trouble("paths", "--format %s: there are text and json", format);
    return false;
}

static enum options_answer parse(struct paths *paths, const char **format, const char **syscall,
                                 int argc, char **argv, int *rest)
{
    struct option_set set = {
        .command = "paths",
        .usage = "[OPTION...] FILE.c [ARG...]",
        .about =
            "Compiles a C file for every path that a program has into the machine's kernel, runs\n"
            "it by each, and sets their system calls side by side: traps taken, mode switches,\n"
            "words saved, table or switch, ticks by phase. All runs read the same standard input;\n"
            "what the program writes is not shown. The exit status is as for `trapscope run`, by\n"
            "the first path.",
    };
    options_share(&paths->options, &set, OPTIONS_LIMITS | OPTIONS_PROCESSORS);
    option_add(&set, (struct option_row){"--path", OPTION_LIST, &paths->wanted, "NAME",
                                         "only this path; may be given again"});
    option_add(&set, (struct option_row){"--syscall", OPTION_TEXT, syscall, "NAME",
                                         "every call of this name"});
    option_add(&set, (struct option_row){"--format", OPTION_TEXT, format, "text|json",
                                         "text for people, or one JSON object a line"});
    return options_parse(&set, argc, argv, rest);
}

int cmd_paths(int argc, char **argv)
{
    struct paths *paths = bug_alloc(1, sizeof *paths);
    const char *format = "text", *syscall = NULL;
    bool json;
    int rest, status = EXIT_TROUBLE;
    paths->command = "paths";
    enum options_answer answer = parse(paths, &format, &syscall, argc, argv, &rest);
    if (answer == OPTIONS_DONE)
        status = 0;
    else if (answer == OPTIONS_GO_ON && rest == argc)
        options_trouble("paths", "which program? Give a C file: trapscope paths hello.c");
    else if (answer == OPTIONS_GO_ON && judge_format(format, &json)) {
        terminal_watch_signals();
        status = run_and_say(paths, syscall, json, argc - rest, argv + rest);
    }
    paths_free(paths);
    free(paths);
    return status;
}
