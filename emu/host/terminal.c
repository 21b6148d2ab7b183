/* terminal: the terminal in raw mode while a guest has it, and as it was on every way out.
 *
 * Signal handlers have no context, hence the one static struct. */
#include "emu/host/terminal.h"

#include <stddef.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static struct {
    volatile sig_atomic_t raw; /* `before` is valid and to be restored */
    volatile sig_atomic_t signal;
    int fd;
    struct termios before;
} the_terminal;

void terminal_restore(void)
{
    if (!the_terminal.raw)
        return;
    the_terminal.raw = 0;
    tcsetattr(the_terminal.fd, TCSANOW, &the_terminal.before);
}

/* tcsetattr and raise are async-signal-safe. */
static void die(int number)
{
    terminal_restore();
    signal(number, SIG_DFL);
    raise(number);
}

static void note(int number)
{
    if (the_terminal.signal != 0)
        die(number);
    the_terminal.signal = number;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

bool terminal_raw(int fd)
{
    static const int deadly[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGQUIT};
    if (!isatty(fd) || tcgetattr(fd, &the_terminal.before) != 0)
        return false;
    struct termios raw = the_terminal.before;
    raw.c_iflag &= (tcflag_t) ~(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
    raw.c_lflag &= (tcflag_t) ~(ECHO | ICANON | IEXTEN | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    the_terminal.fd = fd;
    the_terminal.raw = 1;
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
        handle(deadly[i], die);
    atexit(terminal_restore);
    tcsetattr(fd, TCSANOW, &raw);
    return true;
}

void terminal_watch_signals(void)
{
    handle(SIGINT, note);
    handle(SIGTERM, note);
    handle(SIGHUP, note);
    signal(SIGPIPE, SIG_IGN);
}

int terminal_signal(void)
{
    return the_terminal.signal;
}
