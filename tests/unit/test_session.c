/* Unit tests of debugger/session and the commands that need no running machine: one door in, text
 * and JSON out. */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/session.h"

static struct session *session;
static char *text, *errors;
static size_t text_size, errors_size;
static FILE *to_text, *to_errors;

static void setup(void)
{
    const char *why;
    to_text = open_memstream(&text, &text_size);
    to_errors = open_memstream(&errors, &errors_size);
    session = calloc(1, sizeof *session);
    session_init(session, NULL, NULL, to_text, to_errors);
    session->program = symbols_add(&session->symbols, FIXTURE, IMAGE_PROGRAM, &why);
    ck_assert_ptr_nonnull(session->program);
}

static void teardown(void)
{
    session_free(session);
    free(session);
    fclose(to_text);
    fclose(to_errors);
    free(text);
    free(errors);
}

/* What the line answers; errors are in `errors`. */
static const char *answer(const char *line, enum session_status expected)
{
    rewind(to_text);
    rewind(to_errors);
    enum session_status status = session_do(session, line);
    fputc('\0', to_text);
    fputc('\0', to_errors);
    fflush(to_text);
    fflush(to_errors);
    ck_assert_msg(status == expected, "%s: %d: %s", line, (int)status, errors);
    return text;
}

START_TEST(prints)
{
    ck_assert_str_eq(answer("print numbers[1]", SESSION_OK), "$1 = {40, 50, 60}\n");
    ck_assert_str_eq(answer("p/x byte", SESSION_OK), "$2 = 0xc8\n");
    ck_assert_str_eq(answer("p $1[2] + $2", SESSION_OK), "$3 = 260\n");
    ck_assert_str_eq(answer("output/d 'a'", SESSION_OK), "97");
    ck_assert_str_eq(answer("whatis first.next", SESSION_OK), "type = struct node *\n");
    ck_assert_str_eq(answer("ptype struct point", SESSION_OK),
                     "type = struct point {\n    int x;\n    int y;\n}\n");
    answer("x/2dw numbers", SESSION_OK);
    ck_assert_ptr_nonnull(strstr(text, " <numbers>:\t1\t2\n"));
}
END_TEST

START_TEST(says_errors_on_one_line)
{
    answer("print nobody", SESSION_ERROR);
    ck_assert_str_eq(errors, "No symbol \"nobody\" in current context.\n");
    answer("frobnicate", SESSION_ERROR);
    ck_assert_str_eq(errors, "Undefined command: \"frobnicate\".  Try \"help\".\n");
    answer("pipeline", SESSION_ERROR);
    ck_assert_str_eq(errors, "pipeline is about the mips; this machine is an x86: see journey and "
                             "cycle (the i486's pipeline is not modelled)\n");
    answer("stepi", SESSION_ERROR);
    ck_assert_str_eq(errors, "There is no machine in this session\n");
    answer("print/q 1", SESSION_ERROR);
    ck_assert_str_eq(errors, "Undefined output format \"q\".\n");
    answer("delete 5", SESSION_ERROR);
    ck_assert_str_eq(errors, "No breakpoint number 5.\n");
    answer("source /nowhere", SESSION_ERROR);
    ck_assert_str_eq(errors, "/nowhere: No such file or directory.\n");
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(answers_in_json)
{
    json_error_t error;
    json_t *reply = json_loads(answer("print byte --json", SESSION_OK), 0, &error);
    ck_assert_msg(reply != NULL, "%s", error.text);
    ck_assert_str_eq(json_string_value(json_object_get(reply, "command")), "print");
    ck_assert_int_eq(json_integer_value(json_object_get(reply, "number")), 200);
    json_decref(reply);
    reply = json_loads(answer("print --json nobody", SESSION_ERROR), 0, &error);
    ck_assert_str_eq(json_string_value(json_object_get(reply, "error")),
                     "No symbol \"nobody\" in current context.");
    json_decref(reply);
}
END_TEST

START_TEST(repeats)
{
    answer("list 1,3", SESSION_OK);
    ck_assert_int_eq(strncmp(answer("list", SESSION_OK), "4\t", 2), 0);
    ck_assert_int_eq(strncmp(answer("", SESSION_OK), "14\t", 3), 0);
    ck_assert_str_eq(answer("x/b &byte", SESSION_OK) + strlen(text) - 5, "0xc8\n");
    answer("whatis byte", SESSION_OK);
    ck_assert_str_eq(answer("", SESSION_OK), ""); /* this one does not */
    ck_assert_str_eq(answer("# a remark", SESSION_OK), "");
}
END_TEST

START_TEST(makes_breakpoints)
{
    const struct function *add = image_function_named(session->program, "add");
    answer("break add if a == 3", SESSION_OK);
    answer("tbreak fixture.c:10000", SESSION_ERROR);
    ck_assert_str_eq(errors, "No line 10000 with code in a file \"fixture.c\".\n");
    answer("break fixture::_start", SESSION_OK);
    const struct point *first = stops_find(&session->stops, 1);
    ck_assert_uint_eq(first->locations, 1);
    ck_assert_uint_eq(first->location[0].address, add->body);
    ck_assert_ptr_eq(first->location[0].image, session->program);
    ck_assert_str_eq(first->condition, "a == 3");
    answer("disable 1", SESSION_OK);
    ck_assert(!first->enabled);
    answer("ignore 2 4", SESSION_OK);
    ck_assert_uint_eq(stops_find(&session->stops, 2)->ignore, 4);
    ck_assert_ptr_nonnull(strstr(answer("info breakpoints", SESSION_OK), "if a == 3"));
    answer("delete 2", SESSION_OK);
    ck_assert_ptr_null(stops_find(&session->stops, 2));
    answer("delete", SESSION_OK);
    ck_assert_str_eq(answer("info b", SESSION_OK), "No breakpoints or watchpoints.\n");
}
END_TEST

START_TEST(explains_itself)
{
    ck_assert_ptr_nonnull(strstr(answer("help", SESSION_OK), "reverse-stepi "));
    ck_assert_ptr_nonnull(strstr(answer("help cycle", SESSION_OK), "micro-step"));
    ck_assert_ptr_nonnull(strstr(answer("apropos gate", SESSION_OK), "idt"));
    ck_assert_ptr_nonnull(strstr(answer("info line add", SESSION_OK), "of \"fixture.c\" starts"));
    ck_assert_str_eq(answer("info symbol &byte", SESSION_OK), "byte of fixture\n");
}
END_TEST

START_TEST(quits)
{
    answer("quit", SESSION_QUIT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("session");
    TCase *tcase = tcase_create("session");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, prints);
    tcase_add_test(tcase, says_errors_on_one_line);
    tcase_add_test(tcase, answers_in_json);
    tcase_add_test(tcase, repeats);
    tcase_add_test(tcase, makes_breakpoints);
    tcase_add_test(tcase, explains_itself);
    tcase_add_test(tcase, quits);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
