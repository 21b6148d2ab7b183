/* System call numbers, from the one list; and what the functions behind them use. */
#ifndef ABI_XV6_SYSCALL_H
#define ABI_XV6_SYSCALL_H

#include <stdint.h>

enum {
#define SYSCALL(number, name, ...) SYS_##name = number,
#include "syscalls.def"
#undef SYSCALL
};

#define SYSCALL(number, name, ...) int sys_##name(void);
#include "syscalls.def"
#undef SYSCALL

void syscall(void);

int argint(int n, int *value);
int argptr(int n, uint32_t *address, int size);
int argout(int n, uint32_t *address, int size);
int argstr(int n, char *dst, int size);

#endif
