/* trap: what a debugger needs to know of micro-programs: their steps. */
#ifndef CPU_MIPS_TRAP_H
#define CPU_MIPS_TRAP_H

#include "cpu/mips/mips.h"

enum mips_program { MIPS_PROGRAM_NONE, MIPS_PROGRAM_EXCEPTION, MIPS_PROGRAM_RETURN, MIPS_PROGRAMS };

enum mips_step {
    MIPS_STEP_NONE,
#define STEP_ROW(id, program, cost, kind, name, text, manual, format, remedy) MIPS_STEP_##id,
#include "cpu/mips/steps.def"
#undef STEP_ROW
    MIPS_STEPS,
};

_Static_assert(MIPS_STEPS <= 256, "mips_micro.state is a byte");

struct mips_step_info {
    const char *id;  /* "DATA_MATCH" */
    uint8_t program; /* enum mips_program */
    uint8_t cost;
    uint8_t kind;       /* TRACE_CHECK or TRACE_SET */
    const char *name;   /* "TLB has the page" */
    const char *text;   /* one sentence */
    const char *manual; /* where it is written */
    const char *format; /* of a check's operands, for mips_step_fill; else NULL */
    const char *remedy; /* what to do when the check fails; else NULL */
};

/* By enum mips_step; row 0 is empty. */
extern const struct mips_step_info mips_steps[MIPS_STEPS];

/* A row's `format` or `remedy` with the operands of the event put in. Answers `out`. */
char *mips_step_fill(const struct trace_event *event, const char *format, char *out, size_t size);

const char *mips_cause_name(enum mips_cause cause);
const char *mips_exception_name(unsigned exception); /* "TLBL"; "" for what is none */

#endif
