/* Unit tests of emu/machine/inputlog: delivery, new futures, and files that are hostile. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emu/machine/inputlog.h"

static struct clock timer;
static struct input input;
static char got[64];
static unsigned used;

static void take(void *device, uint32_t value)
{
    ck_assert_ptr_eq(device, &used);
    got[used++] = (char)value;
    got[used] = '\0';
}

static void setup(void)
{
    clock_init(&timer);
    input_init(&input, &timer);
    for (unsigned i = 0; i < INPUT_CHANNELS; i++)
        input_connect(&input, i, take, &used);
    used = 0;
    got[0] = '\0';
}

static void teardown(void)
{
    input_free(&input);
}

static void post(ticks when, char byte)
{
    timer.s.now = when;
    ck_assert(input_post(&input, INPUT_COM1, (uint32_t)byte));
}

START_TEST(arrives_in_order_at_its_tick)
{
    post(10, 'a');
    post(10, 'b');
    post(20, 'c');
    timer.s.now = 9;
    input.s.next = 0;
    ck_assert_uint_eq(input_due(&input), 10);
    input_deliver(&input);
    ck_assert_str_eq(got, "");
    timer.s.now = 10;
    input_deliver(&input);
    ck_assert_str_eq(got, "ab");
    ck_assert_uint_eq(input_due(&input), 20);
    ck_assert(input_pending(&input));
    timer.s.now = 25;
    input_deliver(&input);
    ck_assert_str_eq(got, "abc");
    ck_assert(input_due(&input) == CLOCK_NEVER);
    ck_assert(!input_pending(&input));
}
END_TEST

START_TEST(new_input_in_the_past_makes_a_new_future)
{
    post(10, 'a');
    input_deliver(&input);
    post(20, 'b');
    input_deliver(&input);
    input.s.next = 1; /* a snapshot of tick 15 is restored */
    post(15, 'x');
    ck_assert_uint_eq(input_due(&input), 15);
    input_deliver(&input);
    timer.s.now = 100;
    input_deliver(&input);
    ck_assert_str_eq(got, "abx");
}
END_TEST

START_TEST(forgetting_frees_what_was_delivered)
{
    input.forget = true;
    for (unsigned i = 0; i < 50; i++) {
        post(i, 'a');
        input_deliver(&input);
        ck_assert_uint_eq(input.used, 0);
    }
    ck_assert_uint_eq(input.s.next, 50);
    ck_assert_uint_eq(used, 50);
}
END_TEST

START_TEST(a_cut_keeps_what_was_delivered)
{
    post(10, 'a');
    input_deliver(&input);
    post(20, 'b');
    input_cut(&input);
    ck_assert(!input_pending(&input));
    ck_assert_uint_eq(input.used, 1);
    input_deliver(&input);
    ck_assert_str_eq(got, "a");
}
END_TEST

/* --- files */

static const struct input_session session = {0x1234, 30, 0x5678, 1000};

static int written_file(void)
{
    const char *why;
    FILE *file = tmpfile();
    ck_assert(file != NULL);
    int fd = dup(fileno(file));
    fclose(file);
    timer.s.now = 0;
    ck_assert(input_post(&input, INPUT_DATE, 1000000));
    post(10, 'a');
    post(30, 'b');
    ck_assert(input_write(&input, &session, fd, &why));
    return fd;
}

static bool read_back(int fd, struct input *into, struct input_session *to)
{
    const char *why = NULL;
    ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
    input_init(into, &timer);
    bool done = input_read(into, to, fd, &why);
    ck_assert(done || (why != NULL && into->used == 0));
    return done;
}

START_TEST(a_file_gives_back_what_was_written)
{
    struct input again;
    struct input_session read;
    int fd = written_file();
    ck_assert(read_back(fd, &again, &read));
    ck_assert_uint_eq(again.used, 3);
    ck_assert_mem_eq(again.log, input.log, 3 * sizeof *again.log);
    ck_assert_uint_eq(read.machine, session.machine);
    ck_assert_uint_eq(read.end, session.end);
    ck_assert_uint_eq(read.hash, session.hash);
    input_free(&again);
    close(fd);
}
END_TEST

/* Whatever byte changes and wherever the file ends: it is refused, or says the same but for the
 * four numbers of the header, which are judged by whoever replays. */
START_TEST(a_damaged_file_is_refused)
{
    struct input again;
    struct input_session read;
    int fd = written_file();
    off_t size = lseek(fd, 0, SEEK_END);
    uint8_t bytes[512];
    ck_assert_int_lt(size, (off_t)sizeof bytes);
    ck_assert_int_eq(pread(fd, bytes, (size_t)size, 0), size);
    for (off_t i = 0; i < size; i++) {
        uint8_t wrong = bytes[i] ^ 1;
        ck_assert_int_eq(pwrite(fd, &wrong, 1, i), 1);
        if (read_back(fd, &again, &read)) {
            ck_assert_mem_eq(again.log, input.log, 3 * sizeof *again.log);
            ck_assert(read.machine != session.machine || read.end != session.end ||
                      read.hash != session.hash || read.quantum != session.quantum);
        }
        input_free(&again);
        ck_assert_int_eq(pwrite(fd, &bytes[i], 1, i), 1);
    }
    for (off_t shorter = size - 1; shorter >= 0; shorter--) {
        ck_assert_int_eq(ftruncate(fd, shorter), 0);
        ck_assert(!read_back(fd, &again, &read));
        input_free(&again);
    }
    close(fd);
}
END_TEST

START_TEST(bytes_behind_the_end_are_refused)
{
    struct input again;
    struct input_session read;
    int fd = written_file();
    ck_assert_int_eq(write(fd, "x", 1), 1);
    ck_assert(!read_back(fd, &again, &read));
    input_free(&again);
    close(fd);
}
END_TEST

/* Right checksum, wrong content: what only a hostile writer makes. */
static void refuse_entry(ticks tick, uint32_t channel)
{
    struct input again;
    struct input_session read;
    const char *why;
    FILE *file = tmpfile();
    input.used = 0;
    timer.s.now = 0;
    ck_assert(input_post(&input, INPUT_DATE, 1));
    post(20, 'a');
    post(20, 'a');
    input.log[2].tick = tick;
    input.log[2].channel = channel;
    ck_assert(input_write(&input, &session, fileno(file), &why));
    ck_assert(!read_back(fileno(file), &again, &read));
    input_free(&again);
    fclose(file);
}

START_TEST(nonsense_is_refused)
{
    refuse_entry(19, INPUT_COM1);     /* earlier than the one before */
    refuse_entry(31, INPUT_COM1);     /* later than the end of the session */
    refuse_entry(20, INPUT_CHANNELS); /* no such channel */
    refuse_entry(20, INPUT_DATE);     /* a second date */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inputlog");
    TCase *tcase = tcase_create("inputlog");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, arrives_in_order_at_its_tick);
    tcase_add_test(tcase, new_input_in_the_past_makes_a_new_future);
    tcase_add_test(tcase, forgetting_frees_what_was_delivered);
    tcase_add_test(tcase, a_cut_keeps_what_was_delivered);
    tcase_add_test(tcase, a_file_gives_back_what_was_written);
    tcase_add_test(tcase, a_damaged_file_is_refused);
    tcase_add_test(tcase, bytes_behind_the_end_are_refused);
    tcase_add_test(tcase, nonsense_is_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
