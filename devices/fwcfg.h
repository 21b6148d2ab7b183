/* fwcfg: QEMU's firmware configuration device: named blobs that the board hands to the guest.
 *
 *   offset 0  16-bit write: selects an item and rewinds it
 *   offset 1  byte read: the next byte of the item; 0 behind its end and for unknown items
 *
 * Items: 0000h "QEMU", 0001h features (1: the traditional interface, no DMA), 0019h the directory,
 * 0020h.. the files in the order in which they were added, others as the board adds them by number.
 * The directory is big-endian: count, then for each file size (4), key (2), reserved (2) and a
 * name of 56 bytes with NUL.
 *
 * Contract. Items are the board's bytes and live as long as the machine; they are configuration,
 * not state. Bytes written to the data port are ignored (as QEMU does since 2.4). A byte read of
 * offset 0 reads data too, as there.
 *
 * Source: QEMU docs/specs/fw_cfg.rst. */
#ifndef DEVICES_FWCFG_H
#define DEVICES_FWCFG_H

#include "devices/device.h"

#define FWCFG_ITEMS      32u
#define FWCFG_NAME       56u
#define FWCFG_DIRECTORY  0x19u
#define FWCFG_FIRST_FILE 0x20u

struct fwcfg_state {
    uint32_t selector;
    uint32_t offset; /* of the next byte */
};

struct fwcfg_item {
    uint16_t key;
    uint32_t size;
    const uint8_t *bytes;
};

struct fwcfg {
    struct fwcfg_state s;
    struct fwcfg_item item[FWCFG_ITEMS];
    unsigned items;
    unsigned files;
    uint8_t directory[4 + FWCFG_ITEMS * (8 + FWCFG_NAME)];
};

void fwcfg_init(struct fwcfg *fwcfg);
void fwcfg_reset(struct fwcfg *fwcfg);
void fwcfg_map(struct fwcfg *fwcfg, struct bus *ports, uint32_t base);
void fwcfg_add_state(struct fwcfg *fwcfg, struct state_map *map);

/* Wiring. A name that does not fit, a key twice or too many items is our bug. */
void fwcfg_add_file(struct fwcfg *fwcfg, const char *name, const void *bytes, uint32_t size);
void fwcfg_add_item(struct fwcfg *fwcfg, uint16_t key, const void *bytes, uint32_t size);

#endif
