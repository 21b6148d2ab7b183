/* The Linux path on MIPS: what the trap handler calls. */
#ifndef ABI_LINUX_MIPS_H
#define ABI_LINUX_MIPS_H

#include <stdbool.h>

struct trapframe;

void linux_trap(struct trapframe *tf);
bool linux_emulate(struct trapframe *tf);

#endif
