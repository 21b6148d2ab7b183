/* lamebus_serial: a serial port ("lser", device 4). */
#include "devices/lamebus_serial.h"

#include <string.h>

#include "devices/lamebus_bus.h"

enum registers { CHARACTER = 0, WIRQ = 4, RIRQ = 8, CARRIER = 12 };
enum latch { ENABLE = 1, READY = 2, FORCE = 4, HANGUP = 8 };

/* The level of the line, seen by who has taken all that came before it changed. */
static bool carrier(const struct lamebus_serial *serial)
{
    return serial->s.line_carrier || serial->s.line.used != 0 || !serial->s.taken;
}

static bool interrupts(uint8_t latch)
{
    return (latch & ENABLE) != 0 && (latch & (READY | FORCE)) != 0;
}

static void update(struct lamebus_serial *serial)
{
    uint8_t hangup = ENABLE | HANGUP;
    bool level = interrupts(serial->s.wirq) || interrupts(serial->s.rirq) ||
                 ((serial->s.rirq & hangup) == hangup && !carrier(serial));
    if (serial->s.irq == level)
        return;
    serial->s.irq = level;
    lamebus_irq(&serial->card, level);
}

static ticks character_later(const struct lamebus_serial *serial)
{
    uint32_t rate = serial->has_carrier ? LAMEBUS_SERIAL_STREAM : LAMEBUS_SERIAL_CONSOLE;
    return serial->clock->s.now + serial->hz / rate;
}

static void sent(void *device, ticks due)
{
    struct lamebus_serial *serial = device;
    (void)due;
    serial->s.sending = 0;
    serial->s.wirq |= READY;
    update(serial);
}

static void send(struct lamebus_serial *serial, uint8_t byte)
{
    if (serial->s.sending)
        return;
    serial->s.sending = 1;
    clock_arm(serial->clock, serial->send_slot, character_later(serial));
    serial->send(serial->send_context, byte);
}

/* The next character comes one's time later: a driver that reads this one and then clears READY
 * does not miss it. */
static void let_go(struct lamebus_serial *serial)
{
    serial->s.receiving = 1;
    clock_arm(serial->clock, serial->receive_slot, character_later(serial));
}

/* Shows the next character, when there is one and its time has come. */
static void show(struct lamebus_serial *serial)
{
    struct lamebus_serial_state *s = &serial->s;
    bool held = !s->taken && (s->rirq & READY) != 0;
    if (!s->receiving && !held &&
        fifo_get(&s->line, s->line_bytes, LAMEBUS_SERIAL_LINE, &s->character)) {
        s->taken = 0;
        s->rirq |= READY;
    }
    update(serial);
}

static void received(void *device, ticks due)
{
    struct lamebus_serial *serial = device;
    (void)due;
    serial->s.receiving = 0;
    show(serial);
}

static bool peek(const void *chip, uint32_t offset, uint32_t *word)
{
    const struct lamebus_serial *serial = chip;
    switch (offset) {
    case CHARACTER: *word = serial->s.character; return true;
    case WIRQ: *word = serial->s.wirq; return true;
    case RIRQ: *word = serial->s.rirq; return true;
    case CARRIER: *word = carrier(serial); return serial->has_carrier;
    default: return false;
    }
}

static bool read(void *chip, unsigned who, uint32_t offset, uint32_t *word)
{
    struct lamebus_serial *serial = chip;
    (void)who;
    if (!peek(chip, offset, word))
        return false;
    if (offset != CHARACTER)
        return true;
    if (!serial->s.taken)
        let_go(serial);
    serial->s.taken = 1;
    if (serial->has_carrier)
        serial->s.rirq &= (uint8_t)~READY;
    update(serial);
    return true;
}

/* The driver is there, but its kernel may not be: what was typed so far comes a little later. */
static void begin(struct lamebus_serial *serial, bool shown, uint8_t *rirq)
{
    struct lamebus_serial_state *s = &serial->s;
    s->begun = 1;
    if (shown && fifo_unget(&s->line, s->line_bytes, LAMEBUS_SERIAL_LINE, s->character)) {
        s->taken = 1;
        *rirq &= (uint8_t)~READY;
    }
    s->receiving = 1;
    clock_arm(serial->clock, serial->receive_slot,
              serial->clock->s.now + serial->hz / LAMEBUS_SERIAL_BEGIN);
}

