/*
 * The user side of the Linux path: functions that the macros of <asm/unistd.h> make, for the calls
 * that are Linux's and Turnstile's alike. What Linux names or means otherwise is in adapters.c.
 */
#include <asm/unistd.h>
#include <twin.h>

/* clang-format off */
_syscall0(int, fork)
_syscall3(int, read, int, fd, void *, buf, int, n)
_syscall3(int, write, int, fd, const void *, buf, int, n)
_syscall3(int, lseek, int, fd, int, offset, int, whence)
_syscall1(int, close, int, fd)
_syscall1(int, dup, int, fd)
_syscall1(int, chdir, const char *, path)
_syscall2(int, link, const char *, oldpath, const char *, newpath)
_syscall0(int, getpid)

TWIN(fork);
TWIN(read);
TWIN(write);
TWIN(lseek);
TWIN(close);
TWIN(dup);
TWIN(chdir);
TWIN(link);
TWIN(getpid);
