/* memcpy and memset: whole words where alignment allows it, for they carry most of the copying. */
#include <stdint.h>
#include <string.h>

typedef uint32_t __attribute__((may_alias)) word;

enum { WORD = sizeof(word) };

/* Four words a round: loads first, so that none is waited for. */
static inline void copy_four(word *d, const word *s)
{
    word a = s[0], b = s[1], c = s[2], e = s[3];
    d[0] = a;
    d[1] = b;
    d[2] = c;
    d[3] = e;
}

void *memcpy(void *dst, const void *src, size_t n)
{
    unsigned char *d = dst;
    const unsigned char *s = src;
    if ((((uintptr_t)d ^ (uintptr_t)s) & (WORD - 1)) == 0) {
        for (; n > 0 && ((uintptr_t)d & (WORD - 1)) != 0; n--)
            *d++ = *s++;
        for (; n >= 4 * WORD; n -= 4 * WORD, d += 4 * WORD, s += 4 * WORD)
            copy_four((word *)d, (const word *)s);
        for (; n >= WORD; n -= WORD, d += WORD, s += WORD)
            *(word *)d = *(const word *)s;
    }
    while (n-- > 0)
        *d++ = *s++;
    return dst;
}

void *memset(void *dst, int c, size_t n)
{
    unsigned char *d = dst;
    word all = (unsigned char)c * 0x01010101u;
    for (; n > 0 && ((uintptr_t)d & (WORD - 1)) != 0; n--)
        *d++ = (unsigned char)c;
    for (; n >= WORD; n -= WORD, d += WORD)
        *(word *)d = all;
    while (n-- > 0)
        *d++ = (unsigned char)c;
    return dst;
}
