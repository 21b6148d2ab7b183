/* choose: which handler of the block engine each instruction of a block gets. */
#ifndef CPU_X86_CHOOSE_H
#define CPU_X86_CHOOSE_H

#include "cpu/x86/blocks.h"

enum x86_handler {
#define HANDLER(name) X86_HANDLER_##name,
#include "cpu/x86/handlers.def"
#undef HANDLER
    X86_HANDLERS
};

/* Can be part of no block: it reads and writes more than once, so that it could not be left in the
 * middle and done again, as an access to a page table of its own may force. */
bool x86_goes_alone(const struct x86_insn *insn);

/* Nothing behind this instruction can be part of its block. */
bool x86_ends_block(const struct x86_insn *insn, unsigned mode);

/* Ticks that the handler of an instruction in the middle of a block adds to the row's. */
unsigned x86_added_ticks(const struct x86_insn *insn);

/* `ended`: the last instruction is one that ends a block. Operands are put in the handlers' order:
 * with two registers rm is the destination. */
void x86_choose_handlers(struct x86_block *block, const void *const *handlers, bool ended);

#endif
