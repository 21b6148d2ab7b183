/*
 * The TLB. The processor knows nothing of page tables: mips_utlb_handler walks those of the running
 * process, which mmu_table points to, and what it loads carries the process's address space number
 * (ASID), so that a switch leaves the entries of others where they are.
 *
 * The kernel half of a top-level table is of no use here: kseg0 needs no map. Its first entry keeps
 * the number instead, with the generation in which it was given. When the numbers have run out the
 * TLB is emptied and a new generation begins.
 */
#include "arch/mips/board.h"
#include "arch/mips/cp0.h"
#include "kernel/arch.h"
#include "kernel/defs.h"

enum { ENTRIES = 1024, NUMBER = KERNBASE / PAGE_SIZE / ENTRIES };

/* Read by mips_utlb_handler. */
pte_t *mmu_table;

static pte_t nothing[ENTRIES] __attribute__((aligned(4096)));
static uint32_t last = ASIDS; /* the number given last; its generation is in the bits above */

static uint32_t asid_of(const pte_t *top)
{
    return top[NUMBER] % ASIDS << model->asid_shift;
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

void mmu_init(void)
{
    clear_all();
    mmu_switch(NULL);
}

void mmu_init_top(pte_t *top)
{
    memset(top, 0, PAGE_SIZE);
}

/* A number that no entry of the TLB carries. Number 0 is that of `nothing`. */
static uint32_t new_number(void)
{
    last++;
    if (last % ASIDS == 0) {
        last++;
        clear_all();
    }
    return last;
}

void mmu_switch(pte_t *top)
{
    bool were_on = intr_enabled();

    intr_off();
    if (!top)
        top = nothing;
    else if (top[NUMBER] / ASIDS != last / ASIDS)
        top[NUMBER] = new_number();
    mmu_table = top;
    cp0_set_entryhi(asid_of(top));
    if (were_on)
        intr_on();
}

void mmu_forget(uint32_t va)
{
    bool were_on = intr_enabled();
    uint32_t asid = asid_of(mmu_table);
    uint32_t index;

    intr_off();
    cp0_set_entryhi((va & ~(model->tlb_bytes - 1)) | asid);
    tlb_probe();
    index = cp0_index();
    if (!(index & INDEX_MISSED))
        clear_entry(index >> model->index_shift);
    cp0_set_entryhi(asid);
    if (were_on)
        intr_on();
}

static void forget_all(void)
{
    bool were_on = intr_enabled();
    uint32_t asid = asid_of(mmu_table);

    intr_off();
    for (uint32_t i = 0; i < model->tlb_entries; i++) {
        cp0_set_index(i << model->index_shift);
        tlb_read();
        if (((cp0_entryhi() ^ asid) & (ASIDS - 1) << model->asid_shift) == 0)
            clear_entry(i);
    }
    cp0_set_entryhi(asid);
    if (were_on)
        intr_on();
}

void mmu_change(pte_t *top)
{
    (void)top;
}

void mmu_changed(pte_t *top, uint32_t va)
{
    if (mmu_table != top)
        return;
    if (va == MMU_ALL)
        forget_all();
    else
        mmu_forget(va);
}
