/* trace: a fixed ring of events, the raw material of every story that the debugger tells. */
#include "emu/base/trace.h"

#include <stdlib.h>

#include "emu/base/bug.h"

void trace_init(struct trace *trace)
{
    *trace = (struct trace){.event = bug_alloc(TRACE_EVENTS, sizeof(struct trace_event))};
}

void trace_free(struct trace *trace)
{
    free(trace->event);
    *trace = (struct trace){0};
}

void trace_clear(struct trace *trace)
{
    trace->written = 0;
    trace->first = 0;
}

void trace_rewind(struct trace *trace, uint64_t count)
{
    if (trace->written > TRACE_EVENTS && trace->first < trace->written - TRACE_EVENTS)
        trace->first = trace->written - TRACE_EVENTS;
    while (trace->written > trace->first &&
           trace->event[(trace->written - 1) % TRACE_EVENTS].count >= count)
        trace->written--;
}
