/* watch: a built kernel at work, seen from outside: what the processor did counts, not what the
 * guest prints. */
#ifndef DEBUGGER_LAB_WATCH_H
#define DEBUGGER_LAB_WATCH_H

#include "debugger/lab/build.h"
#include "debugger/lab/lab.h"

#define WATCH_CALLS     64u
#define WATCH_NAME      64u
#define WATCH_PROCESSES 64u
#define WATCH_SAID      2048u

/* One system call with the lab's number. */
struct watch_call {
    int64_t pid;
    char stub[WATCH_NAME];    /* of the program: where the trap was; "" = not known */
    char handler[WATCH_NAME]; /* that the kernel called; "" = none */
    bool dispatched, returned, failed;
    uint32_t result;
    int64_t reason;   /* errno, when failed */
    uint64_t counted; /* calls of the counted name that had begun before, by anybody */
    int cpu;          /* the processor of the process's next call; -1 = it made none */
};

struct watch {
    bool ran;                            /* else `end` says why not */
    bool kernel_started;                 /* a program has made a call */
    bool program_started;                /* the one that is watched has made one */
    char end[160];                       /* how it ended: "exit status 0" */
    int status;                          /* the program's; -1 = it did not come to its end */
    uint64_t calls;                      /* of the lab's number by the program, */
    struct watch_call call[WATCH_CALLS]; /* the first of them */
    uint64_t entries; /* how often the kernel's function was begun, by whatever way */
    uint64_t right;   /* calls whose result is what it should be */
    struct {
        int64_t pid;
        uint64_t calls; /* of any number */
    } process[WATCH_PROCESSES];
    unsigned processes;          /* that made calls, the program's first */
    uint64_t counted;            /* calls of the counted name by the program */
    char dispatcher[WATCH_NAME]; /* the kernel's function that looks at the number */
    bool has_slot;               /* of the table, after the run: */
    uint32_t slot;
    char slot_symbol[WATCH_NAME];
    char said[WATCH_SAID];        /* the program's output */
    char kernel_said[WATCH_SAID]; /* the console's */
};

/* Boots the build with a program: a file of the host's, or, with `file` NULL, the one of this name
 * in the guest's /bin. False = interrupted. */
bool watch_run(struct watch *watch, const struct build *build, const char *file, const char *name);

#endif
