/* timing: what instructions and exceptions cost, for the loop that charges it and the picture of
 * the pipeline that shows it.
 *
 * One instruction takes one tick; what opcodes.def calls HILO waits until HI and LO are there. An
 * exception found in stage s of its victim kills the victim and the s - 1 younger ones behind it;
 * the vector is fetched in the next cycle: s issue slots are lost. No such figure was published for
 * the R2000 and R3000: it is a model, made of the five stages that are (Kane, ch. 1). Steps.def
 * says by its costs in which stage each check is made. The 4Kc takes all exceptions in its third
 * stage, M; from an interrupt to its vector it is 5 clocks at least (IDT 79RC32438 manual, ch. 2).
 */
#ifndef CPU_MIPS_TIMING_H
#define CPU_MIPS_TIMING_H

#include "cpu/mips/decode.h"
#include "cpu/mips/trap.h"

enum mips_stage { MIPS_IF = 1, MIPS_RD, MIPS_ALU, MIPS_MEM, MIPS_WB };

/* The stage that takes the exception: `step` is its first TRACE_STEP, a check. */
static inline enum mips_stage mips_stage_of(const struct mips_model *model, enum mips_step step)
{
    return (enum mips_stage)(model->exception_stage != 0 ? model->exception_stage
                                                         : mips_steps[step].cost);
}

/* Ticks from the instruction that failed to the handler's first. */
static inline unsigned mips_entry_ticks(const struct mips_model *model, enum mips_step step)
{
    return step == MIPS_STEP_INTERRUPT && model->interrupt_ticks != 0
               ? model->interrupt_ticks
               : (unsigned)mips_stage_of(model, step);
}

/* Ticks of any micro-step. */
static inline unsigned mips_step_ticks(const struct mips_model *model, enum mips_step step)
{
    bool entry = step >= MIPS_STEP_FETCH_ALIGNED && step <= MIPS_STEP_DATA_ANSWERED;
    return entry ? mips_entry_ticks(model, step) : mips_steps[step].cost;
}

/* Ticks from an instruction to the next: of RFE and ERET their first step takes all. */
static inline unsigned mips_insn_ticks(const struct mips_insn *insn)
{
    switch (insn->row) {
    case MIPS_ROW_OPERATION_0x10: return mips_steps[MIPS_STEP_RFE_STATUS].cost;
    case MIPS_ROW_OPERATION_0x18: return mips_steps[MIPS_STEP_ERET_LEVEL].cost;
    default: return insn->ticks;
    }
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
