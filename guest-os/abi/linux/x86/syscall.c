/*
 * From int $0x80 to a function: the number is in eax, the arguments are in ebx, ecx, edx, esi, edi
 * and ebp; the result goes back in eax, an error as its number made negative.
 *
 * The kernel's own functions know a struct trapframe; the frame in Linux's order becomes one for
 * the time of the call.
 */
#include "abi/linux/syscall.h"
#include "abi/libos/libos.h"
#include "abi/linux/linux.h"
#include "arch/x86/traps.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

/* The n-th argument of the Linux call that the current process is in. */
uint32_t linux_argument(int n)
{
    const struct trapframe *tf = myproc()->tf;
    const uint32_t arguments[] = {tf->ebx, tf->ecx, tf->edx, tf->esi, tf->edi, tf->ebp};

    return arguments[n];
}

uint64_t linux_long_argument(int n)
{
    return linux_argument(n) | (uint64_t)linux_argument(n + 1) << 32;
}

int sys_linux_pipe(void)
{
    return linux_store_pipe(linux_argument(0), 0);
}

static struct trapframe to_trapframe(const struct pt_regs *regs)
{
    return (struct trapframe){
        .ebx = regs->ebx,
        .ecx = regs->ecx,
        .edx = regs->edx,
        .esi = regs->esi,
        .edi = regs->edi,
        .ebp = regs->ebp,
        .eax = regs->eax,
        .ds = (ushort)regs->xds,
        .es = (ushort)regs->xes,
        .trapno = T_LINUX,
        .eip = regs->eip,
        .cs = (ushort)regs->xcs,
        .eflags = regs->eflags,
        .esp = regs->esp,
        .ss = (ushort)regs->xss,
    };
}

static void from_trapframe(struct pt_regs *regs, const struct trapframe *tf)
{
    *regs = (struct pt_regs){
        .ebx = tf->ebx,
        .ecx = tf->ecx,
        .edx = tf->edx,
        .esi = tf->esi,
        .edi = tf->edi,
        .ebp = tf->ebp,
        .eax = tf->eax,
        .xds = tf->ds,
        .xes = tf->es,
        .orig_eax = regs->orig_eax,
        .eip = tf->eip,
        .xcs = tf->cs,
        .eflags = tf->eflags,
        .esp = tf->esp,
        .xss = tf->ss,
    };
}

/* Called by system_call with the frame that it has built; restore_all follows. */
void linux_trap(struct pt_regs *regs)
{
    struct proc *p = myproc();
    struct trapframe tf = to_trapframe(regs);
    struct linux_call call = {regs->eax};
    int result;

    p->tf = &tf;
    if (!libos_reflects(&tf, T_LINUX)) {
        result = linux_syscall(call.number);
        tf.eax = (uint32_t)(result == -1 && p->error ? -p->error : result);
    }
    fd_call_ends();
    if (p->killed)
        linux_deliver(&tf, &call);
    from_trapframe(regs, &tf);
    p->tf = (struct trapframe *)(p->kstack + KSTACKSIZE) - 1;
}
