/* timeline: a machine's whole past, exact and near: snapshots of dirty pages plus replay of the
 * input log. */
#include "emu/machine/timeline.h"

#include <stdlib.h>

#include "emu/base/bug.h"
#include "emu/machine/snapshot.h"

#define DEFAULT_INTERVAL (UINT64_C(2) << 20)
#define DEFAULT_BUDGET   (UINT64_C(512) << 20)
#define PULSE            500000u /* ticks */

/* A seek into the past leaves ever finer snapshots behind: the last of them FINEST instructions
 * before the target, each other one FINER times as far. */
#define FINEST 2000u
#define FINER  8u

struct timeline {
    struct machine *machine;
    struct machine_tap tap;
    uint64_t interval;
    struct snapshots kept; /* the first is the origin */
    struct timeline_position frontier;
    bool muted;
    uint64_t posts; /* machine->input.posts when the future was last known to be valid */
    uint64_t replayed;
    bool (*pulse)(void *context); /* NULL = nobody */
    void *pulse_context;
};

int timeline_compare(struct timeline_position a, struct timeline_position b)
{
    if (a.count != b.count)
        return a.count < b.count ? -1 : 1;
    if (a.micro != b.micro)
        return a.micro < b.micro ? -1 : 1;
    return (a.tick > b.tick) - (a.tick < b.tick);
}

struct timeline_position timeline_now(const struct timeline *timeline)
{
    const struct machine *machine = timeline->machine;
    return (struct timeline_position){machine->clock.s.now, machine_count(machine),
                                      machine->cpu->ops->micro(machine->cpu)};
}

struct timeline_position timeline_origin(const struct timeline *timeline)
{
    return timeline->kept.list[0]->position;
}

struct timeline_position timeline_frontier(const struct timeline *timeline)
{
    return timeline->frontier;
}

static bool by_tick(struct timeline_position target)
{
    return target.count == UINT64_MAX;
}

/* <0: the target lies behind `position`, which is a moment, not a target. */
static int compare_target(struct timeline_position target, struct timeline_position position)
{
    if (by_tick(target))
        return (target.tick > position.tick) - (target.tick < position.tick);
    return timeline_compare(target, position);
}

/* --- taps ------------------------------------------------------------------------------------ */

static void tap_output(void *context, enum machine_output channel, uint8_t byte)
{
    struct timeline *timeline = context;
    if (!timeline->muted && timeline->tap.output != NULL)
        timeline->tap.output(timeline->tap.context, channel, byte);
}

static void tap_flush(void *context, unsigned disk)
{
    struct timeline *timeline = context;
    if (!timeline->muted && timeline->tap.flush != NULL)
        timeline->tap.flush(timeline->tap.context, disk);
}

/* --- snapshots ------------------------------------------------------------------------------- */

static struct snapshot *take(struct timeline *timeline, bool again)
{
    return snapshots_take(&timeline->kept, timeline_now(timeline), again, timeline->frontier.count);
}

static void restore(struct timeline *timeline, struct snapshot *snapshot)
{
    struct trace *trace = &timeline->machine->trace;
    bool back = timeline_compare(snapshot->position, timeline_now(timeline)) < 0;
    snapshots_restore(&timeline->kept, snapshot);
    if (back)
        trace_rewind(trace, snapshot->position.count);
    else
        trace->first = trace->written;
}

/* The last one at `position` or before: there is one, since nothing runs before the origin. */
static struct snapshot *last_until(const struct timeline *timeline,
                                   struct timeline_position position)
{
    return timeline->kept.list[snapshots_until(&timeline->kept, position) - 1];
}

static void keep_snapshots_dense(struct timeline *timeline)
{
    struct timeline_position now = timeline_now(timeline);
    if (now.micro == 0 &&
        now.count - last_until(timeline, now)->position.count >= timeline->interval)
        take(timeline, false);
}

static void forget_future(struct timeline *timeline)
{
    timeline->frontier = timeline_now(timeline);
    snapshots_drop_after(&timeline->kept, timeline->frontier);
}

