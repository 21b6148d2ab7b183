/*
 * Time since the machine started. There is no calendar here, so time() says "not available", as
 * the C standard provides.
 */
#ifndef TIME_H
#define TIME_H

#include <stddef.h>
#include <sys/types.h>

typedef long clock_t;
#define CLOCKS_PER_SEC 1000000L

/* Time since the start of the machine, in steps of a clock tick (10 ms). */
clock_t clock(void);
struct timespec {
    time_t tv_sec;
    long tv_nsec;
};

typedef int clockid_t;
#define CLOCK_MONOTONIC 1

/* Only CLOCK_MONOTONIC is there. */
int clock_gettime(clockid_t id, struct timespec *now);
/* Rounded up to clock ticks. */
int nanosleep(const struct timespec *time, struct timespec *left);

/* Always -1. */
time_t time(time_t *where);
double difftime(time_t end, time_t start);

#endif
