/* choose: which handler of the block engine each instruction of a block gets. */
#ifndef CPU_MIPS_CHOOSE_H
#define CPU_MIPS_CHOOSE_H

#include "cpu/mips/blocks.h"

enum mips_handler {
#define HANDLER(name) MIPS_HANDLER_##name,
#include "cpu/mips/handlers.def"
#undef HANDLER
    MIPS_HANDLERS
};

#define MIPS_OPS_LONGEST (MIPS_BLOCK_LONGEST + 2u) /* of a block as it is decoded */
#define MIPS_OPS_FUSED   (3 * MIPS_OPS_LONGEST)    /* ... and with what fuse.c puts in front */

/* Fills in a block from code: at most `words` of it, big-endian. Answers how many ops it has. */
unsigned mips_choose_ops(const struct mips_model *model, struct mips_block *block,
                         const uint8_t *bytes, unsigned words, const void *const *handlers);

#endif
