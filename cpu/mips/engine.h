/* engine: runs blocks of decoded instructions, as fast as this host can be made to. */
#ifndef CPU_MIPS_ENGINE_H
#define CPU_MIPS_ENGINE_H

#include "cpu/mips/mips.h"

enum mips_engine_exit {
    MIPS_ENGINE_LOOK, /* the loop must look up: time, an interrupt */
    MIPS_ENGINE_STEP, /* the next instruction must go one by one */
};

/* From an instruction boundary at which nothing waits, not in a delay slot, to another, no later
 * than the first with now >= until. Nobody observes; Count does not reach Compare before `until`,
 * which is no more than 2^30 ticks away. */
enum mips_engine_exit mips_engine_run(struct mips *c, ticks until);

/* Addresses of the handlers, by enum mips_handler. */
const void *const *mips_engine_handlers(void);

#endif
