/* Unit tests of devices/uart16550 against the PC16550D data sheet. */
#include "device_rig.h"

#include "devices/uart16550.h"

struct uart_rig {
    struct rig rig; /* first */
    struct uart16550 uart;
};

enum { HZ = 33000000, RBR = 0x3f8, THR = RBR, IER, IIR, FCR = IIR, LCR, MCR, LSR, MSR, SCR };

static struct rig *make(void)
{
    struct uart_rig *r = calloc(1, sizeof *r);
    rig_init(&r->rig);
    uart16550_init(&r->uart, &r->rig.clock, HZ, rig_line(&r->rig, 0), rig_send, r);
    uart16550_map(&r->uart, &r->rig.ports, 0x3f8);
    uart16550_add_state(&r->uart, &r->rig.map, "uart16550");
    return &r->rig;
}

static void free_rig(struct rig *rig)
{
    free(rig);
}

static struct uart_rig *ready(uint8_t fcr, uint8_t ier)
{
    struct rig *rig = make();
    rig_out(rig, LCR, 0x80);
    rig_out(rig, RBR, 1);
    rig_out(rig, IER, 0);
    rig_out(rig, LCR, 0x03);
    rig_out(rig, FCR, fcr);
    rig_out(rig, MCR, 0x0b);
    rig_out(rig, IER, ier);
    rig_pass(rig, HZ / 100);
    return (struct uart_rig *)rig;
}

static void feed(struct uart_rig *r, const char *text)
{
    while (*text != '\0')
        uart16550_receive(&r->uart, (uint8_t)*text++);
}

START_TEST(registers_after_reset_and_identity)
{
    struct rig *rig = make();
    ck_assert_uint_eq(rig_in(rig, IIR), 0x01);
    ck_assert_uint_eq(rig_in(rig, IER), 0);
    ck_assert_uint_eq(rig_in(rig, LCR), 0);
    ck_assert_uint_eq(rig_in(rig, MCR), 0);
    ck_assert_uint_eq(rig_in(rig, LSR), 0x60);
    rig_out(rig, IER, 0xff);
    ck_assert_uint_eq(rig_in(rig, IER), 0x0f); /* bits 7..4 are always 0 */
    rig_out(rig, IER, 0);
    rig_out(rig, SCR, 0x5a);
    ck_assert_uint_eq(rig_in(rig, SCR), 0x5a);
    rig_out(rig, FCR, 0xe1);
    ck_assert_uint_eq(rig_in(rig, IIR), 0xc1); /* a 16550A, no 64-byte FIFO */
    rig_out(rig, FCR, 0x00);
    ck_assert_uint_eq(rig_in(rig, IIR), 0x01);
    rig_out(rig, LCR, 0x83);
    rig_out(rig, RBR, 0x34);
    rig_out(rig, IER, 0x12);
    ck_assert_uint_eq(rig_in(rig, RBR), 0x34);
    ck_assert_uint_eq(rig_in(rig, IER), 0x12);
    rig_out(rig, LCR, 0x03);
    ck_assert_uint_eq(rig_in(rig, IER), 0);
    free_rig(rig);
}
END_TEST

START_TEST(sends_and_raises_thre)
{
    struct uart_rig *r = ready(0x01, 0x00);
    rig_out(&r->rig, THR, 'A');
    ck_assert_uint_eq(r->rig.sent_used, 1);
    ck_assert_uint_eq(r->rig.sent[0], 'A');
    ck_assert_uint_eq(rig_in(&r->rig, LSR) & 0x60, 0x60);
    ck_assert(!r->rig.level[0]);
    rig_out(&r->rig, IER, 0x02); /* THRE is set: enabling interrupts at once */
    ck_assert(r->rig.level[0]);
    ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xc2);
    ck_assert(!r->rig.level[0]); /* reading IIR ends it */
    ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xc1);
    rig_out(&r->rig, IER, 0x00);
    rig_out(&r->rig, IER, 0x02); /* again */
    ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xc2);
    rig_out(&r->rig, IER, 0x03); /* not again: it was enabled already */
    ck_assert(!r->rig.level[0]);
    unsigned rises = r->rig.rises[0];
    rig_out(&r->rig, THR, 'B');
    rig_out(&r->rig, THR, 'C');
    ck_assert_uint_eq(r->rig.rises[0], rises + 2); /* an edge for each byte */
    free(r);
}
END_TEST

START_TEST(interrupts_without_out2)
{
    struct uart_rig *r = ready(0x00, 0x01);
    rig_out(&r->rig, MCR, 0x00);
    feed(r, "x");
    ck_assert(r->rig.level[0]);
    ck_assert_uint_eq(rig_in(&r->rig, IIR), 0x04);
    ck_assert_uint_eq(rig_in(&r->rig, RBR), 'x');
    ck_assert(!r->rig.level[0]);
    free(r);
}
END_TEST

