/* pipeline: which instruction was in which of the five stages in which tick, worked out from what
 * was executed and from timing.h; it adds nothing to what the clock charged.
 *
 * An instruction begins, by the clock, in the last tick of its first stage. One goes into each
 * stage a tick, but for:
 * - HI and LO not ready (timing.h): the instruction that wants them is held in the second stage,
 * the one behind it in the first; the older ones go on. That is what the 4Kc does with every
 * interlock (IDT 79RC32438 manual, 2-17, slips); an R3000 may halt the older ones too, in the same
 * ticks.
 * - ERET: what was fetched behind it is squashed; it has no slot.
 * - an exception: its victim dies in the stage that found it, and so do the younger ones, one in
 * each stage behind; the vector comes into the first stage when the entry's ticks are over. What
 * was killed never retired, so nobody recorded it: mips_younger says what was fetched. */
#ifndef CPU_MIPS_PIPELINE_H
#define CPU_MIPS_PIPELINE_H

#include <stddef.h>

#include "cpu/mips/timing.h"

enum mips_issue_end {
    MIPS_RETIRED,
    MIPS_TRAPPED,  /* the victim of an exception */
    MIPS_SQUASHED, /* behind one, in the pipeline with it */
};

/* One instruction that was begun. The squashed ones stand right behind their victim. */
struct mips_issue {
    ticks tick;     /* of the clock when it began */
    uint64_t count; /* what the machine had completed then: cpu_machine_count */
    uint32_t pc, word;
    bool readable;     /* word is what was there */
    bool in_slot;      /* ... of a branch */
    uint8_t end;       /* enum mips_issue_end */
    uint8_t exception; /* of a victim: enum mips_exception, */
    uint8_t cause;     /* enum mips_cause, */
    uint16_t step;     /* and the row of steps.def that found it */
};

#define MIPS_YOUNGER ((unsigned)MIPS_WB - 1) /* at most so many are squashed */

/* Keeps a record of all that a processor begins, from its observer's hooks, which see to it that
 * each is called: `before` from insn, `step` from micro. */
struct mips_log {
    struct mips_issue *issue;
    size_t used, room; /* what is beyond the room is dropped */
};
void mips_log_before(struct mips_log *log, const struct mips *c);
void mips_log_step(struct mips_log *log, const struct mips *c, const struct trace_event *event);

/* The `count` instructions that are fetched behind the one at s.pc, as the branch rules say, with
 * the registers as they are. */
void mips_younger(const struct mips *c, unsigned count, struct mips_issue *out);

#define MIPS_NO_MAKER SIZE_MAX

/* The way of one instruction through the pipeline. */
struct mips_passage {
    ticks enter[MIPS_WB + 1]; /* by enum mips_stage, of those it reached */
    ticks leave;              /* it is gone */
    uint8_t reached;          /* enum mips_stage */
    ticks waited;             /* held in the second stage for HI and LO, */
    size_t maker;             /* which this one of the list makes, or MIPS_NO_MAKER */
    ticks late; /* it began so much later than the rules say: the processor did nothing meanwhile */
    bool early; /* it began before the rules allow: never */
};

/* `ready`: tick at which HI and LO made before the list can be used. */
void mips_pipeline(const struct mips_model *model, const struct mips_issue *issue, size_t count,
                   ticks ready, struct mips_passage *out);

/* The stage that a passage is in at a tick; 0 = none. */
unsigned mips_stage_at(const struct mips_passage *passage, ticks tick);

/* "IF"; MIPS32, as the 4Kc: "I" */
const char *mips_stage_name(const struct mips_model *model, enum mips_stage stage);

#endif
