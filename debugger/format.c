/* format: values as text, in the forms and letters of gdb's print. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "debugger/expression.h"
#include "debugger/output.h"

#define ELEMENTS 200u /* of an array or string that are shown */
#define REPEATS  10u  /* so many equal ones become one */
#define NESTING  8u

struct writer {
    struct scope *scope;
    char letter;
    char *to;
    size_t room, used;
    unsigned elements; /* shown so far, over all arrays */
};

__attribute__((format(printf, 2, 3))) static void add(struct writer *w, const char *format, ...)
{
    va_list args;
    if (w->used + 1 >= w->room)
        return;
    va_start(args, format);
    int n = vsnprintf(w->to + w->used, w->room - w->used, format, args);
    va_end(args);
    if (n > 0)
        w->used += (size_t)n < w->room - w->used ? (size_t)n : w->room - w->used - 1;
}

/* " <main+4>" when something is there. */
static void add_symbol(struct writer *w, uint32_t address)
{
    const struct target *target = w->scope->target;
    char words[128] = "";
    for (unsigned i = 0; target != NULL && target->image != NULL && words[0] == '\0'; i++) {
        const struct image *image = target->image(target->context, i);
        if (image == NULL)
            break;
        image_describe(image, address, words, sizeof words);
    }
    if (words[0] != '\0')
        add(w, " <%s>", words);
}

static void add_binary(struct writer *w, uint64_t number, unsigned bits)
{
    bool seen = false;
    while (bits-- > 0) {
        unsigned bit = number >> bits & 1;
        seen |= bit != 0 || bits == 0;
        if (seen)
            add(w, "%u", bit);
    }
}

static void add_character(struct writer *w, int64_t number)
{
    char escaped[8];
    uint8_t byte = (uint8_t)number;
    if (byte == '"')
        strcpy(escaped, "\""); /* only apostrophes need care between apostrophes */
    else if (byte == '\'')
        strcpy(escaped, "\\'");
    else
        out_escape(escaped, sizeof escaped, &byte, 1);
    add(w, "%" PRId64 " '%s'", number, escaped);
}

/* A number under a format letter. `size` is that of the type, for masks and leading zeros. */
static void add_lettered(struct writer *w, int64_t number, uint32_t size, bool is_signed)
{
    unsigned bits = size == 0 || size > 8 ? 32 : size * 8;
    uint64_t mask = bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
    uint64_t plain = (uint64_t)number & mask;
    switch (w->letter) {
    case 'x': add(w, "0x%" PRIx64, plain); break;
    case 'z': add(w, "0x%0*" PRIx64, (int)bits / 4, plain); break;
    case 'u': add(w, "%" PRIu64, plain); break;
    case 'o': add(w, plain == 0 ? "%" PRIo64 : "0%" PRIo64, plain); break;
    case 't': add_binary(w, plain, bits); break;
    case 'a':
        add(w, "0x%" PRIx64, plain);
        add_symbol(w, (uint32_t)plain);
        break;
    case 'c': add_character(w, is_signed ? (int8_t)plain : (int64_t)(uint8_t)plain); break;
    case 'd': /* signed, whatever the type says */
        if (bits < 64 && (plain >> (bits - 1) & 1) != 0)
            plain |= ~mask;
        add(w, "%" PRId64, (int64_t)plain);
        break;
    default: add(w, "%" PRId64, number); break;
    }
}

static void add_enum(struct writer *w, const struct type *type, int64_t number)
{
    unsigned count;
    const struct enumerator *enumerator = type_enumerators(type, &count);
    uint64_t rest = (uint64_t)number;
    bool any = false;
    for (unsigned i = 0; i < count; i++)
        if (enumerator[i].value == number) {
            add(w, "%s", enumerator[i].name);
            return;
        }
    for (unsigned i = 0; i < count; i++) {
        uint64_t bit = (uint64_t)enumerator[i].value;
        if (bit != 0 && (bit & (bit - 1)) == 0 && (rest & bit) != 0) {
            add(w, "%s%s", any ? " | " : "(", enumerator[i].name);
            rest &= ~bit;
            any = true;
        }
    }
    if (!any)
        add(w, "%" PRId64, number);
    else if (rest != 0)
        add(w, " | unknown: 0x%" PRIx64 ")", rest);
    else
        add(w, ")");
}

