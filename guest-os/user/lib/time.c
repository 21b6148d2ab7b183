/* <time.h> and <sys/time.h>: the clock ticks since the machine started. */
#include "internal.h"

#include <errno.h>
#include <sys/time.h>
#include <time.h>

clock_t clock(void)
{
    return __uptime() * (CLOCKS_PER_SEC / TICKS_PER_SECOND);
}

time_t time(time_t *where)
{
    if (where != NULL)
        *where = -1;
    return -1;
}

double difftime(time_t end, time_t start)
{
    return (double)(end - start);
}

int gettimeofday(struct timeval *now, void *zone)
{
    int ticks = __uptime();
    (void)zone;
    now->tv_sec = ticks / TICKS_PER_SECOND;
    now->tv_usec = ticks % TICKS_PER_SECOND * (1000000 / TICKS_PER_SECOND);
    return 0;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    int ticks = __uptime();
    if (id != CLOCK_MONOTONIC) {
        errno = EINVAL;
        return -1;
    }
    now->tv_sec = ticks / TICKS_PER_SECOND;
    now->tv_nsec = ticks % TICKS_PER_SECOND * (1000000000 / TICKS_PER_SECOND);
    return 0;
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
    enum { TICK = 1000000000 / TICKS_PER_SECOND };
    int ticks = (int)((time->tv_nsec + TICK - 1) / TICK);
    if (left != NULL)
        *left = (struct timespec){0, 0};
    return __sleep_call((int)time->tv_sec * TICKS_PER_SECOND + ticks);
}
