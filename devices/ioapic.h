/* ioapic: the 82093AA I/O APIC: which of 24 pins interrupts which processor, and as what.
 *
 *   offset 00  IOREGSEL: which register IOWIN shows
 *          10  IOWIN
 *   register 00  ID (bits 27..24)   01  version 11h, 23 the last entry   02  arbitration
 * (bits 27..24) register 10+2n, 11+2n  redirection entry n: vector, 10..8 delivery mode, 11
 * logical, 12 delivery status (0), 13 low active, 14 remote IRR, 15 level, 16 masked, 63..56
 * destination
 *
 * Contract. A pin that is edge sensitive sends when it becomes active and its entry is not masked;
 * an edge on a masked pin is lost. One that is level sensitive sends while it is active, not masked
 * and its remote IRR is clear; remote IRR is set when a local APIC takes the message and is cleared
 * by the EOI of its vector.
 *
 * Known inaccuracies. A message goes out at once, so the delivery status is always idle; one that
 * no local APIC takes is not tried again before the pin, its entry or an EOI changes something. SMI
 * is ignored. The arbitration ID is the ID as it was written last.
 *
 * Source: Intel 82093AA data sheet (290566). */
#ifndef DEVICES_IOAPIC_H
#define DEVICES_IOAPIC_H

#include "devices/lapic.h"

#define IOAPIC_BASE    0xfec00000u
#define IOAPIC_PINS    24u
#define IOAPIC_VERSION (0x11u | (IOAPIC_PINS - 1) << 16)

struct ioapic_state {
    uint64_t entry[IOAPIC_PINS];
    uint32_t select; /* IOREGSEL, 8 bits */
    uint32_t id;     /* bits 27..24 */
    uint32_t pins;   /* their levels */
    uint32_t reserved;
};

struct ioapic {
    struct ioapic_state s;
    struct apic_bus *bus;
};

/* `bus` tells it of EOIs from now on. */
void ioapic_init(struct ioapic *ioapic, struct apic_bus *bus);
void ioapic_reset(struct ioapic *ioapic);
void ioapic_map(struct ioapic *ioapic, struct bus *memory);
void ioapic_add_state(struct ioapic *ioapic, struct state_map *map);

/* An irq_fn: pins 0 to 23. */
void ioapic_pin(void *ioapic, unsigned pin, bool level);

#endif
