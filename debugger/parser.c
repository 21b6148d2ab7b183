/* parser: the words of an expression. */
#include "debugger/parser.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool parser_fail(struct parser *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(p->scope->why, sizeof p->scope->why, format, args);
    va_end(args);
    return false;
}

void parser_blanks(struct parser *p)
{
    while (isspace((unsigned char)*p->at))
        p->at++;
}

bool parser_take(struct parser *p, const char *token)
{
    parser_blanks(p);
    size_t length = strlen(token);
    if (strncmp(p->at, token, length) != 0)
        return false;
    p->at += length;
    return true;
}

bool parser_expect(struct parser *p, const char *token)
{
    if (parser_take(p, token))
        return true;
    return parser_fail(p, "A \"%s\" is missing before \"%.32s\"", token, p->at);
}

struct value parser_number(int64_t number)
{
    enum type_basic basic = number >= INT32_MIN && number <= INT32_MAX ? BASIC_INT
                            : number >= 0 && number <= UINT32_MAX      ? BASIC_UINT
                                                                       : BASIC_LONGLONG;
    return value_of_number(type_basic(basic), number);
}

bool parser_is_name(int c)
{
    return isalnum(c) || c == '_';
}

size_t parser_name_length(const char *at)
{
    size_t n = 0;
    while (parser_is_name((unsigned char)at[n]))
        n++;
    return n;
}

bool parser_name(struct parser *p, char *name, size_t room)
{
    size_t n = parser_name_length(p->at);
    if (n == 0)
        return parser_fail(p, "A syntax error in expression, near \"%.32s\"", p->at);
    if (n >= room)
        return parser_fail(p, "The name \"%.32s...\" is too long", p->at);
    memcpy(name, p->at, n);
    name[n] = '\0';
    p->at += n;
    return true;
}
