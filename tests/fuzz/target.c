/* target: what the fuzz targets share: hostile bytes as a file, and a small PC to let them loose
 * in. */
#include "tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "emu/host/files.h"
#include "emu/machine/savefile.h"

#define ROM_BYTES 65536u
#define LAST_TICK (UINT64_C(1) << 62) /* that a saved machine may have */

int target_file(const void *bytes, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    bug_unless(fd >= 0 && file_write_all(fd, bytes, size) && lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

static struct machine *make_pc(const struct parts_disk *disk, unsigned cpus)
{
    static const uint8_t jump[] = {0xea, 0x00, 0x7c, 0x00, 0x00}; /* JMP FAR 0000:7C00 */
    const char *why;
    uint8_t *rom = bug_alloc(1, ROM_BYTES);
    memcpy(rom + ROM_BYTES - 16, jump, sizeof jump);
    struct pc_config config = {
        .cpus = cpus, .ram = TARGET_RAM, .bios = rom, .bios_size = ROM_BYTES};
    if (disk != NULL)
        config.disk[0] = *disk;
    struct machine *machine = pc_create(&config, &why);
    bug_unless(machine != NULL);
    free(rom);
    return machine;
}

struct machine *target_pc(const struct parts_disk *disk)
{
    return make_pc(disk, 1);
}

struct machine *target_pc_of(unsigned cpus)
{
    return make_pc(NULL, cpus);
}

void target_run(struct machine *machine, uint64_t instructions)
{
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.count = machine_count(machine) + instructions;
    limit.tick = machine->clock.s.now + machine->hz / 10;
    for (unsigned resets = 0; resets < 8; resets++)
        switch (machine_run(machine, limit).reason) {
        case MACHINE_RESET:
        case MACHINE_BREAK: break;
        default: return;
        }
}

/* The state block that a machine itself would not take back. */
static const char *refused_block(struct machine *machine)
{
    const char *why = "none";
    size_t size = state_size(&machine->state);
    uint8_t *state = bug_alloc(1, size);
    state_save(&machine->state, state);
    state_load(&machine->state, state, size, &why);
    free(state);
    return why;
}

void target_save_and_restore(struct machine *machine, struct machine *again)
{
    const char *why;
    if (machine->clock.s.now > LAST_TICK) {
        machine_free(again);
        return; /* a forged clock ran over it; no real one does in 1461 years */
    }
    int fd = target_file("", 0);
    bug_unless(savefile_write(machine, fd, &why) && lseek(fd, 0, SEEK_SET) == 0);
    if (!savefile_read(again, fd, &why))
        bug("a machine that was saved cannot go on: %s: block %s", why, refused_block(machine));
    close(fd);
    bug_unless(machine_hash(again) == machine_hash(machine));
    target_run(machine, 200);
    target_run(again, 200);
    bug_unless(machine_hash(again) == machine_hash(machine));
    machine_free(again);
}
