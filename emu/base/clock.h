/* clock: guest time, and the numbered slots in which devices wait for their moment.
 *
 * A tick is one cycle of the guest's CPU since power-on: the only time there is. Slots, not heap
 * nodes, hold what is due, so that pending events are plain state that can be saved and hashed. */
#ifndef EMU_BASE_CLOCK_H
#define EMU_BASE_CLOCK_H

#include <stdint.h>

typedef uint64_t ticks;

#define CLOCK_SLOTS 64u
#define CLOCK_NEVER UINT64_MAX

/* `due` is the tick that was asked for; clock->s.now may be a few ticks later, because an
 * instruction is never cut in two. Rearm from `due`, so that a period does not drift. */
typedef void clock_fn(void *context, ticks due);

struct clock_state {
    ticks now;
    ticks due[CLOCK_SLOTS]; /* CLOCK_NEVER = not armed */
};

struct clock {
    struct clock_state s;
    ticks horizon; /* min(s.due[]), kept by arm, fire and restored */
    unsigned used;
    struct {
        const char *name;
        clock_fn *fn;
        void *context;
    } slot[CLOCK_SLOTS];
};

void clock_init(struct clock *clock);

/* Takes the next free slot, at wiring time; the order of calls is the order of firing on a tie. */
unsigned clock_slot(struct clock *clock, const char *name, clock_fn *fn, void *context);

void clock_arm(struct clock *clock, unsigned slot, ticks due);
void clock_disarm(struct clock *clock, unsigned slot);

/* Fires everything with due <= now, in (due, slot) order, including what firing arms anew. */
void clock_fire(struct clock *clock);

/* After s was overwritten by a snapshot. */
void clock_restored(void *clock);

/* n ticks of a clock of `hz` expressed in another: floor(n * to / from), exact for all n < 2^63. */
uint64_t clock_convert(uint64_t n, uint32_t from, uint32_t to);

#endif
