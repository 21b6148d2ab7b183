/*
 * Segments. Turnstile does not use them to separate programs, paging does that; but the x86
 * keeps the privilege level in them, and finds the kernel's stack through one of them.
 * All four code and data segments are flat: base 0, limit 4 GiB.
 */
#include "arch/x86/board.h"
#include "arch/x86/mmu.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

/* Task state segment, Intel SDM vol. 3, figure 7-2. */
struct tss {
    uint32_t link;
    uint32_t esp0; /* the kernel stack, for traps from ring 3 */
    uint32_t ss0;
    uint32_t unused1[4];
    uint32_t cr3;
    uint32_t eip;
    uint32_t eflags;
    uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
    uint32_t es, cs, ss, ds, fs, gs;
    uint32_t ldt;
    uint16_t trace;
    uint16_t io_map; /* at or behind the limit: no port is open to ring 3 */
};

_Static_assert(sizeof(struct tss) == 104, "as the processor lays it out");

enum { CODE = 0x9a, DATA = 0x92, TSS_FREE = 0x89, FLAGS_4K_32BIT = 0xc };

/* What each processor has for itself. */
static struct segments {
    uint64_t gdt[NSEGS];
    struct tss tss;
    struct tss double_fault_tss;
} segments[NCPU];

static char double_fault_stack[4096]; /* for whoever is first: the kernel ends there */

/* A descriptor. `access` is its byte 5, `flags` the high half of byte 6. SDM vol. 3, 3.4.5. */
static uint64_t descriptor(uint32_t base, uint32_t limit, uint32_t access, uint32_t flags)
{
    return (limit & 0xffff) | (uint64_t)(base & 0xffffff) << 16 | (uint64_t)access << 40 |
           (uint64_t)(limit >> 16 & 0xf) << 48 | (uint64_t)flags << 52 |
           (uint64_t)(base >> 24) << 56;
}

static uint64_t tss_descriptor(struct tss *t)
{
    return descriptor((uint32_t)(uintptr_t)t, sizeof *t - 1, TSS_FREE, 0);
}

/*
 * A task of its own: the kernel stack is what a double fault most often has lost. The task
 * switch has saved in `tss` where the processor was, whose number the task has in eax.
 */
__attribute__((regparm(1))) static void double_fault(uint32_t cpu)
{
    const struct tss tss = segments[cpu].tss;

    panic("double fault at eip 0x%x, esp 0x%x, address 0x%x", tss.eip, tss.esp, read_cr2());
}

static void load(const void *table, uint32_t size)
{
    struct {
        uint16_t limit;
        uint32_t base;
    } __attribute__((packed)) register_value = {(uint16_t)(size - 1), (uint32_t)(uintptr_t)table};

    __asm__ volatile("lgdt %0\n\t"
                     "ljmp %1, $1f\n"
                     "1:\n\t"
                     "movw %w2, %%ds\n\t"
                     "movw %w2, %%es\n\t"
                     "movw %w2, %%ss\n\t"
                     "movw %w3, %%fs\n\t"
                     "movw %w3, %%gs\n\t"
                     "ltr %w4"
                     :
                     : "m"(register_value), "i"(SEG_KCODE << 3), "r"(SEG_KDATA << 3), "r"(0),
                       "r"(SEG_TSS << 3)
                     : "memory");
}

/* This processor's. */
void seg_init(void)
{
    uint32_t cpu = mycpu()->number;
    struct segments *own = &segments[cpu];

    own->gdt[SEG_KCODE] = descriptor(0, 0xfffff, CODE, FLAGS_4K_32BIT);
    own->gdt[SEG_KDATA] = descriptor(0, 0xfffff, DATA, FLAGS_4K_32BIT);
    own->gdt[SEG_UCODE] = descriptor(0, 0xfffff, CODE | DPL_USER << 5, FLAGS_4K_32BIT);
    own->gdt[SEG_UDATA] = descriptor(0, 0xfffff, DATA | DPL_USER << 5, FLAGS_4K_32BIT);
    own->gdt[SEG_TSS] = tss_descriptor(&own->tss);
    own->gdt[SEG_DFTSS] = tss_descriptor(&own->double_fault_tss);

    own->tss.ss0 = SEG_KDATA << 3;
    own->tss.io_map = sizeof own->tss;
    own->double_fault_tss = (struct tss){
        .cr3 = read_cr3(),
        .eip = (uint32_t)(uintptr_t)double_fault,
        .eflags = 2,
        .eax = cpu,
        .esp = (uint32_t)(uintptr_t)(double_fault_stack + sizeof double_fault_stack - 4),
        .cs = SEG_KCODE << 3,
        .ds = SEG_KDATA << 3,
        .es = SEG_KDATA << 3,
        .ss = SEG_KDATA << 3,
        .io_map = sizeof own->double_fault_tss,
    };
    load(own->gdt, sizeof own->gdt);
}

/* Traps from ring 3 on this processor shall start with this stack pointer. */
void seg_set_kernel_stack(uint32_t esp)
{
    segments[mycpu()->number].tss.esp0 = esp;
}

/* The descriptor of a program's own data segment. */
uint64_t seg_tls(uint32_t base, uint32_t limit, bool writable, bool wide, bool in_pages)
{
    enum { WRITABLE = 0x02, WIDE = 4, IN_PAGES = 8 };

    return descriptor(base, limit, (writable ? DATA : DATA & ~WRITABLE) | DPL_USER << 5,
                      (wide ? WIDE : 0u) | (in_pages ? IN_PAGES : 0u));
}

/*
 * The thread that runs on this processor, or is about to, has these. 0: none, and no selector may
 * choose it.
 */
void seg_set_tls(const uint64_t descriptors[NSEGS - SEG_TLS])
{
    bool were_on = intr_save();

    for (int i = 0; i < NSEGS - SEG_TLS; i++)
        segments[mycpu()->number].gdt[SEG_TLS + i] = descriptors[i];
    intr_restore(were_on);
}
