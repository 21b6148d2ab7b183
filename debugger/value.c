/* value: what expressions are made of: reading, converting, selecting and assigning values. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "debugger/expression.h"

__attribute__((format(printf, 2, 3))) static bool fail(struct scope *scope, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(scope->why, sizeof scope->why, format, args);
    va_end(args);
    return false;
}

static bool read_memory(struct scope *scope, uint32_t address, void *to, uint32_t length)
{
    if (scope->target != NULL && scope->target->read != NULL &&
        scope->target->read(scope->target->context, address, to, length))
        return true;
    return fail(scope, "Cannot access memory at address 0x%" PRIx32, address);
}

bool value_read(struct scope *scope, const struct value *value, uint32_t offset, void *to,
                uint32_t length)
{
    if (value->where == VALUE_GONE)
        return fail(scope, "value has been optimized out");
    if (value->where == VALUE_MEMORY)
        return read_memory(scope, value->address + offset, to, length);
    if (offset > VALUE_BYTES || length > VALUE_BYTES - offset)
        return fail(scope, "The value is too large");
    memcpy(to, value->bytes + offset, length);
    return true;
}

/* Memory has the machine's order; anything else says how it is. */
static bool is_big_endian(const struct scope *scope, const struct value *value)
{
    if (value->where != VALUE_MEMORY)
        return value->big_endian;
    return scope->arch != NULL && scope->arch->big_endian;
}

uint64_t value_bits(const struct scope *scope, const struct value *value, const uint8_t *bytes,
                    uint32_t size)
{
    bool big = is_big_endian(scope, value);
    uint64_t bits = 0;
    for (uint32_t i = 0; i < size && i < 8; i++)
        bits |= (uint64_t)bytes[big ? size - 1 - i : i] << 8 * i;
    return bits;
}

static int64_t extend(uint64_t number, unsigned bits, bool is_signed)
{
    if (bits >= 64)
        return (int64_t)number;
    number &= ((uint64_t)1 << bits) - 1;
    if (is_signed && bits > 0 && (number >> (bits - 1) & 1) != 0)
        number |= ~(((uint64_t)1 << bits) - 1);
    return (int64_t)number;
}

bool value_number(struct scope *scope, const struct value *value, int64_t *out)
{
    const struct type *type = value->type;
    uint8_t bytes[8] = {0};
    switch (type->kind) {
    case TYPE_ARRAY:
    case TYPE_FUNCTION:
        if (value->where != VALUE_MEMORY)
            return fail(scope, "The value has no address");
        *out = value->address;
        return true;
    case TYPE_STRUCT:
    case TYPE_UNION: return fail(scope, "A structure is not a number");
    case TYPE_FLOAT:
        return fail(scope, "Floating-point numbers can be printed, not calculated with");
    case TYPE_VOID: return fail(scope, "The value has no known type; cast it, as in *(int *)&x");
    default: break;
    }
    if (type->size == 0 || type->size > 8)
        return fail(scope, "A number of %" PRIu32 " bytes is too large", type->size);
    if (!value_read(scope, value, 0, bytes, type->size))
        return false;
    uint64_t number = value_bits(scope, value, bytes, type->size);
    if (value->bit_size != 0)
        *out = extend(number >> value->bit_offset, value->bit_size, type->is_signed);
    else
        *out = extend(number, type->size * 8, type->is_signed);
    return true;
}

struct value value_of_number(const struct type *type, int64_t number)
{
    struct value value = {.type = type, .where = VALUE_PLAIN};
    if (type->kind == TYPE_BOOL)
        number = number != 0;
    for (unsigned i = 0; i < 8 && i < type->size; i++)
        value.bytes[i] = (uint8_t)((uint64_t)number >> 8 * i);
    return value;
}

struct value value_at(const struct type *type, uint32_t address)
{
    return (struct value){.type = type, .where = VALUE_MEMORY, .address = address};
}

/* A part of a value that may not be in memory. */
static bool part(struct scope *scope, const struct value *value, uint32_t offset,
                 const struct type *type, struct value *out)
{
    *out = (struct value){.type = type,
                          .where = value->where,
                          .address = value->address + offset,
                          .big_endian = value->big_endian};
    if (value->where == VALUE_MEMORY || value->where == VALUE_GONE)
        return true;
    out->where = VALUE_PLAIN;
    uint32_t length = type->size;
    if (length > VALUE_BYTES)
        return fail(scope, "The value is too large");
    return value_read(scope, value, offset, out->bytes, length);
}

