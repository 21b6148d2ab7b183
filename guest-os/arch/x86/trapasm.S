/* The way into the C code from every trap, and the way out. */
#include "mmu.h"

/*
 * At this point the stack holds, from the top down: what the processor pushed, an error code
 * (the processor's, or 0 from the vector stub), the vector number. Interrupts are off, except
 * for a system call. Segment registers ds and es are still the program's.
 */
        .globl alltraps
alltraps:
        pushl %ds
        pushl %es
        pushal                          # now esp points at a struct trapframe

        movw $(SEG_KDATA << 3), %ax
        movw %ax, %ds
        movw %ax, %es
        cld                             # C expects it; the program may have set it

        pushl %esp                      # trap(tf)
        call trap
        addl $4, %esp

/* Back to the program. A new process starts its life here. */
        .globl trapret
trapret:
        popal
        popl %es
        popl %ds
        addl $8, %esp                   # vector number and error code
        iret
