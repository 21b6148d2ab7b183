/* ide: one ATA channel with up to two disks, programmed I/O only. */
#include "devices/ide.h"

#include <string.h>

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
enum control { CONTROL_NO_IRQ = 2, CONTROL_RESET = 4 };
enum ports { DATA, ERROR, COUNT, SECTOR, CYLINDER_LOW, CYLINDER_HIGH, DEVICE, COMMAND };

enum {
    READ = 0x20,
    WRITE = 0x30,
    VERIFY = 0x40,
    DIAGNOSTIC = 0x90,
    PARAMETERS = 0x91,
    READ_MULTIPLE = 0xc4,
    WRITE_MULTIPLE = 0xc5,
    SET_MULTIPLE = 0xc6,
    IDENTIFY = 0xec,
    SET_FEATURES = 0xef
};

static unsigned selected(const struct ide *ide)
{
    return ide->s.select & SELECT_DEVICE ? 1 : 0;
}

static bool present(const struct ide *ide, unsigned drive)
{
    return ide->disk[drive].memory != NULL;
}

static struct ide_drive_state *owner(struct ide *ide)
{
    return &ide->s.drive[ide->s.owner];
}

static void drive_irq(struct ide *ide, bool before)
{
    bool after = ide->s.intrq && !(ide->s.control & CONTROL_NO_IRQ);
    if (before != after)
        irq_set(&ide->irq, after);
}

static void set_intrq(struct ide *ide, bool level)
{
    bool before = ide->s.intrq && !(ide->s.control & CONTROL_NO_IRQ);
    ide->s.intrq = level;
    drive_irq(ide, before);
}

/* --- Addresses (ATA-2 7.1, "Device addressing considerations") --- */

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
        set_intrq(ide, true);
}

