/* debuggee: a machine with its program, its timeline and its session, made of a command line: what
 * `debug` and `gui` begin with. */
#ifndef DEBUGGER_DEBUGGEE_H
#define DEBUGGER_DEBUGGEE_H

#include <stdbool.h>
#include <stdio.h>

#include "debugger/attach.h"
#include "debugger/launch.h"
#include "debugger/session.h"

struct debuggee {
    const char *command;    /* for messages: "debug" */
    struct options options; /* filled in by the caller */
    struct launch launch;
    struct timeline *timeline;
    struct session *session;
    struct attachment attachment;
};

/* Everything up to power-on; `program` (argc words, 0 = none) waits for the boot. Replies go to
 * `text`, what went wrong to `errors`, what the guest says to `console`. 0, or the exit status: the
 * reason was told, and nothing is held. */
int debuggee_begin(struct debuggee *debuggee, int argc, char **argv, FILE *text, FILE *errors,
                   FILE *console);

/* Through the boot, to the program's main, or to its first instruction if it has none; says where.
 * Without a program nothing runs. */
void debuggee_run_to_start(struct debuggee *debuggee);

/* 0, or the exit status: the trouble was told. */
int debuggee_end(struct debuggee *debuggee);

#endif
