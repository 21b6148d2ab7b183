/* launch: a machine made of a command line: its files found, read and judged, and put away again.
 */
#ifndef DEBUGGER_LAUNCH_H
#define DEBUGGER_LAUNCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "debugger/options.h"
#include "emu/host/disk.h"
#include "emu/machine/machine.h"
#include "emu/machine/parts.h"

/* The guest program of `run`, `trace` and `debug`. */
struct program {
    char *arguments; /* argv, each word ended by NUL */
    size_t arguments_size;
    uint8_t *elf; /* NULL: arguments name a program in the guest's /bin */
    size_t elf_size;
};

struct launch {
    const char *command; /* for messages */
    struct machine *machine;
    struct disk disk[PARTS_DISKS];
    unsigned disks;
    struct input_session session; /* of --replay, and of --record in the end */
    bool replaying;
    const char *record, *save; /* files to write in the end; NULL = none */
    int record_fd, save_fd;
};

/* Finds PROGRAM (argv[0]): an ELF or C file of the host, or a guest program's name. A C file is
 * compiled by the trapscope-cc beside this executable. 0, or the exit status: the reason was told.
 */
int launch_program(struct program *program, const char *command, const struct options *options,
                   int argc, char **argv);
void launch_program_free(struct program *program);

/* Switches a machine on. `program` NULL = none. 0, or the exit status: the reason was told; launch
 * then holds nothing. */
int launch_machine(struct launch *launch, const char *command, const struct options *options,
                   const struct program *program);

/* Carries what the guest wrote to the disk images. */
void launch_write_disks(struct launch *launch);

/* Disks written back, the log recorded or the replay compared, all freed. 0, or EXIT_TROUBLE. */
int launch_end(struct launch *launch);

/* A file of a machine's, "x86" or "mips", in the build or the installation, such as
 * "turnstile.elf", to be freed. NULL = not there. */
char *launch_asset(const char *machine, const char *name);

bool launch_is_mips(const struct options *options);

/* A way from a program into Turnstile's kernel. */
#define LAUNCH_PATHS 16u
struct launch_path {
    char name[24];
    char summary[104];
};

/* Those of a machine; the first is the one that programs take when nobody says. */
unsigned launch_paths(const char *machine, struct launch_path path[LAUNCH_PATHS]);
/* Does the machine have options->path? False = those that it has were told. */
bool launch_judge_path(const char *command, const struct options *options);

/* --- launch_board.c, for launch_machine: false = the reason was told. */
bool launch_judge(const char *command, const struct options *options,
                  const struct program *program);
/* launch->machine, with its disks, which are open, and its kernel in memory. */
bool launch_board(struct launch *launch, const struct options *options,
                  const struct program *program);

#endif
