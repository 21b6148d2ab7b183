/* Unit tests of devices/ide against ATA-2 and ATA-3, on disks whose pages arrive lazily. */
#include "device_rig.h"

#include "devices/ide.h"

enum { HZ = 33000000, SECTORS = 4096, PAGES = SECTORS / 8 };
enum { DATA = 0x1f0, ERROR, COUNT, SECTOR, LOW, HIGH, DEVICE, COMMAND, CONTROL = 0x3f6 };
enum { BSY = 0x80, DRDY = 0x40, DSC = 0x10, DRQ = 8, ERR = 1 };

struct ide_rig {
    struct rig rig; /* first */
    struct ide ide;
    struct memory disk[2];
    unsigned loads[PAGES]; /* of disk 0 */
    bool broken;           /* the image cannot be read */
    unsigned flushes;
};

/* Byte `at` of the image. */
static uint8_t image(uint64_t at)
{
    return (uint8_t)(at * 31 + at / 512 * 7 + at / 4096);
}

static bool load(void *context, uint64_t offset, void *page, size_t size)
{
    struct ide_rig *r = context;
    ck_assert_uint_eq(size, MEMORY_PAGE);
    ck_assert_uint_eq(offset % MEMORY_PAGE, 0);
    ck_assert_uint_lt(offset / MEMORY_PAGE, PAGES);
    r->loads[offset / MEMORY_PAGE]++;
    if (r->broken)
        return false;
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)page)[i] = image(offset + i);
    return true;
}

static void flush(void *context)
{
    ((struct ide_rig *)context)->flushes++;
}

static struct ide_rig *make_disks(bool slave, bool read_only)
{
    struct ide_rig *r = calloc(1, sizeof *r);
    rig_init(&r->rig);
    ck_assert(memory_init(&r->disk[0], "disk 0", SECTORS * IDE_SECTOR));
    ck_assert(memory_init(&r->disk[1], "disk 1", MEMORY_PAGE));
    struct medium disk[2] = {
        {&r->disk[0], SECTORS, read_only, load, flush, r},
        {slave ? &r->disk[1] : NULL, 8, false, NULL, NULL, NULL},
    };
    ide_init(&r->ide, &r->rig.clock, HZ, rig_line(&r->rig, 0), disk);
    ide_map(&r->ide, &r->rig.ports, 0x1f0, 0x3f6);
    ide_add_state(&r->ide, &r->rig.map, "ide");
    return r;
}

static struct ide_rig *make_one(void)
{
    return make_disks(false, false);
}

static struct rig *make(void)
{
    return &make_disks(true, false)->rig;
}

static void free_rig(struct rig *rig)
{
    struct ide_rig *r = (struct ide_rig *)rig;
    memory_free(&r->disk[0]);
    memory_free(&r->disk[1]);
    free(r);
}

static void done(struct ide_rig *r)
{
    free_rig(&r->rig);
}

static uint8_t status(struct ide_rig *r)
{
    return rig_in(&r->rig, COMMAND);
}

/* Waits out BSY as a polling driver does, without touching INTRQ. */
static uint8_t wait(struct ide_rig *r)
{
    unsigned patience = 100;
    while (rig_in(&r->rig, CONTROL) & BSY) {
        ck_assert_uint_gt(patience--, 0);
        rig_pass(&r->rig, HZ / 1000000);
    }
    return rig_in(&r->rig, CONTROL);
}

static void command(struct ide_rig *r, uint32_t lba, uint8_t count, uint8_t code)
{
    rig_out(&r->rig, COUNT, count);
    rig_out(&r->rig, SECTOR, (uint8_t)lba);
    rig_out(&r->rig, LOW, (uint8_t)(lba >> 8));
    rig_out(&r->rig, HIGH, (uint8_t)(lba >> 16));
    rig_out(&r->rig, DEVICE, (uint8_t)(0xe0 | lba >> 24));
    rig_out(&r->rig, COMMAND, code);
}

