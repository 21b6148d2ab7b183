/* bus: who answers at an address: memory ranges and device windows, in one 32-bit space.
 *
 * A PC has two of these: memory and I/O ports. Addresses are physical. Values are in the byte
 * order of the bus (little-endian for the PC): the byte at `address` is bits 7..0 of a value. */
#ifndef EMU_BASE_BUS_H
#define EMU_BASE_BUS_H

#include <stdbool.h>
#include <stdint.h>

#include "emu/base/memory.h"

#define BUS_WINDOWS 64u

struct bus_ops {
    /* offset is relative to the window; size is 1, 2 or 4 and never leaves the window.
     * False = nobody answered: the CPU decides what that means (open bus, bus error). */
    bool (*read)(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *out);
    bool (*write)(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value);
    /* As read, without side effects: what debuggers use. NULL = nothing to see. */
    bool (*peek)(const void *device, uint32_t offset, unsigned size, uint32_t *out);
    /* The bytes of a register that a read does not change and time does not either, for who cannot
     * wait for a read; to be looked at at once. NULL = it is no such register, or there is none. */
    const uint8_t *(*still)(const void *device, unsigned who, uint32_t offset, unsigned size);
};

struct bus_window {
    const char *name;
    uint32_t first, last;  /* inclusive */
    struct memory *memory; /* NULL = a device */
    uint64_t memory_offset;
    bool read_only; /* memory that swallows writes: a ROM */
    const struct bus_ops *ops;
    void *device;
};

struct bus {
    struct bus_window window[BUS_WINDOWS]; /* sorted by first, never overlapping */
    unsigned used;
    unsigned last_hit; /* a hint, not state */
};

void bus_init(struct bus *bus);

/* Wiring. Overlap or overflow of the table is our bug. `base` and `size` are page multiples for
 * memory. */
void bus_add_memory(struct bus *bus, const char *name, uint32_t base, uint32_t size,
                    struct memory *memory, uint64_t memory_offset, bool read_only);
void bus_add_device(struct bus *bus, const char *name, uint32_t base, uint32_t size,
                    const struct bus_ops *ops, void *device);

/* An access that crosses the end of a window is split into bytes. `who` is the number of the CPU
 * that asks. */
bool bus_read(struct bus *bus, unsigned who, uint32_t address, unsigned size, uint32_t *out);
bool bus_write(struct bus *bus, unsigned who, uint32_t address, unsigned size, uint32_t value);
bool bus_peek(const struct bus *bus, uint32_t address, unsigned size, uint32_t *out);

/* As bus_ops.still. */
const uint8_t *bus_still(struct bus *bus, unsigned who, uint32_t address, unsigned size);

/* Debugger's write: memory only (ROM included); false where there is none. */
bool bus_poke(struct bus *bus, uint32_t address, uint8_t value);

/* The host bytes of the 4 KiB page at `address`, for a TLB; NULL = a device, a hole, or, for
 * writing, a ROM. Asking for writing marks the page dirty, so an answer must be dropped whenever
 * memory_clean (a snapshot) has run since. */
uint8_t *bus_page(struct bus *bus, uint32_t address, bool writing);

/* As bus_page, for who keeps the answer: it holds for good, because the bus is wired once. Before
 * each write *marks must get MEMORY_DIRTY | MEMORY_USED; NULL = a ROM. False = a device, a hole. */
struct bus_host {
    uint8_t *bytes, *marks;
};
bool bus_host_page(struct bus *bus, uint32_t address, struct bus_host *host);

#endif
