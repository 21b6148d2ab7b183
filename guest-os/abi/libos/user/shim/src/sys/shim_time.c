/* Time. */
#include "pal/pal.h"
#include "shim_table.h"

#include <errno.h>

enum { NANOSECONDS = 1000000000, PER_TICK = NANOSECONDS / PAL_TICKS_PER_SECOND };

/* At least as long as it is said. */
int shim_do_nanosleep(const struct shim_timespec *time, struct shim_timespec *rest)
{
    (void)rest;
    if (time->seconds < 0 || time->nanoseconds < 0 || time->nanoseconds >= NANOSECONDS ||
        time->seconds > INT32_MAX / PAL_TICKS_PER_SECOND - 1)
        return -EINVAL;
    return DkThreadDelayExecution((PAL_NUM)(time->seconds * PAL_TICKS_PER_SECOND +
                                            (time->nanoseconds + PER_TICK - 1) / PER_TICK));
}

/* Both clocks begin with the machine. */
int shim_do_clock_gettime(int clock, struct shim_timespec *time)
{
    PAL_NUM ticks;

    if (clock != 0 && clock != 1)
        return -EINVAL;
    ticks = DkSystemTimeQuery();
    *time = (struct shim_timespec){(int32_t)(ticks / PAL_TICKS_PER_SECOND),
                                   (int32_t)(ticks % PAL_TICKS_PER_SECOND) * PER_TICK};
    return 0;
}
