/* Unit tests of devices/lamebus_disk against System/161's hardware reference and its disk's
 * figures. */
#include "lamebus_rig.h"

#include "devices/lamebus_disk.h"

enum { SLOT = 3, SECTORS = 0, STATUS = 4, SECTOR = 8, RPM = 12, BUFFER = 0x8000 };
enum { COUNT = 10240, PAGES = (COUNT + 1) * 512 / 4096 + 1, FIRST = 512 };
enum { READING = 1, WRITING = 3 };
enum { MILLISECOND = LAMEBUS_RIG_HZ / 1000 };

struct disk_rig {
    struct lamebus_rig r; /* first */
    struct lamebus_disk disk;
    struct memory memory;
    unsigned loads, flushes;
    bool broken;
};

static uint8_t image(uint64_t at)
{
    return (uint8_t)(at * 31 + at / 512 * 7 + at / 4096);
}

static bool load(void *context, uint64_t offset, void *page, size_t size)
{
    struct disk_rig *d = context;
    ck_assert_uint_eq(size, MEMORY_PAGE);
    ck_assert_uint_lt(offset, (uint64_t)PAGES * MEMORY_PAGE);
    d->loads++;
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)page)[i] = image(offset + i);
    return !d->broken;
}

static void flush(void *context)
{
    ((struct disk_rig *)context)->flushes++;
}

static struct disk_rig *make_disk(uint32_t sectors, bool read_only)
{
    struct disk_rig *d = calloc(1, sizeof *d);
    lamebus_rig_init(&d->r, 1);
    ck_assert(memory_init(&d->memory, "disk", (uint64_t)PAGES * MEMORY_PAGE));
    struct medium medium = {.memory = &d->memory,
                            .sectors = sectors,
                            .read_only = read_only,
                            .load = load,
                            .flush = flush,
                            .context = d};
    lamebus_disk_init(&d->disk, &d->r.rig.clock, LAMEBUS_RIG_HZ, medium, FIRST);
    lamebus_disk_plug(&d->disk, &d->r.bus, SLOT);
    lamebus_disk_add_state(&d->disk, &d->r.rig.map, "lhd0");
    return d;
}

static struct rig *make(void)
{
    return &make_disk(COUNT, false)->r.rig;
}

static void free_rig(struct rig *rig)
{
    struct disk_rig *d = (struct disk_rig *)rig;
    memory_free(&d->memory);
    free(d);
}

static void copy(struct rig *to, const struct rig *from)
{
    struct disk_rig *a = (struct disk_rig *)to;
    const struct disk_rig *b = (const struct disk_rig *)from;
    memcpy(a->memory.bytes, b->memory.bytes, a->memory.size);
    memcpy(a->memory.page, b->memory.page, PAGES);
}

/* Milliseconds, in tenths, until the disk is done. */
static unsigned wait(struct disk_rig *d)
{
    unsigned tenths = 0;
    while (!lamebus_interrupted(&d->r)) {
        rig_pass(&d->r.rig, MILLISECOND / 10);
        ck_assert_uint_lt(tenths++, 2000);
    }
    return tenths;
}

static uint32_t command(struct disk_rig *d, uint32_t sector, uint32_t what)
{
    lamebus_out(&d->r, SLOT, SECTOR, sector);
    lamebus_out(&d->r, SLOT, STATUS, what);
    wait(d);
    return lamebus_in(&d->r, SLOT, STATUS);
}

START_TEST(identity_and_registers)
{
    struct disk_rig *d = make_disk(COUNT, false);
    ck_assert_uint_eq(lamebus_in(&d->r, 31, SLOT * 0x400 + 4), 3);
    ck_assert_uint_eq(lamebus_in(&d->r, 31, SLOT * 0x400 + 8), 2);
    ck_assert_uint_eq(lamebus_in(&d->r, SLOT, SECTORS), COUNT);
    ck_assert_uint_eq(lamebus_in(&d->r, SLOT, STATUS), 0);
    ck_assert_uint_eq(lamebus_in(&d->r, SLOT, RPM), 3600);
    ck_assert(!lamebus_try_write(&d->r, SLOT, SECTORS, 1));
    ck_assert(!lamebus_try_write(&d->r, SLOT, RPM, 1));
    uint32_t word;
    ck_assert(!lamebus_try_read(&d->r, SLOT, BUFFER + 512, &word));
    ck_assert(!lamebus_try_read(&d->r, SLOT, BUFFER - 4, &word));
    lamebus_expect_whole_words(&d->r, SLOT, SECTOR);
    free_rig(&d->r.rig);
}
END_TEST

