/* cmd_trace: `trapscope trace`. */
#ifndef DEBUGGER_CMD_TRACE_H
#define DEBUGGER_CMD_TRACE_H

int cmd_trace(int argc, char **argv);

#endif