static void fail(struct ide *ide, uint8_t error)
{
    struct ide_drive_state *d = owner(ide);
    d->status = STATUS_IDLE | STATUS_ERROR;
    d->error = error;
    ide->s.phase = IDE_IDLE;
    set_intrq(ide, true);
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
    const struct ide_disk *disk = &ide->disk[ide->s.owner];
    *error = ERROR_NOT_FOUND;
    if (lba >= disk->sectors)
        return NULL;
    uint64_t offset = (uint64_t)lba * IDE_SECTOR, page = offset & ~(uint64_t)(MEMORY_PAGE - 1);
    uint8_t *marks = &disk->memory->page[page >> MEMORY_PAGE_SHIFT];
    if (disk->load != NULL && !(*marks & (MEMORY_LOADED | MEMORY_USED))) {
        *error = ERROR_UNCORRECTABLE;
        if (!disk->load(disk->context, page, disk->memory->bytes + page, MEMORY_PAGE))
            return NULL;
        *marks |= MEMORY_LOADED;
    }
    return disk->memory->bytes + offset;
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
        set_intrq(ide, true);
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

static uint16_t read_word(struct ide *ide)
{
    struct ide_state *s = &ide->s;
    if (s->phase != IDE_DATA_IN || selected(ide) != s->owner)
        return 0xffff;
    uint16_t word = (uint16_t)(s->buffer[s->position] | s->buffer[s->position + 1] << 8);
    s->position += 2;
    if (s->position == IDE_SECTOR)
        sector_done(ide);
    return word;
}

static void write_word(struct ide *ide, uint16_t word)
{
    struct ide_state *s = &ide->s;
    if (s->phase != IDE_DATA_OUT || selected(ide) != s->owner)
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

static void sign(struct ide_drive_state *d)
{
    d->error = 1; /* diagnostic code: passed */
    d->count = d->sector = 1;
    d->cylinder_low = d->cylinder_high = 0;
    d->status = STATUS_IDLE;
}

/* Both devices take part; the result is device 0's (ATA-2 8.8). */
static void diagnose(struct ide *ide)
{
    for (unsigned i = 0; i < 2; i++)
        sign(&ide->s.drive[i]);
    ide->s.owner = present(ide, 0) ? 0 : 1;
    ide->s.select = SELECT_FIXED;
    finish(ide, true);
}

/* The end of the busy time. */
static void on_time(void *device, ticks due)
{
    struct ide *ide = device;
    (void)due;
    if (ide->s.phase != IDE_BUSY)
        return;
    switch (ide->s.command) {
    case READ:
    case READ_MULTIPLE:
        if (fetch_sector(ide))
            begin_block(ide, IDE_DATA_IN, true);
        break;
    case VERIFY: verify(ide); break;
    case DIAGNOSTIC: diagnose(ide); break;
    case PARAMETERS: set_parameters(ide); break;
    case SET_MULTIPLE: set_multiple(ide); break;
    case SET_FEATURES: set_features(ide); break;
    case IDENTIFY:
        ide_identify(ide->s.buffer, &ide->disk[ide->s.owner], owner(ide), ide->s.owner);
        ide->s.left = 1;
        begin_block(ide, IDE_DATA_IN, true);
        break;
    default: finish(ide, true); break;
    }
}

/* READ, WRITE, VERIFY and their like. */
static void begin_transfer(struct ide *ide)
{
    struct ide_state *s = &ide->s;
    const struct ide_disk *disk = &ide->disk[s->owner];
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

/* One code for all that do the same: the low bits of some are "with retries" or were a step rate.
 */
static uint8_t canonical(uint8_t command)
{
    if (command >> 4 == 1 || command >> 4 == 7)
        return command & 0xf0;
    if (command == READ + 1 || command == WRITE + 1 || command == VERIFY + 1)
        return command & 0xfe;
    return command;
}

static void begin_command(struct ide *ide, uint8_t command)
{
    struct ide_state *s = &ide->s;
    s->owner = (uint8_t)selected(ide);
    s->command = canonical(command);
    clock_disarm(ide->clock, ide->slot);
    set_intrq(ide, false);
    owner(ide)->error = 0;
    uint32_t lba;
    switch (s->command) {
    case READ:
    case WRITE:
    case VERIFY:
    case READ_MULTIPLE:
    case WRITE_MULTIPLE: begin_transfer(ide); break;
    case 0x70: /* SEEK */
        if (address(ide, &lba) && lba < ide->disk[s->owner].sectors)
            busy(ide);
        else
            fail(ide, ERROR_NOT_FOUND);
        break;
    case 0xe5: /* CHECK POWER MODE: active */
        owner(ide)->count = 0xff;
        busy(ide);
        break;
    case 0x10:
    case DIAGNOSTIC:
    case PARAMETERS:
    case SET_MULTIPLE:
    case IDENTIFY:
    case SET_FEATURES:
    case 0xe0:
    case 0xe1:
    case 0xe2:
    case 0xe3:
    case 0xe6:
    case 0xe7: busy(ide); break;
    default: fail(ide, ERROR_ABORTED); break;
    }
}

/* --- Registers --- */

static void reset_drives(struct ide *ide)
{
    struct ide_state *s = &ide->s;
    clock_disarm(ide->clock, ide->slot);
    set_intrq(ide, false);
    s->phase = IDE_IDLE;
    s->select = SELECT_FIXED;
    s->owner = 0;
    for (unsigned i = 0; i < 2; i++)
        sign(&s->drive[i]);
}

static void write_control(struct ide *ide, uint8_t value)
{
    bool before = ide->s.intrq && !(ide->s.control & CONTROL_NO_IRQ);
    uint8_t changed = value ^ ide->s.control;
    ide->s.control = value & (CONTROL_NO_IRQ | CONTROL_RESET);
    drive_irq(ide, before);
    if (!(changed & CONTROL_RESET))
        return;
    reset_drives(ide);
    if (value & CONTROL_RESET) /* held: busy until SRST is cleared */
        ide->s.drive[0].status = ide->s.drive[1].status = STATUS_BUSY;
}

static uint8_t status_of(const struct ide *ide)
{
    return present(ide, selected(ide)) ? ide->s.drive[selected(ide)].status : 0;
}

static uint8_t look(const struct ide *ide, unsigned offset)
{
    const struct ide_drive_state *d = &ide->s.drive[selected(ide)];
    if (offset == DEVICE)
        return ide->s.select;
    if (!present(ide, selected(ide)))
        return 0;
    switch (offset) {
    case ERROR: return d->error;
    case COUNT: return d->count;
    case SECTOR: return d->sector;
    case CYLINDER_LOW: return d->cylinder_low;
    case CYLINDER_HIGH: return d->cylinder_high;
    default: return d->status;
    }
}

static uint8_t in(void *device, unsigned offset)
{
    struct ide *ide = device;
    if (offset == DATA)
        return (uint8_t)read_word(ide);
    uint8_t value = look(ide, offset);
    if (offset == COMMAND)
        set_intrq(ide, false);
    return value;
}

/* Both drives hear what is written; only the selected one executes. */
static void write_register(struct ide *ide, unsigned offset, uint8_t value)
{
    for (unsigned i = 0; i < 2; i++) {
        struct ide_drive_state *d = &ide->s.drive[i];
        switch (offset) {
        case ERROR: d->features = value; break;
        case COUNT: d->count = value; break;
        case SECTOR: d->sector = value; break;
        case CYLINDER_LOW: d->cylinder_low = value; break;
        case CYLINDER_HIGH: d->cylinder_high = value; break;
        default: break;
        }
    }
    if (offset == DEVICE)
        ide->s.select = value | SELECT_FIXED;
    else if (offset == COMMAND && (present(ide, selected(ide)) || value == DIAGNOSTIC))
        begin_command(ide, value);
}

static void out(void *device, unsigned offset, uint8_t value)
{
    struct ide *ide = device;
    if (offset == DATA)
        write_word(ide, value);
    else if (ide->s.phase != IDE_BUSY && !(ide->s.control & CONTROL_RESET))
        write_register(ide, offset, value);
}

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    struct ide *ide = device;
    (void)who;
    if (offset != DATA || size == 1) {
        *value = device_in(ide, offset, size, in);
        return true;
    }
    *value = read_word(ide);
    if (size == 4)
        *value |= (uint32_t)read_word(ide) << 16;
    return true;
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    struct ide *ide = device;
    (void)who;
    if (offset != DATA || size == 1) {
        device_out(ide, offset, size, value, out);
        return true;
    }
    write_word(ide, (uint16_t)value);
    if (size == 4)
        write_word(ide, (uint16_t)(value >> 16));
    return true;
}

static uint8_t peek(const void *device, unsigned offset)
{
    const struct ide *ide = device;
    return offset == DATA ? ide->s.buffer[ide->s.position] : look(ide, offset);
}

static bool bus_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    *value = device_peek(device, offset, size, peek);
    return true;
}

static bool control_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)offset, (void)size;
    *value = status_of(device);
    return true;
}

