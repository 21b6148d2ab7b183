/* lamebus_timer: the clock of day and an interval timer ("ltimer", device 2). */
#include "devices/lamebus_timer.h"

#include <string.h>

#include "devices/lamebus_bus.h"

#define SECOND 1000000000u /* nanoseconds */

enum registers {
    SECONDS = 0,
    NANOSECONDS = 4,
    RESTART = 8,
    IRQ = 12,
    COUNTDOWN = 16,
    SPEAKER = 20,
    RESERVED1 = 24,
    RESERVED2 = 28,
};

static uint64_t nanoseconds(const struct lamebus_timer *timer)
{
    return clock_convert(timer->clock->s.now, timer->hz, SECOND) + timer->s.offset;
}

static ticks period(const struct lamebus_timer *timer)
{
    uint32_t microseconds = timer->s.countdown == 0 ? 1 : timer->s.countdown;
    return clock_convert(microseconds, 1000000, timer->hz);
}

static void ended(void *device, ticks due)
{
    struct lamebus_timer *timer = device;
    ticks now = timer->clock->s.now, next = due + period(timer);
    lamebus_irq(&timer->card, true);
    if (timer->s.restart != 0) /* one that is over already is not made up for */
        clock_arm(timer->clock, timer->slot, next > now ? next : now + period(timer));
}

static bool peek(const void *chip, uint32_t offset, uint32_t *word)
{
    const struct lamebus_timer *timer = chip;
    switch (offset) {
    case SECONDS: *word = (uint32_t)(nanoseconds(timer) / SECOND); return true;
    case NANOSECONDS: *word = (uint32_t)(nanoseconds(timer) % SECOND); return true;
    case RESTART: *word = timer->s.restart; return true;
    case IRQ: *word = lamebus_bus_asserted(timer->card.bus, timer->card.slot); return true;
    case COUNTDOWN: *word = timer->s.countdown; return true;
    case SPEAKER:
    case RESERVED1:
    case RESERVED2: *word = 0; return true;
    default: return false;
    }
}

static bool read(void *chip, unsigned who, uint32_t offset, uint32_t *word)
{
    struct lamebus_timer *timer = chip;
    (void)who;
    if (!peek(chip, offset, word))
        return false;
    if (offset == IRQ)
        lamebus_irq(&timer->card, false);
    else if (offset >= SPEAKER)
        lamebus_misused(&timer->card, offset, 0);
    return true;
}

static bool write(void *chip, unsigned who, uint32_t offset, uint32_t word)
{
    struct lamebus_timer *timer = chip;
    uint64_t now = nanoseconds(timer);
    (void)who;
    switch (offset) {
    case SECONDS: timer->s.offset += (word - now / SECOND) * SECOND; return true;
    case NANOSECONDS: timer->s.offset += word - now % SECOND; return true;
    case RESTART: timer->s.restart = word; return true;
    case COUNTDOWN:
        timer->s.countdown = word;
        clock_arm(timer->clock, timer->slot, timer->clock->s.now + period(timer));
        return true;
    case SPEAKER: return true;
    case IRQ:
    case RESERVED1:
    case RESERVED2: lamebus_misused(&timer->card, offset, word); return true;
    default: return false;
    }
}

static const struct lamebus_ops ops = {
    .vendor = LAMEBUS_SYSTEM161,
    .device = 2,
    .revision = 1,
    .read = read,
    .write = write,
    .peek = peek,
};

void lamebus_timer_init(struct lamebus_timer *timer, struct clock *clock, uint32_t hz)
{
    memset(timer, 0, sizeof *timer);
    timer->clock = clock;
    timer->hz = hz;
    timer->slot = clock_slot(clock, "ltimer", ended, timer);
    timer->card = (struct lamebus_card){.ops = &ops, .chip = timer};
}

void lamebus_timer_plug(struct lamebus_timer *timer, struct lamebus_bus *bus, unsigned slot)
{
    lamebus_bus_plug(bus, slot, &timer->card, "ltimer");
}

void lamebus_timer_add_state(struct lamebus_timer *timer, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "ltimer",
                       .version = 1,
                       .size = sizeof timer->s,
                       .bytes = &timer->s,
                   });
}

void lamebus_timer_set_date(void *device, uint32_t seconds)
{
    ((struct lamebus_timer *)device)->s.offset = (uint64_t)seconds * SECOND;
}
