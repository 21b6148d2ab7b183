/* stops: break-, watch- and catchpoints, and running the machine forwards and backwards to them.
 *
 * Running forwards is timeline_run under an observer; backwards is timeline_seek to an earlier
 * position and a run under the same observer up to the present, to find the last stop before it.
 * Neither changes what the guest can tell. */
#ifndef DEBUGGER_STOPS_H
#define DEBUGGER_STOPS_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu/cpu.h"
#include "debugger/expression.h"
#include "debugger/profile.h"
#include "emu/machine/machine.h"
#include "emu/machine/timeline.h"

#define POINTS          64u
#define POINT_LOCATIONS 16u

#define STOPS_IDLE_SECONDS 60u

struct session;

enum point_kind {
    POINT_BREAK,
    POINT_WATCH,
    POINT_READ_WATCH,
    POINT_ACCESS_WATCH,
    POINT_CATCH_TRAP,
    POINT_CATCH_SYSCALL,
    POINT_CATCH_FAULT,
    POINT_CATCH_IRQ,
};

struct point {
    unsigned number; /* 0 = unused; internal ones have none of the user's numbers */
    enum point_kind kind;
    bool enabled;
    bool temporary;
    uint64_t ignore; /* hits to pass over */
    uint64_t hits;
    char *condition; /* NULL = none */
    char *what;      /* as the user wrote it */

    /* POINT_BREAK */
    struct {
        uint32_t address;
        struct image *image; /* of a user program: only in its address spaces; NULL = anywhere */
    } location[POINT_LOCATIONS];
    unsigned locations;

    /* watchpoints */
    uint32_t address, length;
    uint32_t space; /* of a user address; 0 = every space */
    const struct type *type;
    uint32_t physical; /* where it is in memory at present; UINT32_MAX = nowhere */
    uint64_t old;      /* its value when it was last looked at */

    /* catchpoints */
    int64_t vector; /* -1 = every */
    struct wanted_call wanted;
};

enum stop_kind {
    STOP_NONE,    /* nothing has run yet */
    STOP_STEPPED, /* a step, finish, until or travel is over */
    STOP_BREAKPOINT,
    STOP_WATCHPOINT,
    STOP_CATCHPOINT,
    STOP_SYSCALL, /* `syscall`: on the trap instruction */
    STOP_START,   /* the program's first instruction */
    STOP_INTERRUPTED,
    STOP_LIMIT,   /* --insn-limit, --timeout */
    STOP_IDLE,    /* nothing but clock interrupts for STOPS_IDLE_SECONDS of guest time */
    STOP_HISTORY, /* backwards as far as it goes: power-on */
    STOP_MACHINE, /* power-off, debug exit, shutdown, reset: `machine` says which */
};

struct stop {
    enum stop_kind kind;
    const struct point *point; /* breakpoint, watchpoint, catchpoint; NULL = it was temporary, */
    unsigned number;           /* and had this number */
    bool temporary;
    bool bounded; /* STOP_LIMIT: session->insn_limit, not the caller's */
    struct machine_stop machine;
    uint64_t old, now;       /* watchpoint: its value before and after */
    bool written;            /* watchpoint: the access was a write */
    uint32_t watch_pc;       /* of the instruction that hit the watchpoint */
    struct trace_event trap; /* catchpoint: the TRACE_TRAP event */
    bool returned;           /* finish: `value` is what the function returned */
    struct value value;
};

/* A reason of the machinery to stop, used by step and its relatives, asked before the instruction
 * at pc. */
typedef bool stops_when_fn(void *context, struct session *session, uint32_t pc);

/* An instruction that has faulted and will begin again: its second beginning is no news. */
struct restart {
    uint32_t pc, sp, space;
};

#define RESTARTS 8u /* of different processes, under way at the same time */

/* A trap out of a program, before a moment of the past. */
struct trap_question {
    struct timeline_position before;
    int64_t pid;                 /* of the process; -1 = any */
    const struct image *program; /* that it runs; NULL = any */
    bool calls;                  /* no other traps */
};