static void write_rirq(struct lamebus_serial *serial, uint32_t word)
{
    uint8_t settable = ENABLE | READY | FORCE | (serial->has_carrier ? HANGUP : 0);
    uint8_t before = serial->s.rirq, now = (uint8_t)word & settable;
    bool shown = !serial->s.taken && (before & READY) != 0;
    if (serial->has_carrier)
        now = (now & (uint8_t)~READY) | (before & READY);
    else if ((now & ENABLE) != 0 && !serial->s.begun)
        begin(serial, shown, &now);
    else if (shown && (now & READY) == 0)
        let_go(serial);
    serial->s.rirq = now;
    update(serial);
}

static bool write(void *chip, unsigned who, uint32_t offset, uint32_t word)
{
    struct lamebus_serial *serial = chip;
    uint8_t latch = (uint8_t)(word & (ENABLE | READY | FORCE));
    (void)who;
    switch (offset) {
    case CHARACTER: send(serial, (uint8_t)word); return true;
    case WIRQ:
        serial->s.wirq = latch;
        update(serial);
        return true;
    case RIRQ: write_rirq(serial, word); return true;
    default: return false;
    }
}

static const struct lamebus_ops ops = {
    .vendor = LAMEBUS_SYSTEM161,
    .device = 4,
    .revision = 1,
    .read = read,
    .write = write,
    .peek = peek,
};

static bool valid(const void *bytes)
{
    const struct lamebus_serial_state *s = bytes;
    return fifo_valid(&s->line, LAMEBUS_SERIAL_LINE) &&
           (s->wirq & ~(ENABLE | READY | FORCE)) == 0 &&
           (s->rirq & ~(ENABLE | READY | FORCE | HANGUP)) == 0 && s->sending <= 1 &&
           s->receiving <= 1 && s->taken <= 1 && s->line_carrier <= 1 && s->irq <= 1 &&
           s->begun <= 1 && (s->reserved[0] | s->reserved[1] | s->reserved[2]) == 0;
}

void lamebus_serial_init(struct lamebus_serial *serial, struct clock *clock, uint32_t hz,
                         bool has_carrier, void (*send)(void *context, uint8_t byte),
                         void *send_context)
{
    memset(serial, 0, sizeof *serial);
    serial->clock = clock;
    serial->hz = hz;
    serial->has_carrier = has_carrier;
    serial->send = send;
    serial->send_context = send_context;
    serial->send_slot = clock_slot(clock, "serial sends", sent, serial);
    serial->receive_slot = clock_slot(clock, "serial receives", received, serial);
    serial->s.taken = 1;
    serial->s.line_carrier = 1;
    serial->card = (struct lamebus_card){.ops = &ops, .chip = serial};
}

void lamebus_serial_plug(struct lamebus_serial *serial, struct lamebus_bus *bus, unsigned slot)
{
    lamebus_bus_plug(bus, slot, &serial->card, "lser");
}

void lamebus_serial_add_state(struct lamebus_serial *serial, struct state_map *map,
                              const char *name)
{
    state_add(map, (struct state_block){
                       .name = name,
                       .version = 1,
                       .size = sizeof serial->s,
                       .bytes = &serial->s,
                       .valid = valid,
                   });
}

unsigned lamebus_serial_room(const struct lamebus_serial *serial)
{
    return LAMEBUS_SERIAL_LINE - serial->s.line.used;
}

void lamebus_serial_receive(void *device, uint32_t byte)
{
    struct lamebus_serial *serial = device;
    fifo_put(&serial->s.line, serial->s.line_bytes, LAMEBUS_SERIAL_LINE, (uint8_t)byte);
    show(serial);
}

void lamebus_serial_carrier(void *device, uint32_t level)
{
    struct lamebus_serial *serial = device;
    serial->s.line_carrier = level != 0;
    update(serial);
}
