/* port92: system control port A: fast A20 gate and fast reset. */
#include "devices/port92.h"

enum { FAST_RESET = 1, A20 = 2 };

static bool bus_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    const struct port92 *port = device;
    (void)offset, (void)size;
    *value = (uint32_t)port->s.bits;
    return true;
}

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who;
    return bus_look(device, offset, size, value);
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    struct port92 *port = device;
    (void)who, (void)offset, (void)size;
    bool reset = (value & FAST_RESET) && !(port->s.bits & FAST_RESET);
    port->s.bits = value & 0xff;
    irq_set(&port->a20, (value & A20) != 0);
    if (reset)
        port->reset(port->context);
    return true;
}

static const struct bus_ops ops = {.read = bus_in, .write = bus_out, .peek = bus_look};

static bool valid(const void *bytes)
{
    const struct port92_state *s = bytes;
    return s->bits <= 0xff;
}

void port92_init(struct port92 *port, struct irq_line a20, void (*reset)(void *context),
                 void *context)
{
    *port = (struct port92){.a20 = a20, .reset = reset, .context = context};
}

void port92_reset(struct port92 *port)
{
    port->s.bits = 0;
    irq_set(&port->a20, false);
}

void port92_map(struct port92 *port, struct bus *ports, uint32_t base)
{
    bus_add_device(ports, "port92", base, 1, &ops, port);
}

void port92_add_state(struct port92 *port, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "port92",
                       .version = 1,
                       .size = sizeof port->s,
                       .bytes = &port->s,
                       .valid = valid,
                   });
}
