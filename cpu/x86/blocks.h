/* blocks: decoded code, kept by physical address, dropped when the bytes it came from change. */
#ifndef CPU_X86_BLOCKS_H
#define CPU_X86_BLOCKS_H

#include "cpu/x86/decode.h"

struct x86_blocks *x86_blocks_create(void);
void x86_blocks_free(struct x86_blocks *blocks);

#endif
