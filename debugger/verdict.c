/* verdict: why a driven machine ended, said in a line, and the exit status that it makes. */
#include "debugger/verdict.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "debugger/arch.h"
#include "debugger/options.h"
#include "emu/host/terminal.h"

int verdict_of_drive(const struct drive *drive, enum drive_end end, const char *command)
{
    switch (end) {
    case DRIVE_STUCK:
        return options_trouble(command, "the guest halted, and no interrupt can wake it");
    case DRIVE_SIGNAL: return EXIT_SIGNAL + terminal_signal();
    case DRIVE_INSN_LIMIT:
        options_trouble(command, "--insn-limit: %" PRIu64 " instructions were executed",
                        drive->insn_limit);
        return EXIT_LIMIT;
    case DRIVE_TIMEOUT:
        options_trouble(command, "--timeout: %g seconds have passed", (double)drive->timeout / 1e9);
        return EXIT_LIMIT;
    case DRIVE_OUTPUT_LIMIT:
        options_trouble(command, "--output-limit: %" PRIu64 " bytes were written",
                        drive->output_limit);
        return EXIT_LIMIT;
    case DRIVE_BROKEN_PIPE: return EXIT_SIGNAL + SIGPIPE;
    case DRIVE_OUTPUT_ERROR:
        return options_trouble(command, "the output cannot be written: %s", strerror(errno));
    case DRIVE_STOP:
    case DRIVE_QUIT:
    case DRIVE_REPLAYED: break;
    }
    return 0;
}

int verdict_of_shutdown(const struct machine *machine, const char *command)
{
    char faults[400];
    arch_of(machine->cpu)->shutdown_text(machine->cpu, faults, sizeof faults);
    options_trouble(command, "triple fault: the processor shut down at instruction %" PRIu64 ":",
                    machine_count(machine));
    fputs(faults, stderr);
    return EXIT_SIGNAL + SIGABRT;
}

int verdict_of_break(const struct drive *drive, const char *command)
{
    options_trouble(command,
                    "the guest asked for the debugger (code %" PRIu64 ") at instruction %" PRIu64
                    ": trapscope debug shows what led there",
                    drive->stop.value, machine_count(drive->machine));
    return EXIT_SIGNAL + SIGTRAP;
}
