/* Unit tests of debugger/symbols, dwarf_index and types: what a compiler wrote, and what a forger
 * might write. Expected values: the fixture's source, and the System V ABI for i386. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/expression.h"

static struct symbols symbols;
static struct image *image;

static void setup(void)
{
    const char *why = "";
    symbols_init(&symbols, EM_386);
    image = symbols_add(&symbols, FIXTURE, IMAGE_PROGRAM, &why);
    ck_assert_msg(image != NULL, "%s", why);
}

static void teardown(void)
{
    symbols_free(&symbols);
}

/* The line of the fixture that has these words. */
static unsigned line_with(const char *words)
{
    for (unsigned line = 1; line <= source_lines(&symbols, FIXTURE_SOURCE); line++)
        if (strstr(source_line(&symbols, FIXTURE_SOURCE, line), words) != NULL)
            return line;
    ck_abort_msg("no line with %s", words);
}

START_TEST(finds_symbols)
{
    char words[64];
    const struct symbol *add = image_symbol_named(image, "add");
    ck_assert(add != NULL && add->function && add->global);
    ck_assert_ptr_eq(image_symbol(image, add->address + 3), add);
    ck_assert_ptr_null(image_symbol(image, image->high));
    ck_assert_ptr_null(image_symbol(image, 0));
    ck_assert_ptr_null(image_symbol_named(image, "nobody"));
    ck_assert(!image_symbol_named(image, "hidden")->global);
    ck_assert_str_eq(image_describe(image, add->address, words, sizeof words), "add");
    ck_assert_str_eq(image_describe(image, add->address + 5, words, sizeof words), "add+5");
    ck_assert_str_eq(image_describe(image, 4, words, sizeof words), "");
    ck_assert_uint_eq(image->entry, image_symbol_named(image, "_start")->address);
}
END_TEST

START_TEST(finds_functions_and_their_bodies)
{
    const struct function *add = image_function_named(image, "add");
    ck_assert_uint_eq(add->low, image_symbol_named(image, "add")->address);
    ck_assert_uint_eq(add->high - add->low, image_symbol_named(image, "add")->size);
    ck_assert_uint_eq(add->line, line_with("int add(int a"));
    ck_assert_uint_eq(image_line(image, add->body)->line, line_with("first line of add"));
    ck_assert_ptr_eq(image_function(image, add->high - 1), add);
}
END_TEST

START_TEST(finds_lines)
{
    uint32_t address[4];
    unsigned line = line_with("last line of add");
    ck_assert_uint_eq(image_addresses(image, "fixture.c", &line, address, 4), 1);
    ck_assert_uint_eq(image_line(image, address[0])->line, line_with("last line of add"));
    ck_assert_uint_eq(image_line(image, address[0])->address, address[0]);
    line = line_with("typedef unsigned int"); /* no code: the next line that has some */
    ck_assert_uint_eq(image_addresses(image, "golden/fixture.c", &line, address, 4), 1);
    ck_assert_uint_eq(line, line_with("int add(int a") + 1);
    line = 100000;
    ck_assert_uint_eq(image_addresses(image, "fixture.c", &line, address, 4), 0);
    ck_assert_ptr_null(image_file(image, "xture.c"));
    ck_assert_ptr_nonnull(image_file(image, FIXTURE_SOURCE));
}
END_TEST

static void assert_member(const struct type *type, const char *name, uint32_t offset, uint32_t size)
{
    struct member member;
    ck_assert_msg(type_member(type, name, &member), "%s", name);
    ck_assert_uint_eq(member.offset, offset);
    ck_assert_uint_eq(member.type->size, size);
}

START_TEST(lays_out_structures)
{
    const struct type *node = type_named(image, "struct node");
    struct member member;
    ck_assert_ptr_nonnull(node);
    ck_assert_uint_eq(node->size, 40);
    assert_member(node, "next", 0, 4);
    assert_member(node, "name", 4, 12);
    assert_member(node, "at", 16, 8);
    assert_member(node, "word", 24, 4);
    assert_member(node, "byte", 24, 4);
    assert_member(node, "color", 32, 4);
    assert_member(node, "yes", 36, 1);
    ck_assert(type_member(node, "high", &member));
    ck_assert_uint_eq(member.offset * 8 + member.bit_offset, 28 * 8 + 3);
    ck_assert_uint_eq(member.bit_size, 5);
    ck_assert(!type_member(node, "nothing", &member));
    ck_assert_ptr_eq(type_target(type_named(image, "struct node")), type_basic(BASIC_VOID));
}
END_TEST

static const char *name_of(const struct type *type)
{
    static char words[128];
    type_name(type, words, sizeof words);
    return words;
}

START_TEST(names_types)
{
    struct type_pool *pool = symbols.types;
    const struct type *node = type_named(image, "struct node");
    struct member next;
    ck_assert(type_member(node, "next", &next));
    ck_assert_str_eq(name_of(next.type), "struct node *");
    ck_assert_ptr_eq(type_target(next.type), node);
    ck_assert_str_eq(name_of(type_array(pool, type_basic(BASIC_CHAR), 4)), "char [4]");
    ck_assert_str_eq(name_of(type_pointer(pool, type_array(pool, node, 2))), "struct node (*)[2]");
    ck_assert_str_eq(name_of(type_named(image, "uint")), "uint");
    ck_assert_uint_eq(type_named(image, "uint")->size, 4);
    ck_assert_ptr_null(type_named(image, "struct nobody"));
    ck_assert_uint_eq(type_named(NULL, "unsigned long long int")->size, 8);
    ck_assert_ptr_eq(type_pointer(pool, node), type_pointer(pool, node));
}
END_TEST

