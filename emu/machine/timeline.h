/* timeline: a machine's whole past, exact and near: snapshots of dirty pages plus replay of the
 * input log.
 *
 * Whoever uses a timeline drives the machine through it only: timeline_run in place of machine_run.
 * A moment is named by its position. The frontier is the furthest position that was ever reached;
 * whatever lies before it is replayed, with the taps muted, because the guest has already said it.
 *
 * New input (input_post) behind the frontier makes a new future: the old one is dropped at the next
 * call. So does timeline_edited. */
#ifndef EMU_MACHINE_TIMELINE_H
#define EMU_MACHINE_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "emu/machine/machine.h"

/* Ordered by (count, micro, tick). While a CPU is halted the tick alone goes on. */
struct timeline_position {
    ticks tick;
    uint64_t count;
    uint32_t micro;
};

/* Targets for timeline_seek. A position that timeline_now gave is a target as it is. */
#define TIMELINE_AT_COUNT(n) ((struct timeline_position){0, (n), 0})
#define TIMELINE_AT_TICK(t)  ((struct timeline_position){(t), UINT64_MAX, 0})

struct timeline_config {
    uint64_t interval; /* instructions between snapshots; 0 = 2 M */
    uint64_t budget;   /* bytes of host memory for snapshots; 0 = 512 MiB */
};

struct timeline;

/* Takes the first snapshot: its position is the origin, before which nothing can be seen. The
 * timeline puts itself between the machine and machine->tap as found here. The machine must
 * outlive it. */
struct timeline *timeline_create(struct machine *machine, struct timeline_config config);
void timeline_free(struct timeline *timeline); /* gives machine->tap back */

struct timeline_position timeline_now(const struct timeline *timeline);
struct timeline_position timeline_origin(const struct timeline *timeline);
struct timeline_position timeline_frontier(const struct timeline *timeline);
int timeline_compare(struct timeline_position a, struct timeline_position b); /* <0, 0, >0 */

/* As machine_run, from where the machine is, in the past or at the frontier. The observer that is
 * attached sees and may stop everything, replayed or new. */
struct machine_stop timeline_run(struct timeline *timeline, struct machine_limit limit);

/* Called now and then on the way, in timeline_run and timeline_seek alike, for whoever has a window
 * to keep alive: the machine is anywhere and must be left as it is. True = no further: they end
 * where they are, with MACHINE_OBSERVED. */
void timeline_pulse(struct timeline *timeline, bool (*pulse)(void *context), void *context);

/* Goes to a position exactly, forwards or backwards: first to its count and micro, then, the CPU
 * being halted, on to its tick. Beyond the frontier it makes new future, taps open. MACHINE_LIMIT =
 * arrived; MACHINE_OBSERVED = the pulse ended it; anything else says what stopped the machine
 * before. A target before the origin arrives at the origin. Detaches the observer. */
struct machine_stop timeline_seek(struct timeline *timeline, struct timeline_position target);

/* The last snapshot strictly before a position: where a search backwards begins its next stretch
 * (seek there, attach an observer, timeline_run up to the position, keep the last hit). False = the
 * position is the origin or before it. */
bool timeline_before(const struct timeline *timeline, struct timeline_position position,
                     struct timeline_position *out);

/* The debugger changed registers or memory at the present position. The future is dropped, and
 * every later journey through this position passes through the change. */
void timeline_edited(struct timeline *timeline);

struct timeline_report {
    uint64_t snapshots;
    uint64_t bytes;    /* of host memory that they hold */
    uint64_t replayed; /* instructions that the last seek had to replay */
};
struct timeline_report timeline_report(const struct timeline *timeline);

#endif
