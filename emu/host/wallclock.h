/* wallclock: the host's time: for limits and pacing, never for a guest but through its input log.
 */
#ifndef EMU_HOST_WALLCLOCK_H
#define EMU_HOST_WALLCLOCK_H

#include <stdint.h>

/* Nanoseconds of a clock that only goes forward. */
uint64_t wallclock_now(void);

/* Seconds since 1970 UTC. */
uint32_t wallclock_date(void);

#endif
