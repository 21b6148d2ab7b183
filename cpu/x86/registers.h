/* registers: the debugger's names for what is in struct x86_state. */
#ifndef CPU_X86_REGISTERS_H
#define CPU_X86_REGISTERS_H

#include "cpu/x86/x86.h"

extern const struct cpu_register x86_registers[];

bool x86_register_get(const struct cpu *cpu, unsigned number, uint64_t *out);
/* False: no such register, a value it cannot hold, or in the middle of a delivery. */
bool x86_register_set(struct cpu *cpu, unsigned number, uint64_t value);

#endif
