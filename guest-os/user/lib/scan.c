/* scanf: a format reads from a stream or a string, one character at a time with one to spare. */
#include "stream.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_ROOM = 320 }; /* the longest number text that is looked at */

struct source {
    FILE *f; /* NULL: read the string */
    const char *s;
    int count; /* characters taken */
};

/* One conversion: % [*] [width] [length] letter */
struct spec {
    bool skip;
    int width; /* 0: not given */
    int size;  /* bytes of an integer; of a floating type 4 or 8 */
    char letter;
    bool wanted[256]; /* of %[ */
};

static int source_get(struct source *in)
{
    int c = in->f != NULL ? fgetc(in->f) : *in->s != '\0' ? (unsigned char)*in->s++ : EOF;
    in->count += c != EOF;
    return c;
}

static void source_back(struct source *in, int c)
{
    if (c == EOF)
        return;
    in->count--;
    if (in->f != NULL)
        ungetc(c, in->f);
    else
        in->s--;
}

static void skip_space(struct source *in)
{
    int c;
    do
        c = source_get(in);
    while (c != EOF && isspace(c));
    source_back(in, c);
}

static const char *parse_set(const char *format, struct spec *spec)
{
    bool invert = *format == '^';
    format += invert;
    memset(spec->wanted, invert, sizeof spec->wanted);
    const char *first = format;
    while (*format != '\0' && (*format != ']' || format == first)) {
        unsigned char low = (unsigned char)*format++, high = low;
        if (format[0] == '-' && format[1] != ']' && format[1] != '\0') {
            high = (unsigned char)format[1];
            format += 2;
        }
        for (int c = low; c <= high; c++)
            spec->wanted[c] = !invert;
    }
    return *format == ']' ? format + 1 : format;
}

static const char *parse_spec(const char *format, struct spec *spec)
{
    *spec = (struct spec){.size = 4};
    if (*format == '*') {
        spec->skip = true;
        format++;
    }
    while (isdigit((unsigned char)*format))
        spec->width = spec->width * 10 + (*format++ - '0');
    int shorter = 0, longer = 0;
    for (; *format != '\0' && strchr("hljzt", *format) != NULL; format++) {
        shorter += *format == 'h';
        longer += *format == 'l' ? 1 : *format == 'j' ? 2 : 0;
    }
    spec->letter = *format;
    if (*format != '\0')
        format++;
    bool floating = spec->letter != '\0' && strchr("aefgAEFG", spec->letter) != NULL;
    if (floating)
        spec->size = longer > 0 ? 8 : 4;
    else
        spec->size = longer > 1 ? 8 : shorter > 1 ? 1 : shorter == 1 ? 2 : 4;
    return spec->letter == '[' ? parse_set(format, spec) : format;
}

static void store_integer(const struct spec *spec, void *where, uint64_t n)
{
    switch (spec->size) {
    case 1: *(uint8_t *)where = (uint8_t)n; break;
    case 2: *(uint16_t *)where = (uint16_t)n; break;
    case 8: *(uint64_t *)where = n; break;
    default: *(uint32_t *)where = (uint32_t)n; break;
    }
}

/* Could `c` be the next character of an integer in this base (0: any)? */
static bool fits_integer(const char *text, int length, int c, int *base)
{
    bool after_sign = length == 0 || (length == 1 && !isalnum((unsigned char)text[0]));
    if (c == '+' || c == '-')
        return length == 0;
    bool lone_zero = text[length - (length > 0)] == '0' &&
                     (length == 1 || (length == 2 && !isalnum((unsigned char)text[0])));
    if ((c == 'x' || c == 'X') && lone_zero && (*base == 0 || *base == 16)) {
        *base = 16;
        return true;
    }
    if (after_sign && c == '0')
        return true;
    if (*base == 0 && after_sign)
        *base = 10;
    int limit = *base == 0 ? 8 : *base;
    return isdigit(c) ? c - '0' < limit : isxdigit(c) && limit == 16;
}

static int scan_integer(struct source *in, const struct spec *spec, va_list *args, int base)
{
    char text[NUMBER_ROOM];
    int length = 0, width = spec->width > 0 ? spec->width : NUMBER_ROOM - 1;
    int form = base;
    while (length < width && length < NUMBER_ROOM - 1) {
        int c = source_get(in);
        if (c == EOF || !fits_integer(text, length, c, &form)) {
            source_back(in, c);
            break;
        }
        text[length++] = (char)c;
    }
    text[length] = '\0';
    char *end;
    uint64_t n = spec->letter == 'd' || spec->letter == 'i' ? (uint64_t)strtoll(text, &end, base)
                                                            : strtoull(text, &end, base);
    if (end == text)
        return 0;
    if (!spec->skip)
        store_integer(spec, va_arg(*args, void *), n);
    return 1;
}

