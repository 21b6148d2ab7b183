/* console: what the guest says while it is debugged, and what is typed into it. */
#ifndef DEBUGGER_CONSOLE_H
#define DEBUGGER_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "emu/machine/machine.h"

#define CONSOLE_WAITING 65536u

struct console {
    FILE *to;                      /* where the guest's words appear */
    bool line_open;                /* the last of them was no newline */
    char waiting[CONSOLE_WAITING]; /* typed, but the guest has no room yet */
    unsigned used;
    bool hang_up; /* end of input, when all is typed */
    bool hung_up;
};

/* Takes the machine's tap. */
void console_init(struct console *console, struct machine *machine, FILE *to);
/* A line of output may begin: ends one that the guest has left open. */
void console_close_line(struct console *console);

/* False = too much waits already. */
bool console_type(struct console *console, const char *bytes, size_t length);
/* A line as `console` takes it: C's escapes, a newline behind it; "" is the end of input. */
bool console_line(struct console *console, const char *text);
void console_hang_up(struct console *console);
/* Posts as much as the guest has room for: to the program's standard input or the serial console.
 */
void console_feed(struct console *console, struct machine *machine, bool program);

#endif
