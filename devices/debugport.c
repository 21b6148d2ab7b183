/* debugport: the Bochs debug port: a byte written is a byte said. */
#include "devices/debugport.h"

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)device, (void)who, (void)offset, (void)size;
    *value = 0xe9;
    return true;
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    struct debugport *port = device;
    (void)who, (void)offset, (void)size;
    port->send(port->context, (uint8_t)value);
    return true;
}

static const struct bus_ops ops = {.read = bus_in, .write = bus_out};

void debugport_init(struct debugport *port, void (*send)(void *context, uint8_t byte),
                    void *context)
{
    *port = (struct debugport){.send = send, .context = context};
}

void debugport_map(struct debugport *port, struct bus *ports, uint32_t base)
{
    bus_add_device(ports, "debugport", base, 1, &ops, port);
}
