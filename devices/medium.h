/* medium: a disk's bytes: a struct memory whose pages come from the image when first touched.
 *
 * Such a page is initial content (MEMORY_LOADED, not MEMORY_USED). Whoever puts a page back to
 * initial content clears all its flags, and it is loaded anew. */
#ifndef DEVICES_MEDIUM_H
#define DEVICES_MEDIUM_H

#include <stdbool.h>
#include <stddef.h>

#include "emu/base/memory.h"

struct medium {
    struct memory *memory; /* NULL = no drive */
    uint32_t sectors;      /* of 512 bytes; all of them inside memory */
    bool read_only;
    /* Fills one page of MEMORY_PAGE bytes from the image; zeros behind its end. NULL: no image, the
     * disk begins as zeros. */
    bool (*load)(void *context, uint64_t offset, void *page, size_t size);
    /* What was written is to survive now. Output, not state. NULL: nobody cares. */
    void (*flush)(void *context);
    void *context;
};

/* The bytes at `offset`, to the end of their page; NULL = the image cannot be read. Whoever changes
 * them calls memory_touch first. */
static inline uint8_t *medium_bytes(const struct medium *medium, uint64_t offset)
{
    uint64_t page = offset & ~(uint64_t)(MEMORY_PAGE - 1);
    uint8_t *marks = &medium->memory->page[page >> MEMORY_PAGE_SHIFT];
    if (medium->load != NULL && !(*marks & (MEMORY_LOADED | MEMORY_USED))) {
        if (!medium->load(medium->context, page, medium->memory->bytes + page, MEMORY_PAGE))
            return NULL;
        *marks |= MEMORY_LOADED;
    }
    return medium->memory->bytes + offset;
}

#endif
