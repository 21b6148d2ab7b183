/* INT 13h: the disks of the first IDE channel as drives 80h and 81h, by programmed I/O. */
#include "guest-os/firmware/bios.h"

#define IDE_DATA         0x1F0
#define IDE_COUNT        0x1F2
#define IDE_LBA0         0x1F3
#define IDE_LBA1         0x1F4
#define IDE_LBA2         0x1F5
#define IDE_DEVICE       0x1F6
#define IDE_COMMAND      0x1F7
#define BUSY             0x80
#define READY            0x40
#define FAULT            0x20
#define DRQ              0x08
#define ERROR            0x01
#define DEVICE_LBA       0xE0
#define COMMAND_READ     0x20
#define COMMAND_WRITE    0x30
#define COMMAND_VERIFY   0x40
#define COMMAND_IDENTIFY 0xEC
#define TRIES            0x80000u /* half a second on an ISA bus: only a stuck disk gets there */

/* INT 13h status codes. */
#define STATUS_BAD_COMMAND 0x01
#define STATUS_NOT_FOUND   0x04
#define STATUS_FAILED      0x20
#define STATUS_NOT_READY   0x80

#define SECTOR          512
#define TRACK           63 /* sectors */
#define FIRST_HARD_DISK 0x80

typedef volatile struct disk __seg_fs *disk_pointer;

/* Waits until the disk is not busy and shows `wanted`; false = error or no answer. */
static bool ide_wait(u8 wanted)
{
    for (u32 tries = TRIES; tries; tries--) {
        u8 status = inb(IDE_COMMAND);
        if (status & BUSY)
            continue;
        if (status & (ERROR | FAULT))
            return false;
        if ((status & wanted) == wanted)
            return true;
    }
    return false;
}

static void sector_in(u16 segment, u16 offset)
{
    u32 di = offset & 15, cx = SECTOR / 2;
    __asm__ volatile("movw %2, %%es; rep insw; pushw %%ds; popw %%es"
                     : "+D"(di), "+c"(cx)
                     : "r"((u16)(segment + (offset >> 4))), "d"(IDE_DATA)
                     : "memory");
}

static void sector_out(u16 segment, u16 offset)
{
    u32 si = offset & 15, cx = SECTOR / 2;
    __asm__ volatile("pushw %%ds; movw %2, %%ds; rep outsw; popw %%ds"
                     : "+S"(si), "+c"(cx)
                     : "r"((u16)(segment + (offset >> 4))), "d"(IDE_DATA)
                     : "memory");
}

static u8 ide_command(u8 command, u8 unit, u32 lba, u8 count)
{
    if (!ide_wait(0))
        return STATUS_NOT_READY;
    outb(IDE_DEVICE, DEVICE_LBA | unit << 4 | (lba >> 24 & 15));
    outb(IDE_COUNT, count);
    outb(IDE_LBA0, lba);
    outb(IDE_LBA1, lba >> 8);
    outb(IDE_LBA2, lba >> 16);
    outb(IDE_COMMAND, command);
    return 0;
}

/* Moves `count` sectors, 128 at most, with one of the three commands; *done counts the good ones.
 */
static u8 transfer(u8 command, disk_pointer disk, u32 lba, u8 count, u16 segment, u16 offset,
                   u8 *done)
{
    *done = 0;
    if (lba >= disk->sectors || count > disk->sectors - lba)
        return STATUS_NOT_FOUND;
    u8 status = ide_command(command, disk->unit, lba, count);
    if (status)
        return status;
    if (command == COMMAND_VERIFY) {
        if (!ide_wait(READY))
            return STATUS_FAILED;
        *done = count;
    } else {
        for (; *done < count; ++*done, segment += SECTOR / 16) {
            if (!ide_wait(DRQ))
                return STATUS_FAILED;
            if (command == COMMAND_READ)
                sector_in(segment, offset);
            else
                sector_out(segment, offset);
        }
    }
    if (!ide_wait(0))
        return STATUS_FAILED;
    return 0;
}

u8 disk_read_sector(u32 lba, u16 segment, u16 offset)
{
    u8 done;
    return transfer(COMMAND_READ, &BDA->own.disk[0], lba, 1, segment, offset, &done);
}

/* Cylinders, heads, sectors as the BIOSes of the nineties translated them: as many heads as keep
 * the cylinder number within 10 bits, 63 sectors a track. */
