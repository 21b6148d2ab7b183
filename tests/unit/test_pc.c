/* Unit tests of emu/machine/pc: who answers where, which IRQ leads where. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "emu/machine/pc.h"

static uint8_t rom[0x20000], flash[5000];
static struct machine *machine;
static const char *why;
static char said[64];
static unsigned said_used;
static unsigned flushed;

static void hear(void *context, enum machine_output channel, uint8_t byte)
{
    (void)context;
    said[said_used++] = (char)('0' + channel);
    said[said_used++] = (char)byte;
}

static void hear_flush(void *context, unsigned disk)
{
    (void)context;
    flushed += disk + 1;
}

static bool load(void *context, uint64_t offset, void *page, size_t size)
{
    memset(page, *(uint8_t *)context + (int)(offset >> 12), size);
    return true;
}

static uint8_t disk_byte = 0x30;

static void setup(void)
{
    static const struct parts_file file = {"opt/test/name", "content", 7};
    for (unsigned i = 0; i < sizeof rom; i++)
        rom[i] = (uint8_t)(i >> 8 ^ i);
    memset(flash, 0x42, sizeof flash);
    struct pc_config config = {.ram = 4 << 20,
                               .bios = rom,
                               .bios_size = sizeof rom,
                               .flash = flash,
                               .flash_size = sizeof flash,
                               .disk = {{100, load, &disk_byte}},
                               .file = &file,
                               .files = 1};
    machine = pc_create(&config, &why);
    ck_assert(machine != NULL);
    said_used = flushed = 0;
    machine->tap = (struct machine_tap){hear, hear_flush, NULL};
}

static void teardown(void)
{
    machine_free(machine);
}

static uint32_t in(uint32_t port, unsigned size)
{
    uint32_t value = 0xffffffffu >> (32 - 8 * size);
    uint32_t read;
    return bus_read(&machine->ports, 0, port, size, &read) ? read : value;
}

static void out(uint32_t port, unsigned size, uint32_t value)
{
    bus_write(&machine->ports, 0, port, size, value);
}

static bool memory_byte(uint32_t address, uint8_t *byte)
{
    uint32_t value;
    bool there = bus_read(&machine->bus, 0, address, 1, &value);
    *byte = (uint8_t)value;
    return there;
}

START_TEST(memory_lies_where_a_pc_has_it)
{
    uint8_t byte;
    static const uint32_t there[] = {0,          0x9ffff,    0xb8000,    0xbffff,
                                     0xe0000,    0xfffff,    0x100000,   0x3fffff,
                                     0xfe000000, 0xfe001fff, 0xfffe0000, 0xffffffff};
    static const uint32_t hole[] = {0xa0000,  0xb7fff,    0xc0000,    0xdffff,
                                    0x400000, 0xfdffffff, 0xfe002000, 0xfffdffff};
    for (unsigned i = 0; i < sizeof there / sizeof there[0]; i++)
        ck_assert_msg(memory_byte(there[i], &byte), "%08x", there[i]);
    for (unsigned i = 0; i < sizeof hole / sizeof hole[0]; i++)
        ck_assert_msg(!memory_byte(hole[i], &byte), "%08x", hole[i]);
    ck_assert(memory_byte(0xe1234, &byte));
    ck_assert_uint_eq(byte, rom[0x1234]);
    ck_assert(memory_byte(0xfffe1234, &byte));
    ck_assert_uint_eq(byte, rom[0x1234]);
    ck_assert(memory_byte(0xfe001387, &byte));
    ck_assert_uint_eq(byte, 0x42);
    ck_assert(memory_byte(0xfe001388, &byte)); /* behind the image, in its last page */
    ck_assert_uint_eq(byte, 0);
}
END_TEST

/* CMOS 15h-18h: base and extended memory in KiB; 34h-35h: 64 KiB units above 16 MiB (IBM AT, and
 * what BIOSes agreed on). */
START_TEST(the_cmos_knows_the_memory)
{
    static const struct {
        uint8_t index, value;
    } byte[] = {{0x15, 640 & 0xff},  {0x16, 640 >> 8},  {0x17, 3072 & 0xff}, {0x18, 3072 >> 8},
                {0x30, 3072 & 0xff}, {0x31, 3072 >> 8}, {0x34, 0},           {0x35, 0}};
    for (unsigned i = 0; i < sizeof byte / sizeof byte[0]; i++) {
        out(0x70, 1, byte[i].index);
        ck_assert_msg(in(0x71, 1) == byte[i].value, "byte %02x", byte[i].index);
    }
}
END_TEST

START_TEST(every_serial_port_has_its_channel_and_its_irq)
{
    static const struct {
        uint32_t base;
        unsigned irq;
    } port[] = {{0x3f8, 4}, {0x2f8, 3}, {0x3e8, 4}};
    for (unsigned i = 0; i < 3; i++) {
        out(port[i].base, 1, 'a' + i);
        ck_assert_uint_eq(said_used, 2 * i + 2);
        ck_assert_int_eq(said[2 * i], '0' + (char)i);
        ck_assert_int_eq(said[2 * i + 1], 'a' + (char)i);
    }
    out(0x20, 1, 0x11), out(0x21, 1, 8), out(0x21, 1, 4), out(0x21, 1, 1);
    for (unsigned i = 0; i < 3; i++) {
        out(port[i].base + 1, 1, 2); /* THRE interrupt: at once */
        out(0x20, 1, 0x0a);
        ck_assert_uint_eq(in(0x20, 1) & 0xfe, 1u << port[i].irq);
        ck_assert_uint_eq(in(port[i].base + 2, 1) & 7, 2);
        ck_assert_uint_eq(in(0x20, 1) & 0xfe, 0);
    }
}
END_TEST

