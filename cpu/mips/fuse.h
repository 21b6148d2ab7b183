/* fuse: ops of a block that are faster done together. */
#ifndef CPU_MIPS_FUSE_H
#define CPU_MIPS_FUSE_H

#include "cpu/mips/choose.h"

/* Works on the `count` ops of a block, which has room for MIPS_OPS_FUSED. Answers how many there
 * are then. */
unsigned mips_fuse_ops(struct mips_op *ops, unsigned count, const void *const *handlers);

#endif
