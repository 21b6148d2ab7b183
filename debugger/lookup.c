/* lookup: what the names in an expression stand for. */
#include "debugger/lookup.h"

#include <dwarf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static bool fail(struct scope *scope, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(scope->why, sizeof scope->why, format, args);
    va_end(args);
    return false;
}

/* $cfa is the stack pointer that the frame's caller had. pc, sp and fp mean the architecture's;
 * others are DWARF's names. -1 = no such. */
static int frame_register(const struct arch *arch, const char *name)
{
    if (strcmp(name, "pc") == 0)
        return (int)arch->pc;
    if (strcmp(name, "sp") == 0)
        return (int)arch->sp;
    if (strcmp(name, "fp") == 0)
        return (int)arch->fp;
    for (unsigned i = 0; i < arch->registers; i++)
        if (arch->register_names[i] != NULL && strcmp(arch->register_names[i], name) == 0)
            return (int)i;
    return -1;
}

static const struct type *register_type(struct scope *scope, int frame_number, unsigned bits)
{
    struct type_pool *pool = scope->symbols->types;
    if (frame_number >= 0 && (unsigned)frame_number == scope->arch->pc)
        return type_pointer(pool, type_basic(BASIC_VOID));
    if (frame_number >= 0 &&
        ((unsigned)frame_number == scope->arch->sp || (unsigned)frame_number == scope->arch->fp))
        return type_pointer(pool, type_basic(BASIC_VOID));
    return type_basic(bits <= 8    ? BASIC_UCHAR
                      : bits <= 16 ? BASIC_USHORT
                      : bits <= 32 ? BASIC_INT
                                   : BASIC_LONGLONG);
}

bool lookup_register(struct scope *scope, const char *name, struct value *out)
{
    if (strcmp(name, "cfa") == 0 && scope->frame != NULL && scope->frame->cfa != 0) {
        *out = value_of_number(type_basic(BASIC_UINT), scope->frame->cfa);
        return true;
    }
    const struct target *target = scope->target;
    int in_frame = scope->arch == NULL ? -1 : frame_register(scope->arch, name);
    unsigned number, bits;
    uint64_t now;
    /* In an outer frame the register has the value that it had there. */
    if (in_frame >= 0 && scope->frame != NULL && !scope->frame->innermost) {
        if ((scope->frame->known >> in_frame & 1) == 0) {
            *out = (struct value){.type = register_type(scope, in_frame, 32), .where = VALUE_GONE};
            return true;
        }
        *out = value_of_number(register_type(scope, in_frame, 32), scope->frame->reg[in_frame]);
        return true;
    }
    const char *real = in_frame >= 0 ? scope->arch->register_names[in_frame] : name;
    if (target == NULL || target->reg_get == NULL ||
        !target->reg_get(target->context, real, &number, &bits, &now))
        return fail(scope, "There is no register $%.40s; \"info registers\" lists them", name);
    *out = value_of_number(register_type(scope, in_frame, bits), (int64_t)now);
    out->where = VALUE_REGISTER;
    out->address = number;
    return true;
}

bool lookup_dollar(struct scope *scope, const char *name, struct value *out)
{
    const struct target *target = scope->target;
    if (lookup_register(scope, name, out))
        return true;
    if (target != NULL && target->variable_get != NULL &&
        target->variable_get(target->context, name, out)) {
        scope->why[0] = '\0';
        return true;
    }
    if (name[0] == '\0' || (name[0] >= '0' && name[0] <= '9'))
        return fail(scope, "There is no value number $%.40s yet", name);
    return fail(scope, "There is no register and no variable $%.40s", name);
}

struct wanted {
    const char *name;
    struct value *out;
    bool found;
};

static bool match(void *context, const char *name, bool argument, const struct value *value)
{
    struct wanted *wanted = context;
    (void)argument;
    if (strcmp(name, wanted->name) != 0)
        return true;
    *wanted->out = *value;
    wanted->found = true;
    return false;
}

static bool in_image(struct scope *scope, struct image *image, const char *file, const char *name,
                     struct value *out)
{
    Dwarf_Die die;
    const struct global *global = image_global(image, file, name);
    if (global != NULL && dwarf_offdie(image->dwarf, global->die, &die) != NULL) {
        location_value(scope, image, &die, out);
        return true;
    }
    const struct function *function = image_function_named(image, name);
    if (function != NULL && dwarf_offdie(image->dwarf, function->die, &die) != NULL) {
        *out = value_at(type_of_die(image, &die), function->low);
        return true;
    }
    const struct symbol *symbol = file == NULL ? image_symbol_named(image, name) : NULL;
    if (symbol == NULL)
        return false;
    *out = value_at(type_basic(BASIC_VOID), symbol->address);
    return true;
}

