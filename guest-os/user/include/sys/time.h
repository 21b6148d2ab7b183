/* Time since the machine started, in the form of the time of day. */
#ifndef SYS_TIME_H
#define SYS_TIME_H

#include <sys/types.h>

struct timeval {
    time_t tv_sec;
    long tv_usec;
};

/* Counts from the start of the machine, in steps of 10 ms: good for differences. */
int gettimeofday(struct timeval *now, void *zone);

#endif
