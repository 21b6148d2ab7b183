/* Unit tests of emu/base/bus: windows, splitting, silence, ROMs, pages for a TLB. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bus.h"

/* A device of 8 ports that remembers the last access; port 7 does not answer. */
struct probe {
    uint32_t offset, value;
    unsigned size, who, calls;
};

static bool probe_read(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *out)
{
    struct probe *probe = device;
    *probe = (struct probe){offset, 0, size, who, probe->calls + 1};
    *out = 0x40 + offset;
    return offset != 7;
}

static bool probe_write(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    struct probe *probe = device;
    *probe = (struct probe){offset, value, size, who, probe->calls + 1};
    return offset != 7;
}

static const struct bus_ops probe_ops = {.read = probe_read, .write = probe_write};

static struct bus bus;
static struct memory ram, rom;
static struct probe probe;

static void setup(void)
{
    ck_assert(memory_init(&ram, "ram", 4 * MEMORY_PAGE));
    ck_assert(memory_init(&rom, "rom", MEMORY_PAGE));
    bus_init(&bus);
    bus_add_device(&bus, "probe", 0x8000, 8, &probe_ops, &probe);
    bus_add_memory(&bus, "ram", 0, 2 * MEMORY_PAGE, &ram, 0, false);
    bus_add_memory(&bus, "more", 2 * MEMORY_PAGE, MEMORY_PAGE, &ram, 3 * MEMORY_PAGE, false);
    bus_add_memory(&bus, "rom", 0xfffff000, MEMORY_PAGE, &rom, 0, true);
    probe = (struct probe){0};
}

static void teardown(void)
{
    memory_free(&ram);
    memory_free(&rom);
}

START_TEST(memory_is_little_endian)
{
    uint32_t value;
    ck_assert(bus_write(&bus, 0, 0x100, 4, 0x11223344));
    ck_assert_uint_eq(ram.bytes[0x100], 0x44);
    ck_assert_uint_eq(ram.bytes[0x103], 0x11);
    ck_assert(bus_read(&bus, 0, 0x101, 2, &value));
    ck_assert_uint_eq(value, 0x2233);
}
END_TEST

START_TEST(a_word_across_two_windows_is_split)
{
    uint32_t value;
    ck_assert(bus_write(&bus, 0, 2 * MEMORY_PAGE - 2, 4, 0xaabbccdd));
    ck_assert_uint_eq(ram.bytes[2 * MEMORY_PAGE - 1], 0xcc);
    ck_assert_uint_eq(ram.bytes[3 * MEMORY_PAGE], 0xbb);
    ck_assert(bus_read(&bus, 0, 2 * MEMORY_PAGE - 2, 4, &value));
    ck_assert_uint_eq(value, 0xaabbccdd);
}
END_TEST

START_TEST(a_word_across_the_end_reads_ones_there)
{
    uint32_t value;
    ram.bytes[4 * MEMORY_PAGE - 1] = 0x12;
    ck_assert(bus_read(&bus, 0, 3 * MEMORY_PAGE - 1, 2, &value));
    ck_assert_uint_eq(value, 0xff12);
    ck_assert(!bus_read(&bus, 0, 0x7000, 4, &value));
    ck_assert(!bus_write(&bus, 0, 0x7000, 1, 0));
}
END_TEST

START_TEST(a_device_sees_offset_size_and_who)
{
    uint32_t value;
    ck_assert(bus_read(&bus, 3, 0x8002, 2, &value));
    ck_assert_uint_eq(value, 0x42);
    ck_assert_uint_eq(probe.offset, 2);
    ck_assert_uint_eq(probe.size, 2);
    ck_assert_uint_eq(probe.who, 3);
    ck_assert(bus_write(&bus, 1, 0x8004, 4, 0x01020304));
    ck_assert_uint_eq(probe.value, 0x01020304);
    ck_assert(!bus_read(&bus, 0, 0x8007, 1, &value));
    probe.calls = 0;
    bus_write(&bus, 0, 0x8006, 4, 0x01020304); /* two bytes are inside */
    ck_assert_uint_eq(probe.calls, 2);
    ck_assert_uint_eq(probe.value, 0x03);
}
END_TEST

START_TEST(a_rom_swallows_writes_and_can_be_poked)
{
    uint32_t value;
    rom.bytes[0xffc] = 0x5a;
    ck_assert(bus_write(&bus, 0, 0xfffffffc, 1, 0x77));
    ck_assert(bus_read(&bus, 0, 0xfffffffc, 1, &value));
    ck_assert_uint_eq(value, 0x5a);
    ck_assert(bus_poke(&bus, 0xfffffffc, 0x77));
    ck_assert_uint_eq(rom.bytes[0xffc], 0x77);
    ck_assert(!bus_poke(&bus, 0x8000, 1));
    ck_assert(bus_page(&bus, 0xfffff123, false) == rom.bytes);
    ck_assert(bus_page(&bus, 0xfffff123, true) == NULL);
}
END_TEST

START_TEST(peeking_touches_no_device)
{
    uint32_t value;
    ck_assert(!bus_peek(&bus, 0x8000, 1, &value));
    ck_assert_uint_eq(probe.calls, 0);
    ram.bytes[5] = 9;
    ck_assert(bus_peek(&bus, 5, 1, &value));
    ck_assert_uint_eq(value, 9);
    ck_assert(!bus_peek(&bus, 3 * MEMORY_PAGE - 1, 2, &value));
}
END_TEST

START_TEST(writing_marks_pages)
{
    ck_assert_uint_eq(ram.page[1], 0);
    bus_write(&bus, 0, MEMORY_PAGE - 1, 2, 0);
    ck_assert_uint_eq(ram.page[0], MEMORY_DIRTY | MEMORY_USED);
    ck_assert_uint_eq(ram.page[1], MEMORY_DIRTY | MEMORY_USED);
    ck_assert(bus_page(&bus, 2 * MEMORY_PAGE + 5, false) == ram.bytes + 3 * MEMORY_PAGE);
    ck_assert_uint_eq(ram.page[3], 0);
    ck_assert(bus_page(&bus, 2 * MEMORY_PAGE + 5, true) == ram.bytes + 3 * MEMORY_PAGE);
    ck_assert_uint_eq(ram.page[3], MEMORY_DIRTY | MEMORY_USED);
    ck_assert(bus_page(&bus, 0x8000, false) == NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bus");
    TCase *tcase = tcase_create("bus");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, memory_is_little_endian);
    tcase_add_test(tcase, a_word_across_two_windows_is_split);
    tcase_add_test(tcase, a_word_across_the_end_reads_ones_there);
    tcase_add_test(tcase, a_device_sees_offset_size_and_who);
    tcase_add_test(tcase, a_rom_swallows_writes_and_can_be_poked);
    tcase_add_test(tcase, peeking_touches_no_device);
    tcase_add_test(tcase, writing_marks_pages);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
