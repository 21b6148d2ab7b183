/* Unit tests of debugger/story: events in, stories out; the events are written by hand. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/story.h"

#define STACK_A 0x80002000u
#define STACK_B 0x80004000u

static struct {
    unsigned begun, ended;
    struct story last; /* the last one that ended */
} told;

static void tell(void *context, struct story *story, enum story_news news, unsigned passed)
{
    (void)context;
    (void)passed;
    told.begun += news == STORY_BEGINS;
    told.ended += news == STORY_ENDS;
    if (news == STORY_ENDS)
        told.last = *story;
}

static struct story_flow flow;

static void begin(void)
{
    memset(&told, 0, sizeof told);
    story_flow_init(&flow, 8192, tell, NULL);
}

static void feed(enum trace_kind kind, ticks tick, struct trace_event event)
{
    event.kind = (uint8_t)kind;
    event.tick = tick;
    story_feed(&flow, &event);
}

static void trap(ticks tick, uint32_t vector, uint32_t pc, unsigned cpl)
{
    feed(TRACE_TRAP, tick, (struct trace_event){.vector = vector, .addr = pc, .old = cpl});
}

static void entered(ticks tick, uint32_t sp)
{
    feed(TRACE_ENTERED, tick, (struct trace_event){.addr = 0x80100000, .b = sp});
}

static void passes(ticks tick, unsigned number, uint32_t sp)
{
    feed(TRACE_WAYPOINT, tick, (struct trace_event){.value = number, .b = sp, .addr = 0x80100100});
}

static void wrote(uint32_t pc, uint32_t address, uint32_t size, uint32_t value, ticks tick)
{
    story_write(&flow, &(struct story_access){.pc = pc,
                                              .address = address,
                                              .size = size,
                                              .value = value,
                                              .tick = tick,
                                              .count = tick / 2});
}

static void comes_back(ticks tick, ticks end, uint32_t sp, unsigned from, unsigned to)
{
    feed(TRACE_RETURN, tick, (struct trace_event){.b = sp, .old = from});
    feed(TRACE_RETURNED, end, (struct trace_event){.addr = 0x1002, .value = to});
}

START_TEST(one_call_from_stub_to_return)
{
    begin();
    feed(TRACE_WAYPOINT, 99, (struct trace_event){.value = PHASE_USER, .addr = 0xffb});
    trap(100, 64, 0x1002, 3);
    entered(171, STACK_A - 20);
    passes(200, PHASE_TRAP, STACK_A - 80);
    passes(210, PHASE_DISPATCH, STACK_A - 100);
    passes(220, PHASE_HANDLER, STACK_A - 120);
    passes(500, PHASE_RESTORE, STACK_A - 76);
    comes_back(520, 556, STACK_A - 20, 0, 3);
    ck_assert_uint_eq(told.begun, 1);
    ck_assert_uint_eq(told.ended, 1);
    ck_assert_int_eq(told.last.end, STORY_RETURNED);
    ck_assert_uint_eq(story_ticks(&told.last, PHASE_USER, 0), 1);
    ck_assert_uint_eq(story_ticks(&told.last, PHASE_GATE, 0), 71);
    ck_assert_uint_eq(story_ticks(&told.last, PHASE_HANDLER, 0), 280);
    ck_assert_uint_eq(story_ticks(&told.last, PHASE_RETURN, 0), 36);
    struct story_sums sums = story_sums(&told.last, 0);
    ck_assert_uint_eq(sums.hardware, 107);
    ck_assert_uint_eq(sums.kernel, 280);
    ck_assert_uint_eq(sums.hardware + sums.code + sums.kernel, 456);
    ck_assert_uint_eq(flow.used, 0);
    story_flow_free(&flow);
}
END_TEST

START_TEST(an_interrupt_inside_is_counted_and_its_stages_are_not_taken)
{
    begin();
    trap(100, 64, 0x1002, 3);
    entered(171, STACK_A - 20);
    passes(180, PHASE_HANDLER, STACK_A - 120);
    trap(200, 32, 0x80100500, 0);
    entered(255, STACK_A - 300);
    passes(260, PHASE_RESTORE, STACK_A - 400); /* the interrupt's own */
    comes_back(280, 300, STACK_A - 300, 0, 0);
    passes(400, PHASE_RESTORE, STACK_A - 76);
    comes_back(420, 456, STACK_A - 20, 0, 3);
    ck_assert_uint_eq(told.last.interrupts, 1);
    ck_assert_uint_eq(told.last.interrupted, 100);
    ck_assert_uint_eq(told.last.mark[PHASE_RESTORE].begin, 400);
    story_flow_free(&flow);
}
END_TEST

