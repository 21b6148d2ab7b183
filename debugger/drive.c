/* drive: a machine running between the host's standard streams, within limits. */
#include "debugger/drive.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "emu/host/files.h"
#include "emu/host/terminal.h"
#include "emu/host/wallclock.h"

#define SLICE         1000000u /* ticks: a few milliseconds of the host's time */
#define SECOND        1000000000u
#define LONGEST_WAIT  100000000u /* nanoseconds without a look at signals */
#define DEVICE_WAIT   200000     /* nanoseconds: no timer that paces a guest is that fast */
#define SHORTEST_WAIT 5000000    /* nanoseconds that the host is asked to wait */
#define CTRL_A        1

/* --- output ---------------------------------------------------------------------------------- */

static void trouble(struct drive *drive, enum drive_end end)
{
    if (!drive->in_trouble)
        drive->trouble = end;
    drive->in_trouble = true;
}

/* Nanoseconds that may be waited at once: signals and the deadline are looked at in between. */
static uint64_t patience(const struct drive *drive)
{
    uint64_t now = wallclock_now();
    uint64_t left = drive->deadline > now ? drive->deadline - now : 0;
    return left < LONGEST_WAIT ? left : LONGEST_WAIT;
}

static int whole_milliseconds(uint64_t nanoseconds)
{
    return (int)((nanoseconds + 999999) / 1000000);
}

static bool must_not_wait(struct drive *drive)
{
    if (terminal_signal() != 0)
        trouble(drive, DRIVE_SIGNAL);
    else if (wallclock_now() >= drive->deadline)
        trouble(drive, DRIVE_TIMEOUT);
    else
        return false;
    return true;
}

/* Writes as the reader reads, so that a reader who does not cannot hold us beyond our limits: what
 * poll calls writable takes PIPE_BUF bytes without blocking. */
static void write_output(struct drive *drive)
{
    size_t done = 0;
    bool broken = false;
    while (done < drive->out_used && !broken) {
        struct pollfd ready = {.fd = drive->out_fd, .events = POLLOUT};
        if (poll(&ready, 1, whole_milliseconds(patience(drive))) > 0) {
            size_t left = drive->out_used - done;
            ssize_t now =
                write(drive->out_fd, drive->out + done, left < PIPE_BUF ? left : PIPE_BUF);
            broken = now < 0 && errno != EINTR && errno != EAGAIN;
            done += now > 0 ? (size_t)now : 0;
        }
        if (broken)
            trouble(drive, errno == EPIPE ? DRIVE_BROKEN_PIPE : DRIVE_OUTPUT_ERROR);
        else if (done < drive->out_used)
            broken = must_not_wait(drive);
    }
    drive->out_used = 0;
}

static void tap_output(void *context, enum machine_output channel, uint8_t byte)
{
    struct drive *drive = context;
    int fd = drive->output[channel];
    if (fd < 0 || drive->in_trouble)
        return;
    if (drive->written == drive->output_limit) {
        trouble(drive, DRIVE_OUTPUT_LIMIT);
        return;
    }
    if (drive->out_used == DRIVE_OUTPUT || (drive->out_used != 0 && drive->out_fd != fd))
        write_output(drive);
    drive->out_fd = fd;
    drive->out[drive->out_used++] = byte;
    drive->written++;
}

static void tap_flush(void *context, unsigned disk)
{
    (void)disk;
    ((struct drive *)context)->flush_asked = true;
}

/* --- input ----------------------------------------------------------------------------------- */

static enum input_channel carrier_of(enum input_channel channel)
{
    return INPUT_COM1_CARRIER + (channel - INPUT_COM1);
}

/* Reads what is there without waiting. */
static void read_input(struct drive *drive)
{
    struct pollfd ready = {.fd = drive->input_fd, .events = POLLIN};
    if (drive->input_over || drive->in_used != 0 || poll(&ready, 1, 0) <= 0)
        return;
    ssize_t got = read(drive->input_fd, drive->in, sizeof drive->in);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    drive->in_first = 0;
    drive->in_used = got > 0 ? (size_t)got : 0;
    if (got <= 0)
        drive->input_over = true;
}

static void help(void)
{
    static const char text[] = "\r\nCtrl-A x  switch the machine off and quit\r\n"
                               "Ctrl-A h  this help\r\n"
                               "Ctrl-A Ctrl-A  one Ctrl-A for the guest\r\n";
    file_write_all(STDERR_FILENO, text, sizeof text - 1);
}

/* True: the byte is the guest's. */
static bool is_for_guest(struct drive *drive, uint8_t byte)
{
    if (!drive->terminal)
        return true;
    if (!drive->escape) {
        drive->escape = byte == CTRL_A;
        return !drive->escape;
    }
    drive->escape = false;
    if (byte == 'x' || byte == 'X')
        drive->quit = true;
    else if (byte == 'h' || byte == 'H' || byte == '?')
        help();
    return byte == CTRL_A;
}

/* Hands over what the port has room for. The end of input is said once, behind the last byte. */
static void feed(struct drive *drive)
{
    if (drive->input_fd < 0)
        return;
    read_input(drive);
    unsigned room = drive->machine->board->input_room(drive->machine, drive->input);
    while (drive->in_used != 0 && room != 0) {
        uint8_t byte = drive->in[drive->in_first++];
        drive->in_used--;
        if (!is_for_guest(drive, byte))
            continue;
        input_post(&drive->machine->input, drive->input, byte);
        room--;
    }
    if (drive->input_over && drive->in_used == 0) {
        input_post(&drive->machine->input, carrier_of(drive->input), 0);
        drive->input_fd = -1;
    }
}

/* --- idle time ------------------------------------------------------------------------------- */

