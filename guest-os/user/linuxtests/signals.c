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
