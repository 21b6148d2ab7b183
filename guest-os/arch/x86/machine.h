/* What kernel/arch.h needs to know of the x86 while compiling. */
#ifndef X86_MACHINE_H
#define X86_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/* Signals that Linux numbers otherwise on other processors. */
enum { SIGBUS = 7, SIGCHLD = 17 };

#define KERNBASE  0x80000000u
#define PAGE_SIZE 4096u

/* A page table entry; the same at both levels. Intel SDM vol. 3, 4.3, "32-bit paging". */
typedef uint32_t pte_t;
#define PTE_PRESENT      0x001u
#define PTE_WRITE        0x002u
#define PTE_USER         0x004u
#define PTE_COW          0x200u /* one of the three bits that the processor leaves to software */
#define PTE_FRAME(entry) ((entry)&0xfffff000u)
#define PTE_TABLE        (PTE_PRESENT | PTE_WRITE | PTE_USER)
#define PTE_USER_PAGE    (PTE_PRESENT | PTE_USER)

/*
 * What swtch() saves, lowest address first. The caller of swtch() has saved the other registers.
 * fs and gs are here because the kernel never uses them: user values stay in them all the time
 * and are exchanged only when another process gets the processor.
 */
struct context {
    uint32_t gs;
    uint32_t fs;
    uint32_t edi;
    uint32_t esi;
    uint32_t ebx;
    uint32_t ebp;
    uint32_t eip;
};

static inline void intr_on(void)
{
    __asm__ volatile("sti" ::: "memory");
}

static inline void intr_off(void)
{
    __asm__ volatile("cli" ::: "memory");
}

static inline bool intr_enabled(void)
{
    uint32_t eflags;

    __asm__ volatile("pushfl; popl %0" : "=r"(eflags));
    return eflags & 0x200;
}

static inline uintptr_t stack_pointer(void)
{
    uintptr_t esp;

    __asm__("movl %%esp, %0" : "=r"(esp));
    return esp;
}

/* xchg with memory locks the bus. Intel SDM vol. 3, 8.1.2.1. */
static inline uint32_t exchange(volatile uint32_t *word, uint32_t value)
{
    __asm__ volatile("xchgl %0, %1" : "+r"(value), "+m"(*word) : : "memory");
    return value;
}

#endif
