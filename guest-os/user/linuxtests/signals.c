/* Checks of signals. */
#include "linuxtests.h"

#include <errno.h>
#include <string.h>

#define RESTORER 0x04000000u
#define RESTART  0x10000000u

enum { BLOCK, UNBLOCK, SETMASK };

extern void restorer(void);
__asm__("restorer: popl %eax; movl $119, %eax; int $0x80"); /* sigreturn() */

static volatile int seen;

static void note(int signal)
{
    seen = signal;
}

static int catch (int signal, unsigned long flags)
{
    struct action a = {note, RESTORER | flags, restorer, 0};

    return rt_sigaction(signal, &a, 0, 8);
}

/* Registers and the x87's are after a handler what they were before it. */
bool check_handler(void)
{
    struct action old;
    uint32_t control = 0;
    int pid = getpid(), result = -1;

    if (catch (SIGUSR1, 0) != 0)
        return false;
    __asm__ volatile(
        "fninit; fldl2t; movl $0x12345678, %%esi; int $0x80; cmpl $0x12345678, %%esi\n\t"
        "jne 1f; fldl2t; fcompp; fnstsw %%ax; andl $0x4000, %%eax; movl %%eax, %1\n"
        "1:"
        : "=a"(result), "=m"(control)
        : "0"(37), "b"(pid), "c"(SIGUSR1)
        : "esi", "memory", "cc");
    return seen == SIGUSR1 && control == 0x4000 && rt_sigaction(SIGUSR1, 0, &old, 8) == 0 &&
           old.handler == note && rt_sigaction(SIGKILL, &old, 0, 8) == -1 && errno == EINVAL;
}

static void die_of_pipe(void)
{
    int fds[2];

    pipe(fds);
    close(fds[0]);
    write(fds[1], "x", 1);
}

/* What is blocked waits; what is not ends the process, or is caught. */
bool check_mask(void)
{
    uint64_t set = 1u << (SIGUSR1 - 1), pending = 0, none = 0;

    catch (SIGUSR1, 0);
    rt_sigprocmask(BLOCK, &set, 0, 8);
    kill(getpid(), SIGUSR1);
    if (seen != 0 || rt_sigpending(&pending, 8) != 0 || pending != set)
        return false;
    if (rt_sigsuspend(&none, 8) != -1 || errno != EINTR || seen != SIGUSR1)
        return false;
    seen = 0;
    kill(getpid(), SIGUSR1);
    if (seen != 0) /* rt_sigsuspend() has put the mask back */
        return false;
    rt_sigprocmask(UNBLOCK, &set, 0, 8);
    return seen == SIGUSR1 && in_child(die_of_pipe) == SIGPIPE;
}

/* A child that sends its parent a signal, and then a byte. */
static bool read_through_signal(unsigned long flags, long *result)
{
    int fds[2], parent = getpid(), status;
    char byte = 0;

    catch (SIGUSR1, flags);
    pipe(fds);
    if (fork() == 0) {
        pause_ticks(3);
        kill(parent, SIGUSR1);
        pause_ticks(3);
        write(fds[1], "b", 1);
        exit_group(0);
    }
    *result = read(fds[0], &byte, 1);
    return seen == SIGUSR1 && waitpid(-1, &status, 0) > 0 && (*result != 1 || byte == 'b');
}

bool check_restart(void)
{
    long result;

    return read_through_signal(RESTART, &result) && result == 1;
}

bool check_interrupted(void)
{
    long result;

    return read_through_signal(0, &result) && result == -1 && errno == EINTR;
}

/* Without a stack there is no frame: only this process ends. */
static void lose_stack(void)
{
    catch (SIGUSR1, 0);
    __asm__ volatile("movl %0, %%esp; int $0x80"
                     :
                     : "r"(0x80001000), "a"(37), "b"(getpid()), "c"(SIGUSR1)
                     : "memory");
}

static void wild_sigreturn(void)
{
    __asm__ volatile("movl %0, %%esp; int $0x80" : : "r"(0x90000000), "a"(119) : "memory");
}

bool check_bad_frame(void)
{
    return in_child(lose_stack) == SIGSEGV && in_child(wild_sigreturn) == SIGSEGV;
}