START_TEST(trigger_levels_and_timeout)
{
    static const uint8_t level[4] = {1, 4, 8, 14};
    for (unsigned i = 0; i < 4; i++) {
        struct uart_rig *r = ready((uint8_t)(i << 6 | 1), 0x01);
        for (unsigned n = 1; n < level[i]; n++) {
            uart16550_receive(&r->uart, n);
            ck_assert(!r->rig.level[0]);
        }
        uart16550_receive(&r->uart, level[i]);
        ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xc4);
        ck_assert_uint_eq(rig_in(&r->rig, RBR), 1);
        ck_assert(!r->rig.level[0]); /* below the level again */
        if (level[i] > 1) {
            rig_pass(&r->rig, 4ull * 10 * HZ / 115200 - 100); /* four characters of 10 bits */
            ck_assert(!r->rig.level[0]);
            rig_pass(&r->rig, 200);
            ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xcc);
            ck_assert_uint_eq(rig_in(&r->rig, RBR), 2);
            ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xc1);
        }
        free(r);
    }
}
END_TEST

START_TEST(priorities)
{
    struct uart_rig *r = ready(0x01, 0x0f);
    uart16550_carrier(&r->uart, 0);
    feed(r, "a");
    rig_out(&r->rig, THR, 'q');
    r->uart.s.lsr_errors = 2;
    ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xc6);
    ck_assert_uint_eq(rig_in(&r->rig, LSR), 0x63);
    ck_assert_uint_eq(rig_in(&r->rig, LSR), 0x61);
    ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xc4);
    rig_in(&r->rig, RBR);
    ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xc2);
    ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xc0);
    ck_assert_uint_eq(rig_in(&r->rig, MSR), 0x38); /* CTS, DSR; DDCD, DCD off */
    ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xc1);
    ck_assert(!r->rig.level[0]);
    free(r);
}
END_TEST

START_TEST(no_byte_is_lost_and_room_tells)
{
    struct uart_rig *r = ready(0x01, 0x00);
    unsigned fed = 0;
    while (uart16550_room(&r->uart) > 0)
        uart16550_receive(&r->uart, fed++ & 0xff);
    ck_assert_uint_ge(fed, 4000);
    for (unsigned i = 0; i < 20000; i++) {
        ck_assert_uint_eq(rig_in(&r->rig, LSR), 0x61);
        ck_assert_uint_eq(rig_in(&r->rig, RBR), i & 0xff);
        while (uart16550_room(&r->uart) > 0)
            uart16550_receive(&r->uart, fed++ & 0xff);
    }
    free(r);
}
END_TEST

START_TEST(a_full_line_takes_the_receiver_back)
{
    struct uart_rig *r = ready(0x01, 0x00);
    unsigned fed = 0;
    while (uart16550_room(&r->uart) > 0)
        uart16550_receive(&r->uart, fed++ & 0xff);
    rig_out(&r->rig, FCR, 0x03);
    ck_assert_uint_eq(uart16550_room(&r->uart), 0);
    rig_pass(&r->rig, HZ / 100);
    for (unsigned i = 0; i < fed; i++)
        ck_assert_uint_eq(rig_in(&r->rig, RBR), i & 0xff);
    ck_assert_uint_eq(rig_in(&r->rig, LSR), 0x60);
    free(r);
}
END_TEST

START_TEST(overrun_only_when_room_is_ignored)
{
    struct uart_rig *r = ready(0x01, 0x00);
    while (uart16550_room(&r->uart) > 0)
        uart16550_receive(&r->uart, 'x');
    ck_assert_uint_eq(rig_in(&r->rig, LSR) & 2, 0);
    uart16550_receive(&r->uart, 'y');
    ck_assert_uint_eq(rig_in(&r->rig, LSR) & 2, 2);
    free(r);
}
END_TEST

START_TEST(carrier_falls_behind_the_last_byte)
{
    struct uart_rig *r = ready(0x01, 0x08);
    for (unsigned i = 0; i < 40; i++)
        uart16550_receive(&r->uart, i);
    uart16550_carrier(&r->uart, 0);
    ck_assert_uint_eq(rig_in(&r->rig, MSR), 0xb0);
    unsigned got = 0;
    while (rig_in(&r->rig, MSR) & 0x80) {
        ck_assert_uint_eq(rig_in(&r->rig, RBR), got++);
        ck_assert_uint_lt(got, 40);
    }
    while (rig_in(&r->rig, LSR) & 1)
        ck_assert_uint_eq(rig_in(&r->rig, RBR), got++);
    ck_assert_uint_eq(got, 40);
    uart16550_carrier(&r->uart, 1);
    ck_assert_uint_eq(rig_in(&r->rig, IIR), 0xc0);
    ck_assert_uint_eq(rig_in(&r->rig, MSR), 0xb8);
    free(r);
}
END_TEST

