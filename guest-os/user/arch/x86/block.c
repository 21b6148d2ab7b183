/* memcpy and memset: whole words at a time, for they carry most of a program's copying. */
#include <string.h>

void *memcpy(void *dst, const void *src, size_t n)
{
    void *d = dst;
    size_t words = n / 4;
    __asm__ volatile("rep movsl\n\t"
                     "movl %3, %%ecx\n\t"
                     "rep movsb"
                     : "+D"(d), "+S"(src), "+c"(words)
                     : "r"(n % 4)
                     : "memory");
    return dst;
}

void *memset(void *dst, int c, size_t n)
{
    void *d = dst;
    size_t words = n / 4;
    __asm__ volatile("rep stosl\n\t"
                     "movl %2, %%ecx\n\t"
                     "rep stosb"
                     : "+D"(d), "+c"(words)
                     : "r"(n % 4), "a"((unsigned char)c * 0x01010101u)
                     : "memory");
    return dst;
}
