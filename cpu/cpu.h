/* cpu: what any CPU shows to a machine and to a debugger: one table, at the granularity of a run.
 *
 * Time and position. A CPU advances clock->s.now by the published cost of each instruction and
 * micro-step, the same in every engine. `cpu_count()` counts instructions and trap deliveries
 * completed since power-on (an INT n and its delivery are one; a fault or an interrupt counts one
 * when its handler's first instruction is ready; a halted CPU counts nothing). `micro` is the
 * number of micro-steps already done of the delivery or return in progress, 0 between
 * instructions; a CPU that was shut down stays inside the delivery that failed. (count, micro)
 * names a moment exactly. */
#ifndef CPU_CPU_H
#define CPU_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/base/bus.h"
#include "emu/base/clock.h"
#include "emu/base/state.h"
#include "emu/base/trace.h"

struct cpu;

/* Until when a run may go: whichever comes first. The CPU also returns at clock->horizon. */
struct cpu_limit {
    ticks tick;     /* stop at the first instruction boundary with now >= tick */
    uint64_t count; /* stop when the count is this, at micro 0 ... */
    uint32_t micro; /* ... or, when not 0, after this many micro-steps of what comes next there */
};

enum cpu_stop {
    CPU_LIMIT,    /* limit or clock horizon reached */
    CPU_HALTED,   /* waits for an interrupt; nothing to do before the next clock event */
    CPU_OBSERVED, /* the observer asked to stop */
    CPU_SHUTDOWN, /* triple fault: frozen as it was; stays so until reset */
};

/* What a processor does between two instructions when it is given time. */
enum cpu_rest {
    CPU_AWAKE,
    CPU_WAITS, /* halted until an interrupt */
    CPU_DEAF,  /* stopped, or halted with interrupts off */
};

/* A memory access that an observer is shown, after it was made. */
struct cpu_access {
    uint32_t linear;
    uint32_t physical;
    uint32_t value;
    uint32_t old; /* for a write to memory: what was there */
    uint8_t size;
    bool write;
    bool micro;    /* made by a trap delivery or return, or by a page walk, not by an operand */
    uint16_t step; /* with micro: row of steps.def */
};

/* Every hook may be NULL. A hook that answers true stops the run: before the instruction for insn,
 * at the next micro-step or instruction boundary for access and micro. Observing changes nothing
 * that a guest can tell. A run is at its slowest with an access hook or an insn hook without a
 * filter; it is fast where no bit of the filter is set. */
struct cpu_observer {
    void *context;
    /* Before the instruction at linear address pc. With a filter, only for a pc whose bit
     * (pc ^ pc >> 16) & 0xffff is set in these 65536 bits. */
    bool (*insn)(void *context, struct cpu *cpu, uint32_t pc);
    const uint8_t *filter;
    bool (*access)(void *context, struct cpu *cpu, const struct cpu_access *access);
    /* After each micro-step, with its record. */
    bool (*micro)(void *context, struct cpu *cpu, const struct trace_event *event);
};

struct cpu_register {
    const char *name;  /* as the manual spells it, lower case: "eax", "cr3", "cs.base" */
    const char *group; /* "general", "segment", "control", "system", "debug" */
    uint8_t bits;
};

struct cpu_ops {
    const char *name; /* "x86", "r3000" */
    bool big_endian;
    void (*reset)(struct cpu *cpu);
    enum cpu_stop (*run)(struct cpu *cpu, struct cpu_limit limit);
    uint64_t (*count)(const struct cpu *cpu);
    uint32_t (*micro)(const struct cpu *cpu);
    enum cpu_rest (*rest)(const struct cpu *cpu);
    /* NULL detaches. */
    void (*observe)(struct cpu *cpu, const struct cpu_observer *observer);

    const struct cpu_register *registers; /* ends with a NULL name */
    bool (*reg_get)(const struct cpu *cpu, unsigned number, uint64_t *out);
    bool (*reg_set)(struct cpu *cpu, unsigned number, uint64_t value); /* debugger's; false: no */

    uint32_t (*pc)(const struct cpu *cpu);        /* linear address of the next instruction */
    uint32_t (*sp)(const struct cpu *cpu);        /* linear address of the stack's top */
    uint32_t (*space)(const struct cpu *cpu);     /* names the address space: CR3 or ASID */
    unsigned (*privilege)(const struct cpu *cpu); /* 0 = kernel; x86: CPL */
    unsigned (*code_bits)(const struct cpu *cpu); /* 16 or 32: for a disassembler */

    /* Pure: no accessed bits, no TLB refill, no fault. */
    bool (*translate)(const struct cpu *cpu, uint32_t linear, uint32_t *physical);

    /* Bytes of memory were changed behind the CPU's back (debugger, DMA, snapshot). A length of 0
     * means anything may have changed, and that dirty marks were cleared. */
    void (*memory_changed)(struct cpu *cpu, uint32_t physical, uint32_t length);

    void (*add_state)(struct cpu *cpu, struct state_map *map);
    void (*free)(struct cpu *cpu);
};

/* The head of every CPU's own struct. */
struct cpu {
    const struct cpu_ops *ops;
    unsigned number;
    uint64_t others; /* what the machine's other processors have counted: set before each run */
    struct clock *clock;
    struct bus *memory;
    struct bus *ports; /* NULL: this architecture has none */
    struct trace *trace;
};

static inline uint64_t cpu_count(const struct cpu *cpu)
{
    return cpu->ops->count(cpu);
}

/* The machine's count, while this processor runs: for observers. */
static inline uint64_t cpu_machine_count(const struct cpu *cpu)
{
    return cpu_count(cpu) + cpu->others;
}

/* Debugger's view of memory through the CPU's present translation, without side effects. False =
 * some byte is not mapped or is a device without a peek. */
bool cpu_peek(const struct cpu *cpu, uint32_t linear, void *to, uint32_t length);
bool cpu_poke(struct cpu *cpu, uint32_t linear, const void *from, uint32_t length);

/* Index in ops->registers, or -1. */
int cpu_register_number(const struct cpu *cpu, const char *name);

#endif
