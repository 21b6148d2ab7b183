/* lamebus_disk: a disk ("lhd", device 3).
 *
 *   +0     SECTORS  read: how many there are, of 512 bytes
 *   +4     STATUS   1 busy, 2 writing, 4 done, 8 no such sector, 16 the medium failed
 *   +8     SECTOR   the one that is read or written
 *   +C     RPM      read: turns in a minute
 *   +8000  BUFFER   512 bytes
 *
 * Contract. Writing STATUS 1 begins a read, 3 a write, 0 ends either. When it is over STATUS is 4
 * or 6, 12 or 14, 20 or 22, and the card interrupts until STATUS is written again. SECTOR and
 * BUFFER are looked at when the sector passes under the head; a write goes to the image at once.
 *
 * The time that it takes. 320 tracks from a diameter of 20 to one of 80, the outer ones first, each
 * with as many sectors as its area has of the platter's, but one, and 6 in 100 more than there are
 * in all. The arm takes 5 ms a track for up to three, then 10 + 3 sqrt(n) ms. A read is over when
 * the sector has passed since the head came to its track (the track buffer), a write when it passes
 * again; between buffer and head it takes 500 ns more. The platter is at sector 0 when the machine
 * is switched on.
 *
 * Known inaccuracies. On a disk so small that this leaves too few sectors there are more in all
 * (System/161 refuses it). An arm that moves comes to rest before what was asked meanwhile begins;
 * anything else that is ended is over at once. Other values of STATUS hang System/161: here they
 * are told and change nothing.
 *
 * Source: System/161 2.0.8, "LAMEbus hardware reference", and its own disk's figures. */
#ifndef DEVICES_LAMEBUS_DISK_H
#define DEVICES_LAMEBUS_DISK_H

#include "devices/lamebus.h"
#include "devices/medium.h"

#define LAMEBUS_DISK_SECTOR 512u
#define LAMEBUS_DISK_RPM    3600u
#define LAMEBUS_DISK_TRACKS 320u

enum lamebus_disk_phase {
    LAMEBUS_DISK_IDLE,
    LAMEBUS_DISK_SEEKING,
    LAMEBUS_DISK_FILLING,  /* buffer to head, before a write */
    LAMEBUS_DISK_TURNING,  /* the sector comes */
    LAMEBUS_DISK_EMPTYING, /* head to buffer, behind a read */
    LAMEBUS_DISK_PHASES,
};

struct lamebus_disk_state {
    uint32_t status, sector;
    uint32_t track; /* where the arm is, or will be when it seeks */
    uint32_t phase; /* enum lamebus_disk_phase */
    ticks arrival;  /* when it came to its track */
    uint8_t buffer[LAMEBUS_DISK_SECTOR];
};

struct lamebus_disk {
    struct lamebus_disk_state s;
    struct lamebus_card card;
    struct medium medium;
    uint64_t first; /* where in the medium sector 0 is */
    struct clock *clock;
    uint32_t hz;
    unsigned slot; /* of the clock */
    uint32_t
        begin[LAMEBUS_DISK_TRACKS + 1]; /* first sector of each track from outside, and the end */
};

/* Takes `medium` as it is now; its sectors begin at its byte `first`, and are without what lies
 * before. */
void lamebus_disk_init(struct lamebus_disk *disk, struct clock *clock, uint32_t hz,
                       struct medium medium, uint64_t first);
void lamebus_disk_plug(struct lamebus_disk *disk, struct lamebus_bus *bus, unsigned slot);
/* `name` tells one disk's state block from another's. */
void lamebus_disk_add_state(struct lamebus_disk *disk, struct state_map *map, const char *name);

#endif
