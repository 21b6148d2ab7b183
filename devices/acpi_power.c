/* acpi_power: the PM1a control register, of which only soft-off is alive. */
#include "devices/acpi_power.h"

enum { SLEEP_ENABLE = 1 << 13 };

static bool bus_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    const struct acpi_power *power = device;
    *value = (uint32_t)(power->s.control >> 8 * offset) & (size == 1 ? 0xff : 0xffff);
    return true;
}

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who;
    return bus_look(device, offset, size, value);
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    struct acpi_power *power = device;
    (void)who;
    uint32_t mask = (size == 1 ? 0xffu : 0xffffu) << 8 * offset;
    uint32_t control = ((uint32_t)power->s.control & ~mask) | (value << 8 * offset & mask);
    power->s.control = control & 0xffff & ~(uint32_t)SLEEP_ENABLE;
    if (control & SLEEP_ENABLE)
        power->off(power->context);
    return true;
}

static const struct bus_ops ops = {.read = bus_in, .write = bus_out, .peek = bus_look};

static bool valid(const void *bytes)
{
    const struct acpi_power_state *s = bytes;
    return s->control <= 0xffff && !(s->control & SLEEP_ENABLE);
}

void acpi_power_init(struct acpi_power *power, void (*off)(void *context), void *context)
{
    *power = (struct acpi_power){.off = off, .context = context};
}

void acpi_power_reset(struct acpi_power *power)
{
    power->s.control = 0;
}

void acpi_power_map(struct acpi_power *power, struct bus *ports, uint32_t base)
{
    bus_add_device(ports, "acpi_power", base, 2, &ops, power);
}

void acpi_power_add_state(struct acpi_power *power, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "acpi_power",
                       .version = 1,
                       .size = sizeof power->s,
                       .bytes = &power->s,
                       .valid = valid,
                   });
}
