/* From the number of a Linux call to its function: sys_call_table. The processor's own part of it
 * is in MACHINE/. */
#include "abi/linux/syscall.h"
#include "abi/linux/linux.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/signal.h"

extern linux_function *const sys_call_table[];
extern linux_function *const sys_call_table_end[];

static struct linux_process processes[NPROC];

struct linux_process *linux_of(const struct proc *p)
{
    return &processes[p - proc];
}

/* Numbers of the table without a call. */
int sys_ni_syscall(void)
{
    return error(ENOSYS);
}

/* What the table has for a number; 0: it ends before. */
linux_function *linux_function_of(uint32_t number)
{
    return number < (uint32_t)(sys_call_table_end - sys_call_table) ? sys_call_table[number] : 0;
}

/* Do the call of this number. Returns its result; an error is -1 and its number in p->error. */
int linux_syscall(uint32_t number)
{
    struct proc *p = myproc();
    int result;

    p->error = 0;
    if (number < (uint32_t)(sys_call_table_end - sys_call_table))
        result = sys_call_table[number]();
    else
        result = error(ENOSYS);
    if (result == -1 && p->error == EPIPE) {
        acquire(&proc_lock);
        linux_signal(p, SIGPIPE);
        release(&proc_lock);
    }
    return result;
}
