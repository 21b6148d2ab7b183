/* test_explain: kernels that break one rule each, and what `why`, `who` and `timeline` say of them.
 *
 * Expected vectors and error codes are those of the Intel SDM, vol. 3, 6.13 and 6.15; culprits are
 * the lines of tests/guests/faults.c that carry a remark. */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/session.h"
#include "emu/machine/loader.h"
#include "emu/machine/pc.h"

enum fault {
    USER_INT = 1,
    NULL_STACK,
    NO_IDT,
    IDT_UNMAPPED,
    USER_DIVIDE,
    USER_HLT,
    USER_SELECTOR,
    USER_POINTER,
    USER_PORT,
    BAD_RETURN,
    EMPTY_GATE,
    WRITES
};

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

/* The kernel, run until it has done what it has to do. */
static struct bench *begin(enum fault fault)
{
    static const uint8_t rom[65536];
    struct bench *bench = calloc(1, sizeof *bench);
    struct pc_config config = {.ram = 16 << 20, .bios = rom, .bios_size = sizeof rom};
    char path[4096];
    const char *why, *at_fault;
    size_t size;
    snprintf(path, sizeof path, "%s/faults-%d.elf", TEST_GUESTS, (int)fault);
    bench->elf = read_all(path, &size);
    bench->machine = pc_create(&config, &why);
    ck_assert_ptr_nonnull(bench->machine);
    struct loader_request request = {.kernel = {path, bench->elf, size}, .command_line = ""};
    ck_assert_msg(loader_multiboot(bench->machine, &request, &at_fault, &why), "%s", why);
    bench->timeline = timeline_create(bench->machine, (struct timeline_config){.interval = 3000});
    bench->to_text = open_memstream(&bench->text, &bench->text_size);
    bench->to_errors = open_memstream(&bench->errors, &bench->errors_size);
    session_init(&bench->session, bench->machine, bench->timeline, bench->to_text,
                 bench->to_errors);
    ck_assert_ptr_nonnull(symbols_add(&bench->session.symbols, path, IMAGE_KERNEL, &why));
    bench->session.insn_limit = 30000;
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

static void is_fault(const json_t *fault, int vector, int error, const char *step)
{
    ck_assert_int_eq(number(fault, "vector"), vector);
    if (error >= 0)
        ck_assert_int_eq(number(fault, "error"), error);
    else
        ck_assert_ptr_null(json_object_get(fault, "error"));
    ck_assert_str_eq(words(fault, "step"), step);
}

/* Some cause of the fault was set by the line with this remark. */
static void has_culprit(const json_t *fault, const char *remark)
{
    const json_t *causes = json_object_get(fault, "causes");
    for (size_t i = 0; i < json_array_size(causes); i++) {
        const json_t *cause = json_array_get(causes, i);
        if (strstr(words(json_object_get(cause, "written"), "source"), remark) != NULL ||
            strstr(words(json_object_get(cause, "set"), "source"), remark) != NULL)
            return;
    }
    ck_abort_msg("no culprit \"%s\" in %s", remark, json_dumps(fault, 0));
}

static void checks(const json_t *fault, const char *expected)
{
    ck_assert_msg(strstr(words(fault, "check"), expected) != NULL, "%s", words(fault, "check"));
}

START_TEST(a_refused_gate)
{
    struct bench *bench = begin(USER_INT);
    const json_t *why = ask(bench, "why --json");
    is_fault(why, 13, 64 * 8 + 2, "GATE_DPL");
    checks(why, "gate.DPL 0 >= CPL 3");
    has_culprit(why, "the culprit: the gate's DPL");
    ck_assert_str_eq(words(why, "mode"), "user");
    ck_assert_ptr_nonnull(strstr(words(why, "source"), "/* the fault */"));
    ck_assert(json_is_false(json_object_get(why, "served")));
    end(bench);
}
END_TEST

START_TEST(a_triple_fault_of_the_stack)
{
    struct bench *bench = begin(NULL_STACK);
    const json_t *why = ask(bench, "why --json"), *chain = json_object_get(why, "chain");
    ck_assert(json_is_true(json_object_get(why, "shutdown")));
    ck_assert_uint_eq(json_array_size(chain), 3);
    /* The INT is the program's own: EXT 0; both later ones are found on the way: EXT 1. */
    is_fault(json_array_get(chain, 0), 10, 0, "STACK_NULL");
    is_fault(json_array_get(chain, 1), 10, 1, "STACK_NULL");
    is_fault(json_array_get(chain, 2), 10, 1, "STACK_NULL");
    has_culprit(json_array_get(chain, 0), "the culprit: SS0");
    end(bench);
}
END_TEST

START_TEST(a_triple_fault_without_a_table)
{
    struct bench *bench = begin(NO_IDT);
    const json_t *chain = json_object_get(ask(bench, "why --json"), "chain");
    ck_assert_uint_eq(json_array_size(chain), 4);
    is_fault(json_array_get(chain, 0), 6, -1, "");
    is_fault(json_array_get(chain, 1), 13, 6 * 8 + 2 + 1, "GATE_TYPE");
    is_fault(json_array_get(chain, 2), 13, 13 * 8 + 2 + 1, "GATE_TYPE");
    is_fault(json_array_get(chain, 3), 13, 8 * 8 + 2 + 1, "GATE_TYPE");
    /* The machine is still frozen where it was, and can be looked at again. */
    ck_assert_uint_eq(json_array_size(json_object_get(ask(bench, "why --json"), "chain")), 4);
    end(bench);
}
END_TEST

START_TEST(a_triple_fault_of_an_unmapped_table)
{
    struct bench *bench = begin(IDT_UNMAPPED);
    const json_t *chain = json_object_get(ask(bench, "why --json"), "chain");
    ck_assert_uint_eq(json_array_size(chain), 3);
    is_fault(json_array_get(chain, 0), 14, 2, "");
    is_fault(json_array_get(chain, 1), 14, 0, "GATE_HIGH");
    is_fault(json_array_get(chain, 2), 14, 0, "GATE_HIGH");
    ck_assert_int_eq(number(json_array_get(chain, 0), "address"), 0x40000000);
    ck_assert_int_eq(number(json_array_get(chain, 1), "address"), 0x7c00000 + 14 * 8 + 4);
    ck_assert_int_eq(number(json_array_get(chain, 2), "address"), 0x7c00000 + 8 * 8 + 4);
    has_culprit(json_array_get(chain, 1), "the culprit: lidt");
    end(bench);
}
END_TEST

START_TEST(a_double_fault_that_was_delivered)
{
    struct bench *bench = begin(EMPTY_GATE);
    const json_t *why = ask(bench, "why --json"), *chain = json_object_get(why, "chain");
    ck_assert(json_is_false(json_object_get(why, "shutdown")));
    ck_assert_uint_eq(json_array_size(chain), 2);
    is_fault(json_array_get(chain, 1), 13, 6 * 8 + 2 + 1, "GATE_TYPE");
    end(bench);
}
END_TEST

static const struct {
    enum fault fault;
    int vector, error;
    const char *check, *culprit;
} by_instruction[] = {
    {USER_DIVIDE, 0, -1, "divisor not 0", "the culprit: the divisor"},
    {USER_HLT, 13, 0, "hlt needs ring 0, the CPL is 3", NULL},
    {USER_SELECTOR, 13, 0x10, "DPL 0, CPL 3, RPL 0", "the culprit: the kernel's data"},
    /* P = 1, W = 1, U = 1 */
    {USER_POINTER, 14, 7, "PTE[1].U = 0", "the culprit: the page's rights"},
    {USER_POINTER, 14, 7, "page open to ring 3", "the culprit: the pointer"},
    {USER_PORT, 13, 0, "CPL 3 > IOPL 0", "the culprit: the map of ports"},
};

START_TEST(an_instruction_is_explained)
{
    struct bench *bench = begin(by_instruction[_i].fault);
    const json_t *why = ask(bench, "why --json");
    is_fault(why, by_instruction[_i].vector, by_instruction[_i].error, "");
    checks(why, by_instruction[_i].check);
    if (by_instruction[_i].culprit != NULL)
        has_culprit(why, by_instruction[_i].culprit);
    end(bench);
}
END_TEST

START_TEST(a_bad_return)
{
    struct bench *bench = begin(BAD_RETURN);
    const json_t *why = ask(bench, "why --json");
    is_fault(why, 13, 0x10, "RET_TYPE");
    ck_assert_str_eq(words(why, "mode"), "kernel");
    has_culprit(why, "the culprit: the frame");
    has_culprit(why, "the culprit: the kernel's data");
    end(bench);
}
END_TEST

START_TEST(nothing_faulted)
{
    struct bench *bench = begin(WRITES);
    ck_assert(json_is_null(json_object_get(ask(bench, "why --json"), "fault")));
    end(bench);
}
END_TEST

START_TEST(before_the_fault_there_is_none)
{
    struct bench *bench = begin(USER_HLT);
    char line[64];
    snprintf(line, sizeof line, "goto %lld", (long long)number(ask(bench, "why --json"), "tick"));
    session_do(&bench->session, line);
    ck_assert(json_is_null(json_object_get(ask(bench, "why --json"), "fault")));
    end(bench);
}
END_TEST

START_TEST(who_finds_the_last_write)
{
    struct bench *bench = begin(WRITES);
    const json_t *write = json_object_get(ask(bench, "who --json written"), "write");
    ck_assert_ptr_nonnull(strstr(words(write, "source"), "the culprit: the last write"));
    ck_assert_int_eq(number(write, "old"), 1);
    ck_assert_int_eq(number(write, "value"), 2);
    ck_assert_int_eq(number(write, "size"), 4);
    ck_assert_str_eq(words(write, "mode"), "kernel");
    /* Back there it has not happened yet. */
    char line[64];
    snprintf(line, sizeof line, "goto %lld", (long long)number(write, "tick"));
    session_do(&bench->session, line);
    write = json_object_get(ask(bench, "who --json written"), "write");
    ck_assert_int_eq(number(write, "old"), 0);
    ck_assert_int_eq(number(write, "value"), 1);
    end(bench);
}
END_TEST

START_TEST(who_finds_what_the_cpu_pushed)
{
    struct bench *bench = begin(USER_HLT);
    /* SS, the first word of the frame on the kernel's stack: 20 + 4 bytes down from its top. */
    const json_t *write =
        json_object_get(ask(bench, "who --json *(unsigned *)(kernel_stack + 4096 - 4)"), "write");
    ck_assert_int_eq(number(write, "value"), 0x23);
    write =
        json_object_get(ask(bench, "who --json *(unsigned *)(kernel_stack + 4096 - 24)"), "write");
    ck_assert_int_eq(number(write, "value"), 0); /* the error code of #GP */
    ck_assert_int_eq(number(write, "size"), 4);
    end(bench);
}
END_TEST

START_TEST(who_of_what_was_never_written)
{
    struct bench *bench = begin(WRITES);
    ck_assert(json_is_null(json_object_get(ask(bench, "who --json 0x9000"), "write")));
    ck_assert_int_eq(session_do(&bench->session, "who 0x80000000"), SESSION_ERROR);
    end(bench);
}
END_TEST

START_TEST(the_timeline_counts)
{
    struct bench *bench = begin(USER_HLT);
    const json_t *all = ask(bench, "timeline --json all");
    const json_t *counts = json_object_get(all, "counts");
    ck_assert_int_eq(number(counts, "fault"), 1);
    ck_assert_int_eq(number(counts, "syscall"), 0);
    const json_t *events = json_object_get(all, "events");
    ck_assert_uint_eq(json_array_size(events), 2); /* the fault, and here */
    ck_assert_str_eq(words(json_array_get(events, 0), "kind"), "fault");
    end(bench);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("explain");
    TCase *tests = tcase_create("explain");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_refused_gate);
    tcase_add_test(tests, a_triple_fault_of_the_stack);
    tcase_add_test(tests, a_triple_fault_without_a_table);
    tcase_add_test(tests, a_triple_fault_of_an_unmapped_table);
    tcase_add_test(tests, a_double_fault_that_was_delivered);
    tcase_add_loop_test(tests, an_instruction_is_explained, 0,
                        sizeof by_instruction / sizeof *by_instruction);
    tcase_add_test(tests, a_bad_return);
    tcase_add_test(tests, nothing_faulted);
    tcase_add_test(tests, before_the_fault_there_is_none);
    tcase_add_test(tests, who_finds_the_last_write);
    tcase_add_test(tests, who_finds_what_the_cpu_pushed);
    tcase_add_test(tests, who_of_what_was_never_written);
    tcase_add_test(tests, the_timeline_counts);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
