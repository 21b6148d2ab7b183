/* Unit tests of emu/machine/timeline and snapshot: whatever way leads to a moment, it is the same.
 */
#include <check.h>

#include "emu/machine/timeline.h"
#include "tests/guests/clockwork.h"

#define INTERVAL 20000u
#define FAR      400000u

static struct said said;
static struct machine *machine;
static struct timeline *timeline;

static void begin(struct timeline_config config)
{
    machine = clockwork(&said);
    timeline = timeline_create(machine, config);
}

static void setup(void)
{
    begin((struct timeline_config){.interval = INTERVAL});
}

static void teardown(void)
{
    timeline_free(timeline);
    machine_free(machine);
}

static void go_to_count(uint64_t count)
{
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.count = count;
    ck_assert_int_eq(timeline_run(timeline, limit).reason, MACHINE_LIMIT);
}

static void seek(struct timeline_position target)
{
    ck_assert_int_eq(timeline_seek(timeline, target).reason, MACHINE_LIMIT);
}

static void same_position(struct timeline_position a, struct timeline_position b)
{
    ck_assert_int_eq(timeline_compare(a, b), 0);
}

START_TEST(watching_changes_nothing)
{
    struct machine *plain = clockwork(NULL);
    go_to_count(FAR);
    run_to_count(plain, FAR);
    ck_assert_uint_eq(machine_hash(machine), machine_hash(plain));
    ck_assert_uint_ge(timeline_report(timeline).snapshots, FAR / INTERVAL);
    machine_free(plain);
}
END_TEST

/* Hashes on the way there, then every one of them again by seeks in random order. */
START_TEST(every_moment_comes_back)
{
    enum { MOMENTS = 60 };
    struct {
        struct timeline_position at;
        uint64_t hash;
    } moment[MOMENTS];
    uint64_t seed = 3;
    for (unsigned i = 0; i < MOMENTS; i++) {
        struct machine_limit limit = MACHINE_NO_LIMIT;
        if (i % 2 == 0)
            limit.count = machine_count(machine) + random_next(&seed) % 9000;
        else
            limit.tick = machine->clock.s.now + random_next(&seed) % 90000;
        ck_assert_int_eq(timeline_run(timeline, limit).reason, MACHINE_LIMIT);
        if (i % 7 == 0)
            input_post(&machine->input, INPUT_COM1, 'a' + i % 16);
        moment[i].at = timeline_now(timeline);
        moment[i].hash = machine_hash(machine);
    }
    for (unsigned i = 0; i < 200; i++) {
        unsigned n = random_next(&seed) % MOMENTS;
        seek(moment[n].at);
        same_position(timeline_now(timeline), moment[n].at);
        ck_assert_uint_eq(machine_hash(machine), moment[n].hash);
    }
}
END_TEST

START_TEST(back_and_forward_again_by_any_distance)
{
    uint64_t seed = 5;
    go_to_count(FAR);
    for (unsigned i = 0; i < 60; i++) {
        uint64_t back = random_next(&seed) % (i % 2 == 0 ? 50 : FAR);
        struct timeline_position here = timeline_now(timeline);
        uint64_t hash = machine_hash(machine);
        seek(TIMELINE_AT_COUNT(here.count - (back < here.count ? back : here.count)));
        go_to_count(here.count);
        ck_assert_uint_eq(machine_hash(machine), hash);
        seek(TIMELINE_AT_COUNT(random_next(&seed) % FAR));
    }
}
END_TEST

START_TEST(a_tick_is_its_first_boundary)
{
    go_to_count(FAR);
    ticks end = machine->clock.s.now;
    uint64_t seed = 11;
    for (unsigned i = 0; i < 30; i++) {
        ticks tick = random_next(&seed) % end;
        struct machine *plain = clockwork(NULL);
        struct machine_limit limit = MACHINE_NO_LIMIT;
        limit.tick = tick;
        machine_run(plain, limit);
        seek(TIMELINE_AT_TICK(tick));
        ck_assert_uint_eq(machine->clock.s.now, plain->clock.s.now);
        ck_assert_uint_eq(machine_hash(machine), machine_hash(plain));
        machine_free(plain);
    }
}
END_TEST

/* Steps of a delivery: forward one by one, noting each; then all of them backwards. */
START_TEST(moments_inside_a_delivery_come_back)
{
    enum { MOST = 4000 };
    static struct {
        struct timeline_position at;
        uint64_t hash;
    } moment[MOST];
    unsigned used = 0, inside = 0;
    go_to_count(100000);
    while (used < MOST && inside < 200) {
        struct timeline_position now = timeline_now(timeline);
        struct machine_limit limit = MACHINE_NO_LIMIT;
        limit.count = now.count;
        limit.micro = now.micro + 1;
        timeline_run(timeline, limit);
        moment[used].at = timeline_now(timeline);
        moment[used++].hash = machine_hash(machine);
        inside += moment[used - 1].at.micro != 0;
    }
    ck_assert_uint_eq(inside, 200);
    while (used-- > 0) {
        seek(moment[used].at);
        same_position(timeline_now(timeline), moment[used].at);
        ck_assert_uint_eq(machine_hash(machine), moment[used].hash);
    }
}
END_TEST

