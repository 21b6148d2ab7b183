/* main: the trapscope command: finds the subcommand. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "debugger/cmd_boot.h"
#include "debugger/cmd_compare.h"
#include "debugger/cmd_debug.h"
#include "debugger/cmd_gui.h"
#include "debugger/cmd_lab.h"
#include "debugger/cmd_paths.h"
#include "debugger/cmd_record_html.h"
#include "debugger/cmd_run.h"
#include "debugger/cmd_show.h"
#include "debugger/cmd_trace.h"
#include "debugger/options.h"

static const struct {
    const char *name;
    int (*main)(int argc, char **argv);
    const char *about;
} command[] = {
    {"boot", cmd_boot, "switch a machine on; its console is this terminal"},
    {"run", cmd_run, "run a guest program; its streams and exit status are yours"},
    {"trace", cmd_trace, "run a guest program and show each of its system calls, phase by phase"},
    {"compare", cmd_compare, "run a guest program on both machines, phase against phase"},
    {"paths", cmd_paths, "run a guest program by every path into the kernel, side by side"},
    {"show", cmd_show, "a picture of a system call of a program, for slides and hand-outs"},
    {"record-html", cmd_record_html, "a lesson about a program's system calls, as one HTML file"},
    {"debug", cmd_debug, "debug a guest program and the kernel under it, or a machine"},
    {"lab", cmd_lab, "exercises: add a system call, and have each step checked"},
    {"gui", cmd_gui_main, "the same in a window, for a class to see"},
};

#define COMMANDS (sizeof command / sizeof command[0])

static int help(FILE *to)
{
    fputs("usage: trapscope COMMAND [OPTION...]\n\n"
          "A machine that you can see through, and an operating system made to be seen.\n\n"
          "Commands:\n",
          to);
    for (unsigned i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-11s %s\n", command[i].name, command[i].about);
    fputs("\ntrapscope COMMAND --help tells its options; trapscope --version the version.\n", to);
    return 0;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        help(stderr);
        return EXIT_TROUBLE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(stdout);
    if (strcmp(argv[1], "--version") == 0) {
        puts("trapscope " TRAPSCOPE_VERSION);
        return 0;
    }
    for (unsigned i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], command[i].name) == 0)
            return command[i].main(argc - 1, argv + 1);
    return options_trouble("", "unknown command %s: trapscope --help lists them all", argv[1]);
}

/* What was said must have arrived: a full disk is no success. A reader who left is no failure. */
int main(int argc, char **argv)
{
    int status = dispatch(argc, argv);
    errno = 0;
    bool failed = fflush(stdout) != 0 || ferror(stdout) != 0;
    if (failed && errno != EPIPE && status == 0)
        status = options_trouble("", "the output cannot be written: %s",
                                 errno == 0 ? "an earlier write failed" : strerror(errno));
    return status;
}
