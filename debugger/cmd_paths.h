/* cmd_paths: `trapscope paths`. */
#ifndef DEBUGGER_CMD_PATHS_H
#define DEBUGGER_CMD_PATHS_H

#include "debugger/watch.h"

/* One program by several paths of one machine. */
struct paths {
    const char *command; /* for messages */
    struct options options;
    struct option_list wanted; /* names of paths; none = all */
    struct watched_run run[LAUNCH_PATHS];
    unsigned runs;
};

/* Runs it by all of them. 0, or the status of a trouble of ours, or a limit, that was told. */
int paths_watch(struct paths *paths, int argc, char **argv);
void paths_free(struct paths *paths);

/* What `paths` says. `syscall` NULL = the first call of each name, and all of them added up. False
 * = no such call; told. */
bool paths_say(const struct paths *paths, const char *syscall, bool json, FILE *to);

int cmd_paths(int argc, char **argv);

#endif
