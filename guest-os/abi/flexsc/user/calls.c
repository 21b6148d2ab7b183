/* JOS's calls, each by trap and by the syscall page. */
#include <flex.h>
#include "numbers.h"

#define ARGS(...)                                                                                  \
    (sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)), (uint32_t[])                           \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

#define TRAP(name, ...) flex_trap(FLEX_##name, ARGS(__VA_ARGS__))
#define CALL(name, ...) flex_call(FLEX_##name, ARGS(__VA_ARGS__))
#define POST(name, ...) flex_post(FLEX_##name, ARGS(__VA_ARGS__))
#define WORD(pointer)   ((uint32_t)(uintptr_t)(pointer))

int sys_cputs(const char *s, int length)
{
    return TRAP(cputs, WORD(s), (uint32_t)length);
}

envid_t sys_getenvid(void)
{
    return flex_trap(FLEX_getenvid, 0, 0);
}

int sys_env_destroy(envid_t envid)
{
    return TRAP(env_destroy, (uint32_t)envid);
}

int sys_page_alloc(envid_t envid, void *va, int perm)
{
    return TRAP(page_alloc, (uint32_t)envid, WORD(va), (uint32_t)perm);
}

int sys_page_unmap(envid_t envid, void *va)
{
    return TRAP(page_unmap, (uint32_t)envid, WORD(va));
}

int sys_yield(void)
{
    return flex_trap(FLEX_yield, 0, 0);
}

int sys_ipc_try_send(envid_t to, uint32_t value, void *page, int perm)
{
    return TRAP(ipc_try_send, (uint32_t)to, value, WORD(page), (uint32_t)perm);
}

int sys_ipc_recv(struct ipc_message *message)
{
    return TRAP(ipc_recv, WORD(message));
}

int sys_time_msec(void)
{
    return flex_trap(FLEX_time_msec, 0, 0);
}

void flex_cputs(const char *s, int length)
{
    POST(cputs, WORD(s), (uint32_t)length);
}

envid_t flex_getenvid(void)
{
    return flex_call(FLEX_getenvid, 0, 0);
}

int flex_env_destroy(envid_t envid)
{
    return CALL(env_destroy, (uint32_t)envid);
}

int flex_page_alloc(envid_t envid, void *va, int perm)
{
    return CALL(page_alloc, (uint32_t)envid, WORD(va), (uint32_t)perm);
}

int flex_page_unmap(envid_t envid, void *va)
{
    return CALL(page_unmap, (uint32_t)envid, WORD(va));
}

void flex_yield(void)
{
    flex_post(FLEX_yield, 0, 0);
}

int flex_ipc_try_send(envid_t to, uint32_t value, void *page, int perm)
{
    return CALL(ipc_try_send, (uint32_t)to, value, WORD(page), (uint32_t)perm);
}

int flex_ipc_recv(struct ipc_message *message)
{
    return CALL(ipc_recv, WORD(message));
}

int flex_time_msec(void)
{
    return flex_call(FLEX_time_msec, 0, 0);
}
