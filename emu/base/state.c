/* state: everything a guest can tell apart, as named pointer-free blocks that save, load and hash.
 */
#include "emu/base/state.h"

#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "emu/base/bug.h"

#define NAME_BYTES 16u

struct block_header {
    char name[NAME_BYTES];
    uint32_t version;
    uint32_t size;
};

void state_init(struct state_map *map)
{
    *map = (struct state_map){0};
}

void state_add(struct state_map *map, struct state_block block)
{
    bug_unless(map->used < STATE_BLOCKS && strlen(block.name) < NAME_BYTES);
    bug_unless(block.size % 8 == 0); /* keeps every block of a saved state aligned */
    map->block[map->used++] = block;
}

size_t state_size(const struct state_map *map)
{
    size_t size = 0;
    for (unsigned i = 0; i < map->used; i++)
        size += sizeof(struct block_header) + map->block[i].size;
    return size;
}

static struct block_header header_of(const struct state_block *block)
{
    struct block_header header = {.version = block->version, .size = block->size};
    memcpy(header.name, block->name, strlen(block->name));
    return header;
}

void state_save(const struct state_map *map, uint8_t *to)
{
    for (unsigned i = 0; i < map->used; i++) {
        struct block_header header = header_of(&map->block[i]);
        memcpy(to, &header, sizeof header);
        memcpy(to + sizeof header, map->block[i].bytes, map->block[i].size);
        to += sizeof header + map->block[i].size;
    }
}

/* Walks the saved blocks, comparing or copying; the same walk, so that what was judged is what is
 * taken. */
static bool judge(const struct state_map *map, const uint8_t *from, size_t size, const char **why)
{
    for (unsigned i = 0; i < map->used; i++) {
        const struct state_block *block = &map->block[i];
        struct block_header expected = header_of(block);
        *why = block->name;
        if (size < sizeof expected + block->size || memcmp(from, &expected, sizeof expected) != 0)
            return false;
        if (block->valid != NULL && !block->valid(from + sizeof expected))
            return false;
        from += sizeof expected + block->size;
        size -= sizeof expected + block->size;
    }
    *why = "bytes behind the last block";
    return size == 0;
}

bool state_load(struct state_map *map, const uint8_t *from, size_t size, const char **why)
{
    if (!judge(map, from, size, why))
        return false;
    for (unsigned i = 0; i < map->used; i++) {
        from += sizeof(struct block_header);
        memcpy(map->block[i].bytes, from, map->block[i].size);
        from += map->block[i].size;
    }
    for (unsigned i = 0; i < map->used; i++)
        if (map->block[i].restored != NULL)
            map->block[i].restored(map->block[i].context);
    return true;
}

uint64_t state_hash(const struct state_map *map, uint64_t seed)
{
    for (unsigned i = 0; i < map->used; i++)
        seed = XXH3_64bits_withSeed(map->block[i].bytes, map->block[i].size, seed);
    return seed;
}
