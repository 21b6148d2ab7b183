/* confine: a tool reads, writes and uses up what it is given, and no more. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emu/host/confine.h"
#include "emu/host/files.h"
#include "emu/host/tree.h"

static char *work, *outside, *log_path, *secret;

static int no_signal(void)
{
    return 0;
}

static int a_signal(void)
{
    return 15;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static void setup(void)
{
    work = tree_temporary();
    outside = tree_temporary();
    log_path = file_join(work, "log");
    secret = file_join(outside, "secret");
    write_file(secret, "xyzzy\n");
}

static void teardown(void)
{
    tree_remove(work);
    tree_remove(outside);
    free(work);
    free(outside);
    free(log_path);
    free(secret);
}

static struct confine usual(void)
{
    return (struct confine){.readable = {"/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache"},
                            .writable = work,
                            .processor_seconds = 20,
                            .real_seconds = 60,
                            .memory = UINT64_C(1) << 30,
                            .file_size = 1 << 20};
}

/* A line of shell. */
static struct confine_job do_line(const struct confine *confine, const char *line)
{
    const char *const argv[] = {"sh", "-c", line, NULL};
    struct confine_job job = {.argv = argv, .folder = work, .log = log_path};
    ck_assert(confine_run(confine, &job, 1, no_signal));
    return job;
}

static bool log_has(const char *text)
{
    const char *why;
    size_t size;
    char *log = (char *)file_read(log_path, 1 << 21, &size, &why);
    bool found = log != NULL && strstr(log, text) != NULL;
    free(log);
    return found;
}

START_TEST(its_own_files)
{
    struct confine confine = usual();
    struct confine_job job = do_line(&confine, "echo hello > x && cat x && exit 3");
    ck_assert_int_eq(job.end, CONFINE_EXITED);
    ck_assert_int_eq(job.status, 3);
    ck_assert(log_has("hello"));
}
END_TEST

START_TEST(nobody_elses)
{
    char line[600];
    struct confine confine = usual();
    if (!confine_available())
        return;
    snprintf(line, sizeof line, "cat %s; cat /proc/self/environ; ls %s; ln -s %s l; cat l", secret,
             outside, secret);
    do_line(&confine, line);
    ck_assert(!log_has("xyzzy") && !log_has("PATH=") && !log_has("secret\n"));
    snprintf(line, sizeof line, "echo gone > %s; echo x > %s/new; rm %s; mv %s stolen", secret,
             outside, secret, secret);
    do_line(&confine, line);
    ck_assert_int_eq(access(secret, F_OK), 0);
    char *fresh = file_join(outside, "new");
    ck_assert_int_ne(access(fresh, F_OK), 0);
    free(fresh);
    confine.readable[5] = outside;
    do_line(&confine, line);
    snprintf(line, sizeof line, "cat %s", secret);
    do_line(&confine, line);
    ck_assert(log_has("xyzzy"));
}
END_TEST

START_TEST(its_environment_is_ours)
{
    struct confine confine = usual();
    setenv("LAB_SECRET", "xyzzy", 1);
    do_line(&confine, "env");
    ck_assert(!log_has("xyzzy"));
    ck_assert(log_has("TMPDIR="));
}
END_TEST

START_TEST(limits)
{
    struct confine confine = usual();
    confine.processor_seconds = 1;
    ck_assert_int_eq(do_line(&confine, "while :; do :; done").end, CONFINE_LIMIT);
    confine = usual();
    ck_assert_int_eq(do_line(&confine, "exec head -c 9000000 /dev/zero").end, CONFINE_EXITED);
    confine.readable[5] = "/dev/zero";
    ck_assert_int_eq(do_line(&confine, "exec head -c 9000000 /dev/zero").end, CONFINE_LIMIT);
    confine.memory = 64 << 20;
    ck_assert_int_ne(do_line(&confine, "exec tail /dev/zero").status, 0);
    confine = usual();
    confine.real_seconds = 1;
    ck_assert_int_eq(do_line(&confine, "sleep 300").end, CONFINE_LIMIT);
}
END_TEST

START_TEST(what_it_leaves_behind)
{
    struct confine confine = usual();
    ck_assert_int_eq(do_line(&confine, "(sleep 1; echo late > late) & exit 0").status, 0);
    sleep(2);
    char *late = file_join(work, "late");
    ck_assert_int_ne(access(late, F_OK), 0);
    free(late);
}
END_TEST

START_TEST(many_and_none)
{
    const char *const good[] = {"true", NULL}, *const bad[] = {"no-such-tool", NULL};
    const char *const slow[] = {"sleep", "300", NULL};
    struct confine confine = usual();
    struct confine_job job[40];
    for (unsigned i = 0; i < 40; i++)
        job[i] = (struct confine_job){.argv = i == 7 ? bad : good, .folder = work, .log = log_path};
    ck_assert(confine_run(&confine, job, 40, no_signal));
    for (unsigned i = 0; i < 40; i++)
        ck_assert_int_eq(job[i].end, i == 7 ? CONFINE_NOT_STARTED : CONFINE_EXITED);
    ck_assert(confine_run(&confine, job, 0, no_signal));
    job[0].argv = slow;
    ck_assert(!confine_run(&confine, job, 1, a_signal));
    ck_assert_int_eq(job[0].end, CONFINE_INTERRUPTED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("confine");
    TCase *cases = tcase_create("confine");
    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, its_own_files);
    tcase_add_test(cases, nobody_elses);
    tcase_add_test(cases, its_environment_is_ours);
    tcase_add_test(cases, limits);
    tcase_add_test(cases, what_it_leaves_behind);
    tcase_add_test(cases, many_and_none);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