static void read_sector(struct ide_rig *r, uint8_t to[IDE_SECTOR])
{
    for (unsigned i = 0; i < IDE_SECTOR; i += 2) {
        uint32_t word = rig_in_wide(&r->rig, DATA, 2);
        to[i] = (uint8_t)word;
        to[i + 1] = (uint8_t)(word >> 8);
    }
}

static void write_sector(struct ide_rig *r, uint8_t salt)
{
    for (unsigned i = 0; i < IDE_SECTOR; i += 4) {
        uint32_t word = 0;
        for (unsigned j = 0; j < 4; j++)
            word |= (uint32_t)(uint8_t)(i + j + salt) << 8 * j;
        bus_write(&r->rig.ports, 0, DATA, 4, word);
    }
}

static void expect_image(const uint8_t *sector, uint64_t lba)
{
    for (unsigned i = 0; i < IDE_SECTOR; i++)
        ck_assert_msg(sector[i] == image(lba * IDE_SECTOR + i), "sector %u, byte %u", (unsigned)lba,
                      i);
}

static bool clean(const struct ide_rig *r)
{
    for (unsigned i = 0; i < PAGES; i++)
        if (r->disk[0].page[i] & (MEMORY_USED | MEMORY_DIRTY))
            return false;
    return true;
}

START_TEST(signature_after_power_on_and_reset)
{
    struct ide_rig *r = make_one();
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(rig_in(&r->rig, ERROR), 0x01);
        ck_assert_uint_eq(rig_in(&r->rig, COUNT), 0x01);
        ck_assert_uint_eq(rig_in(&r->rig, SECTOR), 0x01);
        ck_assert_uint_eq(rig_in(&r->rig, LOW), 0x00);
        ck_assert_uint_eq(rig_in(&r->rig, HIGH), 0x00);
        ck_assert_uint_eq(status(r), DRDY | DSC);
        command(r, 0x123456, 9, 0x00);
        rig_out(&r->rig, CONTROL, 4);
        ck_assert_uint_eq(status(r) & BSY, BSY);
        rig_out(&r->rig, CONTROL, 0);
    }
    done(r);
}
END_TEST

START_TEST(reads_and_loads_only_what_it_needs)
{
    struct ide_rig *r = make_one();
    uint8_t sector[IDE_SECTOR];
    command(r, 17, 2, 0x20);
    ck_assert_uint_eq(rig_in(&r->rig, CONTROL), BSY);
    ck_assert(!r->rig.level[0]);
    rig_pass(&r->rig, HZ / 1000);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert(r->rig.level[0]);
        ck_assert_uint_eq(rig_in(&r->rig, CONTROL), DRDY | DSC | DRQ);
        ck_assert(r->rig.level[0]); /* the alternate status leaves INTRQ */
        ck_assert_uint_eq(status(r), DRDY | DSC | DRQ);
        ck_assert(!r->rig.level[0]);
        read_sector(r, sector);
        expect_image(sector, 17 + i);
    }
    ck_assert(!r->rig.level[0]); /* no interrupt behind the last sector of a read */
    ck_assert_uint_eq(status(r), DRDY | DSC);
    ck_assert_uint_eq(rig_in_wide(&r->rig, DATA, 2), 0xffff);
    for (unsigned i = 0; i < PAGES; i++)
        ck_assert_uint_eq(r->loads[i], i == 2 ? 1 : 0);
    ck_assert(clean(r)); /* loaded pages are initial content */
    ck_assert_uint_eq(rig_in(&r->rig, SECTOR), 18);
    ck_assert_uint_eq(rig_in(&r->rig, COUNT), 0);
    done(r);
}
END_TEST

