/* story: what happened between a trap's first micro-step and the return from it, folded out of the
 * trace's events.
 *
 * Pure: the same events give the same stories. A flow holds the traps that have left user mode and
 * not come back yet: one for each kernel stack that is in use. Whoever feeds it is told when a
 * story begins, is entered, passes a waypoint, is refused or ends, and can look at the machine
 * then.
 *
 * Traps taken inside the kernel belong to the story on whose stack they arrive: a story counts them
 * and the ticks they took. */
#ifndef DEBUGGER_STORY_H
#define DEBUGGER_STORY_H

#include <stdbool.h>
#include <stdint.h>

#include "emu/base/trace.h"

/* In the order in which they come. GATE is the delivery, RETURN the return instruction; the others
 * begin at waypoints. */
enum story_phase {
    PHASE_USER,
    PHASE_GATE,
    PHASE_SAVE,
    PHASE_TRAP,
    PHASE_DISPATCH,
    PHASE_HANDLER,
    PHASE_RESTORE,
    PHASE_RETURN,
    STORY_PHASES,
};

/* Waypoint numbers (cpu's TRACE_WAYPOINT value) that a flow understands: the phase it begins, or
 * this one: the kernel's function through which every refusal of a call goes. */
#define STORY_REFUSAL 100u

#define STORY_WORDS  48u
#define STORY_NESTED 16u
#define STORY_OPEN   128u
#define STORY_LANES  32u

struct story_mark {
    bool there;
    uint32_t address; /* where the phase's code begins */
    ticks begin;
    uint64_t count; /* position: (count, micro 0) */
    uint32_t sp;
};

/* One word of the frame on the kernel's stack. */
struct story_word {
    uint32_t address;
    uint32_t value;      /* as pushed */
    uint32_t now;        /* as last written */
    uint16_t step;       /* the CPU pushed it: row of steps.def; 0 = software did */
    uint32_t pc;         /* of the instruction that pushed it */
    uint64_t count;      /* of instructions before that one */
    uint32_t changed_pc; /* of the last instruction that wrote it later; 0 = none */
    ticks changed;
    uint64_t changed_count;
};

enum story_end {
    STORY_OPEN_STILL,
    STORY_RETURNED,
    STORY_REFUSED, /* the delivery was abandoned by a fault: see refused_* */
    STORY_LEFT,    /* its stack was reused: the process never came back */
};

struct story {
    uint64_t count; /* position of the trap: (count, micro 0) */
    ticks tick;
    uint32_t vector, cause, error;
    unsigned cpu; /* on which it began */
    uint32_t pc;  /* linear address to return to */
    uint32_t user_sp;
    uint32_t kernel_sp; /* linear, when the handler's first instruction is ready; 0 = not known yet:
                           the CPU changes no stack pointer, and entry code has to do it */
    bool late_stack;    /* that was the case, and entry code has done it */
    uint32_t handler_pc;
    enum story_end end;
    ticks ended;
    uint32_t return_pc;
    struct story_mark mark[STORY_PHASES];

    uint32_t refused_vector, refused_error;
    uint32_t refusal_pc, refusal_sp; /* at the last STORY_REFUSAL waypoint; 0 = none */

    unsigned nested_now; /* traps inside it that have not returned */
    uint32_t nested_sp[STORY_NESTED];
    ticks nested_since;
    unsigned interrupts;     /* traps inside it, in all */
    ticks interrupted;       /* ticks they took */
    uint32_t last_interrupt; /* vector of the last one */
    unsigned switches;       /* how often another process's story went on meanwhile */
    ticks away;              /* ticks in which it did not run */
    ticks away_since;        /* 0 = it runs */

    /* Downwards from the top of the frame; in the order in which they were stored where entry code
     * changes the stack. */
    struct story_word word[STORY_WORDS];
    unsigned words;

    void *extra; /* the feeder's; freed with free() when the story is dropped */
};

enum story_news { STORY_BEGINS, STORY_ENTERED, STORY_PASSES, STORY_ENDS };

/* `passed` is the phase of STORY_PASSES (or STORY_REFUSAL). BEGINS and PASSES are told while the
 * machine is at that moment; ENTERED and ENDS may come a little later. The general registers that a
 * call returns are final when it passes PHASE_RETURN. */
typedef void story_fn(void *context, struct story *story, enum story_news news, unsigned passed);

/* What one processor is doing. */
struct story_lane {
    struct story *delivering;   /* not entered yet; not in open[] */
    struct story *running;      /* the one that ran last; NULL = user mode */
    struct trace_event pending; /* TRACE_RETURN that waits for its TRACE_RETURNED */
    bool returning;
    struct story_mark user; /* the last stub that was passed in user mode */
    bool nested_delivery;   /* the delivery in progress comes from the kernel */
    struct trace_event nested;
};

struct story_flow {
    uint32_t stack_bytes;
    bool big_endian;
    struct story *open[STORY_OPEN];
    unsigned used;
    struct story_lane lane[STORY_LANES]; /* by trace_event.cpu */
    story_fn *tell;
    void *context;
};

/* `stack_bytes`: size of a process's kernel stack, to tell stacks apart. */
void story_flow_init(struct story_flow *flow, uint32_t stack_bytes, story_fn *tell, void *context);
void story_flow_free(struct story_flow *flow);

/* Events in the order in which they happened. */
void story_feed(struct story_flow *flow, const struct trace_event *event);

/* A memory write by an instruction (not a micro-step). */
struct story_access {
    uint32_t pc, address, size, value;
    ticks tick;
    uint64_t count; /* of instructions before this one */
    unsigned cpu;
};
/* It belongs to the frame of the story that runs, or changes a word of any. */
void story_write(struct story_flow *flow, const struct story_access *access);

/* Has this phase an end: another phase, or the return? A call that never comes back has a last
 * phase that has none. */
bool story_phase_ends(const struct story *story, enum story_phase phase);

/* Ticks of a phase: up to the next one that is there, or to `now` while the story is open. */
ticks story_ticks(const struct story *story, enum story_phase phase, ticks now);

/* Ticks that hardware took (gate and return), that entry and exit code took, and the handler's. */
struct story_sums {
    ticks hardware, code, kernel;
};
struct story_sums story_sums(const struct story *story, ticks now);

const char *story_phase_name(enum story_phase phase); /* "gate" */

#endif