static void notice_input(struct timeline *timeline)
{
    if (timeline->posts == timeline->machine->input.posts)
        return;
    timeline->posts = timeline->machine->input.posts;
    forget_future(timeline);
}

struct timeline *timeline_create(struct machine *machine, struct timeline_config config)
{
    struct timeline *timeline = bug_alloc(1, sizeof *timeline);
    timeline->machine = machine;
    timeline->interval = config.interval == 0 ? DEFAULT_INTERVAL : config.interval;
    timeline->tap = machine->tap;
    machine->tap = (struct machine_tap){tap_output, tap_flush, timeline};
    machine->input.forget = false;
    timeline->posts = machine->input.posts;
    timeline->frontier = timeline_now(timeline);
    snapshots_init(&timeline->kept, machine, config.budget == 0 ? DEFAULT_BUDGET : config.budget);
    take(timeline, false)->pinned = true;
    return timeline;
}

void timeline_free(struct timeline *timeline)
{
    if (timeline == NULL)
        return;
    timeline->machine->tap = timeline->tap;
    snapshots_free(&timeline->kept);
    free(timeline);
}

void timeline_edited(struct timeline *timeline)
{
    forget_future(timeline);
    struct snapshot *edit = take(timeline, true);
    edit->pinned = edit->edit = true;
}

/* --- running --------------------------------------------------------------------------------- */

static struct timeline_position earlier(struct timeline_position a, struct timeline_position b)
{
    return timeline_compare(a, b) < 0 ? a : b;
}

/* Where the machine must stop for the timeline's own sake: a snapshot is due, an edit comes, the
 * replayed past ends. */
static struct timeline_position own_stop(const struct timeline *timeline,
                                         struct timeline_position now)
{
    unsigned next = snapshots_until(&timeline->kept, now);
    uint64_t due = timeline->kept.list[next - 1]->position.count + timeline->interval;
    struct timeline_position stop = {0, due > now.count ? due : now.count + 1, 0};
    for (; next < timeline->kept.used; next++)
        if (timeline->kept.list[next]->edit) {
            stop = earlier(stop, timeline->kept.list[next]->position);
            break;
        }
    return timeline->muted ? earlier(stop, timeline->frontier) : stop;
}

/* The caller's limit, or less. */
static struct machine_limit stretch(const struct timeline *timeline, struct machine_limit limit)
{
    struct timeline_position now = timeline_now(timeline);
    struct timeline_position stop = own_stop(timeline, now);
    if (stop.count == now.count && stop.micro == now.micro) {
        if (stop.tick < limit.tick) /* only idle time lies before it */
            limit.tick = stop.tick;
    } else if (stop.count < limit.count ||
               (stop.count == limit.count && stop.micro < limit.micro)) {
        limit.count = stop.count;
        limit.micro = stop.micro;
    }
    if (timeline->pulse != NULL && limit.tick > now.tick + PULSE)
        limit.tick = now.tick + PULSE;
    return limit;
}

static bool limit_reached(const struct timeline *timeline, const struct machine_limit *limit)
{
    struct timeline_position now = timeline_now(timeline);
    if (now.count > limit->count || (now.count == limit->count && now.micro >= limit->micro))
        return true;
    return now.micro == 0 && now.tick >= limit->tick;
}

static void pass_edit(struct timeline *timeline)
{
    struct timeline_position now = timeline_now(timeline);
    struct snapshot *last = last_until(timeline, now);
    if (last->edit && timeline->kept.base != last && timeline_compare(last->position, now) == 0)
        restore(timeline, last);
}

void timeline_pulse(struct timeline *timeline, bool (*pulse)(void *context), void *context)
{
    timeline->pulse = pulse;
    timeline->pulse_context = context;
}

