/* clock: guest time, and the numbered slots in which devices wait for their moment. */
#include "emu/base/clock.h"

#include "emu/base/bug.h"

static void find_horizon(struct clock *clock)
{
    clock->horizon = CLOCK_NEVER;
    for (unsigned i = 0; i < clock->used; i++)
        if (clock->s.due[i] < clock->horizon)
            clock->horizon = clock->s.due[i];
}

void clock_init(struct clock *clock)
{
    *clock = (struct clock){.horizon = CLOCK_NEVER};
    for (unsigned i = 0; i < CLOCK_SLOTS; i++)
        clock->s.due[i] = CLOCK_NEVER;
}

unsigned clock_slot(struct clock *clock, const char *name, clock_fn *fn, void *context)
{
    bug_unless(clock->used < CLOCK_SLOTS);
    unsigned slot = clock->used++;
    clock->slot[slot].name = name;
    clock->slot[slot].fn = fn;
    clock->slot[slot].context = context;
    return slot;
}

void clock_arm(struct clock *clock, unsigned slot, ticks due)
{
    bug_unless(slot < clock->used);
    clock->s.due[slot] = due;
    find_horizon(clock);
}

void clock_disarm(struct clock *clock, unsigned slot)
{
    clock_arm(clock, slot, CLOCK_NEVER);
}

void clock_fire(struct clock *clock)
{
    while (clock->horizon <= clock->s.now) {
        unsigned slot = 0;
        while (clock->s.due[slot] != clock->horizon)
            slot++;
        ticks due = clock->s.due[slot];
        clock_disarm(clock, slot);
        clock->slot[slot].fn(clock->slot[slot].context, due);
    }
}

void clock_restored(void *clock)
{
    find_horizon(clock);
}

uint64_t clock_convert(uint64_t n, uint32_t from, uint32_t to)
{
    return (n / from) * to + (n % from) * to / from;
}
