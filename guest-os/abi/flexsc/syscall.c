/*
 * From int $48, or from an entry of the syscall page, to a function: JOS's convention. The number
 * is in eax, the arguments are in edx, ecx, ebx, edi and esi; the result goes back in eax, an error
 * as its number made negative.
 */
#include "abi/flexsc/flexsc_kernel.h"
#include "arch/x86/x86.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

/* The n-th argument of the call that the current thread is in. */
uint32_t flexsc_argument(int n)
{
    const struct trapframe *tf = myproc()->tf;
    const uint32_t arguments[FSC_ARGS] = {tf->edx, tf->ecx, tf->ebx, tf->edi, tf->esi};

    return n < FSC_ARGS ? arguments[n] : 0;
}

/* The call of this number. Its arguments are in the thread's frame. */
static int flexsc_syscall(uint32_t syscallno)
{
    switch (syscallno) {
#define SYSCALL(number, name, ...)                                                                 \
    case FLEX_##name:                                                                              \
        return sys_##name();
#include "flexsc-calls.def"
#undef SYSCALL
    default: return error(ENOSYS);
    }
}

/* Do what the current thread's frame asks for. Returns the result. */
int32_t flexsc_call(void)
{
    struct proc *p = myproc();
    int result;

    p->error = 0;
    result = flexsc_syscall(p->tf->eax);
    return result == -1 && p->error ? -p->error : result;
}

/* Called by trap() for int $48. */
void flexsc_trap(struct trapframe *tf)
{
    tf->eax = (uint32_t)flexsc_call();
}
