/* port80: the diagnostic port: a byte that firmware leaves for whoever looks, and others use as a
 * delay.
 *
 *   80h  write: remembered; read: the byte last written
 *
 * Source: IBM PC/AT Technical Reference (6183310), "Manufacturing check point". */
#ifndef DEVICES_PORT80_H
#define DEVICES_PORT80_H

#include "devices/device.h"

struct port80_state {
    uint64_t code; /* 8 bits */
};

struct port80 {
    struct port80_state s;
};

void port80_init(struct port80 *port);
void port80_reset(struct port80 *port);
void port80_map(struct port80 *port, struct bus *ports, uint32_t base);
void port80_add_state(struct port80 *port, struct state_map *map);

#endif
