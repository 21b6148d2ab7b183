/* device_rig: a bench for one chip: a clock, a bus, pins that remember, and a port basher that
 * checks what every chip promises. */
#ifndef TESTS_UNIT_DEVICE_RIG_H
#define TESTS_UNIT_DEVICE_RIG_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "devices/device.h"

#define RIG_PINS 8u
#define RIG_SENT 8192u

struct rig {
    struct clock clock;
    struct bus memory, ports;
    struct state_map map;
    bool level[RIG_PINS];
    unsigned rises[RIG_PINS];
    uint8_t sent[RIG_SENT];
    unsigned sent_used;
    uint64_t story; /* a hash of all that came out: pins, bytes, calls */
};

static inline void rig_tell(struct rig *rig, uint64_t what)
{
    rig->story = (rig->story ^ what) * 0x9e3779b97f4a7c15u;
    rig->story ^= rig->story >> 29;
}

static inline void rig_pin(void *sink, unsigned pin, bool level)
{
    struct rig *rig = sink;
    ck_assert_uint_lt(pin, RIG_PINS);
    rig->rises[pin] += level && !rig->level[pin];
    rig->level[pin] = level;
    rig_tell(rig, 2 * pin + level);
}

static inline struct irq_line rig_line(struct rig *rig, unsigned pin)
{
    return (struct irq_line){rig_pin, rig, pin};
}

static inline void rig_send(void *context, uint8_t byte)
{
    struct rig *rig = context;
    rig->sent[rig->sent_used++ % RIG_SENT] = byte;
    rig_tell(rig, 0x100u + byte);
}

static inline void rig_call(void *context)
{
    rig_tell(context, 0x1000);
}

static inline void rig_init(struct rig *rig)
{
    memset(rig, 0, sizeof *rig);
    clock_init(&rig->clock);
    bus_init(&rig->memory);
    bus_init(&rig->ports);
    state_init(&rig->map);
    state_add(&rig->map, (struct state_block){
                             .name = "clock",
                             .version = 1,
                             .size = sizeof rig->clock.s,
                             .bytes = &rig->clock.s,
                             .restored = clock_restored,
                             .context = &rig->clock,
                         });
}

static inline uint32_t rig_in_wide(struct rig *rig, uint32_t port, unsigned size)
{
    uint32_t value = 0xffffffff;
    if (!bus_read(&rig->ports, 0, port, size, &value))
        value = 0xffffffff;
    return size == 4 ? value : value & ((1u << 8 * size) - 1);
}

static inline uint8_t rig_in(struct rig *rig, uint32_t port)
{
    return (uint8_t)rig_in_wide(rig, port, 1);
}

static inline void rig_out(struct rig *rig, uint32_t port, uint8_t value)
{
    bus_write(&rig->ports, 0, port, 1, value);
}

static inline uint8_t rig_peek(struct rig *rig, uint32_t port)
{
    uint32_t value = 0;
    ck_assert(bus_peek(&rig->ports, port, 1, &value));
    return (uint8_t)value;
}

/* Event by event, as a machine that halts. */
static inline void rig_pass(struct rig *rig, ticks time)
{
    ticks end = rig->clock.s.now + time;
    while (rig->clock.horizon <= end) {
        if (rig->clock.s.now < rig->clock.horizon)
            rig->clock.s.now = rig->clock.horizon;
        clock_fire(&rig->clock);
    }
    rig->clock.s.now = end;
}

static inline uint32_t rig_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 16);
}

/* What the basher needs to know of a bench for some chip. */
struct rig_subject {
    /* A fresh bench; both of a pair are made alike. */
    struct rig *(*make)(void);
    void (*free)(struct rig *rig);
    /* One random thing that comes from outside; may be NULL. */
    void (*outside)(struct rig *rig, uint32_t random);
    /* What a snapshot holds besides the state map (memories); may be NULL. */
    void (*copy)(struct rig *to, const struct rig *from);
    const uint16_t *ports; /* ends with 0 */
    unsigned span;         /* ports behind each of them that are tried too */
    uint32_t base;         /* what they are counted from */
    bool words;            /* most accesses are aligned and 32 bits wide */
    uint32_t longest;      /* ticks between two accesses, at most */
};

