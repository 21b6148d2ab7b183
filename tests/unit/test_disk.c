/* Unit tests of emu/host/disk: what reaches an image, when, and what is refused. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emu/host/disk.h"

#define MOST (UINT64_C(1) << 20)

static char path[] = "test-disk-XXXXXX";
static int file;
static struct disk disk;
static struct memory memory;
static const char *why;

/* 2 pages and 3 sectors and a half: sector n begins with the byte n + 1. */
#define SIZE (2 * 4096 + 3 * 512 + 256)

static void setup(void)
{
    strcpy(path + sizeof path - 7, "XXXXXX");
    file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(ftruncate(file, SIZE), 0);
    for (uint8_t n = 0; n < 20; n++) {
        uint8_t byte = n + 1;
        ck_assert_int_eq(pwrite(file, &byte, 1, n * 512), 1);
    }
    ck_assert(memory_init(&memory, "disk", 3 * MEMORY_PAGE));
}

static void teardown(void)
{
    memory_free(&memory);
    close(file);
    unlink(path);
}

static void open_it(bool keep)
{
    ck_assert_msg(disk_open(&disk, path, MOST, keep, &why), "%s", why);
    for (unsigned page = 0; page < 3; page++)
        ck_assert(disk_load(&disk, page * 4096u, memory.bytes + page * 4096u, 4096));
}

static uint8_t in_file(off_t at)
{
    uint8_t byte = 0xee;
    ck_assert_int_eq(pread(file, &byte, 1, at), 1);
    return byte;
}

static void guest_writes(uint64_t at, uint8_t byte)
{
    ck_assert(memory_put(&memory, at, &byte, 1));
}

START_TEST(the_last_sector_is_filled_up_with_zeros)
{
    open_it(false);
    ck_assert_uint_eq(disk_sectors(&disk), 20);
    ck_assert_uint_eq(memory.bytes[19 * 512], 20);
    for (unsigned i = SIZE; i < 3 * 4096; i++)
        ck_assert_uint_eq(memory.bytes[i], 0);
    disk_close(&disk);
}
END_TEST

START_TEST(changes_reach_the_image_when_asked_to)
{
    open_it(true);
    guest_writes(5 * 512 + 7, 0x5a);
    guest_writes(17 * 512, 0xa5);
    ck_assert_uint_eq(in_file(5 * 512 + 7), 0);
    ck_assert(disk_write_back(&disk, &memory, &why));
    ck_assert_uint_eq(in_file(5 * 512 + 7), 0x5a);
    ck_assert_uint_eq(in_file(17 * 512), 0xa5);
    ck_assert_uint_eq(in_file(4 * 512), 5);
    ck_assert_uint_eq(memory_next(&memory, 0, MEMORY_DIRTY), 3);
    struct stat status;
    ck_assert_int_eq(fstat(file, &status), 0);
    ck_assert_int_eq(status.st_size, SIZE); /* the half sector did not change */
    disk_close(&disk);
}
END_TEST

START_TEST(sectors_that_did_not_change_are_not_written)
{
    open_it(true);
    uint8_t other = 0x77; /* somebody else's, and no guest touched this sector */
    guest_writes(5 * 512, 0x5a);
    memory.bytes[6 * 512] = 7;
    ck_assert(disk_write_back(&disk, &memory, &why));
    ck_assert_int_eq(pwrite(file, &other, 1, 10 * 512), 1);
    guest_writes(5 * 512, 0x5b);
    ck_assert(disk_write_back(&disk, &memory, &why));
    ck_assert_uint_eq(in_file(5 * 512), 0x5b);
    ck_assert_uint_eq(in_file(10 * 512), 0x77);
    disk_close(&disk);
}
END_TEST

START_TEST(a_changed_half_sector_becomes_whole)
{
    open_it(true);
    guest_writes(19 * 512 + 500, 1);
    ck_assert(disk_write_back(&disk, &memory, &why));
    struct stat status;
    ck_assert_int_eq(fstat(file, &status), 0);
    ck_assert_int_eq(status.st_size, 20 * 512);
    ck_assert_uint_eq(in_file(19 * 512 + 500), 1);
    disk_close(&disk);
}
END_TEST

START_TEST(not_to_be_kept_is_not_written)
{
    open_it(false);
    guest_writes(0, 0x5a);
    ck_assert(disk_write_back(&disk, &memory, &why));
    ck_assert_uint_eq(in_file(0), 1);
    disk_close(&disk);
}
END_TEST

START_TEST(one_writer_or_many_readers)
{
    struct disk second;
    open_it(true);
    ck_assert(!disk_open(&second, path, MOST, true, &why));
    ck_assert_ptr_nonnull(strstr(why, "in use"));
    ck_assert(!disk_open(&second, path, MOST, false, &why));
    disk_close(&disk);
    open_it(false);
    ck_assert(disk_open(&second, path, MOST, false, &why));
    disk_close(&second);
    disk_close(&disk);
}
END_TEST

START_TEST(what_is_no_image_is_refused)
{
    ck_assert(!disk_open(&disk, ".", MOST, true, &why));
    ck_assert_ptr_nonnull(strstr(why, "folder"));
    ck_assert(!disk_open(&disk, ".", MOST, false, &why));
    ck_assert_ptr_nonnull(strstr(why, "folder"));
    ck_assert(!disk_open(&disk, "no-such-file", MOST, true, &why));
    ck_assert(!disk_open(&disk, path, SIZE - 1, true, &why));
    ck_assert_ptr_nonnull(strstr(why, "larger"));
    ck_assert_int_eq(ftruncate(file, 0), 0);
    ck_assert(!disk_open(&disk, path, MOST, true, &why));
    ck_assert_ptr_nonnull(strstr(why, "empty"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("disk");
    TCase *tcase = tcase_create("disk");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, the_last_sector_is_filled_up_with_zeros);
    tcase_add_test(tcase, changes_reach_the_image_when_asked_to);
    tcase_add_test(tcase, sectors_that_did_not_change_are_not_written);
    tcase_add_test(tcase, a_changed_half_sector_becomes_whole);
    tcase_add_test(tcase, not_to_be_kept_is_not_written);
    tcase_add_test(tcase, one_writer_or_many_readers);
    tcase_add_test(tcase, what_is_no_image_is_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
