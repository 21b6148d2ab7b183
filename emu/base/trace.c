/* trace: a fixed ring of events, the raw material of every story that the debugger tells. */
#include "emu/base/trace.h"

#include <stdlib.h>

#include "emu/base/bug.h"

void trace_init(struct trace *trace)
{
    *trace = (struct trace){.event = bug_alloc(TRACE_SLOTS, sizeof(struct trace_event))};
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
    while (trace->written > trace->first && trace_at(trace, trace->written - 1)->count >= count)
        trace->written--;
}

static void complete(struct trace_event *event, const struct trace_event *before)
{
    bool reads = (event->flags & TRACE_READ) != 0, writes = (event->flags & TRACE_WRITE) != 0;
    bool sets = (event->flags & TRACE_SET) != 0, access = reads || writes;
    bool end = event->kind != TRACE_STEP;
    *event = (struct trace_event){
        .tick = before->tick + before->cost,
        .count = before->count,
        .kind = event->kind,
        .flags = event->flags & (uint8_t)~TRACE_TERSE,
        .cpu = before->cpu,
        .size = event->size,
        .step = event->step,
        .cost = event->cost,
        .vector = before->vector,
        .addr = access || end ? event->addr : 0,
        .phys = access ? event->phys : 0,
        .value = access || sets || end ? event->value : 0,
        .old = writes || sets ? event->old : 0,
        .a = access || end ? 0 : event->a,
        .b = access ? 0 : event->b,
    };
}

void trace_complete(const struct trace *trace, uint64_t n)
{
    uint64_t from = n;
    while ((trace->event[from % TRACE_SLOTS].flags & TRACE_TERSE) != 0)
        from--;
    for (; from < n; from++)
        complete(&trace->event[(from + 1) % TRACE_SLOTS], &trace->event[from % TRACE_SLOTS]);
}