static void geometry_set(disk_pointer disk)
{
    u32 heads = 16;
    while (heads < 128 && disk->sectors / (heads * TRACK) > 1024)
        heads *= 2;
    if (disk->sectors / (heads * TRACK) > 1024)
        heads = 255;
    u32 cylinders = disk->sectors / (heads * TRACK);
    disk->heads = heads;
    disk->cylinders = cylinders > 1024 ? 1024 : cylinders ? cylinders : 1;
}

/* The fixed disk parameter tables, where the vectors 41h and 46h point. */
static void parameter_table(u8 vector, u16 at, disk_pointer disk)
{
    far_write16(EBDA_SEGMENT, at, disk->cylinders);
    far_write8(EBDA_SEGMENT, at + 2, disk->heads);
    far_write8(EBDA_SEGMENT, at + 8, 0x08); /* more than 8 heads */
    far_write16(EBDA_SEGMENT, at + 12, disk->cylinders);
    far_write8(EBDA_SEGMENT, at + 14, TRACK);
    far_write32(0, vector * 4, (u32)EBDA_SEGMENT << 16 | at);
}

/* Asks for a disk without waiting for one that is not there: an empty bus reads FF, a controller
 * without a disk 0. IDENTIFY (ATA-4 8.12) words 60 and 61 count the sectors reachable by LBA28. */
static u32 unit_sectors(u8 unit)
{
    outb(IDE_DEVICE, DEVICE_LBA | unit << 4);
    u8 status = inb(IDE_COMMAND);
    if (status == 0xFF || status == 0 || !ide_wait(0))
        return 0;
    outb(IDE_COMMAND, COMMAND_IDENTIFY);
    if (inb(IDE_COMMAND) == 0 || !ide_wait(DRQ))
        return 0;
    sector_in(BOOT_SECTOR >> 4, 0);
    return far_read32(0, BOOT_SECTOR + 60 * 2);
}

void disk_init(void)
{
    for (u8 unit = 0; unit < 2; unit++) {
        u32 sectors = unit_sectors(unit);
        if (!sectors)
            continue;
        u8 number = BDA->disk_count++;
        disk_pointer disk = &BDA->own.disk[number];
        disk->sectors = sectors;
        disk->unit = unit;
        geometry_set(disk);
        parameter_table(number ? 0x46 : 0x41, FDPT_OFFSET + number * 16, disk);
    }
    outb(IDE_DEVICE, DEVICE_LBA); /* kernels wait for the selected disk before they select one */
}

static void answer(struct frame *f, u8 status)
{
    BDA->disk_status = status;
    f->ax.h = status;
    frame_set_flag(f, FLAG_CARRY, status != 0);
}

/* AH=02h/03h/04h: AL count, CH/CL cylinder and sector (cylinder bits 8-9 in CL), DH head, ES:BX. */
static void chs_transfer(struct frame *f, disk_pointer disk, u8 command)
{
    u32 cylinder = f->cx.h | (f->cx.l & 0xC0) << 2, sector = f->cx.l & 0x3F;
    if (f->ax.l == 0 || f->ax.l > 128) {
        f->ax.l = 0;
        answer(f, STATUS_BAD_COMMAND);
        return;
    }
    if (sector == 0 || sector > TRACK || f->dx.h >= disk->heads) {
        f->ax.l = 0;
        answer(f, STATUS_NOT_FOUND);
        return;
    }
    u32 lba = (cylinder * disk->heads + f->dx.h) * TRACK + sector - 1;
    u8 done;
    u8 status = transfer(command, disk, lba, f->ax.l, f->es, f->bx.x, &done);
    f->ax.l = done;
    answer(f, status);
}

/* AH=42h/43h/44h: DS:SI packet: bytes size and 0, words count, offset and segment, qword LBA. */
static void packet_transfer(struct frame *f, disk_pointer disk, u8 command)
{
    u16 count = far_read16(f->ds, f->si.x + 2);
    u8 size = far_read8(f->ds, f->si.x), done = 0;
    if (size < 16 || count == 0 || count > 127) {
        answer(f, STATUS_BAD_COMMAND);
        return;
    }
    u8 status = STATUS_NOT_FOUND;
    if (far_read32(f->ds, f->si.x + 12) == 0)
        status = transfer(command, disk, far_read32(f->ds, f->si.x + 8), count,
                          far_read16(f->ds, f->si.x + 6), far_read16(f->ds, f->si.x + 4), &done);
    far_write16(f->ds, f->si.x + 2, done);
    answer(f, status);
}

