/* lapic_timer: the timer of a local APIC: its count is worked out from the time, never stepped. */
#include "devices/lapic_parts.h"

static uint64_t timer_clock(const struct lapic *lapic)
{
    return clock_convert(lapic->clock->s.now, lapic->hz, lapic->timer_hz);
}

/* SDM vol. 3, figure 10-10: 2, 4, 8, ..., 128, and 1 for 111. */
static unsigned divisor(const struct lapic *lapic)
{
    unsigned code = (lapic->s.divide & 3) | (lapic->s.divide >> 1 & 4);
    return code == 7 ? 1 : 2u << code;
}

static bool periodic(const struct lapic *lapic)
{
    return (lapic->s.lvt[LAPIC_LVT_TIMER] & LVT_PERIODIC) != 0;
}

/* Moves the beginning on by whole periods, so that the present count is not past it. True: at least
 * one ended. */
static bool turn_over(struct lapic *lapic, uint64_t now)
{
    struct lapic_state *s = &lapic->s;
    uint64_t first = (uint64_t)s->count * divisor(lapic);
    if (s->count == 0 || now - s->started < first)
        return false;
    s->started += first;
    s->count = periodic(lapic) ? s->initial : 0;
    uint64_t period = (uint64_t)s->count * divisor(lapic);
    if (period != 0)
        s->started += (now - s->started) / period * period;
    return true;
}

static uint32_t count_at(const struct lapic *lapic, uint64_t now)
{
    struct lapic copy = {.s = lapic->s};
    turn_over(&copy, now);
    return copy.s.count == 0 ? 0
                             : copy.s.count - (uint32_t)((now - copy.s.started) / divisor(lapic));
}

uint32_t lapic_timer_count(const struct lapic *lapic)
{
    return count_at(lapic, timer_clock(lapic));
}

/* The tick at which the count comes to 0; nobody waits while the entry is masked. */
void lapic_timer_go(struct lapic *lapic)
{
    struct lapic_state *s = &lapic->s;
    if (s->count == 0 || lapic_masked(lapic, LAPIC_LVT_TIMER)) {
        clock_disarm(lapic->clock, lapic->slot);
        return;
    }
    uint64_t end = s->started + (uint64_t)s->count * divisor(lapic);
    uint64_t due = clock_convert(end, lapic->timer_hz, lapic->hz);
    if (clock_convert(due, lapic->hz, lapic->timer_hz) < end)
        due++;
    clock_arm(lapic->clock, lapic->slot, due);
}

void lapic_timer_due(void *context, ticks due)
{
    struct lapic *lapic = context;
    (void)due;
    if (turn_over(lapic, timer_clock(lapic)) && !lapic_masked(lapic, LAPIC_LVT_TIMER))
        lapic_accept(lapic, (uint8_t)lapic->s.lvt[LAPIC_LVT_TIMER], false, APIC_FROM_TIMER);
    lapic_timer_go(lapic);
}

/* Before what the count depends on changes; lapic_timer_go() follows. */
void lapic_timer_hold(struct lapic *lapic)
{
    uint64_t now = timer_clock(lapic);
    lapic->s.count = count_at(lapic, now);
    lapic->s.started = now;
}

void lapic_timer_start(struct lapic *lapic, uint32_t initial)
{
    lapic->s.initial = lapic->s.count = initial;
    lapic->s.started = timer_clock(lapic);
    lapic_timer_go(lapic);
}
