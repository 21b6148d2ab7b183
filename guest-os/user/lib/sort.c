/* Sorting, and searching what is sorted. */
#include <stdlib.h>
#include <string.h>

typedef int compare_function(const void *, const void *);

void *bsearch(const void *key, const void *base, size_t count, size_t size,
              compare_function *compare)
{
    const char *low = base;
    while (count > 0) {
        const char *middle = low + count / 2 * size;
        int order = compare(key, middle);
        if (order == 0)
            return (void *)middle;
        if (order > 0) {
            low = middle + size;
            count -= count / 2 + 1;
        } else {
            count /= 2;
        }
    }
    return NULL;
}

/* Sort by merging sorted halves; `room` is as large as the array. Equal elements keep their order,
 * and an order that only ever says "greater or not" is enough, as many programs expect. */
static void merge_sort(char *base, size_t count, size_t size, compare_function *compare, char *room)
{
    if (count < 2)
        return;
    char *left = base, *right = base + count / 2 * size, *to = room;
    char *left_end = right, *right_end = base + count * size;
    merge_sort(left, count / 2, size, compare, room);
    merge_sort(right, count - count / 2, size, compare, room);
    while (left < left_end && right < right_end) {
        char **from = compare(left, right) <= 0 ? &left : &right;
        memcpy(to, *from, size);
        *from += size;
        to += size;
    }
    memcpy(to, left, (size_t)(left_end - left));
    to += left_end - left;
    memcpy(base, room, (size_t)(to - room)); /* what is left on the right is in place */
}

static void swap(char *a, char *b, size_t size)
{
    for (; size > 0; size--, a++, b++) {
        char c = *a;
        *a = *b;
        *b = c;
    }
}

/* Slow, and needs no memory. */
static void insertion_sort(char *base, size_t count, size_t size, compare_function *compare)
{
    for (size_t i = 1; i < count; i++)
        for (char *p = base + i * size; p > base && compare(p - size, p) > 0; p -= size)
            swap(p - size, p, size);
}

void qsort(void *base, size_t count, size_t size, compare_function *compare)
{
    char *room = count < 2 ? NULL : malloc(count * size);
    if (room != NULL)
        merge_sort(base, count, size, compare, room);
    else
        insertion_sort(base, count, size, compare);
    free(room);
}