static uint64_t less(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The guest waits until tick `wake`; so do we, or until input comes. Short waits pass at once and
 * are made up for together: the host's own are never shorter than a millisecond. Those for a device
 * are not made up for: a disk may be as fast as it can. */
static void wait_in_real_time(struct drive *drive, ticks wake)
{
    struct machine *machine = drive->machine;
    ticks now = machine->clock.s.now;
    int64_t wait = LONGEST_WAIT;
    if (wake != CLOCK_NEVER)
        wait = (int64_t)less(clock_convert(wake - now, machine->hz, SECOND), INT64_MAX / 2);
    if (wait >= DEVICE_WAIT)
        drive->owed += wait;
    if (drive->owed < SHORTEST_WAIT || wait < DEVICE_WAIT) {
        machine_idle_until(machine, wake);
        return;
    }
    struct pollfd ready = {.fd = drive->input_fd, .events = POLLIN};
    uint64_t begin = wallclock_now();
    poll(&ready, 1, whole_milliseconds(less((uint64_t)drive->owed, patience(drive))));
    drive->owed -= (int64_t)(wallclock_now() - begin);
    if (drive->owed <= 0) {
        if (wake != CLOCK_NEVER)
            machine_idle_until(machine, wake);
        if (drive->owed < -SHORTEST_WAIT)
            drive->owed = -SHORTEST_WAIT;
    } else if (drive->owed < wait) { /* disturbed inside this wait ... */
        machine_idle_until(
            machine, now + clock_convert((uint64_t)(wait - drive->owed), SECOND, machine->hz));
        drive->owed = 0;
    } else { /* ... or before it */
        drive->owed -= wait;
    }
}

/* False = it will never go on. */
static bool idle(struct drive *drive, ticks wake)
{
    if (drive->in_used != 0 && drive->machine->board->input_room(drive->machine, drive->input) != 0)
        return true; /* it waits for what we have */
    if (!machine_can_wake(drive->machine))
        return false;
    if (drive->input_fd >= 0 && !drive->input_over)
        wait_in_real_time(drive, wake);
    else if (wake == CLOCK_NEVER)
        return false;
    else
        machine_idle_until(drive->machine, wake);
    return true;
}

/* --- running --------------------------------------------------------------------------------- */

void drive_init(struct drive *drive, struct machine *machine)
{
    drive->machine = machine;
    drive->input_fd = -1;
    drive->insn_limit = drive->timeout = drive->output_limit = UINT64_MAX;
    drive->deadline = UINT64_MAX;
    drive->end = CLOCK_NEVER;
    for (unsigned i = 0; i < MACHINE_OUTPUTS; i++)
        drive->output[i] = -1;
    machine->tap = (struct machine_tap){tap_output, tap_flush, drive};
}

void drive_input(struct drive *drive, int fd, enum input_channel channel, bool terminal)
{
    drive->input_fd = fd;
    drive->input = channel;
    drive->terminal = terminal;
    input_post(&drive->machine->input, carrier_of(channel), 1);
}

/* What happened meanwhile outside of the machine. True = *end says what ends the drive. */
static bool look_around(struct drive *drive, enum drive_end *end)
{
    write_output(drive);
    if (drive->flush_asked && drive->flush != NULL)
        drive->flush(drive->flush_context);
    drive->flush_asked = false;
    if (drive->in_trouble)
        *end = drive->trouble;
    else if (terminal_signal() != 0)
        *end = DRIVE_SIGNAL;
    else if (drive->quit)
        *end = DRIVE_QUIT;
    else if (drive->deadline != UINT64_MAX && wallclock_now() >= drive->deadline)
        *end = DRIVE_TIMEOUT;
    else
        return false;
    return true;
}

/* A recording ends at a moment that machine_run has settled, with the input of that tick delivered:
 * so idle time that passed up to there is no end yet, and a stop that waits at that tick is one. */
static bool replayed(struct drive *drive)
{
    struct machine *machine = drive->machine;
    if (machine->clock.s.now < drive->end)
        return false;
    if (input_due(&machine->input) > drive->end)
        return true;
    input_deliver(&machine->input);
    return false;
}

/* One stretch. True = *end says what ends the drive. */
static bool step(struct drive *drive, enum drive_end *end)
{
    struct machine *machine = drive->machine;
    struct machine_limit limit = {less(machine->clock.s.now + SLICE, drive->end), drive->insn_limit,
                                  0, true};
    drive->stop = machine_run(machine, limit);
    bool waits = drive->stop.reason == MACHINE_IDLE;
    bool ends = look_around(drive, end);
    if (drive->stop.reason == MACHINE_RESET)
        return ends;
    if (drive->stop.reason != MACHINE_LIMIT && !waits) {
        *end = DRIVE_STOP;
        return true;
    }
    if (ends)
        return true;
    if (waits && drive->end != CLOCK_NEVER) {
        machine_idle_until(machine, less(drive->stop.value, drive->end));
        return false;
    }
    if (waits && !idle(drive, drive->stop.value)) {
        *end = DRIVE_STUCK;
        return true;
    }
    if (replayed(drive))
        *end = DRIVE_REPLAYED;
    else if (machine_count(machine) >= drive->insn_limit)
        *end = DRIVE_INSN_LIMIT;
    else
        return false;
    return true;
}

enum drive_end drive_run(struct drive *drive)
{
    enum drive_end end;
    if (drive->timeout != UINT64_MAX && drive->deadline == UINT64_MAX)
        drive->deadline = wallclock_now() + drive->timeout;
    do
        feed(drive);
    while (!step(drive, &end));
    write_output(drive);
    return drive->in_trouble ? drive->trouble : end;
}
