/* System calls about processes and time: arguments in, kernel function, result out. */
#include "kernel/defs.h"
#include "kernel/proc.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"

int sys_fork(void)
{
    return fork();
}

int sys_exit(void)
{
    int status;

    if (argint(0, &status) < 0)
        status = 0;
    exit(status);
}

int sys_wait(void)
{
    uint32_t address = 0;
    int value, pid, status;

    if (argint(0, &value) < 0 || (value != 0 && argout(0, &address, sizeof status) < 0))
        return -1;
    pid = wait(&status);
    if (pid >= 0 && address != 0 && copyout(address, &status, sizeof status) < 0)
        return -1;
    return pid;
}

int sys_kill(void)
{
    int pid;

    if (argint(0, &pid) < 0)
        return -1;
    return kill(pid, SIGKILL);
}

int sys_getpid(void)
{
    return myproc()->leader->pid;
}

int sys_getppid(void)
{
    struct proc *parent = myproc()->leader->parent;

    return parent ? parent->pid : 0;
}

int sys_sbrk(void)
{
    int n;

    if (argint(0, &n) < 0)
        return -1;
    return proc_sbrk(n);
}

int sys_sleep(void)
{
    int ticks;

    if (argint(0, &ticks) < 0)
        return -1;
    return clock_sleep(ticks);
}

int sys_uptime(void)
{
    return clock_uptime();
}
