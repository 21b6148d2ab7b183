/*
 * The TLB. The processor knows nothing of page tables: mips_utlb_handler walks those of the running
 * process, which mmu_table points to, and what it loads carries the process's address space number
 * (ASID), so that a switch leaves the entries of others where they are.
 *
 * The kernel half of a top-level table is of no use here: kseg0 needs no map. Its first entries,
 * one a processor, keep the numbers instead, with the generation in which each was given. When the
 * numbers have run out the TLB is emptied and a new generation begins.
 */
#include "arch/mips/board.h"
#include "arch/mips/cp0.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

enum { ENTRIES = 1024, NUMBER = KERNBASE / PAGE_SIZE / ENTRIES };

/* By processor: the table of what runs there. Read by mips_utlb_handler. */
pte_t *mmu_table[NCPU];

static pte_t nothing[ENTRIES] __attribute__((aligned(4096)));

/* By processor: the number given last; its generation is in the bits above. */
static uint32_t last[NCPU];

static uint32_t number_of(const pte_t *top)
{
    return top[NUMBER + mycpu()->number];
}

static uint32_t asid_of(const pte_t *top)
{
    return number_of(top) % ASIDS << model->asid_shift;
}

/* An entry that no address matches: in kseg0, which the TLB is not asked for. */
static void clear_entry(uint32_t index)
{
    cp0_set_entryhi(KERNBASE + index * model->tlb_bytes);
    cp0_set_entrylo(0);
    if (model->tlb_bytes > PAGE_SIZE)
        cp0_set_entrylo1(0);
    cp0_set_index(index << model->index_shift);
    tlb_write_indexed();
}

static void clear_all(void)
{
    for (uint32_t i = 0; i < model->tlb_entries; i++)
        clear_entry(i);
}

/* This processor's TLB and tables. */
void mmu_init(void)
{
    uint32_t cpu = mycpu()->number;

    cp0_set_context(cpu << model->context_cpu_shift);
    last[cpu] = ASIDS;
    clear_all();
    mmu_load(NULL);
}

void mmu_init_top(pte_t *top)
{
    memset(top, 0, PAGE_SIZE);
}

/* A number that no entry of this TLB carries. Number 0 is that of `nothing`. */
static uint32_t new_number(void)
{
    uint32_t *number = &last[mycpu()->number];

    if (++*number % ASIDS == 0) {
        ++*number;
        clear_all();
    }
    return *number;
}

void mmu_load(pte_t *top)
{
    uint32_t cpu = mycpu()->number;

    if (!top)
        top = nothing;
    else if (number_of(top) / ASIDS != last[cpu] / ASIDS)
        top[NUMBER + cpu] = new_number();
    mmu_table[cpu] = top;
    cp0_set_entryhi(asid_of(top));
}

/* It gets a new number when it is used there again. */
void mmu_outdated(pte_t *top, unsigned cpu)
{
    top[NUMBER + cpu] = 0;
}

void mmu_forget(uint32_t va)
{
    bool were_on = intr_save();
    uint32_t asid;
    uint32_t index;

    asid = asid_of(mmu_table[mycpu()->number]);
    cp0_set_entryhi((va & ~(model->tlb_bytes - 1)) | asid);
    tlb_probe();
    index = cp0_index();
    if (!(index & INDEX_MISSED))
        clear_entry(index >> model->index_shift);
    cp0_set_entryhi(asid);
    intr_restore(were_on);
}

void mmu_forget_all(void)
{
    bool were_on = intr_save();
    uint32_t asid;

    asid = asid_of(mmu_table[mycpu()->number]);
    for (uint32_t i = 0; i < model->tlb_entries; i++) {
        cp0_set_index(i << model->index_shift);
        tlb_read();
        if (((cp0_entryhi() ^ asid) & (ASIDS - 1) << model->asid_shift) == 0)
            clear_entry(i);
    }
    cp0_set_entryhi(asid);
    intr_restore(were_on);
}
