/* Bytes and strings: the few functions of <string.h> that the kernel and the compiler use. */
#include "kernel/defs.h"

/* Whole words where both sides allow it: page copies and zeroing are most of what is done here. */
enum { WORD = sizeof(uint32_t) };

typedef uint32_t __attribute__((may_alias)) word_t;

static bool word_aligned(const void *a, const void *b)
{
    return (((uintptr_t)a | (uintptr_t)b) & (WORD - 1)) == 0;
}

void *memset(void *dst, int c, size_t n)
{
    unsigned char *d = dst;

    if (word_aligned(d, d)) {
        uint32_t word = (unsigned char)c * 0x01010101u;

        for (; n >= WORD; n -= WORD, d += WORD)
            *(word_t *)d = word;
    }
    while (n-- > 0)
        *d++ = (unsigned char)c;
    return dst;
}

void *memcpy(void *dst, const void *src, size_t n)
{
    unsigned char *d = dst;
    const unsigned char *s = src;

    if (word_aligned(d, s))
        for (; n >= WORD; n -= WORD, d += WORD, s += WORD)
            *(word_t *)d = *(const word_t *)s;
    while (n-- > 0)
        *d++ = *s++;
    return dst;
}

/* As memcpy, and the two may overlap. */
void *memmove(void *dst, const void *src, size_t n)
{
    unsigned char *d = dst;
    const unsigned char *s = src;

    if (d <= s || d >= s + n)
        return memcpy(dst, src, n);
    while (n-- > 0)
        d[n] = s[n];
    return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *x = a;
    const unsigned char *y = b;

    for (; n > 0; n--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

size_t strlen(const char *s)
{
    size_t n = 0;

    while (s[n])
        n++;
    return n;
}

int strcmp(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
    while (n > 0 && *a && *a == *b)
        a++, b++, n--;
    return n == 0 ? 0 : (unsigned char)*a - (unsigned char)*b;
}

/* Copy what fits into `size` bytes; the result always ends in a NUL. */
void strlcpy(char *dst, const char *src, size_t size)
{
    if (size == 0)
        return;
    while (--size > 0 && *src)
        *dst++ = *src++;
    *dst = '\0';
}
