/* Unit tests of devices/kbd8042 and port92 against the PC/AT Technical Reference. */
#include "device_rig.h"

#include "devices/kbd8042.h"
#include "devices/port92.h"
#include "devices/wired_or.h"

struct kbd_rig {
    struct rig rig; /* first */
    struct kbd8042 kbd;
    struct port92 port92;
    struct wired_or a20;
    unsigned resets;
};

enum { IRQ1 = 0, A20 = 1 };

static void reset(void *context)
{
    struct kbd_rig *r = context;
    r->resets++;
    rig_call(&r->rig);
}

static struct rig *make(void)
{
    struct kbd_rig *r = calloc(1, sizeof *r);
    rig_init(&r->rig);
    wired_or_init(&r->a20, rig_line(&r->rig, A20));
    kbd8042_init(&r->kbd, rig_line(&r->rig, IRQ1), (struct irq_line){wired_or_pin, &r->a20, 0},
                 reset, r);
    port92_init(&r->port92, (struct irq_line){wired_or_pin, &r->a20, 1}, reset, r);
    kbd8042_map(&r->kbd, &r->rig.ports);
    port92_map(&r->port92, &r->rig.ports, 0x92);
    wired_or_add_state(&r->a20, &r->rig.map, "a20");
    kbd8042_add_state(&r->kbd, &r->rig.map);
    port92_add_state(&r->port92, &r->rig.map);
    return &r->rig;
}

static struct kbd_rig *ready(void)
{
    return (struct kbd_rig *)make();
}

static void free_rig(struct rig *rig)
{
    free(rig);
}

static void command(struct kbd_rig *r, uint8_t byte)
{
    rig_out(&r->rig, 0x64, byte);
}

static void data(struct kbd_rig *r, uint8_t byte)
{
    rig_out(&r->rig, 0x60, byte);
}

static void key(struct kbd_rig *r, uint8_t byte)
{
    kbd8042_key(&r->kbd, byte);
}

/* Reads bytes until the output buffer stays empty and compares. */
static void expect(struct kbd_rig *r, unsigned length, const uint8_t *bytes)
{
    for (unsigned i = 0; i < length; i++) {
        ck_assert_msg(rig_in(&r->rig, 0x64) & 1, "byte %u is not there", i);
        uint8_t byte = rig_in(&r->rig, 0x60);
        ck_assert_msg(byte == bytes[i], "byte %u is %02x, not %02x", i, byte, bytes[i]);
    }
    ck_assert_uint_eq(rig_in(&r->rig, 0x64) & 1, 0);
}

#define EXPECT(r, ...)                                                                             \
    do {                                                                                           \
        static const uint8_t bytes[] = {__VA_ARGS__};                                              \
        expect(r, sizeof bytes, bytes);                                                            \
    } while (0)

START_TEST(self_tests)
{
    struct kbd_rig *r = ready();
    command(r, 0xaa);
    EXPECT(r, 0x55);
    ck_assert_uint_eq(rig_in(&r->rig, 0x64) & 0x0c, 0x0c); /* system flag, command */
    command(r, 0xab);
    EXPECT(r, 0x00);
    data(r, 0xff);
    EXPECT(r, 0xfa, 0xaa);
    ck_assert_uint_eq(rig_in(&r->rig, 0x64) & 0x08, 0);
    free(r);
}
END_TEST

START_TEST(command_byte_and_ram)
{
    struct kbd_rig *r = ready();
    command(r, 0x60);
    data(r, 0x74);
    command(r, 0x20);
    EXPECT(r, 0x74);
    command(r, 0x7f);
    data(r, 0x99);
    command(r, 0x3f);
    EXPECT(r, 0x99);
    command(r, 0x60);
    data(r, 0x00);
    ck_assert_uint_eq(rig_in(&r->rig, 0x64) & 4, 0); /* the system flag follows */
    command(r, 0xad);
    command(r, 0x20);
    EXPECT(r, 0x10);
    command(r, 0xae);
    command(r, 0xa7);
    command(r, 0x20);
    EXPECT(r, 0x20);
    free(r);
}
END_TEST

