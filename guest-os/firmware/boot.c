/* INT 19h: chooses what to start, the disk's boot sector or else Turnstile from the flash. */
#include "guest-os/firmware/bios.h"
#include "guest-os/firmware/protected.h"

#define SIGNATURE 0xAA55

static ROM char nothing_text[] = "Trapscope firmware: nothing to boot.\r\n";
static ROM char no_disk_text[] = "  No IDE disk answers: give one with a boot sector.\r\n";
static ROM char unreadable_text[] = "  Sector 0 of the disk cannot be read.\r\n";
static ROM char unsigned_text[] =
    "  Sector 0 of the disk does not end in 55 AA: it is no boot sector.\r\n";
static ROM char absent_text[] = "  The flash holds no Turnstile: turnstile-mkflash makes one.\r\n";
static ROM char damaged_text[] =
    "  The Turnstile in the flash is damaged: make it again with turnstile-mkflash.\r\n";
static ROM char kernel_text[] = "  The kernel in the flash is no ELF32 i386 program.\r\n";
static ROM char memory_text[] =
    "  Turnstile does not fit into this memory: give the machine more.\r\n";

/* Reads the boot sector and enters it; comes back with the reason when there is none. */
static rom_string disk_boot(void)
{
    if (BDA->disk_count == 0)
        return no_disk_text;
    if (disk_read_sector(0, 0, BOOT_SECTOR))
        return unreadable_text;
    if (far_read16(0, BOOT_SECTOR + 510) != SIGNATURE)
        return unsigned_text;
    BDA->own.memory_used = 1;
    boot_sector_enter(0x80);
}

static rom_string flash_boot(void)
{
    a20_set(true);
    switch (protected_call((u32)turnstile_boot, 0)) {
    case TURNSTILE_ABSENT: return absent_text;
    case TURNSTILE_DAMAGED: return damaged_text;
    case TURNSTILE_BAD_KERNEL: return kernel_text;
    default: return memory_text;
    }
}

void int19_boot(struct frame *f)
{
    (void)f;
    rom_string disk = disk_boot();
    rom_string flash = flash_boot();
    BDA->own.serial_console = 1;
    video_print(nothing_text);
    video_print(disk);
    video_print(flash);
    boot_give_up();
}

/* A boot sector gives up by INT 18h. */
void int18_no_boot(struct frame *f)
{
    static ROM char text[] = "\r\nThe boot sector found nothing to start (INT 18h).\r\n";
    (void)f;
    BDA->own.serial_console = 1;
    video_print(text);
    boot_halt();
}
