/* pit8254: the 8254 interval timer: three counters of 1,193,182 Hz. */
#include "devices/pit8254.h"

enum control { CONTROL_BCD = 1, CONTROL_LOW = 16, CONTROL_HIGH = 32, CONTROL_BOTH = 48 };
enum read_back { READ_BACK_STATUS_OFF = 16, READ_BACK_COUNT_OFF = 32 };
enum status { STATUS_OUT = 128, STATUS_NULL = 64 };

/* Modes 2 and 3 are also 6 and 7 ("Control word format"). */
static unsigned mode_of(const struct pit8254_channel *c)
{
    unsigned mode = c->control >> 1 & 7;
    return mode > 5 ? mode - 4 : mode;
}

static bool periodic(const struct pit8254_channel *c)
{
    return mode_of(c) == 2 || mode_of(c) == 3;
}

static bool triggered_by_gate(const struct pit8254_channel *c)
{
    return mode_of(c) == 1 || mode_of(c) == 5;
}

static uint64_t pit_clock(const struct pit8254 *pit, ticks now)
{
    return clock_convert(now, pit->hz, PIT8254_HZ);
}

/* The first tick at which `at` clocks of the timer have passed. */
static ticks tick_of(const struct pit8254 *pit, uint64_t at)
{
    uint64_t rest = (at % PIT8254_HZ) * pit->hz;
    return at / PIT8254_HZ * pit->hz + (rest + PIT8254_HZ - 1) / PIT8254_HZ;
}

/* Clocks counted since the count in effect was loaded. */
static uint64_t elapsed(const struct pit8254_channel *c, uint64_t at)
{
    if (!c->running)
        return c->stopped;
    return at > c->started ? at - c->started : 0;
}

/* A count that waited for the end of a period is loaded. */
static void catch_up(struct pit8254_channel *c, uint64_t at)
{
    if (!periodic(c) || c->next == 0 || at < c->next_at)
        return;
    c->started = c->next_at;
    c->count = c->next;
    c->next = 0;
}

static bool output(const struct pit8254_channel *c, uint64_t at)
{
    unsigned mode = mode_of(c);
    if (c->count == 0)
        return mode != 0;
    uint64_t n = elapsed(c, at);
    switch (mode) {
    case 0: return n >= c->count;
    case 1: return n >= c->count || at < c->started;
    case 2: return !c->running || n % c->count != c->count - 1;
    case 3: return !c->running || n % c->count < (c->count + 1) / 2;
    default: return n != c->count; /* the strobes of 4 and 5 */
    }
}

/* The next clock after `at` at which the output may change; 0 = never by itself. */
static uint64_t next_change(const struct pit8254_channel *c, uint64_t at)
{
    if (c->count == 0 || !c->running)
        return 0;
    uint64_t n = elapsed(c, at);
    if (!periodic(c)) {
        if (triggered_by_gate(c) && at < c->started)
            return c->started;
        if (n < c->count)
            return c->started + c->count;
        return n == c->count && mode_of(c) >= 4 ? c->started + c->count + 1 : 0;
    }
    if (c->count == 1) /* not allowed in modes 2 and 3: nothing to see */
        return c->next != 0 ? c->next_at : 0;
    uint64_t begin = c->started + n / c->count * c->count;
    uint64_t fall = begin + (mode_of(c) == 2 ? c->count - 1 : (c->count + 1) / 2);
    return at < fall ? fall : begin + c->count;
}

static uint16_t notation(const struct pit8254_channel *c, uint32_t value)
{
    if (!(c->control & CONTROL_BCD))
        return (uint16_t)value;
    return (uint16_t)(value % 10 | value / 10 % 10 << 4 | value / 100 % 10 << 8 |
                      value / 1000 % 10 << 12);
}

/* The counting element as a read shows it. */
static uint16_t present(const struct pit8254_channel *c, uint64_t at)
{
    if (c->count == 0)
        return 0;
    uint64_t n = elapsed(c, at);
    uint32_t modulus = c->control & CONTROL_BCD ? 10000 : 65536;
    if (mode_of(c) == 2)
        return notation(c, c->count - (uint32_t)(n % c->count));
    if (mode_of(c) == 3) {
        /* Steps by two from an even number, twice in a period ("Mode 3"). */
        uint32_t phase = (uint32_t)(n % c->count), high = (c->count + 1) / 2;
        return notation(c, (c->count & ~1u) - 2 * (phase < high ? phase : phase - high));
    }
    return notation(c, (c->count + modulus - (uint32_t)(n % modulus)) % modulus);
}

