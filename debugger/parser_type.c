/* parser_type: names of C types, as casts and sizeof have them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/lookup.h"
#include "debugger/parser.h"

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
        parser_blanks(p);
        size_t n = parser_name_length(p->at);
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
    parser_blanks(p);
    size_t n = parser_name_length(p->at);
    char words[160];
    bool tagged = (n == 6 && strncmp(p->at, "struct", n) == 0) ||
                  (n == 5 && strncmp(p->at, "union", n) == 0) ||
                  (n == 4 && strncmp(p->at, "enum", n) == 0);
    const char *tag = p->at;
    if (tagged) {
        p->at += n;
        parser_blanks(p);
    }
    size_t m = parser_name_length(p->at);
    if (m == 0 || n + m + 2 > sizeof words || isdigit((unsigned char)*p->at)) {
        p->at = start;
        return NULL;
    }
    snprintf(words, sizeof words, tagged ? "%.*s %.*s" : "%.*s%.*s", tagged ? (int)n : 0, tag,
             (int)m, p->at);
    type = lookup_type(p->scope, words);
    if (type == NULL) {
        if (tagged)
            parser_fail(p, "No %.*s type named %.*s", (int)n, tag, (int)m, p->at);
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
    return parser_expect(p, "]");
}

const struct type *parser_type(struct parser *p)
{
    struct type_pool *pool = p->scope->symbols->types;
    const struct type *type = base_type(p);
    if (type == NULL)
        return NULL;
    for (;;) {
        uint32_t count;
        if (parser_take(p, "*") || parser_take(p, "(*)()"))
            type = type_pointer(pool, type);
        else if (parser_take(p, "const"))
            continue;
        else if (!parser_take(p, "["))
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
    *out = parser_type(&p);
    parser_blanks(&p);
    return *out != NULL && *p.at == '\0';
}
