/* lookout: the observer that watches for the points while the machine runs. */
#ifndef DEBUGGER_LOOKOUT_H
#define DEBUGGER_LOOKOUT_H

#include "debugger/stops.h"

/* One run under observation, forwards. Searching backwards is such a run too, with `search`: every
 * hit is noted and none stops. */
struct run {
    struct session *session;
    bool points;
    stops_when_fn *when;
    void *when_context;
    bool search;
    struct timeline_position start; /* a breakpoint there does not stop again, */
    bool caught;                    /* and neither does a catchpoint that stopped there */
    bool to_syscall;
    struct wanted_call wanted; /* with to_syscall */
    uint64_t seen;             /* events of the trace that were looked at */
    bool hit;
    struct stop stop;               /* the last hit, */
    struct timeline_position where; /* and where it was */
};

struct cpu_observer lookout_observer(struct run *run);
/* Looks where the watched places are now and what they hold. */
void lookout_refresh(struct session *session);

/* See struct restart. */
void lookout_note_restart(struct stops *stops, const struct cpu *cpu,
                          const struct trace_event *trap);
void lookout_forget_restarts(struct stops *stops);

#endif
