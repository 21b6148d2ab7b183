/* port92: system control port A: fast A20 gate and fast reset.
 *
 *   92h  bit 0 a rising edge resets the machine, bit 1 A20 enable; others as written
 *
 * Contract: the A20 line follows bit 1 (the board joins it with the 8042's); reset() is called on
 * the write that raises bit 0.
 *
 * Source: IBM PS/2 Model 50/60 Technical Reference, "System control port A". */
#ifndef DEVICES_PORT92_H
#define DEVICES_PORT92_H

#include "devices/device.h"

struct port92_state {
    uint64_t bits; /* 8 bits */
};

struct port92 {
    struct port92_state s;
    struct irq_line a20;
    void (*reset)(void *context);
    void *context;
};

void port92_init(struct port92 *port, struct irq_line a20, void (*reset)(void *context),
                 void *context);
void port92_reset(struct port92 *port);
void port92_map(struct port92 *port, struct bus *ports, uint32_t base);
void port92_add_state(struct port92 *port, struct state_map *map);

#endif
