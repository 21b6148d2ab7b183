/* test_mips_explain: programs that break one rule of MIPS each, and what `why`, `tlb`, `cp0`,
 * `vector` and `walk` say of them.
 *
 * Expected ExcCodes, vectors and register contents are those of Kane, MIPS RISC Architecture,
 * chapter 6; culprits are the lines of tests/guests/mips_faults.c that carry a remark. */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/session.h"
#include "emu/machine/lamebus.h"
#include "emu/machine/loader.h"

struct bench {
    struct machine *machine;
    struct timeline *timeline;
    struct session session;
    uint8_t *elf;
    char *text, *errors;
    size_t text_size, errors_size;
    FILE *to_text, *to_errors;
    json_t *answer;
};

static uint8_t *read_all(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    uint8_t *bytes = malloc(1 << 20);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

/* The kernel of this number, up to where its handlers stop. */
static struct bench *begin(int fault)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct lamebus_config config = {.cpus = 1};
    char path[4096];
    const char *why, *at_fault;
    size_t size;
    snprintf(path, sizeof path, "%s/mips_faults-%d.elf", TEST_GUESTS, fault);
    bench->elf = read_all(path, &size);
    bench->machine = lamebus_create(&config, &why);
    ck_assert_ptr_nonnull(bench->machine);
    struct loader_request request = {.kernel = {path, bench->elf, size}, .command_line = ""};
    ck_assert_msg(loader_mips(bench->machine, &request, &at_fault, &why), "%s", why);
    bench->timeline = timeline_create(bench->machine, (struct timeline_config){.interval = 3000});
    bench->to_text = open_memstream(&bench->text, &bench->text_size);
    bench->to_errors = open_memstream(&bench->errors, &bench->errors_size);
    session_init(&bench->session, bench->machine, bench->timeline, bench->to_text,
                 bench->to_errors);
    ck_assert_ptr_nonnull(symbols_add(&bench->session.symbols, path, IMAGE_KERNEL, &why));
    bench->session.insn_limit = 30000;
    session_do(&bench->session, "tbreak stop");
    session_do(&bench->session, "continue");
    return bench;
}

static void end(struct bench *bench)
{
    json_decref(bench->answer);
    session_free(&bench->session);
    timeline_free(bench->timeline);
    machine_free(bench->machine);
    fclose(bench->to_text);
    fclose(bench->to_errors);
    free(bench->text);
    free(bench->errors);
    free(bench->elf);
    free(bench);
}

static json_t *ask(struct bench *bench, const char *line)
{
    json_error_t error;
    rewind(bench->to_text);
    enum session_status status = session_do(&bench->session, line);
    fputc('\0', bench->to_text);
    fflush(bench->to_text);
    fflush(bench->to_errors);
    ck_assert_msg(status == SESSION_OK, "%s: %s", line, bench->errors);
    json_decref(bench->answer);
    bench->answer = json_loads(bench->text, 0, &error);
    ck_assert_msg(bench->answer != NULL, "%s: %s in %s", line, error.text, bench->text);
    return bench->answer;
}

static json_int_t number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    ck_assert_msg(json_is_integer(value), "no number %s", key);
    return json_integer_value(value);
}

static const char *words(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value == NULL ? "" : value;
}

static bool says(const json_t *fault, const char *fact)
{
    const json_t *facts = json_object_get(fault, "facts");
    for (size_t i = 0; i < json_array_size(facts); i++)
        if (strstr(json_string_value(json_array_get(facts, i)), fact) != NULL)
            return true;
    return false;
}

static bool blames(const json_t *fault, const char *remark)
{
    const json_t *causes = json_object_get(fault, "causes");
    for (size_t i = 0; i < json_array_size(causes); i++) {
        const json_t *written = json_object_get(json_array_get(causes, i), "written");
        if (strstr(words(written, "source"), remark) != NULL)
            return true;
    }
    return false;
}

