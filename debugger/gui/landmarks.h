/* landmarks: every system call, interrupt, fault and process switch from power-on to the furthest
 * moment, small enough for millions of them.
 *
 * Filled from the trace while the machine runs. What ran unseen (a seek into new time, a window
 * that is opened late) is caught up by replaying it. */
#ifndef DEBUGGER_GUI_LANDMARK_H
#define DEBUGGER_GUI_LANDMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "debugger/session.h"

#define LANDMARK_MOST      (4u << 20)
#define LANDMARK_PROCESSES 256u

enum landmark_kind { LANDMARK_CALL, LANDMARK_IRQ, LANDMARK_FAULT, LANDMARK_SWITCH, LANDMARK_KINDS };

struct landmark {
    ticks tick;       /* of the trap; of a switch, when the program ran again */
    uint32_t took;    /* until the return; UINT32_MAX = not yet, or longer */
    uint16_t what;    /* number of the call, else the vector */
    uint8_t kind : 3; /* enum landmark_kind */
    uint8_t user : 1; /* a trap out of a program */
    uint8_t path : 4; /* of a call: the n-th of the kernel's */
    uint8_t who;      /* index of its process, 0 = none */
};

struct landmark_process {
    int64_t pid;
    char name[32];
    const struct image *image; /* NULL = not known */
};

struct landmarks {
    struct landmark *landmark; /* ascending by tick */
    size_t used, room;
    uint64_t total[LANDMARK_KINDS];
    bool thinned; /* there were more than fit: of the older ones every other is left */
    struct landmark_process process[LANDMARK_PROCESSES];
    unsigned processes;

    /* How far it goes. */
    uint64_t covered; /* count of the first event that is not in it */
    ticks covered_tick;
    uint64_t posts; /* of input, when it was last right */
    uint64_t seen;  /* events of the trace */

    struct open_landmark { /* traps that have not been returned from */
        ticks tick;
        uint32_t pc, process;
        bool kernel;
    } open[64];
    unsigned opened;
    uint32_t runs; /* process that was in user mode last */
    struct {
        ticks tick; /* CLOCK_NEVER = not yet */
        uint8_t who;
    } first;      /* that was in user mode */
    bool patched; /* another future has been: a switch may be missing */
    struct {
        uint32_t address, space;
        uint8_t index;
    } known; /* the last one asked for */
};

void landmarks_init(struct landmarks *landmarks, struct session *session);
void landmarks_free(struct landmarks *landmarks);

/* One event of the trace, as it happens; the machine is just behind it. */
void landmarks_note(struct landmarks *landmarks, struct session *session,
                    const struct trace_event *event);

/* The machine has run from `from` to the present with every event noted. */
void landmarks_ran(struct landmarks *landmarks, struct session *session,
                   struct timeline_position from);

/* Before and after a command: another future drops what is behind the present; what ran unseen is
 * replayed, at most `most` instructions of it. False = more is left to catch up with. */
bool landmarks_catch_up(struct landmarks *landmarks, struct session *session, uint64_t most);

/* stops.h's last_trap_hook. */
bool landmarks_last_trap(const struct landmarks *landmarks, const struct trap_question *question,
                         struct trap_answer *answer);

/* Index of the first landmark at or after a tick. */
size_t landmarks_at(const struct landmarks *landmarks, ticks tick);

/* "write", "irq timer", "#PF", "pid 3 sh runs". */
void landmarks_describe(const struct landmarks *landmarks, const struct session *session,
                        const struct landmark *landmark, char *to, size_t room);

#endif
