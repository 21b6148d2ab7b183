/* Unit tests of devices/pic8259 against the 8259A data sheet. */
#include "device_rig.h"

#include "devices/pic8259.h"

struct pic_rig {
    struct rig rig; /* first */
    struct pic8259_pair pair;
};

static struct rig *make(void)
{
    struct pic_rig *r = calloc(1, sizeof *r);
    rig_init(&r->rig);
    pic8259_pair_init(&r->pair, rig_line(&r->rig, 0));
    pic8259_pair_map(&r->pair, &r->rig.ports);
    pic8259_pair_add_state(&r->pair, &r->rig.map);
    return &r->rig;
}

static void free_rig(struct rig *rig)
{
    free(rig);
}

/* As PC firmware does: bases 20h and 28h, 8086 mode, and ICW4 as given. */
static void program(struct rig *rig, uint8_t icw1, uint8_t icw4)
{
    static const uint16_t base[2] = {0x20, 0xa0};
    for (unsigned i = 0; i < 2; i++) {
        rig_out(rig, base[i], icw1);
        rig_out(rig, base[i] + 1, i == 0 ? 0x20 : 0x28);
        rig_out(rig, base[i] + 1, i == 0 ? 0x04 : 0x02);
        rig_out(rig, base[i] + 1, icw4);
    }
}

static struct pic_rig *ready(uint8_t icw1, uint8_t icw4)
{
    struct rig *rig = make();
    program(rig, icw1, icw4);
    return (struct pic_rig *)rig;
}

static void pin(struct pic_rig *r, unsigned irq, bool level)
{
    pic8259_pair_pin(&r->pair, irq, level);
}

static void pulse(struct pic_rig *r, unsigned irq)
{
    pin(r, irq, false);
    pin(r, irq, true);
}

static uint8_t acknowledge(struct pic_rig *r)
{
    return pic8259_pair_acknowledge(&r->pair);
}

static uint8_t read_ocw3(struct pic_rig *r, uint16_t port, uint8_t ocw3)
{
    rig_out(&r->rig, port, ocw3);
    return rig_in(&r->rig, port);
}

enum { IRR = 0x0a, ISR = 0x0b, POLL = 0x0c, EOI = 0x20 };

START_TEST(silent_until_initialized)
{
    struct pic_rig *r = (struct pic_rig *)make();
    pin(r, 1, true);
    ck_assert(!r->rig.level[0]);
    rig_out(&r->rig, 0x20, 0x11);
    rig_out(&r->rig, 0x21, 0x20);
    rig_out(&r->rig, 0x21, 0x04);
    pulse(r, 1);
    ck_assert(!r->rig.level[0]);
    rig_out(&r->rig, 0x21, 0x01);
    ck_assert(r->rig.level[0]);
    ck_assert_uint_eq(acknowledge(r), 0x21);
    free_rig(&r->rig);
}
END_TEST

START_TEST(fully_nested_priority)
{
    struct pic_rig *r = ready(0x11, 0x01);
    pin(r, 4, true);
    pin(r, 1, true);
    ck_assert_uint_eq(read_ocw3(r, 0x20, IRR), 0x12);
    ck_assert_uint_eq(acknowledge(r), 0x21);
    ck_assert(!r->rig.level[0]); /* 4 is lower than 1 in service */
    ck_assert_uint_eq(read_ocw3(r, 0x20, ISR), 0x02);
    pin(r, 0, true);
    ck_assert(r->rig.level[0]); /* 0 is higher */
    ck_assert_uint_eq(acknowledge(r), 0x20);
    ck_assert_uint_eq(rig_in(&r->rig, 0x20), 0x03); /* OCW3 is remembered */
    rig_out(&r->rig, 0x20, EOI);                    /* non-specific: the highest in service, 0 */
    ck_assert_uint_eq(rig_in(&r->rig, 0x20), 0x02);
    rig_out(&r->rig, 0x20, EOI);
    ck_assert_uint_eq(acknowledge(r), 0x24);
    rig_out(&r->rig, 0x20, 0x60 | 4); /* specific */
    ck_assert_uint_eq(rig_in(&r->rig, 0x20), 0);
    free_rig(&r->rig);
}
END_TEST

