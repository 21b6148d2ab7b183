/* timing: what instructions and exceptions cost, for the loop that charges it and the picture of
 * the pipeline that shows it.
 *
 * One instruction takes one tick; what opcodes.def calls HILO waits until HI and LO are there. An
 * exception found in stage s of its victim kills the victim and the s - 1 younger ones behind it;
 * the vector is fetched in the next cycle: s issue slots are lost. No such figure was published for
 * the R2000 and R3000: it is a model, made of the five stages that are (Kane, ch. 1). Steps.def
 * says by its costs in which stage each check is made. */
#ifndef CPU_MIPS_TIMING_H
#define CPU_MIPS_TIMING_H

#include "cpu/mips/decode.h"
#include "cpu/mips/trap.h"

enum mips_stage { MIPS_IF = 1, MIPS_RD, MIPS_ALU, MIPS_MEM, MIPS_WB };

/* The stage that makes the check: `step` is the first TRACE_STEP of an exception. */
static inline enum mips_stage mips_stage_of(enum mips_step step)
{
    return (enum mips_stage)mips_steps[step].cost;
}

/* Ticks from the instruction that failed to the handler's first. */
static inline unsigned mips_entry_ticks(enum mips_step step)
{
    return (unsigned)mips_stage_of(step);
}

/* Ticks from the beginning of an instruction until its HI and LO are there; 0: it makes none. */
static inline unsigned mips_hilo_ticks(const struct mips_model *model, const struct mips_insn *insn)
{
    switch (insn->row) {
    case MIPS_ROW_SPECIAL_0x18:
    case MIPS_ROW_SPECIAL_0x19:
    case MIPS_ROW_SPECIAL2_0x00:
    case MIPS_ROW_SPECIAL2_0x01:
    case MIPS_ROW_SPECIAL2_0x02:
    case MIPS_ROW_SPECIAL2_0x04:
    case MIPS_ROW_SPECIAL2_0x05: return model->multiply_ticks;
    case MIPS_ROW_SPECIAL_0x1a:
    case MIPS_ROW_SPECIAL_0x1b: return model->divide_ticks;
    default: return 0;
    }
}

#endif
