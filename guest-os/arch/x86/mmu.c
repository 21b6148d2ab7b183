/*
 * Paging. Every address space maps all memory at KERNBASE, for ring 0 only, through the same
 * second-level tables; below KERNBASE it is the process's own (kernel/vm.c).
 */
#include "arch/x86/board.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/defs.h"

enum {
    ENTRIES = 1024,
    SLOT_SIZE = ENTRIES * PAGE_SIZE,
    KERNEL_SLOT = KERNBASE / SLOT_SIZE,
};

extern char kernel_data[], kernel_end[];

/* Of a device's registers: they are neither kept in a cache nor written late. SDM vol. 3, 4.9. */
enum { PTE_UNCACHED = 0x18 };

/* The kernel's own. entry.S reads it. */
pte_t kernel_directory[ENTRIES] __attribute__((aligned(4096)));
static pte_t kernel_table[MAX_MEMORY / PAGE_SIZE] __attribute__((aligned(4096)));

static uint32_t physical(const void *p)
{
    return (uint32_t)(uintptr_t)p - KERNBASE;
}

/*
 * Build the kernel's own address space, with all memory below `top` (at most MAX_MEMORY) in it,
 * and switch to it. Kernel code and constants are read-only from now on.
 */
void mmu_map_memory(uint32_t top)
{
    uint32_t read_only_start = 0x100000;
    uint32_t read_only_end = physical(kernel_data);

    for (uint32_t i = 0; i < top / PAGE_SIZE; i++)
        kernel_table[i] = i * PAGE_SIZE | PTE_PRESENT | PTE_WRITE;
    for (uint32_t pa = read_only_start; pa < read_only_end; pa += PAGE_SIZE)
        kernel_table[pa / PAGE_SIZE] &= ~PTE_WRITE;
    for (uint32_t pa = 0; pa < top; pa += SLOT_SIZE)
        kernel_directory[KERNEL_SLOT + pa / SLOT_SIZE] =
            physical(&kernel_table[pa / PAGE_SIZE]) | PTE_PRESENT | PTE_WRITE;
    write_cr3(physical(kernel_directory));
}

/*
 * Let the kernel see a device where it lies, in the last 20 MiB of addresses. Once, before there
 * are other address spaces.
 */
void mmu_map_device(uint32_t address)
{
    static pte_t table[ENTRIES] __attribute__((aligned(4096)));

    table[address / PAGE_SIZE % ENTRIES] =
        (address & ~(PAGE_SIZE - 1)) | PTE_PRESENT | PTE_WRITE | PTE_UNCACHED;
    kernel_directory[address / SLOT_SIZE] = physical(table) | PTE_PRESENT | PTE_WRITE;
}

/* Take one page out of the kernel's map: whoever strays there shall fault. */
void mmu_unmap(uintptr_t page)
{
    kernel_table[physical((void *)page) / PAGE_SIZE] = 0;
    mmu_forget(page);
}

void mmu_init_top(pte_t *top)
{
    memset(top, 0, KERNEL_SLOT * sizeof *top);
    memcpy(top + KERNEL_SLOT, kernel_directory + KERNEL_SLOT,
           (ENTRIES - KERNEL_SLOT) * sizeof *top);
}

/* Loading cr3 empties the TLB. */
void mmu_load(pte_t *top)
{
    write_cr3(physical(top ? top : kernel_directory));
}

void mmu_forget(uint32_t va)
{
    __asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

void mmu_forget_all(void)
{
    write_cr3(read_cr3());
}

/* Nothing is remembered of an address space that is not in use. */
void mmu_outdated(pte_t *top, unsigned cpu)
{
    (void)top, (void)cpu;
}
