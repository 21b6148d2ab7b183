/* memory: bytes in 4 KiB pages that remember which pages changed; RAM and disks are made of it. */
#include "emu/base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "emu/base/bug.h"

bool memory_init(struct memory *memory, const char *name, uint64_t size)
{
    bug_unless(size != 0 && size % MEMORY_PAGE == 0);
    void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED)
        return false;
    *memory = (struct memory){
        .name = name,
        .bytes = bytes,
        .size = size,
        .page = bug_alloc(size >> MEMORY_PAGE_SHIFT, 1),
    };
    return true;
}

void memory_free(struct memory *memory)
{
    if (memory->bytes != NULL)
        munmap(memory->bytes, memory->size);
    free(memory->page);
    *memory = (struct memory){0};
}

void memory_clean(struct memory *memory)
{
    uint64_t pages = memory_pages(memory);
    for (uint64_t i = memory_next(memory, 0, MEMORY_DIRTY); i < pages;
         i = memory_next(memory, i + 1, MEMORY_DIRTY))
        memory->page[i] &= (uint8_t)~MEMORY_DIRTY;
}

uint64_t memory_next(const struct memory *memory, uint64_t from, uint8_t bits)
{
    uint64_t pages = memory_pages(memory);
    uint64_t pattern = 0x0101010101010101u * bits;
    while (from < pages) {
        uint64_t eight;
        if (from % 8 == 0 && pages - from >= 8) {
            memcpy(&eight, memory->page + from, sizeof eight);
            if ((eight & pattern) == 0) {
                from += 8;
                continue;
            }
        }
        if ((memory->page[from] & bits) != 0)
            return from;
        from++;
    }
    return pages;
}

static bool inside(const struct memory *memory, uint64_t offset, uint64_t length)
{
    return offset <= memory->size && length <= memory->size - offset;
}

bool memory_put(struct memory *memory, uint64_t offset, const void *from, uint64_t length)
{
    if (!inside(memory, offset, length))
        return false;
    if (length == 0)
        return true;
    for (uint64_t at = offset & ~(uint64_t)(MEMORY_PAGE - 1); at < offset + length;
         at += MEMORY_PAGE)
        memory_touch(memory, at);
    memcpy(memory->bytes + offset, from, length);
    return true;
}

bool memory_get(const struct memory *memory, uint64_t offset, void *to, uint64_t length)
{
    if (!inside(memory, offset, length))
        return false;
    memcpy(to, memory->bytes + offset, length);
    return true;
}
