/* Fuzzes expressions: lines of text, over a program that a compiler made. */
#include <elf.h>
#include <string.h>

#include "debugger/expression.h"
#include "tests/fuzz/target.h"

static bool read_bytes(void *image, uint32_t address, void *to, uint32_t length)
{
    return image_bytes(image, address, to, length);
}

static bool write_bytes(void *image, uint32_t address, const void *from, uint32_t length)
{
    (void)image, (void)from;
    return address >= 0x1000 && length <= VALUE_BYTES;
}

static bool get_register(void *image, const char *name, unsigned *number, unsigned *bits,
                         uint64_t *value)
{
    (void)image;
    *number = 0;
    *bits = 32;
    *value = 0x12345678;
    return strcmp(name, "eax") == 0;
}

static bool set_register(void *image, unsigned number, uint64_t value)
{
    (void)image, (void)value;
    return number == 0;
}

static struct image *only_image(void *image, unsigned index)
{
    return index == 0 ? image : NULL;
}

static void evaluate(struct symbols *symbols, struct image *image, const char *text)
{
    struct target target = {image,        read_bytes, write_bytes, get_register,
                            set_register, NULL,       NULL,        only_image};
    const struct function *add = image_function_named(image, "add");
    struct frame frame = {.pc = add->body, .cfa = 0x2000, .image = image, .innermost = true};
    struct scope scope = {
        .arch = &arch_x86, .symbols = symbols, .target = &target, .frame = &frame};
    const struct type *type;
    struct value value;
    char words[300];
    int64_t number;
    if (expression_eval(&scope, text, &value)) {
        for (const char *letter = "\0xduotcasizf"; letter[0] != 'f' || letter[1] != '\0'; letter++)
            value_format(&scope, &value, letter[0], words, sizeof words);
        value_number(&scope, &value, &number);
        type_name(value.type, words, sizeof words);
    } else {
        bug_unless(scope.why[0] != '\0');
    }
    if (expression_type(&scope, text, &type))
        type_declare(type, "x", words, sizeof words);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct symbols symbols;
    static struct image *image;
    const char *why;
    if (image == NULL) {
        symbols_init(&symbols, EM_386);
        image = symbols_add(&symbols, FIXTURE, IMAGE_PROGRAM, &why);
        bug_unless(image != NULL);
    }
    char line[1000];
    size_t used = 0;
    for (size_t i = 0; i <= size; i++) {
        bool ends = i == size || bytes[i] == '\n' || used == sizeof line - 1;
        if (!ends) {
            line[used++] = (char)bytes[i];
            continue;
        }
        line[used] = '\0';
        used = 0;
        evaluate(&symbols, image, line);
    }
    return 0;
}
