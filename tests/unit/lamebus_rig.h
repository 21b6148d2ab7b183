/* lamebus_rig: a bench for cards of the LAMEbus: a controller, and words as a guest sees them. */
#ifndef TESTS_UNIT_LAMEBUS_RIG_H
#define TESTS_UNIT_LAMEBUS_RIG_H

#include "device_rig.h"

#include "devices/lamebus_bus.h"

enum { LAMEBUS_RIG_HZ = 25000000, LAMEBUS_RIG_CONTROLLER = 31 };

/* Controller and processors whose lines are the rig's pins: two for each. */
struct lamebus_rig {
    struct rig rig; /* first */
    struct lamebus_bus bus;
    unsigned started[4], stopped[4], misuses, power_offs;
    uint32_t pc, a0, sp, misused_slot, misused_offset, misused_value;
};

static inline void lamebus_rig_start(void *context, unsigned cpu, uint32_t pc, uint32_t a0,
                                     uint32_t sp)
{
    struct lamebus_rig *r = context;
    r->started[cpu]++;
    r->pc = pc;
    r->a0 = a0;
    r->sp = sp;
    rig_tell(&r->rig, pc ^ (uint64_t)a0 << 20 ^ (uint64_t)sp << 7 ^ cpu);
}

static inline void lamebus_rig_stop(void *context, unsigned cpu)
{
    struct lamebus_rig *r = context;
    r->stopped[cpu]++;
    rig_tell(&r->rig, 0x2000 + cpu);
}

static inline void lamebus_rig_power_off(void *context)
{
    struct lamebus_rig *r = context;
    r->power_offs++;
    rig_tell(&r->rig, 0x3000);
}

static inline void lamebus_rig_misused(void *context, unsigned slot, uint32_t offset,
                                       uint32_t value)
{
    struct lamebus_rig *r = context;
    r->misuses++;
    r->misused_slot = slot;
    r->misused_offset = offset;
    r->misused_value = value;
    rig_tell(&r->rig, 0x4000 + slot + offset + value);
}

static inline void lamebus_rig_init(struct lamebus_rig *r, unsigned cpus)
{
    struct lamebus_outside outside = {lamebus_rig_start, lamebus_rig_stop, lamebus_rig_power_off,
                                      lamebus_rig_misused, r};
    rig_init(&r->rig);
    lamebus_bus_init(&r->bus, &r->rig.clock, LAMEBUS_RIG_HZ, &r->rig.ports, 0x123000, cpus,
                     outside);
    lamebus_bus_add_state(&r->bus, &r->rig.map);
    for (unsigned i = 0; i < cpus; i++)
        lamebus_bus_connect(&r->bus, i, rig_line(&r->rig, 2 * i), rig_line(&r->rig, 2 * i + 1));
}

static inline uint32_t lamebus_address(unsigned slot, uint32_t offset)
{
    return LAMEBUS_BASE + slot * LAMEBUS_SLOT_BYTES + offset;
}

/* Does the slot answer, and with what? A peek before must see the same. */
static inline bool lamebus_try_read(struct lamebus_rig *r, unsigned slot, uint32_t offset,
                                    uint32_t *word)
{
    uint32_t value = 0, seen = 0;
    bool there = bus_peek(&r->rig.ports, lamebus_address(slot, offset), 4, &seen);
    bool answered = bus_read(&r->rig.ports, 0, lamebus_address(slot, offset), 4, &value);
    if (there && answered)
        ck_assert_uint_eq(seen, value);
    *word = __builtin_bswap32(value);
    return answered;
}

static inline uint32_t lamebus_in(struct lamebus_rig *r, unsigned slot, uint32_t offset)
{
    uint32_t word;
    ck_assert_msg(lamebus_try_read(r, slot, offset, &word), "slot %u, %x does not answer", slot,
                  offset);
    return word;
}

static inline bool lamebus_try_write(struct lamebus_rig *r, unsigned slot, uint32_t offset,
                                     uint32_t word)
{
    return bus_write(&r->rig.ports, 0, lamebus_address(slot, offset), 4, __builtin_bswap32(word));
}

static inline void lamebus_out(struct lamebus_rig *r, unsigned slot, uint32_t offset, uint32_t word)
{
    ck_assert_msg(lamebus_try_write(r, slot, offset, word), "slot %u, %x cannot be written", slot,
                  offset);
}

/* The processor's interrupt. */
static inline bool lamebus_interrupted(const struct lamebus_rig *r)
{
    return r->rig.level[0];
}

/* Only whole words are registers. */
static inline void lamebus_expect_whole_words(struct lamebus_rig *r, unsigned slot, uint32_t offset)
{
    uint32_t value, at = lamebus_address(slot, offset);
    for (unsigned size = 1; size <= 2; size++)
        for (unsigned i = 0; i < 4; i += size) {
            ck_assert(!bus_read(&r->rig.ports, 0, at + i, size, &value));
            ck_assert(!bus_write(&r->rig.ports, 0, at + i, size, 0));
        }
    ck_assert(!bus_read(&r->rig.ports, 0, at + 2, 4, &value));
    ck_assert(!bus_write(&r->rig.ports, 0, at + 2, 4, 0));
}

#endif
