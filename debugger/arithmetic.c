/* arithmetic: C's binary operators on values, 64 bits wide inside. */
#include <inttypes.h>
#include <string.h>

#include "debugger/parser.h"

/* C's usual arithmetic conversions, for the sizes there are. */
static const struct type *common_type(const struct type *a, const struct type *b)
{
    if (a->size == 8 || b->size == 8) {
        bool is_unsigned = (a->size == 8 && !a->is_signed) || (b->size == 8 && !b->is_signed);
        return type_basic(is_unsigned ? BASIC_ULONGLONG : BASIC_LONGLONG);
    }
    bool is_unsigned = (a->size >= 4 && !a->is_signed) || (b->size >= 4 && !b->is_signed);
    return type_basic(is_unsigned ? BASIC_UINT : BASIC_INT);
}

static bool is_pointer(const struct value *value)
{
    return value->type->kind == TYPE_POINTER || value->type->kind == TYPE_ARRAY;
}

static bool pointer_arithmetic(struct parser *p, char sign, const struct value *a, int64_t x,
                               const struct value *b, int64_t y, struct value *out)
{
    const struct value *pointer = is_pointer(a) ? a : b;
    uint32_t size = type_target(pointer->type)->size;
    size = size == 0 ? 1 : size;
    if (sign == '-' && is_pointer(a) && is_pointer(b)) {
        *out = parser_number((int32_t)((uint32_t)x - (uint32_t)y) / (int32_t)size);
        return true;
    }
    if (is_pointer(a) == is_pointer(b) || (sign == '-' && is_pointer(b)))
        return parser_fail(p, "Argument to arithmetic operation not a number");
    uint32_t result = sign == '-'     ? (uint32_t)x - (uint32_t)y * size
                      : is_pointer(a) ? (uint32_t)x + (uint32_t)y * size
                                      : (uint32_t)y + (uint32_t)x * size;
    const struct type *type = pointer->type;
    if (type->kind == TYPE_ARRAY)
        type = type_pointer(p->scope->symbols->types, type_target(type));
    *out = value_of_number(type, result);
    return true;
}

static bool divide(struct parser *p, char sign, const struct type *type, int64_t x, int64_t y,
                   int64_t *out)
{
    if (y == 0)
        return parser_fail(p, "Division by zero");
    if (!type->is_signed)
        *out = (int64_t)(sign == '/' ? (uint64_t)x / (uint64_t)y : (uint64_t)x % (uint64_t)y);
    else if (y == -1)
        *out = sign == '/' ? (int64_t)(0 - (uint64_t)x) : 0;
    else
        *out = sign == '/' ? x / y : x % y;
    return true;
}

static bool compare(const char *token, const struct type *type, int64_t x, int64_t y)
{
    int order = type->is_signed ? (x > y) - (x < y)
                                : ((uint64_t)x > (uint64_t)y) - ((uint64_t)x < (uint64_t)y);
    switch (token[0]) {
    case '=': return order == 0;
    case '!': return order != 0;
    case '<': return token[1] == '=' ? order <= 0 : order < 0;
    default: return token[1] == '=' ? order >= 0 : order > 0;
    }
}

static bool artificial_array(struct parser *p, const struct value *a, int64_t count,
                             struct value *out)
{
    if (a->where != VALUE_MEMORY)
        return parser_fail(p, "Only values in memory can be extended with '@'");
    if (count <= 0 || count > 1000000)
        return parser_fail(p, "Invalid number %" PRId64 " of repetitions", count);
    *out = value_at(type_array(p->scope->symbols->types, a->type, (uint32_t)count), a->address);
    return true;
}

static int64_t cut(const struct type *type, int64_t number)
{
    if (type->size == 4)
        return type->is_signed ? (int32_t)number : (int64_t)(uint32_t)number;
    return number;
}

bool parser_apply(struct parser *p, const char *token, const struct value *a, const struct value *b,
                  struct value *out)
{
    int64_t x = 0, y;
    if (p->skip > 0) {
        *out = parser_number(0);
        return true;
    }
    if (!value_number(p->scope, b, &y))
        return false;
    if (token[0] == '@')
        return artificial_array(p, a, y, out);
    if (!value_number(p->scope, a, &x))
        return false;
    bool relation =
        strchr("=!", token[0]) != NULL || (strchr("<>", token[0]) != NULL && token[0] != token[1]);
    if ((is_pointer(a) || is_pointer(b)) && (token[0] == '+' || token[0] == '-'))
        return pointer_arithmetic(p, token[0], a, x, b, y, out);
    const struct type *type = common_type(a->type, b->type);
    x = cut(type, x);
    if (token[0] != token[1] || relation) /* not a shift, whose count has its own type */
        y = cut(type, y);
    if (relation) {
        *out = parser_number(compare(token, type, x, y));
        return true;
    }
    switch (token[0]) {
    case '+': x = (int64_t)((uint64_t)x + (uint64_t)y); break;
    case '-': x = (int64_t)((uint64_t)x - (uint64_t)y); break;
    case '*': x = (int64_t)((uint64_t)x * (uint64_t)y); break;
    case '&': x &= y; break;
    case '|': x |= y; break;
    case '^': x ^= y; break;
    case '<': x = y < 0 || y > 63 ? 0 : (int64_t)((uint64_t)x << y); break;
    case '>': x = y < 0 || y > 63 ? 0 : x >> y; break;
    default:
        if (!divide(p, token[0], type, x, y, &x))
            return false;
    }
    *out = value_of_number(type, x);
    return true;
}
