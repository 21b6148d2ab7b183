/* console: what the guest says while it is debugged, and what is typed into it. */
#include "debugger/console.h"

#include <ctype.h>
#include <stdlib.h>
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

/* Undoes C's escapes, in place. Returns the length. */
static size_t unescape(char *text)
{
    static const char names[] = "abtnvfre\\\"", bytes[] = "\a\b\t\n\v\f\r\033\\\"";
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        const char *name = *from == '\\' && from[1] != '\0' ? strchr(names, from[1]) : NULL;
        if (*from == '\\' && from[1] == 'x' && isxdigit((unsigned char)from[2]) &&
            isxdigit((unsigned char)from[3])) {
            char digits[3] = {from[2], from[3], '\0'};
            *to++ = (char)strtoul(digits, NULL, 16);
            from += 3;
        } else if (name != NULL) {
            *to++ = bytes[name - names];
            from++;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return (size_t)(to - text);
}

bool console_line(struct console *console, const char *text)
{
    if (*text == '\0') {
        console_hang_up(console);
        return true;
    }
    char *copy = strdup(text);
    size_t length = copy == NULL ? 0 : unescape(copy);
    bool fits = copy != NULL && length < CONSOLE_WAITING - console->used &&
                console_type(console, copy, length) && console_type(console, "\n", 1);
    free(copy);
    return fits;
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
