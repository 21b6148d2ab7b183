/* snapshot: a machine's moments kept in memory, each at the price of the pages that changed.
 *
 * Each page of each memory has a list of versions, one for each snapshot before which it changed.
 * The content of a page at a snapshot is its last version there or before; before its first version
 * it is initial: zeros, or what the disk image holds. Of two neighbours, the later one names every
 * page in which they differ. */
#ifndef EMU_MACHINE_SNAPSHOT_H
#define EMU_MACHINE_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "emu/machine/machine.h"
#include "emu/machine/timeline.h"

struct page_name {
    uint32_t memory;
    uint32_t page;
};

struct snapshot {
    struct timeline_position position;
    bool pinned; /* thinning keeps it */
    bool edit;   /* the debugger's: whoever runs through this position goes on from here */
    uint8_t *state;
    struct page_name *page; /* those that have a version here */
    uint64_t pages, room;
};

struct snapshots {
    struct machine *machine;
    uint64_t budget; /* bytes */
    uint64_t bytes;
    size_t state_size;
    struct snapshot **list; /* ordered by position, no two at the same */
    unsigned used;
    uint64_t room;
    struct snapshot *base; /* the machine differs from it in its dirty pages only */
    struct page_history *history[MACHINE_MEMORIES];
};

void snapshots_init(struct snapshots *snapshots, struct machine *machine, uint64_t budget);
void snapshots_free(struct snapshots *snapshots);

/* The machine as it is at `position`, which is now. Takes nothing when there is one already, but
 * for `again`, which takes it anew. `frontier` is the count from which age is reckoned when older
 * ones must go. */
struct snapshot *snapshots_take(struct snapshots *snapshots, struct timeline_position position,
                                bool again, uint64_t frontier);

void snapshots_restore(struct snapshots *snapshots, struct snapshot *snapshot);

/* Drops every snapshot later than position; base must not be among them. */
void snapshots_drop_after(struct snapshots *snapshots, struct timeline_position position);

/* How many are at `position` or before. */
unsigned snapshots_until(const struct snapshots *snapshots, struct timeline_position position);

#endif
