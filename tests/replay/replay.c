/* replay: the same machine at the same moment, whatever way it is run there. */
#include "tests/replay/replay.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emu/machine/savefile.h"
#include "emu/machine/timeline.h"

#define MOMENTS 12u
#define STRETCH 400000u /* instructions between two moments */

static const struct replay_subject *subject;

/* What is to be compared with: the plain run. */
static struct moment {
    struct timeline_position at;
    uint64_t hash;
} moment[MOMENTS];
static char spoken[65536];
static unsigned spoken_used;

static uint64_t seed;

/* xorshift64* (Vigna 2016). */
static uint64_t random_below(uint64_t end)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return seed * UINT64_C(2685821657736338717) % end;
}

struct voice {
    char *text;
    unsigned used;
};

static void hear(void *voice, enum machine_output channel, uint8_t byte)
{
    struct voice *to = voice;
    (void)channel;
    if (to->used + 1 < sizeof spoken)
        to->text[to->used++] = (char)byte;
}

static struct machine *switch_on(struct voice *voice)
{
    struct machine *machine = subject->switch_on(subject->parameter);
    if (voice != NULL)
        machine->tap = (struct machine_tap){.output = hear, .context = voice};
    return machine;
}

/* A machine whose log already holds the whole session: keys far enough apart for a shell. */
static struct machine *scripted(struct voice *voice)
{
    struct machine *machine = switch_on(voice);
    ticks now = machine->clock.s.now;
    ck_assert(input_post(&machine->input, INPUT_DATE, 1700000000));
    ck_assert(input_post(&machine->input, INPUT_COM1_CARRIER, 1));
    machine->clock.s.now = subject->first_key;
    for (const char *key = subject->session; *key != '\0'; key++) {
        machine->clock.s.now += subject->key_distance;
        ck_assert(input_post(&machine->input, INPUT_COM1, (uint8_t)*key));
    }
    machine->clock.s.now = now;
    return machine;
}

static struct timeline_position position(const struct machine *machine)
{
    return (struct timeline_position){machine->clock.s.now, machine_count(machine),
                                      machine->cpu->ops->micro(machine->cpu)};
}

static void run_to(struct machine *machine, uint64_t count)
{
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.count = count;
    ck_assert_int_eq(machine_run(machine, limit).reason, MACHINE_LIMIT);
}

static void compare(struct machine *machine, unsigned i)
{
    ck_assert_int_eq(timeline_compare(position(machine), moment[i].at), 0);
    ck_assert_uint_eq(machine_hash(machine), moment[i].hash);
}

/* Once, before any test: each of them is a process of its own. */
static void prepare(void)
{
    memset(spoken, 0, sizeof spoken);
    struct voice voice = {spoken, 0};
    struct machine *machine = scripted(&voice);
    for (unsigned i = 0; i < MOMENTS; i++) {
        run_to(machine, (i + 1) * STRETCH);
        moment[i] = (struct moment){position(machine), machine_hash(machine)};
    }
    spoken_used = voice.used;
    machine_free(machine);
    seed = 20261121;
}

START_TEST(the_session_is_worth_comparing)
{
    ck_assert_msg(strstr(spoken, subject->says) != NULL, "it said: %s", spoken);
}
END_TEST

START_TEST(the_same_twice)
{
    static char text[sizeof spoken];
    struct voice voice = {text, 0};
    struct machine *machine = scripted(&voice);
    for (unsigned i = 0; i < MOMENTS; i++) {
        run_to(machine, (i + 1) * STRETCH);
        compare(machine, i);
    }
    ck_assert_uint_eq(voice.used, spoken_used);
    ck_assert_str_eq(text, spoken);
    machine_free(machine);
}
END_TEST

static unsigned long seen_insns, seen_accesses, seen_steps;

static bool see_insn(void *context, struct cpu *cpu, uint32_t pc)
{
    (void)context, (void)cpu, (void)pc;
    seen_insns++;
    return false;
}

static bool see_access(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    (void)context, (void)cpu, (void)access;
    seen_accesses++;
    return false;
}

static bool see_step(void *context, struct cpu *cpu, const struct trace_event *event)
{
    (void)context, (void)cpu, (void)event;
    seen_steps++;
    return false;
}

START_TEST(observed_and_not)
{
    static const struct cpu_observer observer = {
        .insn = see_insn, .access = see_access, .micro = see_step};
    struct machine *machine = scripted(NULL);
    for (unsigned i = 0; i < MOMENTS; i++) {
        machine_observe(machine, i % 3 == 2 ? NULL : &observer);
        run_to(machine, (i + 1) * STRETCH);
        compare(machine, i);
    }
    ck_assert_uint_gt(seen_insns, STRETCH);
    ck_assert_uint_gt(seen_accesses, STRETCH / 10);
    ck_assert_uint_gt(seen_steps, 1000);
    machine_free(machine);
}
END_TEST

START_TEST(in_pieces_of_any_size)
{
    struct machine *machine = scripted(NULL);
    for (unsigned i = 0; i < MOMENTS; i++) {
        while (machine_count(machine) < (i + 1) * STRETCH) {
            struct machine_limit limit = MACHINE_NO_LIMIT;
            limit.count = (i + 1) * STRETCH;
            limit.tick = machine->clock.s.now + random_below(1u << random_below(18));
            machine_run(machine, limit);
        }
        compare(machine, i);
    }
    machine_free(machine);
}
END_TEST

