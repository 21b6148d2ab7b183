/* expression: reads C expressions and evaluates them as they are read, by precedence climbing. */
#include "debugger/expression.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/lookup.h"
#include "debugger/parser.h"

/* --- operands -------------------------------------------------------------------------------- */

static bool comma(struct parser *p, struct value *out);
static bool unary(struct parser *p, struct value *out);

static bool read_number(struct parser *p, struct value *out)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(p->at, &end, 0);
    if (errno == ERANGE)
        return parser_fail(p, "Numeric constant too large");
    bool is_unsigned = false, is_decimal = p->at[0] != '0';
    while (*end != '\0' && strchr("uUlL", *end) != NULL)
        is_unsigned |= toupper((unsigned char)*end++) == 'U';
    if (parser_is_name((unsigned char)*end))
        return parser_fail(p, "Invalid number \"%.32s\"", p->at);
    p->at = end;
    *out = parser_number((int64_t)n);
    /* C17 6.4.4.1: a decimal constant becomes unsigned only when it says so. */
    if (is_unsigned || n > INT64_MAX)
        *out =
            value_of_number(type_basic(n <= UINT32_MAX ? BASIC_UINT : BASIC_ULONGLONG), (int64_t)n);
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
        return parser_fail(p, "Unmatched single quote");
    p->at++;
    if (c == '\\') {
        const char *name = *p->at == '\0' ? NULL : strchr(names, *p->at);
        if (name == NULL)
            return parser_fail(p, "Unknown escape \"\\%.1s\" in a character", p->at);
        c = bytes[name - names];
        p->at++;
    }
    *out = value_of_number(type_basic(BASIC_CHAR), c);
    return parser_expect(p, "'");
}

