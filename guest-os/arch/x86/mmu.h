/* Segments: the selectors of the descriptor table that seg.c fills. C and assembly read this. */
#ifndef X86_MMU_H
#define X86_MMU_H

#define SEG_KCODE 1 /* kernel code */
#define SEG_KDATA 2 /* kernel data and stack */
#define SEG_UCODE 3 /* user code */
#define SEG_UDATA 4 /* user data and stack */
#define SEG_TSS   5 /* where the processor finds the kernel stack */
#define SEG_DFTSS 6 /* task that tells of a double fault */
#define SEG_TLS   7 /* and the next two: thread-local storage of the Linux path */
#define NSEGS     10

#define DPL_USER 3

#endif