/* Stopped after each micro-step of every delivery and return, for a while. */
START_TEST(step_by_step)
{
    struct machine *machine = scripted(NULL);
    run_to(machine, 2 * STRETCH - 20000);
    while (machine_count(machine) < 2 * STRETCH) {
        struct machine_limit limit = MACHINE_NO_LIMIT;
        limit.count = machine_count(machine);
        limit.micro = machine->cpu->ops->micro(machine->cpu) + 1;
        ck_assert_int_eq(machine_run(machine, limit).reason, MACHINE_LIMIT);
    }
    compare(machine, 1);
    machine_free(machine);
}
END_TEST

/* Into a machine that was just switched on, at random moments, most of them inside a delivery. */
START_TEST(saved_and_restored)
{
    struct machine *machine = scripted(NULL);
    const char *why;
    for (unsigned i = 0; i < MOMENTS; i++) {
        struct machine_limit limit = MACHINE_NO_LIMIT;
        limit.count = i * STRETCH + 1 + random_below(STRETCH - 1);
        limit.micro = (uint32_t)random_below(12);
        machine_run(machine, limit);
        FILE *file = tmpfile();
        ck_assert(savefile_write(machine, fileno(file), &why));
        ck_assert_int_eq(lseek(fileno(file), 0, SEEK_SET), 0);
        struct machine *next = scripted(NULL);
        uint64_t next_input = machine->input.s.next;
        bool done = savefile_read(next, fileno(file), &why);
        ck_assert_msg(done, "%s", why);
        ck_assert_uint_eq(machine_hash(next), machine_hash(machine));
        input_free(&next->input); /* the log goes on in the new machine */
        next->input.log = machine->input.log;
        next->input.used = machine->input.used;
        next->input.room = machine->input.room;
        next->input.base = 0;
        ck_assert_uint_eq(next->input.s.next, next_input);
        machine->input.log = NULL;
        machine_free(machine);
        fclose(file);
        machine = next;
        run_to(machine, (i + 1) * STRETCH);
        compare(machine, i);
    }
    machine_free(machine);
}
END_TEST

START_TEST(back_and_forward_again)
{
    struct machine *machine = scripted(NULL);
    struct timeline *timeline =
        timeline_create(machine, (struct timeline_config){.interval = 150000});
    for (unsigned i = 0; i < MOMENTS; i++) {
        struct machine_limit limit = MACHINE_NO_LIMIT;
        limit.count = (i + 1) * STRETCH;
        ck_assert_int_eq(timeline_run(timeline, limit).reason, MACHINE_LIMIT);
        compare(machine, i);
        for (unsigned k = 0; k < 6; k++) {
            uint64_t back = random_below(k % 2 == 0 ? 100 : limit.count);
            timeline_seek(timeline, TIMELINE_AT_COUNT(limit.count - back));
            ck_assert_uint_eq(machine_count(machine), limit.count - back);
            ck_assert_int_eq(timeline_run(timeline, limit).reason, MACHINE_LIMIT);
            compare(machine, i);
        }
    }
    for (unsigned k = 0; k < 60; k++) {
        unsigned i = (unsigned)random_below(MOMENTS);
        timeline_seek(timeline, moment[i].at);
        compare(machine, i);
    }
    timeline_free(timeline);
    machine_free(machine);
}
END_TEST

/* Keys typed live between pieces of random length; the log goes through a file. */
START_TEST(recorded_and_replayed)
{
    const char *why;
    struct machine *machine = switch_on(NULL);
    ck_assert(input_post(&machine->input, INPUT_DATE, 1700000000));
    for (const char *key = subject->session; *key != '\0';) {
        struct machine_limit limit = MACHINE_NO_LIMIT;
        limit.tick = machine->clock.s.now + random_below(2 * subject->key_distance);
        machine_run(machine, limit);
        if (machine->clock.s.now > subject->first_key)
            ck_assert(input_post(&machine->input, INPUT_COM1, (uint8_t)*key++));
    }
    run_to(machine, machine_count(machine) + STRETCH);
    struct input_session written = {1, machine->clock.s.now, machine_hash(machine), 1}, read;
    FILE *file = tmpfile();
    ck_assert(input_write(&machine->input, &written, fileno(file), &why));
    ck_assert_int_eq(lseek(fileno(file), 0, SEEK_SET), 0);
    struct machine *replay = switch_on(NULL);
    ck_assert(input_read(&replay->input, &read, fileno(file), &why));
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.tick = read.end;
    machine_run(replay, limit);
    ck_assert_uint_eq(machine_hash(replay), read.hash);
    ck_assert_int_eq(timeline_compare(position(replay), position(machine)), 0);
    fclose(file);
    machine_free(machine);
    machine_free(replay);
}
END_TEST

int replay_run(const struct replay_subject *which)
{
    subject = which;
    Suite *suite = suite_create(which->name);
    TCase *tcase = tcase_create(which->name);
    tcase_add_unchecked_fixture(tcase, prepare, NULL);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, the_session_is_worth_comparing);
    tcase_add_test(tcase, the_same_twice);
    tcase_add_test(tcase, observed_and_not);
    tcase_add_test(tcase, in_pieces_of_any_size);
    tcase_add_test(tcase, step_by_step);
    tcase_add_test(tcase, saved_and_restored);
    tcase_add_test(tcase, back_and_forward_again);
    tcase_add_test(tcase, recorded_and_replayed);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