static bool control_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who;
    return control_look(device, offset, size, value);
}

static bool control_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    (void)who, (void)offset, (void)size;
    write_control(device, (uint8_t)value);
    return true;
}

static const struct bus_ops ops = {bus_in, bus_out, bus_look};
static const struct bus_ops control_ops = {control_in, control_out, control_look};

static bool valid(const void *bytes)
{
    const struct ide_state *s = bytes;
    bool moving = s->phase == IDE_DATA_IN || s->phase == IDE_DATA_OUT;
    bool multiple = s->command == READ_MULTIPLE || s->command == WRITE_MULTIPLE;
    bool reading = s->phase == IDE_BUSY && (s->command == READ || s->command == READ_MULTIPLE);
    for (unsigned i = 0; i < 2; i++)
        if (s->drive[i].multiple > IDE_MULTIPLE || s->drive[i].heads < 1 ||
            s->drive[i].heads > 16 || s->drive[i].per_track < 1)
            return false;
    if (s->owner > 1 || ((moving || reading) && s->left == 0) ||
        ((moving || reading) && multiple && s->drive[s->owner].multiple == 0))
        return false;
    return s->phase < IDE_PHASES && s->left <= 256 && s->position < IDE_SECTOR &&
           s->position % 2 == 0 && s->block_left <= IDE_MULTIPLE &&
           (!moving || s->block_left >= 1) && s->intrq <= 1 &&
           (s->control & ~(CONTROL_NO_IRQ | CONTROL_RESET)) == 0;
}

void ide_init(struct ide *ide, struct clock *clock, uint32_t hz, struct irq_line irq,
              const struct ide_disk disk[2])
{
    memset(ide, 0, sizeof *ide);
    ide->clock = clock;
    ide->hz = hz;
    ide->irq = irq;
    ide->slot = clock_slot(clock, "ide", on_time, ide);
    for (unsigned i = 0; i < 2; i++) {
        ide->disk[i] = disk[i];
        uint64_t most = disk[i].memory != NULL ? disk[i].memory->size / IDE_SECTOR : 0;
        if (most > 1u << 28)
            most = 1u << 28;
        if (ide->disk[i].sectors > most)
            ide->disk[i].sectors = (uint32_t)most;
    }
    ide_reset(ide);
}

void ide_reset(struct ide *ide)
{
    for (unsigned i = 0; i < 2; i++) {
        ide->s.drive[i] = (struct ide_drive_state){0};
        ide_default_geometry(&ide->disk[i], &ide->s.drive[i]);
    }
    reset_drives(ide);
    ide->s.control = 0;
}

void ide_map(struct ide *ide, struct bus *ports, uint32_t base, uint32_t control)
{
    bus_add_device(ports, "ide", base, 8, &ops, ide);
    bus_add_device(ports, "ide control", control, 1, &control_ops, ide);
}

void ide_add_state(struct ide *ide, struct state_map *map, const char *name)
{
    state_add(map, (struct state_block){
                       .name = name,
                       .version = 1,
                       .size = sizeof ide->s,
                       .bytes = &ide->s,
                       .valid = valid,
                   });
}
