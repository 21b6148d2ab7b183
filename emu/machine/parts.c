/* parts: what boards are made of alike: files for the guest, disks with an image, ways out. */
#include "emu/machine/parts.h"

#include <string.h>

#include "emu/base/bug.h"

bool parts_add_memory(struct machine *machine, struct memory *memory, const char *name,
                      uint64_t size)
{
    if (!memory_init(memory, name, size))
        return false;
    machine_add_memory(machine, memory);
    return true;
}

static bool load_page(void *link, uint64_t offset, void *page, size_t size)
{
    const struct parts_link *from = link;
    return from->image.load(from->image.context, offset, page, size);
}

static void flush(void *link)
{
    const struct parts_link *of = link;
    machine_flush(of->machine, of->number);
}

bool parts_add_disk(struct machine *machine, unsigned number, const struct parts_disk *disk,
                    struct parts_link *link, struct memory *memory, struct medium *medium)
{
    static const char *const name[PARTS_DISKS] = {"disk0", "disk1"};
    *medium = (struct medium){0};
    if (disk->sectors == 0)
        return true;
    uint64_t size = parts_whole_pages((uint64_t)disk->sectors * PARTS_SECTOR);
    if (!parts_add_memory(machine, memory, name[number], size))
        return false;
    *link = (struct parts_link){machine, *disk, number};
    *medium = (struct medium){.memory = memory,
                              .sectors = disk->sectors,
                              .load = disk->load == NULL ? NULL : load_page,
                              .flush = flush,
                              .context = link};
    return true;
}

void parts_say(void *tap, uint8_t byte)
{
    const struct parts_tap *to = tap;
    machine_output(to->machine, to->channel, byte);
}

void *parts_copy(const struct parts_file *file)
{
    void *copy = bug_alloc((unsigned long)file->size + 1, 1);
    if (file->size != 0)
        memcpy(copy, file->bytes, file->size);
    return copy;
}
