/* run: the loop: one instruction after another, with a look up at each boundary where something
 * may wait. */
#ifndef CPU_X86_RUN_H
#define CPU_X86_RUN_H

#include "cpu/x86/decode.h"

/* cpu_ops.run */
enum cpu_stop x86_run(struct cpu *cpu, struct cpu_limit limit);

/* What an INIT, and what a startup IPI, does at an instruction boundary; x86.c. */
void x86_initialize(struct x86 *c);
void x86_start(struct x86 *c);

/* The instruction at CS:EIP as the present mode decodes it; false: it faults. */
bool x86_fetch(struct x86 *c, struct x86_insn *insn);

#endif