/* Kane, table 6-2: ExcCode; what is blamed; a fact; NULL = none is asked for. */
static const struct {
    int fault, code;
    const char *step;
    int64_t address; /* -1 = none goes with it */
    const char *blamed, *fact;
} rules[] = {
    {1, 2, "DATA_MATCH", 0x00403004, "the other's page", "ASID 2, ours is 1"},
    {2, 2, "DATA_VALID", 0x00402000, "the invalid page", "TLB entry [2]"},
    {3, 1, "DATA_DIRTY", 0x00400010, "the page of code", "TLB entry [0]"},
    {4, 4, "DATA_ALIGNED", 0x00401002, "the odd address", NULL},
    {5, 5, "DATA_ALLOWED", 0x80001000, "the kernel's address", "The mode is user"},
    {6, 7, "DATA_ANSWERED", -1, "the hole", NULL},
    {7, 2, "FETCH_MATCH", 0x00500000, NULL, "fetch of the instruction itself"},
    {8, 4, "FETCH_ALIGNED", 0x00400002, NULL, "fetch of the instruction itself"},
    {9, 12, "NO_OVERFLOW", -1, "the large number", "2147483647 and 2147483647"},
    {10, 10, "DEFINED", -1, NULL, NULL},
    {11, 11, "USABLE", -1, NULL, "KU/IE user/off"},
    {12, 9, "BREAK", -1, NULL, "division by zero"},
    {13, 3, "DATA_MATCH", 0x00000008, "the null pointer", "null pointer plus the offset"},
    {14, 6, "FETCH_ANSWERED", -1, NULL, "fetch of the instruction itself"},
    {15, 2, "DATA_MATCH", 0x00403004, "the other's page", "in a delay slot"},
    {16, 11, "USABLE", -1, NULL, NULL},
};

START_TEST(why_names_the_check_its_operands_and_who_set_them)
{
    struct bench *bench = begin(rules[_i].fault);
    json_t *fault = ask(bench, "why --json");
    ck_assert_int_eq(number(fault, "vector"), rules[_i].code);
    ck_assert_str_eq(words(fault, "step"), rules[_i].step);
    ck_assert_str_eq(words(fault, "mode"), "user");
    if (rules[_i].address >= 0)
        ck_assert_int_eq(number(fault, "address"), rules[_i].address);
    else
        ck_assert_ptr_null(json_object_get(fault, "address"));
    if (rules[_i].blamed != NULL)
        ck_assert_msg(blames(fault, rules[_i].blamed), "%d: %s", rules[_i].fault, bench->text);
    if (rules[_i].fact != NULL)
        ck_assert_msg(says(fault, rules[_i].fact), "%d: %s", rules[_i].fault, bench->text);
    ck_assert_str_ne(words(fault, "remedy"), "");
    end(bench);
}
END_TEST

START_TEST(tlb_says_who_matches_and_why_nobody_does)
{
    struct bench *bench = begin(1);
    json_t *answer = ask(bench, "tlb 0x401010 --json");
    ck_assert_int_eq(number(answer, "entry"), 1);
    ck_assert(json_is_true(json_object_get(answer, "writable")));
    answer = ask(bench, "tlb 0x403000 --json");
    ck_assert_str_eq(words(answer, "stopped"), "no entry matches");
    json_t *nearest = json_array_get(json_object_get(answer, "nearest"), 0);
    ck_assert_int_eq(number(nearest, "entry"), 3);
    ck_assert_int_eq(number(nearest, "asid"), 2);
    json_t *compared = json_array_get(json_object_get(answer, "compared"), 0);
    ck_assert_int_eq(number(compared, "entry"), 3);
    ck_assert(json_is_true(json_object_get(compared, "has_page")));
    ck_assert(json_is_false(json_object_get(compared, "has_asid")));
    answer = ask(bench, "tlb 0x402000 --json");
    ck_assert_str_eq(words(answer, "stopped"), "the entry is not valid");
    compared = json_array_get(json_object_get(answer, "compared"), 0);
    ck_assert(json_is_true(json_object_get(compared, "has_asid")));
    ck_assert(json_is_false(json_object_get(compared, "valid")));
    answer = ask(bench, "tlb 0x7ffff000 --json"); /* nobody has it: the nearest pages */
    compared = json_array_get(json_object_get(answer, "compared"), 0);
    ck_assert(json_is_false(json_object_get(compared, "has_page")));
    answer = ask(bench, "tlb 0x400000 --json");
    ck_assert(json_is_false(json_object_get(answer, "writable")));
    answer = ask(bench, "walk 0x80001234 --json");
    ck_assert_int_eq(number(answer, "physical"), 0x1234);
    answer = ask(bench, "walk 0xa0001234 --json");
    ck_assert_int_eq(number(answer, "physical"), 0x1234);
    answer = ask(bench, "tlb --json");
    ck_assert_uint_eq(json_array_size(json_object_get(answer, "entries")), 64);
    ck_assert_int_eq(number(answer, "asid"), 1);
    end(bench);
}
END_TEST

