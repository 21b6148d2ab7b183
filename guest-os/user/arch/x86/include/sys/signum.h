/* The signal number that is not the same on every processor. */
#ifndef SYS_SIGNUM_H
#define SYS_SIGNUM_H

#define SIGBUS 7

#endif