struct trap_answer {
    bool any;
    ticks trap; /* when it began */
    ticks ran;  /* until then the process has not run since, or, without `any`, not at all: traps
                   that  nobody keeps (refills of the TLB) can only lie behind it */
};

struct stops {
    struct point point[POINTS];
    unsigned next_number;
    struct restart restart[RESTARTS]; /* pc 0 = unused */
    unsigned next_restart;
    bool has_access;      /* some watchpoint is on: the access hook is needed */
    uint8_t filter[8192]; /* of breakpoints, as cpu_observer has it */
    /* The only instructions for which a `when` is asked; NULL = all. */
    const uint8_t *when_filter;
    /* Told of every trap that begins while running or searching: TRACE_TRAP. NULL = nobody asks. */
    void (*trap_hook)(void *context, struct session *session, const struct trace_event *trap);
    void (*stretch_hook)(void *context); /* a search begins a stretch of the past; may be NULL */
    void *trap_context;                  /* of both */
    /* Whoever keeps a list of all that happens is told of every event of the trace while the
     * machine runs forwards, and after each such run, where it began. NULL = nobody does. */
    void (*event_hook)(void *context, struct session *session, const struct trace_event *event);
    void (*ran_hook)(void *context, struct session *session, struct timeline_position from);
    /* It is asked for the last such trap. False = it does not know. */
    bool (*last_trap_hook)(void *context, const struct trap_question *question,
                           struct trap_answer *answer);
    void *event_context; /* of all three */
    bool forwards;       /* the machine runs on: session->slice has its turns */
    bool travels;        /* a journey that ends where it is when it is interrupted */
};

/* What a watchpoint's memory holds, at most 8 bytes of it. */
uint64_t stops_watched_value(const struct cpu *cpu, const struct point *point);

void stops_init(struct stops *stops);
void stops_free(struct stops *stops);

/* --- points. NULL = the table is full. The caller fills in and then calls stops_changed. */
struct point *stops_add(struct stops *stops, enum point_kind kind, const char *what);
struct point *stops_find(struct stops *stops, unsigned number);
void stops_remove(struct stops *stops, struct point *point);
void stops_changed(struct stops *stops);
bool point_is_watch(const struct point *point);

/* --- running. Each leaves the machine stopped, session->stop filled in, frames dropped. */
/* Forwards until a point, a machine stop, an interruption, `when` (NULL = never) or the limit. With
 * `points` false the user's points are passed over. */
void stops_run(struct session *session, bool points, stops_when_fn *when, void *context,
               struct machine_limit limit);
/* Forwards to the next system call of this number (-1: any), before its trap instruction; of the
 * session's own program, if it has one. */
void stops_run_to_syscall(struct session *session, const struct wanted_call *wanted);
/* One instruction or delivery; with `micro`, one micro-step. */
void stops_step(struct session *session, bool micro);
/* Backwards to the latest position before the present where a point (with `points`) or `when` would
 * have stopped; power-on when there is none. */
void stops_run_back(struct session *session, bool points, stops_when_fn *when, void *context);
/* Ctrl-C, or what stands for it, has been pressed since the command began; session->pulse gets its
 * turn before the answer. */
bool stops_interrupted(struct session *session);
/* For commands of several rounds: the last one ended as a step does, and the next may begin; an
 * interruption becomes session->stop. */
bool stops_next_round(struct session *session);
/* timeline_pulse of the session's timeline; `context` is the session. */
bool stops_pulse(void *context);
/* To exactly this position, either way; TIMELINE_AT_TICK goes to the first boundary at or after the
 * tick. False = something stopped the machine before, session->stop says what. */
bool stops_goto(struct session *session, struct timeline_position position);
/* The same for a user who may lose patience: an interruption ends it on the way. */
bool stops_travel(struct session *session, struct timeline_position position);

/* Shows everything that happens in [from, to) to `observer` (its answers do not stop the run) and
 * comes back to the present: for who, timeline and stories of the past. The trace ring
 * is filled as when it happened. False = interrupted. */
bool stops_scan(struct session *session, struct timeline_position from, struct timeline_position to,
                const struct cpu_observer *observer);

#endif
