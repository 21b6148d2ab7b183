/* fifo: the one queue of bytes in the house: its indexes are checked, its bytes belong to the
 * caller.
 *
 * The struct is part of a chip's state; `room` is the size of the caller's array and a power of
 * two. A chip's validator calls fifo_valid before anything else looks at the queue. */
#ifndef DEVICES_FIFO_H
#define DEVICES_FIFO_H

#include <stdbool.h>
#include <stdint.h>

struct fifo {
    uint16_t first; /* index of the oldest byte */
    uint16_t used;
};

static inline bool fifo_valid(const struct fifo *fifo, unsigned room)
{
    return fifo->first < room && fifo->used <= room;
}

/* False: it is full, and nothing was changed. */
static inline bool fifo_put(struct fifo *fifo, uint8_t *bytes, unsigned room, uint8_t byte)
{
    if (fifo->used >= room)
        return false;
    bytes[(fifo->first + fifo->used++) & (room - 1)] = byte;
    return true;
}

/* False: it is empty, and *byte is as it was. */
static inline bool fifo_get(struct fifo *fifo, const uint8_t *bytes, unsigned room, uint8_t *byte)
{
    if (fifo->used == 0)
        return false;
    *byte = bytes[fifo->first & (room - 1)];
    fifo->first = (uint16_t)((fifo->first + 1u) & (room - 1));
    fifo->used--;
    return true;
}

/* Puts a byte back in front of the oldest one. False: it is full, and nothing was changed. */
static inline bool fifo_unget(struct fifo *fifo, uint8_t *bytes, unsigned room, uint8_t byte)
{
    if (fifo->used >= room)
        return false;
    fifo->first = (uint16_t)((fifo->first + room - 1u) & (room - 1));
    fifo->used++;
    bytes[fifo->first] = byte;
    return true;
}

/* Takes back the byte that was put last. False: it is empty, and *byte is as it was. */
static inline bool fifo_unput(struct fifo *fifo, const uint8_t *bytes, unsigned room, uint8_t *byte)
{
    if (fifo->used == 0)
        return false;
    *byte = bytes[(fifo->first + --fifo->used) & (room - 1)];
    return true;
}

#endif
