/*
 * Which disk: a real one if it carries a Turnstile file system, else the ROM disk, an image
 * that the boot loader has put into memory. What is written to the ROM disk is gone when the
 * power goes.
 */
#include "kernel/arch.h"
#include "kernel/buf.h"
#include "kernel/defs.h"

static uint8_t *rom;
static uint32_t rom_blocks;
static bool use_rom;

void disk_init(uintptr_t rom_disk, uint32_t rom_disk_size)
{
    rom = (uint8_t *)rom_disk;
    rom_blocks = rom_disk_size / BSIZE;
    use_rom = true;
}

/* Move a locked buffer from or to the disk. May sleep. */
void disk_transfer(struct buf *b, bool write)
{
    if (!use_rom) {
        arch_disk_transfer(b, write);
    } else if (b->block >= rom_blocks) {
        panic("disk: block %u of a ROM disk of %u", b->block, rom_blocks);
    } else if (write) {
        memcpy(rom + b->block * BSIZE, b->data, BSIZE);
    } else {
        memcpy(b->data, rom + b->block * BSIZE, BSIZE);
    }
}

/* Is what is written still there after the power has gone? */
bool disk_survives(void)
{
    return !use_rom;
}

/* What was written before is safe from a power failure when this returns. */
void disk_barrier(void)
{
    if (!use_rom)
        arch_disk_barrier();
}

/* Does the disk of so many blocks carry a file system? */
static bool has_file_system(uint32_t blocks)
{
    struct superblock super;
    struct buf *b;

    if (blocks < 2)
        return false;
    b = bblank(1);
    disk_transfer(b, false);
    super = *(const struct superblock *)b->data;
    b->valid = false;
    brelse(b);
    if (super.magic != FS_MAGIC)
        return false;
    if (super.size > blocks)
        panic("the disk image is cut off: it has %u blocks of %u", blocks, super.size);
    return true;
}

/* Choose the disk with the root file system; "root=disk" and "root=rom" leave no choice. */
void disk_choose_root(void)
{
    bool want_disk = boot_option("root=disk");
    bool want_rom = boot_option("root=rom");

    use_rom = false;
    if (!want_rom && has_file_system(arch_disk_blocks()))
        return;
    if (want_disk)
        panic("root=disk: there is no disk with a Turnstile file system");
    use_rom = true;
    if (!has_file_system(rom_blocks))
        panic("no root file system: give fs.img as the disk or as a boot module (-initrd)");
}
