/* wallclock: the host's time: for limits and pacing, never for a guest but through its input log.
 */
#include "emu/host/wallclock.h"

#include <time.h>

uint64_t wallclock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint32_t wallclock_date(void)
{
    return (uint32_t)time(NULL);
}
