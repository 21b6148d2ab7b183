/* cmos: the MC146818 real-time clock with its RAM, 128 bytes as in the PC/AT. */
#include "devices/cmos.h"

#include <string.h>

#include "emu/base/bug.h"

enum registers {
    SECONDS = 0,
    MINUTES = 2,
    HOURS = 4,
    WEEKDAY = 6,
    DAY = 7,
    MONTH = 8,
    YEAR = 9,
    REG_A = 10,
    REG_B = 11,
    REG_C = 12,
    REG_D = 13,
    CENTURY = 0x32,
    ALARM = 1 /* behind seconds, minutes and hours each */
};
enum reg_a { A_RATE = 15, A_HELD = 0x60, A_DIVIDER = 0x70, A_UIP = 128 };
enum reg_b { B_24 = 2, B_BINARY = 4, B_UPDATE = 16, B_ALARM = 32, B_PERIODIC = 64, B_SET = 128 };
enum reg_c { C_UPDATE = 16, C_ALARM = 32, C_PERIODIC = 64, C_IRQ = 128 };
enum {
    HOUR_PM = 128,
    RTC_HZ = 32768,
    UIP_US = 2228,
    SECONDS_A_DAY = 86400,
    DAYS_OF_ALL_YEARS = 3652425
};

static uint8_t to_notation(const struct cmos_state *s, unsigned value)
{
    if (s->ram[REG_B] & B_BINARY)
        return (uint8_t)value;
    return (uint8_t)(value / 10 % 10 << 4 | value % 10);
}

static unsigned from_notation(const struct cmos_state *s, uint8_t byte)
{
    return s->ram[REG_B] & B_BINARY ? byte : (byte >> 4) * 10u + (byte & 15u);
}

static unsigned get_hours(const struct cmos_state *s, uint8_t byte)
{
    if (s->ram[REG_B] & B_24)
        return from_notation(s, byte);
    return from_notation(s, byte & 127) % 12 + (byte & HOUR_PM ? 12 : 0);
}

static uint8_t put_hours(const struct cmos_state *s, unsigned hours)
{
    if (s->ram[REG_B] & B_24)
        return to_notation(s, hours);
    uint8_t twelve = to_notation(s, hours % 12 == 0 ? 12 : hours % 12);
    return hours >= 12 ? twelve | HOUR_PM : twelve;
}

static unsigned days_in_month(unsigned month, unsigned year)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month >= 1 && month <= 12 ? days[month - 1] + (month == 2 && leap) : 31;
}

/* Adds one to a field that runs from `low` to `high`; true = it wrapped. */
static bool carry(struct cmos_state *s, unsigned field, unsigned low, unsigned high)
{
    unsigned value = from_notation(s, s->ram[field]) + 1;
    s->ram[field] = to_notation(s, value > high ? low : value);
    return value > high;
}

static void add_day(struct cmos_state *s)
{
    carry(s, WEEKDAY, 1, 7);
    unsigned year = from_notation(s, s->ram[CENTURY]) * 100 + from_notation(s, s->ram[YEAR]);
    unsigned month = from_notation(s, s->ram[MONTH]);
    if (carry(s, DAY, 1, days_in_month(month, year)) && carry(s, MONTH, 1, 12) &&
        carry(s, YEAR, 0, 99))
        carry(s, CENTURY, 0, 99);
}

static void add_second(struct cmos_state *s)
{
    if (!carry(s, SECONDS, 0, 59) || !carry(s, MINUTES, 0, 59))
        return;
    unsigned hours = get_hours(s, s->ram[HOURS]) + 1;
    s->ram[HOURS] = put_hours(s, hours > 23 ? 0 : hours);
    if (hours > 23)
        add_day(s);
}

/* An alarm byte of C0h to FFh matches everything ("Alarm bytes"). */
static bool alarm_matches(const struct cmos_state *s)
{
    for (unsigned field = SECONDS; field <= HOURS; field += 2) {
        uint8_t alarm = s->ram[field + ALARM];
        if (alarm < 0xc0 && alarm != s->ram[field])
            return false;
    }
    return true;
}

static bool updating(const struct cmos_state *s)
{
    return !(s->ram[REG_B] & B_SET) && (s->ram[REG_A] & A_HELD) != A_HELD;
}

static unsigned period_shift(const struct cmos_state *s)
{
    unsigned rate = s->ram[REG_A] & A_RATE;
    return rate < 3 ? rate + 6 : rate - 1; /* rates 1 and 2 repeat 8 and 9 at 32768 Hz */
}

static bool periodic(const struct cmos_state *s)
{
    return (s->ram[REG_A] & A_RATE) != 0 && (s->ram[REG_A] & A_HELD) != A_HELD;
}

