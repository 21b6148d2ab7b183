/* terminal: the terminal in raw mode while a guest has it, and as it was on every way out. */
#ifndef EMU_HOST_TERMINAL_H
#define EMU_HOST_TERMINAL_H

#include <signal.h>
#include <stdbool.h>

/* Every key goes to the program that reads; output is still processed. False = no terminal. The
 * process has one terminal in raw mode at most. It is restored by terminal_restore, by exit(), and
 * by every signal that ends the program. */
bool terminal_raw(int fd);
void terminal_restore(void);

/* SIGINT, SIGTERM and SIGHUP are noted from now on instead of ending the program; SIGPIPE becomes a
 * failing write. A second one of them ends the program at once. */
void terminal_watch_signals(void);

/* The signal that asked the program to end, 0 = none yet. */
int terminal_signal(void);

#endif
