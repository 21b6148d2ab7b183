/* A stream: a descriptor and a buffer that holds either what was read or what is to be written. */
#ifndef STREAM_H
#define STREAM_H

#include "internal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct file_stream {
    int fd;
    bool in_use, readable, writable, append;
    bool writing; /* buffer[0..used) waits to be written; else buffer[next..used) was read */
    bool end, error;
    bool own_buffer; /* from malloc() */
    int mode;        /* _IOFBF, _IOLBF, _IONBF; -1: find out at the first use */
    char *buffer;
    size_t size;
    size_t next, used;
    int unread; /* what ungetc() gave back, or EOF */
};

/* Give the stream its buffer. Descriptors that are devices are written line by line. */
HIDDEN void __stream_prepare(FILE *f);
/* Write out what waits; 0, or EOF after an error. */
HIDDEN int __stream_write_out(FILE *f);
/* Read a bufferful; false at the end of the file and after an error. */
HIDDEN bool __stream_fill(FILE *f);
HIDDEN void __stream_put(FILE *f, const char *s, size_t n);

#endif
