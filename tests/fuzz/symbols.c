/* Fuzzes ELF and DWARF: every lookup of whatever can still be read from a damaged file. */
#include <elf.h>
#include <string.h>

#include "debugger/expression.h"
#include "tests/fuzz/target.h"

#define MOST 200u /* of each kind are looked at */

static unsigned least(unsigned n)
{
    return n < MOST ? n : MOST;
}

static bool show(void *scope, const char *name, bool argument, const struct value *value)
{
    char text[200];
    (void)argument;
    bug_unless(name != NULL);
    value_format(scope, value, 0, text, sizeof text);
    type_name(value->type, text, sizeof text);
    return true;
}

static void look_at(struct symbols *symbols, struct image *image, uint32_t address)
{
    static const struct target target = {0};
    char text[100];
    uint32_t found[8];
    struct frame frame = {.pc = address, .cfa = 0x7000, .image = image, .innermost = true};
    struct scope scope = {
        .arch = &arch_x86, .symbols = symbols, .target = &target, .frame = &frame};
    const struct line_row *row = image_line(image, address);
    if (row != NULL) {
        unsigned line = row->line;
        image_addresses(image, row->file, &line, found, 8);
        bug_unless(row->address <= address && address < row->end);
    }
    const struct function *function = image_function(image, address);
    bug_unless(function == NULL || (function->low <= address && address < function->high));
    image_symbol(image, address);
    image_describe(image, address, text, sizeof text);
    image_bytes(image, address, text, sizeof text);
    scope_variables(&scope, show, &scope);
}

static void look_at_types(struct symbols *symbols, struct image *image, const char *name)
{
    struct scope scope = {.arch = &arch_x86, .symbols = symbols, .image = image};
    const struct type *type;
    struct value value;
    char text[400];
    if (expression_type(&scope, name, &type))
        type_name(type, text, sizeof text);
    if (expression_eval(&scope, name, &value))
        value_format(&scope, &value, 0, text, sizeof text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *why = NULL;
    struct symbols symbols;
    symbols_init(&symbols, EM_386);
    struct image *image = symbols_add_bytes(&symbols, "fuzzed", bytes, size, IMAGE_PROGRAM, &why);
    bug_unless(image != NULL || why != NULL);
    if (image != NULL) {
        look_at(&symbols, image, 0);
        look_at(&symbols, image, image->entry);
        for (unsigned i = 0; i < least(image->symbols); i++)
            look_at(&symbols, image, image->symbol[i].address);
        for (unsigned i = 0; i < least(image->functions); i++)
            look_at(&symbols, image, image->function[i].body);
        for (unsigned i = 0; i < least(image->rows); i++)
            look_at(&symbols, image, image->row[i].address);
        for (unsigned i = 0; i < least(image->globals); i++)
            look_at_types(&symbols, image, image->global[i].name);
        look_at_types(&symbols, image, "struct point");
        look_at_types(&symbols, image, "unsigned *");
    }
    symbols_free(&symbols);
    return 0;
}
