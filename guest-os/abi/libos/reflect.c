/*
 * Traps that are sent back: once a process has told the kernel a handler (DkSetExceptionHandler), a
 * system call instruction of another path is none any more. The kernel puts the registers on the
 * user stack and goes on in the handler, in user mode: what the call means is the library OS's
 * affair.
 */
#include "abi/libos/libos.h"
#include "abi/linux/linux.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"

enum { EFLAGS_DF = 0x400 };

/* What the handler finds at esp: popal, one word, popfl and ret take it off. */
struct pal_context {
    uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
    uint32_t vector;
    uint32_t eflags;
    uint32_t eip;
};

/* By the leader's slot of the process table; 0: none. */
static uint32_t handlers[NPROC];

static uint32_t *handler_of(const struct proc *p)
{
    return &handlers[p->leader - proc];
}

/* DkSetExceptionHandler(handler) */
int sys_pal_handler(void)
{
    int address;

    if (argint(0, &address) < 0)
        return -1;
    *handler_of(myproc()) = (uint32_t)address;
    return 0;
}

void libos_fork(struct proc *child, const struct proc *parent)
{
    *handler_of(child) = *handler_of(parent);
}

/* A new program; the old one's handler is not there any more. */
void libos_exec(struct proc *p)
{
    *handler_of(p) = 0;
}

/*
 * A system call instruction of another path than the PAL's. Returns whether it was sent back; tf is
 * then what the handler begins with. A process whose stack cannot take the registers ends.
 */
bool libos_reflects(struct trapframe *tf, unsigned vector)
{
    struct proc *p = myproc();
    uint32_t handler = *handler_of(p);
    uint32_t sp = tf->esp - (uint32_t)sizeof(struct pal_context);
    const struct pal_context context = {
        .edi = tf->edi,
        .esi = tf->esi,
        .ebp = tf->ebp,
        .esp = tf->esp,
        .ebx = tf->ebx,
        .edx = tf->edx,
        .ecx = tf->ecx,
        .eax = tf->eax,
        .vector = vector,
        .eflags = tf->eflags,
        .eip = tf->eip,
    };

    if (handler == 0)
        return false;
    if (copyout(sp, &context, sizeof context) < 0) {
        cprintf("pid %d %s: no stack for a trap at eip 0x%x: killed\n", p->pid, p->name, tf->eip);
        linux_force_signal(p, SIGSEGV);
        return true;
    }
    tf->esp = sp;
    tf->eip = handler;
    tf->eflags &= ~(uint32_t)EFLAGS_DF;
    return true;
}
