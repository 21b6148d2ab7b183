/* Unit tests of debugger/gui/landmarks and timebar: what has happened, and where it is drawn. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/x86/x86.h"
#include "debugger/gui/timebar.h"
#include "tests/guests/clockwork.h"

#define FAR 2000000u /* instructions: some hundred timer interrupts */

static struct machine *machine;
static struct timeline *timeline;
static struct session *session;
static struct landmarks landmarks;

static void note(void *context, struct session *of, const struct trace_event *event)
{
    landmarks_note(context, of, event);
}

static void ran(void *context, struct session *of, struct timeline_position from)
{
    landmarks_ran(context, of, from);
}

static void listen(void)
{
    session->stops.event_hook = note;
    session->stops.ran_hook = ran;
    session->stops.event_context = &landmarks;
}

static void setup(void)
{
    machine = clockwork(NULL);
    timeline = timeline_create(machine, (struct timeline_config){.interval = 50000});
    session = bug_alloc(1, sizeof *session);
    session_init(session, machine, timeline, stdout, stderr);
    landmarks_init(&landmarks, session);
}

static void teardown(void)
{
    landmarks_free(&landmarks);
    session_free(session);
    free(session);
    timeline_free(timeline);
    machine_free(machine);
}

static void run_to(uint64_t count)
{
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.count = count;
    stops_run(session, false, NULL, NULL, limit);
    ck_assert_uint_eq(timeline_now(timeline).count, count);
}

/* What is there now, and nothing from now on. */
struct kept {
    struct landmark *landmark;
    size_t used;
    uint64_t total[LANDMARK_KINDS];
};

static struct kept keep(void)
{
    struct kept kept = {malloc(landmarks.used * sizeof *kept.landmark), landmarks.used, {0}};
    memcpy(kept.landmark, landmarks.landmark, landmarks.used * sizeof *kept.landmark);
    memcpy(kept.total, landmarks.total, sizeof kept.total);
    return kept;
}

static void same_as(const struct kept *kept)
{
    ck_assert_uint_eq(landmarks.used, kept->used);
    for (size_t i = 0; i < kept->used; i++) {
        ck_assert_uint_eq(landmarks.landmark[i].tick, kept->landmark[i].tick);
        ck_assert_uint_eq(landmarks.landmark[i].took, kept->landmark[i].took);
        ck_assert_uint_eq(landmarks.landmark[i].what, kept->landmark[i].what);
        ck_assert_uint_eq(landmarks.landmark[i].kind, kept->landmark[i].kind);
    }
    ck_assert_mem_eq(landmarks.total, kept->total, sizeof kept->total);
}

static void ascending(void)
{
    for (size_t i = 1; i < landmarks.used; i++)
        ck_assert_uint_le(landmarks.landmark[i - 1].tick, landmarks.landmark[i].tick);
}

static void begin_again(void)
{
    teardown();
    setup();
}

START_TEST(watched_or_caught_up_with_it_is_the_same)
{
    listen();
    run_to(FAR);
    ck_assert_uint_gt(landmarks.total[LANDMARK_IRQ], 100);
    ck_assert(landmarks_catch_up(&landmarks, session, 0)); /* nothing was missed */
    ascending();
    for (size_t i = 0; i + 1 < landmarks.used; i++) { /* the clockwork's handlers are short */
        ck_assert_uint_gt(landmarks.landmark[i].took, 10);
        ck_assert_uint_lt(landmarks.landmark[i].took, 100000);
    }
    struct kept kept = keep();
    begin_again();
    run_to(FAR);
    ck_assert_uint_eq(landmarks.used, 0);
    struct timeline_position before = timeline_now(timeline);
    ck_assert(!landmarks_catch_up(&landmarks, session, 0));
    unsigned rounds = 1;
    while (!landmarks_catch_up(&landmarks, session, 30000)) {
        rounds++;
        ck_assert_int_eq(timeline_compare(timeline_now(timeline), before), 0);
    }
    ck_assert_uint_eq(rounds, (FAR + 29999) / 30000);
    same_as(&kept);
    free(kept.landmark);
}
END_TEST

START_TEST(the_way_back_and_on_again_adds_nothing)
{
    listen();
    run_to(FAR);
    struct kept kept = keep();
    stops_goto(session, TIMELINE_AT_COUNT(FAR / 3));
    run_to(FAR / 2);
    run_to(FAR);
    ck_assert(landmarks_catch_up(&landmarks, session, 0));
    same_as(&kept);
    free(kept.landmark);
}
END_TEST

