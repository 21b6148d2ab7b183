/* trace: a fixed ring of events, the raw material of every story that the debugger tells.
 *
 * Traps, returns and mode changes are always recorded: they are slow already. Waypoints exist only
 * when the observed core runs. The ring is not guest state: replaying the same ticks fills it with
 * the same events. */
#ifndef EMU_BASE_TRACE_H
#define EMU_BASE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "emu/base/clock.h"

enum trace_kind {
    TRACE_NONE,
    TRACE_TRAP,     /* a delivery begins: a = cause (CPU's own enum), vector, addr = saved PC,
                       b = saved stack pointer, value = error code or 0, old = CPL before */
    TRACE_STEP,     /* one micro-step: step = row of the CPU's steps.def; see trace_flag */
    TRACE_ENTERED,  /* the delivery is over: addr = handler PC, b = stack pointer, value = CPL */
    TRACE_RETURN,   /* a return instruction begins: addr = its PC, b = stack pointer, old = CPL */
    TRACE_RETURNED, /* the return is over: addr = new PC, b = stack pointer, value = CPL */
    TRACE_FAULTED,  /* a delivery or return was abandoned by a fault: vector, value = error code;
                       the TRACE_TRAP of that fault (or of #DF) follows */
    TRACE_SHUTDOWN, /* triple fault */
    TRACE_WAYPOINT, /* observed core: PC reached one of the observer's waypoints: addr = PC,
                       b = stack pointer, value = waypoint number, a = address space (CR3, ASID) */
    TRACE_SIGNAL, /* a local APIC got something for its processor: cpu = which, vector, value = enum
                     apic_mode, a = enum apic_source */
    TRACE_ODD,    /* the guest misused hardware: a = device number, value = what */
};

enum trace_flag {
    TRACE_READ = 1,   /* memory at addr (linear) / phys was read: value, size bytes */
    TRACE_WRITE = 2,  /* memory at addr / phys was written: value, size bytes; old = before */
    TRACE_CHECK = 4,  /* a check with operands a and b */
    TRACE_FAILED = 8, /* ... that failed */
    TRACE_SET = 16,   /* a register changed from old to value; a = register number */
    TRACE_TERSE = 32, /* in the ring alone, never in what trace_at answers: see there */
};

struct trace_event {
    ticks tick;     /* when the action began */
    uint64_t count; /* cpu's insns when the action began */
    uint8_t kind;   /* enum trace_kind */
    uint8_t flags;  /* enum trace_flag */
    uint8_t cpu;
    uint8_t size; /* of a memory access */
    uint16_t step;
    uint16_t cost; /* ticks that the action took */
    uint32_t vector;
    uint32_t addr;
    uint32_t phys;
    uint32_t value;
    uint32_t old;
    uint32_t a, b;
};

_Static_assert(sizeof(struct trace_event) == 56, "events are copied by the million");

#define TRACE_SLOTS  65536u /* a power of two */
#define TRACE_RUN    128u   /* the most terse events in a row */
#define TRACE_EVENTS (TRACE_SLOTS - TRACE_RUN)

struct trace {
    struct trace_event *event;
    uint64_t written; /* the newest event is number written - 1, at event[number % TRACE_SLOTS] */
    uint64_t first;   /* events before this number are not there, whatever the ring holds */
};

void trace_init(struct trace *trace);
void trace_free(struct trace *trace);
void trace_clear(struct trace *trace);

/* Time goes back to where `count` actions were complete: forgets what began later, keeps what the
 * ring still has of the time before. */
void trace_rewind(struct trace *trace, uint64_t count);

/* The next free event, zeroed but for what the caller fills in at once. */
static inline struct trace_event *trace_next(struct trace *trace)
{
    struct trace_event *event = &trace->event[trace->written++ % TRACE_SLOTS];
    *event = (struct trace_event){0};
    return event;
}

/* A micro-step that was made at full speed is written down tersely, because most are never read:
 * its kind, flags, size, step, cost and what such a step uses of the operands. So is the end of a
 * delivery or return behind such steps: addr, b and value. All else is worked out here when it is:
 * tick, count, CPU and vector from the event before, which the ring still has, and zeros. */
void trace_complete(const struct trace *trace, uint64_t n);

/* Event number n, or NULL when it was overwritten or is not there yet. */
static inline const struct trace_event *trace_at(const struct trace *trace, uint64_t n)
{
    if (n < trace->first || n >= trace->written || trace->written - n > TRACE_EVENTS)
        return (const struct trace_event *)0;
    if ((trace->event[n % TRACE_SLOTS].flags & TRACE_TERSE) != 0)
        trace_complete(trace, n);
    return &trace->event[n % TRACE_SLOTS];
}

#endif
