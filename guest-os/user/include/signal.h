/* The signal numbers in a wait status. No signal can be caught: each one ends the process. */
#ifndef SIGNAL_H
#define SIGNAL_H

#include <sys/types.h>

#define SIGINT  2
#define SIGILL  4
#define SIGTRAP 5
#define SIGBUS  7
#define SIGFPE  8
#define SIGKILL 9
#define SIGSEGV 11
#define SIGTERM 15

/* Ends the process whatever the signal; its status says SIGKILL. signal 0 is not supported. */
int kill(pid_t pid, int signal);

#endif
