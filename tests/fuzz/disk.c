/* Fuzzes disk images, and wild commands to the disk: the image's own first sector says which.
 * See disk.S for the guest. */
#include <stdlib.h>
#include <string.h>

#include "emu/host/files.h"
#include "tests/fuzz/target.h"

#define SECTOR 512u

struct bytes {
    const uint8_t *at;
    size_t size;
};

static bool load(void *context, uint64_t offset, void *page, size_t size)
{
    const struct bytes *image = context;
    memset(page, 0, size);
    if (offset < image->size)
        memcpy(page, image->at + offset, image->size - offset < size ? image->size - offset : size);
    return offset != 0x3000; /* one page of the medium is bad */
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint8_t *guest;
    static size_t guest_size;
    const char *why;
    if (guest == NULL)
        guest = file_read(GUEST, SECTOR, &guest_size, &why);
    bug_unless(guest != NULL);
    if (size == 0)
        return 0;
    struct bytes image = {bytes, size};
    struct parts_disk disk = {(uint32_t)((size + SECTOR - 1) / SECTOR), load, &image};
    struct machine *machine = target_pc(&disk);
    memory_put(machine->board->ram(machine), 0x7c00, guest, guest_size);
    target_run(machine, 100000);
    target_save_and_restore(machine, target_pc(&disk));
    machine_free(machine);
    return 0;
}
