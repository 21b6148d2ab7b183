/* verdict: why a driven machine ended, said in a line, and the exit status that it makes. */
#ifndef DEBUGGER_VERDICT_H
#define DEBUGGER_VERDICT_H

#include "debugger/drive.h"

/* For every end but DRIVE_STOP. */
int verdict_of_drive(const struct drive *drive, enum drive_end end, const char *command);

/* Tells the faults of a triple fault, newest last. */
int verdict_of_shutdown(const struct machine *machine, const char *command);

/* The guest asked for a debugger, and there is none. */
int verdict_of_break(const struct drive *drive, const char *command);

#endif
