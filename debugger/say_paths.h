/* say_paths: the calls of one program by several paths, side by side. */
#ifndef DEBUGGER_SAY_PATHS_H
#define DEBUGGER_SAY_PATHS_H

#include "debugger/cmd_paths.h"

/* The n-th call of a name by every path; NULL where there is none. False = by no path. */
bool paths_find(const struct paths *paths, const char *name, unsigned n,
                const struct watched_call *call[LAUNCH_PATHS]);
/* "write(1, \"hi\\n\", 3) = 3" as the first path with a trap has it, else "write". */
const char *paths_call_text(const struct paths *paths,
                            const struct watched_call *const call[LAUNCH_PATHS]);
/* What it traps with: "int 64", "no trap", "int 128, 2 times". */
const char *paths_trap_text(const struct watched_run *run, const struct watched_call *call,
                            char *to, size_t room);
/* Name of an entry's state. */
const char *paths_state_name(const struct watched_run *run, unsigned state);

#endif
