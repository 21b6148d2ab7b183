/* ide_commands: what the commands of an IDE disk do: addresses, the medium, sectors on their way.
 */
#include <string.h>

#include "devices/ide_parts.h"

static struct ide_drive_state *owner(struct ide *ide)
{
    return &ide->s.drive[ide->s.owner];
}

/* --- Addresses (ATA-2, "Sector addressing") --- */

static bool address(const struct ide *ide, uint32_t *lba)
{
    const struct ide_drive_state *d = &ide->s.drive[ide->s.owner];
    uint32_t head = ide->s.select & 15,
             cylinder = d->cylinder_low | (uint32_t)d->cylinder_high << 8;
    if (ide->s.select & SELECT_LBA) {
        *lba = head << 24 | cylinder << 8 | d->sector;
        return true;
    }
    *lba = (cylinder * d->heads + head) * d->per_track + d->sector - 1;
    return d->sector >= 1 && d->sector <= d->per_track && head < d->heads &&
           cylinder < d->cylinders;
}

static void show_address(struct ide *ide, uint32_t lba)
{
    struct ide_drive_state *d = owner(ide);
    uint32_t cylinder, head;
    if (ide->s.select & SELECT_LBA) {
        d->sector = (uint8_t)lba;
        cylinder = lba >> 8 & 0xffff;
        head = lba >> 24 & 15;
    } else {
        d->sector = (uint8_t)(lba % d->per_track + 1);
        cylinder = lba / d->per_track / d->heads;
        head = lba / d->per_track % d->heads & 15;
    }
    d->cylinder_low = (uint8_t)cylinder;
    d->cylinder_high = (uint8_t)(cylinder >> 8);
    ide->s.select = (uint8_t)((ide->s.select & 0xf0) | head);
}

/* --- Ends of commands --- */

static void finish(struct ide *ide, bool interrupt)
{
    owner(ide)->status = STATUS_IDLE;
    ide->s.phase = IDE_IDLE;
    if (interrupt)
        ide_set_intrq(ide, true);
}

static void fail(struct ide *ide, uint8_t error)
{
    struct ide_drive_state *d = owner(ide);
    d->status = STATUS_IDLE | STATUS_ERROR;
    d->error = error;
    ide->s.phase = IDE_IDLE;
    ide_set_intrq(ide, true);
}

/* A medium error leaves the address of the sector and how many are still to come. */
static void fail_at(struct ide *ide, uint32_t lba, uint8_t error)
{
    show_address(ide, lba);
    owner(ide)->count = (uint8_t)ide->s.left;
    fail(ide, error);
}

static void busy(struct ide *ide)
{
    owner(ide)->status = STATUS_BUSY;
    ide->s.phase = IDE_BUSY;
    clock_arm(ide->clock, ide->slot,
              ide->clock->s.now + (uint64_t)IDE_ACCESS_US * ide->hz / 1000000);
}

/* --- The medium --- */

/* The bytes of a sector, its page brought in from the image when need be; or an error. */
static uint8_t *sector_bytes(struct ide *ide, uint32_t lba, uint8_t *error)
{
    const struct medium *disk = &ide->disk[ide->s.owner];
    *error = ERROR_NOT_FOUND;
    if (lba >= disk->sectors)
        return NULL;
    *error = ERROR_UNCORRECTABLE;
    return medium_bytes(disk, (uint64_t)lba * IDE_SECTOR);
}

static unsigned block_size(const struct ide *ide)
{
    unsigned size = ide->s.command == READ_MULTIPLE || ide->s.command == WRITE_MULTIPLE
                        ? ide->s.drive[ide->s.owner].multiple
                        : 1;
    return size < ide->s.left ? size : ide->s.left;
}

static void begin_block(struct ide *ide, enum ide_phase phase, bool interrupt)
{
    owner(ide)->status = STATUS_IDLE | STATUS_DATA;
    ide->s.phase = (uint8_t)phase;
    ide->s.block_left = (uint8_t)block_size(ide);
    ide->s.position = 0;
    if (interrupt)
        ide_set_intrq(ide, true);
}

static bool fetch_sector(struct ide *ide)
{
    uint8_t error;
    const uint8_t *bytes = sector_bytes(ide, ide->s.lba, &error);
    if (bytes == NULL) {
        fail_at(ide, ide->s.lba, error);
        return false;
    }
    memcpy(ide->s.buffer, bytes, IDE_SECTOR);
    return true;
}