/* A C string of the guest: up to its NUL. */
static void add_string_at(struct writer *w, uint32_t address)
{
    char bytes[ELEMENTS], escaped[4 * ELEMENTS + 1];
    size_t n = 0;
    const struct target *target = w->scope->target;
    while (n < ELEMENTS && target->read(target->context, address + (uint32_t)n, bytes + n, 1) &&
           bytes[n] != '\0')
        n++;
    if (n == 0 && !target->read(target->context, address, bytes, 1)) {
        add(w, "<error: Cannot access memory at address 0x%" PRIx32 ">", address);
        return;
    }
    out_escape(escaped, sizeof escaped, bytes, n);
    add(w, "\"%s\"%s", escaped, n == ELEMENTS ? "..." : "");
}

static void add_pointer(struct writer *w, const struct type *type, uint32_t address, bool top)
{
    const struct type *target = type_target(type);
    char words[192];
    if (target->kind == TYPE_CHAR) {
        add(w, "0x%" PRIx32, address);
        if (address != 0) {
            add(w, " ");
            add_string_at(w, address);
        }
        return;
    }
    if (top) {
        type_name(type, words, sizeof words);
        add(w, "(%s) ", words);
    }
    add(w, "0x%" PRIx32, address);
    add_symbol(w, address);
}

static void add_value(struct writer *w, const struct value *value, unsigned depth);

static void add_struct(struct writer *w, const struct value *value, unsigned depth)
{
    unsigned count;
    const struct member *member = type_members(value->type, &count);
    if (count == 0 && value->type->size == 0) {
        add(w, "<incomplete type>");
        return;
    }
    add(w, "{");
    for (unsigned i = 0; i < count && w->used + 1 < w->room; i++) {
        struct value field;
        if (i > 0)
            add(w, ", ");
        if (member[i].name[0] != '\0')
            add(w, "%s = ", member[i].name);
        if (value_member_at(w->scope, value, &member[i], &field))
            add_value(w, &field, depth + 1);
        else
            add(w, "<%s>", w->scope->why);
    }
    add(w, "}");
}

/* Text of a char array without the NULs at its end. */
static void add_char_array(struct writer *w, const struct value *value)
{
    char bytes[ELEMENTS], escaped[4 * ELEMENTS + 1];
    uint32_t n = value->type->size < ELEMENTS ? value->type->size : ELEMENTS;
    if (!value_read(w->scope, value, 0, bytes, n)) {
        add(w, "<%s>", w->scope->why);
        return;
    }
    while (n > 0 && bytes[n - 1] == '\0')
        n--;
    out_escape(escaped, sizeof escaped, bytes, n);
    add(w, "\"%s\"%s", escaped, value->type->size > ELEMENTS ? "..." : "");
}

/* How many elements from `index` on have the same bytes. */
static uint32_t equal_run(struct writer *w, const struct value *value, uint32_t index,
                          uint32_t size)
{
    uint8_t first[VALUE_BYTES], next[VALUE_BYTES];
    uint32_t n = 1;
    if (size == 0 || size > VALUE_BYTES || !value_read(w->scope, value, index * size, first, size))
        return 1;
    while (index + n < value->type->count && n < 100000 &&
           value_read(w->scope, value, (index + n) * size, next, size) &&
           memcmp(first, next, size) == 0)
        n++;
    return n;
}

static void add_array(struct writer *w, const struct value *value, unsigned depth)
{
    const struct type *element = type_target(value->type);
    if (element->kind == TYPE_CHAR && (w->letter == 0 || w->letter == 's')) {
        add_char_array(w, value);
        return;
    }
    add(w, "{");
    for (uint32_t i = 0; i < value->type->count && w->used + 1 < w->room;) {
        struct value item;
        uint32_t same = equal_run(w, value, i, element->size);
        if (i > 0)
            add(w, ", ");
        if (w->elements++ >= ELEMENTS) {
            add(w, "...");
            break;
        }
        if (!value_index(w->scope, value, i, &item)) {
            add(w, "<%s>", w->scope->why);
            break;
        }
        add_value(w, &item, depth + 1);
        if (same >= REPEATS)
            add(w, " <repeats %" PRIu32 " times>", same);
        i += same >= REPEATS ? same : 1;
    }
    add(w, "}");
}

