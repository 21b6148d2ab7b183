/* Streams: opening, closing, their buffers, and positions in files. */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE streams[FOPEN_MAX] = {
    {.in_use = true, .fd = 0, .readable = true, .mode = -1, .unread = EOF},
    {.in_use = true, .fd = 1, .writable = true, .mode = -1, .unread = EOF},
    {.in_use = true, .fd = 2, .writable = true, .mode = _IONBF, .unread = EOF},
};

#undef stdin
#undef stdout
#undef stderr
FILE *stdin = &streams[0];
FILE *stdout = &streams[1];
FILE *stderr = &streams[2];

void __stream_prepare(FILE *f)
{
    if (f->mode == -1)
        f->mode = isatty(f->fd) ? _IOLBF : _IOFBF;
    if (f->buffer != NULL || f->mode == _IONBF)
        return;
    f->buffer = malloc(BUFSIZ);
    if (f->buffer == NULL) {
        f->mode = _IONBF;
        return;
    }
    f->own_buffer = true;
    f->size = BUFSIZ;
}

static int write_all(FILE *f, const char *s, size_t n)
{
    while (n > 0) {
        int written = __write(f->fd, s, (int)n);
        if (written <= 0) {
            f->error = true;
            return EOF;
        }
        s += written;
        n -= (size_t)written;
    }
    return 0;
}

int __stream_write_out(FILE *f)
{
    if (!f->writing)
        return 0;
    size_t n = f->used;
    f->used = 0;
    return write_all(f, f->buffer, n);
}

/* Forget what was read ahead: the descriptor shall stand where the program believes to be. */
static void drop_input(FILE *f)
{
    if (!f->writing) {
        int ahead = (int)(f->used - f->next) + (f->unread != EOF);
        if (ahead > 0)
            __lseek(f->fd, -ahead, SEEK_CUR);
        f->next = f->used = 0;
        f->unread = EOF;
    }
}

bool __stream_fill(FILE *f)
{
    if (!f->readable) {
        errno = EBADF;
        f->error = true;
        return false;
    }
    if (__stream_write_out(f) == EOF)
        return false;
    f->writing = false;
    __stream_prepare(f);
    /* Whoever is asked for input shall have seen the question. */
    if (f->mode != _IOFBF && stdout->mode == _IOLBF)
        __stream_write_out(stdout);
    if (f->buffer == NULL)
        setvbuf(f, NULL, _IOFBF, 1);
    f->next = f->used = 0;
    int n = f->buffer == NULL ? -1 : __read(f->fd, f->buffer, (int)f->size);
    if (n <= 0) {
        f->end = f->end || n == 0;
        f->error = f->error || n < 0;
        return false;
    }
    f->used = (size_t)n;
    return true;
}

void __stream_put(FILE *f, const char *s, size_t n)
{
    if (!f->writable) {
        errno = EBADF;
        f->error = true;
        return;
    }
    __stream_prepare(f);
    if (!f->writing) {
        drop_input(f);
        f->writing = true;
        f->used = 0;
    }
    if (f->mode == _IONBF || n >= f->size) {
        if (__stream_write_out(f) == 0)
            write_all(f, s, n);
        return;
    }
    if (n > f->size - f->used)
        __stream_write_out(f);
    memcpy(f->buffer + f->used, s, n);
    f->used += n;
    if (f->mode == _IOLBF && memchr(s, '\n', n) != NULL)
        __stream_write_out(f);
}

/* The flags of open() for a mode of fopen(), or -1. */
static int parse_mode(const char *mode, FILE *f)
{
    bool update = strchr(mode, '+') != NULL;
    f->readable = mode[0] == 'r' || update;
    f->writable = mode[0] != 'r' || update;
    f->append = mode[0] == 'a';
    int access = update ? O_RDWR : f->writable ? O_WRONLY : O_RDONLY;
    switch (mode[0]) {
    case 'r': return access;
    case 'w': return access | O_CREAT | O_TRUNC;
    case 'a': return access | O_CREAT | O_APPEND;
    default: errno = EINVAL; return -1;
    }
}

