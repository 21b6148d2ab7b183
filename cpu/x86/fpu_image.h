/* fpu_image: the x87's environment as FSTENV, FLDENV, FSAVE and FRSTOR lay it out in memory. */
#ifndef CPU_X86_FPU_IMAGE_H
#define CPU_X86_FPU_IMAGE_H

#include "cpu/x86/fpu.h"

/* `wide`: 28 bytes, of a 32-bit operand; else 14. `real`: real and V86 mode's pointers. Each
 * answers how many bytes it wrote or read. */
unsigned x86_fpu_put_environment(const struct x86_fpu *fpu, bool wide, bool real, uint8_t *to);
unsigned x86_fpu_get_environment(struct x86_fpu *fpu, bool wide, bool real, const uint8_t *from);

/* Two bits a register, by its own number: 0 valid, 1 zero, 2 special, 3 empty. */
uint16_t x86_fpu_tags(const struct x86_fpu *fpu);

#endif
