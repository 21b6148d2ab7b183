/* OS/161's calls about processes and time: in its words, what kernel/ does. */
#include "kernel/proc.h"
#include "abi/os161/syscall.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/syscall.h"

/* How a process ended: OS/161, kern/wait.h. The lowest two bits say what happened, the others the
 * value. */
static int wait_status(int status)
{
    enum { EXITED = 0, SIGNALED = 1 };
    int signal = status & 0x7f;

    return signal ? signal << 2 | SIGNALED : (status >> 8 & 0xff) << 2 | EXITED;
}

int sys_os161_waitpid(void)
{
    enum { WNOHANG = 1 };
    uint32_t address;
    int pid, where, options, status, ended;

    if (argint(0, &pid) < 0 || argint(1, &where) < 0 || argint(2, &options) < 0)
        return -1;
    if (options & ~WNOHANG)
        return error(EINVAL);
    if (where != 0 && argout(1, &address, sizeof status) < 0)
        return -1;
    if (pid != -1 && (pid <= 0 || !proc_find(pid)))
        return error(ESRCH);
    ended = proc_wait(pid, options & WNOHANG, &status);
    if (ended <= 0 || where == 0)
        return ended;
    status = wait_status(status);
    return copyout(address, &status, sizeof status) < 0 ? -1 : ended;
}

/* Signals only ever kill here; 0 asks only whether the process is there. */
int sys_os161_kill(void)
{
    enum { SIGNALS = 32 };
    int pid, signal;

    if (argint(0, &pid) < 0 || argint(1, &signal) < 0)
        return -1;
    if (signal < 0 || signal >= SIGNALS)
        return error(EINVAL);
    if (signal == 0)
        return proc_find(pid) ? 0 : error(ESRCH);
    return kill(pid, signal);
}

/* Seconds in 64 bits and nanoseconds, each where a pointer is given. The clock begins in 1970. */
int sys___time(void)
{
    uint32_t ticks = (uint32_t)clock_uptime();
    uint64_t seconds = ticks / HZ;
    uint32_t nanoseconds = ticks % HZ * (1000000000 / HZ), address;
    int value;

    if (argint(0, &value) < 0)
        return -1;
    if (value != 0 &&
        (argout(0, &address, sizeof seconds) < 0 || copyout(address, &seconds, sizeof seconds) < 0))
        return -1;
    if (argint(1, &value) < 0)
        return -1;
    if (value != 0 && (argout(1, &address, sizeof nanoseconds) < 0 ||
                       copyout(address, &nanoseconds, sizeof nanoseconds) < 0))
        return -1;
    return 0;
}

/* OS/161, kern/time.h. */
struct os161_timespec {
    int64_t seconds;
    int32_t nanoseconds;
};

/* The ticks of a time, rounded up; -1: it is none. */
static int to_ticks(const struct os161_timespec *t)
{
    enum { NS_PER_TICK = 1000000000 / HZ };

    if (t->seconds < 0 || t->nanoseconds < 0 || t->nanoseconds >= 1000000000)
        return error(EINVAL);
    if (t->seconds >= INT32_MAX / HZ)
        return INT32_MAX;
    return (int)t->seconds * HZ + (t->nanoseconds + NS_PER_TICK - 1) / NS_PER_TICK;
}

/* Nothing interrupts it but what ends the process: nothing is ever left. */
int sys_os161_nanosleep(void)
{
    static const struct os161_timespec none;
    struct os161_timespec wanted;
    uint32_t address;
    int ticks, rest;

    if (argptr(0, &address, sizeof wanted) < 0 || copyin(&wanted, address, sizeof wanted) < 0 ||
        argint(1, &rest) < 0 || (rest != 0 && argout(1, &address, sizeof none) < 0))
        return -1;
    ticks = to_ticks(&wanted);
    if (ticks < 0 || clock_sleep(ticks) < 0)
        return -1;
    return rest != 0 ? copyout(address, &none, sizeof none) : 0;
}

/*
 * The board cannot begin anew by itself, and nobody could tell a halted machine from one that
 * hangs: all three end it.
 */
int sys_reboot(void)
{
    enum { REBOOT, HALT, POWER_OFF };
    int code;

    if (argint(0, &code) < 0)
        return -1;
    if (code < REBOOT || code > POWER_OFF)
        return error(EINVAL);
    arch_power_off();
}
