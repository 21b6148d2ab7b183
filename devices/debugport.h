/* debugport: the Bochs debug port: a byte written is a byte said.
 *
 *   offset 0  write: the byte goes to the callback; read: E9h, by which a guest knows the port
 *
 * No state. Wider accesses reach the neighbours too, which nobody answers.
 *
 * Source: Bochs User Manual, "port_e9_hack". */
#ifndef DEVICES_DEBUGPORT_H
#define DEVICES_DEBUGPORT_H

#include "devices/device.h"

struct debugport {
    void (*send)(void *context, uint8_t byte);
    void *context;
};

void debugport_init(struct debugport *port, void (*send)(void *context, uint8_t byte),
                    void *context);
void debugport_map(struct debugport *port, struct bus *ports, uint32_t base);

#endif
