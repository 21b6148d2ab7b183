/* parser: what the files that read expressions share: the words, the types and the arithmetic. */
#ifndef DEBUGGER_PARSER_H
#define DEBUGGER_PARSER_H

#include "debugger/expression.h"

#define NESTING 128u

struct parser {
    struct scope *scope;
    const char *at;
    unsigned depth;
    unsigned skip; /* above 0: read, but do not evaluate (the untaken side of ?: && ||) */
};

/* --- parser.c: words */
bool parser_fail(struct parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void parser_blanks(struct parser *p);
bool parser_take(struct parser *p, const char *token);
bool parser_expect(struct parser *p, const char *token);
bool parser_is_name(int c);
size_t parser_name_length(const char *at);
bool parser_name(struct parser *p, char *name, size_t room);
/* Of the smallest type from int on that holds it. */
struct value parser_number(int64_t number);

/* --- parser_type.c: a type's name; NULL, with p->at left alone, when none stands there. */
const struct type *parser_type(struct parser *p);

/* --- arithmetic.c: a binary operator; with p->skip its result is 0. */
bool parser_apply(struct parser *p, const char *token, const struct value *a, const struct value *b,
                  struct value *out);

#endif
