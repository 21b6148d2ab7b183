/* Characters, lines and blocks of streams. */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

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
