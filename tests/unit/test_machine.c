/* Unit tests of emu/machine/machine: limits, idle time, stops, hashes. */
#include <check.h>

#include "tests/guests/clockwork.h"

static struct said said;
static struct machine *machine;

static void setup(void)
{
    machine = clockwork(&said);
}

static void teardown(void)
{
    machine_free(machine);
}

START_TEST(stops_at_a_tick_and_at_a_count)
{
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.tick = 1000000;
    ck_assert_int_eq(machine_run(machine, limit).reason, MACHINE_LIMIT);
    ck_assert_uint_ge(machine->clock.s.now, 1000000);
    ck_assert_uint_lt(machine->clock.s.now, 1000200); /* one instruction or delivery late at most */
    uint64_t count = machine_count(machine);
    ck_assert_int_eq(machine_run(machine, limit).reason, MACHINE_LIMIT);
    ck_assert_uint_eq(machine_count(machine), count);
    run_to_count(machine, count + 12345);
}
END_TEST

/* The whole PC in a row of states: running in pieces of any size passes through the same ones. */
START_TEST(pieces_make_the_same_whole)
{
    struct machine *pieces = clockwork(NULL);
    uint64_t seed = 42;
    for (unsigned i = 1; i <= 20; i++) {
        run_to_count(machine, i * 20000);
        while (machine_count(pieces) < i * 20000) {
            struct machine_limit limit = MACHINE_NO_LIMIT;
            limit.count = i * 20000;
            limit.tick = pieces->clock.s.now + random_next(&seed) % 5000;
            ck_assert_int_eq(machine_run(pieces, limit).reason, MACHINE_LIMIT);
        }
        ck_assert_uint_eq(pieces->clock.s.now, machine->clock.s.now);
        ck_assert_uint_eq(machine_hash(pieces), machine_hash(machine));
    }
    machine_free(pieces);
}
END_TEST

/* The guest halts now and then and is woken by its timer. */
START_TEST(idle_time_can_be_had_by_the_caller)
{
    struct machine_limit limit = MACHINE_NO_LIMIT;
    struct machine *other = clockwork(NULL);
    limit.stop_when_idle = true;
    struct machine_stop stop = machine_run(machine, limit);
    ck_assert_int_eq(stop.reason, MACHINE_IDLE);
    ck_assert_uint_gt(stop.value, machine->clock.s.now);
    ck_assert(stop.value != CLOCK_NEVER);
    ticks begin = machine->clock.s.now;
    machine_idle_until(machine, begin + 5);
    ck_assert_uint_eq(machine->clock.s.now, begin + 5);
    ck_assert_int_eq(machine_run(machine, limit).reason, MACHINE_IDLE);
    machine_idle_until(machine, CLOCK_NEVER);
    ck_assert_uint_eq(machine->clock.s.now, stop.value);
    run_to_count(machine, machine_count(machine) + 5);
    run_to_count(other, machine_count(machine));
    ck_assert_uint_eq(machine_hash(machine), machine_hash(other));
    machine_free(other);
}
END_TEST

START_TEST(input_changes_what_follows)
{
    struct machine *quiet = clockwork(NULL);
    run_to_count(machine, 50000);
    run_to_count(quiet, 50000);
    ck_assert_uint_eq(machine_hash(machine), machine_hash(quiet));
    ck_assert(input_post(&machine->input, INPUT_COM1, 'x'));
    run_to_count(machine, 60000);
    run_to_count(quiet, 60000);
    ck_assert_uint_ne(machine_hash(machine), machine_hash(quiet));
    ck_assert_uint_gt(said.used, 0);
    ck_assert(memchr(said.bytes, 'x', said.used) != NULL);
    machine_free(quiet);
}
END_TEST

/* The same log, known from the start, does what it did live. */
START_TEST(a_replayed_log_gives_the_same_machine)
{
    uint64_t seed = 7;
    struct machine *replay = clockwork(NULL);
    for (unsigned i = 0; i < 200; i++) {
        struct machine_limit limit = MACHINE_NO_LIMIT;
        limit.tick = machine->clock.s.now + random_next(&seed) % 20000;
        machine_run(machine, limit);
        uint8_t byte = (uint8_t)random_next(&seed);
        if (byte != 'q' && i % 3 == 0)
            ck_assert(input_post(&machine->input, INPUT_COM1, byte));
    }
    input_free(&replay->input);
    replay->input.log = bug_alloc(machine->input.used, sizeof *replay->input.log);
    memcpy(replay->input.log, machine->input.log, machine->input.used * sizeof *machine->input.log);
    replay->input.used = replay->input.room = machine->input.used;
    run_to_count(machine, machine_count(machine) + 1000);
    run_to_count(replay, machine_count(machine));
    ck_assert_uint_eq(machine_hash(machine), machine_hash(replay));
    machine_free(replay);
}
END_TEST

START_TEST(power_off_is_for_good)
{
    run_to_count(machine, 50000);
    ck_assert(input_post(&machine->input, INPUT_COM1, 'q'));
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(machine_run(machine, MACHINE_NO_LIMIT).reason, MACHINE_POWER_OFF);
}
END_TEST

START_TEST(the_first_request_counts)
{
    machine_request_stop(machine, MACHINE_DEBUG_EXIT, 77);
    machine_request_stop(machine, MACHINE_POWER_OFF, 0);
    struct machine_stop stop = machine_run(machine, MACHINE_NO_LIMIT);
    ck_assert_int_eq(stop.reason, MACHINE_DEBUG_EXIT);
    ck_assert_uint_eq(stop.value, 77);
}
END_TEST

START_TEST(a_reset_starts_anew_and_keeps_memory)
{
    run_to_count(machine, 50000);
    uint16_t timer = machine->memory[0]->bytes[0x510];
    ck_assert_uint_ne(timer, 0);
    machine_request_stop(machine, MACHINE_RESET, 0);
    ck_assert_int_eq(machine_run(machine, MACHINE_NO_LIMIT).reason, MACHINE_RESET);
    ck_assert_uint_eq(machine->cpu->ops->pc(machine->cpu), 0xfffffff0);
    ck_assert_uint_eq(machine->memory[0]->bytes[0x510], timer);
    run_to_count(machine, machine_count(machine) + 50000);
    ck_assert_uint_gt(machine->memory[0]->bytes[0x510], timer);
}
END_TEST

/* A TLB marks a page as used before anything changes in it: the hash must not tell. */
START_TEST(the_hash_sees_bytes_and_not_marks)
{
    uint64_t before = machine_hash(machine);
    memory_touch(machine->memory[0], 0x5000);
    ck_assert_uint_eq(machine_hash(machine), before);
    machine->memory[0]->bytes[0x5000] = 1;
    ck_assert_uint_ne(machine_hash(machine), before);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("machine");
    TCase *tcase = tcase_create("machine");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, stops_at_a_tick_and_at_a_count);
    tcase_add_test(tcase, pieces_make_the_same_whole);
    tcase_add_test(tcase, idle_time_can_be_had_by_the_caller);
    tcase_add_test(tcase, input_changes_what_follows);
    tcase_add_test(tcase, a_replayed_log_gives_the_same_machine);
    tcase_add_test(tcase, power_off_is_for_good);
    tcase_add_test(tcase, the_first_request_counts);
    tcase_add_test(tcase, a_reset_starts_anew_and_keeps_memory);
    tcase_add_test(tcase, the_hash_sees_bytes_and_not_marks);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
