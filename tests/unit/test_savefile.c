/* Unit tests of emu/machine/savefile: what is saved comes back, what is damaged does not. */
#include <check.h>
#include <stdio.h>
#include <unistd.h>

#include "emu/machine/savefile.h"
#include "tests/guests/clockwork.h"

static struct machine *machine, *other;
static uint8_t *saved;
static size_t size;
static const char *why;

static void setup(void)
{
    FILE *file = tmpfile();
    machine = clockwork(NULL);
    other = clockwork(NULL);
    run_to_count(machine, 123456);
    ck_assert(savefile_write(machine, fileno(file), &why));
    size = (size_t)lseek(fileno(file), 0, SEEK_END);
    saved = malloc(size + 1);
    ck_assert_int_eq(pread(fileno(file), saved, size, 0), (ssize_t)size);
    fclose(file);
}

static void teardown(void)
{
    machine_free(machine);
    machine_free(other);
    free(saved);
}

static bool restore(const void *bytes, size_t length)
{
    FILE *file = tmpfile();
    ck_assert_int_eq(pwrite(fileno(file), bytes, length, 0), (ssize_t)length);
    why = NULL;
    bool done = savefile_read(other, fileno(file), &why);
    ck_assert(done == (why == NULL));
    fclose(file);
    return done;
}

START_TEST(goes_on_where_it_was)
{
    run_to_count(other, 777777); /* nothing of this may stay */
    ck_assert(restore(saved, size));
    ck_assert_uint_eq(machine_hash(other), machine_hash(machine));
    input_post(&machine->input, INPUT_COM1, 'x');
    input_post(&other->input, INPUT_COM1, 'x');
    run_to_count(machine, 250000);
    run_to_count(other, 250000);
    ck_assert_uint_eq(machine_hash(other), machine_hash(machine));
}
END_TEST

/* A few bits of a zstd frame mean nothing: then the content is the whole content all the same. */
START_TEST(a_damaged_file_is_refused)
{
    uint64_t seed = 99;
    unsigned harmless = 0;
    for (unsigned i = 0; i < 3000; i++) {
        size_t at = i < 100 ? i : random_next(&seed) % size;
        uint8_t bit = (uint8_t)(1u << random_next(&seed) % 8);
        saved[at] ^= bit;
        uint64_t hash = machine_hash(other);
        if (restore(saved, size)) {
            ck_assert_uint_eq(machine_hash(other), machine_hash(machine));
            harmless++;
        } else {
            ck_assert_uint_eq(machine_hash(other), hash);
        }
        saved[at] ^= bit;
    }
    ck_assert_uint_lt(harmless, 30);
}
END_TEST

START_TEST(a_file_of_another_length_is_refused)
{
    uint64_t hash = machine_hash(other), seed = 98;
    for (unsigned i = 0; i < 600; i++)
        ck_assert(!restore(saved, i < 200 ? i : random_next(&seed) % size));
    for (unsigned i = 1; i < 40; i++)
        ck_assert(!restore(saved, size - i));
    saved[size] = 0;
    ck_assert(!restore(saved, size + 1));
    ck_assert_uint_eq(machine_hash(other), hash);
}
END_TEST

START_TEST(a_machine_of_another_size_is_refused)
{
    static uint8_t rom[65536];
    struct pc_config config = {.ram = 2 << 20, .bios = rom, .bios_size = sizeof rom};
    machine_free(other);
    other = pc_create(&config, &why);
    ck_assert(!restore(saved, size));
    ck_assert_ptr_nonnull(strstr(why, "--mem"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("savefile");
    TCase *tcase = tcase_create("savefile");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, goes_on_where_it_was);
    tcase_add_test(tcase, a_damaged_file_is_refused);
    tcase_add_test(tcase, a_file_of_another_length_is_refused);
    tcase_add_test(tcase, a_machine_of_another_size_is_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
