/* printf's engine: a format and its arguments become characters for a sink. */
#include "internal.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* One conversion: % [flags] [width] [.precision] [length] letter */
struct spec {
    bool left, plus, space, alternate, zero;
    int width;
    int precision; /* -1: none given */
    int size;      /* in bytes, of an integer argument */
    char letter;
};

struct output {
    struct sink *sink;
    int count;
};

static void emit(struct output *out, const char *s, size_t n)
{
    if (n > 0)
        out->sink->put(out->sink, s, n);
    out->count += (int)n;
}

static void emit_fill(struct output *out, char c, int n)
{
    char run[16];
    memset(run, c, sizeof run);
    for (; n > (int)sizeof run; n -= (int)sizeof run)
        emit(out, run, sizeof run);
    if (n > 0)
        emit(out, run, (size_t)n);
}

/* Prefix (sign, 0x), zeros, body; blanks or zeros around them up to the width. */
static void emit_field(struct output *out, const struct spec *spec, const char *prefix, int zeros,
                       const char *body, int length)
{
    int prefix_length = (int)strlen(prefix);
    int fill = spec->width - prefix_length - zeros - length;
    if (fill > 0 && spec->zero && !spec->left) {
        zeros += fill;
        fill = 0;
    }
    if (!spec->left)
        emit_fill(out, ' ', fill);
    emit(out, prefix, (size_t)prefix_length);
    emit_fill(out, '0', zeros);
    emit(out, body, (size_t)length);
    if (spec->left)
        emit_fill(out, ' ', fill);
}

static int read_number(const char **format)
{
    int n = 0;
    while (**format >= '0' && **format <= '9')
        n = n < 100000000 ? n * 10 + (*(*format)++ - '0') : (++*format, n);
    return n;
}

static bool parse_flag(struct spec *spec, char c)
{
    switch (c) {
    case '-': spec->left = true; return true;
    case '+': spec->plus = true; return true;
    case ' ': spec->space = true; return true;
    case '#': spec->alternate = true; return true;
    case '0': spec->zero = true; return true;
    case '\'': return true; /* digits in groups, of which this locale has none */
    default: return false;
    }
}

static void parse_length(struct spec *spec, const char **format)
{
    int shorter = 0, longer = 0;
    for (;; ++*format) {
        switch (**format) {
        case 'h': shorter++; continue;
        case 'l': longer++; continue;
        case 'j':
        case 'q': longer = 2; continue;
        case 'z':
        case 't':
        case 'L': continue;
        default: break;
        }
        break;
    }
    spec->size = longer > 1 ? 8 : shorter > 1 ? 1 : shorter == 1 ? 2 : 4;
}

static struct spec parse_spec(const char **format, va_list *args)
{
    struct spec spec = {.precision = -1};
    while (parse_flag(&spec, **format))
        ++*format;
    if (**format == '*') {
        ++*format;
        spec.width = va_arg(*args, int);
        if (spec.width < 0) {
            spec.left = true;
            spec.width = -spec.width;
        }
    } else {
        spec.width = read_number(format);
    }
    if (**format == '.') {
        ++*format;
        if (**format == '*') {
            ++*format;
            spec.precision = va_arg(*args, int);
        } else {
            spec.precision = read_number(format);
        }
    }
    parse_length(&spec, format);
    spec.letter = **format;
    if (spec.letter != '\0')
        ++*format;
    return spec;
}

static uint64_t fetch_unsigned(const struct spec *spec, va_list *args)
{
    uint64_t value = spec->size == 8 ? va_arg(*args, uint64_t) : va_arg(*args, unsigned);
    return spec->size == 8 ? value : value & ((1ULL << 8 * spec->size) - 1);
}

static int64_t fetch_signed(const struct spec *spec, va_list *args)
{
    unsigned unused = 64 - 8 * (unsigned)spec->size;
    uint64_t value = spec->size == 8 ? va_arg(*args, uint64_t) : va_arg(*args, unsigned);
    return (int64_t)(value << unused) >> unused;
}

static void format_integer(struct output *out, struct spec *spec, uint64_t value,
                           const char *prefix)
{
    unsigned base = spec->letter == 'o' ? 8 : strchr("xXp", spec->letter) != NULL ? 16 : 10;
    const char *digit = spec->letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    char digits[22];
    char *start = digits + sizeof digits;
    for (uint64_t rest = value; rest != 0; rest /= base)
        *--start = digit[rest % base];
    int length = (int)(digits + sizeof digits - start);
    int zeros = 0;
    if (spec->precision >= 0) {
        spec->zero = false;
        zeros = spec->precision > length ? spec->precision - length : 0;
    } else if (length == 0) {
        zeros = 1;
    }
    if (spec->letter == 'o' && spec->alternate && zeros == 0)
        zeros = 1;
    emit_field(out, spec, prefix, zeros, start, length);
}

static void format_signed(struct output *out, struct spec *spec, int64_t value)
{
    const char *sign = value < 0 ? "-" : spec->plus ? "+" : spec->space ? " " : "";
    format_integer(out, spec, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, sign);
}

static void format_unsigned(struct output *out, struct spec *spec, uint64_t value)
{
    bool marked = spec->letter == 'p' || (spec->alternate && value != 0);
    const char *prefix = !marked                                      ? ""
                         : spec->letter == 'x' || spec->letter == 'p' ? "0x"
                         : spec->letter == 'X'                        ? "0X"
                                                                      : "";
    format_integer(out, spec, value, prefix);
}

