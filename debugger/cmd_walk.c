/* cmd_walk: `walk ADDR`: how an address is translated, where that stopped and why. */
#include <stdio.h>

#include "debugger/commands.h"

bool cmd_walk(struct session *session, const struct command_args *args)
{
    int64_t address;
    if (!session_needs_machine(session))
        return false;
    if (*args->text == 0)
        return out_error(&session->out, "walk needs an address: walk 0x1000, walk $sp, walk &x");
    if (!session_number(session, args->text, &address))
        return false;
    if (address < INT32_MIN || address > UINT32_MAX)
        return out_error(&session->out, "%s is no 32-bit address", args->text);
    session->arch->say_walk(session, (uint32_t)address);
    return true;
}
