/*
 * libostests: the library OS, tried with system call instructions of the program's own and with its
 * calls for processors. Prints `ok` or `FAIL` for each check; status 0 if all passed.
 */
#include <asm/unistd.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int DkSetExceptionHandler(void (*handler)(void));
int shim_sched_setaffinity(int pid, unsigned long len, unsigned long *mask);
int shim_sched_getaffinity(int pid, unsigned long len, unsigned long *mask);
int shim_getcpu(unsigned *cpu, unsigned *node, void *unused);

static int trap_linux(int number, int a, const void *b, int c)
{
    int result;
    __asm__ volatile("int $0x80" : "=a"(result) : "0"(number), "b"(a), "c"(b), "d"(c) : "memory");
    return result;
}

/* A call without arguments. */
static int trap_turnstile(int number, int *reason)
{
    int result;
    __asm__ volatile("int $64" : "=a"(result), "=d"(*reason) : "0"(number) : "memory");
    return result;
}

static int trap_flexsc(int number)
{
    int result;
    __asm__ volatile("int $48" : "=a"(result) : "0"(number) : "memory");
    return result;
}

static int status_of(void (*f)(void))
{
    int status = -1, pid = fork();

    if (pid == 0) {
        f();
        _exit(0);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid ? status : -1;
}

static bool killed_by_segv(void (*f)(void))
{
    int status = status_of(f);

    return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static bool traps(void)
{
    int reason;

    return trap_linux(__NR_getpid, 0, NULL, 0) == getpid() &&
           trap_turnstile(SYS_getpid, &reason) == getpid();
}

/* What the library has not, or what is no path of its own. */
static bool nothing_there(void)
{
    int reason = 0;

    return trap_linux(9999, 0, NULL, 0) == -ENOSYS && trap_linux(-1, 0, NULL, 0) == -ENOSYS &&
           trap_turnstile(SYS_getreadcount, &reason) == -1 && reason == ENOSYS &&
           trap_turnstile(999, &reason) == -1 && reason == ENOSYS && trap_flexsc(2) == -ENOSYS;
}

/* What one way opens the other knows: it is one library. */
static bool one_world(void)
{
    char text[6] = "";
    int fds[2];

    if (pipe(fds) < 0 || trap_linux(__NR_write, fds[1], "hello", 5) != 5)
        return false;
    return read(fds[0], text, 5) == 5 && strcmp(text, "hello") == 0;
}

static bool registers(void)
{
    unsigned b = 1, c = 2, d = 3, s = 4, t = 5, a = __NR_getpid;

    __asm__ volatile("int $0x80"
                     : "+a"(a), "+b"(b), "+c"(c), "+d"(d), "+S"(s), "+D"(t)
                     :
                     : "memory");
    return (int)a == getpid() && b == 1 && c == 2 && d == 3 && s == 4 && t == 5;
}

/* The direction flag is clear in the library and comes back set. */
static bool flags(void)
{
    unsigned flags, a = __NR_getpid;

    __asm__ volatile("std; int $0x80; pushfl; cld; popl %0"
                     : "=r"(flags), "+a"(a)
                     :
                     : "memory", "cc");
    return (int)a == getpid() && (flags & 0x400);
}

static void to_nowhere(void)
{
    DkSetExceptionHandler((void (*)(void))0x70000000);
    trap_linux(__NR_getpid, 0, NULL, 0);
}

static void to_kernel(void)
{
    DkSetExceptionHandler((void (*)(void))0x80100000);
    trap_linux(__NR_getpid, 0, NULL, 0);
}

static bool wild_handlers(void)
{
    return killed_by_segv(to_nowhere) && killed_by_segv(to_kernel) && traps();
}

/* Without a handler the kernel serves int $0x80 itself, as for any program. */
static void without_handler(void)
{
    int reason;

    DkSetExceptionHandler(NULL);
    if (trap_turnstile(SYS_getreadcount, &reason) < 0)
        _exit(1);
}

static bool no_handler(void)
{
    return status_of(without_handler) == 0;
}

static void trap_in_child(void)
{
    if (!traps() || trap_linux(__NR_getpid, 0, NULL, 0) == trap_linux(__NR_getppid, 0, NULL, 0))
        _exit(1);
}

static bool inherited(void)
{
    return status_of(trap_in_child) == 0;
}

/* A program of another path does not have this one's handler. */
static void run_echo(void)
{
    char *argv[] = {"echo", "-n", "", NULL};

    exec("/bin/echo", argv);
    _exit(1);
}

static bool other_programs(void)
{
    return status_of(run_echo) == 0;
}

/* On each processor that there is, and on no other. */
static bool affinity(void)
{
    unsigned long mask = 1, now;
    unsigned cpu, cpus = 0;

    for (unsigned i = 0; i < 32; i++) {
        mask = 1ul << i;
        int result = shim_sched_setaffinity(0, sizeof mask, &mask);

        if (result == -EINVAL)
            continue;
        if (result != 0 || i != cpus++ || shim_getcpu(&cpu, NULL, NULL) != 0 || cpu != i)
            return false;
        if (shim_sched_getaffinity(0, sizeof now, &now) != sizeof now || now != mask)
            return false;
    }
    mask = 0;
    return cpus >= 1 && shim_sched_setaffinity(0, sizeof mask, &mask) == -EINVAL &&
           shim_sched_setaffinity(0, 1, &mask) == -EINVAL &&
           shim_sched_setaffinity(9999, sizeof mask, &mask) == -ESRCH;
}

static const struct {
    const char *name;
    bool (*check)(void);
} checks[] = {
    {"traps", traps},
    {"nothing-there", nothing_there},
    {"one-world", one_world},
    {"registers", registers},
    {"flags", flags},
    {"wild-handlers", wild_handlers},
    {"no-handler", no_handler},
    {"inherited", inherited},
    {"other-programs", other_programs},
    {"affinity", affinity},
};

int main(void)
{
    int failed = 0;

    for (unsigned i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        bool ok = checks[i].check();

        printf("%s %s\n", ok ? "ok" : "FAIL", checks[i].name);
        failed += !ok;
    }
    printf("%d failed\n", failed);
    return failed != 0;
}
