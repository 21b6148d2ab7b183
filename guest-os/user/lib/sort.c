/* Sorting, and searching what is sorted. */
#include <stdlib.h>

void *bsearch(const void *key, const void *base, size_t count, size_t size,
              int (*compare)(const void *, const void *))
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

static void swap(char *a, char *b, size_t size)
{
    for (; size > 0; size--, a++, b++) {
        char c = *a;
        *a = *b;
        *b = c;
    }
}

/* Let the element at `root` sink until no child is greater. */
static void sift(char *base, size_t root, size_t count, size_t size,
                 int (*compare)(const void *, const void *))
{
    for (;;) {
        size_t child = 2 * root + 1;
        if (child >= count)
            return;
        if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
            child++;
        if (compare(base + root * size, base + child * size) >= 0)
            return;
        swap(base + root * size, base + child * size, size);
        root = child;
    }
}

/* Heapsort: no recursion, so no order of the elements can exhaust the stack. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    for (size_t root = count / 2; root-- > 0;)
        sift(base, root, count, size, compare);
    for (size_t end = count; end-- > 1;) {
        swap(base, (char *)base + end * size, size);
        sift(base, 0, end, size, compare);
    }
}
