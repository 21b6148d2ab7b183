/* Unit tests of debugger/expression, value, format, lookup and location. What C says is asked of
 * the compiler of this test; what variables hold is read from the fixture's source. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/expression.h"

#define STACK 0x70000000u

static struct symbols symbols;
static struct image *image;
static uint8_t stack[256];     /* of the made-up activation, at STACK */
static uint8_t written[16384]; /* what was written to the image, over its bytes */
static uint8_t is_written[16384];
static uint64_t eax;
static struct value kept;

static bool read_memory(void *context, uint32_t address, void *to, uint32_t length)
{
    (void)context;
    for (uint32_t i = 0; i < length; i++) {
        uint32_t at = address + i, offset = at - image->low;
        if (at - STACK < sizeof stack)
            ((uint8_t *)to)[i] = stack[at - STACK];
        else if (offset < sizeof written && is_written[offset])
            ((uint8_t *)to)[i] = written[offset];
        else if (!image_bytes(image, at, (uint8_t *)to + i, 1))
            return false;
    }
    return true;
}

static bool write_memory(void *context, uint32_t address, const void *from, uint32_t length)
{
    (void)context;
    if (address - STACK < sizeof stack) {
        memcpy(stack + (address - STACK), from, length);
        return true;
    }
    for (uint32_t i = 0; i < length; i++) {
        uint32_t offset = address + i - image->low;
        if (offset >= sizeof written)
            return false;
        written[offset] = ((const uint8_t *)from)[i];
        is_written[offset] = 1;
    }
    return true;
}

static bool get_register(void *context, const char *name, unsigned *number, unsigned *bits,
                         uint64_t *value)
{
    (void)context;
    if (strcmp(name, "eax") != 0)
        return false;
    *number = 0;
    *bits = 32;
    *value = eax;
    return true;
}

static bool set_register(void *context, unsigned number, uint64_t value)
{
    (void)context;
    ck_assert_uint_eq(number, 0);
    eax = value;
    return true;
}

static bool get_variable(void *context, const char *name, struct value *out)
{
    (void)context;
    *out = kept;
    return strcmp(name, "kept") == 0 && kept.type != NULL;
}

static bool set_variable(void *context, const char *name, const struct value *value)
{
    (void)context;
    kept = *value;
    return strcmp(name, "kept") == 0;
}

static struct image *get_image(void *context, unsigned index)
{
    (void)context;
    return index == 0 ? image : NULL;
}

static const struct target target = {
    .image = get_image,
    .read = read_memory,
    .write = write_memory,
    .reg_get = get_register,
    .reg_set = set_register,
    .variable_get = get_variable,
    .variable_set = set_variable,
};
static struct frame frame;
static struct scope scope;

static void setup(void)
{
    const char *why = "";
    symbols_init(&symbols, EM_386);
    image = symbols_add(&symbols, FIXTURE, IMAGE_PROGRAM, &why);
    ck_assert_msg(image != NULL, "%s", why);
    memset(is_written, 0, sizeof is_written);
    kept.type = NULL;
    eax = 0x12345678;
    scope =
        (struct scope){.arch = &arch_x86, .symbols = &symbols, .target = &target, .image = image};
}

static void teardown(void)
{
    symbols_free(&symbols);
}

/* The frame of add(), called with 20 and 22: arguments lie at the CFA (System V ABI, i386). */
static void enter_add(void)
{
    static const uint8_t arguments[] = {20, 0, 0, 0, 22, 0, 0, 0};
    memcpy(stack + 128, arguments, sizeof arguments);
    frame = (struct frame){.pc = image_function_named(image, "add")->body,
                           .cfa = STACK + 128,
                           .image = image,
                           .innermost = true};
    scope.image = NULL;
    scope.frame = &frame;
}

static void assert_number(const char *text, int64_t expected)
{
    int64_t number = 0;
    ck_assert_msg(expression_number(&scope, text, &number), "%s: %s", text, scope.why);
    ck_assert_msg(number == expected, "%s is %" PRId64 ", not %" PRId64, text, number, expected);
}