static void format_string(struct output *out, struct spec *spec, const char *s)
{
    if (s == NULL)
        s = "(null)";
    spec->zero = false;
    size_t length = spec->precision >= 0 ? strnlen(s, (size_t)spec->precision) : strlen(s);
    emit_field(out, spec, "", 0, s, (int)length);
}

/* The digits of `d` from position `from`, `n` of them; zeros where it has none. */
static char *copy_digits(char *to, const struct decimal *d, int from, int n)
{
    for (int i = from; i < from + n; i++)
        *to++ = i >= 0 && i < d->count ? d->digits[i] : '0';
    return to;
}

static char *put_fixed(char *to, const struct decimal *d, int places, bool point)
{
    if (d->point > 0)
        to = copy_digits(to, d, 0, d->point);
    else
        *to++ = '0';
    if (places > 0 || point)
        *to++ = '.';
    return copy_digits(to, d, d->point, places);
}

static char *put_exponent(char *to, const struct decimal *d, int places, bool point, char letter)
{
    int exponent = d->digits[0] == '0' ? 0 : d->point - 1;
    *to++ = d->digits[0];
    if (places > 0 || point)
        *to++ = '.';
    to = copy_digits(to, d, 1, places);
    *to++ = letter;
    *to++ = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent >= 100)
        *to++ = (char)('0' + exponent / 100);
    *to++ = (char)('0' + exponent / 10 % 10);
    *to++ = (char)('0' + exponent % 10);
    return to;
}

/* %g: whichever of %e and %f is shorter, without zeros at the end. */
static char *put_general(char *to, struct decimal *d, int significant, bool keep_zeros, char letter)
{
    int exponent = d->digits[0] == '0' ? 0 : d->point - 1;
    int digits = significant;
    if (!keep_zeros) {
        digits = d->count < significant ? d->count : significant;
        while (digits > 1 && d->digits[digits - 1] == '0')
            digits--;
    }
    if (exponent < -4 || exponent >= significant)
        return put_exponent(to, d, digits - 1, keep_zeros, letter);
    int places = d->digits[0] == '0' ? digits - 1 : digits - d->point;
    return put_fixed(to, d, places > 0 ? places : 0, keep_zeros);
}

static void format_double(struct output *out, struct spec *spec, double value)
{
    union {
        double value;
        uint64_t bits;
    } u = {value};
    bool negative = u.bits >> 63 != 0;
    const char *sign = negative ? "-" : spec->plus ? "+" : spec->space ? " " : "";
    bool capital = spec->letter >= 'A' && spec->letter <= 'Z';
    u.bits &= ~(1ULL << 63);
    if (u.bits >> 52 == 0x7ff) {
        const char *name = u.bits << 12 != 0 ? (capital ? "NAN" : "nan") : capital ? "INF" : "inf";
        spec->zero = false;
        emit_field(out, spec, sign, 0, name, 3);
        return;
    }
    enum { MOST = 512 }; /* no more digits behind the point than this: then zeros would do */
    int precision = spec->precision < 0 ? 6 : spec->precision > MOST ? MOST : spec->precision;
    struct decimal d;
    char text[DECIMAL_DIGITS + MOST + 16];
    char *end;
    switch (spec->letter | 0x20) {
    case 'f':
        __decimal_from_double(&d, u.value, precision, 0);
        end = put_fixed(text, &d, precision, spec->alternate);
        break;
    case 'e':
        __decimal_from_double(&d, u.value, precision + 1, 1);
        end = put_exponent(text, &d, precision, spec->alternate, capital ? 'E' : 'e');
        break;
    default:
        precision = precision == 0 ? 1 : precision;
        __decimal_from_double(&d, u.value, precision, 1);
        end = put_general(text, &d, precision, spec->alternate, capital ? 'E' : 'e');
        break;
    }
    emit_field(out, spec, sign, 0, text, (int)(end - text));
}

static void store_count(const struct spec *spec, void *where, int count)
{
    switch (spec->size) {
    case 1: *(signed char *)where = (signed char)count; break;
    case 2: *(short *)where = (short)count; break;
    case 8: *(long long *)where = count; break;
    default: *(int *)where = count; break;
    }
}

static void format_one(struct output *out, struct spec *spec, va_list *args)
{
    char c;
    switch (spec->letter) {
    case 'd':
    case 'i': format_signed(out, spec, fetch_signed(spec, args)); break;
    case 'u':
    case 'x':
    case 'X':
    case 'o': format_unsigned(out, spec, fetch_unsigned(spec, args)); break;
    case 'p': format_unsigned(out, spec, va_arg(*args, uintptr_t)); break;
    case 'c':
        c = (char)va_arg(*args, int);
        spec->zero = false;
        emit_field(out, spec, "", 0, &c, 1);
        break;
    case 's': format_string(out, spec, va_arg(*args, const char *)); break;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': format_double(out, spec, va_arg(*args, double)); break;
    case 'n': store_count(spec, va_arg(*args, void *), out->count); break;
    case '%': emit(out, "%", 1); break;
    default: /* an unknown letter shows itself */
        emit(out, "%", 1);
        emit(out, &spec->letter, spec->letter != '\0');
        break;
    }
}

int __format(struct sink *sink, const char *format, va_list args)
{
    struct output out = {.sink = sink};
    va_list rest;
    va_copy(rest, args);
    while (*format != '\0') {
        const char *plain = format;
        while (*format != '\0' && *format != '%')
            format++;
        emit(&out, plain, (size_t)(format - plain));
        if (*format == '%') {
            format++;
            struct spec spec = parse_spec(&format, &rest);
            format_one(&out, &spec, &rest);
        }
    }
    va_end(rest);
    return out.count;
}
