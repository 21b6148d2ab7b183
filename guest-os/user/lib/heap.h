/* What the heap needs from the library around it; both worlds share malloc.c. */
#ifndef HEAP_H
#define HEAP_H

#include <stddef.h>

char *heap_sbrk(int n);
/* No memory left: say so as the world's malloc() does, and give NULL. */
void *heap_full(void);
/* free() was given something that malloc() did not give, or a header was overwritten. */
void heap_damaged(void) __attribute__((noreturn));
size_t heap_room(const void *contents);

void *malloc(size_t n);
void free(void *contents);

#endif
