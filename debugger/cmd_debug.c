/* cmd_debug: `trapscope debug`: a session at a terminal, from a script or in a pipe. */
#define _GNU_SOURCE /* asprintf */
#include "debugger/cmd_debug.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "debugger/debuggee.h"
#include "debugger/show.h"
#include "emu/base/bug.h"

#define PROMPT        "(trapscope) "
#define HISTORY_LINES 1000

/* Readline and signal handlers have no context of their own. */
static volatile sig_atomic_t interrupted;
static struct session *completing;

struct debug {
    struct debuggee debuggee;
    struct option_list scripts, commands;
    bool batch;
    bool failed; /* some command of a script did */
};

static void note_interrupt(int signal)
{
    (void)signal;
    interrupted = 1;
}

/* --- beginning and end ------------------------------------------------------------------------ */

static void prepare_output(struct session *session, bool batch)
{
    const char *term = getenv("TERM");
    struct winsize size;
    bool terminal = isatty(STDOUT_FILENO);
    session->out.color =
        terminal && getenv("NO_COLOR") == NULL && term != NULL && strcmp(term, "dumb") != 0;
    if (terminal && !batch && isatty(STDIN_FILENO) &&
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        session->out.height = size.ws_row;
        session->out.width = size.ws_col;
    }
}

static bool ask_more(void *context)
{
    char answer[16] = "";
    (void)context;
    fputs("--Type <RET> for more, q to quit-- ", stdout);
    fflush(stdout);
    return fgets(answer, sizeof answer, stdin) != NULL && answer[0] != 'q';
}

static int end(struct debug *debug)
{
    int trouble = debuggee_end(&debug->debuggee);
    if (trouble != 0)
        return trouble;
    return debug->failed && (debug->batch || !isatty(STDIN_FILENO)) ? 1 : 0;
}

static int begin(struct debug *debug, int argc, char **argv)
{
    int status = debuggee_begin(&debug->debuggee, argc, argv, stdout, stderr, stderr);
    if (status != 0)
        return status;
    struct session *session = debug->debuggee.session;
    session->interrupted = &interrupted;
    session->out.more = ask_more;
    prepare_output(session, debug->batch);
    debuggee_run_to_start(&debug->debuggee);
    return 0;
}

/* --- commands --------------------------------------------------------------------------------- */

/* False = the session is over. */
static bool perform(struct debug *debug, const char *line)
{
    interrupted = 0;
    enum session_status status = session_do(debug->debuggee.session, line);
    debug->failed |= status == SESSION_ERROR;
    return status != SESSION_QUIT;
}

static bool perform_given(struct debug *debug)
{
    char line[4200];
    for (unsigned i = 0; i < debug->scripts.used; i++) {
        snprintf(line, sizeof line, "source %s", debug->scripts.item[i]);
        if (!perform(debug, line))
            return false;
    }
    for (unsigned i = 0; i < debug->commands.used; i++)
        if (!perform(debug, debug->commands.item[i]))
            return false;
    return true;
}

static void from_pipe(struct debug *debug)
{
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) >= 0 && perform(debug, line))
        ;
    free(line);
}

/* --- the terminal ----------------------------------------------------------------------------- */

static char **matches;
static size_t match_count, match_room;

static void add_match(void *context, const char *word)
{
    (void)context;
    for (size_t i = 1; i < match_count; i++)
        if (strcmp(matches[i], word) == 0)
            return;
    if (match_count + 2 > match_room) {
        match_room = match_room * 2 + 64;
        matches = realloc(matches, match_room * sizeof *matches);
        bug_unless(matches != NULL);
    }
    matches[match_count++] = strdup(word);
}

/* What all matches have in common goes first, as readline wants it. */
static char *common_part(void)
{
    size_t n = strlen(matches[1]);
    for (size_t i = 2; i < match_count; i++)
        for (size_t j = 0; j < n; j++)
            if (matches[i][j] != matches[1][j])
                n = j;
    return strndup(matches[1], n);
}

