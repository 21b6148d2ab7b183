/*
 * Linux's calls about time. Turnstile counts ticks since its start and nothing else: the calendar,
 * which nobody has set, began in 1970 when the machine did.
 */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"

enum { NS_PER_TICK = 1000000000 / HZ, US_PER_TICK = 1000000 / HZ };

/* struct __kernel_timespec of <linux/time_types.h>. */
struct timespec64 {
    int64_t seconds;
    int64_t nanoseconds;
};

struct timespec32 {
    int32_t seconds;
    int32_t nanoseconds;
};

static struct timespec64 now(void)
{
    uint32_t ticks = (uint32_t)clock_uptime();

    return (struct timespec64){ticks / HZ, ticks % HZ * NS_PER_TICK};
}

/* CLOCK_REALTIME and CLOCK_MONOTONIC, with their coarse and raw forms, and CLOCK_BOOTTIME. */
static int check_clock(uint32_t clock)
{
    return clock <= 1 || (clock >= 4 && clock <= 7) ? 0 : error(EINVAL);
}

int sys_time(void)
{
    int seconds = (int)now().seconds;
    uint32_t address = linux_argument(0);

    if (address && copyout(address, &seconds, sizeof seconds) < 0)
        return -1;
    return seconds;
}

int sys_gettimeofday(void)
{
    uint32_t ticks = (uint32_t)clock_uptime();
    uint32_t value[2] = {ticks / HZ, ticks % HZ * US_PER_TICK};
    static const uint32_t no_zone[2];
    uint32_t tv = linux_argument(0), tz = linux_argument(1);

    if (tv && copyout(tv, value, sizeof value) < 0)
        return -1;
    return tz ? copyout(tz, no_zone, sizeof no_zone) : 0;
}

int sys_clock_gettime(void)
{
    struct timespec64 t = now();
    struct timespec32 value = {(int32_t)t.seconds, (int32_t)t.nanoseconds};

    if (check_clock(linux_argument(0)) < 0)
        return -1;
    return copyout(linux_argument(1), &value, sizeof value);
}

int sys_clock_gettime64(void)
{
    struct timespec64 value = now();

    if (check_clock(linux_argument(0)) < 0)
        return -1;
    return copyout(linux_argument(1), &value, sizeof value);
}

static bool valid(const struct timespec64 *t)
{
    return t->seconds >= 0 && t->nanoseconds >= 0 && t->nanoseconds < 1000000000;
}

/* Ticks that pass in this time, rounded up; at most what clock_sleep() takes. */
static int to_ticks(const struct timespec64 *t)
{
    if (t->seconds >= INT32_MAX / HZ)
        return INT32_MAX;
    return (int)t->seconds * HZ + ((int)t->nanoseconds + NS_PER_TICK - 1) / NS_PER_TICK;
}

/* Returns 0; -1 with EINTR, and the ticks that were left. */
static int sleep_ticks(int ticks, struct timespec64 *rest)
{
    int start = clock_uptime();
    int result = clock_sleep(ticks);
    int left = ticks - (clock_uptime() - start);

    if (left < 0)
        left = 0;
    *rest = (struct timespec64){left / HZ, left % HZ * NS_PER_TICK};
    return result;
}

/*
 * The ticks of a time in the program's memory, struct timespec, of 64 bits if it is wide; -1 if
 * there is none, address 0: that is for ever. Returns 0, or -1.
 */
int linux_ticks(uint32_t address, bool wide, int *ticks)
{
    struct timespec64 t;
    struct timespec32 narrow;

    *ticks = -1;
    if (!address)
        return 0;
    if (copyin(wide ? (void *)&t : (void *)&narrow, address, wide ? sizeof t : sizeof narrow) < 0)
        return -1;
    if (wide)
        t.nanoseconds = (int32_t)t.nanoseconds;
    else
        t = (struct timespec64){narrow.seconds, narrow.nanoseconds};
    if (!valid(&t))
        return error(EINVAL);
    *ticks = to_ticks(&t);
    return 0;
}

/* Every clock has the ticks' resolution. */
static int resolution(bool wide)
{
    static const struct timespec64 tick = {0, NS_PER_TICK};
    static const struct timespec32 narrow = {0, NS_PER_TICK};
    uint32_t address = linux_argument(1);

    if (check_clock(linux_argument(0)) < 0)
        return -1;
    if (!address)
        return 0;
    return wide ? copyout(address, &tick, sizeof tick) : copyout(address, &narrow, sizeof narrow);
}

int sys_clock_getres(void)
{
    return resolution(false);
}

int sys_clock_getres_time64(void)
{
    return resolution(true);
}

int sys_nanosleep(void)
{
    struct timespec32 value;
    struct timespec64 t, rest;
    uint32_t address = linux_argument(1);

    if (copyin(&value, linux_argument(0), sizeof value) < 0)
        return -1;
    t = (struct timespec64){value.seconds, value.nanoseconds};
    if (!valid(&t))
        return error(EINVAL);
    if (sleep_ticks(to_ticks(&t), &rest) == 0)
        return 0;
    value = (struct timespec32){(int32_t)rest.seconds, (int32_t)rest.nanoseconds};
    if (address && copyout(address, &value, sizeof value) < 0)
        return -1;
    return error(EINTR);
}

int sys_clock_nanosleep_time64(void)
{
    enum { TIMER_ABSTIME = 1 };
    uint32_t flags = linux_argument(1), address = linux_argument(3);
    struct timespec64 t, rest;
    int ticks;

    if (check_clock(linux_argument(0)) < 0 || copyin(&t, linux_argument(2), sizeof t) < 0)
        return -1;
    t.nanoseconds = (int32_t)t.nanoseconds; /* a processor of 32 bits looks at no more */
    if (!valid(&t) || flags & ~(uint32_t)TIMER_ABSTIME)
        return error(EINVAL);
    ticks = to_ticks(&t) - (flags & TIMER_ABSTIME ? clock_uptime() : 0);
    if (sleep_ticks(ticks, &rest) == 0)
        return 0;
    if (address && !(flags & TIMER_ABSTIME) && copyout(address, &rest, sizeof rest) < 0)
        return -1;
    return error(EINTR);
}