/* $eax, $pc, $1, $, $$, $name. */
static bool read_dollar(struct parser *p, struct value *out)
{
    char name[64];
    size_t n = 1;
    if (p->at[1] == '$')
        n = 2;
    n += parser_name_length(p->at + n);
    /* "cs.base" and its like are one register's name. */
    if (p->at[n] == '.') {
        size_t more = n + 1 + parser_name_length(p->at + n + 1);
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
        return parser_fail(p, "The name \"%.32s...\" is too long", p->at);
    memcpy(name, p->at + 1, n - 1);
    name[n - 1] = '\0';
    p->at += n;
    return lookup_dollar(p->scope, name, out);
}

/* What stands before "::": a source file or a program. */
static bool read_qualifier(struct parser *p, char *qualifier, size_t room)
{
    size_t n = 0;
    while (parser_is_name((unsigned char)p->at[n]) || (p->at[n] != '\0' && strchr("./-", p->at[n])))
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
    if (parser_take(p, "(") && (type = parser_type(p)) != NULL) {
        if (!parser_expect(p, ")"))
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
    if (!parser_name(p, name, sizeof name))
        return false;
    if (strcmp(name, "sizeof") == 0)
        return read_sizeof(p, out);
    if (p->skip > 0) {
        *out = parser_number(0);
        return true;
    }
    return lookup_variable(p->scope, qualifier, name, out);
}

static bool primary(struct parser *p, struct value *out)
{
    parser_blanks(p);
    if (parser_take(p, "("))
        return comma(p, out) && parser_expect(p, ")");
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
        return parser_fail(p, "A string is not a value here");
    if (*p->at == '\0')
        return parser_fail(p, "The expression ends too early");
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
        parser_blanks(p);
        if (parser_take(p, "[")) {
            if (!comma(p, &index) || !parser_expect(p, "]"))
                return false;
            if (p->skip == 0 && (!value_number(p->scope, &index, &number) ||
                                 !value_index(p->scope, &base, number, out)))
                return false;
        } else if (parser_take(p, "->") || (*p->at == '.' && parser_take(p, "."))) {
            parser_blanks(p);
            if (!parser_name(p, name, sizeof name))
                return false;
            if (p->skip == 0 && !value_member(p->scope, &base, name, out))
                return false;
        } else if (*p->at == '(') {
            return parser_fail(p, "A function of the guest cannot be called from here");
        } else {
            return true;
        }
    }
}

static bool address_of(struct parser *p, const struct value *value, struct value *out)
{
    if (value->where != VALUE_MEMORY || value->bit_size != 0)
        return parser_fail(p, "Attempt to take address of value not located in memory");
    const struct type *pointer = type_pointer(p->scope->symbols->types, value->type);
    *out = value_of_number(pointer, value->address);
    return true;
}

static bool to_type(struct parser *p, const struct value *value, const struct type *type,
                    struct value *out)
{
    int64_t number;
    if (type->size == 0 && type->kind != TYPE_VOID)
        return parser_fail(p, "The type of the cast is incomplete");
    if (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION || type->kind == TYPE_ARRAY) {
        if (value->where != VALUE_MEMORY)
            return parser_fail(p, "Invalid cast");
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
    if (!parser_take(p, "("))
        return true;
    const struct type *type = parser_type(p);
    if (type == NULL) {
        p->at = start;
        return p->scope->why[0] == '\0';
    }
    if (!parser_take(p, ")")) {
        p->at = start;
        return true;
    }
    *is_cast = true;
    if (!unary(p, &value))
        return false;
    if (p->skip == 0)
        return to_type(p, &value, type, out);
    *out = parser_number(0);
    return true;
}

static bool apply_unary(struct parser *p, char sign, const struct value *value, struct value *out)
{
    int64_t number;
    if (p->skip > 0) {
        *out = parser_number(0);
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
        *out = parser_number(number == 0);
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
    parser_blanks(p);
    if (p->depth++ > NESTING)
        return parser_fail(p, "The expression is nested too deeply");
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

static const struct operator
{
    const char *token;
    unsigned precedence;
}
operators[] = {
    {"||", 1}, {"&&", 2}, {"==", 6}, {"!=", 6}, {"<<", 8}, {">>", 8}, {"<=", 7},
    {">=", 7}, {"<", 7},  {">", 7},  {"|", 3},  {"^", 4},  {"&", 5},  {"+", 9},
    {"-", 9},  {"*", 10}, {"/", 10}, {"%", 10}, {"@", 11},
};

static const struct operator* peek_operator(struct parser *p)
{
    parser_blanks(p);
    for (unsigned i = 0; i < sizeof operators / sizeof *operators; i++) {
        const struct operator* o = & operators[i];
        size_t n = strlen(o->token);
        if (strncmp(p->at, o->token, n) != 0)
            continue;
        bool assigns = p->at[n] == '=' && o->precedence != 6 && o->precedence != 7;
        return assigns ? NULL : o;
    }
    return NULL;
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
    const struct operator* o;
    while ((o = peek_operator(p)) != NULL && o->precedence >= lowest) {
        struct value left = *out, right;
        bool a = false, b = false;
        p->at += strlen(o->token);
        if (o->precedence > 2) {
            if (!binary(p, o->precedence + 1, &right) ||
                !parser_apply(p, o->token, &left, &right, out))
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
        *out = parser_number(decided ? a : b);
    }
    return true;
}

static bool conditional(struct parser *p, struct value *out)
{
    struct value other;
    bool chosen;
    if (!binary(p, 1, out))
        return false;
    parser_blanks(p);
    if (*p->at != '?')
        return true;
    p->at++;
    if (!truth(p, out, &chosen))
        return false;
    p->skip += !chosen;
    bool fine = comma(p, chosen ? out : &other);
    p->skip -= !chosen;
    if (!fine || !parser_expect(p, ":"))
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
        return parser_fail(p, "The expression is nested too deeply");
    parser_blanks(p);
    if (*p->at == '$' && parser_name_length(p->at + 1) < sizeof name - 1)
        snprintf(name, sizeof name, "%.*s", (int)parser_name_length(p->at + 1), p->at + 1);
    const char *behind_name = p->at + 1 + strlen(name);
    bool fine = conditional(p, out);
    if (fine && p->at > behind_name + strspn(behind_name, " \t"))
        name[0] = '\0'; /* more than the name alone, as in $p->x = 1 */
    parser_blanks(p);
    const char *token = NULL;
    if (!fine) { /* a first assignment makes a variable of the session */
        p->at = start;
        parser_blanks(p);
        p->at += 1 + strlen(name);
        parser_blanks(p);
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
    if (!assignment(p, &from) || (token != NULL && !parser_apply(p, token, &to, &from, &from)))
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
    while (parser_take(p, ","))
        if (!assignment(p, out))
            return false;
    return true;
}

bool expression_eval(struct scope *scope, const char *text, struct value *out)
{
    struct parser p = {.scope = scope, .at = text};
    scope->why[0] = '\0';
    if (!comma(&p, out))
        return false;
    parser_blanks(&p);
    if (*p.at != '\0')
        return parser_fail(&p, "A syntax error in expression, near \"%.64s\"", p.at);
    return true;
}

bool expression_number(struct scope *scope, const char *text, int64_t *out)
{
    struct value value;
    return expression_eval(scope, text, &value) && value_number(scope, &value, out);
}