START_TEST(sectors_are_read)
{
    struct disk_rig *d = make_disk(COUNT, false);
    static const uint32_t sector[] = {0, 1, 7, COUNT / 2, COUNT - 1};
    for (unsigned i = 0; i < sizeof sector / sizeof *sector; i++) {
        ck_assert_uint_eq(command(d, sector[i], READING), 4);
        for (uint32_t at = 0; at < 512; at += 4) {
            uint64_t byte = FIRST + (uint64_t)sector[i] * 512 + at;
            uint32_t expected = (uint32_t)image(byte) << 24 | (uint32_t)image(byte + 1) << 16 |
                                (uint32_t)image(byte + 2) << 8 | image(byte + 3);
            ck_assert_uint_eq(lamebus_in(&d->r, SLOT, BUFFER + at), expected);
        }
        lamebus_out(&d->r, SLOT, STATUS, 0);
        ck_assert(!lamebus_interrupted(&d->r));
    }
    for (uint64_t page = 0; page < PAGES; page++)
        ck_assert((d->memory.page[page] & (MEMORY_USED | MEMORY_DIRTY)) == 0);
    free_rig(&d->r.rig);
}
END_TEST

START_TEST(sectors_are_written)
{
    struct disk_rig *d = make_disk(COUNT, false);
    for (uint32_t at = 0; at < 512; at += 4)
        lamebus_out(&d->r, SLOT, BUFFER + at, 0x01020304 + at);
    ck_assert_uint_eq(command(d, 100, WRITING), 6);
    ck_assert_uint_eq(d->flushes, 1);
    const uint8_t *there = d->memory.bytes + FIRST + 100 * 512;
    ck_assert_uint_eq(there[0], 1);
    ck_assert_uint_eq(there[511], (0x01020304 + 508) & 0xff);
    ck_assert_uint_eq(there[-1], image(FIRST + 100 * 512 - 1)); /* the page around it was loaded */
    ck_assert_uint_eq(there[512], image(FIRST + 101 * 512));
    ck_assert_uint_ne(d->memory.page[(FIRST + 100 * 512) / 4096] & MEMORY_DIRTY, 0);
    lamebus_out(&d->r, SLOT, BUFFER, 0);
    ck_assert_uint_eq(command(d, 100, READING), 4);
    ck_assert_uint_eq(lamebus_in(&d->r, SLOT, BUFFER), 0x01020304);
    free_rig(&d->r.rig);
}
END_TEST

START_TEST(what_cannot_be_done)
{
    struct disk_rig *d = make_disk(COUNT, false);
    ck_assert_uint_eq(command(d, COUNT, READING), 12);
    ck_assert_uint_eq(command(d, 0xffffffff, WRITING), 14);
    d->broken = true;
    ck_assert_uint_eq(command(d, 5000, READING), 20);
    ck_assert_uint_eq(command(d, 5000, WRITING), 22);
    d->broken = false;
    ck_assert_uint_eq(command(d, 5000, READING), 4);
    free_rig(&d->r.rig);
    d = make_disk(COUNT, true);
    ck_assert_uint_eq(command(d, 0, READING), 4);
    ck_assert_uint_eq(command(d, 0, WRITING), 22);
    free_rig(&d->r.rig);
}
END_TEST

START_TEST(misuse_is_told)
{
    struct disk_rig *d = make_disk(COUNT, false);
    static const uint32_t value[] = {2, 4, 5, 31, 0xffffffff};
    for (unsigned i = 0; i < sizeof value / sizeof *value; i++) {
        lamebus_out(&d->r, SLOT, STATUS, value[i]);
        ck_assert_uint_eq(d->r.misuses, i + 1);
        ck_assert_uint_eq(d->r.misused_value, value[i]);
        ck_assert_uint_eq(lamebus_in(&d->r, SLOT, STATUS), 0);
    }
    free_rig(&d->r.rig);
}
END_TEST

