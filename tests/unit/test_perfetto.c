/* Unit tests of debugger/perfetto: what comes out is JSON, with every phase inside its trap. */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "debugger/perfetto.h"

static char written[16384];

/* A call that passes all phases, each 10 ticks after the last. */
static struct story call_of(ticks begin)
{
    struct story story = {.tick = begin + 10, .vector = 64, .end = STORY_RETURNED};
    for (unsigned phase = 0; phase < STORY_PHASES; phase++)
        story.mark[phase] = (struct story_mark){.there = true, .begin = begin + 10 * phase};
    story.ended = begin + 10 * STORY_PHASES;
    return story;
}

static json_t *trace_of(const struct perfetto_trap *trap, unsigned traps)
{
    static const char *const symbols[STORY_PHASES] = {"write", "write", "vector64"};
    struct perfetto perfetto;
    json_error_t error;
    memset(written, 0, sizeof written);
    FILE *file = fmemopen(written, sizeof written - 1, "w");
    ck_assert_ptr_nonnull(file);
    perfetto_begin(&perfetto, file);
    for (unsigned i = 0; i < traps; i++) {
        struct perfetto_trap one = trap[i];
        one.symbol = symbols;
        perfetto_add(&perfetto, &one);
    }
    perfetto_end(&perfetto);
    ck_assert_int_eq(fclose(file), 0);
    json_t *root = json_loads(written, 0, &error);
    ck_assert_msg(root != NULL, "%s in %s", error.text, written);
    return root;
}

static json_int_t number(const json_t *event, const char *key)
{
    ck_assert_msg(json_is_integer(json_object_get(event, key)), "%s is no number", key);
    return json_integer_value(json_object_get(event, key));
}

static const char *word(const json_t *event, const char *key)
{
    ck_assert_msg(json_is_string(json_object_get(event, key)), "%s is no text", key);
    return json_string_value(json_object_get(event, key));
}

START_TEST(phases_lie_inside_their_trap)
{
    struct story story = call_of(1000);
    struct perfetto_trap trap = {
        .pid = 3, .program = "hello", .name = "write", .heading = "write(1)", .story = &story};
    json_t *root = trace_of(&trap, 1), *events = json_object_get(root, "traceEvents"), *event;
    size_t index, phases = 0;
    json_int_t begin = 0, end = 0, last = 0;
    json_array_foreach(events, index, event)
    {
        ck_assert_int_eq(number(event, "pid"), 3);
        if (strcmp(word(event, "ph"), "M") == 0)
            continue;
        ck_assert_str_eq(word(event, "ph"), "X");
        if (strcmp(word(event, "cat"), "trap") == 0) {
            ck_assert_str_eq(word(event, "name"), "write");
            begin = number(event, "ts");
            end = begin + number(event, "dur");
            continue;
        }
        ck_assert_str_eq(word(event, "name"), story_phase_name(phases++));
        ck_assert_int_ge(number(event, "ts"), begin);
        ck_assert_int_ge(number(event, "ts"), last);
        last = number(event, "ts") + number(event, "dur");
        ck_assert_int_le(last, end);
    }
    ck_assert_uint_eq(phases, STORY_PHASES);
    ck_assert_int_eq(begin, 1000);
    ck_assert_int_eq(end, 1080);
    json_decref(root);
}
END_TEST

START_TEST(a_call_that_is_open_ends_now)
{
    struct story story = call_of(1000);
    story.end = STORY_OPEN_STILL;
    story.mark[PHASE_RESTORE].there = story.mark[PHASE_RETURN].there = false;
    struct perfetto_trap trap = {.pid = 3,
                                 .program = "hello",
                                 .name = "read",
                                 .heading = "read(0)",
                                 .story = &story,
                                 .now = 5000};
    json_t *root = trace_of(&trap, 1), *events = json_object_get(root, "traceEvents");
    const json_t *whole = json_array_get(events, 2),
                 *handler = json_array_get(events, json_array_size(events) - 1);
    ck_assert_int_eq(number(whole, "dur"), 4000);
    ck_assert_str_eq(word(handler, "name"), "handler");
    ck_assert_int_eq(number(handler, "ts") + number(handler, "dur"), 5000);
    json_decref(root);
}
END_TEST

START_TEST(tracks_are_named_once_a_program)
{
    struct story story = call_of(1000);
    struct perfetto_trap traps[4];
    const char *const programs[4] = {"sh", "sh", "cat", "cat"};
    unsigned names = 0;
    size_t index;
    for (unsigned i = 0; i < 4; i++)
        traps[i] = (struct perfetto_trap){
            .pid = 4, .program = programs[i], .name = "x", .heading = "x", .story = &story};
    json_t *root = trace_of(traps, 4), *event;
    json_array_foreach(json_object_get(root, "traceEvents"), index, event) names +=
        strcmp(word(event, "name"), "process_name") == 0;
    ck_assert_uint_eq(names, 2);
    json_decref(root);
}
END_TEST

START_TEST(any_bytes_of_the_guest_leave_it_json)
{
    struct story story = call_of(1);
    struct perfetto_trap trap = {.pid = -1,
                                 .program = "\xff\"}]\x1b",
                                 .name = "\\\"\n",
                                 .heading = "\xc3(\x01",
                                 .story = &story};
    json_t *root = trace_of(&trap, 1);
    ck_assert_ptr_null(strchr(written, '\xff'));
    ck_assert_ptr_null(strchr(written, '\x1b'));
    json_decref(root);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("perfetto");
    TCase *tests = tcase_create("perfetto");
    tcase_add_test(tests, phases_lie_inside_their_trap);
    tcase_add_test(tests, a_call_that_is_open_ends_now);
    tcase_add_test(tests, tracks_are_named_once_a_program);
    tcase_add_test(tests, any_bytes_of_the_guest_leave_it_json);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