static void load(struct pit8254_channel *c, uint32_t count, uint64_t at, bool running)
{
    c->count = count;
    c->started = at + 1;
    c->stopped = 0;
    c->running = running;
}

static void write_count(struct pit8254_channel *c, uint16_t written, uint64_t at)
{
    uint32_t count = written;
    if (c->control & CONTROL_BCD)
        count = (written & 15u) + (written >> 4 & 15u) * 10 + (written >> 8 & 15u) * 100 +
                (written >> 12 & 15u) * 1000;
    if (count == 0)
        count = c->control & CONTROL_BCD ? 10000 : 65536;

    if (triggered_by_gate(c)) {
        c->next = count;
    } else if (!periodic(c) || c->count == 0 || !c->running || at < c->started) {
        c->next = 0;
        load(c, count, at, c->gate);
    } else {
        c->next = count;
        c->next_at = c->started + (elapsed(c, at) / c->count + 1) * c->count;
    }
}

static void write_channel(struct pit8254_channel *c, uint8_t value, uint64_t at)
{
    switch (c->control & CONTROL_BOTH) {
    case CONTROL_LOW: write_count(c, value, at); return;
    case CONTROL_HIGH: write_count(c, (uint16_t)(value << 8), at); return;
    default: break;
    }
    if (!c->write_high) {
        c->low_byte = value;
        if (mode_of(c) == 0) /* the first byte stops it, OUT falls */
            c->count = 0;
    } else {
        write_count(c, (uint16_t)(value << 8 | c->low_byte), at);
    }
    c->write_high ^= 1;
}

static uint8_t read_channel(struct pit8254_channel *c, uint64_t at)
{
    if (c->has_status) {
        c->has_status = 0;
        return c->status;
    }
    catch_up(c, at);
    uint16_t value = c->latched ? c->latch : present(c, at);
    if (c->latched)
        c->latched--;
    if ((c->control & CONTROL_BOTH) == CONTROL_LOW)
        return (uint8_t)value;
    if ((c->control & CONTROL_BOTH) == CONTROL_HIGH)
        return (uint8_t)(value >> 8);
    c->read_high ^= 1;
    return (uint8_t)(c->read_high ? value : value >> 8);
}

static void latch_count(struct pit8254_channel *c, uint64_t at)
{
    if (c->latched)
        return;
    c->latch = present(c, at);
    c->latched = (c->control & CONTROL_BOTH) == CONTROL_BOTH ? 2 : 1;
}

/* NULL COUNT: the count last written is not yet in the counting element. */
static bool null_count(const struct pit8254_channel *c, uint64_t at)
{
    if (c->count == 0 || at < c->started)
        return true;
    return triggered_by_gate(c) ? c->next != c->count || !c->triggered : c->next != 0;
}

static void latch_status(struct pit8254_channel *c, uint64_t at)
{
    if (c->has_status)
        return;
    c->status = (uint8_t)((output(c, at) ? STATUS_OUT : 0) | (null_count(c, at) ? STATUS_NULL : 0) |
                          c->control);
    c->has_status = 1;
}

static void write_control(struct pit8254 *pit, uint8_t value, uint64_t at)
{
    for (unsigned i = 0; i < 3; i++)
        catch_up(&pit->s.channel[i], at);
    if (value >> 6 == 3) {
        for (unsigned i = 0; i < 3; i++) {
            struct pit8254_channel *c = &pit->s.channel[i];
            if (!(value >> (i + 1) & 1))
                continue;
            if (!(value & READ_BACK_COUNT_OFF))
                latch_count(c, at);
            if (!(value & READ_BACK_STATUS_OFF))
                latch_status(c, at);
        }
        return;
    }
    struct pit8254_channel *c = &pit->s.channel[value >> 6];
    if ((value & CONTROL_BOTH) == 0)
        latch_count(c, at);
    else
        *c = (struct pit8254_channel){.control = value & 0x3f, .gate = c->gate};
}

/* Shows counter 0's output as of `now` and waits for its next change. */
static void drive_irq0(struct pit8254 *pit, ticks now)
{
    struct pit8254_channel *c = &pit->s.channel[0];
    uint64_t at = pit_clock(pit, now);
    catch_up(c, at);
    irq_set(&pit->irq0, output(c, at));
    uint64_t change = next_change(c, at);
    clock_arm(pit->clock, pit->slot, change == 0 ? CLOCK_NEVER : tick_of(pit, change));
}

