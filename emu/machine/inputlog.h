/* inputlog: the only door through which anything from outside enters a machine.
 *
 * Live input is stamped with the present tick and appended to the log; it reaches its device at the
 * next instruction boundary through a clock slot. Replaying the same log delivers it at the same
 * boundary. The log is not guest state; the index of the next entry is. */
#ifndef EMU_MACHINE_INPUTLOG_H
#define EMU_MACHINE_INPUTLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/base/clock.h"
#include "emu/base/state.h"

enum input_channel {
    INPUT_COM1, INPUT_COM2, INPUT_COM3, /* value: a byte received */
    INPUT_COM1_CARRIER, INPUT_COM2_CARRIER, INPUT_COM3_CARRIER, /* value: 1 = carrier, 0 = end of input */
    INPUT_KEY,   /* value: a set-1 scan code byte */
    INPUT_DATE,  /* value: seconds since 1970 UTC at tick 0; must be the first entry */
    INPUT_CHANNELS,
};

struct input_entry {
    ticks tick;
    uint32_t channel; /* enum input_channel */
    uint32_t value;
};

typedef void input_fn(void *device, uint32_t value);

struct input {
    struct input_state {
        uint64_t next; /* entries delivered so far */
    } s;
    struct input_entry *log;
    uint64_t used, room;
    struct clock *clock;
    unsigned slot;
    struct {
        input_fn *fn;
        void *device;
    } sink[INPUT_CHANNELS];
};

void input_init(struct input *input, struct clock *clock);
void input_free(struct input *input);
void input_connect(struct input *input, enum input_channel channel, input_fn *fn, void *device);
void input_add_state(struct input *input, struct state_map *map);

/* Live input, now. Drops every entry behind the present first: after a step back, new input makes a
 * new future. False = the log is full (its bound is 2^26 entries). */
bool input_post(struct input *input, enum input_channel channel, uint32_t value);

/* True when entries wait in the log behind the present (a replay has more to say). */
bool input_pending(const struct input *input);

/* The log as a file (--record, --replay): text header line, then fixed little-endian rows; reading
 * validates every row. On false *why is a sentence for the user. */
bool input_write(const struct input *input, int fd, const char **why);
bool input_read(struct input *input, int fd, const char **why);

#endif
