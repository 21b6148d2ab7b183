/* perfetto: stories as Chrome trace events in JSON, which Perfetto's viewer (ui.perfetto.dev) and
 * chrome://tracing open: a process is a track, a trap a slice on it, its phases the slices inside.
 *
 * One tick is shown as one microsecond. */
#ifndef DEBUGGER_PERFETTO_H
#define DEBUGGER_PERFETTO_H

#include <stdbool.h>
#include <stdio.h>

#include "debugger/story.h"

#define PERFETTO_NAMES 256u

struct perfetto {
    FILE *file;
    bool any; /* event was written */
    struct {  /* what a track is called; the newest processes */
        int64_t pid;
        char name[32];
    } named[PERFETTO_NAMES];
    unsigned names;
};

/* One trap of a process. Texts may be any bytes of the guest. */
struct perfetto_trap {
    int64_t pid;
    const char *program;
    const char *name;          /* "write", "#PF page fault" */
    const char *heading;       /* "write(1, \"hi\\n\", 3) = 3" */
    const char *const *symbol; /* by phase: where it is; NULL or "" = unknown */
    const struct story *story;
    ticks now; /* end of what has not ended */
};

void perfetto_begin(struct perfetto *perfetto, FILE *file);
void perfetto_add(struct perfetto *perfetto, const struct perfetto_trap *trap);
/* Write errors are left for the caller to find. */
void perfetto_end(struct perfetto *perfetto);

#endif