START_TEST(start_up_code_eats_no_input)
{
    struct rig *rig = make();
    struct uart_rig *r = (struct uart_rig *)rig;
    feed(r, "hello"); /* typed ahead, before the guest has begun */
    rig_pass(rig, HZ);
    /* As xv6 does it. */
    rig_out(rig, FCR, 0);
    rig_out(rig, LCR, 0x80);
    rig_out(rig, RBR, 12);
    rig_out(rig, IER, 0);
    rig_out(rig, LCR, 0x03);
    rig_out(rig, MCR, 0);
    rig_out(rig, IER, 0x01);
    ck_assert_uint_eq(rig_in(rig, LSR), 0x60);
    rig_in(rig, IIR);
    rig_in(rig, RBR);
    feed(r, " you"); /* the line does not flow yet */
    ck_assert(!rig->level[0]);
    rig_pass(rig, HZ / 100);
    ck_assert(rig->level[0]);
    /* As a driver that resets the FIFOs does it. */
    rig_out(rig, FCR, 0x07);
    rig_pass(rig, HZ / 100);
    for (const char *text = "hello you"; *text != '\0'; text++)
        ck_assert_uint_eq(rig_in(rig, RBR), (uint8_t)*text);
    ck_assert_uint_eq(rig_in(rig, LSR), 0x60);
    free_rig(rig);
}
END_TEST

START_TEST(loopback)
{
    struct uart_rig *r = ready(0x00, 0x00);
    rig_out(&r->rig, MCR, 0x1a); /* the PC serial driver's test: RTS and OUT2 */
    ck_assert_uint_eq(rig_in(&r->rig, MSR) & 0xf0, 0x90);
    rig_out(&r->rig, MCR, 0x15); /* DTR and OUT1 */
    ck_assert_uint_eq(rig_in(&r->rig, MSR) & 0xf0, 0x60);
    rig_in(&r->rig, MSR);
    rig_out(&r->rig, MCR, 0x11); /* RI has ended: TERI */
    ck_assert_uint_eq(rig_in(&r->rig, MSR), 0x24);
    rig_out(&r->rig, MCR, 0x15); /* its beginning does not count */
    ck_assert_uint_eq(rig_in(&r->rig, MSR), 0x60);
    rig_out(&r->rig, MCR, 0x10);
    ck_assert_uint_eq(rig_in(&r->rig, MSR), 0x06); /* DDSR, and RI has ended: TERI */
    unsigned sent = r->rig.sent_used;
    feed(r, "z"); /* must wait outside */
    rig_out(&r->rig, THR, 0x77);
    ck_assert_uint_eq(r->rig.sent_used, sent);
    ck_assert_uint_eq(rig_in(&r->rig, LSR), 0x61);
    rig_out(&r->rig, THR, 0x78); /* overrun: without a FIFO the newer one stays */
    ck_assert_uint_eq(rig_in(&r->rig, LSR), 0x63);
    ck_assert_uint_eq(rig_in(&r->rig, RBR), 0x78);
    rig_out(&r->rig, MCR, 0x00);
    rig_pass(&r->rig, HZ / 100);
    ck_assert_uint_eq(rig_in(&r->rig, RBR), 'z');
    free(r);
}
END_TEST

static void outside(struct rig *rig, uint32_t random)
{
    struct uart_rig *r = (struct uart_rig *)rig;
    if (random % 16 == 0)
        uart16550_carrier(&r->uart, random >> 8 & 1);
    else
        for (unsigned i = 0; i < (random >> 4 & 63); i++)
            uart16550_receive(&r->uart, random >> 16 & 0xff);
}

static const uint16_t ports[] = {0x3f8, 0};
static const struct rig_subject subject = {
    .make = make,
    .free = free_rig,
    .outside = outside,
    .ports = ports,
    .span = 8,
    .longest = HZ / 10,
};

START_TEST(survives_bashing_and_moves)
{
    rig_bash(&subject, 20, 3000);
    rig_corrupt(&subject, 1);
}
END_TEST

RIG_MAIN("uart16550", registers_after_reset_and_identity, sends_and_raises_thre,
         interrupts_without_out2, trigger_levels_and_timeout, priorities,
         no_byte_is_lost_and_room_tells, a_full_line_takes_the_receiver_back,
         overrun_only_when_room_is_ignored, carrier_falls_behind_the_last_byte,
         start_up_code_eats_no_input, loopback, survives_bashing_and_moves)
