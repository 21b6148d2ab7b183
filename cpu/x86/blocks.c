/* blocks: decoded code, kept by physical address, dropped when the bytes it came from change. */
#include "cpu/x86/blocks.h"

#include <stdlib.h>

#include "emu/base/bug.h"

struct x86_blocks {
    uint64_t code_pages; /* pages that hold decoded code */
};

struct x86_blocks *x86_blocks_create(void)
{
    return bug_alloc(1, sizeof(struct x86_blocks));
}

void x86_blocks_free(struct x86_blocks *blocks)
{
    free(blocks);
}
