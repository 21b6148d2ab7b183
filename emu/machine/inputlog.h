/* inputlog: the only door through which anything from outside enters a machine.
 *
 * Live input is stamped with the present tick and appended to the log; it reaches its device when
 * the machine next moves, at an instruction boundary. Replaying the same log delivers it at the
 * same boundary. The log is not guest state; the index of the next entry is. */
#ifndef EMU_MACHINE_INPUTLOG_H
#define EMU_MACHINE_INPUTLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/base/clock.h"
#include "emu/base/state.h"

enum input_channel {
    INPUT_COM1,
    INPUT_COM2,
    INPUT_COM3, /* value: a byte received */
    INPUT_COM1_CARRIER,
    INPUT_COM2_CARRIER,
    INPUT_COM3_CARRIER, /* value: 1 = carrier, 0 = end of input */
    INPUT_KEY,          /* value: a set-1 scan code byte */
    INPUT_DATE,         /* value: seconds since 1970 UTC at tick 0; must be the first entry */
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
    struct input_entry *log; /* ordered by tick; log[i] is entry number base + i */
    uint64_t used, room;
    uint64_t base;
    bool forget;    /* nobody will replay: entries go once they are delivered */
    uint64_t posts; /* live inputs ever: whoever caches a future compares it */
    const struct clock *clock;
    struct {
        input_fn *fn;
        void *device;
    } sink[INPUT_CHANNELS];
};

void input_init(struct input *input, const struct clock *clock);
void input_free(struct input *input);
void input_connect(struct input *input, enum input_channel channel, input_fn *fn, void *device);
void input_add_state(struct input *input, struct state_map *map);

/* Live input, now. Drops every entry behind the present first: after a step back, new input makes a
 * new future. False = the log is full (its bound is 2^26 entries). */
bool input_post(struct input *input, enum input_channel channel, uint32_t value);

/* True when entries wait in the log behind the present (a replay has more to say). */
bool input_pending(const struct input *input);

/* For machine_run: when the next entry is due, CLOCK_NEVER = there is none; and hands over every
 * entry that is due now. */
ticks input_due(const struct input *input);
void input_deliver(struct input *input);

/* Drops what was not delivered: a session that ends here never saw it, nor may its replay. */
void input_cut(struct input *input);

/* What a log file says besides its entries. */
struct input_session {
    uint64_t machine; /* machine_hash at power-on: the same log fits the same machine only */
    ticks end;        /* when the session ended, and with which hash */
    uint64_t hash;
    uint64_t quantum; /* of the machine's turns */
};

/* The log as a file (--record, --replay): a text header line, then little-endian rows of tick (8
 * bytes), channel (4), value (4). Reading validates every field. On false *why is a sentence for
 * the user; a failed read leaves the log empty. */
bool input_write(const struct input *input, const struct input_session *session, int fd,
                 const char **why);
bool input_read(struct input *input, struct input_session *session, int fd, const char **why);

#endif
