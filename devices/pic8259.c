/* pic8259: the 8259A interrupt controller, and the pair of them that a PC/AT has. */
#include "devices/pic8259.h"

enum icw1 { ICW1_IC4 = 1, ICW1_SNGL = 2, ICW1_LTIM = 8, ICW1_START = 16 };
enum icw4 { ICW4_AEOI = 2, ICW4_SFNM = 16 };
enum ocw2 { OCW2_EOI = 32, OCW2_SL = 64, OCW2_R = 128 };
enum ocw3 { OCW3_RIS = 1, OCW3_RR = 2, OCW3_POLL = 4, OCW3 = 8, OCW3_SMM = 32, OCW3_ESMM = 64 };

uint8_t pic8259_requests(const struct pic8259 *pic)
{
    return pic->s.icw1 & ICW1_LTIM ? pic->s.pins : pic->s.edges;
}

/* In-service bits that hold off others: in special mask mode the masked ones do not. */
static uint8_t blocking(const struct pic8259 *pic)
{
    return (uint8_t)(pic->s.isr & ~(pic->s.special_mask ? pic->s.imr : 0));
}

/* The IR of the highest priority in `bits`, or 8. */
static unsigned highest(const struct pic8259 *pic, uint8_t bits)
{
    for (unsigned i = 1; i <= 8; i++) {
        unsigned ir = (pic->s.lowest + i) & 7;
        if (bits >> ir & 1)
            return ir;
    }
    return 8;
}

/* Place in the order of priority: 0 is the highest; 8 for ir = 8, "none". */
static unsigned rank(const struct pic8259 *pic, unsigned ir)
{
    return ir == 8 ? 8 : (ir - pic->s.lowest - 1u) & 7;
}

/* The IR to be served now, or 8. */
static unsigned winner(const struct pic8259 *pic)
{
    unsigned request = highest(pic, pic8259_requests(pic) & (uint8_t)~pic->s.imr);
    unsigned served = highest(pic, blocking(pic));
    if (rank(pic, request) < rank(pic, served))
        return request;
    /* Special fully nested: a slave in service may interrupt itself. */
    bool cascade = pic->master && (pic->s.icw4 & ICW4_SFNM) && (pic->s.icw3 >> (request & 7) & 1);
    return request == served && cascade ? request : 8;
}

static void drive(struct pic8259 *pic, bool level)
{
    if (pic->s.out == level)
        return;
    pic->s.out = level;
    irq_set(&pic->intr, level);
}

static void update(struct pic8259 *pic)
{
    drive(pic, pic->s.ready && pic->s.expects == 0 && winner(pic) != 8);
}

void pic8259_pin(void *device, unsigned pin, bool level)
{
    struct pic8259 *pic = device;
    uint8_t bit = (uint8_t)(1u << (pin & 7));
    if (!level) {
        pic->s.pins &= (uint8_t)~bit;
        pic->s.edges &= (uint8_t)~bit;
    } else if (!(pic->s.pins & bit)) {
        pic->s.pins |= bit;
        pic->s.edges |= bit;
    }
    update(pic);
}

/* The first INTA: the winner's request becomes service. Answers the IR, or 8 when there is none. */
static unsigned take(struct pic8259 *pic)
{
    unsigned ir = winner(pic);
    if (ir != 8) {
        uint8_t bit = (uint8_t)(1u << ir);
        pic->s.edges &= (uint8_t)~bit;
        if (!(pic->s.icw4 & ICW4_AEOI))
            pic->s.isr |= bit;
        else if (pic->s.rotate_aeoi)
            pic->s.lowest = (uint8_t)ir;
    }
    /* INT falls with every acknowledge: the next request, if any, makes an edge of its own. */
    drive(pic, false);
    update(pic);
    return ir;
}

uint8_t pic8259_acknowledge(struct pic8259 *pic, unsigned *taken)
{
    unsigned ir = take(pic);
    *taken = ir == 8 ? 7 : ir;
    return (uint8_t)((pic->s.icw2 & 0xf8) | *taken);
}

static void begin_initialization(struct pic8259 *pic, uint8_t icw1)
{
    struct pic8259_state *s = &pic->s;
    *s = (struct pic8259_state){
        .pins = s->pins,
        .icw1 = icw1,
        .icw2 = s->icw2,
        .icw3 = pic->master ? s->icw3 : 7,
        .expects = 2,
        .lowest = 7,
        .out = s->out,
    };
}

static void continue_initialization(struct pic8259 *pic, uint8_t value)
{
    struct pic8259_state *s = &pic->s;
    uint8_t last = s->icw1 & ICW1_IC4 ? 4 : 0;
    switch (s->expects) {
    case 2:
        s->icw2 = value;
        s->expects = s->icw1 & ICW1_SNGL ? last : 3;
        break;
    case 3:
        s->icw3 = value;
        s->expects = last;
        break;
    default:
        s->icw4 = value & 0x1f;
        s->expects = 0;
        break;
    }
    s->ready = s->expects == 0;
}

