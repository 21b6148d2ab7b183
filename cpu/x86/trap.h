/* trap: what a debugger needs to know of micro-programs: their steps, and what we decided.
 *
 * Where the manuals disagree or leave room (the SDM decides unless said otherwise):
 * - No room on an inner stack is #SS(SS selector + EXT), the 80386 manual says #SS(0).
 * - Return to an outer level with SS not present is #SS(SS selector), the 80386 manual says #NP.
 * - A bad TSS selector of a task gate, JMP or CALL is #GP(selector); of an IRET #TS(selector).
 * - Errors found in a new task's segments are all #TS, not present is #NP, for SS #SS.
 * - EXT is set while anything but INT n, INT3, INTO is delivered, also in #GP(EXT) and #SS(EXT).
 * - A privilege error of the gate's code segment wins over its being not present.
 * - A selector into the LDT when LDTR is null is outside its table.
 * - The high half of a 32-bit slot that holds a selector is zero, of an error code too.
 * - Real mode: a vector outside the IDT is vector 8, and that outside is shutdown (80386 manual).
 * - Shutdown is left by reset only, not by NMI: the machine stays as it was, to be looked at.
 * - IRET unmasks NMI when it begins, whether or not it faults.
 * - Clocks: i486 tables. INT n in real and V86 mode costs 4 more, INTO 2, INTR 11, NMI 3 and a page
 *   fault 24 more than the case itself. A task switch through IRET costs 32 more than the switch.
 *   The steps share the total; what the table leaves over goes to the step that ends the case. */
#ifndef CPU_X86_TRAP_H
#define CPU_X86_TRAP_H

#include "cpu/x86/x86.h"

enum x86_program {
    X86_PROGRAM_NONE,
    X86_PROGRAM_REAL,        /* delivery in real mode */
    X86_PROGRAM_GATE,        /* delivery: gate and code descriptor */
    X86_PROGRAM_SAME,        /* ... to the same privilege level */
    X86_PROGRAM_INNER,       /* ... to an inner one: checks of the new stack */
    X86_PROGRAM_ENTER,       /* ... and the change to it; from V86 mode too */
    X86_PROGRAM_IRET_REAL,   /* IRET in real and V86 mode */
    X86_PROGRAM_IRET,        /* IRET in protected mode, as far as the code descriptor */
    X86_PROGRAM_IRET_SAME,   /* ... to the same level */
    X86_PROGRAM_IRET_OUTER,  /* ... to an outer one: checks of its stack */
    X86_PROGRAM_IRET_COMMIT, /* ... and the change to it */
    X86_PROGRAM_IRET_V86,    /* ... to V86 mode */
    X86_PROGRAM_TASK_CHECK,  /* task switch: may it be? */
    X86_PROGRAM_TASK_SAVE,   /* ... the old task's registers go to its TSS */
    X86_PROGRAM_TASK_LOAD,   /* ... the new one's come from theirs */
    X86_PROGRAM_TASK_LDT,    /* ... its segments are checked and loaded: LDTR */
    X86_PROGRAM_TASK_CODE,   /* ... CS */
    X86_PROGRAM_TASK_STACK,  /* ... SS */
    X86_PROGRAM_TASK_DATA,   /* ... one of DS, ES, FS, GS */
    X86_PROGRAM_TASK_END,    /* ... error code, EIP, T bit */
    X86_PROGRAM_WALK,        /* rows of page walks; never runs */
    X86_PROGRAMS,
};

enum x86_step {
    X86_STEP_NONE,
#define STEP_ROW(id, program, cost, kind, name, text, manual, format, remedy) X86_STEP_##id,
#include "cpu/x86/steps.def"
#undef STEP_ROW
    X86_STEPS,
};

_Static_assert(X86_STEPS <= 256, "x86_micro.state is a byte");

struct x86_step_info {
    const char *id;     /* "GATE_DPL" */
    uint8_t program;    /* enum x86_program */
    uint8_t kind;       /* TRACE_CHECK, TRACE_READ, TRACE_WRITE or TRACE_SET */
    const char *name;   /* "gate.DPL >= CPL" */
    const char *text;   /* one sentence */
    const char *manual; /* where it is written */
    const char *format; /* of a check's operands, for x86_step_fill; else NULL */
    const char *remedy; /* what to do when the check fails; else NULL */
};

/* By enum x86_step; row 0 is empty. */
extern const struct x86_step_info x86_steps[X86_STEPS];

/* A row's `format` or `remedy` with the operands of the event put in. Answers `out`. */
char *x86_step_fill(const struct trace_event *event, const char *format, char *out, size_t size);

/* Which exception class, for who explains a double fault: "benign", "contributory", "page fault",
 * "double fault". */
const char *x86_class_name(uint8_t vector);
const char *x86_vector_name(uint8_t vector); /* "#GP"; "" from 32 on and where there is none */

#endif
