/* moment: running a program to the trap that a picture or a lesson is about. */
#ifndef DEBUGGER_GUI_MOMENT_H
#define DEBUGGER_GUI_MOMENT_H

#include "debugger/gui/scene.h"

/* Who shows a moment gives up after so many, unless told otherwise. */
#define MOMENT_INSTRUCTIONS 100000000u

struct moment {
    const char *syscall; /* its name or number; NULL = of any name */
    bool fault;          /* no call, but a fault */
    bool any;            /* whichever comes first; else a fault counts only when no call comes */
};

/* From the present to behind the next such trap of the program: back in the program, or where the
 * machine stopped. Then the scene of that trap. False = there is none any more; nothing said, but
 * when `syscall` is no call. */
bool moment_next(struct session *session, const struct moment *moment, struct scene *scene);
/* Says that there was none. Always false. */
bool moment_say_none(struct session *session, const struct moment *moment);

#endif