/* Kane, figure 6-5: an exception moves the pairs up by one. */
START_TEST(cp0_draws_the_three_pairs)
{
    struct bench *bench = begin(12);
    json_t *answer = ask(bench, "cp0 --json");
    const json_t *before = json_object_get(answer, "before");
    const json_t *after = json_object_get(answer, "after");
    ck_assert_int_eq(json_integer_value(json_array_get(before, 2)), 2); /* user, off */
    ck_assert_int_eq(json_integer_value(json_array_get(after, 1)), 2);
    ck_assert_int_eq(json_integer_value(json_array_get(after, 2)), 0); /* kernel, off */
    end(bench);
}
END_TEST

START_TEST(vector_says_where_and_whose)
{
    struct bench *bench = begin(12);
    json_t *answer = ask(bench, "vector TLBL --json");
    ck_assert_int_eq(number(answer, "base"), 0x80000000);
    ck_assert_int_eq(number(json_object_get(answer, "refill"), "address"), 0x80000000);
    ck_assert_str_eq(words(json_object_get(answer, "refill"), "handler"), "refill");
    ck_assert_int_eq(number(json_object_get(answer, "general"), "address"), 0x80000080);
    ck_assert_str_eq(words(json_object_get(answer, "general"), "handler"), "general");
    ck_assert_ptr_nonnull(strstr(words(json_object_get(answer, "general"), "jump_symbol"), "stop"));
    ck_assert_int_eq(number(answer, "exception"), 2);
    end(bench);
}
END_TEST

/* What a name of the kernel has in memory is big-endian; so is what is written. */
START_TEST(values_have_the_machines_byte_order)
{
    struct bench *bench = begin(12);
    int64_t number;
    ck_assert(session_number(&bench->session, "data[3]", &number));
    ck_assert_int_eq(number, 0x00401002);
    ck_assert(session_number(&bench->session, "*(unsigned char *)&data[3]", &number));
    ck_assert_int_eq(number, 0);
    ck_assert(session_number(&bench->session, "((unsigned char *)&data[3])[3]", &number));
    ck_assert_int_eq(number, 2);
    ck_assert_int_eq(session_do(&bench->session, "set var data[3] = 0x01020304"), SESSION_OK);
    ck_assert(session_number(&bench->session, "*(unsigned char *)&data[3]", &number));
    ck_assert_int_eq(number, 1);
    ck_assert(session_number(&bench->session, "*(unsigned short *)&data[3]", &number));
    ck_assert_int_eq(number, 0x0102);
    end(bench);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mips_explain");
    TCase *tcase = tcase_create("mips_explain");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, why_names_the_check_its_operands_and_who_set_them, 0,
                        (int)(sizeof rules / sizeof *rules));
    tcase_add_test(tcase, tlb_says_who_matches_and_why_nobody_does);
    tcase_add_test(tcase, cp0_draws_the_three_pairs);
    tcase_add_test(tcase, vector_says_where_and_whose);
    tcase_add_test(tcase, values_have_the_machines_byte_order);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
