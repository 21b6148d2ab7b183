/* expression: reads C expressions and evaluates them as they are read, by precedence climbing. */
#include "debugger/expression.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/lookup.h"

#define NESTING 128u

struct parser {
    struct scope *scope;
    const char *at;
    unsigned depth;
    unsigned skip; /* above 0: read, but do not evaluate (the untaken side of ?: && ||) */
};

__attribute__((format(printf, 2, 3))) static bool fail(struct parser *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(p->scope->why, sizeof p->scope->why, format, args);
    va_end(args);
    return false;
}

static void blanks(struct parser *p)
{
    while (isspace((unsigned char)*p->at))
        p->at++;
}

static bool take(struct parser *p, const char *token)
{
    blanks(p);
    size_t length = strlen(token);
    if (strncmp(p->at, token, length) != 0)
        return false;
    p->at += length;
    return true;
}

static bool expect(struct parser *p, const char *token)
{
    if (take(p, token))
        return true;
    return fail(p, "A \"%s\" is missing before \"%.32s\"", token, p->at);
}

static struct value number_value(int64_t number)
{
    enum type_basic basic = number >= INT32_MIN && number <= INT32_MAX ? BASIC_INT
                            : number >= 0 && number <= UINT32_MAX      ? BASIC_UINT
                                                                       : BASIC_LONGLONG;
    return value_of_number(type_basic(basic), number);
}

static bool is_name(int c)
{
    return isalnum(c) || c == '_';
}

static size_t name_length(const char *at)
{
    size_t n = 0;
    while (is_name((unsigned char)at[n]))
        n++;
    return n;
}

static bool copy_name(struct parser *p, char *name, size_t room)
{
    size_t n = name_length(p->at);
    if (n == 0)
        return fail(p, "A syntax error in expression, near \"%.32s\"", p->at);
    if (n >= room)
        return fail(p, "The name \"%.32s...\" is too long", p->at);
    memcpy(name, p->at, n);
    name[n] = '\0';
    p->at += n;
    return true;
}

/* --- types ----------------------------------------------------------------------------------- */