static bool store_sector(struct ide *ide)
{
    uint8_t error;
    uint8_t *bytes = sector_bytes(ide, ide->s.lba, &error);
    if (bytes == NULL) {
        fail_at(ide, ide->s.lba, error);
        return false;
    }
    memory_touch(ide->disk[ide->s.owner].memory, (uint64_t)ide->s.lba * IDE_SECTOR);
    memcpy(bytes, ide->s.buffer, IDE_SECTOR);
    return true;
}

/* One sector went through the buffer: the next one, the next block, or the end. */
static void sector_done(struct ide *ide)
{
    struct ide_state *s = &ide->s;
    bool writing = s->phase == IDE_DATA_OUT;
    if (writing && !store_sector(ide))
        return;
    s->left--;
    s->block_left--;
    s->position = 0;
    if (s->command != IDENTIFY) {
        show_address(ide, s->lba++);
        owner(ide)->count = (uint8_t)s->left;
    }
    if (s->left == 0) {
        if (writing)
            busy(ide);
        else
            finish(ide, false);
    } else if (writing || fetch_sector(ide)) {
        if (s->block_left == 0)
            begin_block(ide, (enum ide_phase)s->phase, true);
    }
}

uint16_t ide_read_word(struct ide *ide)
{
    struct ide_state *s = &ide->s;
    if (s->phase != IDE_DATA_IN || ide_selected(ide) != s->owner)
        return 0xffff;
    uint16_t word = (uint16_t)(s->buffer[s->position] | s->buffer[s->position + 1] << 8);
    s->position += 2;
    if (s->position == IDE_SECTOR)
        sector_done(ide);
    return word;
}

void ide_write_word(struct ide *ide, uint16_t word)
{
    struct ide_state *s = &ide->s;
    if (s->phase != IDE_DATA_OUT || ide_selected(ide) != s->owner)
        return;
    s->buffer[s->position] = (uint8_t)word;
    s->buffer[s->position + 1] = (uint8_t)(word >> 8);
    s->position += 2;
    if (s->position == IDE_SECTOR)
        sector_done(ide);
}

/* --- Commands --- */

static void verify(struct ide *ide)
{
    uint8_t error;
    for (; ide->s.left > 0; ide->s.left--, ide->s.lba++) {
        if (sector_bytes(ide, ide->s.lba, &error) == NULL) {
            fail_at(ide, ide->s.lba, error);
            return;
        }
        show_address(ide, ide->s.lba);
    }
    owner(ide)->count = 0;
    finish(ide, true);
}

static void set_parameters(struct ide *ide)
{
    struct ide_drive_state *d = owner(ide);
    if (d->count == 0) {
        fail(ide, ERROR_ABORTED);
        return;
    }
    d->heads = (uint8_t)((ide->s.select & 15) + 1);
    d->per_track = d->count;
    uint32_t cylinders = ide->disk[ide->s.owner].sectors / (d->heads * (uint32_t)d->per_track);
    d->cylinders = (uint16_t)(cylinders > 0xffff ? 0xffff : cylinders);
    finish(ide, true);
}

static void set_multiple(struct ide *ide)
{
    struct ide_drive_state *d = owner(ide);
    if (d->count > IDE_MULTIPLE || (d->count & (d->count - 1)) != 0) {
        fail(ide, ERROR_ABORTED);
        return;
    }
    d->multiple = d->count;
    finish(ide, true);
}

static void set_features(struct ide *ide)
{
    struct ide_drive_state *d = owner(ide);
    switch (d->features) {
    case 0x03: /* transfer mode: 00xxx PIO default, 01xxx PIO with flow control */
        if (d->count >> 3 > 1)
            break;
        finish(ide, true);
        return;
    case 0x02:
    case 0x55:
    case 0x66:
    case 0x82:
    case 0xaa:
    case 0xcc: finish(ide, true); return;
    default: break;
    }
    fail(ide, ERROR_ABORTED);
}

/* Both devices take part; the result is device 0's (ATA-2, "Execute device diagnostic"). */
static void diagnose(struct ide *ide)
{
    for (unsigned i = 0; i < 2; i++)
        ide_sign(&ide->s.drive[i]);
    ide->s.owner = ide_present(ide, 0) ? 0 : 1;
    ide->s.select = SELECT_FIXED;
    finish(ide, true);
}

