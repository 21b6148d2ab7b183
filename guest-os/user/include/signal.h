/* The signal numbers in a wait status. No signal can be caught: each one ends the process. */
#ifndef SIGNAL_H
#define SIGNAL_H

#include <sys/signum.h>
#include <sys/types.h>

#define SIGINT  2
#define SIGILL  4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGFPE  8
#define SIGKILL 9
#define SIGSEGV 11
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15

typedef int sig_atomic_t;
#define SIG_ERR ((void (*)(int)) - 1)
#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)

/* Gives SIG_ERR, with ENOSYS, for anything but SIG_DFL. */
void (*signal(int signal, void (*handler)(int)))(int);
/* Ends this process, with 128 + signal as its exit status. */
int raise(int signal);

/* Ends the process whatever the signal; its status says SIGKILL. signal 0 is not supported. */
int kill(pid_t pid, int signal);

#endif
