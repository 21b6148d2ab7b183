/* machine: a whole computer: processors, memory, devices, clock, its input door and its output
 * taps.
 *
 * Nothing here calls the host or blocks: machine_run returns whenever something outside must
 * decide. A machine never reads anything but its configuration, its memory and its input log.
 *
 * Several processors share the one clock: they take turns of a quantum of ticks, in the order of
 * their numbers. A turn ends early when its processor halts; one that is halted or stopped gets
 * none. Whose turn it is, how much of it is left, and the quantum, are state. (machine_count, micro
 * of machine->cpu) names a moment: machine->cpu is whose turn it is. */
#ifndef EMU_MACHINE_MACHINE_H
#define EMU_MACHINE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu/cpu.h"
#include "emu/base/bus.h"
#include "emu/base/clock.h"
#include "emu/base/memory.h"
#include "emu/base/state.h"
#include "emu/base/trace.h"
#include "emu/machine/inputlog.h"

#define MACHINE_MEMORIES     8u
#define MACHINE_PROCESSORS   32u
#define MACHINE_QUANTUM      1000u /* ticks, unless something else is asked for */
#define MACHINE_QUANTUM_MOST 1000000000u

enum machine_stop_reason {
    MACHINE_LIMIT,      /* the limit given to machine_run was reached */
    MACHINE_OBSERVED,   /* the observer stopped it */
    MACHINE_IDLE,       /* every CPU halted until an interrupt; next event due at stop.value ticks
                           (CLOCK_NEVER = only input can wake it). Only with limit.stop_when_idle */
    MACHINE_POWER_OFF,  /* the guest switched itself off */
    MACHINE_DEBUG_EXIT, /* the guest wrote stop.value to the debug-exit port */
    MACHINE_SHUTDOWN,   /* triple fault, frozen before the reset */
    MACHINE_RESET,      /* the guest asked for a reset (8042, port 92h); already carried out */
    MACHINE_BREAK,      /* the guest asked for the debugger, giving stop.value; it can go on */
    MACHINE_STOP_REASONS,
};

struct machine_stop {
    enum machine_stop_reason reason;
    uint64_t value;
};

struct machine_limit {
    ticks tick;
    uint64_t count; /* of machine_count; UINT64_MAX = none */
    uint32_t micro; /* as in cpu.h */
    bool stop_when_idle;
};

#define MACHINE_NO_LIMIT ((struct machine_limit){CLOCK_NEVER, UINT64_MAX, 0, false})

/* What the guest says to the outside: serial bytes and the debug port. Not guest state: a replay
 * says it again, so whoever travels in time detaches the taps meanwhile. */
enum machine_output {
    MACHINE_COM1,
    MACHINE_COM2,
    MACHINE_COM3,
    MACHINE_DEBUG_PORT,
    MACHINE_OUTPUTS
};

struct machine_tap {
    void (*output)(void *context, enum machine_output channel, uint8_t byte);
    /* The guest asks that what it wrote to a disk reach its image (FLUSH CACHE). May be NULL. */
    void (*flush)(void *context, unsigned disk);
    void *context;
};

struct machine;

/* What one kind of computer has that another has not. */
struct machine_board {
    const char *name;                         /* "x86", "mips": what --machine calls it */
    void (*reset)(struct machine *machine);   /* its reset line */
    void (*destroy)(struct machine *machine); /* frees the board, which holds the machine */
    /* How much may be posted to a channel now without loss. */
    unsigned (*input_room)(struct machine *machine, enum input_channel channel);
    struct memory *(*ram)(struct machine *machine);
    struct memory *(*disk)(struct machine *machine, unsigned number);
};

struct machine {
    const struct machine_board *board;
    uint32_t hz; /* ticks in a guest second */
    struct clock clock;
    struct bus bus;   /* physical memory */
    struct bus ports; /* x86 I/O space */
    struct trace trace;
    struct state_map state;
    struct cpu *processor[MACHINE_PROCESSORS];
    unsigned processors;
    struct cpu *cpu;                         /* the one whose turn it is */
    struct memory *memory[MACHINE_MEMORIES]; /* RAM, disks: saved page by page */
    unsigned memories;
    struct input input;
    struct machine_tap tap;

    struct machine_status { /* in the state map: a stop that the guest asked for */
        uint64_t pending;   /* 1 + enum machine_stop_reason, 0 = none */
        uint64_t value;
    } status;
    struct machine_turn { /* in the state map */
        uint64_t processor;
        uint64_t left;    /* ticks; stays as it is with one processor */
        uint64_t quantum; /* the same from the machine's beginning to its end */
    } turn;
    unsigned stop_slot; /* brings the CPU back to machine_run at the next instruction */
};

/* For boards: everything but processors, memories and devices. Then the board adds those and their
 * state. */
void machine_init(struct machine *machine, const struct machine_board *board, uint32_t hz);

/* The length of turns, 1 to MACHINE_QUANTUM_MOST; 0 = as after machine_init. Before the first run.
 */
void machine_set_quantum(struct machine *machine, uint32_t quantum);

/* The next processor by number, and its state. */
void machine_add_processor(struct machine *machine, struct cpu *cpu);

/* False: every processor is halted with interrupts off, or stopped. */
bool machine_can_wake(const struct machine *machine);

/* Instructions and trap deliveries completed since power-on, as in cpu.h, of all processors. */
uint64_t machine_count(const struct machine *machine);

/* cpu_ops.observe of every processor. */
void machine_observe(struct machine *machine, const struct cpu_observer *observer);

/* cpu_ops.memory_changed of every processor. */
void machine_memory_changed(struct machine *machine, uint32_t physical, uint32_t length);

/* Runs until the limit, a stop, or (with stop_when_idle) idleness; without it idle time passes at
 * once. A machine that is powered off stays so and answers the same stop again. */
struct machine_stop machine_run(struct machine *machine, struct machine_limit limit);

/* Lets idle time pass up to `tick` (or the next event, whichever is first). Only after
 * MACHINE_IDLE. */
void machine_idle_until(struct machine *machine, ticks tick);

/* For the board's devices: what the guest says, passed on to whoever listens. */
void machine_output(struct machine *machine, enum machine_output channel, uint8_t byte);
void machine_flush(struct machine *machine, unsigned disk);

/* A device's way to stop the machine at the next boundary. */
void machine_request_stop(struct machine *machine, enum machine_stop_reason reason, uint64_t value);

/* Hash of everything a guest can tell: state blocks and used pages of every memory. */
uint64_t machine_hash(struct machine *machine);

void machine_add_memory(struct machine *machine, struct memory *memory);

/* After state and pages were overwritten by a snapshot: page marks are clean, nothing derived from
 * the old bytes is left. */
void machine_restored(struct machine *machine);

void machine_free(struct machine *machine);

#endif
