/* attach: what a session knows before anything runs: the kernel's symbols, its profile, the
 * program. */
#ifndef DEBUGGER_ATTACH_H
#define DEBUGGER_ATTACH_H

#include "debugger/launch.h"
#include "debugger/session.h"

struct attachment {
    char *kernel; /* path of its ELF; NULL = none */
    char *folder; /* of the guest's programs; NULL = none */
};

/* Each says on standard error what cannot be had, as "trapscope COMMAND: ...", and goes on without.
 * The attachment must outlive the session. */
void attach_kernel(struct attachment *attachment, struct session *session, const char *command,
                   const struct options *options);
/* `program` NULL = none was given. */
void attach_program(struct attachment *attachment, struct session *session, const char *command,
                    const struct program *program);
void attachment_free(struct attachment *attachment);

#endif
