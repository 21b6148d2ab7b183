/* lamebus_random: a generator of random numbers ("random", device 9). */
#include "devices/lamebus_random.h"

#include <string.h>

#include "devices/lamebus_bus.h"

#define GOLDEN UINT64_C(0x9e3779b97f4a7c15) /* a seed of 0 has no sequence */

static uint64_t next(uint64_t seed)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    return seed ^ seed >> 27;
}

static bool peek(const void *chip, uint32_t offset, uint32_t *word)
{
    const struct lamebus_random *random = chip;
    *word = (uint32_t)(next(random->s.seed) * UINT64_C(2685821657736338717) >> 32);
    return offset == 0;
}

static bool read(void *chip, unsigned who, uint32_t offset, uint32_t *word)
{
    struct lamebus_random *random = chip;
    (void)who;
    if (!peek(chip, offset, word))
        return false;
    random->s.seed = next(random->s.seed);
    return true;
}

static bool write(void *chip, unsigned who, uint32_t offset, uint32_t word)
{
    (void)chip, (void)who, (void)offset, (void)word;
    return false;
}

static const struct lamebus_ops ops = {
    .vendor = LAMEBUS_SYSTEM161,
    .device = 9,
    .revision = 1,
    .read = read,
    .write = write,
    .peek = peek,
};

static bool valid(const void *bytes)
{
    struct lamebus_random_state s;
    memcpy(&s, bytes, sizeof s);
    return s.seed != 0;
}

void lamebus_random_init(struct lamebus_random *random, uint64_t seed)
{
    *random = (struct lamebus_random){.s.seed = seed ^ GOLDEN};
    if (random->s.seed == 0)
        random->s.seed = GOLDEN;
    random->card = (struct lamebus_card){.ops = &ops, .chip = random};
}

void lamebus_random_plug(struct lamebus_random *random, struct lamebus_bus *bus, unsigned slot)
{
    lamebus_bus_plug(bus, slot, &random->card, "random");
}

void lamebus_random_add_state(struct lamebus_random *random, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "random",
                       .version = 1,
                       .size = sizeof random->s,
                       .bytes = &random->s,
                       .valid = valid,
                   });
}