START_TEST(another_future_is_another_list)
{
    listen();
    run_to(FAR);
    stops_goto(session, TIMELINE_AT_COUNT(FAR / 2));
    ticks from = timeline_now(timeline).tick;
    input_post(&machine->input, INPUT_COM1, 'x'); /* one interrupt more */
    run_to(FAR / 2 + 5000);
    while (!landmarks_catch_up(&landmarks, session, UINT64_MAX))
        ;
    ascending();
    ck_assert_uint_gt(landmarks.used, 0);
    ck_assert_uint_le(landmarks.landmark[landmarks.used - 1].tick, timeline_now(timeline).tick);
    bool serial = false;
    for (size_t i = landmarks_at(&landmarks, from); i < landmarks.used; i++)
        serial |= landmarks.landmark[i].kind == LANDMARK_IRQ && landmarks.landmark[i].what == 0x0c;
    ck_assert(serial);
    run_to(FAR);
    struct kept kept = keep();
    landmarks_free(&landmarks); /* a window that is opened now */
    landmarks_init(&landmarks, session);
    landmarks.covered = timeline_origin(timeline).count;
    while (!landmarks_catch_up(&landmarks, session, UINT64_MAX))
        ;
    same_as(&kept);
    free(kept.landmark);
}
END_TEST

static void fault(ticks tick)
{
    struct trace_event event = {.tick = tick,
                                .count = tick,
                                .kind = TRACE_TRAP,
                                .vector = 14,
                                .a = X86_CAUSE_FAULT,
                                .addr = 0x1000};
    landmarks_note(&landmarks, session, &event);
}

START_TEST(millions_are_thinned_and_the_newest_kept)
{
    const ticks all = LANDMARK_MOST + 5000;
    for (ticks tick = 1; tick <= all; tick++)
        fault(tick);
    ck_assert(landmarks.thinned);
    ck_assert_uint_le(landmarks.used, LANDMARK_MOST);
    ck_assert_uint_gt(landmarks.used, LANDMARK_MOST / 2);
    ck_assert_uint_eq(landmarks.total[LANDMARK_FAULT], all); /* it says how many there were */
    ascending();
    for (ticks back = 0; back < LANDMARK_MOST / 2; back += 1000)
        ck_assert_uint_eq(landmarks.landmark[landmarks.used - 1 - back].tick, all - back);
}
END_TEST

START_TEST(the_first_at_a_tick_or_behind_it)
{
    ck_assert_uint_eq(landmarks_at(&landmarks, 5), 0);
    for (unsigned i = 0; i < 50; i++)
        fault(10 + 3 * (i / 2)); /* one and the same is noted once */
    ck_assert_uint_eq(landmarks.used, 25);
    for (ticks tick = 0; tick < 100; tick++) {
        size_t i = 0;
        while (i < landmarks.used && landmarks.landmark[i].tick < tick)
            i++;
        ck_assert_uint_eq(landmarks_at(&landmarks, tick), i);
    }
    ck_assert_uint_eq(landmarks_at(&landmarks, CLOCK_NEVER), 25);
}
END_TEST

/* Two processes of two programs: 3 begins first; a kernel's own interrupt, which is no answer. */
static const struct landmark history[] = {
    {.tick = 100, .took = 10, .kind = LANDMARK_CALL, .user = 1, .who = 1},
    {.tick = 200, .took = UINT32_MAX, .kind = LANDMARK_CALL, .user = 1, .who = 1},
    {.tick = 210, .kind = LANDMARK_SWITCH, .who = 2},
    {.tick = 300, .took = 20, .kind = LANDMARK_IRQ, .user = 1, .who = 2},
    {.tick = 310, .took = 5, .kind = LANDMARK_IRQ, .user = 0, .who = 1},
    {.tick = 400, .kind = LANDMARK_SWITCH, .who = 3},
};

static void tell(void)
{
    static const struct image *const one = (const void *)"one", *const two = (const void *)"two";
    landmarks.landmark = bug_alloc(8, sizeof *landmarks.landmark);
    memcpy(landmarks.landmark, history, sizeof history);
    landmarks.used = 6;
    landmarks.room = 8;
    landmarks.processes = 4;
    landmarks.process[1] = (struct landmark_process){3, "one", one};
    landmarks.process[2] = (struct landmark_process){4, "two", two};
    landmarks.process[3] = (struct landmark_process){5, "two", two};
    landmarks.first.tick = 50;
    landmarks.first.who = 1;
    landmarks.covered = 1000;
}