START_TEST(two_processes_by_turns)
{
    begin();
    trap(100, 64, 0x1002, 3);
    entered(171, STACK_A - 20);
    passes(180, PHASE_HANDLER, STACK_A - 120);
    /* A sleeps; B is in user mode, calls and returns; then A goes on. */
    comes_back(200, 236, STACK_B - 20, 0, 3);
    trap(300, 64, 0x2002, 3);
    entered(371, STACK_B - 20);
    comes_back(400, 436, STACK_B - 20, 0, 3);
    ck_assert_uint_eq(told.ended, 1);
    ck_assert_uint_eq(told.last.tick, 300);
    passes(600, PHASE_RESTORE, STACK_A - 76);
    comes_back(620, 656, STACK_A - 20, 0, 3);
    ck_assert_uint_eq(told.ended, 2);
    ck_assert_uint_eq(told.last.tick, 100);
    ck_assert_uint_eq(told.last.away, 600 - 236);
    story_flow_free(&flow);
}
END_TEST

/* MIPS: the exception leaves the stack pointer alone, entry code changes it and stores the frame in
 * its own order; RFE comes when it is the program's again. */
START_TEST(a_kernel_that_changes_the_stack_itself)
{
    begin();
    flow.big_endian = true;
    feed(TRACE_TRAP, 100,
         (struct trace_event){.vector = 8, .addr = 0x1000, .b = 0x7fff0000, .old = 1});
    entered(102, 0x7fff0000);
    wrote(0x80000100, STACK_A - 16, 4, 0x11111111, 104);
    wrote(0x80000104, STACK_A - 64, 4, 0x22222222, 105);
    /* The entry code itself is interrupted, by a refill, before the stack is known. */
    trap(106, 2, 0x80000108, 0);
    entered(107, STACK_A - 80);
    comes_back(108, 109, STACK_A - 80, 0, 0);
    passes(110, PHASE_TRAP, STACK_A - 80);
    wrote(0x80000200, STACK_A - 16 + 1, 1, 0xab, 120);
    passes(130, PHASE_RESTORE, STACK_A - 80);
    /* A new process comes out of the kernel meanwhile: no story of its own, and not this one's end.
     */
    passes(132, PHASE_RESTORE, STACK_B - 80);
    comes_back(134, 135, 0x7fff0000, 0, 1);
    ck_assert_uint_eq(told.ended, 0);
    passes(140, PHASE_RESTORE, STACK_A - 80);
    comes_back(150, 151, 0x7ffe0000, 0, 1); /* behind an exec: another stack pointer */
    ck_assert_uint_eq(told.ended, 1);
    ck_assert_int_eq(told.last.end, STORY_RETURNED);
    ck_assert_uint_eq(told.last.kernel_sp, STACK_A - 80);
    ck_assert_uint_eq(told.last.words, 2);
    ck_assert_uint_eq(told.last.word[0].value, 0x11111111);
    ck_assert_uint_eq(told.last.word[0].now, 0x11ab1111);
    ck_assert_uint_eq(told.last.word[1].address, STACK_A - 64);
    ck_assert_uint_eq(told.last.interrupts, 1);
    ck_assert_uint_eq(flow.used, 0);
    story_flow_free(&flow);
}
END_TEST

/* Two processors: what one does is not the other's. */
START_TEST(processors_have_lanes)
{
    begin();
    trap(100, 64, 0x1002, 3);
    feed(TRACE_TRAP, 101, (struct trace_event){.vector = 64, .addr = 0x2002, .old = 3, .cpu = 1});
    entered(171, STACK_A - 20);
    feed(TRACE_ENTERED, 172, (struct trace_event){.addr = 0x80100000, .b = STACK_B - 20, .cpu = 1});
    feed(TRACE_RETURN, 180, (struct trace_event){.b = STACK_B - 20, .cpu = 1});
    comes_back(182, 190, STACK_A - 20, 0, 3);
    ck_assert_uint_eq(told.last.tick, 100);
    feed(TRACE_RETURNED, 200, (struct trace_event){.addr = 0x2002, .value = 3, .cpu = 1});
    ck_assert_uint_eq(told.ended, 2);
    ck_assert_uint_eq(told.last.tick, 101);
    ck_assert_uint_eq(told.last.cpu, 1);
    ck_assert_uint_eq(told.last.away, 0);
    story_flow_free(&flow);
}
END_TEST