/* Brings a copy or the state itself to the present. Whoever looks only days later pays for days,
 * then for the seconds of the last one; after 10,000 years all fields are the same again. */
static void catch_up(struct cmos_state *s, ticks now, uint32_t hz)
{
    if (periodic(s)) {
        uint64_t periods = clock_convert(now, hz, RTC_HZ) >> period_shift(s);
        if (periods != s->periods_seen)
            s->ram[REG_C] |= C_PERIODIC;
        s->periods_seen = periods;
    }
    while (s->next_update <= now) {
        uint64_t seconds = (now - s->next_update) / hz;
        if (!updating(s)) {
            s->next_update += (seconds + 1) * hz;
            break;
        }
        uint64_t days = seconds / SECONDS_A_DAY;
        if (days > 1) {
            for (uint64_t i = (days - 1) % DAYS_OF_ALL_YEARS; i > 0; i--)
                add_day(s);
            s->next_update += (days - 1) * SECONDS_A_DAY * hz;
        }
        add_second(s);
        s->next_update += hz;
        s->ram[REG_C] |= C_UPDATE;
        if (alarm_matches(s))
            s->ram[REG_C] |= C_ALARM;
    }
}

/* The first tick at which `n` cycles of the 32768 Hz crystal have passed. */
static ticks crystal_tick(const struct cmos *cmos, uint64_t n)
{
    return n / RTC_HZ * cmos->hz + (n % RTC_HZ * cmos->hz + RTC_HZ - 1) / RTC_HZ;
}

/* Drives IRQ8 and waits for what an enabled interrupt needs to see at its moment. */
static void update(struct cmos *cmos)
{
    struct cmos_state *s = &cmos->s;
    uint8_t enabled = s->ram[REG_B] & (B_UPDATE | B_ALARM | B_PERIODIC);
    bool level = (s->ram[REG_C] & enabled) != 0;

    bool seconds = updating(s) && (enabled & (B_UPDATE | B_ALARM));
    clock_arm(cmos->clock, cmos->slot_update, seconds ? s->next_update : CLOCK_NEVER);
    bool periods = periodic(s) && (enabled & B_PERIODIC);
    clock_arm(cmos->clock, cmos->slot_periodic,
              periods ? crystal_tick(cmos, (s->periods_seen + 1) << period_shift(s)) : CLOCK_NEVER);
    if (s->irq == level)
        return;
    s->irq = level;
    irq_set(&cmos->irq8, level);
}

static void on_time(void *device, ticks due)
{
    struct cmos *cmos = device;
    (void)due;
    catch_up(&cmos->s, cmos->clock->s.now, cmos->hz);
    update(cmos);
}

static uint8_t look(const struct cmos_state *s, ticks now, uint32_t hz)
{
    uint8_t value = s->ram[s->index];
    switch (s->index) {
    case REG_A:
        if (updating(s) && s->next_update - now <= (uint64_t)UIP_US * hz / 1000000)
            value |= A_UIP;
        return value;
    case REG_C: return s->ram[REG_C] & s->ram[REG_B] & 0x70 ? value | C_IRQ : value;
    case REG_D: return 0x80; /* the battery is good */
    default: return value;
    }
}

/* A new rate counts from here: the past holds no periods of it. */
static void set_rate(struct cmos *cmos, uint8_t value)
{
    struct cmos_state *s = &cmos->s;
    ticks now = cmos->clock->s.now;
    bool was_held = (s->ram[REG_A] & A_HELD) == A_HELD;
    s->ram[REG_A] = value & (uint8_t)~A_UIP;
    if (was_held && (value & A_HELD) != A_HELD)
        s->next_update = now + cmos->hz / 2;
    if (periodic(s))
        s->periods_seen = clock_convert(now, cmos->hz, RTC_HZ) >> period_shift(s);
}

static void write_data(struct cmos *cmos, uint8_t value)
{
    struct cmos_state *s = &cmos->s;
    switch (s->index) {
    case REG_A: set_rate(cmos, value); break;
    case REG_B: /* SET clears UIE ("SET bit") */
        s->ram[REG_B] = value & B_SET ? value & (uint8_t)~B_UPDATE : value;
        break;
    case REG_C:
    case REG_D: break; /* read only */
    default: s->ram[s->index] = value; break;
    }
}

static uint8_t in(void *device, unsigned offset)
{
    struct cmos *cmos = device;
    if (offset == 0)
        return 0xff;
    catch_up(&cmos->s, cmos->clock->s.now, cmos->hz);
    uint8_t value = look(&cmos->s, cmos->clock->s.now, cmos->hz);
    if (cmos->s.index == REG_C)
        cmos->s.ram[REG_C] = 0;
    update(cmos);
    return value;
}