START_TEST(the_odd_ports_are_there)
{
    out(0xe9, 1, 'x');
    ck_assert_int_eq(said[1], 'x');
    ck_assert_int_eq(said[0], '0' + MACHINE_DEBUG_PORT);
    ck_assert_uint_eq(in(0x378, 1), 0xff); /* no parallel port: open bus */
    out(0x510, 2, 0);
    ck_assert_uint_eq(in(0x511, 1), 'Q');
    out(0x510, 2, 0x19);
    ck_assert_uint_eq(in(0x511, 1) | in(0x511, 1) | in(0x511, 1), 0);
    ck_assert_uint_eq(in(0x511, 1), 1); /* one file */
    for (unsigned i = 0; i < 8; i++)
        in(0x511, 1);
    ck_assert_uint_eq(in(0x511, 1), 'o');
}
END_TEST

START_TEST(a20_has_two_keys)
{
    struct x86 *cpu = pc_cpu(machine);
    out(0x92, 1, 0);
    out(0x64, 1, 0xd1), out(0x60, 1, 0xdd);
    ck_assert_uint_eq(cpu->s.a20, 0);
    out(0x92, 1, 2);
    ck_assert_uint_eq(cpu->s.a20, 1);
    out(0x92, 1, 0);
    ck_assert_uint_eq(cpu->s.a20, 0);
    out(0x64, 1, 0xd1), out(0x60, 1, 0xdf);
    ck_assert_uint_eq(cpu->s.a20, 1);
}
END_TEST

static void stops_with(enum machine_stop_reason reason, uint64_t value)
{
    struct machine_stop stop = machine_run(machine, MACHINE_NO_LIMIT);
    ck_assert_int_eq(stop.reason, reason);
    ck_assert_uint_eq(stop.value, value);
}

START_TEST(three_ways_to_end)
{
    out(0xf4, 4, 0x80000001);
    stops_with(MACHINE_DEBUG_EXIT, 0x80000001);
    teardown();
    setup();
    out(0xf4, 1, 0x10);
    stops_with(MACHINE_DEBUG_EXIT, 0x10);
    teardown();
    setup();
    out(0x604, 2, 0x2000);
    stops_with(MACHINE_POWER_OFF, 0);
}
END_TEST

START_TEST(three_ways_to_reset)
{
    machine->memory[0]->bytes[0] = 0x11;
    for (unsigned way = 0; way < 3; way++) {
        pc_cpu(machine)->s.eip = 0x1234;
        if (way == 0)
            out(0x92, 1, 0), out(0x92, 1, 1);
        if (way == 1)
            out(0x64, 1, 0xfe);
        if (way == 2)
            out(0x64, 1, 0xd1), out(0x60, 1, 0xde);
        stops_with(MACHINE_RESET, 0);
        ck_assert_uint_eq(machine->cpu->ops->pc(machine->cpu), 0xfffffff0);
        ck_assert_uint_eq(machine->memory[0]->bytes[0], 0x11);
    }
}
END_TEST

START_TEST(the_disk_is_the_image_and_says_when_to_flush)
{
    out(0x1f6, 1, 0xe0), out(0x1f2, 1, 1), out(0x1f3, 1, 9), out(0x1f4, 1, 0), out(0x1f5, 1, 0);
    out(0x1f7, 1, 0x20);
    for (unsigned i = 0; i < 1000 && (in(0x1f7, 1) & 0x88) != 0x08; i++) {
        machine->clock.s.now += 1000;
        clock_fire(&machine->clock);
    }
    ck_assert_uint_eq(in(0x1f0, 2), 0x3131); /* sector 9 lies in page 1 */
    for (unsigned i = 1; i < 256; i++)
        in(0x1f0, 2);
    out(0x1f7, 1, 0xe7);
    for (unsigned i = 0; i < 1000 && flushed == 0; i++) {
        machine->clock.s.now += 1000;
        clock_fire(&machine->clock);
    }
    ck_assert_uint_eq(flushed, 1);
}
END_TEST

START_TEST(impossible_boards_are_refused)
{
    struct pc_config config = {.ram = 4 << 20, .bios = rom, .bios_size = sizeof rom};
    static const uint64_t ram[] = {1, (1 << 20) - 1, (1 << 20) + 4096, UINT64_C(2) << 30};
    for (unsigned i = 0; i < sizeof ram / sizeof ram[0]; i++) {
        config.ram = ram[i];
        ck_assert(pc_create(&config, &why) == NULL && strstr(why, "--mem") != NULL);
    }
    config.ram = 0;
    config.bios_size = 0x8000;
    ck_assert(pc_create(&config, &why) == NULL && strstr(why, "--bios") != NULL);
    config.bios_size = 0x10000;
    config.flash = flash;
    config.flash_size = PC_FLASH_MOST + 1;
    ck_assert(pc_create(&config, &why) == NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pc");
    TCase *tcase = tcase_create("pc");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, memory_lies_where_a_pc_has_it);
    tcase_add_test(tcase, the_cmos_knows_the_memory);
    tcase_add_test(tcase, every_serial_port_has_its_channel_and_its_irq);
    tcase_add_test(tcase, the_odd_ports_are_there);
    tcase_add_test(tcase, a20_has_two_keys);
    tcase_add_test(tcase, three_ways_to_end);
    tcase_add_test(tcase, three_ways_to_reset);
    tcase_add_test(tcase, the_disk_is_the_image_and_says_when_to_flush);
    tcase_add_test(tcase, impossible_boards_are_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