static void assert_shown(const char *text, char letter, const char *expected)
{
    struct value value;
    char shown[512];
    ck_assert_msg(expression_eval(&scope, text, &value), "%s: %s", text, scope.why);
    ck_assert_msg(value_format(&scope, &value, letter, shown, sizeof shown), "%s", scope.why);
    ck_assert_str_eq(shown, expected);
}

static void assert_refused(const char *text, const char *why)
{
    struct value value;
    int64_t number;
    ck_assert_msg(!expression_eval(&scope, text, &value) || !value_number(&scope, &value, &number),
                  "%s is accepted", text);
    ck_assert_msg(strstr(scope.why, why) != NULL, "%s: %s", text, scope.why);
}

/* This file's compiler evaluates the same words. */
#define SAME(expression) assert_number(#expression, (int64_t)(expression))

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-value"
#pragma GCC diagnostic ignored "-Wparentheses"
#pragma GCC diagnostic ignored "-Wlogical-not-parentheses"
START_TEST(calculates_as_c_does)
{
    SAME(1 + 2 * 3 - 4 / 2);
    SAME((1 + 2) * 3 % 5);
    SAME(-7 / 2);
    SAME(-7 % 3);
    SAME(7u > -1);
    SAME(-1 < 0);
    SAME(0xffffffff + 1);
    SAME(2147483647u * 2);
    SAME(1 << 4 | 1 << 2 ^ 3 & 5);
    SAME(0x80000000 >> 4);
    SAME(-16 >> 2);
    SAME(!5 == 0 && 3 || 0);
    SAME(1 < 2 == 1);
    SAME(5 > 4 ? 10 : 20);
    SAME(0 ? 1 : 0 ? 2 : 3);
    SAME(~0);
    SAME(- -5);
    SAME('a' + 1);
    SAME('\n');
    SAME(010 + 0x10);
    SAME((char)200);
    SAME((unsigned char)300);
    SAME((short)70000);
    SAME((unsigned)-1);
    SAME(sizeof(int) + sizeof(short));
    SAME((1, 2, 3));
    SAME(123456789012345 + 1);
}
END_TEST
#pragma GCC diagnostic pop

START_TEST(refuses_nonsense)
{
    assert_refused("1 / 0", "Division by zero");
    assert_refused("1 % (2 - 2)", "Division by zero");
    assert_refused("1 +", "ends too early");
    assert_refused("(1", "is missing");
    assert_refused("1 2", "syntax error");
    assert_refused("nobody", "No symbol \"nobody\"");
    assert_refused("$nothing", "no register and no variable $nothing");
    assert_refused("$7", "no value number $7");
    assert_refused("add(1, 2)", "cannot be called");
    assert_refused("*(int *)0x5000000", "Cannot access memory at address 0x5000000");
    assert_refused("first.nothing", "no member named nothing in struct node");
    assert_refused("byte.x", "not a structure");
    assert_refused("3 = 4", "not an lvalue");
    assert_refused("&3", "not located in memory");
    assert_refused("(struct nobody *)0", "No struct type named nobody");
    assert_refused("elsewhere.c::byte", "No source file or program");
    assert_refused("12ab", "Invalid number");
    assert_refused("\"x\"", "not a value");
    char deep[600];
    memset(deep, '(', sizeof deep);
    deep[sizeof deep - 1] = '\0';
    assert_refused(deep, "nested too deeply");
}
END_TEST

START_TEST(evaluates_only_the_side_that_is_taken)
{
    assert_number("0 && *(int *)0x5000000", 0);
    assert_number("1 || *(int *)0x5000000", 1);
    assert_number("1 ? 7 : nobody", 7);
    assert_number("second.next && second.next->at.x", 0);
}
END_TEST

START_TEST(reads_variables)
{
    assert_number("negative", -7);
    assert_number("byte", 200);
    assert_number("large", 0x123456789abcdefLL);
    assert_number("numbers[1][2]", 60);
    assert_number("first.next->at.y", -8);
    assert_number("second.word", 0x04030201);
    assert_number("second.byte[2]", 3);
    assert_number("second.low", 5);
    assert_number("second.high", 17);
    assert_number("second.sign", -3);
    assert_number("fixture.c::hidden", 99);
    assert_number("fixture::hidden", 99);
    assert_number("sizeof(struct node)", 40);
    assert_number("sizeof first.name", 12);
    assert_number("&numbers[1] - &numbers[0]", 1);
    assert_number("*(&numbers[0][0] + 4)", 50);
    assert_number("BLUE", 6);
    assert_number("first.color == GREEN", 1);
    assert_number("((struct node *)first.next)->at.x", 7);
    assert_number("pointer == add", 1);
    assert_number("&*first.next == &second", 1);
}
END_TEST