START_TEST(keys_interrupt_and_wait)
{
    struct kbd_rig *r = ready();
    key(r, 0x1e);
    key(r, 0x9e);
    ck_assert(r->rig.level[IRQ1]);
    ck_assert_uint_eq(rig_in(&r->rig, 0x64) & 1, 1);
    ck_assert_uint_eq(rig_in(&r->rig, 0x60), 0x1e);
    ck_assert_uint_eq(r->rig.rises[IRQ1], 2); /* the second has an edge of its own */
    ck_assert_uint_eq(rig_in(&r->rig, 0x60), 0x9e);
    ck_assert(!r->rig.level[IRQ1]);
    ck_assert_uint_eq(rig_in(&r->rig, 0x60), 0x9e); /* the buffer keeps its last byte */

    command(r, 0x60);
    data(r, 0x40); /* IRQ1 off */
    key(r, 0x1f);
    ck_assert(!r->rig.level[IRQ1]);
    EXPECT(r, 0x1f);
    command(r, 0xad); /* the keyboard may not send */
    key(r, 0x20);
    ck_assert_uint_eq(rig_in(&r->rig, 0x64) & 1, 0);
    command(r, 0xae);
    EXPECT(r, 0x20);
    free(r);
}
END_TEST

START_TEST(untranslated_keys_are_set_2)
{
    struct kbd_rig *r = ready();
    command(r, 0x60);
    data(r, 0x01);
    key(r, 0x1e); /* A */
    key(r, 0x9e);
    EXPECT(r, 0x1c, 0xf0, 0x1c);
    key(r, 0xe0); /* up arrow */
    key(r, 0x48);
    key(r, 0xe0);
    key(r, 0xc8);
    EXPECT(r, 0xe0, 0x75, 0xe0, 0xf0, 0x75);
    key(r, 0x41); /* F7 */
    key(r, 0x01); /* Esc */
    EXPECT(r, 0x83, 0x76);
    static const uint8_t pause[] = {0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5};
    for (unsigned i = 0; i < sizeof pause; i++)
        key(r, pause[i]);
    EXPECT(r, 0xe1, 0x14, 0x77, 0xe1, 0xf0, 0x14, 0xf0, 0x77);
    free(r);
}
END_TEST

START_TEST(keyboard_commands)
{
    struct kbd_rig *r = ready();
    command(r, 0x60);
    data(r, 0x01); /* untranslated */
    data(r, 0xf2);
    EXPECT(r, 0xfa, 0xab, 0x83);
    data(r, 0xee);
    EXPECT(r, 0xee);
    data(r, 0xed);
    EXPECT(r, 0xfa);
    data(r, 0x07);
    EXPECT(r, 0xfa);
    ck_assert_uint_eq(r->kbd.s.leds, 7);
    data(r, 0xf3);
    EXPECT(r, 0xfa);
    data(r, 0x20);
    EXPECT(r, 0xfa);
    data(r, 0xf0);
    EXPECT(r, 0xfa);
    data(r, 0x00);
    EXPECT(r, 0xfa, 0x02);
    data(r, 0xf5); /* no more keys */
    EXPECT(r, 0xfa);
    key(r, 0x1e);
    expect(r, 0, NULL);
    data(r, 0xf4);
    EXPECT(r, 0xfa);
    key(r, 0x1e);
    EXPECT(r, 0x1c);
    data(r, 0xfe); /* resend */
    EXPECT(r, 0x1c);
    data(r, 0x11); /* no command */
    EXPECT(r, 0xfe);
    data(r, 0xed);
    data(r, 0xf4); /* a command in place of the data */
    EXPECT(r, 0xfa, 0xfa);
    data(r, 0xf6);
    EXPECT(r, 0xfa);

    command(r, 0x60);
    data(r, 0x41); /* translated: the ID's second byte is 41h */
    data(r, 0xf2);
    EXPECT(r, 0xfa, 0xab, 0x41);
    free(r);
}
END_TEST

