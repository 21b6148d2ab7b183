/* cmd_boot: `trapscope boot`: a whole machine whose console is this terminal. */
#ifndef DEBUGGER_CMD_BOOT_H
#define DEBUGGER_CMD_BOOT_H

int cmd_boot(int argc, char **argv);

#endif