struct machine_stop timeline_run(struct timeline *timeline, struct machine_limit limit)
{
    notice_input(timeline);
    struct machine_stop stop;
    bool enough = false;
    do {
        pass_edit(timeline);
        timeline->muted = timeline_compare(timeline_now(timeline), timeline->frontier) < 0;
        stop = machine_run(timeline->machine, stretch(timeline, limit));
        struct timeline_position now = timeline_now(timeline);
        if (timeline_compare(now, timeline->frontier) > 0)
            timeline->frontier = now;
        keep_snapshots_dense(timeline);
        if (stop.reason != MACHINE_LIMIT || limit_reached(timeline, &limit))
            break;
        enough = timeline->pulse != NULL && timeline->pulse(timeline->pulse_context);
    } while (!enough);
    if (enough)
        stop = (struct machine_stop){MACHINE_OBSERVED, 0};
    timeline->muted = false;
    pass_edit(timeline);
    return stop;
}

/* --- seeking --------------------------------------------------------------------------------- */

/* The guest goes on behind these. */
static struct machine_stop run_past_pauses(struct timeline *timeline, struct machine_limit limit)
{
    struct machine_stop stop;
    do
        stop = timeline_run(timeline, limit);
    while (stop.reason == MACHINE_RESET || stop.reason == MACHINE_BREAK);
    return stop;
}

static struct machine_stop run_to_tick(struct timeline *timeline, ticks tick)
{
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.tick = tick;
    return run_past_pauses(timeline, limit);
}

static struct machine_stop run_to_count(struct timeline *timeline, uint64_t count, uint32_t micro)
{
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.count = count;
    limit.micro = micro;
    return run_past_pauses(timeline, limit);
}

static void leave_finer_snapshots(struct timeline *timeline, uint64_t target)
{
    uint64_t far = target - timeline_now(timeline).count;
    uint64_t left = FINEST;
    while (left * FINER < far)
        left *= FINER;
    for (; left >= FINEST && left < far; left /= FINER) {
        if (run_to_count(timeline, target - left, 0).reason != MACHINE_LIMIT)
            return;
        if (timeline_now(timeline).micro == 0)
            take(timeline, false);
    }
}

static struct snapshot *nearest(const struct timeline *timeline, struct timeline_position target)
{
    unsigned low = 0, high = timeline->kept.used;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (compare_target(target, timeline->kept.list[middle]->position) >= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return timeline->kept.list[low == 0 ? 0 : low - 1];
}

static struct machine_stop go_on_to(struct timeline *timeline, struct timeline_position target)
{
    if (by_tick(target))
        return run_to_tick(timeline, target.tick);
    struct machine_stop stop = run_to_count(timeline, target.count, target.micro);
    struct timeline_position now = timeline_now(timeline);
    if (stop.reason == MACHINE_LIMIT && target.tick > now.tick && target.count == now.count &&
        target.micro == now.micro)
        stop = run_to_tick(timeline, target.tick);
    return stop;
}

struct machine_stop timeline_seek(struct timeline *timeline, struct timeline_position target)
{
    machine_observe(timeline->machine, NULL);
    notice_input(timeline);
    if (compare_target(target, timeline_origin(timeline)) < 0)
        target = timeline_origin(timeline);
    struct snapshot *from = nearest(timeline, target);
    struct timeline_position now = timeline_now(timeline);
    if (compare_target(target, now) < 0 || timeline_compare(from->position, now) > 0)
        restore(timeline, from);
    uint64_t start = machine_count(timeline->machine);
    if (!by_tick(target) && target.count > start &&
        timeline_compare(target, timeline->frontier) <= 0)
        leave_finer_snapshots(timeline, target.count);
    struct machine_stop stop = go_on_to(timeline, target);
    timeline->replayed = machine_count(timeline->machine) - start;
    if (compare_target(target, timeline_now(timeline)) <= 0)
        stop = (struct machine_stop){MACHINE_LIMIT, 0}; /* also where the guest ended itself */
    return stop;
}

bool timeline_before(const struct timeline *timeline, struct timeline_position position,
                     struct timeline_position *out)
{
    unsigned until = snapshots_until(&timeline->kept, position);
    while (until > 0 && timeline_compare(timeline->kept.list[until - 1]->position, position) >= 0)
        until--;
    if (until == 0)
        return false;
    *out = timeline->kept.list[until - 1]->position;
    return true;
}

struct timeline_report timeline_report(const struct timeline *timeline)
{
    return (struct timeline_report){timeline->kept.used, timeline->kept.bytes, timeline->replayed};
}
