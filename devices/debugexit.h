/* debugexit: the port by which a test kernel ends its emulator, as QEMU's isa-debug-exit.
 *
 *   offset 0..3  write of 1, 2 or 4 bytes: the value goes to the callback; read: 0
 *
 * Contract: the callback gets exactly what was written; QEMU's own exit status of value * 2 + 1
 * is the affair of whoever listens. No state.
 *
 * Source: QEMU hw/misc/debugexit.c. */
#ifndef DEVICES_DEBUGEXIT_H
#define DEVICES_DEBUGEXIT_H

#include "devices/device.h"

struct debugexit {
    void (*exit)(void *context, uint32_t value);
    void *context;
};

void debugexit_init(struct debugexit *port, void (*exit)(void *context, uint32_t value),
                    void *context);
void debugexit_map(struct debugexit *port, struct bus *ports, uint32_t base);

#endif