static void write_ocw2(struct pic8259 *pic, uint8_t value)
{
    struct pic8259_state *s = &pic->s;
    unsigned level = value & 7;
    if (value & OCW2_EOI) {
        unsigned ir = value & OCW2_SL ? level : highest(pic, blocking(pic));
        if (ir == 8)
            return;
        s->isr &= (uint8_t) ~(1u << ir);
        if (value & OCW2_R)
            s->lowest = (uint8_t)ir;
    } else if (!(value & OCW2_SL)) {
        s->rotate_aeoi = (value & OCW2_R) != 0;
    } else if (value & OCW2_R) {
        s->lowest = (uint8_t)level;
    }
}

static void write_ocw3(struct pic8259 *pic, uint8_t value)
{
    if (value & OCW3_ESMM)
        pic->s.special_mask = (value & OCW3_SMM) != 0;
    pic->s.poll = (value & OCW3_POLL) != 0;
    if (!pic->s.poll && (value & OCW3_RR))
        pic->s.read_isr = value & OCW3_RIS;
}

static void out(void *device, unsigned offset, uint8_t value)
{
    struct pic8259 *pic = device;
    if (offset == 0 && (value & ICW1_START))
        begin_initialization(pic, value);
    else if (offset == 0 && (value & OCW3))
        write_ocw3(pic, value);
    else if (offset == 0)
        write_ocw2(pic, value);
    else if (pic->s.expects != 0)
        continue_initialization(pic, value);
    else
        pic->s.imr = value;
    update(pic);
}

static uint8_t peek(const void *device, unsigned offset)
{
    const struct pic8259 *pic = device;
    if (offset == 1)
        return pic->s.imr;
    return pic->s.read_isr ? pic->s.isr : pic8259_requests(pic);
}

static uint8_t in(void *device, unsigned offset)
{
    struct pic8259 *pic = device;
    if (!pic->s.poll)
        return peek(pic, offset);
    pic->s.poll = 0;
    unsigned ir = take(pic);
    return ir == 8 ? 0 : (uint8_t)(0x80 | ir);
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
    const struct pic8259_state *s = bytes;
    return s->expects <= 4 && s->expects != 1 && s->lowest <= 7 && s->ready <= 1 &&
           s->read_isr <= 1 && s->poll <= 1 && s->special_mask <= 1 && s->rotate_aeoi <= 1 &&
           s->out <= 1;
}

void pic8259_init(struct pic8259 *pic, bool master, struct irq_line intr)
{
    *pic = (struct pic8259){.master = master, .intr = intr};
    pic->s.lowest = 7;
}

void pic8259_reset(struct pic8259 *pic)
{
    drive(pic, false);
    pic->s = (struct pic8259_state){.pins = pic->s.pins, .lowest = 7};
}

void pic8259_map(struct pic8259 *pic, struct bus *ports, uint32_t base)
{
    bus_add_device(ports, pic->master ? "pic8259" : "pic8259 slave", base, 2, &ops, pic);
}

void pic8259_add_state(struct pic8259 *pic, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = pic->master ? "pic8259" : "pic8259-slave",
                       .version = 1,
                       .size = sizeof pic->s,
                       .bytes = &pic->s,
                       .valid = valid,
                   });
}

void pic8259_pair_init(struct pic8259_pair *pair, struct irq_line intr)
{
    pic8259_init(&pair->master, true, intr);
    pic8259_init(&pair->slave, false, (struct irq_line){pic8259_pin, &pair->master, 2});
}

void pic8259_pair_reset(struct pic8259_pair *pair)
{
    pic8259_reset(&pair->slave);
    pic8259_reset(&pair->master);
}

void pic8259_pair_map(struct pic8259_pair *pair, struct bus *ports)
{
    pic8259_map(&pair->master, ports, 0x20);
    pic8259_map(&pair->slave, ports, 0xa0);
}

void pic8259_pair_add_state(struct pic8259_pair *pair, struct state_map *map)
{
    pic8259_add_state(&pair->master, map);
    pic8259_add_state(&pair->slave, map);
}

void pic8259_pair_pin(void *device, unsigned irq, bool level)
{
    struct pic8259_pair *pair = device;
    if (irq < 8)
        pic8259_pin(&pair->master, irq, level);
    else
        pic8259_pin(&pair->slave, irq & 7, level);
}

uint8_t pic8259_pair_acknowledge(void *device)
{
    struct pic8259_pair *pair = device;
    const struct pic8259_state *master = &pair->master.s;
    unsigned ir;
    uint8_t vector = pic8259_acknowledge(&pair->master, &ir);
    if ((master->icw1 & ICW1_SNGL) || !(master->icw3 >> ir & 1))
        return vector;
    /* The slave that finds its own number on the CAS lines answers the second INTA. */
    if ((pair->slave.s.icw3 & 7) != ir)
        return 0xff;
    return pic8259_acknowledge(&pair->slave, &ir);
}