static bool is_type_word(const char *word)
{
    static const char *const words[] = {"unsigned", "signed", "int",   "char",     "short", "long",
                                        "void",     "_Bool",  "const", "volatile", "bool"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

/* Joins the words of a basic type: "unsigned long int". */
static const struct type *basic_type(struct parser *p)
{
    char words[96] = "", word[64];
    for (;;) {
        blanks(p);
        size_t n = name_length(p->at);
        if (n == 0 || n >= sizeof word)
            break;
        memcpy(word, p->at, n);
        word[n] = '\0';
        if (!is_type_word(word) || strlen(words) + n + 2 > sizeof words)
            break;
        p->at += n;
        if (strcmp(word, "const") == 0 || strcmp(word, "volatile") == 0)
            continue;
        if (words[0] != '\0')
            strcat(words, " ");
        strcat(words, strcmp(word, "bool") == 0 ? "_Bool" : word);
    }
    return words[0] == '\0' ? NULL : type_named(NULL, words);
}

/* Tries to read a type name; leaves p->at alone when it is none. */
static const struct type *base_type(struct parser *p)
{
    const char *start = p->at;
    const struct type *type = basic_type(p);
    if (type != NULL)
        return type;
    blanks(p);
    size_t n = name_length(p->at);
    char words[160];
    bool tagged = (n == 6 && strncmp(p->at, "struct", n) == 0) ||
                  (n == 5 && strncmp(p->at, "union", n) == 0) ||
                  (n == 4 && strncmp(p->at, "enum", n) == 0);
    const char *tag = p->at;
    if (tagged) {
        p->at += n;
        blanks(p);
    }
    size_t m = name_length(p->at);
    if (m == 0 || n + m + 2 > sizeof words || isdigit((unsigned char)*p->at)) {
        p->at = start;
        return NULL;
    }
    snprintf(words, sizeof words, tagged ? "%.*s %.*s" : "%.*s%.*s", tagged ? (int)n : 0, tag,
             (int)m, p->at);
    type = lookup_type(p->scope, words);
    if (type == NULL) {
        if (tagged)
            fail(p, "No %.*s type named %.*s", (int)n, tag, (int)m, p->at);
        p->at = start;
        return NULL;
    }
    p->at += m;
    return type;
}

static bool read_count(struct parser *p, uint32_t *count)
{
    char *end;
    unsigned long n = strtoul(p->at, &end, 0);
    *count = (uint32_t)n;
    p->at = end;
    return expect(p, "]");
}

static const struct type *full_type(struct parser *p)
{
    struct type_pool *pool = p->scope->symbols->types;
    const struct type *type = base_type(p);
    if (type == NULL)
        return NULL;
    for (;;) {
        uint32_t count;
        if (take(p, "*") || take(p, "(*)()"))
            type = type_pointer(pool, type);
        else if (take(p, "const"))
            continue;
        else if (!take(p, "["))
            return type;
        else if (!read_count(p, &count))
            return NULL;
        else
            type = type_array(pool, type, count);
    }
}

bool expression_type(struct scope *scope, const char *text, const struct type **out)
{
    struct parser p = {.scope = scope, .at = text};
    scope->why[0] = '\0';
    *out = full_type(&p);
    blanks(&p);
    return *out != NULL && *p.at == '\0';
}

/* --- operands -------------------------------------------------------------------------------- */

static bool comma(struct parser *p, struct value *out);
static bool unary(struct parser *p, struct value *out);

static bool read_number(struct parser *p, struct value *out)
{
    char *end;
    unsigned long long n = strtoull(p->at, &end, 0);
    bool is_unsigned = false, is_decimal = p->at[0] != '0';
    while (*end != '\0' && strchr("uUlL", *end) != NULL)
        is_unsigned |= toupper((unsigned char)*end++) == 'U';
    if (is_name((unsigned char)*end))
        return fail(p, "Invalid number \"%.32s\"", p->at);
    p->at = end;
    *out = number_value((int64_t)n);
    /* C17 6.4.4.1: a decimal constant becomes unsigned only when it says so. */
    if (is_unsigned || n > INT64_MAX)
        *out = value_of_number(type_basic(n <= UINT32_MAX ? BASIC_UINT : BASIC_ULONGLONG),
                               (int64_t)n);
    else if (is_decimal && n > INT32_MAX)
        *out = value_of_number(type_basic(BASIC_LONGLONG), (int64_t)n);
    return true;
}

static bool read_character(struct parser *p, struct value *out)
{
    static const char names[] = "abtnvfr0\\'\"", bytes[] = "\a\b\t\n\v\f\r\0\\'\"";
    p->at++;
    int c = (unsigned char)*p->at;
    if (c == '\0')
        return fail(p, "Unmatched single quote");
    p->at++;
    if (c == '\\') {
        const char *name = *p->at == '\0' ? NULL : strchr(names, *p->at);
        if (name == NULL)
            return fail(p, "Unknown escape \"\\%.1s\" in a character", p->at);
        c = bytes[name - names];
        p->at++;
    }
    *out = value_of_number(type_basic(BASIC_CHAR), c);
    return expect(p, "'");
}

/* $eax, $pc, $1, $, $$, $name. */
static bool read_dollar(struct parser *p, struct value *out)
{
    char name[64];
    size_t n = 1;
    if (p->at[1] == '$')
        n = 2;
    n += name_length(p->at + n);
    /* "cs.base" and its like are one register's name. */
    if (p->at[n] == '.') {
        size_t more = n + 1 + name_length(p->at + n + 1);
        if (more < sizeof name) {
            memcpy(name, p->at + 1, more - 1);
            name[more - 1] = '\0';
            if (lookup_register(p->scope, name, out)) {
                p->at += more;
                return true;
            }
        }
    }
    if (n > sizeof name)
        return fail(p, "The name \"%.32s...\" is too long", p->at);
    memcpy(name, p->at + 1, n - 1);
    name[n - 1] = '\0';
    p->at += n;
    return lookup_dollar(p->scope, name, out);
}

/* What stands before "::": a source file or a program. */
static bool read_qualifier(struct parser *p, char *qualifier, size_t room)
{
    size_t n = 0;
    while (is_name((unsigned char)p->at[n]) || (p->at[n] != '\0' && strchr("./-", p->at[n])))
        n++;
    if (n == 0 || n >= room || strncmp(p->at + n, "::", 2) != 0)
        return false;
    memcpy(qualifier, p->at, n);
    qualifier[n] = '\0';
    p->at += n + 2;
    return true;
}

static bool read_sizeof(struct parser *p, struct value *out)
{
    struct value value;
    const struct type *type = NULL;
    const char *start = p->at;
    if (take(p, "(") && (type = full_type(p)) != NULL) {
        if (!expect(p, ")"))
            return false;
    } else {
        p->at = start;
        if (!unary(p, &value))
            return false;
        type = value.type;
    }
    *out = value_of_number(type_basic(BASIC_UINT), type->size);
    return true;
}

static bool read_symbol(struct parser *p, struct value *out)
{
    char name[128], qualifier[128] = "";
    read_qualifier(p, qualifier, sizeof qualifier);
    if (!copy_name(p, name, sizeof name))
        return false;
    if (strcmp(name, "sizeof") == 0)
        return read_sizeof(p, out);
    if (p->skip > 0) {
        *out = number_value(0);
        return true;
    }
    return lookup_variable(p->scope, qualifier, name, out);
}

static bool primary(struct parser *p, struct value *out)
{
    blanks(p);
    if (take(p, "("))
        return comma(p, out) && expect(p, ")");
    if (isdigit((unsigned char)*p->at))
        return read_number(p, out);
    if (*p->at == '\'')
        return read_character(p, out);
    if (*p->at == '$') {
        if (!read_dollar(p, out))
            return false;
        return true;
    }
    if (*p->at == '"')
        return fail(p, "A string is not a value here");
    if (*p->at == '\0')
        return fail(p, "The expression ends too early");
    return read_symbol(p, out);
}

static bool postfix(struct parser *p, struct value *out)
{
    if (!primary(p, out))
        return false;
    for (;;) {
        struct value index, base = *out;
        int64_t number;
        char name[128];
        blanks(p);
        if (take(p, "[")) {
            if (!comma(p, &index) || !expect(p, "]"))
                return false;
            if (p->skip == 0 && (!value_number(p->scope, &index, &number) ||
                                 !value_index(p->scope, &base, number, out)))
                return false;
        } else if (take(p, "->") || (*p->at == '.' && take(p, "."))) {
            blanks(p);
            if (!copy_name(p, name, sizeof name))
                return false;
            if (p->skip == 0 && !value_member(p->scope, &base, name, out))
                return false;
        } else if (*p->at == '(') {
            return fail(p, "A function of the guest cannot be called from here");
        } else {
            return true;
        }
    }
}

static bool address_of(struct parser *p, const struct value *value, struct value *out)
{
    if (value->where != VALUE_MEMORY || value->bit_size != 0)
        return fail(p, "Attempt to take address of value not located in memory");
    const struct type *pointer = type_pointer(p->scope->symbols->types, value->type);
    *out = value_of_number(pointer, value->address);
    return true;
}

static bool to_type(struct parser *p, const struct value *value, const struct type *type,
                    struct value *out)
{
    int64_t number;
    if (type->size == 0 && type->kind != TYPE_VOID)
        return fail(p, "The type of the cast is incomplete");
    if (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION || type->kind == TYPE_ARRAY) {
        if (value->where != VALUE_MEMORY)
            return fail(p, "Invalid cast");
        *out = value_at(type, value->address);
        return true;
    }
    /* A symbol without a type may be cast to the one that it has. */
    if (value->type->kind == TYPE_VOID && value->where == VALUE_MEMORY) {
        *out = value_at(type, value->address);
        return true;
    }
    if (!value_number(p->scope, value, &number))
        return false;
    *out = value_of_number(type, number);
    return true;
}

/* "(type) operand"; false without touching p->at when no type stands there. */
static bool cast(struct parser *p, struct value *out, bool *is_cast)
{
    const char *start = p->at;
    struct value value;
    *is_cast = false;
    p->scope->why[0] = '\0';
    if (!take(p, "("))
        return true;
    const struct type *type = full_type(p);
    if (type == NULL) {
        p->at = start;
        return p->scope->why[0] == '\0';
    }
    if (!take(p, ")")) {
        p->at = start;
        return true;
    }
    *is_cast = true;
    if (!unary(p, &value))
        return false;
    if (p->skip == 0)
        return to_type(p, &value, type, out);
    *out = number_value(0);
    return true;
}

static bool apply_unary(struct parser *p, char sign, const struct value *value, struct value *out)
{
    int64_t number;
    if (p->skip > 0) {
        *out = number_value(0);
        return true;
    }
    if (sign == '*')
        return value_dereference(p->scope, value, out);
    if (sign == '&')
        return address_of(p, value, out);
    if (!value_number(p->scope, value, &number))
        return false;
    const struct type *type = value->type->size < 4 || value->type->kind == TYPE_POINTER
                                  ? type_basic(BASIC_INT)
                                  : value->type;
    if (sign == '!')
        *out = number_value(number == 0);
    else
        *out = value_of_number(type, sign == '-'   ? (int64_t)(0 - (uint64_t)number)
                                     : sign == '~' ? ~number
                                                   : number);
    return true;
}

static bool unary(struct parser *p, struct value *out)
{
    struct value value;
    bool is_cast;
    blanks(p);
    if (p->depth++ > NESTING)
        return fail(p, "The expression is nested too deeply");
    bool fine;
    if (*p->at != '\0' && strchr("-+!~*&", *p->at) != NULL) {
        char sign = *p->at++;
        fine = unary(p, &value) && apply_unary(p, sign, &value, out);
    } else {
        fine = cast(p, out, &is_cast) && (is_cast || postfix(p, out));
    }
    p->depth--;
    return fine;
}

/* --- operators ------------------------------------------------------------------------------- */

static const struct operator {
    const char *token;
    unsigned precedence;
} operators[] = {
    {"||", 1}, {"&&", 2}, {"==", 6}, {"!=", 6}, {"<<", 8}, {">>", 8}, {"<=", 7}, {">=", 7},
    {"<", 7},  {">", 7},  {"|", 3},  {"^", 4},  {"&", 5},  {"+", 9},  {"-", 9},  {"*", 10},
    {"/", 10}, {"%", 10}, {"@", 11},
};

static const struct operator *peek_operator(struct parser *p)
{
    blanks(p);
    for (unsigned i = 0; i < sizeof operators / sizeof *operators; i++) {
        const struct operator *o = &operators[i];
        size_t n = strlen(o->token);
        if (strncmp(p->at, o->token, n) != 0)
            continue;
        bool assigns = p->at[n] == '=' && o->precedence != 6 && o->precedence != 7;
        return assigns ? NULL : o;
    }
    return NULL;
}

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
        *out = number_value((int32_t)((uint32_t)x - (uint32_t)y) / (int32_t)size);
        return true;
    }
    if (is_pointer(a) == is_pointer(b) || (sign == '-' && is_pointer(b)))
        return fail(p, "Argument to arithmetic operation not a number");
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
        return fail(p, "Division by zero");
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
        return fail(p, "Only values in memory can be extended with '@'");
    if (count <= 0 || count > 1000000)
        return fail(p, "Invalid number %" PRId64 " of repetitions", count);
    *out = value_at(type_array(p->scope->symbols->types, a->type, (uint32_t)count), a->address);
    return true;
}

