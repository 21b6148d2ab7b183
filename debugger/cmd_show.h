/* cmd_show: `trapscope show`: one moment of a program as a picture, as text or as data. */
#ifndef DEBUGGER_CMD_SHOW_H
#define DEBUGGER_CMD_SHOW_H

int cmd_show(int argc, char **argv);

#endif
