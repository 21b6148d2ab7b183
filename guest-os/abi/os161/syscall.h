/* The binary interface that OS/161 has on MIPS: what the trap handler calls, and its own calls. */
#ifndef ABI_OS161_SYSCALL_H
#define ABI_OS161_SYSCALL_H

struct trapframe;

void syscall(struct trapframe *tf);

/* files.c */
int sys_os161_open(void);
int sys_os161_dup2(void);
int sys_getdirentry(void);
int sys_os161_lseek(void);
int sys_os161_ftruncate(void);
int sys_remove(void);
int sys___getcwd(void);
int sys_stat(void);
int sys_os161_fstat(void);

/* process.c */
int sys_os161_waitpid(void);
int sys_os161_kill(void);
int sys___time(void);
int sys_os161_nanosleep(void);
int sys_reboot(void);

#endif
