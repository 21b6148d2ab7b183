/* ide: one ATA channel with up to two disks, programmed I/O only.
 *
 *   command block, 8 ports (1F0h)            control block, 1 port (3F6h)
 *   0  data, 16 or 32 bits                   0  read: alternate status
 *   1  read error, write features               write: device control: 1 nIEN, 2 SRST
 *   2  sector count     3-5  LBA 7..0, 15..8, 23..16 or sector, cylinder low, high
 *   6  device/head: 6 LBA, 4 device, 3..0 LBA 27..24 or head
 *   7  read status (and drop INTRQ), write command
 *
 * Contract. Commands: 10-1F RECALIBRATE, 20 21 READ SECTORS, 30 31 WRITE SECTORS, 40 41 VERIFY,
 * 70-7F SEEK, 90 DIAGNOSTIC, 91 INITIALIZE PARAMETERS, C4 READ MULTIPLE, C5 WRITE MULTIPLE, C6 SET
 * MULTIPLE, power management E0 E1 E2 E3 E5 E6 (no effect), E7 FLUSH CACHE, EC IDENTIFY, EF SET
 * FEATURES; any other aborts (ABRT). LBA28 and CHS. A write accepts data right behind the command.
 * Reading commands and the end of a write are busy for IDE_ACCESS_US. INTRQ drops when status is
 * read, on a new command and while nIEN is set. With a master only, the slave's status reads 0; a
 * channel without disks is not to be mapped: open bus.
 *
 * When a disk's image cannot be read (devices/medium.h), the command ends with ERR and UNC; writes
 * to one that is read-only with ERR and ABRT, as of a write-protected medium. LBA28 bounds it to
 * 2^28 sectors. FLUSH CACHE flushes the medium.
 *
 * Known inaccuracies. Seeks take no time. Sectors of one command follow each other at once. A byte
 * access to the data port moves a whole word. No DMA, no LBA48, no packet devices.
 *
 * Source: ATA-2 (X3.279-1996), ATA-3 (X3.298-1997); FLUSH CACHE from ATA-4 (X3.317-1998). */
#ifndef DEVICES_IDE_H
#define DEVICES_IDE_H

#include "devices/device.h"
#include "devices/medium.h"

#define IDE_SECTOR    512u
#define IDE_MULTIPLE  16u /* most sectors in a block of READ MULTIPLE */
#define IDE_ACCESS_US 20u

struct ide_drive_state {
    uint8_t error, features, count, sector, cylinder_low, cylinder_high, status;
    uint8_t multiple;   /* sectors in a block, 0 = MULTIPLE commands abort */
    uint16_t cylinders; /* of the present CHS translation */
    uint8_t heads;
    uint8_t per_track;
    uint32_t reserved;
};

struct ide_state {
    struct ide_drive_state drive[2];
    uint32_t lba;       /* next sector of the command in progress */
    uint16_t left;      /* sectors not yet transferred, up to 256 */
    uint16_t position;  /* next byte of the buffer */
    uint8_t block_left; /* sectors before the next interrupt, the one in the buffer included */
    uint8_t phase;      /* enum ide_phase */
    uint8_t command;    /* in progress */
    uint8_t select;     /* device/head register */
    uint8_t control;    /* device control register */
    uint8_t intrq;
    uint8_t owner; /* the drive of the command in progress */
    uint8_t reserved;
    uint8_t buffer[IDE_SECTOR];
};

enum ide_phase { IDE_IDLE, IDE_BUSY, IDE_DATA_IN, IDE_DATA_OUT, IDE_PHASES };

struct ide {
    struct ide_state s;
    struct medium disk[2];
    struct clock *clock;
    uint32_t hz;
    unsigned slot;
    struct irq_line irq;
};

/* Takes `disk` as it is now; attaching later is not possible. */
void ide_init(struct ide *ide, struct clock *clock, uint32_t hz, struct irq_line irq,
              const struct medium disk[2]);
void ide_reset(struct ide *ide);
void ide_map(struct ide *ide, struct bus *ports, uint32_t base, uint32_t control);
/* `name` tells one channel's state block from another's. */
void ide_add_state(struct ide *ide, struct state_map *map, const char *name);

#endif
