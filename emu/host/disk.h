/* disk: an image file behind a guest's disk: read page by page, written only when asked to.
 *
 * While a machine runs, what it writes stays in its memory. disk_write_back carries changed sectors
 * to the image. An image whose size is no multiple of 512 is taken as if zeros followed; it grows
 * to whole sectors when the guest changes the last one. */
#ifndef EMU_HOST_DISK_H
#define EMU_HOST_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/base/memory.h"

struct disk {
    const char *path;
    int fd; /* -1 = not open */
    uint64_t size;
    bool keep;      /* changes are written back */
    bool read_only; /* ... although it was asked for, they cannot be */
};

/* Locks the image against a second writer. On false *why says what is wrong and what to do. */
bool disk_open(struct disk *disk, const char *path, uint64_t most, bool keep, const char **why);
void disk_close(struct disk *disk);

uint32_t disk_sectors(const struct disk *disk);

/* For the machine: `size` bytes from `offset` on, zeros behind the end. */
bool disk_load(void *disk, uint64_t offset, void *page, size_t size);

/* Writes the sectors of pages marked MEMORY_DIRTY that differ from the image, then clears the
 * marks. False: *why. */
bool disk_write_back(struct disk *disk, struct memory *memory, const char **why);

#endif
