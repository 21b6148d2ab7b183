/* points: the table of break-, watch- and catchpoints. */
#include <stdlib.h>
#include <string.h>

#include "debugger/stops.h"

void stops_init(struct stops *stops)
{
    *stops = (struct stops){.next_number = 1};
}

static void clear(struct point *point)
{
    free(point->condition);
    free(point->what);
    *point = (struct point){0};
}

void stops_free(struct stops *stops)
{
    for (unsigned i = 0; i < POINTS; i++)
        clear(&stops->point[i]);
}

struct point *stops_add(struct stops *stops, enum point_kind kind, const char *what)
{
    for (unsigned i = 0; i < POINTS; i++) {
        struct point *point = &stops->point[i];
        if (point->number != 0)
            continue;
        *point = (struct point){.number = stops->next_number++,
                                .kind = kind,
                                .enabled = true,
                                .what = strdup(what),
                                .vector = -1};
        return point;
    }
    return NULL;
}

struct point *stops_find(struct stops *stops, unsigned number)
{
    for (unsigned i = 0; i < POINTS; i++)
        if (number != 0 && stops->point[i].number == number)
            return &stops->point[i];
    return NULL;
}

void stops_remove(struct stops *stops, struct point *point)
{
    clear(point);
    stops_changed(stops);
}

static void mark(struct stops *stops, uint32_t address)
{
    uint32_t bit = (address ^ address >> 16) & 0xffff;
    stops->filter[bit >> 3] |= (uint8_t)(1u << (bit & 7));
}

bool point_is_watch(const struct point *point)
{
    return point->kind == POINT_WATCH || point->kind == POINT_READ_WATCH ||
           point->kind == POINT_ACCESS_WATCH;
}

void stops_changed(struct stops *stops)
{
    memset(stops->filter, 0, sizeof stops->filter);
    stops->has_access = false;
    for (unsigned i = 0; i < POINTS; i++) {
        const struct point *point = &stops->point[i];
        if (point->number == 0 || !point->enabled)
            continue;
        stops->has_access |= point_is_watch(point);
        for (unsigned j = 0; j < point->locations; j++)
            mark(stops, point->location[j].address);
    }
}
