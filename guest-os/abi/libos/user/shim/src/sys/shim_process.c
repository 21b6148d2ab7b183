/* Processes. */
#include "pal/pal.h"
#include "shim_table.h"

#include <errno.h>
#include <string.h>

static int pid; /* 0: not asked yet */

int shim_do_exit(int status)
{
    DkProcessExit((PAL_NUM)status);
}

int shim_do_exit_group(int status)
{
    DkProcessExit((PAL_NUM)status);
}

int shim_do_fork(void)
{
    int child = DkProcessCopy();

    if (child == 0)
        pid = 0;
    return child;
}

/* There is no environment. */
int shim_do_execve(const char *path, char *const *argv, char *const *envp)
{
    (void)envp;
    return DkProcessLoad(path, argv);
}

int shim_do_waitpid(int process, int *status, int options)
{
    enum { WNOHANG = 1 };
    int unwanted;

    return DkProcessWait(process, status ? status : &unwanted,
                         options & WNOHANG ? PAL_TRUE : PAL_FALSE);
}

/* Nobody but the library needs to know, once it has asked. */
int shim_do_getpid(void)
{
    if (pid == 0)
        pid = DkProcessGetId();
    return pid;
}

int shim_do_getppid(void)
{
    return DkProcessGetParentId();
}

int shim_do_kill(int process, int signal)
{
    enum { SIGKILL = 9, SIGTERM = 15 };

    return signal == SIGKILL || signal == SIGTERM ? DkProcessKill(process) : -EINVAL;
}

/* There are no modes that it could hide; the next caller learns what this one said. */
int shim_do_umask(int mask)
{
    static int now = 022;
    int before = now;

    now = mask & 0777;
    return before;
}

/* There is one user, root. */
int shim_do_getuid32(void)
{
    return 0;
}

int shim_do_uname(struct shim_utsname *name)
{
    *name = (struct shim_utsname){"Turnstile", "turnstile", "libos", "library OS", "i486", ""};
    return 0;
}
