/* lamebus_disk: a disk ("lhd", device 3). */
#include "devices/lamebus_disk.h"

#include <string.h>

#include "devices/lamebus_bus.h"

enum registers { SECTORS = 0, STATUS = 4, SECTOR = 8, RPM = 12 };
enum status { BUSY = 1, WRITING = 2, DONE = 4, NO_SECTOR = 8, MEDIUM_FAILED = 16 };

#define SECOND UINT64_C(1000000000) /* nanoseconds */
#define TURN   (SECOND / (LAMEBUS_DISK_RPM / 60))
#define COPY   500u

/* --- geometry --------------------------------------------------------------------------------- */

/* Sectors of a track, counted from inside, on a platter of `all`. With tracks as wide as 30 / 320,
 * the first at 10 from the middle, its share of the area is (643 + 6 number) / 512000. */
static uint32_t sectors_of_track(uint64_t all, unsigned number)
{
    uint64_t sectors = all * (643 + 6 * number) / 512000;
    return sectors > 0 ? (uint32_t)sectors - 1 : 0;
}

static void lay_out(struct lamebus_disk *disk)
{
    uint32_t wanted = disk->medium.sectors;
    uint64_t all = (uint64_t)wanted * 106 / 100;
    for (;; all += all / 16 + LAMEBUS_DISK_TRACKS) {
        uint64_t end = 0;
        for (unsigned i = 0; i < LAMEBUS_DISK_TRACKS; i++) {
            disk->begin[i] = (uint32_t)end;
            end += sectors_of_track(all, LAMEBUS_DISK_TRACKS - 1 - i);
        }
        if (end >= wanted) {
            disk->begin[LAMEBUS_DISK_TRACKS] = (uint32_t)(end > UINT32_MAX ? UINT32_MAX : end);
            return;
        }
    }
}

/* Tracks are counted from outside. */
static unsigned track_of(const struct lamebus_disk *disk, uint32_t sector)
{
    unsigned low = 0, high = LAMEBUS_DISK_TRACKS;
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        if (disk->begin[middle] <= sector)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* --- time ------------------------------------------------------------------------------------- */

static uint64_t square_root(uint64_t n)
{
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 31; bit != 0; bit >>= 1)
        if ((root | bit) * (root | bit) <= n)
            root |= bit;
    return root;
}

static uint64_t seek_time(unsigned tracks)
{
    if (tracks <= 3)
        return UINT64_C(5000000) * tracks;
    return 10000000 + 3 * square_root(tracks * UINT64_C(1000000000000));
}

static uint64_t nanoseconds(const struct lamebus_disk *disk, ticks tick)
{
    return clock_convert(tick, disk->hz, SECOND);
}

/* The first time from `from` on at which the platter has turned so far. */
static uint64_t next_time(uint64_t from, uint64_t angle)
{
    return from + (angle + TURN - from % TURN) % TURN;
}

/* Until the sector has passed under the head. */
static uint64_t turning_time(const struct lamebus_disk *disk)
{
    const struct lamebus_disk_state *s = &disk->s;
    const uint32_t *begin = &disk->begin[s->track];
    uint32_t on_track = begin[1] - begin[0], number = s->sector - begin[0];
    uint64_t width = TURN / on_track, now = nanoseconds(disk, disk->clock->s.now);
    if ((s->status & WRITING) != 0)
        return next_time(now, number * width) + width - now;
    uint64_t passed = next_time(nanoseconds(disk, s->arrival), (number + 1) % on_track * width);
    return passed > now ? passed - now : 0;
}

/* --- work ------------------------------------------------------------------------------------- */

static void end(struct lamebus_disk *disk, uint32_t result)
{
    disk->s.status = (disk->s.status & ~(uint32_t)BUSY) | DONE | result;
    disk->s.phase = LAMEBUS_DISK_IDLE;
    lamebus_irq(&disk->card, true);
}

static void transfer(struct lamebus_disk *disk)
{
    uint64_t offset = disk->first + (uint64_t)disk->s.sector * LAMEBUS_DISK_SECTOR;
    uint8_t *bytes = medium_bytes(&disk->medium, offset);
    bool writing = (disk->s.status & WRITING) != 0;
    if (bytes == NULL || (writing && disk->medium.read_only)) {
        end(disk, MEDIUM_FAILED);
        return;
    }
    if (writing) {
        memory_touch(disk->medium.memory, offset);
        memcpy(bytes, disk->s.buffer, LAMEBUS_DISK_SECTOR);
        if (disk->medium.flush != NULL)
            disk->medium.flush(disk->medium.context);
    } else {
        memcpy(disk->s.buffer, bytes, LAMEBUS_DISK_SECTOR);
    }
    end(disk, 0);
}

static void begin_phase(struct lamebus_disk *disk, enum lamebus_disk_phase phase, uint64_t time)
{
    disk->s.phase = phase;
    clock_arm(disk->clock, disk->slot,
              disk->clock->s.now + 1 + clock_convert(time, SECOND, disk->hz));
}

static void turn(struct lamebus_disk *disk)
{
    begin_phase(disk, LAMEBUS_DISK_TURNING, turning_time(disk));
}

