/* The heap's view of the C library, and what <stdlib.h> adds to malloc() and free(). */
#include "heap.h"
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *heap_sbrk(int n)
{
    return __sbrk(n);
}

void *heap_full(void)
{
    errno = ENOMEM;
    return NULL;
}

void heap_damaged(void)
{
    static const char message[] =
        "free: not a block of malloc, freed twice, or its header was overwritten\n";
    __write(STDERR_FILENO, message, sizeof message - 1);
    abort();
}

void *calloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return heap_full();
    void *block = malloc(bytes);
    return block == NULL ? NULL : memset(block, 0, bytes);
}

void *realloc(void *old, size_t size)
{
    if (old == NULL)
        return malloc(size);
    size_t room = heap_room(old);
    if (size <= room && size >= room / 2)
        return old;
    void *block = malloc(size);
    if (block == NULL)
        return NULL;
    memcpy(block, old, size < room ? size : room);
    free(old);
    return block;
}
