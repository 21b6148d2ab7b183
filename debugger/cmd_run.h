/* cmd_run: `trapscope run`: a guest program whose streams and exit status are the caller's. */
#ifndef DEBUGGER_CMD_RUN_H
#define DEBUGGER_CMD_RUN_H

#include "debugger/drive.h"

int cmd_run(int argc, char **argv);

/* The exit status for what Turnstile wrote to the debug-exit port; says what is to be said. */
int run_status(const struct drive *drive, enum drive_end end, const char *command);

#endif
