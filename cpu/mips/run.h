/* run: the loop: one instruction after another, with a look at each boundary at what waits. */
#ifndef CPU_MIPS_RUN_H
#define CPU_MIPS_RUN_H

#include "cpu/mips/mips.h"

/* cpu_ops.run */
enum cpu_stop mips_run(struct cpu *cpu, struct cpu_limit limit);

#endif
