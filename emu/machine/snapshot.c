/* snapshot: a machine's moments kept in memory, each at the price of the pages that changed. */
#include "emu/machine/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

#define ENOUGH_SNAPSHOTS 4096u

/* In memory.page[], during a restore only: this page has its content already. */
#define PAGE_RESTORED 128u

struct version {
    struct snapshot *at;
    uint8_t *bytes;
    bool loaded; /* MEMORY_LOADED */
};

struct page_history {
    struct version *version; /* ordered by position */
    uint32_t used, room;
};

void snapshots_init(struct snapshots *snapshots, struct machine *machine, uint64_t budget)
{
    *snapshots = (struct snapshots){
        .machine = machine, .budget = budget, .state_size = state_size(&machine->state)};
    for (unsigned m = 0; m < machine->memories; m++)
        snapshots->history[m] =
            bug_alloc(memory_pages(machine->memory[m]), sizeof(struct page_history));
}

static uint8_t *page_bytes(const struct snapshots *snapshots, struct page_name name)
{
    return snapshots->machine->memory[name.memory]->bytes +
           ((uint64_t)name.page << MEMORY_PAGE_SHIFT);
}

static struct page_history *history_of(const struct snapshots *snapshots, struct page_name name)
{
    return &snapshots->history[name.memory][name.page];
}

