/*
 * Process context, as the book tells of it: the kernel can sleep in a call, the process can be
 * preempted, and another process can be in the same call while the first sleeps in it.
 */
#include "linuxtests.h"

#include <string.h>

/* More than a pipe holds: both sides have to wait for each other. */
bool check_pipe(void)
{
    static char block[3000];
    int fds[2], status = -1;
    long sum = 0, n;

    pipe(fds);
    if (fork() == 0) {
        close(fds[0]);
        for (int i = 0; i < 10; i++)
            write(fds[1], block, sizeof block);
        exit_group(0);
    }
    close(fds[1]);
    while ((n = read(fds[0], block, sizeof block)) > 0)
        sum += n;
    return sum == 30000 && waitpid(-1, &status, 0) > 0 && status == 0;
}

/* A process that waits in read(), and then says its letter. */
static int reader(const int *from, int to, char letter)
{
    int pid = fork();
    char byte;

    if (pid == 0) {
        read(from[0], &byte, 1);
        write(to, &letter, 1);
        exit_group(0);
    }
    return pid;
}

/*
 * A and B sleep in read() at the same time; C never sleeps, and makes calls that come back with
 * what they should although A and B are in the middle of theirs. B is woken first. If C were not
 * preempted, nobody would get as far.
 */
bool check_context(void)
{
    int a[2], b[2], out[2], status;
    char letters[3] = "";
    int c;

    pipe(a);
    pipe(b);
    pipe(out);
    reader(a, out[1], 'A');
    reader(b, out[1], 'B');
    c = fork();
    if (c == 0)
        for (;;)
            if (foo() != 8192)
                exit_group(1);
    pause_ticks(5);
    write(b[1], "x", 1);
    if (read(out[0], letters, 1) != 1)
        return false;
    write(a[1], "x", 1);
    if (read(out[0], letters + 1, 1) != 1)
        return false;
    if (kill(c, 0) != 0 || kill(c, SIGKILL) != 0 || waitpid(c, &status, 0) != c)
        return false;
    return status == SIGKILL && strcmp(letters, "BA") == 0;
}
