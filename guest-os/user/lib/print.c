/* The printf family: formatted text to streams, descriptors and strings. */
#include "stream.h"

#include <limits.h>
#include <string.h>

/* Formatted text on its way to a stream. It goes in pieces of this size, so that a line for an
 * unbuffered stream is one system call and not one for each conversion. */
struct stream_sink {
    struct sink sink;
    FILE *f;
    size_t used;
    char piece[256];
};

static void stream_sink_flush(struct stream_sink *to)
{
    if (to->used > 0)
        __stream_put(to->f, to->piece, to->used);
    to->used = 0;
}

static void stream_sink_put(struct sink *sink, const char *s, size_t n)
{
    struct stream_sink *to = (struct stream_sink *)sink;
    if (n > sizeof to->piece - to->used)
        stream_sink_flush(to);
    if (n > sizeof to->piece) {
        __stream_put(to->f, s, n);
        return;
    }
    memcpy(to->piece + to->used, s, n);
    to->used += n;
}

int vfprintf(FILE *f, const char *format, va_list args)
{
    struct stream_sink to = {.sink = {stream_sink_put}, .f = f};
    int count = __format(&to.sink, format, args);
    stream_sink_flush(&to);
    return f->error ? -1 : count;
}

struct string_sink {
    struct sink sink;
    char *next;
    size_t room; /* the final NUL not counted */
};

static void string_sink_put(struct sink *sink, const char *s, size_t n)
{
    struct string_sink *to = (struct string_sink *)sink;
    n = n < to->room ? n : to->room;
    memcpy(to->next, s, n);
    to->next += n;
    to->room -= n;
}

int vsnprintf(char *s, size_t size, const char *format, va_list args)
{
    struct string_sink to = {
        .sink = {string_sink_put},
        .next = s,
        .room = size > 0 ? size - 1 : 0,
    };
    int count = __format(&to.sink, format, args);
    if (size > 0)
        *to.next = '\0';
    return count;
}

int vsprintf(char *s, const char *format, va_list args)
{
    return vsnprintf(s, INT_MAX, format, args);
}

int vprintf(const char *format, va_list args)
{
    return vfprintf(stdout, format, args);
}

int vdprintf(int fd, const char *format, va_list args)
{
    FILE f = {.fd = fd, .writable = true, .mode = _IONBF, .unread = EOF};
    return vfprintf(&f, format, args);
}

int printf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int count = vfprintf(stdout, format, args);
    va_end(args);
    return count;
}

int fprintf(FILE *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int count = vfprintf(f, format, args);
    va_end(args);
    return count;
}

int dprintf(int fd, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int count = vdprintf(fd, format, args);
    va_end(args);
    return count;
}

int sprintf(char *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int count = vsprintf(s, format, args);
    va_end(args);
    return count;
}

int snprintf(char *s, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int count = vsnprintf(s, size, format, args);
    va_end(args);
    return count;
}
