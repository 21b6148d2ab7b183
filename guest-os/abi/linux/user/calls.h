/* Linux's calls that the adapters make; one that ours has the name of is called linux_NAME. */
#ifndef ABI_LINUX_CALLS_H
#define ABI_LINUX_CALLS_H

#include <asm/unistd.h>
#include <stdint.h>

/* clang-format off */
#define __NR_linux_exit   __NR_exit
#define __NR_linux_open   __NR_open
#define __NR_linux_unlink __NR_unlink
#define __NR_linux_mkdir  __NR_mkdir
#define __NR_linux_mknod  __NR_mknod
#define __NR_linux_kill   __NR_kill

static inline _syscall1(int, linux_exit, int, status)
static inline _syscall3(int, linux_open, const char *, path, int, flags, int, mode)
static inline _syscall1(int, linux_unlink, const char *, path)
static inline _syscall1(int, rmdir, const char *, path)
static inline _syscall2(int, linux_mkdir, const char *, path, int, mode)
static inline _syscall3(int, linux_mknod, const char *, path, int, mode, int, device)
static inline _syscall2(int, linux_kill, int, pid, int, signal)
static inline _syscall3(int, waitpid, int, pid, int *, status, int, options)
static inline _syscall3(int, execve, const char *, path, char *const *, argv, char *const *, envp)
static inline _syscall1(uintptr_t, brk, uintptr_t, end)
static inline _syscall2(int, pipe2, int *, fds, int, flags)
static inline _syscall2(int, fstat64, int, fd, void *, st)
static inline _syscall2(int, nanosleep, const void *, time, void *, rest)
static inline _syscall2(int, clock_gettime, int, clock, void *, time)

#endif
