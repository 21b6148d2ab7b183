/* Unit tests of the LAMEbus cards without time: random, ltrace, and our host card. */
#include "lamebus_rig.h"

#include "devices/lamebus_host.h"
#include "devices/lamebus_random.h"
#include "devices/lamebus_trace.h"

enum { HOST = 27, RANDOM = 28, TRACE = 30 };
enum { FILE_NUMBER = 0, SIZE = 4, POSITION = 8, EXIT = 12, NAME = 0x7f00, WINDOW = 0x8000 };

struct cards_rig {
    struct lamebus_rig r; /* first */
    struct lamebus_host host;
    struct lamebus_random random;
    struct lamebus_trace trace;
    uint8_t big[100000];
    unsigned exits, wishes;
    uint32_t exit_value, wish_value;
    enum lamebus_trace_wish wish;
};

static void exits(void *context, uint32_t value)
{
    struct cards_rig *c = context;
    c->exits++;
    c->exit_value = value;
    rig_tell(&c->r.rig, 0x5000 + value);
}

static void wishes(void *context, enum lamebus_trace_wish wish, uint32_t value)
{
    struct cards_rig *c = context;
    c->wishes++;
    c->wish = wish;
    c->wish_value = value;
    rig_tell(&c->r.rig, 0x6000 + value + wish);
}

static struct cards_rig *make_cards(void)
{
    struct cards_rig *c = calloc(1, sizeof *c);
    for (unsigned i = 0; i < sizeof c->big; i++)
        c->big[i] = (uint8_t)(i * 7 + i / 256);
    lamebus_rig_init(&c->r, 1);
    lamebus_host_init(&c->host, exits, c);
    lamebus_host_add_file(&c->host,
                          (struct lamebus_host_file){"opt/a", (const uint8_t *)"hello", 5});
    lamebus_host_add_file(&c->host, (struct lamebus_host_file){"opt/big", c->big, sizeof c->big});
    lamebus_host_plug(&c->host, &c->r.bus, HOST);
    lamebus_host_add_state(&c->host, &c->r.rig.map);
    lamebus_random_init(&c->random, 1);
    lamebus_random_plug(&c->random, &c->r.bus, RANDOM);
    lamebus_random_add_state(&c->random, &c->r.rig.map);
    lamebus_trace_init(&c->trace, wishes, c);
    lamebus_trace_plug(&c->trace, &c->r.bus, TRACE);
    lamebus_trace_add_state(&c->trace, &c->r.rig.map);
    return c;
}

static struct rig *make(void)
{
    return &make_cards()->r.rig;
}

static void free_rig(struct rig *rig)
{
    free(rig);
}

START_TEST(identities)
{
    struct cards_rig *c = make_cards();
    static const struct {
        unsigned slot;
        uint32_t vendor, device, revision;
    } card[] = {{HOST, 0x54525053, 1, 1}, {RANDOM, 1, 9, 1}, {TRACE, 1, 8, 3}};
    for (unsigned i = 0; i < sizeof card / sizeof *card; i++) {
        ck_assert_uint_eq(lamebus_in(&c->r, 31, card[i].slot * 0x400), card[i].vendor);
        ck_assert_uint_eq(lamebus_in(&c->r, 31, card[i].slot * 0x400 + 4), card[i].device);
        ck_assert_uint_eq(lamebus_in(&c->r, 31, card[i].slot * 0x400 + 8), card[i].revision);
    }
    lamebus_expect_whole_words(&c->r, HOST, SIZE);
    lamebus_expect_whole_words(&c->r, RANDOM, 0);
    free(c);
}
END_TEST

START_TEST(random_numbers)
{
    struct cards_rig *c = make_cards(), *again = make_cards();
    unsigned ones = 0;
    uint32_t before = 0;
    for (unsigned i = 0; i < 1000; i++) {
        uint32_t word = lamebus_in(&c->r, RANDOM, 0);
        ck_assert_uint_eq(word, lamebus_in(&again->r, RANDOM, 0));
        ck_assert_uint_ne(word, before);
        before = word;
        ones += (unsigned)__builtin_popcount(word);
    }
    ck_assert_uint_ge(ones, 15500); /* of 32000 bits */
    ck_assert_uint_le(ones, 16500);
    struct lamebus_random other;
    lamebus_random_init(&other, 2);
    ck_assert_uint_ne(other.s.seed, again->random.s.seed);
    uint32_t word;
    ck_assert(!lamebus_try_read(&c->r, RANDOM, 4, &word));
    ck_assert(!lamebus_try_write(&c->r, RANDOM, 0, 1));
    free(c);
    free(again);
}
END_TEST

