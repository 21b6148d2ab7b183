/* cmd_gui: `trapscope gui`: a session in a window. */
#ifndef DEBUGGER_CMD_GUI_H
#define DEBUGGER_CMD_GUI_H

int cmd_gui_main(int argc, char **argv);

#endif
