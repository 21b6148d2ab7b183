/* models: what one MIPS has that another has not, as data. */
#include "cpu/mips/decode.h"
#include "cpu/mips/mips.h"

#include <string.h>

#define PLACE(kind, field, writable)                                                               \
    {                                                                                              \
        MIPS_CP0_##kind, offsetof(struct mips_state, field), writable                              \
    }

/* The processor of System/161: an R3000 in its exceptions and its TLB. PRId and Config as its
 * kernels find them. MULT and DIV as Kane has them for the R3000. */
const struct mips_model mips_r3000 = {
    .name = "r3000",
    .isa = MIPS_ISA_R3000,
    .config = {0x800083f3, 0x7e1b0d80},
    .reset_vector = 0xbfc00000,
    .vector_base = {0x80000000, 0xbfc00100},
    .refill = 0,
    .general = 0x80,
    .refill_last = 0x7fffffff,
    .status_reset = MIPS_BEV,
    .status_hardware = MIPS_TS,
    .status_stack = 0x3f,
    .user_mask = MIPS_KUC,
    .user_value = MIPS_KUC,
    .enable_mask = MIPS_IEC,
    .enable_value = MIPS_IEC,
    .entryhi_vpn = MIPS_VPN,
    .entryhi_asid = MIPS_HI_ASID,
    .entrylo_bits = MIPS_VPN | MIPS_LO_FLAGS,
    .lo_g = MIPS_LO_G,
    .lo_v = MIPS_LO_V,
    .lo_d = MIPS_LO_D,
    .context_pte = MIPS_CONTEXT_PTE,
    .context_vpn = MIPS_CONTEXT_VPN,
    .context_shift = 10,
    .asid_shift = 6,
    .index_shift = MIPS_SLOT_SHIFT,
    .tlb_entries = MIPS_TLB_ENTRIES,
    .tlb_wired = 8,
    .interrupt_once = true,
    .multiply_ticks = 12,
    .divide_ticks = 35,
    .cp0 =
        {
            [0] = PLACE(PLAIN, index, MIPS_INDEX_P | MIPS_INDEX_SLOT),
            [1] = {.kind = MIPS_CP0_RANDOM},
            [2] = PLACE(PLAIN, entrylo, MIPS_VPN | MIPS_LO_FLAGS),
            [4] = PLACE(PLAIN, context, MIPS_CONTEXT_PTE),
            [8] = PLACE(PLAIN, badvaddr, 0),
            [9] = PLACE(COUNT, count_register, 0xffffffff),
            [10] = PLACE(MODE, entryhi, MIPS_VPN | MIPS_HI_ASID),
            [11] = PLACE(COMPARE, compare, 0xffffffff),
            [12] = PLACE(MODE, status, MIPS_CU | MIPS_BEV | MIPS_IM | 0x3f),
            [13] = PLACE(MODE, cause, MIPS_IP_SOFT),
            [14] = PLACE(PLAIN, epc, 0),
            [15] = {.kind = MIPS_CP0_CONSTANT, .writable = 0xa1},
            [16] = PLACE(PLAIN, config, 0),
        },
};

/* MIPS32 Release 1, as the 4Kc has it: PRId; Config: big-endian, TLB of 16 pairs, caches of 16 KiB;
 * of the multiplier's times the longest (4K manual, table 2-1); Count at every other clock. */
const struct mips_model mips_mips32 = {
    .name = "mips32",
    .isa = MIPS_ISA_MIPS32,
    .config = {0x80008082, 0x1e190c80},
    .reset_vector = 0xbfc00000,
    .vector_base = {0x80000000, 0xbfc00200},
    .refill = 0,
    .general = 0x180,
    .interrupt = 0x200,
    .refill_last = 0xffffffff,
    .status_reset = MIPS_BEV | MIPS_ERL,
    .exl = MIPS_EXL,
    .erl = MIPS_ERL,
    .user_mask = MIPS_UM | MIPS_EXL | MIPS_ERL,
    .user_value = MIPS_UM,
    .enable_mask = MIPS_IE | MIPS_EXL | MIPS_ERL,
    .enable_value = MIPS_IE,
    .entryhi_vpn = MIPS32_VPN2,
    .entryhi_asid = MIPS32_HI_ASID,
    .entrylo_bits = MIPS32_LO_BITS,
    .lo_g = MIPS32_LO_G,
    .lo_v = MIPS32_LO_V,
    .lo_d = MIPS32_LO_D,
    .context_pte = MIPS32_CONTEXT_PTE,
    .context_vpn = MIPS32_CONTEXT_VPN,
    .context_shift = 9,
    .lo_shift = 6,
    .pairs = true,
    .tlb_entries = 16,
    .lenient = true,
    .count_shift = 1,
    .multiply_ticks = 2,
    .divide_ticks = 33,
    .exception_stage = 3,
    .interrupt_ticks = 5,
    .cp0 =
        {
            [0] = PLACE(PLAIN, index, MIPS_INDEX_P | 15),
            [1] = {.kind = MIPS_CP0_RANDOM},
            [2] = PLACE(PLAIN, entrylo, MIPS32_LO_BITS),
            [3] = PLACE(PLAIN, entrylo1, MIPS32_LO_BITS),
            [4] = PLACE(PLAIN, context, MIPS32_CONTEXT_PTE),
            [5] = PLACE(PLAIN, pagemask, MIPS32_PAGEMASK),
            [6] = PLACE(WIRED, wired, 15),
            [8] = PLACE(PLAIN, badvaddr, 0),
            [9] = PLACE(COUNT, count_register, 0xffffffff),
            [10] = PLACE(MODE, entryhi, MIPS32_VPN2 | MIPS32_HI_ASID),
            [11] = PLACE(COMPARE, compare, 0xffffffff),
            [12] = PLACE(MODE, status,
                         MIPS_CU0 | MIPS_BEV | MIPS_TS | MIPS_IM | MIPS_UM | MIPS_ERL | MIPS_EXL |
                             MIPS_IE),
            [13] = PLACE(MODE, cause, MIPS_IV | MIPS_IP_SOFT),
            [14] = PLACE(PLAIN, epc, 0xffffffff),
            [15] = {.kind = MIPS_CP0_CONSTANT, .writable = 0x00018000},
            [16] = PLACE(PLAIN, config, 7),
            [17] = {.kind = MIPS_CP0_LINKED},
            [30] = PLACE(PLAIN, errorepc, 0xffffffff),
        },
};

const struct mips_model *mips_model_named(const char *name)
{
    static const struct mips_model *const models[] = {&mips_r3000, &mips_mips32};
    for (size_t n = 0; n < sizeof models / sizeof models[0]; n++)
        if (strcmp(models[n]->name, name) == 0)
            return models[n];
    return NULL;
}
