/* cmd_debug: `trapscope debug`: a session at a terminal, from a script or in a pipe. */
#ifndef DEBUGGER_CMD_DEBUG_H
#define DEBUGGER_CMD_DEBUG_H

int cmd_debug(int argc, char **argv);

#endif
