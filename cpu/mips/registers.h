/* registers: the debugger's names for what is in struct mips_state. */
#ifndef CPU_MIPS_REGISTERS_H
#define CPU_MIPS_REGISTERS_H

#include "cpu/mips/mips.h"

/* cpu_ops.registers of each model, reg_get, reg_set */
extern const struct cpu_register mips_r3000_registers[], mips_mips32_registers[];
bool mips_register_get(const struct cpu *cpu, unsigned number, uint64_t *out);
bool mips_register_set(struct cpu *cpu, unsigned number, uint64_t value);

#endif