static struct trap_answer ask(int64_t pid, const struct image *program, bool calls, ticks before)
{
    struct trap_question question = {{before, 1000, 0}, pid, program, calls};
    struct trap_answer answer;
    ck_assert(landmarks_last_trap(&landmarks, &question, &answer));
    return answer;
}

static void is(struct trap_answer answer, ticks trap, ticks ran)
{
    ck_assert_int_eq(answer.any, trap != CLOCK_NEVER);
    if (answer.any)
        ck_assert_uint_eq(answer.trap, trap);
    ck_assert_uint_eq(answer.ran, ran);
}

START_TEST(the_last_trap_of_a_process_or_program)
{
    tell();
    const struct image *two = landmarks.process[2].image;
    is(ask(3, NULL, false, 200), 100, 110);
    is(ask(3, NULL, false, 1000), 200, 200); /* which is not over */
    is(ask(4, NULL, false, 1000), 300, 320);
    is(ask(4, NULL, true, 1000), CLOCK_NEVER, 210); /* no call, but it has run */
    is(ask(4, NULL, false, 205), CLOCK_NEVER, 205);
    is(ask(5, NULL, false, 1000), CLOCK_NEVER, 400);
    is(ask(3, NULL, false, 100), CLOCK_NEVER, 50); /* the first of all is switched to by nobody */
    is(ask(-1, NULL, false, 1000), 300, 300);
    is(ask(-1, NULL, true, 1000), 200, 200);
    is(ask(-1, two, false, 1000), 300, 300);
    is(ask(-1, two, true, 1000), CLOCK_NEVER, 210);
}
END_TEST

static void is_not_known(ticks before, uint64_t count)
{
    struct trap_question question = {{before, count, 0}, 9, NULL, false};
    struct trap_answer answer;
    ck_assert(!landmarks_last_trap(&landmarks, &question, &answer));
}

START_TEST(a_list_with_gaps_does_not_answer)
{
    tell();
    is_not_known(1000, 1001); /* beyond what it covers */
    landmarks.thinned = true;
    is_not_known(1000, 1000);
    landmarks.thinned = false;
    landmarks.patched = true;
    is_not_known(1000, 1000);
    is(ask(3, NULL, false, 200), 100, 110); /* what it has, it has */
    landmarks.processes = LANDMARK_PROCESSES;
    is_not_known(1000, 1000);
}
END_TEST

/* --- the timebar ------------------------------------------------------------------------------ */

static struct view view;

static void look_at(ticks now, ticks frontier)
{
    view_init(&view);
    view.now.tick = now;
    view.frontier.tick = frontier;
}

START_TEST(a_pixel_has_a_tick_and_none_is_left_out)
{
    static const int widths[] = {-5, 0, 1, 2, 100, 1280, 16384};
    static const ticks lengths[] = {1, 8, 999, UINT64_C(1) << 40, UINT64_C(1) << 62};
    for (unsigned i = 0; i < 7; i++)
        for (unsigned j = 0; j < 5; j++) {
            struct timebar bar = {false, 1000, 1000 + lengths[j]};
            struct box box = {10, 0, widths[i], 1};
            ticks before = bar.from;
            ck_assert_uint_eq(timebar_tick(&bar, box, -1000000), bar.from);
            for (int x = box.x; x <= box.x + widths[i]; x++) {
                ticks tick = timebar_tick(&bar, box, x);
                ck_assert_uint_ge(tick, before);
                ck_assert_uint_le(tick, bar.to);
                if (widths[i] > 0)
                    ck_assert_uint_le(tick - before, lengths[j] / (ticks)widths[i] + 1);
                before = tick;
            }
        }
}
END_TEST

START_TEST(closer_and_farther_keep_their_place)
{
    struct box box = {0, 0, 1000, 40};
    look_at(500000, 1000000);
    struct timebar bar = {.all = true};
    timebar_follow(&bar, &view);
    ck_assert_uint_eq(bar.from, 0);
    ck_assert_uint_ge(bar.to, 1000000);
    for (int i = 0; i < 12; i++) {
        ticks there = timebar_tick(&bar, box, 300), length = bar.to - bar.from;
        timebar_zoom(&bar, &view, box, 300, 0.5);
        ticks now = timebar_tick(&bar, box, 300);
        ck_assert_uint_le(now > there ? now - there : there - now, 2 + length / 1000);
        ck_assert_uint_le(bar.to - bar.from, length / 2 + 2);
    }
    for (int i = 0; i < 100; i++)
        timebar_zoom(&bar, &view, box, 300, 0.5);
    ck_assert_uint_ge(bar.to - bar.from, 4);
    for (int i = 0; i < 100; i++)
        timebar_zoom(&bar, &view, box, 999, 2);
    ck_assert(bar.all);
    ck_assert_uint_eq(bar.from, 0);
}
END_TEST