static inline uint32_t rig_bash_once(struct rig *rig, const struct rig_subject *subject,
                                     uint64_t *seed)
{
    unsigned count = 0;
    while (subject->ports[count] != 0)
        count++;
    uint32_t port = subject->base + subject->ports[rig_random(seed) % count];
    port += rig_random(seed) % subject->span;
    uint32_t dice = rig_random(seed), value = rig_random(seed);
    unsigned size = dice % 8 < 6 ? 1 : dice % 8 == 6 ? 2 : 4;
    if (subject->words && dice % 8 < 7) {
        size = 4;
        port &= ~3u;
    }
    if (dice >> 8 & 1)
        value = 1u << value % 32;
    if (dice >> 9 & 1)
        rig_pass(rig, dice % 64 < 60 ? value % 64 : value % subject->longest);
    if (subject->outside != NULL && (dice >> 10) % 8 == 0)
        subject->outside(rig, value);
    if (dice >> 15 & 1) {
        bus_write(&rig->ports, 0, port, size, value);
        return 0;
    }
    uint32_t seen = 0, got = 0;
    /* A peek must not change what the read then sees. */
    bus_peek(&rig->ports, port, size, &seen);
    return bus_read(&rig->ports, 0, port, size, &got) ? got : 0;
}

static inline uint8_t *rig_save(struct rig *rig)
{
    uint8_t *bytes = malloc(state_size(&rig->map));
    state_save(&rig->map, bytes);
    return bytes;
}

static inline void rig_load(struct rig *rig, const uint8_t *bytes)
{
    const char *why = "";
    bool loaded = state_load(&rig->map, bytes, state_size(&rig->map), &why);
    ck_assert_msg(loaded, "a state that was reached is refused: %s", why);
}

/* Bashes one bench, moves its state to another one in the middle, bashes both the same way: all
 * that they say must be the same, and every state that is reached must pass its own validator. */
static inline void rig_bash(const struct rig_subject *subject, unsigned rounds, unsigned accesses)
{
    for (unsigned round = 0; round < rounds; round++) {
        uint64_t seed = 0x123456789abcdefu + round * 0x9e3779b97f4a7c15u;
        struct rig *one = subject->make(), *two = subject->make();
        for (unsigned i = 0; i < accesses; i++)
            rig_bash_once(one, subject, &seed);

        uint8_t *saved = rig_save(one);
        rig_load(two, saved);
        if (subject->copy != NULL)
            subject->copy(two, one);
        free(saved);
        memcpy(two->level, one->level, sizeof one->level); /* the other end of each line */
        one->story = two->story = 0;
        uint64_t seed_two = seed;
        for (unsigned i = 0; i < accesses; i++) {
            uint32_t got = rig_bash_once(one, subject, &seed);
            uint32_t other = rig_bash_once(two, subject, &seed_two);
            ck_assert_msg(got == other, "round %u, access %u: %x here, %x after a load", round, i,
                          got, other);
        }
        ck_assert(one->story == two->story);
        ck_assert(state_hash(&one->map, 0) == state_hash(&two->map, 0));
        subject->free(one);
        subject->free(two);
    }
}

/* Every byte of a good state set to hostile values: refused or survived. */
static inline void rig_corrupt(const struct rig_subject *subject, unsigned step)
{
    struct rig *good = subject->make();
    uint64_t seed = 99;
    for (unsigned i = 0; i < 500; i++)
        rig_bash_once(good, subject, &seed);
    uint8_t *saved = rig_save(good);
    size_t size = state_size(&good->map);
    static const uint8_t hostile[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    for (size_t at = 0; at < size; at += step) {
        for (unsigned i = 0; i < sizeof hostile; i++) {
            uint8_t before = saved[at];
            saved[at] = hostile[i];
            struct rig *rig = subject->make();
            const char *why;
            if (state_load(&rig->map, saved, size, &why))
                for (unsigned j = 0; j < 40; j++)
                    rig_bash_once(rig, subject, &seed);
            subject->free(rig);
            saved[at] = before;
        }
    }
    free(saved);
    subject->free(good);
}

static inline int rig_run(const char *name, const TTest *const tests[], unsigned count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 60);
    for (unsigned i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define RIG_MAIN(name, ...)                                                                        \
    int main(void)                                                                                 \
    {                                                                                              \
        const TTest *const tests[] = {__VA_ARGS__};                                                \
        return rig_run(name, tests, sizeof tests / sizeof tests[0]);                               \
    }

#endif
