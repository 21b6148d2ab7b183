/* cmd_compare: `trapscope compare`: one program on both machines, phase against phase. */
#ifndef DEBUGGER_CMD_COMPARE_H
#define DEBUGGER_CMD_COMPARE_H

int cmd_compare(int argc, char **argv);

#endif