static int scan_double(struct source *in, const struct spec *spec, va_list *args)
{
    char text[NUMBER_ROOM];
    int length = 0, width = spec->width > 0 ? spec->width : NUMBER_ROOM - 1;
    while (length < width && length < NUMBER_ROOM - 1) {
        int c = source_get(in);
        bool sign_fits = length == 0 || (text[length - 1] | 0x20) == 'e';
        if (c == EOF || !(isdigit(c) || c == '.' || (c | 0x20) == 'e' ||
                          ((c == '+' || c == '-') && sign_fits))) {
            source_back(in, c);
            break;
        }
        text[length++] = (char)c;
    }
    text[length] = '\0';
    char *end;
    double value = strtod(text, &end);
    if (end == text)
        return 0;
    if (spec->skip)
        return 1;
    if (spec->size == 8)
        *va_arg(*args, double *) = value;
    else
        *va_arg(*args, float *) = (float)value;
    return 1;
}

/* %s, %[ and %c: characters as they are. */
static int scan_text(struct source *in, const struct spec *spec, va_list *args)
{
    char *to = spec->skip ? NULL : va_arg(*args, char *);
    int limit = spec->width > 0 ? spec->width : spec->letter == 'c' ? 1 : -1;
    int length = 0;
    for (; length != limit; length++) {
        int c = source_get(in);
        bool fits = c != EOF && (spec->letter == 'c' || (spec->letter == 's' && !isspace(c)) ||
                                 (spec->letter == '[' && spec->wanted[c]));
        if (!fits) {
            source_back(in, c);
            break;
        }
        if (to != NULL)
            to[length] = (char)c;
    }
    if (length == 0 || (spec->letter == 'c' && length < limit))
        return 0;
    if (to != NULL && spec->letter != 'c')
        to[length] = '\0';
    return 1;
}

static int scan_one(struct source *in, const struct spec *spec, va_list *args)
{
    switch (spec->letter) {
    case 'd':
    case 'u': return scan_integer(in, spec, args, 10);
    case 'i': return scan_integer(in, spec, args, 0);
    case 'o': return scan_integer(in, spec, args, 8);
    case 'x':
    case 'X':
    case 'p': return scan_integer(in, spec, args, 16);
    case 'e':
    case 'f':
    case 'g':
    case 'E':
    case 'G': return scan_double(in, spec, args);
    default: return scan_text(in, spec, args);
    }
}

/* Gives the number of conversions stored, or EOF if the input ended before the first. */
static int scan(struct source *in, const char *format, va_list args)
{
    va_list rest;
    va_copy(rest, args);
    int stored = 0, c = 0;
    while (*format != '\0') {
        if (isspace((unsigned char)*format)) {
            skip_space(in);
            format++;
            continue;
        }
        struct spec spec = {.letter = '\0'};
        if (*format == '%')
            format = parse_spec(format + 1, &spec);
        bool literal = spec.letter == '\0' || spec.letter == '%';
        if (spec.letter == 'n') {
            store_integer(&spec, va_arg(rest, void *), (uint64_t)in->count);
            continue;
        }
        if (!(literal && spec.letter == '\0') && spec.letter != 'c' && spec.letter != '[')
            skip_space(in);
        c = source_get(in);
        if (literal && c == (spec.letter == '%' ? '%' : (unsigned char)*format)) {
            format += spec.letter == '\0';
            continue;
        }
        source_back(in, c);
        if (c == EOF || literal || !scan_one(in, &spec, &rest))
            break;
        stored += !spec.skip;
    }
    va_end(rest);
    return stored == 0 && c == EOF ? EOF : stored;
}

int vfscanf(FILE *f, const char *format, va_list args)
{
    struct source in = {.f = f};
    return scan(&in, format, args);
}

int vsscanf(const char *s, const char *format, va_list args)
{
    struct source in = {.s = s};
    return scan(&in, format, args);
}

int vscanf(const char *format, va_list args)
{
    return vfscanf(stdin, format, args);
}

int scanf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int stored = vfscanf(stdin, format, args);
    va_end(args);
    return stored;
}

int fscanf(FILE *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int stored = vfscanf(f, format, args);
    va_end(args);
    return stored;
}

int sscanf(const char *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int stored = vsscanf(s, format, args);
    va_end(args);
    return stored;
}
