/* port61: system control port B of the PC/AT: speaker, counter 2's gate, refresh toggle. */
#include "devices/port61.h"

enum { GATE = 1, WRITABLE = 15, REFRESH = 16, OUTPUT = 32 };

/* A refresh each 18 clocks of the timer. */
#define REFRESH_CLOCKS 18u

static uint8_t peek(const void *device, unsigned offset)
{
    const struct port61 *port = device;
    (void)offset;
    uint64_t clocks = clock_convert(port->clock->s.now, port->hz, PIT8254_HZ);
    return (uint8_t)(port->s.bits | (clocks / REFRESH_CLOCKS & 1 ? REFRESH : 0) |
                     (pit8254_output(port->pit, 2) ? OUTPUT : 0));
}

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who;
    *value = device_peek(device, offset, size, peek);
    return true;
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    struct port61 *port = device;
    (void)who, (void)offset, (void)size;
    port->s.bits = value & WRITABLE;
    pit8254_gate2(port->pit, (value & GATE) != 0);
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
    const struct port61_state *s = bytes;
    return s->bits <= WRITABLE;
}

void port61_init(struct port61 *port, struct clock *clock, uint32_t hz, struct pit8254 *pit)
{
    *port = (struct port61){.clock = clock, .hz = hz, .pit = pit};
}

void port61_reset(struct port61 *port)
{
    port->s.bits = 0;
    pit8254_gate2(port->pit, false);
}

void port61_map(struct port61 *port, struct bus *ports, uint32_t base)
{
    bus_add_device(ports, "port61", base, 1, &ops, port);
}

void port61_add_state(struct port61 *port, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "port61",
                       .version = 1,
                       .size = sizeof port->s,
                       .bytes = &port->s,
                       .valid = valid,
                   });
}
