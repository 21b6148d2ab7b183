/* engine: runs blocks of decoded instructions, as fast as this host can be made to. */
#ifndef CPU_X86_ENGINE_H
#define CPU_X86_ENGINE_H

#include "cpu/x86/decode.h"

enum x86_engine_exit {
    X86_ENGINE_LOOK, /* the loop must look up: time, attention, mode */
    X86_ENGINE_STEP, /* the next instruction must go one by one */
    X86_ENGINE_LEFT, /* ... and is fetched already: *insn */
};

/* From an instruction boundary at which nothing waits, to another, no later than the first with
 * now >= until. No observer wants to see accesses, or every instruction: with a filter, the one at
 * which the run begins has been shown, and it ends before any other whose bit is set. No debug
 * register is enabled, no alignment is checked; c->flags hold the arithmetic flags. */
enum x86_engine_exit x86_engine_run(struct x86 *c, ticks until, struct x86_insn *insn);

/* The instruction at CS:EIP, from a block; NULL = it must be fetched, or faults there. */
const struct x86_insn *x86_engine_insn(struct x86 *c);

/* Addresses of the handlers, by enum x86_handler. */
const void *const *x86_engine_handlers(void);

#endif
