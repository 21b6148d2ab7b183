/*
 * System calls: their numbers and functions, from the one list, and how the functions get their
 * arguments. A function answers with its result, or with -1 and a number noted by error().
 */
#ifndef KERNEL_SYSCALL_H
#define KERNEL_SYSCALL_H

#include "kernel/param.h"

#include <stdint.h>

enum {
#define SYSCALL(number, name, ...) SYS_##name = number,
#include "syscalls.def"
#undef SYSCALL
};

#define SYSCALL(number, name, ...) int sys_##name(void);
#include "syscalls.def"
#undef SYSCALL

/* The binary interface, abi/NAME/syscall.c: the n-th argument word. 0; -1: it cannot be read. */
int argint(int n, int *value);

/* sysfile.c */
int argv_fetch(uint32_t uargv, char *page, char *argv[MAXARG + 1]);

/* sysarg.c */
int argptr(int n, uint32_t *address, int size);
int argout(int n, uint32_t *address, int size);
int argstr(int n, char *dst, int size);

#endif
