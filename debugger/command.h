/* command: the one table of debugger commands: what they are called, do, take and say of
 * themselves.
 *
 * The rows are in commands.def; lookup by prefix, help, apropos and completion are all made from
 * them. */
#ifndef DEBUGGER_COMMAND_H
#define DEBUGGER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct arch;
struct session;

struct command_args {
    const char *text;   /* what follows the name, --json taken out; never NULL */
    const char *format; /* what followed a "/" right behind the name: "4xw"; "" = nothing */
    bool again;         /* RET repeats it: x and list go on where they stopped */
};

/* False = it failed and has said why (out_error). */
typedef bool command_fn(struct session *session, const struct command_args *args);

enum completer {
    COMPLETE_NOTHING,
    COMPLETE_SYMBOL,
    COMPLETE_LOCATION,
    COMPLETE_REGISTER,
    COMPLETE_COMMAND,
    COMPLETE_SUBCOMMAND,
    COMPLETE_SYSCALL,
    COMPLETE_FILE,
    COMPLETE_BREAKPOINT,
};

/* What pressing RET after it does. */
enum repeats { REPEATS_NOT, REPEATS, REPEATS_ON };

struct command {
    const char *name; /* two words for a subcommand: "info registers" */
    unsigned prefix;  /* letters of the last word that are enough; fewer are ambiguous */
    command_fn *fn;
    const char *group; /* "running", "breakpoints", "stack", "data", "source", "system calls",
                          "machine", "time", "session" */
    const char *syntax;
    const char *help; /* one line, no full stop */
    const char *more; /* paragraphs of `help NAME`, or "" */
    enum completer completer;
    enum repeats repeats;
};

extern const struct command commands[];
extern const unsigned commands_count;

/* The command that the line begins with; `args` is filled in and points into `line`, which is
 * changed. NULL = unknown or ambiguous, and `why` says which. */
const struct command *command_find(const struct arch *arch, char *line, struct command_args *args,
                                   char *why, size_t room);

/* Does this machine have what the command is about? */
bool command_is_here(const struct arch *arch, const struct command *command);
/* True when it has not: `why` says so and names its counterpart. */
bool command_elsewhere(const struct arch *arch, const struct command *command, char *why,
                       size_t room);

/* Completions of the line's last word: calls `each` with whole words. Returns where in `line` that
 * word begins. */
size_t command_complete(struct session *session, const char *line,
                        void (*each)(void *context, const char *word), void *context);

/* Helpers for command functions. */
/* Takes the next blank-separated word; NULL at the end. Copies, cut at `room`. */
const char *command_word(const char **text, char *word, size_t room);
/* A count: "" = 1. Evaluated as an expression, at least 1. */
bool command_count(struct session *session, const char *text, long long *count);

#endif