bool value_member_at(struct scope *scope, const struct value *value, const struct member *member,
                     struct value *out)
{
    if (!part(scope, value, member->offset, member->type, out))
        return false;
    out->bit_size = member->bit_size;
    out->bit_offset = member->bit_offset;
    return true;
}

bool value_member(struct scope *scope, const struct value *value, const char *name,
                  struct value *out)
{
    struct value object = *value;
    struct member member;
    if (object.type->kind == TYPE_POINTER && !value_dereference(scope, value, &object))
        return false;
    if (object.type->kind != TYPE_STRUCT && object.type->kind != TYPE_UNION)
        return fail(scope, "Attempt to extract a component of a value that is not a structure");
    if (!type_member(object.type, name, &member)) {
        char words[128];
        type_name(object.type, words, sizeof words);
        return fail(scope, "There is no member named %.64s in %s", name, words);
    }
    return value_member_at(scope, &object, &member, out);
}

bool value_dereference(struct scope *scope, const struct value *value, struct value *out)
{
    int64_t address;
    if (value->type->kind == TYPE_FUNCTION) {
        *out = *value;
        return true;
    }
    if (!value_number(scope, value, &address))
        return false;
    const struct type *target = type_basic(BASIC_INT); /* as gdb: an int, for *0x1000 */
    if (value->type->kind == TYPE_POINTER || value->type->kind == TYPE_ARRAY)
        target = type_target(value->type);
    *out = value_at(target, (uint32_t)address);
    return true;
}

bool value_index(struct scope *scope, const struct value *value, int64_t index, struct value *out)
{
    const struct type *element = type_target(value->type);
    if (value->type->kind == TYPE_ARRAY && value->where != VALUE_MEMORY) {
        if (index < 0 || (uint64_t)index >= value->type->count)
            return fail(scope, "No such value in the array");
        return part(scope, value, (uint32_t)index * element->size, element, out);
    }
    if (value->type->kind != TYPE_ARRAY && value->type->kind != TYPE_POINTER)
        return fail(scope, "cannot subscript something that is neither an array nor a pointer");
    int64_t address;
    if (!value_number(scope, value, &address))
        return false;
    uint32_t size = element->size == 0 ? 1 : element->size;
    *out = value_at(element, (uint32_t)address + (uint32_t)index * size);
    return true;
}

static bool store(struct scope *scope, const struct value *to, const uint8_t *bytes,
                  uint32_t length)
{
    const struct target *target = scope->target;
    if (to->where == VALUE_REGISTER) {
        uint64_t number = value_bits(scope, to, bytes, length);
        if (target->reg_set != NULL && target->reg_set(target->context, to->address, number))
            return true;
        return fail(scope, "The register does not take this value");
    }
    if (to->where != VALUE_MEMORY)
        return fail(scope, "Left operand of assignment is not an lvalue");
    if (target != NULL && target->write != NULL &&
        target->write(target->context, to->address, bytes, length))
        return true;
    return fail(scope, "Cannot write memory at address 0x%" PRIx32, to->address);
}

bool value_assign(struct scope *scope, const struct value *to, const struct value *from)
{
    uint8_t bytes[VALUE_BYTES] = {0};
    const struct type *type = to->type;
    if (type->size == 0 || type->size > VALUE_BYTES)
        return fail(scope, "The value is too large to assign");
    if (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION || type->kind == TYPE_ARRAY ||
        type->kind == TYPE_FLOAT) {
        if (from->type->size != type->size)
            return fail(scope, "The two values have different sizes");
        return value_read(scope, from, 0, bytes, type->size) && store(scope, to, bytes, type->size);
    }
    int64_t number;
    if (!value_number(scope, from, &number))
        return false;
    if (type->kind == TYPE_BOOL)
        number = number != 0;
    if (to->bit_size != 0) {
        struct value whole = *to;
        whole.bit_size = 0;
        int64_t old;
        uint64_t mask = (((uint64_t)1 << to->bit_size) - 1) << to->bit_offset;
        if (!value_number(scope, &whole, &old))
            return false;
        number = (int64_t)(((uint64_t)old & ~mask) | ((uint64_t)number << to->bit_offset & mask));
    }
    bool big = is_big_endian(scope, to);
    for (unsigned i = 0; i < 8 && i < type->size; i++)
        bytes[big ? type->size - 1 - i : i] = (uint8_t)((uint64_t)number >> 8 * i);
    return store(scope, to, bytes, type->size);
}
