/* commands: the functions of all rows of commands.def. */
#ifndef DEBUGGER_COMMANDS_H
#define DEBUGGER_COMMANDS_H

#include "debugger/command.h"
#include "debugger/session.h"

#define COMMAND(name, prefix, fn, group, syntax, help, more, completer, repeats) command_fn fn;
#define ALIAS(name, command)
#define ONLY(name, arch, counterpart)
#include "debugger/commands.def"
#undef COMMAND
#undef ALIAS
#undef ONLY

#endif
