/* debugexit: the port by which a test kernel ends its emulator, as QEMU's isa-debug-exit. */
#include "devices/debugexit.h"

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)device, (void)who, (void)offset, (void)size;
    *value = 0;
    return true;
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    struct debugexit *port = device;
    (void)who, (void)offset, (void)size;
    port->exit(port->context, value);
    return true;
}

static const struct bus_ops ops = {.read = bus_in, .write = bus_out};

void debugexit_init(struct debugexit *port, void (*exit)(void *context, uint32_t value),
                    void *context)
{
    *port = (struct debugexit){.exit = exit, .context = context};
}

void debugexit_map(struct debugexit *port, struct bus *ports, uint32_t base)
{
    bus_add_device(ports, "debugexit", base, 4, &ops, port);
}