static FILE *stream_alloc(void)
{
    for (int i = 0; i < FOPEN_MAX; i++)
        if (!streams[i].in_use) {
            streams[i] = (FILE){.mode = -1, .unread = EOF};
            return &streams[i];
        }
    errno = EMFILE;
    return NULL;
}

static FILE *stream_open(FILE *f, const char *path, const char *mode)
{
    int flags = parse_mode(mode, f);
    f->fd = flags < 0 ? -1 : __open(path, flags);
    f->in_use = f->fd >= 0;
    return f->in_use ? f : NULL;
}

FILE *fopen(const char *path, const char *mode)
{
    FILE *f = stream_alloc();
    return f == NULL ? NULL : stream_open(f, path, mode);
}

FILE *fdopen(int fd, const char *mode)
{
    FILE *f = stream_alloc();
    if (f == NULL || parse_mode(mode, f) < 0)
        return NULL;
    f->fd = fd;
    f->in_use = true;
    return f;
}

int fclose(FILE *f)
{
    int result = fflush(f);
    if (__close(f->fd) < 0)
        result = EOF;
    if (f->own_buffer)
        free(f->buffer);
    *f = (FILE){.fd = -1};
    return result;
}

/* Closing first gives the new file the old descriptor when that was the lowest free one. */
FILE *freopen(const char *path, const char *mode, FILE *f)
{
    fclose(f);
    *f = (FILE){.mode = -1, .unread = EOF};
    return stream_open(f, path, mode);
}

int fflush(FILE *f)
{
    if (f == NULL) {
        __stdio_flush_all();
        return 0;
    }
    if (f->writing)
        return __stream_write_out(f);
    drop_input(f);
    return 0;
}

void __stdio_flush_all(void)
{
    for (int i = 0; i < FOPEN_MAX; i++)
        if (streams[i].in_use && (streams[i].writing || streams[i].used > streams[i].next))
            fflush(&streams[i]);
}

int setvbuf(FILE *f, char *buffer, int mode, size_t size)
{
    if (mode < _IOFBF || mode > _IONBF || __stream_write_out(f) == EOF)
        return -1;
    if (f->own_buffer)
        free(f->buffer);
    f->own_buffer = buffer == NULL && mode != _IONBF;
    f->buffer = f->own_buffer ? malloc(size) : buffer;
    if (f->own_buffer && f->buffer == NULL) {
        f->own_buffer = false;
        mode = _IONBF;
    }
    f->size = size;
    f->mode = mode;
    return 0;
}

void setbuf(FILE *f, char *buffer)
{
    setvbuf(f, buffer, buffer != NULL ? _IOFBF : _IONBF, BUFSIZ);
}

int fileno(FILE *f)
{
    return f->fd;
}

int feof(FILE *f)
{
    return f->end;
}

int ferror(FILE *f)
{
    return f->error;
}

void clearerr(FILE *f)
{
    f->end = f->error = false;
}

int fseek(FILE *f, long offset, int whence)
{
    if (__stream_write_out(f) == EOF)
        return -1;
    drop_input(f);
    f->used = f->next = 0;
    if (__lseek(f->fd, offset, whence) < 0)
        return -1;
    f->end = false;
    return 0;
}

long ftell(FILE *f)
{
    int position = __lseek(f->fd, 0, SEEK_CUR);
    if (position < 0)
        return -1;
    if (f->writing)
        return position + (long)f->used;
    return position - (long)(f->used - f->next) - (f->unread != EOF);
}

int fseeko(FILE *f, off_t offset, int whence)
{
    return fseek(f, offset, whence);
}

off_t ftello(FILE *f)
{
    return ftell(f);
}

void rewind(FILE *f)
{
    fseek(f, 0, SEEK_SET);
    f->error = false;
}

int fgetpos(FILE *f, fpos_t *position)
{
    *position = ftell(f);
    return *position < 0 ? -1 : 0;
}

int fsetpos(FILE *f, const fpos_t *position)
{
    return fseek(f, *position, SEEK_SET);
}