START_TEST(wide_reads_cross_sectors)
{
    struct ide_rig *r = make_one();
    command(r, 100, 3, 0x20);
    wait(r);
    rig_in_wide(&r->rig, DATA, 2);
    for (unsigned at = 2; at + 4 <= 3 * IDE_SECTOR; at += 4) {
        uint32_t expected = 0;
        for (unsigned j = 0; j < 4; j++)
            expected |= (uint32_t)image(100 * IDE_SECTOR + at + j) << 8 * j;
        ck_assert_uint_eq(rig_in_wide(&r->rig, DATA, 4), expected);
    }
    done(r);
}
END_TEST

START_TEST(writes_data_right_behind_the_command)
{
    struct ide_rig *r = make_one();
    command(r, 9, 1, 0x30); /* in the middle of a page that was never read */
    write_sector(r, 5);
    ck_assert(!r->rig.level[0]);
    ck_assert_uint_eq(rig_in(&r->rig, CONTROL), BSY);
    rig_pass(&r->rig, HZ / 1000);
    ck_assert(r->rig.level[0]);
    ck_assert_uint_eq(status(r), DRDY | DSC);
    ck_assert_uint_eq(r->disk[0].page[1] & (MEMORY_USED | MEMORY_DIRTY),
                      MEMORY_USED | MEMORY_DIRTY);
    uint8_t sector[IDE_SECTOR];
    command(r, 8, 3, 0x20);
    wait(r);
    read_sector(r, sector);
    expect_image(sector, 8);
    read_sector(r, sector);
    for (unsigned i = 0; i < IDE_SECTOR; i++)
        ck_assert_uint_eq(sector[i], (uint8_t)(i + 5));
    read_sector(r, sector);
    expect_image(sector, 10);
    done(r);
}
END_TEST

START_TEST(a_forgotten_page_is_loaded_anew)
{
    struct ide_rig *r = make_one();
    uint8_t sector[IDE_SECTOR];
    command(r, 0, 1, 0x30);
    write_sector(r, 1);
    wait(r);
    memset(r->disk[0].bytes, 0, MEMORY_PAGE); /* a snapshot puts it back to its initial content */
    r->disk[0].page[0] = 0;
    command(r, 0, 1, 0x20);
    wait(r);
    read_sector(r, sector);
    expect_image(sector, 0);
    ck_assert_uint_eq(r->loads[0], 2);
    r->disk[0].page[1] = MEMORY_USED; /* ... or to what was written: not initial content */
    r->disk[0].bytes[8 * IDE_SECTOR + 7] = 0x5a;
    command(r, 8, 1, 0x20);
    wait(r);
    read_sector(r, sector);
    ck_assert_uint_eq(sector[7], 0x5a);
    ck_assert_uint_eq(r->loads[1], 0);
    done(r);
}
END_TEST

START_TEST(multiple_interrupts_once_a_block)
{
    struct ide_rig *r = make_one();
    uint8_t sector[IDE_SECTOR];
    command(r, 0, 4, 0xc4);
    ck_assert_uint_eq(status(r), DRDY | DSC | ERR); /* before SET MULTIPLE */
    ck_assert_uint_eq(rig_in(&r->rig, ERROR), 0x04);
    command(r, 0, 3, 0xc6);
    ck_assert_uint_eq(wait(r) & ERR, ERR); /* not a power of two */
    command(r, 0, 4, 0xc6);
    ck_assert_uint_eq(wait(r), DRDY | DSC);
    status(r);

    unsigned rises = r->rig.rises[0];
    command(r, 40, 10, 0xc4);
    wait(r);
    for (unsigned i = 0; i < 10; i++) {
        ck_assert_uint_eq(status(r), DRDY | DSC | DRQ);
        read_sector(r, sector);
        expect_image(sector, 40 + i);
    }
    ck_assert_uint_eq(r->rig.rises[0] - rises, 3); /* 4 + 4 + 2 */

    rises = r->rig.rises[0];
    command(r, 40, 8, 0xc5);
    for (unsigned i = 0; i < 8; i++) {
        ck_assert_uint_eq(status(r), DRDY | DSC | DRQ);
        write_sector(r, (uint8_t)i);
    }
    wait(r);
    ck_assert_uint_eq(r->rig.rises[0] - rises, 2); /* before the second block, and at the end */
    done(r);
}
END_TEST

