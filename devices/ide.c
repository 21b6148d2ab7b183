/* ide: one ATA channel with up to two disks, programmed I/O only. */
#include "devices/ide.h"

#include <string.h>

#include "devices/ide_parts.h"

enum control { CONTROL_NO_IRQ = 2, CONTROL_RESET = 4 };
enum ports { DATA, ERROR, COUNT, SECTOR, CYLINDER_LOW, CYLINDER_HIGH, DEVICE, COMMAND };

static void drive_irq(struct ide *ide, bool before)
{
    bool after = ide->s.intrq && !(ide->s.control & CONTROL_NO_IRQ);
    if (before != after)
        irq_set(&ide->irq, after);
}

void ide_set_intrq(struct ide *ide, bool level)
{
    bool before = ide->s.intrq && !(ide->s.control & CONTROL_NO_IRQ);
    ide->s.intrq = level;
    drive_irq(ide, before);
}

void ide_sign(struct ide_drive_state *d)
{
    d->error = 1; /* diagnostic code: passed */
    d->count = d->sector = 1;
    d->cylinder_low = d->cylinder_high = 0;
    d->status = STATUS_IDLE;
}

static void on_time(void *device, ticks due)
{
    (void)due;
    ide_end_of_busy(device);
}

static void reset_drives(struct ide *ide)
{
    struct ide_state *s = &ide->s;
    clock_disarm(ide->clock, ide->slot);
    ide_set_intrq(ide, false);
    s->phase = IDE_IDLE;
    s->select = SELECT_FIXED;
    s->owner = 0;
    for (unsigned i = 0; i < 2; i++)
        ide_sign(&s->drive[i]);
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
    return ide_present(ide, ide_selected(ide)) ? ide->s.drive[ide_selected(ide)].status : 0;
}

static uint8_t look(const struct ide *ide, unsigned offset)
{
    const struct ide_drive_state *d = &ide->s.drive[ide_selected(ide)];
    if (offset == DEVICE)
        return ide->s.select;
    if (!ide_present(ide, ide_selected(ide)))
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
        return (uint8_t)ide_read_word(ide);
    uint8_t value = look(ide, offset);
    if (offset == COMMAND)
        ide_set_intrq(ide, false);
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
    else if (offset == COMMAND && (ide_present(ide, ide_selected(ide)) || value == DIAGNOSTIC))
        ide_begin_command(ide, value);
}

static void out(void *device, unsigned offset, uint8_t value)
{
    struct ide *ide = device;
    if (offset == DATA)
        ide_write_word(ide, value);
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
    *value = ide_read_word(ide);
    if (size == 4)
        *value |= (uint32_t)ide_read_word(ide) << 16;
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
    ide_write_word(ide, (uint16_t)value);
    if (size == 4)
        ide_write_word(ide, (uint16_t)(value >> 16));
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

static const struct bus_ops ops = {.read = bus_in, .write = bus_out, .peek = bus_look};
static const struct bus_ops control_ops = {
    .read = control_in, .write = control_out, .peek = control_look};

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
              const struct medium disk[2])
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