unsigned snapshots_until(const struct snapshots *snapshots, struct timeline_position position)
{
    unsigned low = 0, high = snapshots->used;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (timeline_compare(snapshots->list[middle]->position, position) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* --- versions --------------------------------------------------------------------------------- */

static uint32_t versions_until(const struct page_history *history,
                               struct timeline_position position)
{
    uint32_t low = 0, high = history->used;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (timeline_compare(history->version[middle].at->position, position) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Doubles an array when it is full. */
static void make_room(struct snapshots *snapshots, void **array, uint64_t used, uint64_t *room,
                      size_t size)
{
    if (used < *room)
        return;
    uint64_t more = *room == 0 ? 4 : *room * 2;
    void *bigger = bug_alloc(more, size);
    if (used != 0)
        memcpy(bigger, *array, used * size);
    free(*array);
    *array = bigger;
    snapshots->bytes += (more - *room) * size;
    *room = more;
}

static void name_page(struct snapshots *snapshots, struct snapshot *snapshot, struct page_name name)
{
    void *array = snapshot->page;
    make_room(snapshots, &array, snapshot->pages, &snapshot->room, sizeof name);
    snapshot->page = array;
    snapshot->page[snapshot->pages++] = name;
}

/* The page as it is now becomes its version at `snapshot`. */
static void keep_page(struct snapshots *snapshots, struct snapshot *snapshot, struct page_name name)
{
    struct page_history *history = history_of(snapshots, name);
    uint32_t index = versions_until(history, snapshot->position);
    bool loaded = (snapshots->machine->memory[name.memory]->page[name.page] & MEMORY_LOADED) != 0;
    if (index > 0 && history->version[index - 1].at == snapshot) {
        memcpy(history->version[index - 1].bytes, page_bytes(snapshots, name), MEMORY_PAGE);
        return;
    }
    void *array = history->version;
    uint64_t room = history->room;
    make_room(snapshots, &array, history->used, &room, sizeof(struct version));
    history->version = array;
    history->room = (uint32_t)room;
    memmove(&history->version[index + 1], &history->version[index],
            (history->used - index) * sizeof(struct version));
    history->used++;
    uint8_t *bytes = bug_alloc(1, MEMORY_PAGE);
    memcpy(bytes, page_bytes(snapshots, name), MEMORY_PAGE);
    history->version[index] = (struct version){snapshot, bytes, loaded};
    snapshots->bytes += MEMORY_PAGE;
    name_page(snapshots, snapshot, name);
}

static void remove_version(struct snapshots *snapshots, struct page_history *history,
                           uint32_t index)
{
    free(history->version[index].bytes);
    snapshots->bytes -= MEMORY_PAGE;
    history->used--;
    memmove(&history->version[index], &history->version[index + 1],
            (history->used - index) * sizeof(struct version));
}

/* --- dropping --------------------------------------------------------------------------------- */

static void free_snapshot(struct snapshots *snapshots, struct snapshot *snapshot)
{
    snapshots->bytes -=
        sizeof *snapshot + snapshots->state_size + snapshot->room * sizeof(struct page_name);
    free(snapshot->state);
    free(snapshot->page);
    free(snapshot);
}

void snapshots_free(struct snapshots *snapshots)
{
    for (unsigned m = 0; m < snapshots->machine->memories; m++) {
        uint64_t pages = memory_pages(snapshots->machine->memory[m]);
        for (uint64_t page = 0; page < pages; page++) {
            struct page_history *history = &snapshots->history[m][page];
            while (history->used > 0)
                remove_version(snapshots, history, history->used - 1);
            free(history->version);
        }
        free(snapshots->history[m]);
    }
    for (unsigned i = 0; i < snapshots->used; i++)
        free_snapshot(snapshots, snapshots->list[i]);
    free(snapshots->list);
    snapshots->list = NULL;
}

void snapshots_drop_after(struct snapshots *snapshots, struct timeline_position position)
{
    unsigned keep = snapshots_until(snapshots, position);
    while (snapshots->used > keep) {
        struct snapshot *last = snapshots->list[--snapshots->used];
        bug_unless(last != snapshots->base);
        for (uint64_t i = 0; i < last->pages; i++) {
            struct page_history *history = history_of(snapshots, last->page[i]);
            remove_version(snapshots, history, history->used - 1);
        }
        free_snapshot(snapshots, last);
    }
}

/* Its versions pass to the snapshot behind it, unless that has newer ones. */
static void merge_into_next(struct snapshots *snapshots, unsigned index)
{
    struct snapshot *gone = snapshots->list[index];
    struct snapshot *next = snapshots->list[index + 1];
    for (uint64_t i = 0; i < gone->pages; i++) {
        struct page_history *history = history_of(snapshots, gone->page[i]);
        uint32_t at = versions_until(history, gone->position) - 1;
        if (at + 1 < history->used && history->version[at + 1].at == next) {
            remove_version(snapshots, history, at);
        } else {
            history->version[at].at = next;
            name_page(snapshots, next, gone->page[i]);
        }
    }
    snapshots->used--;
    memmove(&snapshots->list[index], &snapshots->list[index + 1],
            (snapshots->used - index) * sizeof snapshots->list[0]);
    free_snapshot(snapshots, gone);
}

/* The one whose absence leaves the smallest gap for its distance from the frontier; 0 = none may
 * go. So the density falls off exponentially into the past. */
static unsigned least_missed(const struct snapshots *snapshots, uint64_t frontier)
{
    unsigned best = 0;
    double least = 0;
    for (unsigned i = 1; i + 1 < snapshots->used; i++) {
        const struct snapshot *snapshot = snapshots->list[i];
        if (snapshot->pinned || snapshot == snapshots->base)
            continue;
        uint64_t gap =
            snapshots->list[i + 1]->position.count - snapshots->list[i - 1]->position.count;
        double loss = (double)gap / ((double)(frontier - snapshot->position.count) + 1);
        if (best == 0 || loss < least) {
            best = i;
            least = loss;
        }
    }
    return best;
}

static void thin(struct snapshots *snapshots, uint64_t frontier)
{
    while (snapshots->bytes > snapshots->budget || snapshots->used >= ENOUGH_SNAPSHOTS) {
        unsigned index = least_missed(snapshots, frontier);
        if (index == 0)
            break;
        merge_into_next(snapshots, index);
    }
}

/* --- taking and restoring --------------------------------------------------------------------- */

static struct snapshot *insert(struct snapshots *snapshots, struct timeline_position position)
{
    void *array = snapshots->list;
    make_room(snapshots, &array, snapshots->used, &snapshots->room, sizeof snapshots->list[0]);
    snapshots->list = array;
    unsigned index = snapshots_until(snapshots, position);
    struct snapshot *snapshot = bug_alloc(1, sizeof *snapshot);
    snapshot->position = position;
    snapshot->state = bug_alloc(1, snapshots->state_size);
    snapshots->bytes += sizeof *snapshot + snapshots->state_size;
    memmove(&snapshots->list[index + 1], &snapshots->list[index],
            (snapshots->used - index) * sizeof snapshots->list[0]);
    snapshots->list[index] = snapshot;
    snapshots->used++;
    return snapshot;
}

struct snapshot *snapshots_take(struct snapshots *snapshots, struct timeline_position position,
                                bool again, uint64_t frontier)
{
    struct machine *machine = snapshots->machine;
    thin(snapshots, frontier);
    unsigned until = snapshots_until(snapshots, position);
    struct snapshot *snapshot = until == 0 ? NULL : snapshots->list[until - 1];
    bool exists = snapshot != NULL && timeline_compare(snapshot->position, position) == 0;
    if (exists && !again)
        return snapshot;
    if (!exists)
        snapshot = insert(snapshots, position);
    state_save(&machine->state, snapshot->state);
    uint8_t changed = snapshots->base == NULL ? MEMORY_USED : MEMORY_DIRTY;
    for (uint32_t m = 0; m < machine->memories; m++) {
        const struct memory *memory = machine->memory[m];
        for (uint64_t page = memory_next(memory, 0, changed); page < memory_pages(memory);
             page = memory_next(memory, page + 1, changed))
            keep_page(snapshots, snapshot, (struct page_name){m, (uint32_t)page});
    }
    snapshots->base = snapshot;
    machine_restored(machine);
    return snapshot;
}

static void restore_page(struct snapshots *snapshots, struct page_name name,
                         struct timeline_position position)
{
    uint8_t *marks = &snapshots->machine->memory[name.memory]->page[name.page];
    if ((*marks & PAGE_RESTORED) != 0)
        return;
    const struct page_history *history = history_of(snapshots, name);
    uint32_t until = versions_until(history, position);
    if (until == 0) {
        memset(page_bytes(snapshots, name), 0, MEMORY_PAGE);
        *marks = PAGE_RESTORED;
    } else {
        const struct version *version = &history->version[until - 1];
        memcpy(page_bytes(snapshots, name), version->bytes, MEMORY_PAGE);
        *marks = MEMORY_USED | PAGE_RESTORED | (version->loaded ? MEMORY_LOADED : 0);
    }
}

static void restore_pages(struct snapshots *snapshots, const struct snapshot *snapshot)
{
    struct machine *machine = snapshots->machine;
    for (uint32_t m = 0; m < machine->memories; m++) {
        const struct memory *memory = machine->memory[m];
        for (uint64_t page = memory_next(memory, 0, MEMORY_DIRTY); page < memory_pages(memory);
             page = memory_next(memory, page + 1, MEMORY_DIRTY))
            restore_page(snapshots, (struct page_name){m, (uint32_t)page}, snapshot->position);
    }
    unsigned a = snapshots_until(snapshots, snapshots->base->position);
    unsigned b = snapshots_until(snapshots, snapshot->position);
    for (unsigned i = a < b ? a : b; i < (a < b ? b : a); i++)
        for (uint64_t p = 0; p < snapshots->list[i]->pages; p++)
            restore_page(snapshots, snapshots->list[i]->page[p], snapshot->position);
    for (uint32_t m = 0; m < machine->memories; m++) {
        struct memory *memory = machine->memory[m];
        for (uint64_t page = memory_next(memory, 0, PAGE_RESTORED); page < memory_pages(memory);
             page = memory_next(memory, page + 1, PAGE_RESTORED))
            memory->page[page] &= (uint8_t)~PAGE_RESTORED;
    }
}

void snapshots_restore(struct snapshots *snapshots, struct snapshot *snapshot)
{
    restore_pages(snapshots, snapshot);
    const char *why;
    if (!state_load(&snapshots->machine->state, snapshot->state, snapshots->state_size, &why))
        bug("a snapshot of ours is not valid: %s", why);
    snapshots->base = snapshot;
    machine_restored(snapshots->machine);
}
