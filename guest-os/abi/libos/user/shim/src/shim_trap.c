/*
 * Traps that the kernel sends back: system call instructions in the program itself. What they ask
 * for is done here, by the conventions of their vectors.
 */
#include "pal/pal.h"
#include "shim_table.h"

#include <errno.h>

enum { T_TURNSTILE = 64, T_LINUX = 128 };

/*
 * Turnstile's own calls by number: the functions that a program calls otherwise. Like the kernel's
 * they are called with words, as many as the longest takes.
 */
#define exit  _exit
#define fstat shim_describe
#define kill  kill_call
#define sleep sleep_call
#define wait  wait_call

#define SYSCALL(number, name, ...) int name(int, ...);
#include "syscalls.def"
#undef SYSCALL

typedef int turnstile_call(int, ...);

static turnstile_call *const turnstile[] = {
#define SYSCALL(number, name, ...) [number] = name,
#include "syscalls.def"
#undef SYSCALL
};

struct context {
    uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
    uint32_t vector, eflags, eip;
};

void shim_upcall(void);
void shim_trap(struct context *c);
void __path_start(void);

/* The arguments lie above the return address of the stub that trapped. */
static void turnstile_trap(struct context *c)
{
    const int *arg = (const int *)c->esp + 1;

    if (c->eax >= sizeof turnstile / sizeof turnstile[0] || !turnstile[c->eax]) {
        c->eax = (uint32_t)-1;
        c->edx = ENOSYS;
        return;
    }
    c->eax = (uint32_t)turnstile[c->eax](arg[0], arg[1], arg[2]);
    if (c->eax == (uint32_t)-1)
        c->edx = (uint32_t)errno;
}

void shim_trap(struct context *c)
{
    if (c->vector == T_TURNSTILE)
        turnstile_trap(c);
    else if (c->vector == T_LINUX)
        c->eax = (uint32_t)shim_dispatch((long)c->eax, (long)c->ebx, (long)c->ecx, (long)c->edx,
                                         (long)c->esi, (long)c->edi, (long)c->ebp);
    else
        c->eax = (uint32_t)-ENOSYS;
}

/* Called before main(). */
void __path_start(void)
{
    DkSetExceptionHandler(shim_upcall);
}