/* Enumerators stand in types; the types of a unit are its children. */
static bool find_enumerator(struct image *image, const char *name, struct value *out)
{
    Dwarf_Off offset = 0, next;
    size_t header;
    while (image->dwarf != NULL &&
           dwarf_nextcu(image->dwarf, offset, &next, &header, NULL, NULL, NULL) == 0) {
        Dwarf_Die unit, die;
        if (dwarf_offdie(image->dwarf, offset + header, &unit) != NULL &&
            dwarf_child(&unit, &die) == 0) {
            do {
                unsigned count = 0;
                if (dwarf_tag(&die) != DW_TAG_enumeration_type)
                    continue;
                const struct type *type = type_of_die(image, &die);
                const struct enumerator *e = type_enumerators(type, &count);
                for (unsigned i = 0; i < count; i++)
                    if (strcmp(e[i].name, name) == 0) {
                        *out = value_of_number(type, e[i].value);
                        return true;
                    }
            } while (dwarf_siblingof(&die, &die) == 0);
        }
        if (next <= offset)
            break;
        offset = next;
    }
    return false;
}

static struct image *image_number(struct scope *scope, unsigned n)
{
    if (n == 0)
        return scope->image;
    if (n == 1)
        return scope->frame == NULL ? NULL : scope->frame->image;
    if (scope->target == NULL || scope->target->image == NULL)
        return NULL;
    return scope->target->image(scope->target->context, n - 2);
}

static bool qualified(struct scope *scope, const char *qualifier, const char *name,
                      struct value *out)
{
    bool any = false;
    for (unsigned i = 0; i < scope->symbols->used; i++) {
        struct image *image = scope->symbols->image[i];
        bool whole = strcmp(image->name, qualifier) == 0 ||
                     (image->kind == IMAGE_KERNEL && strcmp(qualifier, "kernel") == 0);
        const char *file = whole ? NULL : image_file(image, qualifier);
        if (!whole && file == NULL)
            continue;
        any = true;
        if (in_image(scope, image, file, name, out))
            return true;
    }
    return any ? fail(scope, "No symbol \"%.64s\" in %.64s", name, qualifier)
               : fail(scope, "No source file or program named %.64s", qualifier);
}

bool lookup_variable(struct scope *scope, const char *qualifier, const char *name,
                     struct value *out)
{
    if (qualifier[0] != '\0')
        return qualified(scope, qualifier, name, out);
    struct wanted wanted = {name, out, false};
    if (scope->image == NULL) {
        scope_variables(scope, match, &wanted);
        if (wanted.found)
            return true;
    }
    for (unsigned n = 0; n < SYMBOLS_IMAGES + 2; n++) {
        struct image *image = image_number(scope, n);
        if (image == NULL && n >= 2)
            break;
        if (image != NULL &&
            (in_image(scope, image, NULL, name, out) || find_enumerator(image, name, out)))
            return true;
    }
    if (scope->symbols->used == 0)
        return fail(scope, "No symbol table is loaded, so \"%.64s\" is unknown", name);
    return fail(scope, "No symbol \"%.64s\" in current context", name);
}

const struct type *lookup_type(struct scope *scope, const char *name)
{
    for (unsigned n = 0; n < SYMBOLS_IMAGES + 2; n++) {
        struct image *image = image_number(scope, n);
        if (image == NULL && n >= 2)
            break;
        const struct type *type = image == NULL ? NULL : type_named(image, name);
        if (type != NULL)
            return type;
    }
    return type_named(NULL, name);
}

bool lookup_assign(struct scope *scope, const char *name, const struct value *to,
                   const struct value *from, struct value *out)
{
    const struct target *target = scope->target;
    if (to->where == VALUE_REGISTER || name[0] == '\0') {
        if (!value_assign(scope, to, from))
            return false;
        int64_t number;
        *out = *to;
        if (to->where == VALUE_REGISTER && value_number(scope, from, &number)) {
            struct value now = value_of_number(to->type, number);
            memcpy(out->bytes, now.bytes, sizeof now.bytes);
        }
        return true;
    }
    if (target == NULL || target->variable_set == NULL ||
        !target->variable_set(target->context, name, from))
        return fail(scope, "The variable $%.40s cannot be set", name);
    *out = *from;
    return true;
}