static void add_float(struct writer *w, const struct value *value)
{
    uint8_t bytes[12];
    float single;
    double number;
    uint32_t size = value->type->size > 12 ? 12 : value->type->size;
    if (!value_read(w->scope, value, 0, bytes, size)) {
        add(w, "<%s>", w->scope->why);
        return;
    }
    uint64_t bits = value_bits(w->scope, value, bytes, size);
    uint32_t low = (uint32_t)bits;
    if (size == sizeof single) {
        memcpy(&single, &low, sizeof single);
        add(w, "%.9g", (double)single);
    } else if (size == sizeof number) {
        memcpy(&number, &bits, sizeof number);
        add(w, "%.17g", number);
    } else {
        add(w, "<a floating-point number of %" PRIu32 " bytes>", value->type->size);
    }
}

static void add_scalar(struct writer *w, const struct value *value, unsigned depth)
{
    const struct type *type = value->type;
    int64_t number;
    if (!value_number(w->scope, value, &number)) {
        add(w, "<%s>", w->scope->why);
        return;
    }
    if (w->letter == 's' && type->kind == TYPE_POINTER && type_target(type)->kind == TYPE_CHAR)
        add_pointer(w, type, (uint32_t)number, depth == 0);
    else if (w->letter != 0 && w->letter != 's')
        add_lettered(w, number, type->size, type->is_signed);
    else if (type->kind == TYPE_POINTER)
        add_pointer(w, type, (uint32_t)number, depth == 0);
    else if (type->kind == TYPE_ENUM)
        add_enum(w, type, number);
    else if (type->kind == TYPE_CHAR)
        add_character(w, number);
    else if (type->kind == TYPE_BOOL && (number == 0 || number == 1))
        add(w, number != 0 ? "true" : "false");
    else if (type->is_signed)
        add(w, "%" PRId64, number);
    else
        add(w, "%" PRIu64, (uint64_t)number);
}

static void add_value(struct writer *w, const struct value *value, unsigned depth)
{
    char words[192];
    if (value->where == VALUE_GONE) {
        add(w, "<optimized out>");
        return;
    }
    if (depth > NESTING) {
        add(w, "...");
        return;
    }
    switch (value->type->kind) {
    case TYPE_STRUCT:
    case TYPE_UNION: add_struct(w, value, depth); break;
    case TYPE_ARRAY: add_array(w, value, depth); break;
    case TYPE_FUNCTION:
        type_name(value->type, words, sizeof words);
        add(w, "{%s} 0x%" PRIx32, words, value->address);
        add_symbol(w, value->address);
        break;
    case TYPE_FLOAT: add_float(w, value); break;
    case TYPE_VOID: add(w, "void"); break;
    default: add_scalar(w, value, depth); break;
    }
}

bool value_format(struct scope *scope, const struct value *value, char letter, char *to,
                  size_t room)
{
    struct writer w = {.scope = scope, .letter = letter, .to = to, .room = room};
    if (room == 0)
        return false;
    to[0] = '\0';
    scope->why[0] = '\0';
    if (value->type->kind == TYPE_VOID && value->where == VALUE_MEMORY) {
        snprintf(scope->why, sizeof scope->why,
                 "the symbol has unknown type; cast it to its declared type, as in *(int *)&x");
        return false;
    }
    add_value(&w, value, 0);
    /* A scalar that cannot be read at all is an error, not an answer. */
    bool scalar = value->type->kind != TYPE_STRUCT && value->type->kind != TYPE_UNION &&
                  value->type->kind != TYPE_ARRAY;
    if (scalar && value->where != VALUE_GONE && scope->why[0] != '\0')
        return false;
    return true;
}
