/* Characters, lines and blocks of streams, and formatted output. */
#include "stream.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int fgetc(FILE *f)
{
    if (f->unread != EOF) {
        int c = f->unread;
        f->unread = EOF;
        return c;
    }
    if ((f->writing || f->next == f->used) && !__stream_fill(f))
        return EOF;
    return (unsigned char)f->buffer[f->next++];
}

int getc(FILE *f)
{
    return fgetc(f);
}

int getchar(void)
{
    return fgetc(stdin);
}

int ungetc(int c, FILE *f)
{
    if (c == EOF || f->unread != EOF)
        return EOF;
    f->end = false;
    return f->unread = (unsigned char)c;
}

char *fgets(char *line, int size, FILE *f)
{
    int length = 0;
    while (length + 1 < size) {
        int c = fgetc(f);
        if (c == EOF)
            break;
        line[length++] = (char)c;
        if (c == '\n')
            break;
    }
    if (length == 0)
        return NULL;
    line[length] = '\0';
    return line;
}

ssize_t getdelim(char **line, size_t *size, int delimiter, FILE *f)
{
    size_t length = 0;
    int c = EOF;
    do {
        if (*line == NULL || length + 2 > *size) {
            size_t wanted = *line == NULL || *size < 64 ? 128 : *size * 2;
            char *larger = realloc(*line, wanted);
            if (larger == NULL)
                return -1;
            *line = larger;
            *size = wanted;
        }
        c = fgetc(f);
        if (c != EOF)
            (*line)[length++] = (char)c;
    } while (c != EOF && c != delimiter);
    (*line)[length] = '\0';
    return length > 0 ? (ssize_t)length : -1;
}

ssize_t getline(char **line, size_t *size, FILE *f)
{
    return getdelim(line, size, '\n', f);
}

size_t fread(void *data, size_t size, size_t count, FILE *f)
{
    char *to = data;
    size_t wanted = size * count, got = 0;
    while (got < wanted) {
        size_t ready = f->writing || f->unread != EOF ? 0 : f->used - f->next;
        if (ready > 0) {
            ready = ready < wanted - got ? ready : wanted - got;
            memcpy(to + got, f->buffer + f->next, ready);
            f->next += ready;
            got += ready;
            continue;
        }
        int c = fgetc(f);
        if (c == EOF)
            break;
        to[got++] = (char)c;
    }
    return size == 0 ? 0 : got / size;
}

int fputc(int c, FILE *f)
{
    char byte = (char)c;
    __stream_put(f, &byte, 1);
    return f->error ? EOF : (unsigned char)c;
}

int putc(int c, FILE *f)
{
    return fputc(c, f);
}

int putchar(int c)
{
    return fputc(c, stdout);
}

int fputs(const char *s, FILE *f)
{
    __stream_put(f, s, strlen(s));
    return f->error ? EOF : 1;
}

int puts(const char *s)
{
    fputs(s, stdout);
    return fputc('\n', stdout) == EOF ? EOF : 1;
}

size_t fwrite(const void *data, size_t size, size_t count, FILE *f)
{
    if (size == 0 || count == 0)
        return 0;
    __stream_put(f, data, size * count);
    return f->error ? 0 : count;
}

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

void perror(const char *what)
{
    const char *reason = strerror(errno);
    if (what != NULL && *what != '\0')
        fprintf(stderr, "%s: %s\n", what, reason);
    else
        fprintf(stderr, "%s\n", reason);
}

int remove(const char *path)
{
    return __unlink(path);
}

int rename(const char *from, const char *to)
{
    __unlink(to);
    if (__link(from, to) < 0)
        return -1;
    return __unlink(from);
}
