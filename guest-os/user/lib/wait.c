/* Waiting for one child in particular, over a kernel that waits for any. */
#include "internal.h"

#include <errno.h>
#include <sys/wait.h>

/* Children that waitpid() met while it waited for another one. */
enum { EARLY = 64 };
static struct {
    pid_t pid;
    int status;
} early[EARLY];
static int early_count;

static pid_t take_early(pid_t pid, int *status)
{
    for (int i = 0; i < early_count; i++)
        if (pid == -1 || early[i].pid == pid) {
            pid = early[i].pid;
            if (status != NULL)
                *status = early[i].status;
            early[i] = early[--early_count];
            return pid;
        }
    return -1;
}

pid_t wait(int *status)
{
    pid_t pid = take_early(-1, status);
    return pid > 0 ? pid : __wait_call(status);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    if (options != 0 || pid == 0 || pid < -1) {
        errno = EINVAL;
        return -1;
    }
    if (pid == -1)
        return wait(status);
    if (take_early(pid, status) == pid)
        return pid;
    for (;;) {
        int its_status;
        pid_t ended = __wait_call(&its_status);
        if (ended < 0)
            return -1;
        if (ended == pid) {
            if (status != NULL)
                *status = its_status;
            return pid;
        }
        if (early_count < EARLY) {
            early[early_count].pid = ended;
            early[early_count++].status = its_status;
        }
    }
}
