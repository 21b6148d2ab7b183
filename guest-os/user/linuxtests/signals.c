/* Checks of signals. */
#include "linuxtests.h"

#include <errno.h>
#include <string.h>

#define RESTART 0x10000000u

enum { BLOCK, UNBLOCK, SETMASK };

volatile int seen;

void note(int signal)
{
    seen = signal;
}

int catch_signal(int signal, unsigned long flags)
{
    struct action a = action_of(note, flags);

    return rt_sigaction(signal, &a, 0, sizeof(struct set));
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
    const struct set set = {{1u << (SIGUSR1 - 1)}}, none = {{0}};
    struct set pending;

    catch_signal(SIGUSR1, 0);
    rt_sigprocmask(BLOCK, &set, 0, sizeof set);
    kill(getpid(), SIGUSR1);
    if (seen != 0 || rt_sigpending(&pending, sizeof pending) != 0 ||
        memcmp(&pending, &set, sizeof set) != 0)
        return false;
    if (rt_sigsuspend(&none, sizeof none) != -1 || errno != EINTR || seen != SIGUSR1)
        return false;
    seen = 0;
    kill(getpid(), SIGUSR1);
    if (seen != 0) /* rt_sigsuspend() has put the mask back */
        return false;
    rt_sigprocmask(UNBLOCK, &set, 0, sizeof set);
    return seen == SIGUSR1 && in_child(die_of_pipe) == SIGPIPE;
}

/* A child that sends its parent a signal, and then a byte. */
static bool read_through_signal(unsigned long flags, long *result)
{
    int fds[2], parent = getpid(), status;
    char byte = 0;

    catch_signal(SIGUSR1, flags);
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

static char handler_stack[4096] __attribute__((aligned(16)));

static void end_on_other_stack(int signal)
{
    char here;

    exit_group(signal == SIGSEGV && &here >= handler_stack &&
                       &here < handler_stack + sizeof handler_stack
                   ? 7
                   : 1);
}

/* Every call needs more stack, until there is no more. */
static int overflow(volatile int depth)
{
    volatile char room[1000];

    room[depth % 1000] = 1;
    return depth < 0 ? 0 : overflow(depth + 1) + room[0];
}

static void catch_overflow(void)
{
    const struct other_stack other = {.sp = handler_stack, .size = sizeof handler_stack};
    struct action a = action_of(end_on_other_stack, 0x08000000); /* SA_ONSTACK */

    sigaltstack(&other, 0);
    rt_sigaction(SIGSEGV, &a, 0, sizeof(struct set));
    overflow(0);
}

/* A program can see to the end of its stack if the handler has one of its own. */
bool check_other_stack(void)
{
    struct other_stack s = {.sp = handler_stack, .size = 100}, old;

    if (in_child(catch_overflow) != 7 << 8 || sigaltstack(&s, 0) != -1 || errno != ENOMEM)
        return false;
    s.size = sizeof handler_stack;
    if (sigaltstack(&s, &old) != 0 || old.flags != 2 || sigaltstack(0, &old) != 0)
        return false;
    s.flags = 2;
    return old.sp == handler_stack && old.size == sizeof handler_stack && old.flags == 0 &&
           sigaltstack(&s, 0) == 0 && sigaltstack(0, &old) == 0 && old.flags == 2;
}