/* AH=08h -> CH/CL last cylinder and sector, DH last head, DL number of drives. */
static void drive_parameters(struct frame *f, disk_pointer disk)
{
    u16 last = disk->cylinders - 1;
    f->cx.h = last;
    f->cx.l = (last >> 2 & 0xC0) | TRACK;
    f->dx.h = disk->heads - 1;
    f->dx.l = BDA->disk_count;
    f->ax.l = 0;
    answer(f, 0);
}

/* AH=15h -> AH 3 = hard disk, CX:DX sectors; AH 0 = no such drive. */
static void drive_type(struct frame *f, disk_pointer disk)
{
    u32 sectors = (u32)disk->cylinders * disk->heads * TRACK;
    answer(f, 0);
    f->ax.h = 3;
    f->cx.x = sectors >> 16;
    f->dx.x = sectors;
}

/* AH=48h: DS:SI buffer, first word its size, at least 1Ah. */
static void extended_parameters(struct frame *f, disk_pointer disk)
{
    u16 at = f->si.x;
    if (far_read16(f->ds, at) < 0x1A) {
        answer(f, STATUS_BAD_COMMAND);
        return;
    }
    far_write16(f->ds, at, 0x1A);
    far_write16(f->ds, at + 2, 0x0002); /* geometry is valid */
    far_write32(f->ds, at + 4, disk->cylinders);
    far_write32(f->ds, at + 8, disk->heads);
    far_write32(f->ds, at + 12, TRACK);
    far_write32(f->ds, at + 16, disk->sectors);
    far_write32(f->ds, at + 20, 0);
    far_write16(f->ds, at + 24, SECTOR);
    answer(f, 0);
}

/* AH=41h: BX=55AAh -> BX=AA55h, AH=version 1.x, CX bit 0 = packet calls. */
static void extensions_present(struct frame *f)
{
    if (f->bx.x != 0x55AA) {
        answer(f, STATUS_BAD_COMMAND);
        return;
    }
    answer(f, 0);
    f->ax.h = 0x01;
    f->bx.x = 0xAA55;
    f->cx.x = 0x0001;
}

static void no_drive(struct frame *f)
{
    switch (f->ax.h) {
    case 0x00: answer(f, f->dx.l < FIRST_HARD_DISK ? 0 : STATUS_BAD_COMMAND); break;
    case 0x15: answer(f, 0); break; /* "no such drive" is an answer, not an error */
    case 0x02:
    case 0x03:
    case 0x04:
        f->ax.l = 0;
        answer(f, f->dx.l < FIRST_HARD_DISK ? STATUS_NOT_READY : STATUS_BAD_COMMAND);
        break;
    default: answer(f, STATUS_BAD_COMMAND);
    }
}

void int13_disk(struct frame *f)
{
    if (f->ax.h == 0x01) { /* status of the last operation */
        u8 status = BDA->disk_status;
        answer(f, 0);
        f->ax.h = status;
        frame_set_flag(f, FLAG_CARRY, status != 0);
        return;
    }
    if (f->dx.l < FIRST_HARD_DISK || f->dx.l - FIRST_HARD_DISK >= BDA->disk_count) {
        no_drive(f);
        return;
    }
    disk_pointer disk = &BDA->own.disk[f->dx.l - FIRST_HARD_DISK];
    switch (f->ax.h) {
    case 0x02: chs_transfer(f, disk, COMMAND_READ); break;
    case 0x03: chs_transfer(f, disk, COMMAND_WRITE); break;
    case 0x04: chs_transfer(f, disk, COMMAND_VERIFY); break;
    case 0x08: drive_parameters(f, disk); break;
    case 0x15: drive_type(f, disk); break;
    case 0x41: extensions_present(f); break;
    case 0x42: packet_transfer(f, disk, COMMAND_READ); break;
    case 0x43: packet_transfer(f, disk, COMMAND_WRITE); break;
    case 0x44: packet_transfer(f, disk, COMMAND_VERIFY); break;
    case 0x48: extended_parameters(f, disk); break;
    case 0x00: /* reset, recalibrate, seeks, drive ready: a disk without arms is always there */
    case 0x09:
    case 0x0C:
    case 0x0D:
    case 0x10:
    case 0x11:
    case 0x47: answer(f, 0); break;
    default: answer(f, STATUS_BAD_COMMAND);
    }
}
