/* console: what the guest says while it is debugged, and what is typed into it. */
#include "debugger/console.h"

#include <string.h>

static void show(void *context, enum machine_output channel, uint8_t byte)
{
    struct console *console = context;
    (void)channel;
    if (byte == '\r')
        return;
    fputc(byte, console->to);
    console->line_open = byte != '\n';
}

void console_init(struct console *console, struct machine *machine, FILE *to)
{
    console->to = to;
    machine->tap = (struct machine_tap){.output = show, .context = console};
}

void console_close_line(struct console *console)
{
    if (console->to == NULL)
        return;
    if (console->line_open)
        fputc('\n', console->to);
    console->line_open = false;
    fflush(console->to);
}

bool console_type(struct console *console, const char *bytes, size_t length)
{
    if (length > CONSOLE_WAITING - console->used)
        return false;
    memcpy(console->waiting + console->used, bytes, length);
    console->used += (unsigned)length;
    return true;
}

void console_hang_up(struct console *console)
{
    console->hang_up = true;
}

void console_feed(struct console *console, struct machine *machine, bool program)
{
    enum input_channel channel = program ? INPUT_COM2 : INPUT_COM1;
    unsigned room = console->used == 0 ? 0 : machine->board->input_room(machine, channel);
    unsigned n = room < console->used ? room : console->used;
    for (unsigned i = 0; i < n; i++)
        input_post(&machine->input, channel, (uint8_t)console->waiting[i]);
    memmove(console->waiting, console->waiting + n, console->used - n);
    console->used -= n;
    if (console->used == 0 && console->hang_up && !console->hung_up && program) {
        input_post(&machine->input, INPUT_COM2_CARRIER, 0);
        console->hung_up = true;
    }
}