START_TEST(edge_needs_a_new_edge_level_does_not)
{
    struct pic_rig *r = ready(0x11, 0x01);
    pin(r, 3, true);
    acknowledge(r);
    rig_out(&r->rig, 0x20, EOI);
    ck_assert(!r->rig.level[0]);
    pulse(r, 3);
    ck_assert(r->rig.level[0]);
    free_rig(&r->rig);

    r = ready(0x19, 0x01);
    pin(r, 3, true);
    ck_assert_uint_eq(acknowledge(r), 0x23);
    ck_assert(!r->rig.level[0]);
    rig_out(&r->rig, 0x20, EOI);
    ck_assert(r->rig.level[0]);
    free_rig(&r->rig);
}
END_TEST

START_TEST(spurious_is_seven_without_isr)
{
    struct pic_rig *r = ready(0x11, 0x01);
    pin(r, 5, true);
    pin(r, 5, false); /* gone before INTA: "default IR7" */
    ck_assert(!r->rig.level[0]);
    ck_assert_uint_eq(acknowledge(r), 0x27);
    ck_assert_uint_eq(read_ocw3(r, 0x20, ISR), 0);
    /* The slave's: its request vanishes while the master still asks for it. */
    pin(r, 10, true);
    rig_out(&r->rig, 0x21, 0xff);
    ck_assert_uint_eq(acknowledge(r), 0x27);
    rig_out(&r->rig, 0x21, 0x00);
    r->pair.slave.s.pins = 0;
    r->pair.slave.s.edges = 0;
    ck_assert_uint_eq(acknowledge(r), 0x2f);
    ck_assert_uint_eq(read_ocw3(r, 0xa0, ISR), 0);
    ck_assert_uint_eq(read_ocw3(r, 0x20, ISR), 0x04);
    free_rig(&r->rig);
}
END_TEST

START_TEST(cascade_vectors_and_both_eois)
{
    struct pic_rig *r = ready(0x11, 0x01);
    pin(r, 14, true);
    ck_assert(r->rig.level[0]);
    ck_assert_uint_eq(acknowledge(r), 0x2e);
    ck_assert_uint_eq(read_ocw3(r, 0x20, ISR), 0x04);
    ck_assert_uint_eq(read_ocw3(r, 0xa0, ISR), 0x40);
    pin(r, 3, true);
    ck_assert(!r->rig.level[0]); /* IRQ3 is below the cascade */
    rig_out(&r->rig, 0xa0, 0x66);
    rig_out(&r->rig, 0x20, 0x62);
    ck_assert_uint_eq(acknowledge(r), 0x23);
    free_rig(&r->rig);
}
END_TEST

START_TEST(two_slave_requests_with_auto_eoi_both_arrive)
{
    struct pic_rig *r = ready(0x11, 0x03);
    pin(r, 8, true);
    pin(r, 9, true);
    ck_assert_uint_eq(acknowledge(r), 0x28);
    ck_assert(r->rig.level[0]);
    ck_assert_uint_eq(acknowledge(r), 0x29);
    ck_assert_uint_eq(read_ocw3(r, 0x20, ISR), 0);
    ck_assert_uint_eq(read_ocw3(r, 0xa0, ISR), 0);
    ck_assert(!r->rig.level[0]);
    free_rig(&r->rig);
}
END_TEST

START_TEST(mask_reads_back_and_holds_off)
{
    struct pic_rig *r = ready(0x11, 0x01);
    rig_out(&r->rig, 0x21, 0xfb);
    ck_assert_uint_eq(rig_in(&r->rig, 0x21), 0xfb);
    pin(r, 0, true);
    ck_assert(!r->rig.level[0]);
    ck_assert_uint_eq(read_ocw3(r, 0x20, IRR), 0x01); /* the request is remembered */
    rig_out(&r->rig, 0x21, 0xfa);
    ck_assert_uint_eq(acknowledge(r), 0x20);
    rig_out(&r->rig, 0x20, 0x11); /* ICW1 clears the mask */
    ck_assert_uint_eq(rig_in(&r->rig, 0x21), 0x00);
    free_rig(&r->rig);
}
END_TEST

