/* pipe: instructions on their way through the stages of a pipeline, as plain data: what `pipeline`
 * answers, for pictures. */
#ifndef DEBUGGER_GUI_PIPE_H
#define DEBUGGER_GUI_PIPE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "emu/base/clock.h"

#define PIPE_ROWS   24u
#define PIPE_STAGES 5u
#define PIPE_NONE   UINT32_MAX

struct pipe_stage {
    ticks tick, ticks; /* when it is entered, how long it takes */
    char name[4];      /* "ALU" */
};

struct pipe_row {
    uint32_t address;
    char text[40];     /* "lw $v0, 8($sp)" */
    bool slot;         /* in that of a branch */
    bool trapped;      /* found in its last stage: the exception that kills it */
    bool squashed;     /* behind one, in the pipeline with it */
    char exception[8]; /* "TLBL" */
    unsigned lost;     /* ticks */
    struct pipe_stage stage[PIPE_STAGES];
    unsigned stages;
};

struct pipe {
    struct pipe_row row[PIPE_ROWS];
    unsigned rows;
    unsigned victim; /* the last row that is trapped; PIPE_NONE = none */
};

/* `before`: so many rows in front of the trapped one are wanted at most. */
void pipe_read(const json_t *answer, unsigned before, struct pipe *pipe);

/* The squashed behind the victim. */
unsigned pipe_squashed(const struct pipe *pipe);

#endif
