/* cmd_run: `trapscope run`: a guest program whose streams and exit status are the caller's. */
#include "debugger/cmd_run.h"

#include <stdlib.h>
#include <unistd.h>

#include "debugger/launch.h"
#include "debugger/options.h"
#include "debugger/verdict.h"
#include "emu/base/bug.h"
#include "emu/host/terminal.h"

/* Turnstile's own words at the debug-exit port: a wait status, or this bit in a panic. */
#define PANIC 0x80000000u

static int wait_status(uint64_t value, const char *command)
{
    if ((value & PANIC) != 0)
        return options_trouble(command, "the guest's kernel panicked: its last words are above");
    unsigned signal = value & 0x7f;
    return signal != 0 ? EXIT_SIGNAL + (int)signal : (int)(value >> 8 & 0xff);
}

int run_status(const struct drive *drive, enum drive_end end, const char *command)
{
    if (end != DRIVE_STOP)
        return verdict_of_drive(drive, end, command);
    switch (drive->stop.reason) {
    case MACHINE_DEBUG_EXIT: return wait_status(drive->stop.value, command);
    case MACHINE_SHUTDOWN: return verdict_of_shutdown(drive->machine, command);
    case MACHINE_BREAK: return verdict_of_break(drive, command);
    default: return 0;
    }
}

static struct drive *connect(struct launch *launch, const struct options *options)
{
    struct drive *drive = bug_alloc(1, sizeof *drive);
    drive_init(drive, launch->machine);
    drive->output[MACHINE_COM1] = STDERR_FILENO;
    drive->output[MACHINE_COM2] = STDOUT_FILENO;
    drive->output[MACHINE_COM3] = STDERR_FILENO;
    drive->output[MACHINE_DEBUG_PORT] = STDERR_FILENO;
    drive->insn_limit = options->insn_limit;
    drive->timeout = options->timeout;
    drive->output_limit = options->output_limit;
    if (launch->replaying)
        drive->end = launch->session.end;
    else
        drive_input(drive, STDIN_FILENO, INPUT_COM2, false);
    return drive;
}

static int run(const struct options *options, int argc, char **argv)
{
    struct program program;
    struct launch launch;
    int status = launch_program(&program, "run", options, argc, argv);
    if (status != 0)
        return status;
    status = launch_machine(&launch, "run", options, &program);
    launch_program_free(&program);
    if (status != 0)
        return status;
    struct drive *drive = connect(&launch, options);
    status = run_status(drive, drive_run(drive), "run");
    int trouble = launch_end(&launch);
    free(drive);
    return status == 0 ? trouble : status;
}

int cmd_run(int argc, char **argv)
{
    struct options options;
    struct option_set set = {
        .command = "run",
        .usage = "[OPTION...] PROGRAM [ARG...]",
        .about =
            "Runs a guest program on Turnstile. PROGRAM is an ELF file of the host, a C file\n"
            "(compiled first with trapscope-cc), or the name of a program in the guest's /bin.\n"
            "Standard input, output and error are the program's; so is the exit status, but for\n"
            "124 a limit was reached, 125 our own trouble, 126 not runnable, 127 not found,\n"
            "128+n ended by signal n or a fault."};
    int rest;
    options_share(&options, &set, OPTIONS_MACHINE | OPTIONS_LIMITS | OPTIONS_PATH);
    switch (options_parse(&set, argc, argv, &rest)) {
    case OPTIONS_DONE: return 0;
    case OPTIONS_BAD: return EXIT_TROUBLE;
    case OPTIONS_GO_ON: break;
    }
    if (rest == argc)
        return options_trouble("run",
                               "which program? Give a file or a name: trapscope run hello.c");
    terminal_watch_signals();
    return run(&options, argc - rest, argv + rest);
}