static int64_t cut(const struct type *type, int64_t number)
{
    if (type->size == 4)
        return type->is_signed ? (int32_t)number : (int64_t)(uint32_t)number;
    return number;
}

static bool apply(struct parser *p, const char *token, const struct value *a,
                  const struct value *b, struct value *out)
{
    int64_t x = 0, y;
    if (p->skip > 0) {
        *out = number_value(0);
        return true;
    }
    if (!value_number(p->scope, b, &y))
        return false;
    if (token[0] == '@')
        return artificial_array(p, a, y, out);
    if (!value_number(p->scope, a, &x))
        return false;
    bool relation = strchr("=!", token[0]) != NULL ||
                    (strchr("<>", token[0]) != NULL && token[0] != token[1]);
    if ((is_pointer(a) || is_pointer(b)) && (token[0] == '+' || token[0] == '-'))
        return pointer_arithmetic(p, token[0], a, x, b, y, out);
    const struct type *type = common_type(a->type, b->type);
    x = cut(type, x);
    if (token[0] != token[1] || relation) /* not a shift, whose count has its own type */
        y = cut(type, y);
    if (relation) {
        *out = number_value(compare(token, type, x, y));
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

static bool truth(struct parser *p, const struct value *value, bool *out)
{
    int64_t number = 0;
    if (p->skip == 0 && !value_number(p->scope, value, &number))
        return false;
    *out = number != 0;
    return true;
}

static bool binary(struct parser *p, unsigned lowest, struct value *out)
{
    if (!unary(p, out))
        return false;
    const struct operator *o;
    while ((o = peek_operator(p)) != NULL && o->precedence >= lowest) {
        struct value left = *out, right;
        bool a = false, b = false;
        p->at += strlen(o->token);
        if (o->precedence > 2) {
            if (!binary(p, o->precedence + 1, &right) || !apply(p, o->token, &left, &right, out))
                return false;
            continue;
        }
        if (!truth(p, &left, &a))
            return false;
        bool decided = a == (o->precedence == 1);
        p->skip += decided;
        bool fine = binary(p, o->precedence + 1, &right) && truth(p, &right, &b);
        p->skip -= decided;
        if (!fine)
            return false;
        *out = number_value(decided ? a : b);
    }
    return true;
}

static bool conditional(struct parser *p, struct value *out)
{
    struct value other;
    bool chosen;
    if (!binary(p, 1, out))
        return false;
    blanks(p);
    if (*p->at != '?')
        return true;
    p->at++;
    if (!truth(p, out, &chosen))
        return false;
    p->skip += !chosen;
    bool fine = comma(p, chosen ? out : &other);
    p->skip -= !chosen;
    if (!fine || !expect(p, ":"))
        return false;
    p->skip += chosen;
    fine = conditional(p, chosen ? &other : out);
    p->skip -= chosen;
    return fine;
}

static bool assignment(struct parser *p, struct value *out)
{
    static const char *const tokens[] = {"<<", ">>", "+", "-", "*", "/", "%", "&", "|", "^"};
    char name[64] = "";
    const char *start = p->at;
    if (p->depth++ > NESTING)
        return fail(p, "The expression is nested too deeply");
    blanks(p);
    if (*p->at == '$' && name_length(p->at + 1) < sizeof name - 1)
        snprintf(name, sizeof name, "%.*s", (int)name_length(p->at + 1), p->at + 1);
    const char *behind_name = p->at + 1 + strlen(name);
    bool fine = conditional(p, out);
    if (fine && p->at > behind_name + strspn(behind_name, " \t"))
        name[0] = '\0'; /* more than the name alone, as in $p->x = 1 */
    blanks(p);
    const char *token = NULL;
    if (!fine) { /* a first assignment makes a variable of the session */
        p->at = start;
        blanks(p);
        p->at += 1 + strlen(name);
        blanks(p);
        if (name[0] == '\0' || *p->at != '=' || p->at[1] == '=')
            return false;
        *out = value_of_number(type_basic(BASIC_VOID), 0);
    }
    for (unsigned i = 0; i < sizeof tokens / sizeof *tokens && token == NULL; i++) {
        size_t n = strlen(tokens[i]);
        if (strncmp(p->at, tokens[i], n) == 0 && p->at[n] == '=')
            token = tokens[i];
    }
    p->depth--;
    if (token == NULL && (*p->at != '=' || p->at[1] == '='))
        return true;
    struct value to = *out, from;
    p->at += (token == NULL ? 0 : strlen(token)) + 1;
    if (!assignment(p, &from) || (token != NULL && !apply(p, token, &to, &from, &from)))
        return false;
    if (p->skip > 0)
        return true;
    *out = from;
    return lookup_assign(p->scope, name, &to, &from, out);
}

static bool comma(struct parser *p, struct value *out)
{
    if (!assignment(p, out))
        return false;
    while (take(p, ","))
        if (!assignment(p, out))
            return false;
    return true;
}

bool expression_eval_part(struct scope *scope, const char *text, const char **end,
                          struct value *out)
{
    struct parser p = {.scope = scope, .at = text};
    scope->why[0] = '\0';
    bool fine = comma(&p, out);
    blanks(&p);
    *end = p.at;
    return fine;
}

bool expression_eval(struct scope *scope, const char *text, struct value *out)
{
    struct parser p = {.scope = scope, .at = text};
    scope->why[0] = '\0';
    if (!comma(&p, out))
        return false;
    blanks(&p);
    if (*p.at != '\0')
        return fail(&p, "A syntax error in expression, near \"%.64s\"", p.at);
    return true;
}

bool expression_number(struct scope *scope, const char *text, int64_t *out)
{
    struct value value;
    return expression_eval(scope, text, &value) && value_number(scope, &value, out);
}
