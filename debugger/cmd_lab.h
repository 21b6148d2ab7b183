/* cmd_lab: `trapscope lab`: exercises "add a system call": a copy to start with, and what is done
 * of it. */
#ifndef DEBUGGER_CMD_LAB_H
#define DEBUGGER_CMD_LAB_H

int cmd_lab(int argc, char **argv);

#endif
