/* <time.h>: the clock ticks since the machine started. */
#include "internal.h"

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
