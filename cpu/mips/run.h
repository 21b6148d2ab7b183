/* run: the loop: one instruction after another, with a look at each boundary at what waits. */
#ifndef CPU_MIPS_RUN_H
#define CPU_MIPS_RUN_H

#include "cpu/mips/decode.h"
#include "cpu/mips/mips.h"

/* cpu_ops.run */
enum cpu_stop mips_run(struct cpu *cpu, struct cpu_limit limit);

/* Where execution goes on behind `slot`, which comes behind the instruction at pc: the target when
 * that is a branch that jumps, with the registers as they are. */
uint32_t mips_behind_slot(const struct mips *c, uint32_t pc, uint32_t slot,
                          const struct mips_insn *insn);

#endif