START_TEST(the_past_is_not_said_again)
{
    go_to_count(FAR);
    unsigned used = said.used;
    ck_assert_uint_gt(used, 1);
    seek(TIMELINE_AT_COUNT(1000));
    go_to_count(FAR);
    ck_assert_uint_eq(said.used, used);
    go_to_count(2 * FAR);
    ck_assert_uint_gt(said.used, used);
    struct said plain_said;
    struct machine *plain = clockwork(&plain_said);
    run_to_count(plain, 2 * FAR);
    ck_assert_uint_eq(plain_said.used, said.used);
    ck_assert_mem_eq(plain_said.bytes, said.bytes, said.used);
    machine_free(plain);
}
END_TEST

START_TEST(input_in_the_past_makes_a_new_future)
{
    go_to_count(100000);
    input_post(&machine->input, INPUT_COM1, 'x');
    go_to_count(FAR);
    uint64_t old = machine_hash(machine);
    seek(TIMELINE_AT_COUNT(60000));
    input_post(&machine->input, INPUT_COM1, 'y');
    go_to_count(FAR);
    ck_assert_uint_eq(timeline_frontier(timeline).count, FAR);
    uint64_t new = machine_hash(machine);
    ck_assert_uint_ne(new, old);
    struct machine *plain = clockwork(NULL);
    run_to_count(plain, 60000);
    input_post(&plain->input, INPUT_COM1, 'y');
    run_to_count(plain, FAR);
    ck_assert_uint_eq(machine_hash(plain), new);
    seek(TIMELINE_AT_COUNT(50000));
    go_to_count(FAR);
    ck_assert_uint_eq(machine_hash(machine), new);
    machine_free(plain);
}
END_TEST

static void edit(uint8_t value)
{
    ck_assert(memory_put(machine->memory[0], 0x600, &value, 1));
    machine->cpu->ops->memory_changed(machine->cpu, 0x600, 1);
    timeline_edited(timeline);
}

START_TEST(an_edit_stays_where_it_was_made)
{
    go_to_count(100000);
    edit(1);
    go_to_count(150000);
    edit(2);
    go_to_count(FAR);
    seek(TIMELINE_AT_COUNT(90000));
    ck_assert_uint_eq(machine->memory[0]->bytes[0x600], 0);
    go_to_count(120000);
    ck_assert_uint_eq(machine->memory[0]->bytes[0x600], 1);
    seek(TIMELINE_AT_COUNT(FAR));
    ck_assert_uint_eq(machine->memory[0]->bytes[0x600], 2);
    seek(TIMELINE_AT_COUNT(100000));
    ck_assert_uint_eq(machine->memory[0]->bytes[0x600], 1);
    edit(3); /* drops the second edit with its future */
    go_to_count(FAR);
    ck_assert_uint_eq(machine->memory[0]->bytes[0x600], 3);
    seek(timeline_origin(timeline));
    go_to_count(FAR);
    ck_assert_uint_eq(machine->memory[0]->bytes[0x600], 3);
}
END_TEST

START_TEST(a_small_budget_costs_time_only)
{
    teardown();
    begin((struct timeline_config){.interval = 2000, .budget = 4 << 20});
    struct machine *plain = clockwork(NULL);
    go_to_count(FAR);
    ck_assert_uint_le(timeline_report(timeline).bytes, 5 << 20);
    uint64_t seed = 13;
    for (unsigned i = 0; i < 20; i++) {
        uint64_t count = 1 + random_next(&seed) % FAR;
        seek(TIMELINE_AT_COUNT(count));
        struct machine *fresh = clockwork(NULL);
        run_to_count(fresh, count);
        ck_assert_uint_eq(machine_hash(machine), machine_hash(fresh));
        machine_free(fresh);
    }
    machine_free(plain);
}
END_TEST

START_TEST(a_second_step_back_is_cheap)
{
    go_to_count(FAR);
    seek(TIMELINE_AT_COUNT(FAR - 1));
    for (unsigned i = 2; i < 50; i++) {
        seek(TIMELINE_AT_COUNT(FAR - i));
        ck_assert_uint_eq(machine_count(machine), FAR - i);
        ck_assert_uint_le(timeline_report(timeline).replayed, 2100);
    }
}
END_TEST

START_TEST(a_search_backwards_finds_stretches)
{
    struct timeline_position at, before;
    go_to_count(FAR);
    at = timeline_now(timeline);
    unsigned stretches = 0;
    while (timeline_before(timeline, at, &before)) {
        ck_assert_int_lt(timeline_compare(before, at), 0);
        at = before;
        stretches++;
    }
    same_position(at, timeline_origin(timeline));
    ck_assert_uint_ge(stretches, FAR / INTERVAL);
}
END_TEST