START_TEST(the_present_is_always_in_sight)
{
    uint64_t seed = 5;
    struct timebar bar = {false, 100, 200};
    for (unsigned i = 0; i < 2000; i++) {
        ticks now = random_next(&seed) >> (random_next(&seed) % 60 + 2);
        look_at(now, now + random_next(&seed) % 1000);
        if (i % 3 == 0)
            timebar_zoom(&bar, &view, (struct box){0, 0, (int)(i % 40) - 3, 9}, (int)(i % 50) - 5,
                         i % 2 == 0 ? 0.3 : 3);
        timebar_follow(&bar, &view);
        ck_assert_uint_lt(bar.from, bar.to);
        ck_assert_uint_le(bar.from, now);
        ck_assert_uint_ge(bar.to, now);
    }
}
END_TEST

static size_t drawn(struct timebar bar, struct box box, struct draw_metrics metrics)
{
    struct draw_list list;
    draw_init(&list);
    draw_begin(&list, metrics, 4000, 4000);
    timebar_draw(&bar, &landmarks, session, &view, "", &list, box);
    size_t used = list.used;
    ck_assert_uint_eq(list.clips, 0);
    draw_free(&list);
    return used;
}

START_TEST(a_million_cost_as_much_as_there_are_pixels)
{
    for (ticks tick = 1; tick <= 1000000; tick++)
        fault(tick * 100);
    look_at(50000000, 100000000);
    struct timebar bar = {.all = true};
    timebar_follow(&bar, &view);
    struct draw_metrics cell = {12, 24};
    size_t few = drawn(bar, (struct box){0, 0, 1280, 72}, cell);
    ck_assert_uint_gt(few, 600); /* a column is two pixels */
    ck_assert_uint_lt(few, 4 * 640 + 50);
    for (double factor = 1; factor > 1e-6; factor /= 10) {
        timebar_zoom(&bar, &view, (struct box){0, 0, 1280, 72}, 400, 0.1);
        ck_assert_uint_lt(drawn(bar, (struct box){0, 0, 1280, 72}, cell), 4 * 1280 + 50);
    }
}
END_TEST

START_TEST(any_box_will_do)
{
    static const int sizes[] = {-3, 0, 1, 2, 7, 100, 16384};
    static const int cells[] = {1, 3, 12, 300};
    char words[200];
    for (ticks tick = 1; tick <= 3000; tick++)
        fault(tick * tick);
    look_at(4000, 9000000);
    for (unsigned i = 0; i < 7; i++)
        for (unsigned j = 0; j < 7; j++)
            for (unsigned k = 0; k < 4; k++) {
                struct draw_metrics cell = {cells[k], 2 * cells[k]};
                struct box box = {0, 0, sizes[i], sizes[j]}, inside = timebar_inside(box, cell);
                struct timebar bar = {.all = true};
                timebar_follow(&bar, &view);
                drawn(bar, box, cell);
                timebar_zoom(&bar, &view, inside, sizes[i] / 2, 0.001);
                drawn(bar, box, cell);
                timebar_hint(&bar, &landmarks, session, inside, sizes[i] / 2, words, sizeof words);
                ck_assert(strncmp(words, "tick ", 5) == 0);
                timebar_line(&bar, &view, inside, sizes[i] - 1, words, sizeof words);
                ck_assert(strncmp(words, "goto ", 5) == 0);
            }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("landmarks");
    TCase *tcase = tcase_create("landmarks");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, watched_or_caught_up_with_it_is_the_same);
    tcase_add_test(tcase, the_way_back_and_on_again_adds_nothing);
    tcase_add_test(tcase, another_future_is_another_list);
    tcase_add_test(tcase, millions_are_thinned_and_the_newest_kept);
    tcase_add_test(tcase, the_first_at_a_tick_or_behind_it);
    tcase_add_test(tcase, the_last_trap_of_a_process_or_program);
    tcase_add_test(tcase, a_list_with_gaps_does_not_answer);
    tcase_add_test(tcase, a_pixel_has_a_tick_and_none_is_left_out);
    tcase_add_test(tcase, closer_and_farther_keep_their_place);
    tcase_add_test(tcase, the_present_is_always_in_sight);
    tcase_add_test(tcase, a_million_cost_as_much_as_there_are_pixels);
    tcase_add_test(tcase, any_box_will_do);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
