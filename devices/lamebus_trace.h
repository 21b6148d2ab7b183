/* lamebus_trace: by which a kernel talks to whoever watches it ("ltrace", device 8).
 *
 *   +0   ON       write: begin to trace what a letter stands for
 *   +4   OFF      write: ... end
 *   +8   PRINT    write: show a value
 *   +C   DUMP     write: show the machine's state, with a value
 *   +10  STOP     write: stop in the debugger, with a value
 *   +14  PROFILE  not 0: a profile is being made
 *   +18  CLEAR    write: it begins anew
 *
 * Contract. What is written to be shown, and the wish to stop, go to callbacks. PROFILE is a latch
 * and nothing more; ON, OFF and CLEAR do nothing: tracing and profiling are the debugger's here
 * (System/161 does them in its `trace161` only; in `sys161` they do nothing either).
 *
 * Source: System/161 2.0.8, "LAMEbus hardware reference". */
#ifndef DEVICES_LAMEBUS_TRACE_H
#define DEVICES_LAMEBUS_TRACE_H

#include "devices/lamebus.h"

enum lamebus_trace_wish { LAMEBUS_TRACE_PRINT, LAMEBUS_TRACE_DUMP, LAMEBUS_TRACE_STOP };

struct lamebus_trace_state {
    uint64_t profile;
};

struct lamebus_trace {
    struct lamebus_trace_state s;
    struct lamebus_card card;
    void (*wish)(void *context, enum lamebus_trace_wish wish, uint32_t value);
    void *context;
};

void lamebus_trace_init(struct lamebus_trace *trace,
                        void (*wish)(void *context, enum lamebus_trace_wish wish, uint32_t value),
                        void *context);
void lamebus_trace_plug(struct lamebus_trace *trace, struct lamebus_bus *bus, unsigned slot);
void lamebus_trace_add_state(struct lamebus_trace *trace, struct state_map *map);

#endif