static void out(void *device, unsigned offset, uint8_t value)
{
    struct cmos *cmos = device;
    if (offset == 0) {
        cmos->s.index = value & 127;
        return;
    }
    catch_up(&cmos->s, cmos->clock->s.now, cmos->hz);
    write_data(cmos, value);
    update(cmos);
}

static uint8_t peek(const void *device, unsigned offset)
{
    const struct cmos *cmos = device;
    if (offset == 0)
        return 0xff;
    struct cmos_state copy = cmos->s;
    catch_up(&copy, cmos->clock->s.now, cmos->hz);
    return look(&copy, cmos->clock->s.now, cmos->hz);
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

static bool valid(const void *bytes)
{
    const struct cmos_state *s = bytes;
    return s->index < sizeof s->ram && s->irq <= 1 && !(s->ram[REG_A] & A_UIP) &&
           !(s->ram[REG_C] & ~(C_UPDATE | C_ALARM | C_PERIODIC));
}

void cmos_init(struct cmos *cmos, struct clock *clock, uint32_t hz, struct irq_line irq8)
{
    memset(cmos, 0, sizeof *cmos);
    cmos->clock = clock;
    cmos->hz = hz;
    cmos->irq8 = irq8;
    cmos->slot_update = clock_slot(clock, "cmos update", on_time, cmos);
    cmos->slot_periodic = clock_slot(clock, "cmos periodic", on_time, cmos);
    cmos->s.ram[REG_A] = 0x26; /* 32768 Hz, 1024 periods a second: what a BIOS leaves */
    cmos->s.ram[REG_B] = B_24;
    cmos_set_date(cmos, 0);
}

void cmos_reset(struct cmos *cmos)
{
    catch_up(&cmos->s, cmos->clock->s.now, cmos->hz);
    cmos->s.ram[REG_B] &= (uint8_t) ~(B_PERIODIC | B_ALARM | B_UPDATE);
    cmos->s.ram[REG_C] = 0;
    update(cmos);
}

void cmos_map(struct cmos *cmos, struct bus *ports, uint32_t base)
{
    bus_add_device(ports, "cmos", base, 2, &ops, cmos);
}

void cmos_add_state(struct cmos *cmos, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "cmos",
                       .version = 1,
                       .size = sizeof cmos->s,
                       .bytes = &cmos->s,
                       .valid = valid,
                   });
}

void cmos_set_date(void *device, uint32_t seconds)
{
    struct cmos *cmos = device;
    struct cmos_state *s = &cmos->s;
    unsigned days = seconds / SECONDS_A_DAY, rest = seconds % SECONDS_A_DAY;
    unsigned year = 1970, month = 1;
    s->ram[WEEKDAY] = to_notation(s, (days + 4) % 7 + 1); /* 1970 began on a Thursday; 1 = Sunday */
    while (days >= days_in_month(month, year)) {
        days -= days_in_month(month, year);
        month = month % 12 + 1;
        year += month == 1;
    }
    s->ram[SECONDS] = to_notation(s, rest % 60);
    s->ram[MINUTES] = to_notation(s, rest / 60 % 60);
    s->ram[HOURS] = put_hours(s, rest / 3600);
    s->ram[DAY] = to_notation(s, days + 1);
    s->ram[MONTH] = to_notation(s, month);
    s->ram[YEAR] = to_notation(s, year % 100);
    s->ram[CENTURY] = to_notation(s, year / 100);
    s->next_update = cmos->clock->s.now + cmos->hz;
    update(cmos);
}

void cmos_store(struct cmos *cmos, unsigned index, uint8_t value)
{
    bug_unless(index > REG_D && index < sizeof cmos->s.ram);
    cmos->s.ram[index] = value;
}

static void store_word(struct cmos *cmos, unsigned index, uint64_t value, uint64_t most)
{
    uint64_t word = value < most ? value : most;
    cmos_store(cmos, index, (uint8_t)word);
    cmos_store(cmos, index + 1, (uint8_t)(word >> 8));
}

void cmos_store_memory_size(struct cmos *cmos, uint64_t size)
{
    const uint64_t kib = 1024, mib = 1024 * kib;
    uint64_t above_1 = size > mib ? size - mib : 0,
             above_16 = size > 16 * mib ? size - 16 * mib : 0;
    store_word(cmos, 0x15, size / kib, 640);
    store_word(cmos, 0x17, above_1 / kib, 0xfc00);
    store_word(cmos, 0x30, above_1 / kib, 0xfc00);
    store_word(cmos, 0x34, above_16 / (64 * kib), 0xffff);
}
