/*
 * The interface of the library OS: a line for each call, and the table by number. Numbers are those
 * of <asm/unistd.h>.
 */
#include "shim_syscall.h"
#include "shim_table.h"

#include <asm/unistd.h>

/* Linux's number of a call that the kernel's own Linux path has not. */
#define __NR_mount 21

DEFINE_SHIM_SYSCALL(exit, 1, shim_do_exit, int, int, status)
DEFINE_SHIM_SYSCALL(fork, 0, shim_do_fork, int)
DEFINE_SHIM_SYSCALL(read, 3, shim_do_read, int, int, fd, void *, buf, size_t, n)
DEFINE_SHIM_SYSCALL(write, 3, shim_do_write, int, int, fd, const void *, buf, size_t, n)
DEFINE_SHIM_SYSCALL(open, 3, shim_do_open, int, const char *, path, int, flags, int, mode)
DEFINE_SHIM_SYSCALL(close, 1, shim_do_close, int, int, fd)
DEFINE_SHIM_SYSCALL(waitpid, 3, shim_do_waitpid, int, int, pid, int *, status, int, options)
DEFINE_SHIM_SYSCALL(link, 2, shim_do_link, int, const char *, path, const char *, other)
DEFINE_SHIM_SYSCALL(unlink, 1, shim_do_unlink, int, const char *, path)
DEFINE_SHIM_SYSCALL(execve, 3, shim_do_execve, int, const char *, path, char *const *, argv,
                    char *const *, envp)
DEFINE_SHIM_SYSCALL(chdir, 1, shim_do_chdir, int, const char *, path)
DEFINE_SHIM_SYSCALL(mknod, 3, shim_do_mknod, int, const char *, path, int, mode, int, device)
DEFINE_SHIM_SYSCALL(lseek, 3, shim_do_lseek, int, int, fd, int, offset, int, whence)
DEFINE_SHIM_SYSCALL(getpid, 0, shim_do_getpid, int)
DEFINE_SHIM_SYSCALL(kill, 2, shim_do_kill, int, int, pid, int, signal)
DEFINE_SHIM_SYSCALL(mkdir, 2, shim_do_mkdir, int, const char *, path, int, mode)
DEFINE_SHIM_SYSCALL(rmdir, 1, shim_do_rmdir, int, const char *, path)
DEFINE_SHIM_SYSCALL(dup, 1, shim_do_dup, int, int, fd)
DEFINE_SHIM_SYSCALL(pipe, 1, shim_do_pipe, int, int *, fds)
DEFINE_SHIM_SYSCALL(pipe2, 2, shim_do_pipe2, int, int *, fds, int, flags)
DEFINE_SHIM_SYSCALL(brk, 1, shim_do_brk, void *, void *, end)
DEFINE_SHIM_SYSCALL(umask, 1, shim_do_umask, int, int, mask)
SHIM_SYSCALL_RETURN_ENOSYS(dup2, 2, int, int, fd, int, other)
DEFINE_SHIM_SYSCALL(getppid, 0, shim_do_getppid, int)
DEFINE_SHIM_SYSCALL(uname, 1, shim_do_uname, int, struct shim_utsname *, name)
DEFINE_SHIM_SYSCALL(sched_yield, 0, shim_do_sched_yield, int)
DEFINE_SHIM_SYSCALL(nanosleep, 2, shim_do_nanosleep, int, const struct shim_timespec *, time,
                    struct shim_timespec *, rest)
DEFINE_SHIM_SYSCALL(fstat64, 2, shim_do_fstat64, int, int, fd, struct shim_stat64 *, st)
DEFINE_SHIM_SYSCALL(getuid32, 0, shim_do_getuid32, int)
DEFINE_SHIM_SYSCALL(sched_setaffinity, 3, shim_do_sched_setaffinity, int, int, pid, size_t, len,
                    unsigned long *, user_mask_ptr)
DEFINE_SHIM_SYSCALL(sched_getaffinity, 3, shim_do_sched_getaffinity, int, int, pid, size_t, len,
                    unsigned long *, user_mask_ptr)
DEFINE_SHIM_SYSCALL(exit_group, 1, shim_do_exit_group, int, int, status)
DEFINE_SHIM_SYSCALL(clock_gettime, 2, shim_do_clock_gettime, int, int, clock,
                    struct shim_timespec *, time)
SHIM_SYSCALL_RETURN_ENOSYS(mount, 3, int, const char *, device, const char *, path, const char *,
                           type)
DEFINE_SHIM_SYSCALL(getcpu, 3, shim_do_getcpu, int, unsigned *, cpu, unsigned *, node, void *,
                    unused)

typedef long shim_call(long, long, long, long, long, long);
typedef void shim_function(void);

#define CALL(name) [__NR_##name] = (shim_function *)__shim_##name

static shim_function *const shim_table[] = {
    CALL(exit),
    CALL(fork),
    CALL(read),
    CALL(write),
    CALL(open),
    CALL(close),
    CALL(waitpid),
    CALL(link),
    CALL(unlink),
    CALL(execve),
    CALL(chdir),
    CALL(mknod),
    CALL(lseek),
    CALL(getpid),
    CALL(kill),
    CALL(mkdir),
    CALL(rmdir),
    CALL(dup),
    CALL(pipe),
    CALL(pipe2),
    CALL(brk),
    CALL(umask),
    CALL(dup2),
    CALL(getppid),
    CALL(uname),
    CALL(sched_yield),
    CALL(nanosleep),
    CALL(fstat64),
    CALL(getuid32),
    CALL(sched_setaffinity),
    CALL(sched_getaffinity),
    CALL(exit_group),
    CALL(clock_gettime),
    CALL(mount),
    CALL(getcpu),
};

/* A word more than the function takes does it no harm: the caller puts them on the stack and takes
 * them off. */
long shim_dispatch(long number, long a, long b, long c, long d, long e, long f)
{
    if (number < 0 || number >= (long)(sizeof shim_table / sizeof shim_table[0]) ||
        !shim_table[number])
        return -ENOSYS;
    return ((shim_call *)shim_table[number])(a, b, c, d, e, f);
}
