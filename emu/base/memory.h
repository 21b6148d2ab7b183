/* memory: bytes in 4 KiB pages that remember which pages changed; RAM and disks are made of it. */
#ifndef EMU_BASE_MEMORY_H
#define EMU_BASE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#define MEMORY_PAGE       4096u
#define MEMORY_PAGE_SHIFT 12u

/* Bits of memory.page[i]. */
#define MEMORY_DIRTY  1u /* written since memory_clean() */
#define MEMORY_USED   2u /* may differ from its initial content: written since the start */
#define MEMORY_LOADED 4u /* a disk: its initial content was brought in from the image */

struct memory {
    const char *name;
    uint8_t *bytes; /* page-aligned, untouched pages cost the host nothing */
    uint64_t size;  /* bytes, a multiple of MEMORY_PAGE */
    uint8_t *page;  /* MEMORY_DIRTY, MEMORY_USED for each page */
};

/* All bytes zero. False when the host cannot reserve `size`. */
bool memory_init(struct memory *memory, const char *name, uint64_t size);
void memory_free(struct memory *memory);

/* Must be called before bytes of [offset, offset+length) change, whoever changes them. */
static inline void memory_touch(struct memory *memory, uint64_t offset)
{
    memory->page[offset >> MEMORY_PAGE_SHIFT] |= MEMORY_DIRTY | MEMORY_USED;
}

/* Clears every MEMORY_DIRTY; whoever holds a page for writing (a TLB) must ask for it anew. */
void memory_clean(struct memory *memory);

/* Number of the first page >= `from` that has one of `bits`, or the number of pages. */
uint64_t memory_next(const struct memory *memory, uint64_t from, uint8_t bits);

static inline uint64_t memory_pages(const struct memory *memory)
{
    return memory->size >> MEMORY_PAGE_SHIFT;
}

/* Bounds-checked copies for loaders and debuggers; false = outside, nothing was done. */
bool memory_put(struct memory *memory, uint64_t offset, const void *from, uint64_t length);
bool memory_get(const struct memory *memory, uint64_t offset, void *to, uint64_t length);

#endif
