/* parts: what boards are made of alike: files for the guest, disks with an image, ways out. */
#ifndef EMU_MACHINE_PARTS_H
#define EMU_MACHINE_PARTS_H

#include "devices/medium.h"
#include "emu/machine/machine.h"

#define PARTS_DISKS     2u
#define PARTS_DISK_MOST (UINT64_C(8) << 30)
#define PARTS_SECTOR    512u

/* A file that the guest finds: in fw_cfg or on the host card. */
struct parts_file {
    const char *name;
    const void *bytes;
    uint32_t size;
};

/* A disk: its pages come through load() when first touched (devices/medium.h). 0 sectors = no disk.
 */
struct parts_disk {
    uint32_t sectors;
    bool (*load)(void *context, uint64_t offset, void *page, size_t size);
    void *context;
};

/* One disk's way out: to its image and to whoever listens for flushes. */
struct parts_link {
    struct machine *machine;
    struct parts_disk image;
    unsigned number;
};

/* Where what a serial port says comes out. */
struct parts_tap {
    struct machine *machine;
    enum machine_output channel;
};

/* Takes a memory into the machine. False: the host has none. */
bool parts_add_memory(struct machine *machine, struct memory *memory, const char *name,
                      uint64_t size);

/* *medium for disk `number`, with its memory in the machine; none when `disk` has no sectors.
 * `link` and `memory` live as long as the machine. False: the host has no memory. */
bool parts_add_disk(struct machine *machine, unsigned number, const struct parts_disk *disk,
                    struct parts_link *link, struct memory *memory, struct medium *medium);

/* What a chip's send callback may be: its context is a struct parts_tap. */
void parts_say(void *tap, uint8_t byte);

/* A copy that the caller frees, never NULL. */
void *parts_copy(const struct parts_file *file);

static inline uint64_t parts_whole_pages(uint64_t size)
{
    return (size + MEMORY_PAGE - 1) / MEMORY_PAGE * MEMORY_PAGE;
}

#endif