/* SECTOR may have changed since the last phase began: so each begins here. */
static void begin(struct lamebus_disk *disk, enum lamebus_disk_phase done)
{
    struct lamebus_disk_state *s = &disk->s;
    bool writing = (s->status & WRITING) != 0;
    if (s->sector >= disk->medium.sectors) {
        end(disk, NO_SECTOR);
        return;
    }
    unsigned track = track_of(disk, s->sector);
    if (track != s->track) {
        unsigned distance = track > s->track ? track - s->track : s->track - track;
        s->track = track;
        begin_phase(disk, LAMEBUS_DISK_SEEKING, seek_time(distance));
    } else if (writing && done < LAMEBUS_DISK_FILLING) {
        begin_phase(disk, LAMEBUS_DISK_FILLING, COPY);
    } else if (done < LAMEBUS_DISK_TURNING) {
        turn(disk);
    } else if (!writing && done < LAMEBUS_DISK_EMPTYING) {
        begin_phase(disk, LAMEBUS_DISK_EMPTYING, COPY);
    } else {
        transfer(disk);
    }
}

static void phase_ended(void *device, ticks due)
{
    struct lamebus_disk *disk = device;
    enum lamebus_disk_phase done = disk->s.phase;
    (void)due;
    if (done == LAMEBUS_DISK_SEEKING)
        disk->s.arrival = disk->clock->s.now;
    disk->s.phase = LAMEBUS_DISK_IDLE;
    if ((disk->s.status & BUSY) != 0)
        begin(disk, done);
}

static void write_status(struct lamebus_disk *disk, uint32_t value)
{
    if (value != 0 && value != BUSY && value != (BUSY | WRITING)) {
        lamebus_misused(&disk->card, STATUS, value);
        return;
    }
    disk->s.status = value;
    lamebus_irq(&disk->card, false);
    if (disk->s.phase == LAMEBUS_DISK_SEEKING)
        return;
    clock_disarm(disk->clock, disk->slot);
    disk->s.phase = LAMEBUS_DISK_IDLE;
    if (value != 0)
        begin(disk, LAMEBUS_DISK_IDLE);
}

/* --- registers -------------------------------------------------------------------------------- */

static bool peek(const void *chip, uint32_t offset, uint32_t *word)
{
    const struct lamebus_disk *disk = chip;
    switch (offset) {
    case SECTORS: *word = disk->medium.sectors; return true;
    case STATUS: *word = disk->s.status; return true;
    case SECTOR: *word = disk->s.sector; return true;
    case RPM: *word = LAMEBUS_DISK_RPM; return true;
    default: return false;
    }
}

static bool read(void *chip, unsigned who, uint32_t offset, uint32_t *word)
{
    (void)who;
    return peek(chip, offset, word);
}

static bool write(void *chip, unsigned who, uint32_t offset, uint32_t word)
{
    struct lamebus_disk *disk = chip;
    (void)who;
    switch (offset) {
    case STATUS: write_status(disk, word); return true;
    case SECTOR: disk->s.sector = word; return true;
    default: return false;
    }
}

static bool get(const void *chip, uint32_t offset, uint8_t *byte)
{
    const struct lamebus_disk *disk = chip;
    if (offset < LAMEBUS_BUFFER || offset >= LAMEBUS_BUFFER + LAMEBUS_DISK_SECTOR)
        return false;
    *byte = disk->s.buffer[offset - LAMEBUS_BUFFER];
    return true;
}

static bool put(void *chip, uint32_t offset, uint8_t byte)
{
    struct lamebus_disk *disk = chip;
    if (offset < LAMEBUS_BUFFER || offset >= LAMEBUS_BUFFER + LAMEBUS_DISK_SECTOR)
        return false;
    disk->s.buffer[offset - LAMEBUS_BUFFER] = byte;
    return true;
}

static const struct lamebus_ops ops = {
    .vendor = LAMEBUS_SYSTEM161,
    .device = 3,
    .revision = 2,
    .read = read,
    .write = write,
    .peek = peek,
    .get = get,
    .put = put,
};

/* A phase in progress is one of a command, but for the arm, which comes to rest. */
static bool valid(const void *bytes)
{
    struct lamebus_disk_state s;
    memcpy(&s, bytes, sizeof s);
    bool moving = s.phase != LAMEBUS_DISK_IDLE && s.phase != LAMEBUS_DISK_SEEKING;
    return s.status < 32 && s.track < LAMEBUS_DISK_TRACKS && s.phase < LAMEBUS_DISK_PHASES &&
           (!moving || (s.status & BUSY) != 0);
}

void lamebus_disk_init(struct lamebus_disk *disk, struct clock *clock, uint32_t hz,
                       struct medium medium, uint64_t first)
{
    memset(disk, 0, sizeof *disk);
    disk->medium = medium;
    disk->first = first;
    disk->clock = clock;
    disk->hz = hz;
    disk->slot = clock_slot(clock, "lhd", phase_ended, disk);
    disk->s.track = LAMEBUS_DISK_TRACKS - 1;
    disk->card = (struct lamebus_card){.ops = &ops, .chip = disk};
    lay_out(disk);
}

void lamebus_disk_plug(struct lamebus_disk *disk, struct lamebus_bus *bus, unsigned slot)
{
    lamebus_bus_plug(bus, slot, &disk->card, "lhd");
}

void lamebus_disk_add_state(struct lamebus_disk *disk, struct state_map *map, const char *name)
{
    state_add(map, (struct state_block){
                       .name = name,
                       .version = 1,
                       .size = sizeof disk->s,
                       .bytes = &disk->s,
                       .valid = valid,
                   });
}
