/* The functions of the Linux calls, as sys_call_table has them. */
#ifndef ABI_LINUX_SYSCALL_H
#define ABI_LINUX_SYSCALL_H

#define SYSCALL(number, name, ...) int sys_##name(void);
#include "abi/linux/syscalls.def"
#undef SYSCALL

/* Where Turnstile has a call of the same name that means something else: see entry.S. */
int sys_linux_open(void);
int sys_linux_mknod(void);
int sys_linux_unlink(void);
int sys_linux_kill(void);
int sys_linux_pipe(void);
int sys_linux_close(void);

int sys_ni_syscall(void);

#endif
