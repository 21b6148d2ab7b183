/* stepping: when a step over source lines, calls and system calls is over. */
#ifndef DEBUGGER_STEPPING_H
#define DEBUGGER_STEPPING_H

#include "debugger/session.h"

enum stepping_way {
    STEP_INTO, /* stops in called functions too */
    STEP_OVER, /* stops in this frame, or in one that it returns to */
    STEP_OUT,  /* stops when this frame has returned */
};

struct stepping {
    struct session *session;
    enum stepping_way way;
    bool forward_only; /* until: not at a line above the present one */
    bool instructions; /* nexti: every instruction of the frame counts as a line */

    /* Where it began. */
    const struct line_row *row; /* NULL = code without lines */
    struct image *image;
    uint32_t pc;
    uint32_t cfa;   /* 0 = unknown */
    uint32_t space; /* of the process, else the present one */
    unsigned privilege;
    uint32_t process; /* of the kernel's structure; 0 = unknown */
    int64_t pid;
    struct image *program; /* that the process runs in that space */
    uint32_t other_space;  /* and before or behind an exec, in another one */
    struct image *other_program;
    uint32_t function[SESSION_FRAMES]; /* where the functions of the frames begin */
    unsigned functions;

    /* STEP_OUT */
    uint32_t return_pc;
    uint32_t return_sp;
    bool return_to_user;

    /* A trap that the line did not ask for (an interrupt, a page fault) is passed over: until the
     * CPU is back at this place. */
    bool away;
    bool away_fault; /* ... and then the same instruction begins again */
    uint32_t away_pc, away_sp, away_space;
    unsigned away_privilege;
    bool looking;  /* the CPU is in the kernel: all that follows is looked at */
    bool ended;    /* the process is gone; the step ends where that was noticed */
    bool replaced; /* the process runs another program now (exec) */

    /* As cpu_observer has it: where lines begin, and what else matters; and what is given to it. */
    uint8_t filter[8192];
    uint8_t live[8192];

    /* Backwards: the line that was seen before. */
    const struct line_row *before;
    int before_level;
};

/* At the present, for the selected frame when `way` is STEP_OUT. False = not possible; said why. */
bool stepping_begin(struct stepping *stepping, struct session *session, enum stepping_way way);
/* STEP_OUT: has the frame returned, at pc? */
bool stepping_returned(struct stepping *stepping, uint32_t pc);
/* Steps once, forwards or to the last place where such a step would have ended. */
void stepping_run(struct stepping *stepping);
void stepping_run_back(struct stepping *stepping);

#endif
