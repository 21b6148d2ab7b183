/* wired_or: several sources on one line: the output is high while any of 64 inputs is.
 *
 * For A20 (8042 and port 92h) and for serial ports that share an IRQ. On a shared edge-triggered
 * IRQ a source that rises while another is high makes no edge, as on a real ISA bus. */
#ifndef DEVICES_WIRED_OR_H
#define DEVICES_WIRED_OR_H

#include "devices/device.h"

struct wired_or_state {
    uint64_t inputs; /* bit n = level of input n */
};

struct wired_or {
    struct wired_or_state s;
    struct irq_line out;
};

void wired_or_init(struct wired_or *gate, struct irq_line out);
/* `name` tells one gate's state block from another's. */
void wired_or_add_state(struct wired_or *gate, struct state_map *map, const char *name);

/* An irq_fn: pins 0 to 63. */
void wired_or_pin(void *gate, unsigned pin, bool level);

#endif
