/* launch: a machine made of a command line: its files found, read and judged, and put away again.
 */
#include "debugger/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emu/host/wallclock.h"
#include "emu/machine/savefile.h"

/* --- disks ----------------------------------------------------------------------------------- */

static bool open_disks(struct launch *launch, const struct options *options)
{
    for (unsigned i = 0; i < options->disk.used; i++) {
        struct disk *disk = &launch->disk[launch->disks];
        const char *path = options->disk.item[i], *why;
        if (!disk_open(disk, path, PARTS_DISK_MOST, !options->snapshot, &why)) {
            options_trouble(launch->command, "%s: %s", path, why);
            return false;
        }
        launch->disks++;
        if (disk->read_only)
            fprintf(stderr,
                    "trapscope %s: %s: is read-only: changes are kept for this session only\n",
                    launch->command, path);
    }
    return true;
}

void launch_write_disks(struct launch *launch)
{
    const char *why;
    for (unsigned i = 0; i < launch->disks; i++)
        if (!disk_write_back(&launch->disk[i], launch->machine->board->disk(launch->machine, i),
                             &why))
            options_trouble(launch->command, "%s: could not be written: %s", launch->disk[i].path,
                            why);
}

/* Closes and frees all that launch_machine may have opened. */
static void put_away(struct launch *launch)
{
    for (unsigned i = 0; i < launch->disks; i++)
        disk_close(&launch->disk[i]);
    if (launch->record_fd >= 0)
        close(launch->record_fd);
    if (launch->save_fd >= 0)
        close(launch->save_fd);
    machine_free(launch->machine);
    *launch = (struct launch){.command = launch->command, .record_fd = -1, .save_fd = -1};
}

/* --- recording and replaying ----------------------------------------------------------------- */

/* For what is written in the end, opened at the start so that a mistake is told early. */
static bool open_output(struct launch *launch, const char *path, const char **name, int *fd)
{
    *name = path;
    if (path == NULL)
        return true;
    *fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (*fd < 0)
        options_trouble(launch->command, "%s: %s", path, strerror(errno));
    return *fd >= 0;
}

static bool restore(struct launch *launch, const char *path)
{
    const char *why;
    if (path == NULL)
        return true;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        options_trouble(launch->command, "%s: %s", path, strerror(errno));
        return false;
    }
    bool done = savefile_read(launch->machine, fd, &why);
    close(fd);
    if (!done)
        options_trouble(launch->command, "%s: is no saved machine that can go on: %s", path, why);
    return done;
}

static bool read_replay(struct launch *launch, const char *path)
{
    const char *why;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        options_trouble(launch->command, "%s: %s", path, strerror(errno));
        return false;
    }
    bool done = input_read(&launch->machine->input, &launch->session, fd, &why);
    close(fd);
    if (!done) {
        options_trouble(launch->command, "%s: is no input log that can be replayed: %s", path, why);
        return false;
    }
    uint64_t quantum = launch->session.quantum;
    if (quantum != launch->machine->turn.quantum) {
        options_trouble(launch->command, "%s: was recorded with --quantum %" PRIu64 ": give it too",
                        path, quantum);
        return false;
    }
    if (launch->session.machine != machine_hash(launch->machine)) {
        options_trouble(launch->command,
                        "%s: was recorded on another machine: give the same options, files and "
                        "program as then",
                        path);
        return false;
    }
    launch->replaying = true;
    return true;
}

static bool begin_input(struct launch *launch, const struct options *options)
{
    if (options->replay != NULL)
        return read_replay(launch, options->replay);
    launch->session.machine = machine_hash(launch->machine);
    launch->session.quantum = launch->machine->turn.quantum;
    launch->machine->input.forget = options->record == NULL;
    return options->restore != NULL ||
           input_post(&launch->machine->input, INPUT_DATE, wallclock_date());
}

/* --- the machine ----------------------------------------------------------------------------- */

int launch_machine(struct launch *launch, const char *command, const struct options *options,
                   const struct program *program)
{
    *launch = (struct launch){.command = command, .record_fd = -1, .save_fd = -1};
    bool done = launch_judge(command, options, program) && open_disks(launch, options) &&
                launch_board(launch, options, program) && restore(launch, options->restore) &&
                open_output(launch, options->record, &launch->record, &launch->record_fd) &&
                open_output(launch, options->save, &launch->save, &launch->save_fd) &&
                begin_input(launch, options);
    if (done)
        return 0;
    put_away(launch);
    return EXIT_TROUBLE;
}

/* A session ends between two instructions: what a debugger has left in the middle is finished. */
static void finish_instruction(struct machine *machine)
{
    if (machine->cpu->ops->micro(machine->cpu) == 0)
        return;
    machine_observe(machine, NULL);
    machine->tap = (struct machine_tap){0};
    machine_run(machine, (struct machine_limit){CLOCK_NEVER, machine_count(machine) + 1, 0, true});
}

static bool write_record(struct launch *launch, const char **why)
{
    struct machine *machine = launch->machine;
    input_cut(&machine->input);
    finish_instruction(machine);
    launch->session.end = machine->clock.s.now;
    launch->session.hash = machine_hash(machine);
    return input_write(&machine->input, &launch->session, launch->record_fd, why);
}

static int end_session(struct launch *launch)
{
    const char *why;
    if (launch->replaying && launch->session.hash != machine_hash(launch->machine))
        return options_trouble(launch->command,
                               "the replay ended in another state than the recording: it was made "
                               "by another version, or with other files");
    if (launch->save_fd >= 0 && !savefile_write(launch->machine, launch->save_fd, &why))
        return options_trouble(launch->command, "%s: %s", launch->save, why);
    if (launch->record_fd >= 0 && !write_record(launch, &why))
        return options_trouble(launch->command, "%s: %s", launch->record, why);
    return 0;
}

int launch_end(struct launch *launch)
{
    int status = end_session(launch);
    launch_write_disks(launch);
    put_away(launch);
    return status;
}