static uint16_t word(const uint8_t *sector, unsigned number)
{
    return (uint16_t)(sector[2 * number] | sector[2 * number + 1] << 8);
}

START_TEST(identify)
{
    struct ide_rig *r = make_one();
    uint8_t sector[IDE_SECTOR];
    command(r, 0, 0, 0xec);
    ck_assert_uint_eq(wait(r), DRDY | DSC | DRQ);
    ck_assert(r->rig.level[0]);
    read_sector(r, sector);
    ck_assert_uint_eq(rig_in(&r->rig, CONTROL), DRDY | DSC);
    ck_assert_uint_eq(word(sector, 0) & 0x8000, 0);       /* an ATA device */
    ck_assert_uint_eq(word(sector, 49) & 0x0200, 0x0200); /* LBA */
    ck_assert_uint_eq(word(sector, 60) | (uint32_t)word(sector, 61) << 16, SECTORS);
    ck_assert_uint_eq(word(sector, 47) & 0xff, 16);
    uint32_t chs = (uint32_t)word(sector, 54) * word(sector, 55) * word(sector, 56);
    ck_assert_uint_eq(word(sector, 57) | (uint32_t)word(sector, 58) << 16, chs);
    ck_assert_uint_le(chs, SECTORS);
    ck_assert_uint_eq(sector[54], 'r'); /* model: first character in the high byte */
    ck_assert_uint_eq(sector[55], 'T');
    ck_assert_uint_eq(sector[93], ' ');
    done(r);
}
END_TEST

START_TEST(chs_is_translated)
{
    struct ide_rig *r = make_one();
    uint8_t sector[IDE_SECTOR];
    rig_out(&r->rig, COUNT, 17); /* 17 sectors a track, 4 heads */
    rig_out(&r->rig, DEVICE, 0xa3);
    rig_out(&r->rig, COMMAND, 0x91);
    ck_assert_uint_eq(wait(r), DRDY | DSC);
    rig_out(&r->rig, COUNT, 2);
    rig_out(&r->rig, SECTOR, 17);
    rig_out(&r->rig, LOW, 5);
    rig_out(&r->rig, HIGH, 0);
    rig_out(&r->rig, DEVICE, 0xa3);
    rig_out(&r->rig, COMMAND, 0x20);
    wait(r);
    read_sector(r, sector);
    expect_image(sector, (5 * 4 + 3) * 17 + 16);
    read_sector(r, sector);
    expect_image(sector, (5 * 4 + 3) * 17 + 17);
    ck_assert_uint_eq(rig_in(&r->rig, SECTOR), 1); /* where it ended: cylinder 6, head 0 */
    ck_assert_uint_eq(rig_in(&r->rig, LOW), 6);
    ck_assert_uint_eq(rig_in(&r->rig, DEVICE) & 15, 0);

    static const uint8_t bad[3][2] = {{0, 0xa0}, {18, 0xa0}, {1, 0xa4}}; /* sector, head */
    for (unsigned i = 0; i < 3; i++) {
        rig_out(&r->rig, SECTOR, bad[i][0]);
        rig_out(&r->rig, DEVICE, bad[i][1]);
        rig_out(&r->rig, COMMAND, 0x20);
        ck_assert_uint_eq(wait(r) & (ERR | DRQ), ERR);
        ck_assert_uint_eq(rig_in(&r->rig, ERROR), 0x10);
    }
    done(r);
}
END_TEST

