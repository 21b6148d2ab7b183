/*
 * The heap: blocks in address order that know their neighbours, the free ones in lists by size.
 *
 * A block is a header and its contents. A header's `size` counts both and is a multiple of 16;
 * its lowest bit says "in use". `before` is the size of the block in front of it, 0 for the first
 * of a piece of memory. Each piece that sbrk() gave ends in a header of size 0 that is in use, so
 * that no neighbour has to be checked for being there.
 */
#include "heap.h"

#include <stdint.h>

enum {
    UNIT = 16,
    USED = 1,
    LISTS = 28,       /* list i: free blocks of 2^(i+4) bytes up to twice that */
    GROW = 32 * 1024, /* ask the kernel for at least this much */
    LARGEST = 0x7fff0000,
};

struct block {
    unsigned before;
    unsigned size;
    struct block *next; /* from here on only while free */
    struct block *previous;
};

enum { HEADER = 8 };

static struct block *free_lists[LISTS];
static struct block *last; /* the end mark of the newest piece */
static char *limit;        /* where that piece ends */

static unsigned size_of(const struct block *b)
{
    return b->size & ~(unsigned)USED;
}

static struct block *following(struct block *b)
{
    return (struct block *)((char *)b + size_of(b));
}

static unsigned list_of(unsigned size)
{
    unsigned list = 0;
    while (list + 1 < LISTS && size >= 2u * UNIT << list)
        list++;
    return list;
}

static void list_insert(struct block *b)
{
    struct block **head = &free_lists[list_of(b->size)];
    b->next = *head;
    b->previous = NULL;
    if (*head != NULL)
        (*head)->previous = b;
    *head = b;
}

static void list_remove(struct block *b)
{
    if (b->previous != NULL)
        b->previous->next = b->next;
    else
        free_lists[list_of(b->size)] = b->next;
    if (b->next != NULL)
        b->next->previous = b->previous;
}

/* Make b a free block of `size` bytes, joined with free neighbours. */
static void release(struct block *b, unsigned size)
{
    b->size = size;
    struct block *after = following(b);
    if ((after->size & USED) == 0) {
        list_remove(after);
        b->size += after->size;
    }
    if (b->before != 0) {
        struct block *front = (struct block *)((char *)b - b->before);
        if ((front->size & USED) == 0) {
            list_remove(front);
            front->size += b->size;
            b = front;
        }
    }
    following(b)->before = b->size;
    list_insert(b);
}

/* Get `size` more bytes from the kernel into the lists. They usually continue the old ones. */
static int grow(unsigned size)
{
    unsigned wanted = size + 2 * UNIT > GROW ? size + 2 * UNIT : GROW;
    char *memory = heap_sbrk((int)wanted);
    if (memory == (char *)-1)
        return 0;
    struct block *b = last;
    if (b == NULL || memory != limit) {
        /* Contents, HEADER bytes behind the block's start, shall be aligned to UNIT. */
        b = (struct block *)(memory + ((UNIT - HEADER - (uintptr_t)memory) & (UNIT - 1u)));
        b->before = 0;
    }
    limit = memory + wanted;
    unsigned room = (unsigned)(limit - (char *)b - HEADER) & ~(UNIT - 1u);
    last = (struct block *)((char *)b + room);
    last->size = USED;
    release(b, room);
    return 1;
}

static struct block *find(unsigned size)
{
    for (unsigned list = list_of(size); list < LISTS; list++)
        for (struct block *b = free_lists[list]; b != NULL; b = b->next)
            if (b->size >= size)
                return b;
    return NULL;
}

/* The rest of b behind its first `size` bytes becomes free if it can be a block. */
static void trim(struct block *b, unsigned size)
{
    unsigned whole = size_of(b);
    if (whole - size < 2 * UNIT)
        return;
    b->size = size | USED;
    struct block *rest = following(b);
    rest->before = size;
    release(rest, whole - size);
}

void *malloc(size_t n)
{
    if (n > LARGEST)
        return heap_full();
    unsigned size = (unsigned)(n + HEADER + UNIT - 1) & ~(UNIT - 1u);
    if (size < 2 * UNIT)
        size = 2 * UNIT;
    struct block *b = find(size);
    if (b == NULL && grow(size))
        b = find(size);
    if (b == NULL)
        return heap_full();
    list_remove(b);
    b->size |= USED;
    trim(b, size);
    return (char *)b + HEADER;
}

void free(void *contents)
{
    if (contents == NULL)
        return;
    struct block *b = (struct block *)((char *)contents - HEADER);
    if ((b->size & USED) == 0 || following(b)->before != size_of(b))
        heap_damaged();
    release(b, size_of(b));
}

/* How many bytes fit where malloc() gave `contents`. */
size_t heap_room(const void *contents)
{
    return size_of((const struct block *)((const char *)contents - HEADER)) - HEADER;
}
