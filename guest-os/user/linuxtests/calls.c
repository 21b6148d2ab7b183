/* The calls, each made by the macro for its number of arguments. */
#include "linuxtests.h"

#include <asm/unistd.h>

#define __NR_nothing     NO_CALL
#define __NR_exit_thread __NR_exit
#define __NR_futex_mask  __NR_futex

/* clang-format off */
_syscall0(int, fork)
_syscall1(int, exit_group, int, status)
_syscall3(int, execve, const char *, path, char *const *, argv, char *const *, envp)
_syscall3(int, waitpid, int, pid, int *, status, int, options)
_syscall0(int, gettid)
_syscall1(int, exit_thread, int, status)
_syscall4(int, futex, volatile uint32_t *, address, int, operation, uint32_t, value, const int32_t *, time)
_syscall6(int, futex_mask, volatile uint32_t *, address, int, operation, uint32_t, value, const int32_t *, time, int, unused, uint32_t, mask)
_syscall3(int, sched_setaffinity, int, tid, unsigned long, size, const uint32_t *, set)
_syscall3(int, sched_getaffinity, int, tid, unsigned long, size, uint32_t *, set)
_syscall2(int, getcpu, uint32_t *, cpu, uint32_t *, node)
_syscall0(long, foo)
_syscall0(long, nothing)
_syscall3(long, read, int, fd, void *, buf, unsigned long, n)
_syscall3(long, write, int, fd, const void *, buf, unsigned long, n)
_syscall3(int, open, const char *, path, int, flags, int, mode)
_syscall1(int, close, int, fd)
_syscall2(int, pipe2, int *, fds, int, flags)
_syscall1(int, unlink, const char *, path)
_syscall2( int, rename, const char *, from, const char *, to)
_syscall2(int, mkdir, const char *, path, int, mode)
_syscall1(int, rmdir, const char *, path)
_syscall1(int, chdir, const char *, path)
_syscall2(long, getcwd, char *, buf, unsigned long, n)
_syscall3(long, lseek, int, fd, long, offset, int, whence)
_syscall2(int, ftruncate, int, fd, long, length)
_syscall2(int, stat64, const char *, path, void *, st)
_syscall0(int, getpid)
_syscall2(int, tkill, int, tid, int, signal)
_syscall3(int, tgkill, int, pid, int, tid, int, signal)
_syscall5(int, _newselect, int, count, uint32_t *, in, uint32_t *, out, uint32_t *, except, int32_t *, time)
_syscall6(int, pselect6_time64, int, count, uint32_t *, in, uint32_t *, out, uint32_t *, except,
          const int64_t *, time, const void *, mask)
_syscall2(int, kill, int, pid, int, signal)
_syscall0(int, sched_yield)
_syscall2(int, nanosleep, const void *, time, void *, rest)
_syscall6(void *, mmap2, void *, address, unsigned long, length, int, protection, int, flags, int, fd, unsigned long, page)
_syscall2(int, munmap, void *, address, unsigned long, length)
_syscall3(int, mprotect, void *, address, unsigned long, length, int, protection)
_syscall4(int, rt_sigaction, int, signal, const struct action *, a, struct action *, old, unsigned long, size)
_syscall4(int, rt_sigprocmask, int, how, const struct set *, set, struct set *, old, unsigned long, size)
_syscall2(int, rt_sigpending, struct set *, set, unsigned long, size)
_syscall2(int, sigaltstack, const struct other_stack *, stack, struct other_stack *, old)
_syscall2(int, rt_sigsuspend, const struct set *, set, unsigned long, size)
    /* clang-format on */

    int in_child(void (*what)(void))
{
    int status = -1;
    int pid = fork();

    if (pid == 0) {
        what();
        exit_group(0);
    }
    return waitpid(pid, &status, 0) == pid ? status : -1;
}

void pause_ticks(int ticks)
{
    int32_t time[2] = {ticks / 100, ticks % 100 * 10000000};

    nanosleep(time, 0);
}
