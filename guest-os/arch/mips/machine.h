/* What kernel/arch.h needs to know of the MIPS processor (an R3000) while compiling. */
#ifndef MIPS_MACHINE_H
#define MIPS_MACHINE_H

#include "arch/mips/cp0.h"
#include "arch/mips/model.h"

#include <stdbool.h>
#include <stdint.h>

/* Signals that Linux numbers otherwise on other processors. */
enum { SIGBUS = 10, SIGCHLD = 18 };

#define KERNBASE  0x80000000u /* kseg0: unmapped, through the cache */
#define PAGE_SIZE 4096u

/*
 * A page table entry; the same at both levels. It is what the TLB wants (for a MIPS32: shifted by
 * 6), so that the refill handler has nothing to do but load it; the low bits never get there.
 */
typedef uint32_t pte_t;
#define PTE_PRESENT      0x002u /* a page is there: told to nobody but the kernel */
#define PTE_WRITE        (model->write)
#define PTE_COW          0x001u
#define PTE_FRAME(entry) ((entry)&0xfffff000u)
#define PTE_TABLE        (model->present)
#define PTE_USER         (model->present) /* the processor may use it: the address decides who */
#define PTE_USER_PAGE    (PTE_PRESENT | PTE_USER)

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

static inline uintptr_t stack_pointer(void)
{
    uintptr_t sp;

    __asm__("move %0, $sp" : "=r"(sp));
    return sp;
}

/* System/161's R3000 has ll and sc of the R4000, as every MIPS32 has. Kane, "MIPS RISC
 * Architecture". */
static inline uint32_t exchange(volatile uint32_t *word, uint32_t value)
{
    uint32_t before, done;

    __asm__ volatile(".set push; .set mips2; .set noreorder\n"
                     "1:  ll %0, %2\n"
                     "    move %1, %3\n"
                     "    sc %1, %2\n"
                     "    beqz %1, 1b\n"
                     "    nop\n"
                     ".set pop"
                     : "=&r"(before), "=&r"(done), "+m"(*word)
                     : "r"(value)
                     : "memory");
    return before;
}

#endif
