/* pipeline: a stretch of a MIPS machine's life as the stages of its pipeline show it. */
#ifndef DEBUGGER_MIPS_PIPELINE_H
#define DEBUGGER_MIPS_PIPELINE_H

#include "cpu/mips/pipeline.h"
#include "debugger/session.h"

#define PIPELINE_MOST   100u  /* instructions that are shown */
#define PIPELINE_ISSUES 1024u /* with those in front, and the squashed */
#define PIPELINE_STEPS  1024u
#define PIPELINE_SYMBOL 64u

struct pipeline_view {
    const struct mips *cpu;
    struct timeline_position moment; /* in the middle of it */
    char next[160]; /* what was never done: the instruction at the moment; "" = it was */
    struct mips_log log;
    size_t first; /* issue that is shown; what stands before only explains */
    ticks ready;  /* HI and LO of the time before the list */
    bool begun;
    uint64_t from, shown, end; /* counts of the processor: recorded, shown, and no more */
    struct mips_issue issue[PIPELINE_ISSUES];
    struct mips_passage passage[PIPELINE_ISSUES];
    char symbol[PIPELINE_ISSUES][PIPELINE_SYMBOL]; /* "write+4"; "" = unknown */
    struct trace_event step[PIPELINE_STEPS];       /* of exceptions */
    size_t steps;
};

/* As a table and in words, or as JSON. */
void pipeline_say(struct session *session, const struct pipeline_view *view);

#endif
