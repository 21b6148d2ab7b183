/* Waiting for children, and what their status says. */
#ifndef SYS_WAIT_H
#define SYS_WAIT_H

#include <sys/types.h>

#define WIFEXITED(status)   (((status)&0x7f) == 0)
#define WEXITSTATUS(status) (((status) >> 8) & 0xff)
#define WIFSIGNALED(status) (((status)&0x7f) != 0)
#define WTERMSIG(status)    ((status)&0x7f)

pid_t wait(int *status);
/* `options` must be 0: the kernel has no way to ask without waiting. */
pid_t waitpid(pid_t pid, int *status, int options);

#endif
