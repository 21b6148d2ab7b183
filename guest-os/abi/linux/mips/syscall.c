/*
 * From syscall to a Linux function (o32): the number, from 4000 on, is in v0, the arguments are in
 * a0 to a3 and from sp+16 up. Back goes a3 = 0 and the result in v0, or a3 = 1 and the error number
 * in v0.
 *
 * Exceptions have one way in on MIPS, so the frame is common_exception's, whatever the call.
 */
#include "abi/linux/syscall.h"
#include "abi/linux/linux.h"
#include "abi/linux/mips/linux_mips.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

/* Linux's number on MIPS for each of the kernel's errors. */
static const uint8_t errors[] = {
#define ERRNO(name, number, on_mips, ...) [name] = on_mips,
#include "kernel/errno.def"
#undef ERRNO
};

/* The n-th argument of the Linux call that the current process is in; 0 if its stack is wild. */
uint32_t linux_argument(int n)
{
    int value = 0;

    return argint(n, &value) < 0 ? 0 : (uint32_t)value;
}

/* A pair of registers begins with an even one; the upper half comes first. */
uint64_t linux_long_argument(int n)
{
    n += n % 2;
    return (uint64_t)linux_argument(n) << 32 | linux_argument(n + 1);
}

/* The two descriptors come back in v0 and v1. */
int sys_linux_pipe(void)
{
    int fds[2];

    if (linux_make_pipe(0, fds) < 0)
        return -1;
    myproc()->tf->tf_v1 = (uint32_t)fds[1];
    return fds[0];
}

/* Memory is all that there is: nothing has to be written or forgotten before it can be executed. */
int sys_cacheflush(void)
{
    enum { ICACHE = 1, DCACHE = 2 };
    uint32_t which = linux_argument(2);

    return which == 0 || which & ~(uint32_t)(ICACHE | DCACHE) ? error(EINVAL) : 0;
}

/* Called by mips_trap() for a number from 4000 on; exception_return follows. */
void linux_trap(struct trapframe *tf)
{
    struct proc *p = myproc();
    struct linux_call call = {tf->tf_v0 - NR_LINUX, tf->tf_a3};
    linux_function *function = linux_function_of(call.number);
    int result;

    tf->tf_epc += 4; /* the program goes on behind its syscall instruction */
    result = linux_syscall(call.number);
    if (function != sys_sigreturn && function != sys_rt_sigreturn) {
        tf->tf_a3 = result == -1 && p->error;
        tf->tf_v0 = tf->tf_a3 ? errors[p->error] : (uint32_t)result;
    }
    fd_call_ends();
    if (p->killed)
        linux_deliver(tf, &call);
}
