/* The two kinds of processor, and which one is here. */
#include "arch/mips/model.h"
#include "arch/mips/cp0.h"

/* What PRId says of the company that made the processor; 0 before MIPS32. */
#define PRID_COMPANY 0x00ff0000u

#define REFILL_VECTOR 0x80000000u

extern void process_begin(void), mips32_process_begin(void);
extern const char mips32_refill_handler[];

static const struct model r3000 = {
    .present = ENTRYLO_VALID,
    .write = ENTRYLO_DIRTY,
    .user = STATUS_KUP,
    .user_status = STATUS_KUP | STATUS_IEP,
    .tlb_entries = 64,
    .tlb_bytes = 4096,
    .asid_shift = 6,
    .index_shift = 8,
    .context_cpu_shift = CONTEXT_CPU_SHIFT + 2,
    .process_begin = process_begin,
};

static const struct model mips32 = {
    .present = MIPS32_PTE_PRESENT,
    .write = MIPS32_PTE_WRITE,
    .user = STATUS_UM,
    .user_status = STATUS_UM | STATUS_EXL | STATUS_IE,
    .tlb_entries = 16,
    .tlb_bytes = 8192,
    .asid_shift = 0,
    .index_shift = 0,
    .context_cpu_shift = MIPS32_CONTEXT_CPU_SHIFT,
    .process_begin = mips32_process_begin,
};

const struct model *model = &r3000;

/* A MIPS32 refills at the R3000's address: have the instructions there go to its own handler. */
static void redirect_refill(void)
{
    volatile uint32_t *vector = (volatile uint32_t *)REFILL_VECTOR;
    uint32_t target = (uint32_t)(uintptr_t)mips32_refill_handler;

    vector[0] = 0x08000000 | (target >> 2 & 0x03ffffff); /* j */
    vector[1] = 0;
}

void model_init(void)
{
    if (cp0_prid() & PRID_COMPANY) {
        model = &mips32;
        redirect_refill();
    }
}
