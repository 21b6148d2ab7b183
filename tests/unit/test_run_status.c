/* Unit tests of debugger/cmd_run: what Turnstile writes to the debug-exit port becomes a status. */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "debugger/cmd_run.h"
#include "debugger/options.h"

static struct drive drive;

static int status_of(enum machine_stop_reason reason, uint64_t value)
{
    drive.stop = (struct machine_stop){reason, value};
    return run_status(&drive, DRIVE_STOP, "test");
}

START_TEST(a_wait_status_is_exit_code_and_signal)
{
    ck_assert_int_eq(status_of(MACHINE_DEBUG_EXIT, 0), 0);
    ck_assert_int_eq(status_of(MACHINE_DEBUG_EXIT, 42 << 8), 42);
    ck_assert_int_eq(status_of(MACHINE_DEBUG_EXIT, 255 << 8), 255);
    ck_assert_int_eq(status_of(MACHINE_DEBUG_EXIT, 11), 128 + 11);
    ck_assert_int_eq(status_of(MACHINE_DEBUG_EXIT, 7 << 8 | 9), 128 + 9);
    ck_assert_int_eq(status_of(MACHINE_DEBUG_EXIT, 127 << 8), EXIT_NOT_FOUND);
    ck_assert_int_eq(status_of(MACHINE_DEBUG_EXIT, 126 << 8), EXIT_NOT_RUNNABLE);
}
END_TEST

START_TEST(a_panic_is_our_trouble)
{
    ck_assert_int_eq(status_of(MACHINE_DEBUG_EXIT, 0x80000000), EXIT_TROUBLE);
    ck_assert_int_eq(status_of(MACHINE_DEBUG_EXIT, 0x80000000 | 42 << 8), EXIT_TROUBLE);
}
END_TEST

START_TEST(switched_off_is_fine)
{
    ck_assert_int_eq(status_of(MACHINE_POWER_OFF, 0), 0);
}
END_TEST

START_TEST(every_other_end_has_its_status)
{
    static const struct {
        enum drive_end end;
        int status;
    } expected[] = {
        {DRIVE_INSN_LIMIT, 124}, {DRIVE_TIMEOUT, 124},      {DRIVE_OUTPUT_LIMIT, 124},
        {DRIVE_STUCK, 125},      {DRIVE_REPLAYED, 0},       {DRIVE_BROKEN_PIPE, 128 + SIGPIPE},
        {DRIVE_QUIT, 0},         {DRIVE_OUTPUT_ERROR, 125},
    };
    for (unsigned i = 0; i < sizeof expected / sizeof expected[0]; i++)
        ck_assert_int_eq(run_status(&drive, expected[i].end, "test"), expected[i].status);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("run status");
    TCase *tcase = tcase_create("run status");
    tcase_add_test(tcase, a_wait_status_is_exit_code_and_signal);
    tcase_add_test(tcase, a_panic_is_our_trouble);
    tcase_add_test(tcase, switched_off_is_fine);
    tcase_add_test(tcase, every_other_end_has_its_status);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
