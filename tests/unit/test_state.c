/* Unit tests of emu/base/state: all or nothing, names, versions, judges, hashes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/state.h"

struct chip {
    uint32_t index; /* valid below 8 */
    uint32_t rest;
};

static struct chip one, two;
static struct state_map map;
static unsigned restored;

static bool chip_valid(const void *bytes)
{
    return ((const struct chip *)bytes)->index < 8;
}

static void chip_restored(void *context)
{
    ck_assert_ptr_eq(context, &two);
    restored++;
}

static void setup(void)
{
    one = (struct chip){1, 2};
    two = (struct chip){3, 4};
    restored = 0;
    state_init(&map);
    state_add(&map, (struct state_block){"one", 1, sizeof one, &one, chip_valid, NULL, NULL});
    state_add(&map,
              (struct state_block){"two", 2, sizeof two, &two, chip_valid, chip_restored, &two});
}

START_TEST(comes_back_as_it_was)
{
    uint8_t saved[128];
    const char *why;
    ck_assert_uint_le(state_size(&map), sizeof saved);
    state_save(&map, saved);
    one.index = two.rest = 7;
    ck_assert(state_load(&map, saved, state_size(&map), &why));
    ck_assert_uint_eq(one.index, 1);
    ck_assert_uint_eq(two.rest, 4);
    ck_assert_uint_eq(restored, 1);
}
END_TEST

/* Every single damaged byte of a header, and every bad index, leaves both chips as they are. */
START_TEST(refuses_what_is_damaged_and_changes_nothing)
{
    uint8_t saved[128];
    const char *why;
    size_t size = state_size(&map);
    state_save(&map, saved);
    one.rest = 99;
    for (size_t i = 0; i < size; i++) {
        size_t in_block = i % (size / 2);
        bool is_free = in_block >= 24 + offsetof(struct chip, rest);
        if (is_free)
            continue;
        saved[i] ^= 0x88;
        ck_assert_msg(!state_load(&map, saved, size, &why), "byte %zu", i);
        ck_assert_uint_eq(one.rest, 99);
        ck_assert_uint_eq(restored, 0);
        saved[i] ^= 0x88;
    }
    for (size_t shorter = 0; shorter < size; shorter++)
        ck_assert(!state_load(&map, saved, shorter, &why));
    ck_assert(!state_load(&map, saved, size + 1, &why));
    saved[size - sizeof two] = 8; /* the second block's judge says no: the first stays, too */
    ck_assert(!state_load(&map, saved, size, &why));
    ck_assert_str_eq(why, "two");
    ck_assert_uint_eq(one.rest, 99);
}
END_TEST

START_TEST(the_hash_knows_every_block_and_their_order)
{
    uint64_t before = state_hash(&map, 0);
    ck_assert_uint_eq(state_hash(&map, 0), before);
    two.rest++;
    ck_assert_uint_ne(state_hash(&map, 0), before);
    two.rest--;
    struct chip swap = one;
    one = two;
    two = swap;
    ck_assert_uint_ne(state_hash(&map, 0), before);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("state");
    TCase *tcase = tcase_create("state");
    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, comes_back_as_it_was);
    tcase_add_test(tcase, refuses_what_is_damaged_and_changes_nothing);
    tcase_add_test(tcase, the_hash_knows_every_block_and_their_order);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