static char **complete(const char *text, int start, int end)
{
    char *line = strndup(rl_line_buffer, (size_t)end);
    (void)text;
    rl_attempted_completion_over = 1;
    matches = NULL;
    match_room = 0;
    match_count = 1;
    size_t from = command_complete(completing, line, add_match, NULL);
    free(line);
    if (match_count == 1 || from != (size_t)start) {
        for (size_t i = 1; i < match_count; i++)
            free(matches[i]);
        free(matches);
        return NULL;
    }
    matches[0] = common_part();
    matches[match_count] = NULL;
    return matches;
}

static bool make_folder(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* Adds a folder to the path and makes it. */
static bool enter_folder(char *path, size_t room, const char *name)
{
    size_t used = strlen(path);
    if (used + 1 + strlen(name) >= room)
        return false;
    snprintf(path + used, room - used, "/%s", name);
    return make_folder(path);
}

/* $XDG_STATE_HOME/trapscope/history, or the same below ~/.local/state. NULL = nowhere. */
static char *history_path(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    bool given = state != NULL && state[0] == '/';
    const char *base = given ? state : home;
    char path[4096], *file;
    if (base == NULL || base[0] != '/' || strlen(base) >= sizeof path)
        return NULL;
    strcpy(path, base);
    if (given ? !make_folder(path)
              : !enter_folder(path, sizeof path, ".local") ||
                    !enter_folder(path, sizeof path, "state"))
        return NULL;
    if (!enter_folder(path, sizeof path, "trapscope") || asprintf(&file, "%s/history", path) < 0)
        return NULL;
    return file;
}

static void from_terminal(struct debug *debug)
{
    char *history = history_path(), *line;
    completing = debug->debuggee.session;
    rl_readline_name = "trapscope";
    rl_attempted_completion_function = complete;
    rl_basic_word_break_characters = " \t(*&!+-=,<>[:";
    rl_completer_quote_characters = "";
    using_history();
    stifle_history(HISTORY_LINES);
    if (history != NULL)
        read_history(history);
    puts("Type help for the commands, quit to leave.");
    while ((line = readline(PROMPT)) != NULL) {
        if (*line != '\0')
            add_history(line);
        bool goes_on = perform(debug, line);
        free(line);
        if (!goes_on)
            break;
    }
    if (line == NULL)
        putchar('\n');
    if (history != NULL)
        write_history(history);
    free(history);
}

static int debug(struct debug *d, int argc, char **argv)
{
    struct sigaction action = {.sa_handler = note_interrupt, .sa_flags = SA_RESTART};
    int status = begin(d, argc, argv);
    if (status != 0)
        return status;
    sigaction(SIGINT, &action, NULL);
    if (perform_given(d) && !d->batch) {
        if (isatty(STDIN_FILENO))
            from_terminal(d);
        else
            from_pipe(d);
    }
    return end(d);
}

int cmd_debug(int argc, char **argv)
{
    struct debug d = {.debuggee = {.command = "debug"}};
    struct option_set set = {
        .command = "debug",
        .usage = "[OPTION...] [PROGRAM [ARG...]]",
        .about =
            "Debugs a program together with the kernel under it, or, without PROGRAM, the machine\n"
            "from power-on. PROGRAM is as for `trapscope run`. Commands are gdb's; `help` lists\n"
            "them. Exit status 1: a command failed in a batch or a pipe.",
    };
    int rest;
    options_share(&d.debuggee.options, &set,
                  OPTIONS_MACHINE | OPTIONS_BOOT | OPTIONS_INSNS | OPTIONS_PROFILE | OPTIONS_PATH);
    option_add(&set, (struct option_row){"-x", OPTION_LIST, &d.scripts, "FILE",
                                         "do the commands in FILE first"});
    option_add(&set,
               (struct option_row){"-ex", OPTION_LIST, &d.commands, "COMMAND", "then do COMMAND"});
    option_add(&set, (struct option_row){"-batch", OPTION_FLAG, &d.batch, NULL,
                                         "then leave; exit status 1 if a command failed"});
    switch (options_parse(&set, argc, argv, &rest)) {
    case OPTIONS_DONE: return 0;
    case OPTIONS_BAD: return EXIT_TROUBLE;
    case OPTIONS_GO_ON: break;
    }
    return debug(&d, argc - rest, argv + rest);
}