START_TEST(reads_bytes_of_the_file)
{
    uint8_t byte;
    const struct symbol *symbol = image_symbol_named(image, "byte");
    ck_assert(image_bytes(image, symbol->address, &byte, 1));
    ck_assert_uint_eq(byte, 200);
    ck_assert(!image_bytes(image, image->high, &byte, 1));
}
END_TEST

START_TEST(refuses_other_files)
{
    const char *why = NULL;
    uint8_t elf64[64] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
    ck_assert_ptr_null(symbols_add(&symbols, "/nowhere/at/all", IMAGE_PROGRAM, &why));
    ck_assert_str_eq(why, "No such file or directory");
    ck_assert_ptr_null(symbols_add(&symbols, "/dev/null", IMAGE_PROGRAM, &why));
    ck_assert_str_eq(why, "not a regular file");
    ck_assert_ptr_null(symbols_add(&symbols, FIXTURE_SOURCE, IMAGE_PROGRAM, &why));
    ck_assert_str_eq(why, "not an ELF file");
    ck_assert_ptr_null(symbols_add_bytes(&symbols, "x", elf64, sizeof elf64, IMAGE_PROGRAM, &why));
    ck_assert_str_eq(why, "not a 32-bit ELF file");
    ck_assert_ptr_null(symbols_add_bytes(&symbols, "x", "", 0, IMAGE_PROGRAM, &why));
    ck_assert_ptr_eq(symbols_add(&symbols, FIXTURE, IMAGE_PROGRAM, &why), image);
}
END_TEST

/* --- forged files: nothing may crash or hang, whatever it answers ----------------------------- */

static bool ignore_variable(void *context, const char *name, bool argument,
                            const struct value *value)
{
    struct scope *scope = context;
    char text[256];
    (void)argument;
    ck_assert_ptr_nonnull(name);
    value_format(scope, value, 0, text, sizeof text);
    return true;
}

static void ask_everything(struct image *forged, struct symbols *all)
{
    char text[512];
    struct target target = {0};
    for (unsigned i = 0; i < forged->functions; i++) {
        struct frame frame = {.pc = forged->function[i].body,
                              .image = forged,
                              .innermost = true,
                              .known = ~(uint64_t)0,
                              .cfa = 0x8000};
        struct scope scope = {
            .arch = &arch_x86, .symbols = all, .target = &target, .frame = &frame};
        scope_variables(&scope, ignore_variable, &scope);
        image_describe(forged, forged->function[i].low, text, sizeof text);
        image_line(forged, forged->function[i].low);
    }
    const char *const names[] = {"struct node", "struct point", "enum color", "uint"};
    for (unsigned i = 0; i < 4; i++) {
        const struct type *type = type_named(forged, names[i]);
        unsigned count = 0;
        if (type == NULL)
            continue;
        type_name(type, text, sizeof text);
        const struct member *member = type_members(type, &count);
        for (unsigned j = 0; j < count; j++)
            type_name(member[j].type, text, sizeof text);
    }
    struct scope scope = {.arch = &arch_x86, .symbols = all, .target = &target, .image = forged};
    struct value value;
    if (expression_eval(&scope, "first", &value))
        value_format(&scope, &value, 0, text, sizeof text);
    if (expression_eval(&scope, "pointer", &value))
        type_name(value.type, text, sizeof text);
}

static void try_forged(const uint8_t *bytes, size_t size)
{
    struct symbols own;
    const char *why;
    symbols_init(&own, EM_386);
    struct image *forged = symbols_add_bytes(&own, "forged", bytes, size, IMAGE_PROGRAM, &why);
    if (forged != NULL)
        ask_everything(forged, &own);
    symbols_free(&own);
}

START_TEST(survives_flipped_bytes)
{
    uint8_t *copy = malloc(image->size);
    uint32_t random = 12345;
    for (unsigned round = 0; round < 1500; round++) {
        memcpy(copy, image->bytes, image->size);
        for (unsigned i = 0; i <= round % 4; i++) {
            random = random * 1664525 + 1013904223;
            /* The first page is headers and code; DWARF follows. */
            size_t at = round % 5 == 0 ? random % 52 : (random >> 8) % image->size;
            copy[at] = (uint8_t)(random >> 24);
        }
        try_forged(copy, image->size);
    }
    free(copy);
}
END_TEST

START_TEST(survives_truncation)
{
    uint8_t *copy = malloc(image->size);
    for (size_t size = 0; size < image->size; size += 61) {
        memcpy(copy, image->bytes, size);
        try_forged(copy, size);
    }
    free(copy);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("symbols");
    TCase *tcase = tcase_create("symbols");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, finds_symbols);
    tcase_add_test(tcase, finds_functions_and_their_bodies);
    tcase_add_test(tcase, finds_lines);
    tcase_add_test(tcase, lays_out_structures);
    tcase_add_test(tcase, names_types);
    tcase_add_test(tcase, reads_bytes_of_the_file);
    tcase_add_test(tcase, refuses_other_files);
    tcase_add_test(tcase, survives_flipped_bytes);
    tcase_add_test(tcase, survives_truncation);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
