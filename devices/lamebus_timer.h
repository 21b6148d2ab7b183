/* lamebus_timer: the clock of day and an interval timer ("ltimer", device 2).
 *
 *   +0   SECONDS      since 1970 UTC; writing sets them
 *   +4   NANOSECONDS  of the present second; likewise
 *   +8   RESTART      not 0: the countdown begins again when it has ended
 *   +C   IRQ          read: 1 when a countdown has ended since the last read
 *   +10  COUNTDOWN    in microseconds; writing begins it
 *   +14  SPEAKER      write: a beep
 *
 * Contract. The interrupt is asserted from the end of a countdown until IRQ is read. Restarting
 * does not drift. The date at tick 0 comes in from outside.
 *
 * Known inaccuracies. Nobody hears the speaker. A countdown of 0 takes 1 microsecond. Where
 * System/161 hangs (reading SPEAKER, writing IRQ, +18 and +1C) the access is told, reads 0 and
 * changes nothing.
 *
 * Source: System/161 2.0.8, "LAMEbus hardware reference". */
#ifndef DEVICES_LAMEBUS_TIMER_H
#define DEVICES_LAMEBUS_TIMER_H

#include "devices/lamebus.h"

struct lamebus_timer_state {
    uint64_t offset; /* nanoseconds, modulo 2^64: the date is this and the guest's time */
    uint32_t restart, countdown;
};

struct lamebus_timer {
    struct lamebus_timer_state s;
    struct lamebus_card card;
    struct clock *clock;
    uint32_t hz;
    unsigned slot; /* of the clock */
};

void lamebus_timer_init(struct lamebus_timer *timer, struct clock *clock, uint32_t hz);
void lamebus_timer_plug(struct lamebus_timer *timer, struct lamebus_bus *bus, unsigned slot);
void lamebus_timer_add_state(struct lamebus_timer *timer, struct state_map *map);

/* Sink of the input log (input_fn): the date at tick 0. */
void lamebus_timer_set_date(void *timer, uint32_t seconds);

#endif