START_TEST(the_end_of_the_disk)
{
    struct ide_rig *r = make_one();
    uint8_t sector[IDE_SECTOR];
    command(r, SECTORS - 1, 2, 0x20);
    wait(r);
    read_sector(r, sector);
    expect_image(sector, SECTORS - 1);
    ck_assert_uint_eq(status(r), DRDY | DSC | ERR);
    ck_assert_uint_eq(rig_in(&r->rig, ERROR), 0x10);
    ck_assert_uint_eq(rig_in(&r->rig, COUNT), 1); /* one is missing, this one: */
    ck_assert_uint_eq(rig_in(&r->rig, LOW), SECTORS >> 8);
    command(r, 0x0fffffff, 0, 0x30);
    ck_assert_uint_eq(status(r), DRDY | DSC | ERR);
    command(r, SECTORS - 8, 8, 0x40);
    ck_assert_uint_eq(wait(r), DRDY | DSC);
    command(r, SECTORS - 8, 9, 0x40);
    ck_assert_uint_eq(wait(r), DRDY | DSC | ERR);
    command(r, 0, 0, 0x20); /* a count of 0 is 256 */
    for (unsigned i = 0; i < 256; i++) {
        ck_assert_uint_eq(wait(r), DRDY | DSC | DRQ);
        read_sector(r, sector);
    }
    expect_image(sector, 255);
    ck_assert_uint_eq(status(r), DRDY | DSC);
    done(r);
}
END_TEST

START_TEST(an_unreadable_image_is_an_uncorrectable_error)
{
    struct ide_rig *r = make_one();
    r->broken = true;
    command(r, 50, 1, 0x20);
    ck_assert_uint_eq(wait(r), DRDY | DSC | ERR);
    ck_assert_uint_eq(rig_in(&r->rig, ERROR), 0x40);
    ck_assert_uint_eq(rig_in(&r->rig, SECTOR), 50);
    ck_assert(r->rig.level[0]);
    command(r, 50, 1, 0x30);
    write_sector(r, 0);
    ck_assert_uint_eq(wait(r), DRDY | DSC | ERR);
    ck_assert(clean(r));
    r->broken = false;
    uint8_t sector[IDE_SECTOR];
    command(r, 50, 1, 0x20);
    wait(r);
    read_sector(r, sector);
    expect_image(sector, 50);
    done(r);
}
END_TEST

START_TEST(a_read_only_disk_refuses_writes)
{
    struct ide_rig *r = make_disks(false, true);
    command(r, 0, 1, 0x30);
    ck_assert_uint_eq(status(r), DRDY | DSC | ERR);
    ck_assert_uint_eq(rig_in(&r->rig, ERROR), 0x04);
    write_sector(r, 0);
    ck_assert(clean(r));
    done(r);
}
END_TEST

START_TEST(an_absent_slave_is_silent)
{
    struct ide_rig *r = make_one();
    rig_out(&r->rig, DEVICE, 0xf0);
    ck_assert_uint_eq(status(r), 0);
    rig_out(&r->rig, COUNT, 0x55);
    rig_out(&r->rig, COMMAND, 0xec);
    rig_pass(&r->rig, HZ / 1000);
    ck_assert_uint_eq(status(r), 0);
    ck_assert(!r->rig.level[0]);
    rig_out(&r->rig, DEVICE, 0xe0);
    ck_assert_uint_eq(status(r), DRDY | DSC);
    done(r);
}
END_TEST

START_TEST(two_disks_do_not_mix)
{
    struct ide_rig *r = make_disks(true, false);
    command(r, 1u << 28 | 3, 1, 0x30); /* bit 28 of the address is the device bit */
    write_sector(r, 9);
    wait(r);
    ck_assert_uint_eq(r->disk[1].bytes[3 * IDE_SECTOR + 4], 13);
    ck_assert(clean(r));
    command(r, 1u << 28 | 8, 1, 0x20);
    ck_assert_uint_eq(wait(r), DRDY | DSC | ERR); /* the second has 8 sectors */
    command(r, 8, 1, 0x20);
    ck_assert_uint_eq(wait(r), DRDY | DSC | DRQ);
    done(r);
}
END_TEST