START_TEST(a_command_can_be_ended)
{
    struct disk_rig *d = make_disk(COUNT, false);
    command(d, 0, READING);
    lamebus_out(&d->r, SLOT, SECTOR, COUNT - 1);
    lamebus_out(&d->r, SLOT, STATUS, READING);
    rig_pass(&d->r.rig, MILLISECOND);
    ck_assert_uint_eq(lamebus_in(&d->r, SLOT, STATUS), READING);
    lamebus_out(&d->r, SLOT, STATUS, 0);
    rig_pass(&d->r.rig, LAMEBUS_RIG_HZ);
    ck_assert_uint_eq(lamebus_in(&d->r, SLOT, STATUS), 0);
    ck_assert(!lamebus_interrupted(&d->r));
    lamebus_out(&d->r, SLOT, STATUS, READING); /* the arm is there meanwhile */
    ck_assert_uint_lt(wait(d), 180);
    free_rig(&d->r.rig);
}
END_TEST

/* 10240 sectors: 40 on the outermost track (10854 * 2557 / 512000 is 54; see below), fewer inside.
 */
START_TEST(seeking_takes_its_time)
{
    struct disk_rig *d = make_disk(COUNT, false);
    uint32_t all = COUNT * 106 / 100, outermost = all * (643 + 6 * 319) / 512000 - 1;
    const uint32_t *begin = d->disk.begin;
    ck_assert_uint_eq(begin[1] - begin[0], outermost);
    ck_assert_uint_eq(d->disk.s.track, 319); /* at rest inside, as System/161's track 0 */
    command(d, begin[100], READING);
    static const struct {
        unsigned to;
        uint32_t least; /* tenths of a millisecond: of the arm alone */
    } seek[] = {{101, 50}, {103, 100}, {106, 150}, {110, 160}, {10, 400}};
    for (unsigned i = 0; i < sizeof seek / sizeof *seek; i++) {
        lamebus_out(&d->r, SLOT, SECTOR, begin[seek[i].to]);
        lamebus_out(&d->r, SLOT, STATUS, READING);
        unsigned took = wait(d);
        ck_assert_uint_ge(took, seek[i].least);
        ck_assert_uint_le(took, seek[i].least + 167 + 10); /* and one turn: 16.7 ms */
    }
    free_rig(&d->r.rig);
}
END_TEST

START_TEST(the_track_buffer)
{
    struct disk_rig *d = make_disk(COUNT, false);
    command(d, 0, READING);
    rig_pass(&d->r.rig, 17 * MILLISECOND); /* the whole track has passed */
    for (uint32_t sector = d->disk.begin[1] - 1; sector > 0; sector--) {
        lamebus_out(&d->r, SLOT, SECTOR, sector);
        lamebus_out(&d->r, SLOT, STATUS, READING);
        ck_assert_uint_le(wait(d), 1);
    }
    unsigned longest = 0; /* writes have to wait for theirs */
    for (uint32_t sector = d->disk.begin[1] - 1; sector > 0; sector--) {
        lamebus_out(&d->r, SLOT, SECTOR, sector);
        lamebus_out(&d->r, SLOT, STATUS, WRITING);
        unsigned took = wait(d);
        longest = took > longest ? took : longest;
    }
    ck_assert_uint_ge(longest, 150);
    ck_assert_uint_le(longest, 180);
    free_rig(&d->r.rig);
}
END_TEST

START_TEST(every_size_has_room_for_its_sectors)
{
    for (uint32_t sectors = 128; sectors < COUNT; sectors += 97) {
        struct disk_rig *d = make_disk(sectors, false);
        ck_assert_uint_ge(d->disk.begin[LAMEBUS_DISK_TRACKS], sectors);
        ck_assert_uint_eq(command(d, sectors - 1, READING), 4);
        free_rig(&d->r.rig);
    }
}
END_TEST

static void outside(struct rig *rig, uint32_t random)
{
    ((struct disk_rig *)rig)->broken = random % 16 == 0;
}

static const uint16_t places[] = {0x100, 0x8100, 0x82f0, 0};
static const struct rig_subject subject = {
    .make = make,
    .free = free_rig,
    .copy = copy,
    .outside = outside,
    .ports = places,
    .span = 20,
    .base = LAMEBUS_BASE + SLOT * LAMEBUS_SLOT_BYTES - 0x100,
    .words = true,
    .longest = 20 * MILLISECOND,
};

START_TEST(bashed)
{
    rig_bash(&subject, 20, 3000);
}
END_TEST

START_TEST(corrupted)
{
    rig_corrupt(&subject, 5);
}
END_TEST

RIG_MAIN("lamebus_disk", identity_and_registers, sectors_are_read, sectors_are_written,
         what_cannot_be_done, misuse_is_told, a_command_can_be_ended, seeking_takes_its_time,
         the_track_buffer, every_size_has_room_for_its_sectors, bashed, corrupted)