START_TEST(shows_values_as_gdb_does)
{
    assert_shown("negative", 0, "-7");
    assert_shown("negative", 'x', "0xfff9");
    assert_shown("byte", 0, "200 '\\310'");
    assert_shown("byte", 'd', "-56");
    assert_shown("byte", 't', "11001000");
    assert_shown("byte", 'o', "0310");
    assert_shown("byte", 'z', "0xc8");
    assert_shown("first.name", 0, "\"first\"");
    assert_shown("numbers", 0, "{{1, 2, 3}, {40, 50, 60}}");
    assert_shown("second.color", 0, "BLUE");
    assert_shown("permissions", 0, "(READ | EXECUTE)");
    assert_shown("second.yes", 0, "true");
    assert_shown("second.at", 0, "{x = 7, y = -8}");
    assert_shown("second.at", 'x', "{x = 0x7, y = 0xfffffff8}");
    assert_shown("(char)65", 0, "65 'A'");
    assert_shown("'\\n'", 0, "10 '\\n'");
    assert_shown("(enum color)77", 0, "77");
    assert_shown("numbers[0][0]@3", 0, "{1, 2, 3}");
    assert_shown("*(unsigned char *)&large@2", 0, "\"\\357\\315\"");
    char text[64];
    snprintf(text, sizeof text, "{int (int, int)} 0x%" PRIx32 " <add>",
             image_function_named(image, "add")->low);
    assert_shown("add", 0, text);
}
END_TEST

START_TEST(finds_locals)
{
    enter_add();
    assert_number("a", 20);
    assert_number("b", 22);
    assert_number("a + b", 42);
    assert_refused("inner", "No symbol \"inner\""); /* its block has not begun */
    assert_number("sum = a * 2", 40);
    assert_number("sum", 40);
    assert_number("hidden", 99);
    assert_number("$cfa", STACK + 128);
}
END_TEST

START_TEST(assigns)
{
    assert_number("byte = 300", 44);
    assert_number("byte", 44);
    assert_number("negative += 10", 3);
    assert_number("negative <<= 2", 12);
    assert_number("second.low = 2", 2);
    assert_number("second.high", 17); /* its neighbour in the same word */
    assert_number("second.low", 2);
    assert_number("$eax", 0x12345678);
    assert_number("$eax = 5", 5);
    ck_assert_uint_eq(eax, 5);
    assert_number("$kept = 7", 7);
    assert_number("$kept * 2", 14);
    assert_number("$kept += 1", 8);
    assert_number("byte = $kept = 9", 9);
}
END_TEST

START_TEST(reads_types)
{
    const struct type *type;
    char words[64];
    static const char *const names[][2] = {
        {"struct node *", "struct node *"},
        {"unsigned char [4]", "unsigned char [4]"},
        {"uint **", "uint **"},
        {"unsigned long int", "unsigned long"},
        {"enum color", "enum color"},
    };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        ck_assert_msg(expression_type(&scope, names[i][0], &type), "%s", names[i][0]);
        type_name(type, words, sizeof words);
        ck_assert_str_eq(words, names[i][1]);
    }
    ck_assert(!expression_type(&scope, "first", &type));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("expression");
    TCase *tcase = tcase_create("expression");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, calculates_as_c_does);
    tcase_add_test(tcase, refuses_nonsense);
    tcase_add_test(tcase, evaluates_only_the_side_that_is_taken);
    tcase_add_test(tcase, reads_variables);
    tcase_add_test(tcase, shows_values_as_gdb_does);
    tcase_add_test(tcase, finds_locals);
    tcase_add_test(tcase, assigns);
    tcase_add_test(tcase, reads_types);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