START_TEST(a_kernel_talks_through_ltrace)
{
    struct cards_rig *c = make_cards();
    static const struct {
        uint32_t offset;
        enum lamebus_trace_wish wish;
    } wish[] = {{8, LAMEBUS_TRACE_PRINT}, {12, LAMEBUS_TRACE_DUMP}, {16, LAMEBUS_TRACE_STOP}};
    for (unsigned i = 0; i < 3; i++) {
        lamebus_out(&c->r, TRACE, wish[i].offset, 40 + i);
        ck_assert_uint_eq(c->wishes, i + 1);
        ck_assert_int_eq(c->wish, wish[i].wish);
        ck_assert_uint_eq(c->wish_value, 40 + i);
        uint32_t word;
        ck_assert(!lamebus_try_read(&c->r, TRACE, wish[i].offset, &word));
    }
    lamebus_out(&c->r, TRACE, 0, 'k');
    lamebus_out(&c->r, TRACE, 4, 'k');
    lamebus_out(&c->r, TRACE, 0x18, 1);
    ck_assert_uint_eq(c->wishes, 3);
    lamebus_out(&c->r, TRACE, 0x14, 77);
    ck_assert_uint_eq(lamebus_in(&c->r, TRACE, 0x14), 1);
    ck_assert(!lamebus_try_write(&c->r, TRACE, 0x1c, 1));
    free(c);
}
END_TEST

START_TEST(files_on_the_host_card)
{
    struct cards_rig *c = make_cards();
    char name[64];
    ck_assert_uint_eq(lamebus_in(&c->r, HOST, FILE_NUMBER), 2);
    ck_assert_uint_eq(lamebus_in(&c->r, HOST, SIZE), 5);
    lamebus_out(&c->r, HOST, FILE_NUMBER, 1);
    ck_assert_uint_eq(lamebus_in(&c->r, HOST, SIZE), sizeof c->big);
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t byte;
        ck_assert(bus_read(&c->r.rig.ports, 0, lamebus_address(HOST, NAME + i), 1, &byte));
        name[i] = (char)byte;
    }
    ck_assert_str_eq(name, "opt/big");
    lamebus_out(&c->r, HOST, POSITION, 99998);
    ck_assert_uint_eq(lamebus_in(&c->r, HOST, WINDOW),
                      (uint32_t)c->big[99998] << 24 | (uint32_t)c->big[99999] << 16);
    lamebus_out(&c->r, HOST, POSITION, 0xffffffff);
    ck_assert_uint_eq(lamebus_in(&c->r, HOST, WINDOW + 0x7ffc), 0);
    ck_assert(!lamebus_try_write(&c->r, HOST, WINDOW, 1));
    ck_assert(!lamebus_try_write(&c->r, HOST, SIZE, 1));
    ck_assert(!lamebus_try_write(&c->r, HOST, NAME, 1));
    lamebus_out(&c->r, HOST, FILE_NUMBER, 0); /* rewinds */
    ck_assert_uint_eq(lamebus_in(&c->r, HOST, POSITION), 0);
    ck_assert_uint_eq(lamebus_in(&c->r, HOST, WINDOW), 0x68656c6c);
    lamebus_out(&c->r, HOST, FILE_NUMBER, 2); /* none */
    ck_assert_uint_eq(lamebus_in(&c->r, HOST, SIZE), 0);
    ck_assert_uint_eq(lamebus_in(&c->r, HOST, WINDOW), 0);
    ck_assert_uint_eq(lamebus_in(&c->r, HOST, NAME), 0);
    free(c);
}
END_TEST

START_TEST(exit_gives_its_value)
{
    struct cards_rig *c = make_cards();
    uint32_t word;
    ck_assert(!lamebus_try_read(&c->r, HOST, EXIT, &word));
    lamebus_out(&c->r, HOST, EXIT, 0x80000003);
    ck_assert_uint_eq(c->exits, 1);
    ck_assert_uint_eq(c->exit_value, 0x80000003);
    free(c);
}
END_TEST

/* The slots lie too far apart for the basher's 16 bits: it goes over each card in turn. */
static struct rig_subject subject_of(unsigned slot)
{
    static const uint16_t places[] = {0x100, 0x7ff8, 0x8100, 0};
    return (struct rig_subject){
        .make = make,
        .free = free_rig,
        .ports = places,
        .span = 32,
        .base = LAMEBUS_BASE + slot * LAMEBUS_SLOT_BYTES - 0x100,
        .words = true,
        .longest = 100,
    };
}

START_TEST(bashed)
{
    for (unsigned slot = HOST; slot <= TRACE; slot++) {
        struct rig_subject subject = subject_of(slot);
        rig_bash(&subject, 10, 1000);
    }
}
END_TEST

START_TEST(corrupted)
{
    struct rig_subject subject = subject_of(HOST);
    rig_corrupt(&subject, 9);
}
END_TEST

RIG_MAIN("lamebus_cards", identities, random_numbers, a_kernel_talks_through_ltrace,
         files_on_the_host_card, exit_gives_its_value, bashed, corrupted)
