/* The "processor" of the tests that run parts of the kernel as a program on the host. */
#ifndef HOST_MACHINE_H
#define HOST_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#define KERNBASE  0x40000000u /* a place that sanitizers leave to the program */
#define PAGE_SIZE 4096u

typedef uint32_t pte_t;
#define PTE_PRESENT      0x001u
#define PTE_WRITE        0x002u
#define PTE_COW          0x200u
#define PTE_FRAME(entry) ((entry)&0xfffff000u)
#define PTE_TABLE        PTE_PRESENT
#define PTE_USER         0x004u
#define PTE_USER_PAGE    (PTE_PRESENT | PTE_USER)

struct context {
    int unused;
};

static inline void intr_on(void)
{
}

static inline void intr_off(void)
{
}

static inline bool intr_enabled(void)
{
    return false;
}

/* No stack of the kernel's: the tests that ask who runs have a struct thread_info here. */
extern char host_stack[];

static inline uintptr_t stack_pointer(void)
{
    return (uintptr_t)host_stack;
}

static inline uint32_t exchange(volatile uint32_t *word, uint32_t value)
{
    uint32_t before = *word;

    *word = value;
    return before;
}

#endif
