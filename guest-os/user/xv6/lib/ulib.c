/* The small functions that programs of xv6's world expect beside the system calls. */
#include "types.h"
#include "stat.h"
#include "fcntl.h"
#include "user.h"

char *strcpy(char *dst, const char *src)
{
    char *d = dst;
    while ((*d++ = *src++) != '\0')
        continue;
    return dst;
}

int strcmp(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return (uchar)*a - (uchar)*b;
}

uint strlen(const char *s)
{
    const char *end = s;
    while (*end != '\0')
        end++;
    return (uint)(end - s);
}

void *memset(void *dst, int c, uint n)
{
    char *d = dst;
    while (n-- > 0)
        *d++ = (char)c;
    return dst;
}

void *memmove(void *dst, const void *src, int n)
{
    char *d = dst;
    const char *s = src;
    if (d <= s) {
        while (n-- > 0)
            *d++ = *s++;
    } else {
        while (n-- > 0)
            d[n] = s[n];
    }
    return dst;
}

/* Unlike C's: the NUL at the end is not found. */
char *strchr(const char *s, char c)
{
    for (; *s != '\0'; s++)
        if (*s == c)
            return (char *)s;
    return 0;
}

/* Read a line from descriptor 0, its end included; an empty string at the end of the input. */
char *gets(char *line, int max)
{
    int length = 0;
    while (length + 1 < max) {
        char c;
        if (read(0, &c, 1) < 1)
            break;
        line[length++] = c;
        if (c == '\n' || c == '\r')
            break;
    }
    line[length] = '\0';
    return line;
}

int stat(const char *path, struct stat *st)
{
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return -1;
    int result = fstat(fd, st);
    close(fd);
    return result;
}

int atoi(const char *s)
{
    uint n = 0;
    while (*s >= '0' && *s <= '9')
        n = n * 10 + (uint)(*s++ - '0');
    return (int)n;
}

/* The compiler itself calls these two for assignments of structures. */
void *memcpy(void *dst, const void *src, uint n)
{
    return memmove(dst, src, (int)n);
}

int memcmp(const void *a, const void *b, uint n)
{
    const uchar *p = a, *q = b;
    for (; n > 0; n--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}