START_TEST(a20_from_two_sources)
{
    struct kbd_rig *r = ready();
    ck_assert(r->rig.level[A20]);
    command(r, 0xd1);
    data(r, 0xdd);
    ck_assert(!r->rig.level[A20]);
    command(r, 0xd0);
    ck_assert_uint_eq(rig_in(&r->rig, 0x60) & 3, 1);
    command(r, 0xd1);
    data(r, 0xdf); /* as boot loaders do */
    ck_assert(r->rig.level[A20]);
    command(r, 0xdd);
    ck_assert(!r->rig.level[A20]);
    rig_out(&r->rig, 0x92, 0x02);
    ck_assert(r->rig.level[A20]);
    ck_assert_uint_eq(rig_in(&r->rig, 0x92), 0x02);
    command(r, 0xdf);
    rig_out(&r->rig, 0x92, 0x00);
    ck_assert(r->rig.level[A20]);
    ck_assert_uint_eq(r->resets, 0);
    free(r);
}
END_TEST

START_TEST(resets)
{
    struct kbd_rig *r = ready();
    command(r, 0xff); /* pulses nothing */
    command(r, 0xfd);
    ck_assert_uint_eq(r->resets, 0);
    command(r, 0xfe);
    ck_assert_uint_eq(r->resets, 1);
    command(r, 0xd1);
    data(r, 0xfe);
    ck_assert_uint_eq(r->resets, 2);
    rig_out(&r->rig, 0x92, 0x01);
    ck_assert_uint_eq(r->resets, 3);
    rig_out(&r->rig, 0x92, 0x01); /* only a rising bit */
    ck_assert_uint_eq(r->resets, 3);
    free(r);
}
END_TEST

START_TEST(no_auxiliary_device)
{
    struct kbd_rig *r = ready();
    command(r, 0xa9);
    EXPECT(r, 0x01);
    command(r, 0xd3);
    data(r, 0x5a);
    expect(r, 0, NULL);
    command(r, 0xd4);
    data(r, 0xf2);
    ck_assert_uint_eq(rig_in(&r->rig, 0x64) & 0x61, 0x41); /* time-out */
    EXPECT(r, 0xfe);
    ck_assert_uint_eq(rig_in(&r->rig, 0x64) & 0x40, 0);
    command(r, 0xd2); /* as if the keyboard had sent it */
    data(r, 0x77);
    ck_assert(r->rig.level[IRQ1]);
    EXPECT(r, 0x77);
    free(r);
}
END_TEST

START_TEST(a_full_keyboard_buffer_keeps_the_oldest)
{
    struct kbd_rig *r = ready();
    command(r, 0xad);
    ck_assert_uint_eq(kbd8042_room(&r->kbd), KBD8042_KEYS);
    for (unsigned i = 0; i < KBD8042_KEYS + 50; i++)
        key(r, i % 100 + 1);
    ck_assert_uint_eq(kbd8042_room(&r->kbd), 0);
    command(r, 0xae);
    for (unsigned i = 0; i < KBD8042_KEYS; i++)
        ck_assert_uint_eq(rig_in(&r->rig, 0x60), i % 100 + 1);
    ck_assert_uint_eq(rig_in(&r->rig, 0x64) & 1, 0);
    free(r);
}
END_TEST

static void outside(struct rig *rig, uint32_t random)
{
    key((struct kbd_rig *)rig, random & 0xff);
}

static const uint16_t ports[] = {0x60, 0x64, 0x92, 0};
static const struct rig_subject subject = {
    .make = make,
    .free = free_rig,
    .outside = outside,
    .ports = ports,
    .span = 1,
    .longest = 1000,
};

START_TEST(survives_bashing_and_moves)
{
    rig_bash(&subject, 20, 5000);
    rig_corrupt(&subject, 1);
}
END_TEST

RIG_MAIN("kbd8042", self_tests, command_byte_and_ram, keys_interrupt_and_wait,
         untranslated_keys_are_set_2, keyboard_commands, a20_from_two_sources, resets,
         no_auxiliary_device, a_full_keyboard_buffer_keeps_the_oldest, survives_bashing_and_moves)
