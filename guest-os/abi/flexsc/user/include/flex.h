/*
 * System calls of the flexsc path, for programs: sys_NAME() traps, with int $48; flex_NAME() writes
 * the call into the syscall page and waits until the kernel's syscall thread has made it.
 *
 *   flexsc_register(0);                 once
 *   flex_cputs("one ", 4);              does not wait: several can be under way
 *   flex_cputs("two\n", 4);
 *   flexsc_wait();                      lets them be made, all at once
 *
 * Without a page, flex_NAME() is sys_NAME(). Results below 0 are error numbers made negative.
 */
#ifndef FLEX_H
#define FLEX_H

#include <flexsc.h>

typedef int envid_t;

/* JOS's names for what can go wrong; the numbers are those of <errno.h>. */
#define E_BAD_ENV      3  /* ESRCH */
#define E_IPC_NOT_RECV 11 /* EAGAIN */
#define E_NO_MEM       12 /* ENOMEM */
#define E_INVAL        22 /* EINVAL */

#define UTOP ((void *)0x7fffffff) /* as ipc_try_send's page: none */

/* A call by trap: number, and as many arguments as it has. */
int flex_trap(uint32_t number, uint32_t num_args, const uint32_t *arg);
/* The same by the page. */
int flex_call(uint32_t number, uint32_t num_args, const uint32_t *arg);
/* The same without waiting for its end: the entry gives itself back then, and its result is lost.
 */
void flex_post(uint32_t number, uint32_t num_args, const uint32_t *arg);

int flexsc_register(void *va);
int flexsc_wait(void);

/* By trap. */
int sys_cputs(const char *s, int length);
envid_t sys_getenvid(void);
int sys_env_destroy(envid_t envid);
int sys_page_alloc(envid_t envid, void *va, int perm);
int sys_page_unmap(envid_t envid, void *va);
int sys_yield(void);
int sys_ipc_try_send(envid_t to, uint32_t value, void *page, int perm);
int sys_ipc_recv(struct ipc_message *message);
int sys_time_msec(void);

/* By the page. flex_cputs() and flex_yield() do not wait for their end. */
void flex_cputs(const char *s, int length);
envid_t flex_getenvid(void);
int flex_env_destroy(envid_t envid);
int flex_page_alloc(envid_t envid, void *va, int perm);
int flex_page_unmap(envid_t envid, void *va);
void flex_yield(void);
int flex_ipc_try_send(envid_t to, uint32_t value, void *page, int perm);
int flex_ipc_recv(struct ipc_message *message);
int flex_time_msec(void);

#endif
