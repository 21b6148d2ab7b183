/* options: the command line of every subcommand, from one table of what each option is. */
#ifndef DEBUGGER_OPTIONS_H
#define DEBUGGER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* Exit statuses that are ours, not the guest's (as timeout(1) and docker have them). */
enum exit_status {
    EXIT_LIMIT = 124,        /* --insn-limit, --timeout or --output-limit was reached */
    EXIT_TROUBLE = 125,      /* a wrong command line or file, a host failure, a kernel panic */
    EXIT_NOT_RUNNABLE = 126, /* the program is no executable for this machine */
    EXIT_NOT_FOUND = 127,
    EXIT_SIGNAL = 128, /* + number of the signal */
};

#define OPTION_LIST_MOST 32u

struct option_list {
    const char *item[OPTION_LIST_MOST];
    unsigned used;
};

enum option_kind {
    OPTION_FLAG,    /* bool: becomes true */
    OPTION_TEXT,    /* const char * */
    OPTION_LIST,    /* struct option_list: may be given again */
    OPTION_NUMBER,  /* uint64_t */
    OPTION_SIZE,    /* uint64_t, in bytes, with K, M or G */
    OPTION_SECONDS, /* uint64_t, in nanoseconds, from "1.5" */
};

struct option_row {
    const char *name; /* with its dashes */
    enum option_kind kind;
    void *to;
    const char *argument; /* what help calls it; NULL for a flag */
    const char *help;
};

struct option_set {
    const char *command; /* "run" */
    const char *usage;   /* "[OPTION...] PROGRAM [ARG...]" */
    const char *about;   /* a paragraph */
    struct option_row row[40];
    unsigned rows;
};

void option_add(struct option_set *set, struct option_row row);

enum options_answer { OPTIONS_GO_ON, OPTIONS_DONE, OPTIONS_BAD };

/* Reads argv[1...]; *rest is the index of the first word that is no option. Options end there or
 * behind "--". DONE: --help was answered. BAD: the mistake was told. */
enum options_answer options_parse(const struct option_set *set, int argc, char **argv, int *rest);

/* --- what several subcommands share */

struct options {
    const char *machine;
    uint64_t memory;
    uint64_t cpus, quantum;
    const char *cpu;  /* NULL = the usual model */
    const char *path; /* of a C file into the kernel; NULL = the usual one */
    const char *profile, *record, *replay;
    const char *kernel, *bios, *initrd, *append;
    const char *save, *restore;
    const char *turnstile; /* folder of turnstile.elf and fs.img in place of ours; NULL = ours */
    struct option_list disk;
    bool snapshot;
    uint64_t insn_limit;   /* UINT64_MAX = none */
    uint64_t timeout;      /* nanoseconds; UINT64_MAX = none */
    uint64_t output_limit; /* bytes; UINT64_MAX = none */
};

enum option_group {
    OPTIONS_MACHINE = 1, /* --turnstile --machine --mem --cpus --quantum --cpu --record --replay */
    OPTIONS_BOOT = 2,    /* --kernel --bios --disk --initrd --append --snapshot --save --restore */
    OPTIONS_LIMITS = 4,  /* --insn-limit --timeout --output-limit */
    OPTIONS_PROFILE = 8, /* --profile */
    OPTIONS_INSNS = 16,  /* --insn-limit alone: nobody's time counts in a debugger */
    OPTIONS_PATH = 32,   /* --path */
    OPTIONS_PROCESSORS = 64, /* of these the machine itself: neither --record nor --replay */
};

/* Sets defaults and adds the rows of these groups. */
void options_share(struct options *options, struct option_set *set, unsigned groups);

/* Is something to boot named that needs no program of ours: a kernel, a ROM, a disk, a saved
 * machine? */
bool options_boot(const struct options *options);

/* "trapscope COMMAND: ..." on standard error, one line, whatever bytes it is made of; COMMAND "" =
 * none. Answers EXIT_TROUBLE. */
int options_trouble(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
