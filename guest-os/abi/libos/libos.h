/* The libos path, for the rest of the kernel: the calls of the PAL, and traps that are sent back.
 */
#ifndef ABI_LIBOS_H
#define ABI_LIBOS_H

#include <stdbool.h>

struct proc;
struct trapframe;

/* pal.c: int $49. */
void pal_trap(struct trapframe *tf);

/* reflect.c */
bool libos_reflects(struct trapframe *tf, unsigned vector);
void libos_fork(struct proc *child, const struct proc *parent);
void libos_exec(struct proc *p);

#endif
