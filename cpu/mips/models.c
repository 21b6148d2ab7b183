/* models: what one MIPS has that another has not, as data. */
#include "cpu/mips/mips.h"

#include <string.h>

/* The processor of System/161: an R3000 in its exceptions and its TLB. PRId and Config as its
 * kernels find them. MULT and DIV as Kane has them for the R3000. */
const struct mips_model mips_r3000 = {
    .name = "r3000",
    .prid = 0xa1,
    .config = {0x800083f3, 0x7e1b0d80},
    .reset_vector = 0xbfc00000,
    .vector_base = {0x80000000, 0xbfc00100},
    .refill = 0,
    .general = 0x80,
    .status_reset = MIPS_BEV,
    .status_writable = MIPS_CU | MIPS_BEV | MIPS_IM | 0x3f,
    .status_stack = 0x3f,
    .user_mask = MIPS_KUC,
    .user_value = MIPS_KUC,
    .enable_mask = MIPS_IEC,
    .enable_value = MIPS_IEC,
    .entryhi_bits = MIPS_VPN | MIPS_HI_ASID,
    .entrylo_bits = MIPS_VPN | MIPS_LO_FLAGS,
    .tlb_entries = MIPS_TLB_ENTRIES,
    .tlb_wired = 8,
    .multiply_ticks = 12,
    .divide_ticks = 35,
};

static const struct mips_model *const models[] = {&mips_r3000};

const struct mips_model *mips_model_named(const char *name)
{
    for (size_t n = 0; n < sizeof models / sizeof models[0]; n++)
        if (strcmp(models[n]->name, name) == 0)
            return models[n];
    return NULL;
}
