/* Stands in for the user's own _syscall0, so that the rest of a program can be seen at work. */
#include <asm/unistd.h>

_syscall0(long, foo)
