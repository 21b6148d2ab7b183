/* bug: our own mistakes end the program with a report; nothing a guest does may reach here. */
#include "emu/base/bug.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void bug_at(const char *file, int line, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:%d: trapscope bug: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("\nPlease report this line with the command that led to it.\n", stderr);
    abort();
}

void *bug_alloc(unsigned long count, unsigned long size)
{
    void *p = calloc(count, size);
    if (p == NULL)
        bug("the host has no %lu x %lu bytes of memory left", count, size);
    return p;
}
