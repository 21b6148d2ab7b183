/*
 * Coprocessor 0: its registers and their bits, for C and for assembly. Kane, "MIPS RISC
 * Architecture", chapters 4 and 6; MIPS32 PRA (MD00090) for Release 1. The registers take effect
 * some instructions after they are written; each function here waits for that.
 */
#ifndef MIPS_CP0_H
#define MIPS_CP0_H

#define C0_INDEX    $0
#define C0_ENTRYLO  $2
#define C0_ENTRYLO1 $3 /* of a MIPS32, whose EntryLo0 is number 2 */
#define C0_CONTEXT  $4
#define C0_BADVADDR $8
#define C0_ENTRYHI  $10
#define C0_STATUS   $12
#define C0_CAUSE    $13
#define C0_EPC      $14
#define C0_PRID     $15

/* Status: interrupts enabled, and user mode; now, before the exception, and before that one. */
#define STATUS_IEC 0x01
#define STATUS_KUC 0x02
#define STATUS_IEP 0x04
#define STATUS_KUP 0x08
#define STATUS_IM2 0x400 /* lets the LAMEbus's interrupts in */
#define STATUS_IM3 0x800 /* those that another processor sends */
#define STATUS_IM  0xff00

/* The same of a MIPS32: interrupts enabled, exception and error level, user mode. */
#define STATUS_IE  0x01
#define STATUS_EXL 0x02
#define STATUS_ERL 0x04
#define STATUS_UM  0x10

#define ENTRYLO_DIRTY 0x400u /* may be written */
#define ENTRYLO_VALID 0x200u

/*
 * The same as a page table entry of a MIPS32 has them: 6 bits further up, so that shifted by 6 the
 * entry is what EntryLo0 or EntryLo1 wants. Present ones are cacheable (C = 3).
 */
#define MIPS32_PTE_SHIFT   6
#define MIPS32_PTE_WRITE   0x100u
#define MIPS32_PTE_PRESENT 0x680u

#define ASIDS 64 /* that the kernel uses; a MIPS32 has more */

#define INDEX_MISSED 0x80000000u /* tlbp found nothing */

/*
 * The kernel keeps the number of the processor in Context, in the bits that are not the hardware's:
 * shifted right by this, what is left is four times the number.
 */
#define CONTEXT_CPU_SHIFT        21
#define MIPS32_CONTEXT_CPU_SHIFT 23 /* the number itself */

/* Cause. */
#define CAUSE_IP2        0x400
#define CAUSE_IP3        0x800
#define CAUSE_DELAY_SLOT 0x80000000u
#define CAUSE_CODE_SHIFT 2
#define CAUSE_CODE_MASK  0x1f

#define EX_INTERRUPT     0
#define EX_MODIFIED      1
#define EX_TLB_LOAD      2
#define EX_TLB_STORE     3
#define EX_ADDRESS_LOAD  4
#define EX_ADDRESS_STORE 5
#define EX_BUS_FETCH     6
#define EX_BUS_DATA      7
#define EX_SYSCALL       8
#define EX_BREAK         9
#define EX_RESERVED      10
#define EX_COPROCESSOR   11
#define EX_OVERFLOW      12

#ifndef __ASSEMBLER__
#include <stdint.h>

#define CP0_READ(name, number)                                                                     \
    static inline uint32_t cp0_##name(void)                                                        \
    {                                                                                              \
        uint32_t value;                                                                            \
                                                                                                   \
        __asm__ volatile("mfc0 %0, $" #number "; nop" : "=r"(value));                              \
        return value;                                                                              \
    }

#define CP0_WRITE(name, number)                                                                    \
    static inline void cp0_set_##name(uint32_t value)                                              \
    {                                                                                              \
        __asm__ volatile("mtc0 %0, $" #number "; nop; nop" : : "r"(value) : "memory");             \
    }

CP0_READ(index, 0)
CP0_WRITE(index, 0)
CP0_WRITE(entrylo, 2)
CP0_WRITE(entrylo1, 3)
CP0_WRITE(context, 4)
CP0_READ(entryhi, 10)
CP0_WRITE(entryhi, 10)
CP0_READ(status, 12)
CP0_WRITE(status, 12)
CP0_READ(prid, 15)

#undef CP0_READ
#undef CP0_WRITE

static inline void tlb_probe(void)
{
    __asm__ volatile("tlbp; nop; nop" : : : "memory");
}

static inline void tlb_read(void)
{
    __asm__ volatile("tlbr; nop; nop" : : : "memory");
}

/* Stand still until a device asks for attention; go on also if interrupts are off. */
static inline void cpu_wait(void)
{
    __asm__ volatile(".set push; .set mips32; wait; .set pop; nop" : : : "memory");
}

static inline void tlb_write_indexed(void)
{
    __asm__ volatile("tlbwi; nop" : : : "memory");
}
#endif

#endif