START_TEST(before_the_origin_there_is_nothing)
{
    go_to_count(1000);
    seek(TIMELINE_AT_TICK(0));
    same_position(timeline_now(timeline), timeline_origin(timeline));
}
END_TEST

START_TEST(switched_off_is_the_end_of_the_line)
{
    go_to_count(50000);
    input_post(&machine->input, INPUT_COM1, 'q');
    ck_assert_int_eq(timeline_run(timeline, MACHINE_NO_LIMIT).reason, MACHINE_POWER_OFF);
    struct timeline_position end = timeline_now(timeline);
    ck_assert_int_eq(timeline_seek(timeline, TIMELINE_AT_COUNT(FAR)).reason, MACHINE_POWER_OFF);
    seek(TIMELINE_AT_COUNT(40000));
    ck_assert_int_eq(timeline_run(timeline, MACHINE_NO_LIMIT).reason, MACHINE_POWER_OFF);
    same_position(timeline_now(timeline), end);
    seek(TIMELINE_AT_COUNT(40000));
    seek(end);
    same_position(timeline_now(timeline), end);
    ck_assert_int_eq(timeline_run(timeline, MACHINE_NO_LIMIT).reason, MACHINE_POWER_OFF);
}
END_TEST

/* Events of the trace are those of the way that led here, however one came. */
START_TEST(the_trace_goes_back_too)
{
    go_to_count(FAR);
    uint64_t written = machine->trace.written;
    struct trace_event last = *trace_at(&machine->trace, written - 1);
    seek(TIMELINE_AT_COUNT(FAR - 3000));
    ck_assert_uint_lt(trace_at(&machine->trace, machine->trace.written - 1)->count, FAR - 3000);
    go_to_count(FAR);
    const struct trace_event *again = trace_at(&machine->trace, machine->trace.written - 1);
    ck_assert_mem_eq(again, &last, sizeof last);
}
END_TEST

struct pulses {
    unsigned had, enough; /* 0 = never */
};

static bool pulse(void *context)
{
    struct pulses *pulses = context;
    pulses->had++;
    return pulses->had == pulses->enough;
}

/* The clockwork is slow enough for several on the way. */
#define LONG 3000000u

START_TEST(whoever_waits_gets_turns_that_change_nothing)
{
    struct machine *plain = clockwork(NULL);
    struct pulses pulses = {0};
    timeline_pulse(timeline, pulse, &pulses);
    go_to_count(LONG);
    run_to_count(plain, LONG);
    ck_assert_uint_gt(pulses.had, 2);
    ck_assert_uint_eq(machine_hash(machine), machine_hash(plain));
    seek(TIMELINE_AT_COUNT(10));
    pulses.had = 0;
    seek(TIMELINE_AT_COUNT(11));
    ck_assert_uint_eq(pulses.had, 0); /* short ways are gone without */
    machine_free(plain);
}
END_TEST

START_TEST(enough_ends_a_journey_where_it_is)
{
    struct pulses pulses = {.enough = 2};
    struct machine *plain = clockwork(NULL);
    timeline_pulse(timeline, pulse, &pulses);
    ck_assert_int_eq(timeline_seek(timeline, TIMELINE_AT_COUNT(LONG)).reason, MACHINE_OBSERVED);
    ck_assert_uint_eq(pulses.had, 2);
    struct timeline_position here = timeline_now(timeline);
    ck_assert_uint_gt(here.count, 0);
    ck_assert_uint_lt(here.count, LONG);
    same_position(here, timeline_frontier(timeline));
    seek(TIMELINE_AT_COUNT(100));
    seek(here);
    run_to_count(plain, here.count);
    ck_assert_uint_eq(machine_hash(machine), machine_hash(plain));
    seek(TIMELINE_AT_COUNT(LONG)); /* and goes on as if nothing had been */
    run_to_count(plain, LONG);
    ck_assert_uint_eq(machine_hash(machine), machine_hash(plain));
    machine_free(plain);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("timeline");
    TCase *tcase = tcase_create("timeline");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, watching_changes_nothing);
    tcase_add_test(tcase, every_moment_comes_back);
    tcase_add_test(tcase, back_and_forward_again_by_any_distance);
    tcase_add_test(tcase, a_tick_is_its_first_boundary);
    tcase_add_test(tcase, moments_inside_a_delivery_come_back);
    tcase_add_test(tcase, the_past_is_not_said_again);
    tcase_add_test(tcase, input_in_the_past_makes_a_new_future);
    tcase_add_test(tcase, an_edit_stays_where_it_was_made);
    tcase_add_test(tcase, a_small_budget_costs_time_only);
    tcase_add_test(tcase, a_second_step_back_is_cheap);
    tcase_add_test(tcase, a_search_backwards_finds_stretches);
    tcase_add_test(tcase, before_the_origin_there_is_nothing);
    tcase_add_test(tcase, switched_off_is_the_end_of_the_line);
    tcase_add_test(tcase, the_trace_goes_back_too);
    tcase_add_test(tcase, whoever_waits_gets_turns_that_change_nothing);
    tcase_add_test(tcase, enough_ends_a_journey_where_it_is);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