START_TEST(rotations)
{
    struct pic_rig *r = ready(0x11, 0x01);
    pin(r, 2, false);
    pin(r, 4, true);
    ck_assert_uint_eq(acknowledge(r), 0x24);
    rig_out(&r->rig, 0x20, 0xa0); /* rotate on non-specific EOI: 4 is the lowest, 5 the highest */
    pin(r, 0, true);
    pin(r, 5, true);
    ck_assert_uint_eq(acknowledge(r), 0x25);
    rig_out(&r->rig, 0x20, 0xe5); /* rotate on specific EOI of 5: 6 is the highest */
    pin(r, 6, true);
    ck_assert_uint_eq(acknowledge(r), 0x26);
    rig_out(&r->rig, 0x20, EOI);
    rig_out(&r->rig, 0x20, 0xc7); /* set priority: 7 the lowest again */
    pulse(r, 3);
    ck_assert_uint_eq(acknowledge(r), 0x20);
    free_rig(&r->rig);

    r = ready(0x11, 0x03);
    rig_out(&r->rig, 0x20, 0x80); /* rotate in automatic EOI */
    pin(r, 0, true);
    pin(r, 1, true);
    ck_assert_uint_eq(acknowledge(r), 0x20);
    pulse(r, 0);
    ck_assert_uint_eq(acknowledge(r), 0x21); /* 0 is the lowest now */
    program(&r->rig, 0x11, 0x01);            /* ICW1 makes 7 the lowest again */
    pulse(r, 1);
    pulse(r, 2);
    ck_assert_uint_eq(acknowledge(r), 0x21);
    free_rig(&r->rig);
}
END_TEST

START_TEST(special_mask_lets_lower_ones_in)
{
    struct pic_rig *r = ready(0x11, 0x01);
    pin(r, 1, true);
    acknowledge(r);
    pin(r, 4, true);
    ck_assert(!r->rig.level[0]);
    rig_out(&r->rig, 0x21, 0x02);
    ck_assert(!r->rig.level[0]);
    rig_out(&r->rig, 0x20, 0x68); /* ESMM, SMM */
    ck_assert(r->rig.level[0]);
    ck_assert_uint_eq(acknowledge(r), 0x24);
    /* A non-specific EOI does not clear an in-service bit that is masked. */
    rig_out(&r->rig, 0x20, EOI);
    rig_out(&r->rig, 0x20, EOI);
    ck_assert_uint_eq(read_ocw3(r, 0x20, ISR), 0x02);
    free_rig(&r->rig);
}
END_TEST

START_TEST(special_fully_nested_lets_the_slave_in_again)
{
    struct pic_rig *r = ready(0x11, 0x01);
    pin(r, 12, true);
    acknowledge(r);
    pin(r, 8, true);
    ck_assert(!r->rig.level[0]);
    free_rig(&r->rig);

    r = ready(0x11, 0x11);
    pin(r, 12, true);
    ck_assert_uint_eq(acknowledge(r), 0x2c);
    pin(r, 8, true);
    ck_assert(r->rig.level[0]);
    ck_assert_uint_eq(acknowledge(r), 0x28);
    free_rig(&r->rig);
}
END_TEST

START_TEST(poll_is_an_acknowledge)
{
    struct pic_rig *r = ready(0x11, 0x01);
    ck_assert_uint_eq(read_ocw3(r, 0x20, POLL) & 0x80, 0);
    pin(r, 6, true);
    ck_assert_uint_eq(read_ocw3(r, 0x20, POLL), 0x86);
    ck_assert(!r->rig.level[0]);
    ck_assert_uint_eq(read_ocw3(r, 0x20, ISR), 0x40);
    free_rig(&r->rig);
}
END_TEST

static void outside(struct rig *rig, uint32_t random)
{
    struct pic_rig *r = (struct pic_rig *)rig;
    if (random % 3 == 0 && rig->level[0])
        rig_tell(rig, acknowledge(r));
    else
        pin(r, random >> 8 & 15, random >> 16 & 1);
}

static const uint16_t ports[] = {0x20, 0xa0, 0};
static const struct rig_subject subject = {
    .make = make,
    .free = free_rig,
    .outside = outside,
    .ports = ports,
    .span = 2,
    .longest = 1000,
};

START_TEST(survives_bashing_and_moves)
{
    rig_bash(&subject, 20, 5000);
    rig_corrupt(&subject, 1);
}
END_TEST

RIG_MAIN("pic8259", silent_until_initialized, fully_nested_priority,
         edge_needs_a_new_edge_level_does_not, spurious_is_seven_without_isr,
         cascade_vectors_and_both_eois, two_slave_requests_with_auto_eoi_both_arrive,
         mask_reads_back_and_holds_off, rotations, special_mask_lets_lower_ones_in,
         special_fully_nested_lets_the_slave_in_again, poll_is_an_acknowledge,
         survives_bashing_and_moves)
