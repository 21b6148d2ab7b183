/* Checks of a child that has its parent's memory, of reading and writing at a place, and of
 * select(). */
#include "linuxtests.h"

#include <errno.h>
#include <string.h>

static char stack[4096] __attribute__((aligned(16)));
static volatile int shared;

static void note_late(void)
{
    pause_ticks(3);
    shared++;
}

/* The parent waits until the child has ended; it sees what the child has written if they share. */
bool check_vfork(void)
{
    int status = -1;
    int pid = clone_to(CLONE_VM | CLONE_VFORK | SIGCHLD, stack + sizeof stack, note_late);

    if (pid <= 0 || shared != 1 || waitpid(pid, &status, 0) != pid || status != 0)
        return false;
    pid = clone_to(CLONE_VFORK | SIGCHLD, stack + sizeof stack, note_late);
    return pid > 0 && shared == 1 && waitpid(pid, &status, 0) == pid && status == 0;
}

bool check_places(void)
{
    char buf[8] = "";
    int fds[2];
    int fd = open("l_places", L_RDWR | L_CREAT, 0644);
    bool ok = write(fd, "0123456789", 10) == 10 && read_at(fd, buf, 3, 4) == 3 &&
              memcmp(buf, "456", 4) == 0 && write_at(fd, "xy", 2, 1) == 2 &&
              lseek(fd, 0, 1) == 10 && lseek(fd, 0, 0) == 0 && read(fd, buf, 4) == 4 &&
              memcmp(buf, "0xy3", 4) == 0 && read_at(fd, buf, 1, 10) == 0;

    ok = ok && read_at(fd, buf, 1, UINT32_MAX) == -1 && errno == EINVAL && pipe(fds) == 0 &&
         read_at(fds[0], buf, 1, 0) == -1 && errno == ESPIPE;
    return close(fd) == 0 && unlink("l_places") == 0 && ok;
}

bool check_select(void)
{
    int32_t time[2] = {0, 20000};
    uint32_t in[2], out[2];
    int fds[2];

    pipe(fds);
    in[0] = 1u << fds[0];
    in[1] = 0;
    if (_newselect(40, in, 0, 0, time) != 0 || in[0] != 0 || time[0] != 0 || time[1] != 0)
        return false;
    in[0] = out[0] = 1u << fds[0] | 1u << fds[1];
    if (_newselect(fds[1] + 1, in, out, 0, 0) != 1 || in[0] != 0 || out[0] != 1u << fds[1])
        return false;
    write(fds[1], "x", 1);
    time[0] = 100;
    in[0] = 1u << fds[0];
    if (_newselect(fds[0] + 1, in, 0, 0, time) != 1 || in[0] != 1u << fds[0] || time[0] < 99)
        return false;
    in[0] = 1u << 15;
    if (_newselect(16, in, 0, 0, time) != -1 || errno != EBADF)
        return false;
    in[0] = 0;
    in[1] = 1;
    if (_newselect(33, in, 0, 0, time) != -1 || errno != EBADF)
        return false;
    return _newselect(1, (uint32_t *)8, 0, 0, time) == -1 && errno == EFAULT;
}

/* A signal that is blocked comes through while pselect() waits, and its mask is gone then. */
bool check_select_mask(void)
{
    const struct set usr1 = {{1u << (SIGUSR1 - 1)}}, none = {{0}};
    const int64_t time[2] = {0, 20000000};
    const struct {
        const struct set *set;
        uint32_t size;
    } mask = {&none, sizeof none};
    struct set now;

    catch_signal(SIGUSR1, 0);
    rt_sigprocmask(0, &usr1, 0, sizeof usr1);
    if (pselect6_time64(0, 0, 0, 0, time, &mask) != 0 ||
        rt_sigprocmask(0, 0, &now, sizeof now) != 0 || memcmp(&now, &usr1, sizeof now) != 0)
        return false;
    kill(getpid(), SIGUSR1);
    if (pselect6_time64(0, 0, 0, 0, time, 0) != 0 || seen != 0)
        return false;
    if (pselect6_time64(0, 0, 0, 0, 0, &mask) != -1 || errno != EINTR || seen != SIGUSR1)
        return false;
    return rt_sigprocmask(0, 0, &now, sizeof now) == 0 && memcmp(&now, &usr1, sizeof now) == 0;
}

bool check_thread_signal(void)
{
    int me = getpid();

    catch_signal(SIGUSR1, 0);
    if (tgkill(me, me, SIGUSR1) != 0 || seen != SIGUSR1)
        return false;
    seen = 0;
    if (tkill(me, SIGUSR1) != 0 || seen != SIGUSR1 || tgkill(me, me, 0) != 0)
        return false;
    return tgkill(1, me, SIGUSR1) == -1 && errno == ESRCH && tkill(12345, SIGUSR1) == -1 &&
           errno == ESRCH && tkill(-1, SIGUSR1) == -1 && errno == EINVAL;
}
