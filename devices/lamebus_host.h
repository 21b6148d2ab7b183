/* lamebus_host: files that the board hands to the guest, and the guest's way to end the machine.
 *
 *   +0     FILE      write: selects a file by its number and rewinds it; read: how many there are
 *   +4     SIZE      read: bytes of the selected file; 0 when there is none
 *   +8     POSITION  where in the file the window begins
 *   +C     EXIT      write: the value goes to the callback
 *   +7F00  NAME      64 bytes, read-only: the selected file's name, zeros behind it
 *   +8000  WINDOW    8000h bytes, read-only: the file from POSITION on, zeros behind its end
 *
 * This card is ours, vendor 54525053h ("TRPS"), device 1: what fw_cfg and isa-debug-exit are to a
 * PC. Files are configuration, not state; they live as long as the machine. */
#ifndef DEVICES_LAMEBUS_HOST_H
#define DEVICES_LAMEBUS_HOST_H

#include "devices/lamebus.h"

#define LAMEBUS_HOST_VENDOR 0x54525053u
#define LAMEBUS_HOST_FILES  16u
#define LAMEBUS_HOST_NAME   64u

struct lamebus_host_state {
    uint32_t file, position;
};

struct lamebus_host_file {
    const char *name;
    const uint8_t *bytes;
    uint32_t size;
};

struct lamebus_host {
    struct lamebus_host_state s;
    struct lamebus_card card;
    struct lamebus_host_file file[LAMEBUS_HOST_FILES];
    unsigned files;
    void (*exit)(void *context, uint32_t value);
    void *context;
};

void lamebus_host_init(struct lamebus_host *host, void (*exit)(void *context, uint32_t value),
                       void *context);
/* Wiring: a name that does not fit or too many files are our bug. Nothing is copied. */
void lamebus_host_add_file(struct lamebus_host *host, struct lamebus_host_file file);
void lamebus_host_plug(struct lamebus_host *host, struct lamebus_bus *bus, unsigned slot);
void lamebus_host_add_state(struct lamebus_host *host, struct state_map *map);

#endif