START_TEST(nien_holds_intrq_back)
{
    struct ide_rig *r = make_one();
    rig_out(&r->rig, CONTROL, 2);
    command(r, 0, 1, 0x20);
    wait(r);
    ck_assert(!r->rig.level[0]);
    rig_out(&r->rig, CONTROL, 0); /* it is still pending */
    ck_assert(r->rig.level[0]);
    status(r);
    ck_assert(!r->rig.level[0]);
    done(r);
}
END_TEST

START_TEST(commands_without_data)
{
    static const struct {
        uint8_t code, features, count;
        bool good;
    } rows[] = {
        {0x10, 0, 0, true},    {0x1f, 0, 0, true},       {0x70, 0, 0, true},
        {0x90, 0, 0, true},    {0xe7, 0, 0, true},       {0xe0, 0, 0, true},
        {0xe5, 0, 0, true},    {0xef, 0x03, 0x0c, true}, {0xef, 3, 0x22, false},
        {0xef, 0x02, 0, true}, {0xef, 0x99, 0, false},   {0x91, 0, 0, false},
        {0x00, 0, 0, false},   {0x08, 0, 0, false},      {0xa1, 0, 0, false},
        {0xc8, 0, 1, false},   {0x24, 0, 1, false},      {0xff, 0, 0, false},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ide_rig *r = make_one();
        rig_out(&r->rig, ERROR, rows[i].features);
        command(r, 1, rows[i].count, rows[i].code);
        ck_assert_msg(wait(r) == (rows[i].good ? DRDY | DSC : DRDY | DSC | ERR), "command %02x",
                      rows[i].code);
        ck_assert(r->rig.level[0]);
        if (!rows[i].good)
            ck_assert_uint_eq(rig_in(&r->rig, ERROR), 0x04);
        ck_assert_uint_eq(r->flushes, rows[i].code == 0xe7);
        if (rows[i].code == 0xe5)
            ck_assert_uint_eq(rig_in(&r->rig, COUNT), 0xff);
        done(r);
    }
}
END_TEST

static void outside(struct rig *rig, uint32_t random)
{
    struct ide_rig *r = (struct ide_rig *)rig;
    static const uint8_t codes[] = {0x20, 0x30, 0xc4, 0xc5, 0xc6, 0xec, 0x91, 0x40};
    if (random % 4 == 0)
        command(r, random >> 8 & 0x10ff, random >> 24 & 7, codes[random >> 20 & 7]);
    else
        for (unsigned i = 0; i < (random >> 8 & 511); i++)
            if (random & 8)
                rig_tell(rig, rig_in_wide(rig, DATA, 4));
            else
                bus_write(&rig->ports, 0, DATA, 4, random * i);
}

static void copy(struct rig *to, const struct rig *from)
{
    for (unsigned i = 0; i < 2; i++) {
        struct memory *a = &((struct ide_rig *)to)->disk[i];
        const struct memory *b = &((const struct ide_rig *)from)->disk[i];
        memcpy(a->bytes, b->bytes, b->size);
        memcpy(a->page, b->page, b->size / MEMORY_PAGE);
    }
}

static const uint16_t ports[] = {0x1f0, 0x1f0, 0x3f6, 0};
static const struct rig_subject subject = {
    .make = make,
    .free = free_rig,
    .outside = outside,
    .copy = copy,
    .ports = ports,
    .span = 8,
    .longest = HZ / 1000,
};

START_TEST(survives_bashing_and_moves)
{
    rig_bash(&subject, 20, 2000);
    rig_corrupt(&subject, 1);
}
END_TEST

RIG_MAIN("ide", signature_after_power_on_and_reset, reads_and_loads_only_what_it_needs,
         wide_reads_cross_sectors, writes_data_right_behind_the_command,
         a_forgotten_page_is_loaded_anew, multiple_interrupts_once_a_block, identify,
         chs_is_translated, the_end_of_the_disk, an_unreadable_image_is_an_uncorrectable_error,
         a_read_only_disk_refuses_writes, an_absent_slave_is_silent, two_disks_do_not_mix,
         nien_holds_intrq_back, commands_without_data, survives_bashing_and_moves)
