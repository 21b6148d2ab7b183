/* The functions of the Linux calls, as sys_call_table has them. */
#ifndef ABI_LINUX_SYSCALL_H
#define ABI_LINUX_SYSCALL_H

#define SYSCALL(number, name, ...) int sys_##name(void);
#include "linux-calls.def"
#undef SYSCALL

/* Where Turnstile has a call of the same name that means something else: see the table of each
 * processor. */
int sys_linux_open(void);
int sys_linux_mknod(void);
int sys_linux_unlink(void);
int sys_linux_kill(void);
int sys_linux_pipe(void);
int sys_linux_exit(void);

/* One function for several calls of the table. */
int sys_getgroups(void);
int sys_getrlimit(void);

int sys_ni_syscall(void);

#endif
