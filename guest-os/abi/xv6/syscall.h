/* The binary interface that xv6 has on the x86: what the trap handler calls. */
#ifndef ABI_XV6_SYSCALL_H
#define ABI_XV6_SYSCALL_H

void syscall(void);

#endif
