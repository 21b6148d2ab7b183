/* moment: running a program to the trap that a picture or a lesson is about. */
#ifndef DEBUGGER_GUI_MOMENT_H
#define DEBUGGER_GUI_MOMENT_H

#include "debugger/gui/scene.h"

struct moment {
    const char *syscall; /* its name or number; NULL = the first one that the program makes */
    bool fault;          /* rather the program's first fault */
};

/* From the program's start to behind the trap: back in the program, or where the machine stopped.
 * Then the scene of that trap. Without a call to be found the first fault is taken. False = there
 * is no such trap; said why to session->out. */
bool moment_find(struct session *session, const struct moment *moment, struct scene *scene);

#endif
