/* The heap, kept by the library: the host is asked only for whole pages. */
#include "pal/pal.h"
#include "shim_table.h"

enum { PAGE = 4096 };

extern char end[]; /* of the program; the linker knows it */

static uintptr_t heap_end; /* 0: nobody has asked yet */

static uintptr_t page_up(uintptr_t address)
{
    return (address + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
}

/* Where the heap ends; it is moved there if that can be. */
void *shim_do_brk(void *wanted)
{
    uintptr_t start = page_up((uintptr_t)end), to = (uintptr_t)wanted;
    uintptr_t pages, pages_to;

    if (heap_end == 0)
        heap_end = start;
    if (to < start || to > UINTPTR_MAX - PAGE)
        return (void *)heap_end;
    pages = page_up(heap_end);
    pages_to = page_up(to);
    if (pages_to > pages && DkVirtualMemoryAlloc((PAL_PTR)pages, pages_to - pages) < 0)
        return (void *)heap_end;
    if (pages_to < pages && DkVirtualMemoryFree((PAL_PTR)pages_to, pages - pages_to) < 0)
        return (void *)heap_end;
    heap_end = to;
    return (void *)heap_end;
}
