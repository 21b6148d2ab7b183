/* The binary interface that OS/161 has on MIPS: what the trap handler calls. */
#ifndef ABI_OS161_SYSCALL_H
#define ABI_OS161_SYSCALL_H

struct trapframe;

void syscall(struct trapframe *tf);

#endif
