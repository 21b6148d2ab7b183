/* acpi_power: the PM1a control register, of which only soft-off is alive.
 *
 *   offset 0..1  bits 12..10 SLP_TYP, bit 13 SLP_EN (reads as 0), others as written
 *
 * Contract: a write with SLP_EN set calls off(), whatever SLP_TYP says.
 * Known inaccuracies: no other part of ACPI exists; every sleep state is S5.
 *
 * Source: ACPI 1.0b, "PM1 control registers". */
#ifndef DEVICES_ACPI_POWER_H
#define DEVICES_ACPI_POWER_H

#include "devices/device.h"

struct acpi_power_state {
    uint64_t control; /* 16 bits */
};

struct acpi_power {
    struct acpi_power_state s;
    void (*off)(void *context);
    void *context;
};

void acpi_power_init(struct acpi_power *power, void (*off)(void *context), void *context);
void acpi_power_reset(struct acpi_power *power);
void acpi_power_map(struct acpi_power *power, struct bus *ports, uint32_t base);
void acpi_power_add_state(struct acpi_power *power, struct state_map *map);

#endif
