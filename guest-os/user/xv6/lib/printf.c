/* printf(fd, ...) of xv6's world: %d %x %p %s %c %%, without widths; hexadecimal in capitals. */
#include "types.h"
#include "user.h"

#include <stdarg.h>

struct output {
    int fd;
    uint used;
    char bytes[128];
};

static void output_flush(struct output *out)
{
    if (out->used > 0)
        write(out->fd, out->bytes, (int)out->used);
    out->used = 0;
}

static void output_put(struct output *out, char c)
{
    out->bytes[out->used++] = c;
    if (out->used == sizeof out->bytes)
        output_flush(out);
}

static void output_number(struct output *out, uint n, uint base)
{
    char digits[10];
    uint count = 0;
    do {
        digits[count++] = "0123456789ABCDEF"[n % base];
        n /= base;
    } while (n != 0);
    while (count > 0)
        output_put(out, digits[--count]);
}

static void output_string(struct output *out, const char *s)
{
    for (s = s != 0 ? s : "(null)"; *s != '\0'; s++)
        output_put(out, *s);
}

void printf(int fd, const char *format, ...)
{
    struct output out = {.fd = fd};
    va_list args;
    va_start(args, format);
    for (const char *f = format; *f != '\0'; f++) {
        if (*f != '%' || f[1] == '\0') {
            if (*f != '%')
                output_put(&out, *f);
            continue;
        }
        f++;
        if (*f == 'd') {
            int n = va_arg(args, int);
            if (n < 0)
                output_put(&out, '-');
            output_number(&out, n < 0 ? 0u - (uint)n : (uint)n, 10);
        } else if (*f == 'x' || *f == 'p') {
            output_number(&out, va_arg(args, uint), 16);
        } else if (*f == 's') {
            output_string(&out, va_arg(args, const char *));
        } else if (*f == 'c') {
            output_put(&out, (char)va_arg(args, int));
        } else {
            if (*f != '%')
                output_put(&out, '%');
            output_put(&out, *f);
        }
    }
    va_end(args);
    output_flush(&out);
}