START_TEST(a_refused_delivery_is_a_story_of_its_own)
{
    begin();
    trap(100, 65, 0x1002, 3);
    feed(TRACE_FAULTED, 105, (struct trace_event){.vector = 13, .value = 0x20a});
    ck_assert_int_eq(told.last.end, STORY_REFUSED);
    ck_assert_uint_eq(told.last.refused_vector, 13);
    ck_assert_uint_eq(told.last.refused_error, 0x20a);
    trap(105, 13, 0x1000, 3);
    entered(176, STACK_A - 24); /* with an error code, gone when IRET begins */
    comes_back(300, 336, STACK_A - 20, 0, 3);
    ck_assert_int_eq(told.last.end, STORY_RETURNED);
    ck_assert_uint_eq(told.last.vector, 13);
    story_flow_free(&flow);
}
END_TEST

START_TEST(words_have_authors_and_changes)
{
    begin();
    trap(100, 64, 0x1002, 3);
    for (uint32_t i = 1; i <= 5; i++)
        feed(TRACE_STEP, 100 + i,
             (struct trace_event){
                 .flags = TRACE_WRITE, .size = 4, .step = 7, .addr = STACK_A - 4 * i, .value = i});
    entered(171, STACK_A - 20);
    wrote(0x80100000, STACK_A - 24, 4, 64, 172);
    wrote(0x80100001, STACK_A - 99, 4, 1, 173); /* elsewhere: no word of the frame */
    passes(200, PHASE_TRAP, STACK_A - 80);
    wrote(0x80100444, STACK_A - 24, 1, 0xff, 300);
    comes_back(420, 456, STACK_A - 20, 0, 3);
    ck_assert_uint_eq(told.last.words, 6);
    ck_assert_uint_eq(told.last.word[0].step, 7);
    ck_assert_uint_eq(told.last.word[5].step, 0);
    ck_assert_uint_eq(told.last.word[5].pc, 0x80100000);
    ck_assert_uint_eq(told.last.word[5].value, 64);
    ck_assert_uint_eq(told.last.word[5].now, 0xff);
    ck_assert_uint_eq(told.last.word[5].changed_pc, 0x80100444);
    ck_assert_uint_eq(told.last.word[5].count, 86);
    ck_assert_uint_eq(told.last.word[5].changed_count, 150);
    story_flow_free(&flow);
}
END_TEST

START_TEST(a_call_that_never_returns)
{
    begin();
    trap(100, 64, 0x1002, 3);
    entered(171, STACK_A - 20);
    passes(180, PHASE_HANDLER, STACK_A - 120);
    trap(900, 64, 0x2002, 3);
    entered(971, STACK_A - 20); /* the same stack serves another process now */
    ck_assert_uint_eq(told.ended, 1);
    ck_assert_int_eq(told.last.end, STORY_LEFT);
    ck_assert(!story_phase_ends(&told.last, PHASE_HANDLER));
    ck_assert(story_phase_ends(&told.last, PHASE_GATE));
    story_flow_free(&flow);
}
END_TEST

START_TEST(more_stories_than_there_is_room_for)
{
    begin();
    for (uint32_t i = 0; i < 3 * STORY_OPEN; i++) {
        trap(100 * i, 64, 0x1002, 3);
        entered(100 * i + 71, 0x80000000u + i * 0x10000);
    }
    ck_assert_uint_eq(flow.used, STORY_OPEN);
    ck_assert_uint_eq(told.ended, 2 * STORY_OPEN);
    story_flow_free(&flow);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("story");
    TCase *tcase = tcase_create("story");
    tcase_add_test(tcase, one_call_from_stub_to_return);
    tcase_add_test(tcase, an_interrupt_inside_is_counted_and_its_stages_are_not_taken);
    tcase_add_test(tcase, two_processes_by_turns);
    tcase_add_test(tcase, a_kernel_that_changes_the_stack_itself);
    tcase_add_test(tcase, processors_have_lanes);
    tcase_add_test(tcase, a_refused_delivery_is_a_story_of_its_own);
    tcase_add_test(tcase, words_have_authors_and_changes);
    tcase_add_test(tcase, a_call_that_never_returns);
    tcase_add_test(tcase, more_stories_than_there_is_room_for);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
