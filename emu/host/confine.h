/* confine: tools of the host put to work on hostile files, where they can read, write and use up
 * only what they are given.
 *
 * The kernel's Landlock keeps a tool to its folders; a compiler that is told to include /etc/shadow
 * is refused like any user without rights. Limits are in what the tool itself uses (processor time,
 * memory, size of a file), so that a loaded host does not change how it ends; the limit of real
 * time is for what waits. */
#ifndef EMU_HOST_CONFINE_H
#define EMU_HOST_CONFINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CONFINE_READABLE 16u

struct confine {
    const char *readable[CONFINE_READABLE]; /* files and folders to read and execute; NULL ends.
                                               What is not there is no error */
    const char *writable; /* the one folder to write in, for temporary files as well */
    bool trusted;         /* go on unconfined where the host has no Landlock */
    unsigned processor_seconds, real_seconds;
    uint64_t memory, file_size; /* bytes */
};

enum confine_end {
    CONFINE_EXITED,      /* `status` is its exit status */
    CONFINE_LIMIT,       /* of time, memory or file size */
    CONFINE_CRASHED,     /* ended by another signal, `status` */
    CONFINE_NOT_STARTED, /* errno in `status` */
    CONFINE_INTERRUPTED, /* somebody wants us to end */
};

struct confine_job {
    const char *const *argv; /* argv[0] is a path, or a name in /usr/bin and the like */
    const char *folder;      /* to work in */
    const char *log;         /* file for what it says */
    enum confine_end end;
    int status;
    pid_t pid; /* its own */
};

/* Can this host confine? */
bool confine_available(void);

/* Does all jobs, as many at once as there are processors, and waits for them. False = interrupted.
 */
bool confine_run(const struct confine *confine, struct confine_job *job, unsigned jobs,
                 int (*signal_seen)(void));

#endif