static void begin_reading(struct ide *ide)
{
    if (fetch_sector(ide))
        begin_block(ide, IDE_DATA_IN, true);
}

static void send_identity(struct ide *ide)
{
    ide_identify(ide->s.buffer, &ide->disk[ide->s.owner], owner(ide), ide->s.owner);
    ide->s.left = 1;
    begin_block(ide, IDE_DATA_IN, true);
}

static void flush(struct ide *ide)
{
    const struct medium *disk = &ide->disk[ide->s.owner];
    if (disk->flush != NULL)
        disk->flush(disk->context);
    finish(ide, true);
}

static void complete(struct ide *ide)
{
    finish(ide, true);
}

/* READ, WRITE, VERIFY and their like. */
static void begin_transfer(struct ide *ide)
{
    struct ide_state *s = &ide->s;
    const struct medium *disk = &ide->disk[s->owner];
    bool multiple = s->command == READ_MULTIPLE || s->command == WRITE_MULTIPLE;
    bool writing = s->command == WRITE || s->command == WRITE_MULTIPLE;
    s->left = owner(ide)->count != 0 ? owner(ide)->count : 256;
    if ((multiple && owner(ide)->multiple == 0) || (writing && disk->read_only))
        fail(ide, ERROR_ABORTED);
    else if (!address(ide, &s->lba) || s->lba >= disk->sectors)
        fail(ide, ERROR_NOT_FOUND);
    else if (writing)
        begin_block(ide, IDE_DATA_OUT, false);
    else
        busy(ide);
}

static void begin_seek(struct ide *ide)
{
    uint32_t lba;
    if (address(ide, &lba) && lba < ide->disk[ide->s.owner].sectors)
        busy(ide);
    else
        fail(ide, ERROR_NOT_FOUND);
}

static void begin_power_check(struct ide *ide)
{
    owner(ide)->count = 0xff; /* active */
    busy(ide);
}

static const struct command {
    uint8_t code;
    void (*begin)(struct ide *ide);
    void (*end)(struct ide *ide); /* of the busy time */
} commands[] = {
    {RECALIBRATE, busy, complete},
    {READ, begin_transfer, begin_reading},
    {WRITE, begin_transfer, complete},
    {VERIFY, begin_transfer, verify},
    {SEEK, begin_seek, complete},
    {DIAGNOSTIC, busy, diagnose},
    {PARAMETERS, busy, set_parameters},
    {READ_MULTIPLE, begin_transfer, begin_reading},
    {WRITE_MULTIPLE, begin_transfer, complete},
    {SET_MULTIPLE, busy, set_multiple},
    {STANDBY_IMMEDIATE, busy, complete},
    {IDLE_IMMEDIATE, busy, complete},
    {STANDBY, busy, complete},
    {IDLE, busy, complete},
    {CHECK_POWER, begin_power_check, complete},
    {SLEEP, busy, complete},
    {FLUSH, busy, flush},
    {IDENTIFY, busy, send_identity},
    {SET_FEATURES, busy, set_features},
};

static const struct command *find_command(uint8_t code)
{
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (commands[i].code == code)
            return &commands[i];
    return NULL;
}

/* One code for all that do the same: the low bits of some are "with retries" or were a step rate.
 */
static uint8_t canonical(uint8_t code)
{
    if (code >> 4 == RECALIBRATE >> 4 || code >> 4 == SEEK >> 4)
        return code & 0xf0;
    if (code == READ + 1 || code == WRITE + 1 || code == VERIFY + 1)
        return code & 0xfe;
    return code;
}

void ide_begin_command(struct ide *ide, uint8_t code)
{
    struct ide_state *s = &ide->s;
    s->owner = (uint8_t)ide_selected(ide);
    s->command = canonical(code);
    clock_disarm(ide->clock, ide->slot);
    ide_set_intrq(ide, false);
    owner(ide)->error = 0;
    const struct command *command = find_command(s->command);
    if (command != NULL)
        command->begin(ide);
    else
        fail(ide, ERROR_ABORTED);
}

void ide_end_of_busy(struct ide *ide)
{
    const struct command *command = find_command(ide->s.command);
    if (ide->s.phase == IDE_BUSY && command != NULL)
        command->end(ide);
}
