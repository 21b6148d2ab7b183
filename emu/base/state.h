/* state: everything a guest can tell apart, as named pointer-free blocks that save, load and hash.
 *
 * A component keeps `struct x_state s` apart from its wiring and registers it once. Saving is a
 * copy; loading validates every block before any of them changes. */
#ifndef EMU_BASE_STATE_H
#define EMU_BASE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATE_BLOCKS 128u

/* Judges a block that comes from a file, which is hostile input: every index, enumeration and
 * reserved field. NULL = any bytes are fine. */
typedef bool state_valid_fn(const void *bytes);

/* Drops or rebuilds what is derived from the block (a TLB, a horizon). */
typedef void state_restored_fn(void *context);

struct state_block {
    const char *name;
    uint32_t version;
    uint32_t size;
    void *bytes;
    state_valid_fn *valid;
    state_restored_fn *restored;
    void *context;
};

struct state_map {
    struct state_block block[STATE_BLOCKS];
    unsigned used;
};

void state_init(struct state_map *map);
void state_add(struct state_map *map, struct state_block block);

/* Bytes that state_save writes: for each block a header and its bytes. */
size_t state_size(const struct state_map *map);
void state_save(const struct state_map *map, uint8_t *to);

/* All or nothing. On failure *why names the block and the reason. */
bool state_load(struct state_map *map, const uint8_t *from, size_t size, const char **why);

/* XXH3 of all blocks in order: equal states, equal hashes, on every host of the same byte order. */
uint64_t state_hash(const struct state_map *map, uint64_t seed);

#endif
