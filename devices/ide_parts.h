/* ide_parts: what the files of the IDE channel share: ide.c (registers, reset, wiring),
 * ide_commands.c (what commands do with a disk) and ide_identify.c (what a disk says of itself).
 */
#ifndef DEVICES_IDE_PARTS_H
#define DEVICES_IDE_PARTS_H

#include "devices/ide.h"

enum status {
    STATUS_ERROR = 1,
    STATUS_DATA = 8,
    STATUS_SEEK_DONE = 16,
    STATUS_READY = 64,
    STATUS_BUSY = 128,
    STATUS_IDLE = STATUS_READY | STATUS_SEEK_DONE
};
enum error { ERROR_ABORTED = 4, ERROR_NOT_FOUND = 16, ERROR_UNCORRECTABLE = 64 };
enum select { SELECT_DEVICE = 16, SELECT_FIXED = 0xa0, SELECT_LBA = 64 };
/* clang-format off */
enum code {
    RECALIBRATE = 0x10, READ = 0x20, WRITE = 0x30, VERIFY = 0x40, SEEK = 0x70, DIAGNOSTIC = 0x90,
    PARAMETERS = 0x91, READ_MULTIPLE = 0xc4, WRITE_MULTIPLE = 0xc5, SET_MULTIPLE = 0xc6,
    STANDBY_IMMEDIATE = 0xe0, IDLE_IMMEDIATE, STANDBY, IDLE, CHECK_POWER = 0xe5, SLEEP, FLUSH,
    IDENTIFY = 0xec, SET_FEATURES = 0xef,
};
/* clang-format on */

/* ide.c */
void ide_set_intrq(struct ide *ide, bool level);
/* The signature that reset and diagnostic leave (ATA-2, "Reset response"). */
void ide_sign(struct ide_drive_state *drive);

static inline unsigned ide_selected(const struct ide *ide)
{
    return ide->s.select & SELECT_DEVICE ? 1 : 0;
}

static inline bool ide_present(const struct ide *ide, unsigned drive)
{
    return ide->disk[drive].memory != NULL;
}

/* ide_commands.c */
void ide_begin_command(struct ide *ide, uint8_t code);
void ide_end_of_busy(struct ide *ide);
uint16_t ide_read_word(struct ide *ide);
void ide_write_word(struct ide *ide, uint16_t word);

/* ide_identify.c: the 512 bytes of IDENTIFY DEVICE (ATA-2 and ATA-4, "Identify device"), and the
 * translation that a drive has after power-on. */
void ide_identify(uint8_t buffer[IDE_SECTOR], const struct medium *disk,
                  const struct ide_drive_state *drive, unsigned unit);
void ide_default_geometry(const struct medium *disk, struct ide_drive_state *drive);

#endif
