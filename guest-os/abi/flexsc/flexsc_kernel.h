/* What the flexsc path's files of the kernel offer one another, and the rest of the kernel. */
#ifndef ABI_FLEXSC_KERNEL_H
#define ABI_FLEXSC_KERNEL_H

#include "abi/flexsc/user/include/flexsc.h"

#include <stdint.h>

struct proc;
struct trapframe;

enum {
#define SYSCALL(number, name, ...) FLEX_##name = number,
#include "flexsc-calls.def"
#undef SYSCALL
};

#define SYSCALL(number, name, ...) int sys_##name(void);
#include "abi/flexsc/calls.def"
#undef SYSCALL

/* syscall.c */
void flexsc_trap(struct trapframe *tf);
int32_t flexsc_call(void);
uint32_t flexsc_argument(int n);

/* page.c */
void flexsc_tick(void);

/* ipc.c */
void ipc_leave(struct proc *leader);

#endif
