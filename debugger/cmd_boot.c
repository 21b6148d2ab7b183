/* cmd_boot: `trapscope boot`: a whole machine whose console is this terminal. */
#include "debugger/cmd_boot.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "debugger/drive.h"
#include "debugger/launch.h"
#include "debugger/options.h"
#include "debugger/verdict.h"
#include "emu/base/bug.h"
#include "emu/host/terminal.h"

static void flush_disks(void *launch)
{
    launch_write_disks(launch);
}

/* QEMU's isa-debug-exit gives a value v this status. */
static int debug_exit_status(uint64_t value)
{
    return (int)((value << 1 | 1) & 0xff);
}

static int verdict(const struct drive *drive, enum drive_end end)
{
    if (end != DRIVE_STOP)
        return verdict_of_drive(drive, end, "boot");
    switch (drive->stop.reason) {
    case MACHINE_DEBUG_EXIT: return debug_exit_status(drive->stop.value);
    case MACHINE_SHUTDOWN: return verdict_of_shutdown(drive->machine, "boot");
    case MACHINE_BREAK: return verdict_of_break(drive, "boot");
    default: return 0;
    }
}

static struct drive *connect(struct launch *launch, const struct options *options)
{
    struct drive *drive = bug_alloc(1, sizeof *drive);
    drive_init(drive, launch->machine);
    drive->output[MACHINE_COM1] = STDOUT_FILENO;
    drive->output[MACHINE_DEBUG_PORT] = STDOUT_FILENO;
    drive->insn_limit = options->insn_limit;
    drive->timeout = options->timeout;
    drive->output_limit = options->output_limit;
    drive->flush = flush_disks;
    drive->flush_context = launch;
    if (launch->replaying) {
        drive->end = launch->session.end;
    } else {
        bool terminal = terminal_raw(STDIN_FILENO);
        drive_input(drive, STDIN_FILENO, INPUT_COM1, terminal);
        if (terminal)
            fputs("trapscope: Ctrl-A x switches the machine off, Ctrl-A h helps\r\n", stderr);
    }
    return drive;
}

int cmd_boot(int argc, char **argv)
{
    struct options options;
    struct option_set set = {
        .command = "boot",
        .usage = "[OPTION...]",
        .about =
            "Switches a machine on: Turnstile, or the system on a disk, in a kernel file or in a\n"
            "ROM. The first serial port and a PC's debug port E9 are this terminal; Ctrl-A x\n"
            "switches the machine off. Exit status: 0 power-off, 2v+1 for a value v written to a\n"
            "PC's port F4, 133 the kernel asked for a debugger (MIPS), 134 triple fault, 124 a\n"
            "limit was reached, 125 our own trouble."};
    int rest;
    options_share(&options, &set, OPTIONS_MACHINE | OPTIONS_BOOT | OPTIONS_LIMITS);
    switch (options_parse(&set, argc, argv, &rest)) {
    case OPTIONS_DONE: return 0;
    case OPTIONS_BAD: return EXIT_TROUBLE;
    case OPTIONS_GO_ON: break;
    }
    if (rest < argc)
        return options_trouble("boot",
                               "%s: boot takes options only: run a program with "
                               "trapscope run, a kernel with --kernel",
                               argv[rest]);
    struct launch launch;
    terminal_watch_signals();
    int status = launch_machine(&launch, "boot", &options, NULL);
    if (status != 0)
        return status;
    struct drive *drive = connect(&launch, &options);
    enum drive_end end = drive_run(drive);
    terminal_restore();
    status = verdict(drive, end);
    int trouble = launch_end(&launch);
    free(drive);
    return status == 0 ? trouble : status;
}
