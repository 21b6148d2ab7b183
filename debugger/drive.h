/* drive: a machine running between the host's standard streams, within limits.
 *
 * Output is written at the end of every stretch of a few milliseconds. While input may still come
 * (a terminal, an open pipe), a guest's idle time passes in real time; once there is no more, at
 * once. */
#ifndef DEBUGGER_DRIVE_H
#define DEBUGGER_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/machine/machine.h"

#define DRIVE_INPUT  65536u
#define DRIVE_OUTPUT 65536u

enum drive_end {
    DRIVE_STOP,   /* `stop` says why */
    DRIVE_STUCK,  /* halted, and nothing can ever wake it */
    DRIVE_QUIT,   /* Ctrl-A x */
    DRIVE_SIGNAL, /* terminal_signal() says which */
    DRIVE_INSN_LIMIT,
    DRIVE_TIMEOUT,
    DRIVE_OUTPUT_LIMIT,
    DRIVE_BROKEN_PIPE,  /* nobody reads the output any more */
    DRIVE_OUTPUT_ERROR, /* errno says why output cannot be written */
    DRIVE_REPLAYED,     /* the end of a replayed session */
};

struct drive {
    /* The caller's. */
    struct machine *machine;
    int output[MACHINE_OUTPUTS]; /* file for each channel, -1 = thrown away */
    int input_fd;                /* -1 = none */
    enum input_channel input;
    bool terminal; /* input_fd is in raw mode: Ctrl-A is ours */
    uint64_t insn_limit, timeout, output_limit;
    ticks end; /* of a replayed session; CLOCK_NEVER = none */
    void (*flush)(void *context);
    void *flush_context;

    /* Its own. */
    struct machine_stop stop;
    uint64_t deadline;
    int64_t owed;     /* nanoseconds of idle time that have not passed yet */
    uint64_t written; /* bytes that the guest has said */
    enum drive_end trouble;
    bool in_trouble;
    bool input_over, escape, quit, flush_asked;
    size_t in_first, in_used, out_used;
    int out_fd;
    uint8_t in[DRIVE_INPUT];
    uint8_t out[DRIVE_OUTPUT];
};

/* Nothing connected, no limits. Takes the machine's tap. */
void drive_init(struct drive *drive, struct machine *machine);

/* Connects standard input to a serial port; its carrier comes up now. */
void drive_input(struct drive *drive, int fd, enum input_channel channel, bool terminal);

/* Runs until something ends it; may be called again after DRIVE_STOP. All output is written then.
 */
enum drive_end drive_run(struct drive *drive);

#endif