/* As of `due`, not of now: a one-clock pulse is shorter than many an instruction, and its edge
 * counts. Only a strange snapshot is late by a second; it must not replay a century of edges. */
static void on_change(void *device, ticks due)
{
    struct pit8254 *pit = device;
    ticks now = pit->clock->s.now;
    drive_irq0(pit, now - due > pit->hz ? now : due);
}

bool pit8254_output(const struct pit8254 *pit, unsigned channel)
{
    struct pit8254_channel c = pit->s.channel[channel];
    uint64_t at = pit_clock(pit, pit->clock->s.now);
    catch_up(&c, at);
    return output(&c, at);
}

void pit8254_gate2(struct pit8254 *pit, bool level)
{
    struct pit8254_channel *c = &pit->s.channel[2];
    uint64_t at = pit_clock(pit, pit->clock->s.now);
    if (c->gate == level)
        return;
    catch_up(c, at);
    c->gate = level;
    if (triggered_by_gate(c)) {
        if (level && c->next != 0) {
            c->triggered = 1;
            load(c, c->next, at, true);
        }
    } else if (c->count == 0) {
        return;
    } else if (!level) {
        c->stopped = elapsed(c, at);
        c->running = 0;
    } else if (periodic(c)) {
        load(c, c->next != 0 ? c->next : c->count, at, true);
        c->next = 0;
    } else {
        c->started = at - c->stopped;
        c->running = 1;
    }
}

static uint8_t in(void *device, unsigned offset)
{
    struct pit8254 *pit = device;
    if (offset == 3)
        return 0xff;
    return read_channel(&pit->s.channel[offset], pit_clock(pit, pit->clock->s.now));
}

static void out(void *device, unsigned offset, uint8_t value)
{
    struct pit8254 *pit = device;
    uint64_t at = pit_clock(pit, pit->clock->s.now);
    if (offset == 3) {
        write_control(pit, value, at);
    } else {
        catch_up(&pit->s.channel[offset], at);
        write_channel(&pit->s.channel[offset], value, at);
    }
    if (offset == 0 || offset == 3)
        drive_irq0(pit, pit->clock->s.now);
}

static uint8_t peek(const void *device, unsigned offset)
{
    const struct pit8254 *pit = device;
    if (offset == 3)
        return 0xff;
    struct pit8254_channel copy = pit->s.channel[offset];
    return read_channel(&copy, pit_clock(pit, pit->clock->s.now));
}

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who;
    *value = device_in(device, offset, size, in);
    return true;
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    (void)who;
    device_out(device, offset, size, value, out);
    return true;
}

static bool bus_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    *value = device_peek(device, offset, size, peek);
    return true;
}

static const struct bus_ops ops = {.read = bus_in, .write = bus_out, .peek = bus_look};

static bool valid_channel(const struct pit8254_channel *c)
{
    return c->count <= 65536 && c->next <= 65536 && c->control <= 0x3f &&
           (c->control & CONTROL_BOTH) != 0 && c->gate <= 1 && c->running <= 1 &&
           c->write_high <= 1 && c->read_high <= 1 && c->latched <= 2 && c->has_status <= 1 &&
           c->triggered <= 1;
}

static bool valid(const void *bytes)
{
    const struct pit8254_state *s = bytes;
    return valid_channel(&s->channel[0]) && valid_channel(&s->channel[1]) &&
           valid_channel(&s->channel[2]);
}

static void power_on(struct pit8254 *pit)
{
    for (unsigned i = 0; i < 3; i++)
        pit->s.channel[i] = (struct pit8254_channel){.control = CONTROL_BOTH, .gate = i < 2};
}

void pit8254_init(struct pit8254 *pit, struct clock *clock, uint32_t hz, struct irq_line irq0)
{
    *pit = (struct pit8254){.clock = clock, .hz = hz, .irq0 = irq0};
    pit->slot = clock_slot(clock, "pit8254", on_change, pit);
    power_on(pit);
}

void pit8254_reset(struct pit8254 *pit)
{
    power_on(pit);
    drive_irq0(pit, pit->clock->s.now);
}

void pit8254_map(struct pit8254 *pit, struct bus *ports, uint32_t base)
{
    bus_add_device(ports, "pit8254", base, 4, &ops, pit);
}

void pit8254_add_state(struct pit8254 *pit, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "pit8254",
                       .version = 1,
                       .size = sizeof pit->s,
                       .bytes = &pit->s,
                       .valid = valid,
                   });
}
