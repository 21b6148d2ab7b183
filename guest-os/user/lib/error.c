/* Error numbers in words. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

char *strerror(int number)
{
    static const char *const messages[] = {
        [0] = "Success",
#define ERRNO(name, number, mips, os161, text) [name] = text,
#include "kernel/errno.def"
#undef ERRNO
    };
    enum { COUNT = sizeof messages / sizeof messages[0] };
    return number >= 0 && number < COUNT && messages[number] != NULL ? (char *)messages[number]
                                                                     : "Unknown error";
}

void perror(const char *what)
{
    const char *reason = strerror(errno);
    if (what != NULL && *what != '\0')
        fprintf(stderr, "%s: %s\n", what, reason);
    else
        fprintf(stderr, "%s\n", reason);
}
