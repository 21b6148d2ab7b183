/* port61: system control port B of the PC/AT: speaker, counter 2's gate, refresh toggle.
 *
 *   61h  write: bit 0 gate of counter 2, bit 1 speaker, bits 2..3 parity check disables
 *        read:  bits 3..0 as written, bit 4 toggles with each memory refresh (15.085 us),
 *               bit 5 OUT of counter 2, bits 7..6 parity and channel check, 0
 *
 * Known inaccuracies: the refresh runs whatever counter 1 is programmed to; there is no sound.
 *
 * Source: IBM PC/AT Technical Reference (6183310), "System control port B". */
#ifndef DEVICES_PORT61_H
#define DEVICES_PORT61_H

#include "devices/device.h"
#include "devices/pit8254.h"

struct port61_state {
    uint64_t bits; /* bits 3..0 as written */
};

struct port61 {
    struct port61_state s;
    struct clock *clock;
    uint32_t hz;
    struct pit8254 *pit;
};

void port61_init(struct port61 *port, struct clock *clock, uint32_t hz, struct pit8254 *pit);
void port61_reset(struct port61 *port);
void port61_map(struct port61 *port, struct bus *ports, uint32_t base);
void port61_add_state(struct port61 *port, struct state_map *map);

#endif
