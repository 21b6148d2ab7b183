/* port80: the diagnostic port: a byte that firmware leaves for whoever looks, and others use as a
 * delay. */
#include "devices/port80.h"

static bool bus_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    const struct port80 *port = device;
    (void)offset, (void)size;
    *value = (uint32_t)port->s.code;
    return true;
}

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who;
    return bus_look(device, offset, size, value);
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    struct port80 *port = device;
    (void)who, (void)offset, (void)size;
    port->s.code = value & 0xff;
    return true;
}

static const struct bus_ops ops = {.read = bus_in, .write = bus_out, .peek = bus_look};

static bool valid(const void *bytes)
{
    const struct port80_state *s = bytes;
    return s->code <= 0xff;
}

void port80_init(struct port80 *port)
{
    *port = (struct port80){0};
}

void port80_reset(struct port80 *port)
{
    port->s.code = 0;
}

void port80_map(struct port80 *port, struct bus *ports, uint32_t base)
{
    bus_add_device(ports, "port80", base, 1, &ops, port);
}

void port80_add_state(struct port80 *port, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "port80",
                       .version = 1,
                       .size = sizeof port->s,
                       .bytes = &port->s,
                       .valid = valid,
                   });
}
