/* What kernel/arch.h needs to know of the MIPS processor (an R3000) while compiling. */
#ifndef MIPS_MACHINE_H
#define MIPS_MACHINE_H

#include "arch/mips/cp0.h"
#include "arch/mips/model.h"

#include <stdbool.h>
#include <stdint.h>

#define KERNBASE  0x80000000u /* kseg0: unmapped, through the cache */
#define PAGE_SIZE 4096u

/*
 * A page table entry; the same at both levels. It is what the TLB wants (for a MIPS32: shifted by
 * 6), so that the refill handler has nothing to do but load it; the low bits never get there.
 */
typedef uint32_t pte_t;
#define PTE_PRESENT      (model->present)
#define PTE_WRITE        (model->write)
#define PTE_COW          0x001u
#define PTE_FRAME(entry) ((entry)&0xfffff000u)
#define PTE_TABLE        PTE_PRESENT
#define PTE_USER         0u /* user or kernel: the address decides */
#define PTE_USER_PAGE    PTE_PRESENT

/* What swtch() saves, lowest address first. The caller of swtch() has saved the other registers. */
struct context {
    uint32_t s[8];
    uint32_t s8;
    uint32_t ra;
};

static inline void intr_on(void)
{
    cp0_set_status(cp0_status() | STATUS_IEC);
}

static inline void intr_off(void)
{
    cp0_set_status(cp0_status() & ~STATUS_IEC);
}

static inline bool intr_enabled(void)
{
    return cp0_status() & STATUS_IEC;
}

#endif
