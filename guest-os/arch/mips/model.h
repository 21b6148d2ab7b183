/*
 * What the kernel must know of the processor that it runs on: an R3000, or a MIPS32 (Release 1),
 * whose Status, TLB and exception vectors are others. exception.S has the handlers of both.
 */
#ifndef MIPS_MODEL_H
#define MIPS_MODEL_H

#include <stdint.h>

struct model {
    /* In a page table entry: it may be used; it may be written too. */
    uint32_t present;
    uint32_t write;
    /* In a saved Status: the bit that says that a program was interrupted; all of a program's but
     * for the interrupt mask. */
    uint32_t user;
    uint32_t user_status;
    /* The TLB: entries, bytes that one of them maps, and where numbers stand in EntryHi and Index.
     */
    uint32_t tlb_entries;
    uint32_t tlb_bytes;
    uint32_t asid_shift;
    uint32_t index_shift;
    /* Where the number of the processor stands in Context. */
    uint32_t context_cpu_shift;
    /* Where the first swtch() to a process arrives. */
    void (*process_begin)(void);
};

/* model.c */
extern const struct model *model;
void model_init(void);

#endif
