/* lamebus_random: a generator of random numbers ("random", device 9).
 *
 *   +0  read: the next 32 random bits
 *
 * Contract. xorshift64* (Vigna 2016) from a seed of the board's: the same seed, the same numbers.
 *
 * Source: System/161 2.0.8, "LAMEbus hardware reference". */
#ifndef DEVICES_LAMEBUS_RANDOM_H
#define DEVICES_LAMEBUS_RANDOM_H

#include "devices/lamebus.h"

struct lamebus_random_state {
    uint64_t seed; /* never 0 */
};

struct lamebus_random {
    struct lamebus_random_state s;
    struct lamebus_card card;
};

void lamebus_random_init(struct lamebus_random *random, uint64_t seed);
void lamebus_random_plug(struct lamebus_random *random, struct lamebus_bus *bus, unsigned slot);
void lamebus_random_add_state(struct lamebus_random *random, struct state_map *map);

#endif
