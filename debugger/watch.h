/* watch: a program run under observation from power-on to its end: what each of its calls did and
 * cost. Plain data: it outlives the machine.
 *
 * A *call* is one of a function of the path's library, from its first instruction to the return
 * from it; on its way it traps as often as the path needs, or not at all. The library's functions
 * are those that have a second, hidden name: write and __write. A trap that the program's own code
 * makes is a call, too. */
#ifndef DEBUGGER_WATCH_H
#define DEBUGGER_WATCH_H

#include "debugger/launch.h"
#include "debugger/stories.h"

#define WATCH_TRAPS  4096u
#define WATCH_CALLS  4096u
#define WATCH_STATES 4096u
#define WATCH_NAME   48u

/* One system call, as the kernel sees it. */
struct watched_trap {
    char name[32];
    char text[256]; /* "write(1, \"hi\\n\", 3) = 3" */
    char instruction[24];
    char dispatch[80]; /* "syscalls[16]"; of a switch its function */
    bool is_switch;
    bool open; /* it never came back */
    bool there[STORY_PHASES];
    ticks ticks[STORY_PHASES];
    char symbol[STORY_PHASES][WATCH_NAME];
    struct story_sums sums;
    ticks whole;
    unsigned words_cpu, words_code; /* of the frame, by whom */
    unsigned registers;             /* that the CPU changed on the way in */
    unsigned checks;                /* that the CPU made on the way in and out */
    unsigned interrupts;
    ticks interrupted, away;
};

struct watched_call {
    char name[32];           /* "write", "exit" */
    char worker[WATCH_NAME]; /* function of the program that does it, by the profile; "" = none */
    ticks begin, end;        /* end: of an open one the program's */
    bool open;               /* it never came back */
    unsigned first, traps;   /* in watched_run.trap */
};

/* An entry of a page of calls has another state. */
struct watched_state {
    ticks tick;
    uint16_t entry;
    uint8_t state;
    bool kernel;    /* the kernel wrote it, else the program */
    bool dropped;   /* it was another try: counted in `again` of the one before */
    unsigned again; /* so often was it left and came back before it went on */
};

struct watched_run {
    char machine[8], path[24];
    const char *delivery; /* what its gate is called */
    int status;           /* the program's exit status, as of `trapscope run` */
    bool cut;             /* a limit, a signal or a trouble ended it: told */
    struct watched_trap *trap;
    unsigned traps;
    struct watched_call *call;
    unsigned calls;
    struct watched_state *state;
    unsigned states;
    unsigned entries; /* that were used: highest one, plus 1 */
    struct {
        unsigned number;
        char name[24];
    } state_name[8];
    unsigned state_names;
};

/* All that happened on the way of one call, or of several, added up. */
struct watched_sum {
    unsigned calls, open, traps;
    unsigned switches; /* of mode, by system calls */
    unsigned words_cpu, words_code, checks, registers;
    bool there[STORY_PHASES];
    ticks ticks[STORY_PHASES];
    struct story_sums sums;
    ticks library; /* outside of traps */
    ticks whole;
    unsigned interrupts;
    ticks interrupted, away;
};
void watched_add(struct watched_sum *sum, const struct watched_run *run,
                 const struct watched_call *call);

/* Runs PROGRAM (argv) on options->machine, by options->path, with what the file `input` has from
 * its beginning (-1 = nothing). 0, or a trouble of ours that was told. */
int watch_program(struct watched_run *run, const char *command, const struct options *options,
                  int input, int argc, char **argv);
void watched_run_free(struct watched_run *run);

/* A file with what standard input has, for runs that all read the same. -1 = nothing. */
int watch_keep_input(void);

const struct watched_trap *watched_trap(const struct watched_run *run,
                                        const struct watched_call *call, unsigned n);
/* The n-th call of this name, counting from 0; NULL = there is none. */
const struct watched_call *watched_nth(const struct watched_run *run, const char *name, unsigned n);

#endif
