/* The calls whose form in xv6's world is another than the stub's: libsys.a of the path has the
 * stub. */
#define HIDDEN __attribute__((visibility("hidden")))

struct stat;

HIDDEN void ___exit(int status) __attribute__((noreturn));
HIDDEN int __wait_call(int *status);
HIDDEN int __kill_call(int pid);
HIDDEN int __fstat_call(int fd, struct stat *st);
HIDDEN int __sleep_call(int ticks);

void exit(void) __attribute__((noreturn));

void exit(void)
{
    ___exit(0);
}

int wait(void)
{
    return __wait_call(0);
}

int kill(int pid)
{
    return __kill_call(pid);
}

int fstat(int fd, struct stat *st)
{
    return __fstat_call(fd, st);
}

int sleep(int ticks)
{
    return __sleep_call(ticks);
}
