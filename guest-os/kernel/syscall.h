/*
 * System calls: their functions, from the one list, and how these get their arguments. A function
 * answers with its result, or with -1 and a number noted by error().
 */
#ifndef KERNEL_SYSCALL_H
#define KERNEL_SYSCALL_H

#include "kernel/param.h"

#include <stdint.h>

struct file;

#define SYSCALL(number, name, ...) int sys_##name(void);
#include "syscalls.def"
#undef SYSCALL

/* Calls that more than one path has, and Turnstile's own has not. */
int sys_fsync(void);
int sys_getppid(void);
int sys_rename(void);
int sys_rmdir(void);
int sys_sync(void);

/* The binary interface, abi/NAME/syscall.c: the n-th argument word. 0; -1: it cannot be read. */
int argint(int n, int *value);

/* sysfile.c */
int argfd(int n, struct file **f);
int argv_fetch(uint32_t uargv, char *page, char *argv[MAXARG + 1]);

/* sysarg.c */
int argptr(int n, uint32_t *address, int size);
int argout(int n, uint32_t *address, int size);
int argstr(int n, char *dst, int size);
int argpath(int n, char path[MAXPATH]);

#endif
